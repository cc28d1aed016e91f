"""Rows as files in the formats of batch systems and databases.

A null is left out where the format cannot express it. A value that the format cannot carry raises ValueError.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

__all__ = ["COMPRESSIONS", "FORMATS", "write_rows"]

Row = Mapping[str, Any]

_ESCAPED = re.compile(r"[^ -\[\]-~]")
_LETTERS = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_rows(path: Path, names: Sequence[str], rows: Iterable[Row], form: str) -> None:
    """Write rows, which have some of the columns `names`, in one of `FORMATS`, or compressed: ``csv.gz``."""
    form, _, compression = form.partition(".")
    if form in _TABLES:
        _TABLES[form](path, names, list(rows))
        return
    text = "".join(FORMATS[form](names, rows)).encode("utf-8", "surrogatepass")
    path.write_bytes(COMPRESSIONS[compression](text))


def _csv(delimiter: str) -> Callable[[Sequence[str], Iterable[Row]], Iterator[str]]:
    def lines(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
        yield delimiter.join(_field(name, delimiter) for name in names) + "\n"
        for row in rows:
            yield delimiter.join(_field(_plain(row.get(name)), delimiter) for name in names) + "\n"

    return lines


def _field(text: str, delimiter: str) -> str:
    if any(sign in text for sign in (delimiter, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def _bars(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield "|".join(names) + "\n"
    for row in rows:
        fields = [_plain(row.get(name)) for name in names]
        if any(sign in field for field in fields for sign in "|\r\n"):
            raise ValueError("sacct has no way to write a bar or a line break in a field")
        yield "|".join(fields) + "\n"


def _numbers(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield "; Version: 2.2\n; Computer: made up\n;\n"
    for row in rows:
        yield " ".join("-1" if row.get(name) is None else _plain(row[name]) for name in names) + "\n"


def _json(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before + _object(row)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[\n]\n"


def _json_lines(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield _object(row) + "\n"


def _object(row: Row) -> str:
    return json.dumps({name: value for name, value in row.items() if value is not None}, ensure_ascii=False)


def _long(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield "".join(_attributes(row)) + "\n"


def _history(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    offset = 0
    for number, row in enumerate(rows):
        ad = "".join(_attributes(row))
        yield f'{ad}*** Offset = {offset} ClusterId = {number} ProcId = 0 Owner = "nobody" CompletionDate = 0\n'
        offset += len(ad)


def _attributes(row: Row) -> Iterator[str]:
    for name, value in row.items():
        if value is not None:
            yield f"{name} = {_literal(value)}\n"


def _literal(value: Any) -> str:
    if not isinstance(value, str):
        return _plain(value)
    if "\n" in value or "\r" in value:
        raise ValueError("the long form has no way to write a line break in a text")
    return '"' + value.replace('"', '\\"') + '"'


def _ads(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        attributes = [f"{name} = {_new_literal(value)}" for name, value in row.items() if value is not None]
        yield f"[ {'; '.join(attributes)} ]\n"


def _new_literal(value: Any) -> str:
    return '"' + _ESCAPED.sub(_escape, value).replace('"', '\\"') + '"' if isinstance(value, str) else _plain(value)


def _xml(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield '<?xml version="1.0"?>\n<!DOCTYPE classads SYSTEM "classads.dtd">\n<classads>\n'
    for row in rows:
        yield "<c>\n"
        yield from (
            f"<a n={quoteattr(name)}>{_element(value)}</a>\n" for name, value in row.items() if value is not None
        )
        yield "</c>\n"
    yield "</classads>\n"


def _element(value: Any) -> str:
    if isinstance(value, bool):
        return f'<b v="{"t" if value else "f"}"/>'
    if isinstance(value, int):
        return f"<i>{value}</i>"
    if isinstance(value, float):
        return f"<r>{value!r}</r>"
    return f"<s>{escape(_ESCAPED.sub(_escape, value))}</s>"


def _escape(found: re.Match[str]) -> str:
    """Return a character as strings of new ClassAds have it: its bytes in octal digits."""
    letter = found[0]
    return _LETTERS.get(letter) or "".join(f"\\{byte:03o}" for byte in letter.encode("utf-8", "surrogatepass"))


def _duckdb(path: Path, names: Sequence[str], rows: Sequence[Row]) -> None:
    import duckdb

    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as database:
        database.register("given", table)
        database.execute("CREATE TABLE jobs AS FROM given")


def _sqlite(path: Path, names: Sequence[str], rows: Sequence[Row]) -> None:
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"CREATE TABLE jobs ({', '.join(quoted)})")
        values = ([row.get(name) for name in names] for row in rows)
        database.executemany(f"INSERT INTO jobs VALUES ({', '.join('?' * len(names))})", values)


FORMATS: Mapping[str, Callable[[Sequence[str], Iterable[Row]], Iterator[str]]] = MappingProxyType(
    {
        "csv": _csv(","),
        "tsv": _csv("\t"),
        "json": _json,
        "jsonl": _json_lines,
        "long": _long,
        "history": _history,
        "ads": _ads,
        "xml": _xml,
        "sacct": _bars,
        "swf": _numbers,
    }
)
"""Formats of text: from names and rows to the parts of the file."""

_TABLES: Mapping[str, Callable[[Path, Sequence[str], Sequence[Row]], None]] = MappingProxyType(
    {"duckdb": _duckdb, "sqlite": _sqlite}
)

COMPRESSIONS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {
        "": bytes,
        "gz": lambda data: gzip.compress(data, mtime=0),
        "bz2": bz2.compress,
        "xz": lzma.compress,
        "zst": lambda data: pa.compress(data, "zstd", asbytes=True),
    }
)
"""Ways to compress them, by the suffix of the name."""
