"""The same rows come out of every format, as far as it can carry them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import opened, read_rows, rows_of

from anonkit.config.model import NULL_VALUES
from anonkit.demo.formats import COMPRESSIONS, write_rows

NAMES = {"history": "history.20240131", "sacct": "sacct.txt"}
WRITTEN = ("csv", "tsv", "json", "jsonl", "long", "history", "ads", "xml", "sacct", "duckdb", "sqlite")
EVERY = (*WRITTEN, "parquet")
READERS = {"long": "classad", "history": "classad", "ads": "classad_new", "xml": "classad_xml"}

Rows = list[dict[str, Any]]


def written(folder: Path, rows: Rows, form: str) -> Path:
    """A file of the format, in a folder of its own."""
    place = folder / form
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    names = list(dict.fromkeys(name for row in rows for name in row))
    path = place / NAMES.get(form, f"jobs.{form}")
    if form == "parquet":
        pq.write_table(pa.table({name: [row.get(name) for row in rows] for name in names}), path)
    else:
        write_rows(path, names, rows, form)
    return place


CONTROLS = "".join(map(chr, range(32)))
CANNOT_CARRY = {
    "sacct": frozenset("|\r\n"),
    "long": frozenset("\r\n"),
    "history": frozenset("\r\n"),
}
"""The signs that a format has no way to write; all other formats carry all of Unicode."""
HOSTILE = st.sampled_from(f"{CONTROLS}|\x7f\x85\u2028\u2029\ufffe\uffff\ufeff\U0001f600")
LETTERS = st.characters(codec="utf-8") | HOSTILE
LOOKS_LIKE = (
    "*** Offset = 0", 'a "quoted" word', "C:\\dir\\", "\\", '"', "a,b;c d", "[ x = 1 ]", "= b", "*", "it's",
    "a\r\nb\n\n*** c\n", "nul\0\0", '"\n"', 'a\tb,"c"|d', "]]>&lt;<b>", '\\"', "\\\\n", "{[;", "x\n\nUser = 1\n",
)  # fmt: skip
TEXTS = st.sampled_from(LOOKS_LIKE) | st.text(LETTERS, min_size=1, max_size=30)
WHOLE = st.sampled_from([0, -1, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)]) | st.integers(-(2**63), 2**63 - 1)
BROKEN = st.floats(-1e9, 1e9).filter(lambda number: not float(number).is_integer())
REAL = BROKEN | st.sampled_from([727.0, 0.1, -1e300])


def is_text(value: str) -> bool:
    """Whether no format can take the text for null or for a number."""
    plain = value.strip().lower() not in {null.lower() for null in NULL_VALUES}
    return plain and not value.startswith("/Expr(") and not set(value) <= set("0123456789.eE+-")


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    """Some ads: text, whole numbers, numbers, truth values, any of them missing but in the first ad."""
    kinds = {"User": TEXTS.filter(is_text), "Count": WHOLE, "Time": REAL, "Done": st.booleans()}
    first = {name: draw(kind) for name, kind in kinds.items()}
    others = draw(st.lists(st.fixed_dictionaries({"User": kinds.pop("User")}, optional=kinds), max_size=5))
    return [first, *others]


@settings(max_examples=settings().max_examples // 2)
@given(rows())
def test_every_format_gives_the_same_rows(tmp_path_factory: pytest.TempPathFactory, made: Rows) -> None:
    folder = tmp_path_factory.mktemp("data")
    for form in EVERY:
        expected = carried = [row for row in made if CANNOT_CARRY.get(form, frozenset()).isdisjoint(row["User"])]
        if form == "sqlite":
            # It has no truth values.
            expected = [{name: int(v) if isinstance(v, bool) else v for name, v in row.items()} for row in carried]
        assert not carried or read_rows(written(folder, carried, form)) == expected, form


@pytest.mark.parametrize("form", CANNOT_CARRY)
def test_signs_that_a_format_cannot_carry_are_not_written(tmp_path: Path, form: str) -> None:
    for sign in CANNOT_CARRY[form]:
        with pytest.raises(ValueError, match="no way to write"):
            written(tmp_path, [{"User": f"a{sign}b"}], form)


NO_UTF_8 = (b"M\xfcller", b"\xff\xfe", b"\xc3(", b"\xed\xa0\x80", b"\xf0\x9f\x98", b"\xc0\xaf", b"a\x80\x80z")


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "jsonl", "long", "history", "ads", "sacct"])
@pytest.mark.parametrize("wrong", NO_UTF_8)
def test_bytes_that_are_not_utf_8_become_replacement_characters(tmp_path: Path, form: str, wrong: bytes) -> None:
    folder = written(tmp_path, [{"User": "x[]y", "Cmd": "a"}, {"User": "b"}], form)
    [path] = folder.iterdir()
    path.write_bytes(path.read_bytes().replace(b"[]", wrong))
    assert read_rows(folder) == [{"User": f"x{wrong.decode('utf-8', 'replace')}y", "Cmd": "a"}, {"User": "b"}]


SOME = [{"User": "anna", "Count": 1}, {"User": "bob, the other", "Count": -(2**60)}, {"User": "carl"}] * 40


@pytest.mark.parametrize("compression", [*filter(None, COMPRESSIONS)])
@pytest.mark.parametrize("form", ["csv", "tsv", "json", "jsonl", "long", "history", "ads", "xml"])
def test_every_format_is_read_in_every_compression(tmp_path: Path, form: str, compression: str) -> None:
    write_rows(
        tmp_path / f"{NAMES.get(form, f'jobs.{form}')}.{compression}", ["User", "Count"], SOME, f"{form}.{compression}"
    )
    source = opened(tmp_path)
    assert [file.format for file in source.files] == [READERS.get(form, form)]
    assert rows_of(source, workers=2, task_rows=7, batch_rows=3) == SOME


def test_a_folder_may_mix_formats(tmp_path: Path) -> None:
    for form in WRITTEN:
        write_rows(tmp_path / NAMES.get(form, f"jobs.{form}"), ["User", "Count"], SOME, form)
    (tmp_path / "notes.txt").write_text("Nothing to see, here.\n")
    source = opened(tmp_path)
    assert rows_of(source, workers=2) == SOME * len(WRITTEN)
    assert source.warnings == ("passed over notes.txt: no reader knows the format",)
    assert {each["reader"]: (each["files"], each["rows"]) for each in source.by_reader()} == {
        "classad": (2, 240), "classad_new": (1, 120), "classad_xml": (1, 120),
        **{form: (1, 120) for form in WRITTEN if form not in READERS},
    }  # fmt: skip
