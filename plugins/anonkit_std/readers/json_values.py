"""JSON objects as records: they are parsed one at a time and become columns, with exact numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import attrs
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import BadRecord
from anonkit_std.readers.cells import Cells, Kind
from anonkit_std.readers.classad_values import expression_text, unwrapped
from anonkit_std.readers.search_engines import Answer, records_of
from anonkit_std.readers.text_reader import MARK, Parsed

__all__ = ["Records", "columns_of", "is_of_sacct", "may_be_rounded"]

# The beginning of the object that `sacct --json` prints: its jobs, or facts about Slurm.
_OF_SACCT = re.compile(rb'\s*\{\s*(?:"jobs"\s*:\s*\[\s*[{\]]|"meta"\s*:\s*\{\s*"(?:[Ss]lurm|plugin|command)")')
_LARGE = float(1 << 63)
_EXPRESSION = "/Expr("
_SURROGATE = re.compile("[\ud800-\udfff]")


def may_be_rounded(columns: Mapping[str, Cells]) -> bool:
    """Return whether a value may be a whole number of more than 64 bits, which orjson has rounded to a double."""
    doubles = [cells.array for cells in columns.values() if cells.kinds & Kind.REAL]
    return any(
        not pa.types.is_float64(column.type) or (pc.max(pc.abs(column)).as_py() or 0) >= _LARGE for column in doubles
    )


def is_of_sacct(data: bytes) -> bool:
    """Return whether a file begins like the object that `sacct --json` prints."""
    return bool(_OF_SACCT.match(data.removeprefix(MARK)))


@attrs.define
class Records:
    """The records of a block, collected object by object."""

    exactly: bool = False
    """Whether whole numbers of more than 64 bits are exact; parsing is slower then."""
    objects: list[dict[str, Any]] = attrs.field(factory=list)
    bad: list[BadRecord] = attrs.field(factory=list)
    answers: list[Answer] = attrs.field(factory=list)
    """The answers to searches in which the records were."""

    def add(self, data: bytes) -> list[str]:
        """Add the records in the text of an object; return a reason for each that cannot be read.

        The caller adds a bad record for each reason, since it knows the place.
        """
        reasons = []
        for record in _records_in(data, self.exactly):
            if isinstance(record, str):
                reasons.append(record)
            elif isinstance(record, Answer):
                self.answers.append(record)
            else:
                self.objects.append(record)
        return reasons

    def parsed(self, columns: Collection[str] | None) -> Parsed:
        """Return the records with the given columns, or with all."""
        pages = tuple(answer.page for answer in self.answers if answer.page)
        missing = tuple(answer.missing_rows for answer in self.answers if answer.missing_rows)
        values = columns_of(self.objects, columns)
        return Parsed(len(self.objects), values, tuple(self.bad), pages=pages, missing_rows=missing)


def _records_in(data: bytes, exactly: bool) -> Iterator[dict[str, Any] | str | Answer]:
    """Yield the records in the text of an object, as `records_of` does; the reason when it is no object."""
    found = _object(data, exactly)
    if isinstance(found, str):
        yield found
    else:
        yield from records_of(found)


def _object(data: bytes, exactly: bool) -> dict[str, Any] | str:
    """Return the object that a text is, or the reason why it is none."""
    try:
        value = _exact(data) if exactly else orjson.loads(data)
    except ValueError:
        try:
            value = _exact(data)
        except (ValueError, RecursionError):
            return "it is not JSON"
    except RecursionError:
        return "it is nested too deeply"
    return value if isinstance(value, dict) else "it is not an object"


def _exact(data: bytes) -> Any:
    """Return the value of a JSON text, which may have NaN and lone surrogates; bytes other than UTF-8 become U+FFFD."""
    return json.loads(data.decode("utf-8", "replace"), strict=False)


def columns_of(objects: Sequence[dict[str, Any]], columns: Collection[str] | None) -> dict[str, Cells]:
    """Return objects as columns: the given ones or all, in the order in which their keys appear."""
    names: dict[str, None] = {}
    before: Any = None
    for object_ in objects:
        if object_.keys() != before:
            names.update(dict.fromkeys(object_))
            before = object_.keys()
    return {
        _name(name): _cells([object_.get(name) for object_ in objects])
        for name in names
        if columns is None or name in columns
    }


def _cells(values: list[Any]) -> Cells:
    """Return the cells of a column, expressions of ClassAds unwrapped."""
    cells = Cells.from_values(values)
    if not pa.types.is_string(cells.array.type) or not pc.any(pc.match_substring(cells.array, _EXPRESSION)).as_py():
        return cells
    return Cells.from_values(
        [unwrapped(value) if _is_expression(value) else _unwrapped_inside(value) for value in values]
    )


def _unwrapped_inside(value: Any) -> Any:
    """Return a value as the long form of ads has it: in lists and objects, `error` and numbers are no expressions."""
    if isinstance(value, list):
        return [_unwrapped_inside(element) for element in value]
    if isinstance(value, dict):
        return {name: _unwrapped_inside(element) for name, element in value.items()}
    if not _is_expression(value):
        return value
    found = unwrapped(value)
    return expression_text(found) if isinstance(found, str) else found


def _is_expression(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_EXPRESSION) and value.endswith(")/")


def _name(name: str) -> str:
    """Return a name that UTF-8 can hold."""
    return _SURROGATE.sub("\ufffd", name)
