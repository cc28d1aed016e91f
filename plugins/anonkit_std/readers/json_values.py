"""JSON objects as records: each parsed on its own, exactly, and turned into columns."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import BadRecord
from anonkit_std.readers.cells import Cells, Kind
from anonkit_std.readers.classad_values import expression_text, unwrapped
from anonkit_std.readers.search_engines import Answer, records_of
from anonkit_std.readers.text_reader import MARK, Parsed

__all__ = ["columns_of", "is_of_sacct", "may_be_rounded", "parsed_objects", "records_in"]

_OF_SACCT = re.compile(rb'\s*\{\s*(?:"jobs"\s*:\s*\[\s*[{\]]|"meta"\s*:\s*\{\s*"(?:[Ss]lurm|plugin|command)")')
_LARGE = float(1 << 63)
_EXPRESSION = "/Expr("
_ILLEGAL = re.compile("[\ud800-\udfff]")


def may_be_rounded(columns: Mapping[str, Cells]) -> bool:
    """Return whether values may be whole numbers of more than 64 bits, which orjson rounds."""
    broken = [cells.array for cells in columns.values() if cells.kinds & Kind.REAL]
    return any(
        not pa.types.is_float64(column.type) or (pc.max(pc.abs(column)).as_py() or 0) >= _LARGE for column in broken
    )


def is_of_sacct(data: bytes) -> bool:
    """Return whether a file begins like the one object that `sacct --json` prints."""
    return bool(_OF_SACCT.match(data.removeprefix(MARK)))


def records_in(data: bytes, exactly: bool) -> Iterator[dict[str, Any] | str | Answer]:
    """Yield the records in the text of an object, or the reason why there is none, and the answers to searches.

    `exactly`: numbers of any size.
    """
    found = _object(data, exactly)
    if isinstance(found, str):
        yield found
    else:
        yield from records_of(found)


def _object(data: bytes, exactly: bool) -> dict[str, Any] | str:
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
    """Parse JSON, also with NaN, half characters, and bytes that are not UTF-8, which become U+FFFD."""
    return json.loads(data.decode("utf-8", "replace"), strict=False)


def parsed_objects(
    objects: Sequence[dict[str, Any]],
    columns: Collection[str] | None,
    bad: Iterable[BadRecord],
    answers: Sequence[Answer],
) -> Parsed:
    """Return objects as records, and the answers that hold them."""
    pages = tuple(answer.page for answer in answers if answer.page)
    missing = tuple(answer.missing_rows for answer in answers if answer.missing_rows)
    return Parsed(len(objects), columns_of(objects, columns), tuple(bad), pages=pages, missing_rows=missing)


def columns_of(objects: Sequence[dict[str, Any]], columns: Collection[str] | None) -> dict[str, Cells]:
    """Return the values of objects by column: these columns, or all, in the order in which they appear."""
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
    cells = Cells.from_values(values)
    if not pa.types.is_string(cells.array.type) or not pc.any(pc.match_substring(cells.array, _EXPRESSION)).as_py():
        return cells
    return Cells.from_values([unwrapped(value) if _is_expression(value) else _inside(value) for value in values])


def _inside(value: Any) -> Any:
    """Return a list or an object as ads in the long form have it: `error` and numbers in it are no expressions."""
    if isinstance(value, list):
        return [_inside(element) for element in value]
    if isinstance(value, dict):
        return {name: _inside(element) for name, element in value.items()}
    if not _is_expression(value):
        return value
    found = unwrapped(value)
    return expression_text(found) if isinstance(found, str) else found


def _is_expression(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_EXPRESSION) and value.endswith(")/")


def _name(name: str) -> str:
    return _ILLEGAL.sub("\ufffd", name)
