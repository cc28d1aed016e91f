"""What outputs and the manifest hold whatever the rows hold, as those who write them tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from anonkit.auditing.exclusions import Labels
from anonkit.config.model import Config
from anonkit.output import manifest
from anonkit.plugin.bound_reporter import BoundReporter
from anonkit.plugin.guard import plugin_errors

__all__ = ["labels_of", "texts_of_manifest"]


def labels_of(reporters: Iterable[BoundReporter], more: Iterable[str] = ()) -> Labels:
    """Return the labels of reporters, and `more` texts. PluginError when a reporter cannot tell its own."""
    texts: list[str] = []
    entries: list[str] = []
    for one in reporters:
        with plugin_errors(f"reporter {one.name}"):
            texts += one.reporter.static_text(one.context)
            entries += [one.reporter.line_start]
    return Labels.from_texts((*texts, *more), filter(None, entries))


def texts_of_manifest(
    reporters: Iterable[BoundReporter], config: Config, columns: Iterable[str], kinds: Iterable[str]
) -> Iterator[str]:
    """Yield what is known to everybody of a manifest, and the names of outputs that reporters give of their own accord.

    PluginError when a reporter cannot tell its labels.
    """
    yield from manifest.known_texts(config, tuple(columns), kinds)
    for text in labels_of(reporters).texts:
        if text.startswith(b"\n"):
            yield f'"{text[1:].decode()}'
