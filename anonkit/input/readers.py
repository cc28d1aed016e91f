"""The readers of a run, and which of them reads a file."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache, cached_property

import attrs

from anonkit.input.data_file import InputData, plain_name
from anonkit.plugin.contracts import Reader
from anonkit.plugin.discovery import discover
from anonkit.plugin.hooks import ReaderSpec
from anonkit.plugin.making import made

__all__ = ["FileReader", "Readers"]

_MAPPING = b'"anonkit-mapping-'
"""At the beginning of a mapping, which holds every original: it is not input, whatever its name."""


@attrs.frozen(slots=False)
class FileReader:
    """A reader, and the files that are its own by name. It is made when a file needs it."""

    spec: ReaderSpec
    options: object

    @property
    def name(self) -> str:
        """The reader's name."""
        return self.spec.name

    @cached_property
    def reader(self) -> Reader:
        """The reader itself. PluginError, PluginLoadError."""
        reader: Reader = made(self.spec, self.options)
        return reader

    def has_name(self, name: str) -> bool:
        """Return whether a file is its own by name: lower case, without the suffix of a compression."""
        return any(fnmatchcase(name, pattern) for pattern in self.spec.patterns)


@attrs.frozen
class Readers:
    """The readers that are switched on, in the order in which files are offered to them."""

    readers: tuple[FileReader, ...]

    @classmethod
    @cache
    def installed(cls) -> Readers:
        """Return the installed readers that are on by default."""
        specs = [plugin.type for plugin in discover().readers.values()]
        on = [spec for spec in specs if isinstance(spec, ReaderSpec) and spec.enabled]
        return cls(tuple(FileReader(spec, spec.options()) for spec in on))

    def reader_of(self, data: InputData) -> FileReader | None:
        """Return the reader of a file; None when no reader knows it, and for a mapping.

        It is the first that has its name and recognizes it, or the first that recognizes it, or the first that has its
        name and says more about the damage.
        """
        head = data.head()
        if _MAPPING in head.data[:99]:
            return None
        name = plain_name(data.name)
        named = [reader for reader in self.readers if reader.has_name(name)]
        # Readers after the first that recognizes the file are not imported.
        for reader in (*named, *self.readers):
            if reader.reader.recognizes(head):
                return reader
        return named[0] if named else None

    def formats(self) -> str:
        """Return a line for each format, with the command that writes it."""
        return "\n".join(
            f"  {reader.name}: {reader.spec.example or ' '.join(reader.spec.patterns)}" for reader in self.readers
        )
