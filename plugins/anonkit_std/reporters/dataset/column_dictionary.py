"""The column dictionary of a data set, as JSON and as Markdown: what each column means, and what was done to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from anonkit.api import Column, RunContext, printable
from anonkit_std.reporters.dataset.column_choice import ColumnChoice
from anonkit_std.reporters.json_document import document

__all__ = ["as_json", "as_markdown", "describe", "labels"]

# Characters that could be markup: all but letters, digits and a few that never are.
_MARKUP = re.compile(r"[^\w ,;.()'-]|(?<![^\W_])_|_(?![^\W_])|\.(?=\S)")


_ABOUT = ("name", "type", "unit", "meaning", "class", "done", "why")
_FILES = ("file", "rows")
_COLUMNS = ("column", "type", "unit", "meaning", "class", "what was done")
_LEFT_OUT = ("column", "class", "why")
_HEADS = (_FILES, _COLUMNS, _LEFT_OUT)


def describe(choice: ColumnChoice, schema: pa.Schema, files: Mapping[str, int], context: RunContext) -> dict[str, Any]:
    """Return the dictionary of a data set: `schema` is its own, `files` has the rows of each file."""
    return {
        "files": [{"file": name, "rows": rows} for name, rows in files.items()],
        "columns": [_column(context.columns.get(field.name), field, context) for field in schema],
        "left_out": [
            {"name": name, "class": _class_of(left.column), "why": left.why}
            for name, left in zip(_names_left_out(choice, context), choice.left_out, strict=True)
        ],
        "meta": {"rows": sum(files.values()), "garbled": context.garbled},
    }


def as_json(content: Mapping[str, Any]) -> bytes:
    """Return the dictionary as JSON."""
    return document(content)


def as_markdown(content: Mapping[str, Any]) -> bytes:
    """Return the dictionary as Markdown; nothing in a name is taken for markup."""
    return "\n".join(_lines(content)).encode() + b"\n"


def labels(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of both documents, without the names of files, which are the only ones from the data."""
    yield from (f'"{key}":' for key in ("files", "file", "rows", "columns", "left_out", "meta", "garbled", *_ABOUT))
    yield from ("\n# Column dictionary\n", "\n## Columns\n", "\n## Left out\n")
    for heads in _HEADS:
        yield f"| {' | '.join(heads)} |"
    columns = [*content["columns"], *content["left_out"]]
    texts = [text for entry in columns for key, text in entry.items() if key != "done"]
    parts = [part for entry in content["columns"] for part in entry["done"]]
    for text in dict.fromkeys(text for text in (*texts, *parts) if text):
        yield json.dumps(text, ensure_ascii=False)
    for text in dict.fromkeys((*texts, *("; ".join(entry["done"]) for entry in content["columns"]))):
        yield f"| {_harmless(text)} |"


def _column(column: Column | None, field: pa.Field, context: RunContext) -> dict[str, Any]:
    known = column.attribute if column else None
    done = list(map(str, context.operations.get(field.name, ()))) if context.garbled else ["original"]
    return {
        "name": field.name,
        "type": str(field.type),
        "unit": known.unit if known else "",
        "meaning": known.meaning if known else "",
        "class": _class_of(column),
        "done": done or ["unchanged"],
    }


def _names_left_out(choice: ColumnChoice, context: RunContext) -> Sequence[str]:
    """Return the names of columns, garbled but for those of the catalogue: a job may add attributes of any name."""
    names: list[str] = [left.column.name for left in choice.left_out]
    if not context.garbled:
        return names
    garbled: list[str] = context.garble(pa.array(names, pa.string())).to_pylist()
    known = [left.column.attribute is not None for left in choice.left_out]
    return [name if catalogued else text for name, text, catalogued in zip(names, garbled, known, strict=True)]


def _class_of(column: Column | None) -> str:
    return column.cls.value if column and column.cls else "not in the catalogue"


def _lines(content: Mapping[str, Any]) -> Iterator[str]:
    yield "# Column dictionary"
    yield ""
    yield from _table(_FILES, [(entry["file"], str(entry["rows"])) for entry in content["files"]])
    yield "## Columns"
    yield ""
    yield from _table(
        _COLUMNS,
        [
            (*map(entry.get, ("name", "type", "unit", "meaning", "class")), "; ".join(entry["done"]))
            for entry in content["columns"]
        ],
    )
    if content["left_out"]:
        yield "## Left out"
        yield ""
        yield from _table(_LEFT_OUT, [(entry["name"], entry["class"], entry["why"]) for entry in content["left_out"]])


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(map(_harmless, row))} |"
    yield ""


def _harmless(text: str) -> str:
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", printable(text))
