"""The reader `classad_xml`, for `condor_history -xml`. A file is a single run, which one worker reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.parsers import expat

import pyarrow as pa

from anonkit.api import Contents, DamagedFile, DataFile, FileHead, NoOptions, Reader, Run
from anonkit_std.readers.cells import ColumnKinds, record_batch
from anonkit_std.readers.classad_escapes import unescaped
from anonkit_std.readers.classad_values import expression_text, literal
from anonkit_std.readers.json_values import columns_of
from anonkit_std.readers.text_reader import UNREADABLE

__all__ = ["ClassAdXmlReader"]

# The beginning of a document: byte order mark, declarations, and the first element.
_START = re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*\?>\s*)?(<!DOCTYPE[^>\[]*>\s*)?<(classads|c)>")
_ROWS = 4096
_PART = 1 << 20
_DEEPEST = 64
# The elements besides ads (c), lists (l), attributes (a) and booleans (b): strings, integers, reals, expressions,
# undefined, error, absolute and relative times, and the element around all.
_ELEMENTS = frozenset({"s", "i", "r", "e", "un", "er", "at", "rt", "t", "classads"})
_SECOND_DOCUMENT = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]


class ClassAdXmlReader(Reader):
    """Reads ads as XML."""

    def __init__(self, options: NoOptions) -> None:
        """Take no options."""

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file begins with the element of ads."""
        return bool(_START.match(head.data))

    def contents(self, file: DataFile) -> Contents:
        """Return the columns of the file with their types, and a run of all its ads; the file is read once."""
        kinds, rows = ColumnKinds(), 0
        for ads in _ads(file):
            kinds.add(columns_of(ads, None))
            rows += len(ads)
        return Contents(kinds.schema(), (Run(rows),))

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Yield the ads in order."""
        columns = self.contents(file).schema if columns is None else columns
        for ads in _ads(file):
            yield record_batch(len(ads), columns_of(ads, frozenset(columns.names)), columns)


def _ads(file: DataFile) -> Iterator[list[dict[str, Any]]]:
    """Yield the ads of a file in lists of some thousand. DamagedFile for text that is not XML of ads."""
    builder = _Builder()
    parser = _parser(builder)
    with file.failures(UNREADABLE), file.open() as stream:
        more = True
        while more:
            data = stream.read(_PART)
            more = bool(data)
            try:
                parser.Parse(data, not more)
            except (expat.ExpatError, ValueError):
                raise _damage(file, parser) from None
            if len(builder.ads) >= _ROWS or not more:
                yield builder.ads
                builder.ads = []


def _parser(builder: _Builder) -> Any:
    """Return a parser that calls the methods of the builder; its first element must be one of ads."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def root(tag: str, attributes: dict[str, str]) -> None:
        parser.StartElementHandler = builder.start
        builder.root(tag, attributes)

    parser.StartElementHandler, parser.EndElementHandler = root, builder.end
    parser.CharacterDataHandler = builder.text
    parser.EntityDeclHandler = parser.SkippedEntityHandler = builder.entity
    return parser


def _damage(file: DataFile, parser: Any) -> DamagedFile:
    """Return the error for the place at which the parser stopped."""
    line, column = parser.ErrorLineNumber, parser.ErrorColumnNumber + 1
    # The parser has no error of its own when a method of the builder raised one.
    if parser.ErrorCode == 0:
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
    place = f"line {line}, column {column}"
    if parser.ErrorCode == _SECOND_DOCUMENT:
        return DamagedFile(
            file.name, f"{place}: a second document begins", "write each document into a file of its own"
        )
    return DamagedFile(file.name, f"{place}: it is not XML of ads, or it is cut off")


class _Builder:
    """Builds ads from the elements of a document; `ads` holds those that are complete.

    Its methods raise ValueError, without a message for users, for elements that are not those of ads.
    """

    def __init__(self) -> None:
        self.ads: list[dict[str, Any]] = []
        self._containers: list[Any] = []
        self._names: list[str] = []
        self._parts: list[str] = []
        self._boolean = False
        self.text = self._parts.append
        """Takes a part of the text of an element."""

    def root(self, tag: str, attributes: dict[str, str]) -> None:
        """Open the first element."""
        if tag not in ("classads", "c"):
            raise ValueError("no ad")
        self.start(tag, attributes)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        self._parts.clear()
        if tag == "a":
            self._names.append(_name(attributes))
        elif tag in ("c", "l"):
            if len(self._containers) >= _DEEPEST:
                raise ValueError("nested too deeply")
            self._containers.append({} if tag == "c" else [])
        elif tag == "b":
            self._boolean = attributes.get("v") == "t"
        elif tag not in _ELEMENTS:
            raise ValueError("an unknown element")

    def entity(self, *_: object) -> None:
        """Refuse entities: they can make a small file huge."""
        raise ValueError("an entity")

    def end(self, tag: str) -> None:
        """Close an element, and add its value to the ad or list around it."""
        if tag == "a":
            self._names.pop()
        elif tag != "classads":
            self._add(self._value(tag))
        self._parts.clear()

    def _value(self, tag: str) -> Any:
        """Return the value of the element that closes."""
        if tag in ("c", "l"):
            return self._containers.pop()
        text = "".join(self._parts)
        if tag == "s":
            return unescaped(text)
        if tag == "t":
            return text
        if tag == "i":
            return literal(text)
        if tag == "r":
            return _real(text)
        if tag == "e":
            return expression_text(text)
        if tag == "at":
            return expression_text(f'absTime("{text}")')
        if tag == "rt":
            return literal(f'relTime("{text}")')
        return self._boolean if tag == "b" else None

    def _add(self, value: Any) -> None:
        """Add a value to the innermost open ad or list; an ad outside of all is complete."""
        if not self._containers:
            if not isinstance(value, dict):
                raise ValueError("a value outside of ads")
            self.ads.append(value)
            return
        container = self._containers[-1]
        if isinstance(container, list):
            container.append(value)
        elif self._names:
            container[self._names[-1]] = value
        else:
            raise ValueError("a value without a name")


def _name(attributes: dict[str, str]) -> str:
    if "n" not in attributes:
        raise ValueError("an attribute without a name")
    return attributes["n"]


def _real(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return literal(f'real("{text.strip()}")')
