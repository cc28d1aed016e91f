"""What outputs and the manifest hold whatever the rows hold, as those who write them tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from anonkit import manifest
from anonkit.auditing.places import Labels
from anonkit.config.model import Config
from anonkit.passes import Bound, plugin_at_work

__all__ = ["labels_of", "texts_of_manifest"]


def labels_of(reporters: Iterable[Bound], more: Iterable[str] = ()) -> Labels:
    """Return the labels of reporters, and `more` texts. PluginError when a reporter cannot tell its own."""
    texts: list[str] = []
    entries: list[str] = []
    for one in reporters:
        with plugin_at_work(f"reporter {one.name}"):
            texts += one.reporter.labels(one.context)
            entries += [one.reporter.entry]
    return Labels.of((*texts, *more), filter(None, entries))


def texts_of_manifest(
    reporters: Iterable[Bound], config: Config, columns: Iterable[str], kinds: Iterable[str]
) -> Iterator[str]:
    """Yield what is known to everybody of a manifest, and the names of outputs that reporters give of their own accord.

    PluginError when a reporter cannot tell its labels.
    """
    yield from manifest.known_texts(config, tuple(columns), kinds)
    for text in labels_of(reporters).texts:
        if text.startswith(b"\n"):
            yield f'"{text[1:].decode()}'
