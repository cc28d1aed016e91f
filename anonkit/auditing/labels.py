"""The texts that reporters and the manifest write whatever the rows hold: a name in one of them is not a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from anonkit.auditing.exclusions import Labels
from anonkit.config.model import Config
from anonkit.output import manifest
from anonkit.plugin.bound_reporter import BoundReporter
from anonkit.plugin.guard import plugin_errors

__all__ = ["labels_of", "texts_of_manifest"]


def labels_of(reporters: Iterable[BoundReporter], more: Iterable[str] = ()) -> Labels:
    """Return the labels of reporters, and `more` texts. PluginError when a reporter fails to give its labels."""
    texts: list[str] = []
    entries: list[str] = []
    for bound in reporters:
        with plugin_errors(f"reporter {bound.name}"):
            texts += bound.reporter.static_text(bound.context)
            entries += [bound.reporter.line_start]
    return Labels.from_texts((*texts, *more), filter(None, entries))


def texts_of_manifest(
    reporters: Iterable[BoundReporter], config: Config, columns: Iterable[str], kinds: Iterable[str]
) -> Iterator[str]:
    """Yield the public texts of a manifest, and the names that reporters give outputs whatever the rows hold.

    PluginError when a reporter fails to give its labels.
    """
    yield from manifest.known_texts(config, tuple(columns), kinds)
    for text in labels_of(reporters).texts:
        if text.startswith(b"\n"):
            yield f'"{text[1:].decode()}'
