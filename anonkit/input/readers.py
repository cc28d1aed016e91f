"""The readers of a run, and which of them reads a file."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

import attrs

from anonkit.errors import PluginError
from anonkit.input.data_file import InputData, plain_name
from anonkit.plugin.contracts import Reader
from anonkit.plugin.discovery import discover
from anonkit.plugin.hooks import ReaderSpec
from anonkit.plugin.making import made

__all__ = ["FileReader", "Readers"]


_MAPPING = b'"anonkit-mapping-'
"""At the beginning of a mapping, which holds every original: it is no input, whatever its name."""


@attrs.frozen
class FileReader:
    """A reader, and the files that are its own by name."""

    name: str
    patterns: tuple[str, ...]
    example: str
    reader: Reader

    @classmethod
    def from_spec(cls, spec: ReaderSpec, options: object) -> FileReader:
        """Make the reader. PluginError, PluginLoadError."""
        return cls(spec.name, spec.patterns, spec.example, made(spec, options))

    def has_name(self, name: str) -> bool:
        """Return whether a file is its own by name: lower case, without the suffix of a compression."""
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)


@attrs.frozen
class Readers:
    """The readers that are switched on, in the order in which files are offered to them."""

    readers: tuple[FileReader, ...]

    @classmethod
    @cache
    def installed(cls) -> Readers:
        """Return the installed readers that are on by default and that can be made."""
        return cls(tuple(_makeable()))

    def reader_of(self, data: InputData) -> FileReader | None:
        """Return the reader of a file; None when no reader knows it.

        It is the first that has its name and recognizes it, or the first that recognizes it, or the first that has its
        name and says more about the damage.
        """
        name = plain_name(data.name)
        named = [one for one in self.readers if one.has_name(name)]
        head = data.head()
        for one in (*named, *self.readers):
            if one.reader.recognizes(head):
                return one
        return named[0] if named and _MAPPING not in head.data[:99] else None

    def formats(self) -> str:
        """Return the formats with the commands that write them, a line each."""
        return "\n".join(f"  {one.name}: {one.example or ' '.join(one.patterns)}" for one in self.readers)


def _makeable() -> Iterator[FileReader]:
    for one in discover().readers.values():
        if isinstance(one.type, ReaderSpec) and one.type.enabled:
            try:
                yield FileReader.from_spec(one.type, one.type.options())
            except PluginError:
                continue
