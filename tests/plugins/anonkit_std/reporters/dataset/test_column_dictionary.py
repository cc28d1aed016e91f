"""The column dictionary; nothing in a name is markup."""

from __future__ import annotations

import html
import json
import re

import attrs
import pyarrow as pa
import pytest
from anonkit_std.reporters.dataset.column_choice import ColumnChoice, LeftOut
from anonkit_std.reporters.dataset.column_dictionary import as_json, as_markdown, describe
from hypothesis import given
from hypothesis import strategies as st
from reporter_kit import make_batch

from anonkit.api import Column, RunContext, Transformed, attribute

HOSTILE = [
    "a|b",
    "`x`",
    "<script>alert(1)</script>",
    "[x](javascript:y)",
    "*a*",
    "_a_",
    "a\nb",
    "![i](http://example.org)",
]
HOSTILE += [
    "www.example.org",
    "| --- |",
    "&lt;",
    "\\",
    "\u202etxt",
    "# x",
    "~~x~~",
    "http://example.org",
    "a@example.org",
]


def context(schema: pa.Schema) -> RunContext:
    known = {name: Column(name=name, cls=None, attribute=None) for name in schema.names}
    found = attribute("QDate")
    assert found is not None
    known["QDate"] = Column(name="QDate", cls=found.cls, attribute=found)
    return attrs.evolve(
        make_batch({"User": ["a"]}).context,
        columns=known,
        operations={"QDate": (Transformed("put back by whole weeks"), Transformed("coarse"))},
    )


def content(*names: str) -> dict[str, object]:
    schema = pa.schema([(name, pa.int64()) for name in names])
    left = Column(name=names[-1], cls=None, attribute=None)
    return describe(ColumnChoice(names, (LeftOut(left, "not known"),)), schema, {"d.parquet": 3}, context(schema))


def cells(markdown: bytes, line: int) -> list[str]:
    return [html.unescape(cell.strip()) for cell in markdown.decode().splitlines()[line].strip("|").split("|")]


def test_what_it_says() -> None:
    assert json.loads(as_json(content("QDate", "Mood"))) == {
        "files": [{"file": "d.parquet", "rows": 3}],
        "columns": [
            {
                "name": "QDate",
                "type": "int64",
                "unit": "s since 1970",
                "meaning": "when the job was submitted",
                "class": "quasi-identifier",
                "done": ["put back by whole weeks", "coarse"],
            },
            {
                "name": "Mood",
                "type": "int64",
                "unit": "",
                "meaning": "",
                "class": "not in the catalogue",
                "done": ["unchanged"],
            },
        ],
        "left_out": [{"name": "Mood", "class": "not in the catalogue", "why": "not known"}],
        "meta": {"rows": 3, "garbled": True},
    }


def test_raw_rows_are_called_so() -> None:
    schema = pa.schema([("QDate", pa.int64())])
    raw = attrs.evolve(context(schema), garbled=False)
    assert describe(ColumnChoice(("QDate",), ()), schema, {}, raw)["columns"][0]["done"] == ["original"]


def test_as_markdown() -> None:
    lines = as_markdown(content("QDate")).decode().splitlines()
    assert lines[0] == "# Column dictionary"
    assert lines[10] == (
        "| QDate | int64 | s since 1970 | when the job was submitted | quasi-identifier "
        "| put back by whole weeks; coarse |"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_no_markup(name: str) -> None:
    line = as_markdown(content(name)).decode().splitlines()[10]
    shown = line.strip("|").split("|")[0].strip()
    assert line.count("|") == 7
    assert not re.search(r"[<>`*\[\]\\~#@:](?![0-9]+;)|&(?!#)|\bwww\.", shown.replace("&#", ""))
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])", shown)


@given(st.text(min_size=1))
def test_any_name_stays_one_cell(name: str) -> None:
    markdown = as_markdown(content(name))
    assert len(cells(markdown, 10)) == 6
    if name.isprintable() and name == name.strip():
        assert cells(markdown, 10)[0] == name
