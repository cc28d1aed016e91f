from __future__ import annotations

import pyarrow as pa
import pytest
from anonkit_std.reporters.text_report.plain_text import escape_column, is_printable, wrap, wrap_column
from hypothesis import given
from hypothesis import strategies as st
from reporter_kit import replacing, unchanged

from anonkit.api import printable

TEXTS = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("\0\n\r\t\x1b\u202e\u200b a-é"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain C:\\n é ☃", "plain C:\\n é ☃"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x1b[31m\x7f\x9b", "\\x1b[31m\\x7f\\x9b"),
        ("\u202e\u200b\u2028\u2029\ufeff", "\\u202e\\u200b\\u2028\\u2029\\ufeff"),
        ("\U000e0041\ud800\xa0", "\\U000e0041\\ud800\\xa0"),
        ("\0", "\\x00"),
    ],
)
def test_what_does_not_print_is_shown_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.lists(TEXTS | st.none()), st.integers(0, 3))
def test_column_is_escaped_like_its_cells(texts: list[str | None], start: int) -> None:
    column = pa.array(texts, pa.string())[start:]
    escaped = escape_column(column).to_pylist()
    assert escaped == [None if text is None else printable(text) for text in texts[start:]]
    assert all(text is None or text.isprintable() for text in escaped)


@given(st.lists(TEXTS | st.none()), st.integers(0, 3))
def test_is_printable(texts: list[str | None], start: int) -> None:
    expected = [all(" " <= character <= "~" for character in text or "") for text in texts]
    assert is_printable(pa.array(texts, pa.string())[start:]).tolist() == expected[start:]


def test_long_value_continues_under_itself() -> None:
    assert wrap("KEY=", "x" * 50, width=40, indent=2) == f"  KEY={'x' * 34}\n      {'x' * 16}\n"


def test_long_value_breaks_at_blanks_and_keeps_them() -> None:
    text = wrap("KEY=", "one two  three-four five six seven", width=26, indent=2)
    assert text == "  KEY=one two  three-four \n      five six seven\n"


def test_long_label_is_broken_too() -> None:
    assert wrap("K" * 30 + "=", "x" * 20, width=30, indent=2) == f"  {'K' * 28}\n    KK={'x' * 20}\n"


@given(TEXTS, TEXTS, st.integers(20, 60), st.integers(0, 2))
def test_nothing_is_lost_and_nothing_sticks_out(label: str, value: str, width: int, indent: int) -> None:
    label, value = printable(label), printable(value)
    text = wrap(label, value, width=width, indent=indent)
    assert text.endswith("\n")
    first, *others = text[:-1].split("\n")
    assert all(len(line) <= width for line in [first, *others])
    assert first.startswith(" " * indent)
    start = indent + len(label)
    margin = " " * (start if width - start >= min(20, width - 4) else 4)
    assert all(line.startswith(margin) for line in others)
    assert first[indent:] + "".join(line[len(margin) :] for line in others) == label + value


@given(st.lists(TEXTS | st.none()), st.integers(20, 40))
def test_column_is_wrapped_like_its_cells(texts: list[str | None], width: int) -> None:
    column = escape_column(pa.array(texts, pa.string()))
    expected = [None if text is None else wrap("Job: ", text, width=width, indent=1) for text in column.to_pylist()]
    assert wrap_column("Job: ", column, width=width, indent=1, garble=unchanged).to_pylist() == expected


def test_what_begins_or_ends_a_line_by_wrapping_goes_through_the_garbler() -> None:
    column = pa.array([f"{'x' * 16}jane{'y' * 20}", "xjane"])
    garble = replacing({r"\bjane": "T"})
    assert wrap_column("", column, width=20, indent=4, garble=garble).to_pylist() == [
        f"    {'x' * 16}\n    T{'y' * 12}\n    {'y' * 8}\n",
        "    xjane\n",
    ]
