from __future__ import annotations

import json
from functools import partial

import environment_reference as reference
import pyarrow as pa
import pytest
from anonkit_std.environment import parse_environment
from anonkit_std.environment_lines import environment_lines
from anonkit_std.plain_text import escape, wrap
from hypothesis import given
from hypothesis import strategies as st
from reporter_kit import replacing, unchanged

WORDS = st.text(st.sampled_from("aAbB_-./"), min_size=1, max_size=60)
PLAIN = st.lists(st.builds("{}={}".format, WORDS, WORDS), max_size=6).map(" ".join)
OLD = st.lists(st.builds("{}={}".format, WORDS, WORDS), max_size=6).map(";".join)
SIGNS = st.text(st.sampled_from("AB=;' \"x{\n"), max_size=12)
QUOTED = st.lists(st.tuples(WORDS, st.text(max_size=60)), max_size=4).map(reference.write_v2)
ENTRIES = st.lists(st.builds("{}={}".format, WORDS, st.text(st.sampled_from("ab =;'"), max_size=9)), max_size=4)
OBJECTS = st.dictionaries(st.text(st.sampled_from("ab=; "), max_size=4), st.text(st.sampled_from("ab=; "), max_size=9))
JSON = st.builds(json.dumps, ENTRIES | OBJECTS) | st.builds(partial(json.dumps, indent=1), ENTRIES | OBJECTS)
ENVIRONMENTS = st.lists(st.none() | PLAIN | OLD | QUOTED | JSON | SIGNS | st.text(max_size=80))


def lines_of(text: str | None, width: int) -> str:
    """The lines of one environment, the obvious way."""
    variables = parse_environment(text) if text else []
    if variables is None:
        return wrap("", escape(text or ""), width=width, indent=2)
    if not variables:
        return "  (none)\n"
    # A name in JSON may hold an equals sign; on the line it ends there.
    shown = [escape(f"{name}={value}").partition("=") for name, value in variables]
    ordered = sorted(shown, key=lambda variable: variable[0].casefold())
    return "".join(wrap(name + equals, value, width=width, indent=2) for name, equals, value in ordered)


@given(ENVIRONMENTS, st.integers(20, 50), st.integers(0, 3))
def test_agrees_with_the_obvious_way(texts: list[str | None], width: int, start: int) -> None:
    lines = environment_lines(pa.array(texts, pa.string())[start:], width=width, garble=unchanged)
    assert lines.to_pylist() == [lines_of(text, width) for text in texts[start:]]


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
    assert environment_lines(pa.array([text], pa.string()), width=40, garble=unchanged).to_pylist() == [lines]


@pytest.mark.parametrize("text", ["U=al'ic'e", '{"U": "\\u0061lice"}', '["U=\\u0061lice"]', "'U=al''' U='ali'ce"])
def test_what_decoding_reveals_is_garbled(text: str) -> None:
    lines = environment_lines(pa.array([text, "B=1"]), width=40, garble=replacing({"alice": "UR_1"})).to_pylist()
    assert "U=UR_1\n" in lines[0]
    assert "alice" not in lines[0]


def test_no_rows() -> None:
    assert environment_lines(pa.array([], pa.string()), width=40, garble=unchanged).to_pylist() == []
