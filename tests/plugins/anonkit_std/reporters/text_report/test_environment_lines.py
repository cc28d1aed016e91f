from __future__ import annotations

import itertools
import json
from functools import partial

import environment_reference as reference
import numpy as np
import pyarrow as pa
import pytest
from anonkit_std.environment.forms import parse_environment
from anonkit_std.reporters.text_report.environment_lines import environment_lines
from anonkit_std.reporters.text_report.plain_text import wrap
from hypothesis import given
from hypothesis import strategies as st
from reporter_kit import replacing, unchanged

from anonkit.api import printable
from anonkit.arrow.segments import Segments
from anonkit.text import segmentation as cutting

WORDS = st.text(st.sampled_from("aAbB_-./"), min_size=1, max_size=60)
PLAIN = st.lists(st.builds("{}={}".format, WORDS, WORDS), max_size=6).map(" ".join)
OLD = st.lists(st.builds("{}={}".format, WORDS, WORDS), max_size=6).map(";".join)
SIGNS = st.text(st.sampled_from("AB=;' \"x{\n"), max_size=12)
QUOTED = st.lists(st.tuples(WORDS, st.text(max_size=60)), max_size=4).map(reference.write_v2)
ENTRIES = st.lists(st.builds("{}={}".format, WORDS, st.text(st.sampled_from("ab =;'"), max_size=9)), max_size=4)
OBJECTS = st.dictionaries(st.text(st.sampled_from("ab=; "), max_size=4), st.text(st.sampled_from("ab=; "), max_size=9))
JSON = st.builds(json.dumps, ENTRIES | OBJECTS) | st.builds(partial(json.dumps, indent=1), ENTRIES | OBJECTS)
ENVIRONMENTS = st.lists(st.none() | PLAIN | OLD | QUOTED | JSON | SIGNS | st.text(max_size=80))


def whole(*texts: str | None) -> Segments:
    return Segments.from_strings(pa.array(texts, pa.string()))


def lines_of(text: str | None, width: int) -> str:
    """The lines of one environment, the obvious way."""
    variables = parse_environment(text) if text else []
    if variables is None:
        return wrap("", printable(text or ""), width=width, indent=2)
    if not variables:
        return "  (none)\n"
    # A name in JSON may hold an equals sign; on the line it ends there.
    shown = [printable(f"{name}={value}").partition("=") for name, value in variables]
    ordered = sorted(shown, key=lambda variable: variable[0].casefold())
    return "".join(wrap(name + equals, value, width=width, indent=2) for name, equals, value in ordered)


@given(ENVIRONMENTS, st.integers(20, 50), st.integers(0, 3))
def test_agrees_with_the_obvious_way(texts: list[str | None], width: int, start: int) -> None:
    whole = Segments.from_strings(pa.array(texts, pa.string())[start:])
    lines = environment_lines(whole, width=width, garble=unchanged)
    assert lines.to_pylist() == [lines_of(text, width) for text in texts[start:]]


@given(ENVIRONMENTS, st.data())
def test_where_environments_are_cut_does_not_show(texts: list[str | None], data: st.DataObject) -> None:
    distinct: list[str] = []
    ends = [0]
    for text in texts:
        places = data.draw(st.lists(st.integers(0, len(text or "")), max_size=5))
        behind = (
            [place + 1 for place, sign in enumerate(text or "") if sign in " ;'"] if data.draw(st.booleans()) else []
        )
        cuts = sorted({0, len(text or ""), *places, *behind})
        distinct += [(text or "")[low:high] for low, high in itertools.pairwise(cuts)]
        ends.append(len(distinct))
    segments = Segments(pa.array(distinct, pa.string()), np.arange(len(distinct)), np.array(ends))
    lines = environment_lines(segments, width=40, garble=unchanged)
    assert lines.to_pylist() == [lines_of(text, 40) for text in texts]


@given(ENVIRONMENTS)
def test_environments_that_are_cut_as_text_is(texts: list[str | None]) -> None:
    array = pa.array([*(f"N={n} L={'x' * 200}" for n in range(4)), *texts])
    segments = cutting.segment_text(array, cutting.SEPARATORS, probe=3)
    assert segments is not None
    lines = environment_lines(segments, width=40, garble=unchanged)
    assert lines.to_pylist() == [lines_of(text, 40) for text in array.to_pylist()]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("b=1 A=2 a=3  B=4", "  A=2\n  a=3\n  b=1\n  B=4\n"),
        (None, "  (none)\n"),
        (" ", "  (none)\n"),
        ("garbage\x1b[2J here", "  garbage\\x1b[2J here\n"),
        ("A='x\n— Job #2 —'", "  A=x\\n— Job #2 —\n"),
        ("A=" + "x" * 50, "  A=" + "x" * 36 + "\n    " + "x" * 14 + "\n"),
        ("A='" + "x" * 20 + " " + "y" * 30 + "'", "  A=" + "x" * 20 + " \n    " + "y" * 30 + "\n"),
    ],
)
def test_lines(text: str | None, lines: str) -> None:
    assert environment_lines(whole(text), width=40, garble=unchanged).to_pylist() == [lines]


@pytest.mark.parametrize("text", ["U=al'ic'e", '{"U": "\\u0061lice"}', '["U=\\u0061lice"]', "'U=al''' U='ali'ce"])
def test_what_decoding_reveals_is_garbled(text: str) -> None:
    lines = environment_lines(whole(text, "B=1"), width=40, garble=replacing({"alice": "UR_1"})).to_pylist()
    assert "U=UR_1\n" in lines[0]
    assert "alice" not in lines[0]


def test_no_rows() -> None:
    assert environment_lines(whole(), width=40, garble=unchanged).to_pylist() == []


def test_what_begins_or_ends_a_line_by_wrapping_goes_through_the_garbler() -> None:
    environments = whole(f"A={'x' * 16}jane{'y' * 30}", "B=xjane", f"'C={'z ' * 10}{'x' * 12}jane{'y' * 30}'")
    lines = environment_lines(environments, width=20, garble=replacing({r"\bjane": "T"})).to_pylist()
    assert lines[0] == f"  A={'x' * 16}\n    T{'y' * 12}\n    {'y' * 16}\n    {'y' * 2}\n"
    assert lines[1] == "  B=xjane\n"
    assert lines[2].split("\n")[2:4] == [f"    T{'y' * 12}", f"    {'y' * 16}"]
