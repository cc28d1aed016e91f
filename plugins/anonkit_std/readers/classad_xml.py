"""The reader `classad_xml`: `condor_history -xml`. One worker reads a file, ad by ad."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.parsers import expat

import pyarrow as pa

from anonkit.api import Contents, DamagedFile, DataFile, FileHead, NoOptions, Reader, Run
from anonkit_std.readers.cells import Kind, column_field, record_batch
from anonkit_std.readers.classad_values import expression_text, literal
from anonkit_std.readers.json_values import columns_of

__all__ = ["ClassAdXmlReader"]

_START = re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*\?>\s*)?(<!DOCTYPE[^>\[]*>\s*)?<(classads|c)>")
_ROWS = 4096
_PART = 1 << 20
_DEEPEST = 64


class ClassAdXmlReader(Reader):
    """Reads ads as XML."""

    def __init__(self, options: NoOptions) -> None:
        """Take no options."""

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file begins with the element of ads."""
        return bool(_START.match(head.data))

    def contents(self, file: DataFile) -> Contents:
        """Read the file once, for its columns, their types, and the number of its rows."""
        kinds: dict[str, Kind] = {}
        negative: set[str] = set()
        rows = 0
        for ads in _ads(file):
            for name, cells in columns_of(ads, None).items():
                kinds[name] = kinds.get(name, Kind(0)) | cells.kinds
                negative |= {name} if cells.negative else set()
            rows += len(ads)
        return Contents(
            pa.schema([column_field(name, kind, name in negative) for name, kind in kinds.items()]), (Run(rows),)
        )

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Yield the ads in order."""
        columns = self.contents(file).schema if columns is None else columns
        for ads in _ads(file):
            yield record_batch(len(ads), columns_of(ads, frozenset(columns.names)), columns)


def _ads(file: DataFile) -> Iterator[list[dict[str, Any]]]:
    """Yield some ads at a time."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.text
    parser.EntityDeclHandler = parser.SkippedEntityHandler = builder.entity
    with file.failures("cut off or damaged: it cannot be decompressed"), file.open() as stream:
        more = True
        while more:
            data = stream.read(_PART)
            more = bool(data)
            try:
                parser.Parse(data, not more)
            except (expat.ExpatError, ValueError):
                place = f"line {parser.ErrorLineNumber}, column {parser.ErrorColumnNumber + 1}"
                if parser.ErrorCode == 0:
                    place = f"line {parser.CurrentLineNumber}, column {parser.CurrentColumnNumber + 1}"
                raise DamagedFile(file.name, f"{place}: it is not XML of ads, or it is cut off") from None
            if len(builder.ads) >= _ROWS or not more:
                yield builder.ads
                builder.ads = []


class _Builder:
    """Ads on their way out of the parser."""

    def __init__(self) -> None:
        self.ads: list[dict[str, Any]] = []
        self._open: list[tuple[str, Any]] = []
        self._names: list[str] = []
        self._parts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element. ValueError for one that has no place here."""
        self._parts = []
        if len(self._open) > _DEEPEST or (not self._open and tag not in ("classads", "c")):
            raise ValueError("no ad")
        value: Any = None
        if tag == "c":
            value = {}
        elif tag == "l":
            value = []
        elif tag == "a":
            if "n" not in attributes:
                raise ValueError("an attribute without a name")
            self._names.append(attributes["n"])
        elif tag == "b":
            value = attributes.get("v") == "t"
        elif tag not in ("classads", "s", "i", "r", "e", "un", "er", "t", "rt"):
            raise ValueError("an unknown element")
        self._open.append((tag, value))

    def text(self, text: str) -> None:
        """Take text of the element."""
        self._parts.append(text)

    def entity(self, *_: object) -> None:
        """Refuse entities: they can make a small file huge."""
        raise ValueError("an entity")

    def end(self, tag: str) -> None:
        """Close an element, and give its value to the one around it."""
        _, value = self._open.pop()
        text, self._parts = "".join(self._parts), []
        if tag in ("a", "classads"):
            if tag == "a":
                self._names.pop()
            return
        if tag in ("s", "t", "rt"):
            value = text
        elif tag in ("i", "r"):
            value = literal(text) if tag == "i" else _real(text)
        elif tag == "e":
            value = text if self._depth() == 1 else expression_text(text)
        self._give(value)

    def _depth(self) -> int:
        return sum(tag in ("c", "l") for tag, _ in self._open)

    def _give(self, value: Any) -> None:
        around = next((container for tag, container in reversed(self._open) if tag in ("c", "l")), None)
        if around is None:
            if not isinstance(value, dict):
                raise ValueError("a value outside of ads")
            self.ads.append(value)
        elif isinstance(around, dict) and not self._names:
            raise ValueError("a value without a name")
        elif isinstance(around, dict):
            around[self._names[-1]] = value
        else:
            around.append(value)


def _real(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return literal(f'real("{text.strip()}")')
