from __future__ import annotations

import json
import string
import tracemalloc

import environment_reference as reference
import pytest
from anonkit_std.environment.forms import parse_environment
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

NAMES = st.text(string.ascii_letters + string.digits + "_.-", min_size=1)
VALUES = st.text()
VARIABLES = st.lists(st.tuples(NAMES, VALUES))


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("A=1 B=2", [("A", "1"), ("B", "2")]),
        ("  A=1 \t B=2\r\nC= ", [("A", "1"), ("B", "2"), ("C", "")]),
        ("A=x=y", [("A", "x=y")]),
        ("A='x y' B=2", [("A", "x y"), ("B", "2")]),
        ("'A=x y' B=2", [("A", "x y"), ("B", "2")]),
        ("A=one' 'two", [("A", "one two")]),
        ("A='it''s' B=''", [("A", "it's"), ("B", "")]),
        ("A='''' B=''''''", [("A", "'"), ("B", "''")]),
        ('A="x B=y\\ C=z"', [("A", '"x'), ("B", "y\\"), ("C", 'z"')]),
        ("A='x\ny=1;z=2'", [("A", "x\ny=1;z=2")]),
        ("A=1 A=2", [("A", "1"), ("A", "2")]),
        ("A=1;B=two words;C=", [("A", "1"), ("B", "two words"), ("C", "")]),
        ("A=1\nB=two words", [("A", "1"), ("B", "two words")]),
        ("A=1|B=two words|C=|", [("A", "1"), ("B", "two words"), ("C", "")]),
        ("A=C:\\x;D:\\y|B=2|C=3", [("A", "C:\\x;D:\\y"), ("B", "2"), ("C", "3")]),
        ("A=x|y B=2", [("A", "x|y"), ("B", "2")]),
        ("A=x|B=2 C=3", [("A", "x|B=2"), ("C", "3")]),
        ("A=x | B=2", [("A", "x | B=2")]),
        ("A='x|B=2'", [("A", "x|B=2")]),
        ("A=1; B=two words;;\n", [("A", "1"), ("B", "two words")]),
        ("A=1 B", [("A", "1 B")]),
        ("A='open", [("A", "'open")]),
        ("PATH=/a;/b C=1", [("PATH", "/a;/b"), ("C", "1")]),
        ("A=it's;B=1", [("A", "it's"), ("B", "1")]),
        ('{"A": "x y", "B": 2, "C": null, "D": [1, "é"]}', [("A", "x y"), ("B", "2"), ("C", ""), ("D", '[1, "é"]')]),
        ('["A=1", "B=x=y"]', [("A", "1"), ("B", "x=y")]),
        (' [{"name": "A", "value": "\\u0061"}, {"name": "B"}]', [("A", "a"), ("B", "")]),
        ('{"A": "\\ud800"}', [("A", "\\ud800")]),
        ("{A=1", [("{A", "1")]),
        ("", []),
        (" \n", []),
        ("{}", []),
    ],
)
def test_form_is_read(text: str, variables: list[tuple[str, str]]) -> None:
    assert parse_environment(text) == variables


@pytest.mark.parametrize(
    "text",
    [
        "no variables here",
        "=1",
        "A B=1",
        "'A=open",
        "'A'B;=1",
        "[1, 2]",
        '["A"]',
        '{"A": ',
        "[" * 100_000,
        '{"A": ' * 100_000,
        '[{"A": "1"}]',
    ],
)
def test_text_in_no_form_is_not_read(text: str) -> None:
    assert parse_environment(text) is None


@many_examples
@given(VARIABLES)
def test_what_is_written_in_v2_is_read_again(variables: list[tuple[str, str]]) -> None:
    assert parse_environment(reference.write_v2(variables)) == variables


@many_examples
@given(st.text(st.sampled_from("AB=;|' \t\n\"\\x{[")))
def test_agrees_with_the_reference(text: str) -> None:
    assert parse_environment(text) == reference.read(text)


@many_examples
@given(st.dictionaries(st.text(), st.text() | st.integers() | st.booleans()))
def test_json_objects_are_read(variables: dict[str, str | int | bool]) -> None:
    expected = [(name, value if isinstance(value, str) else json.dumps(value)) for name, value in variables.items()]
    assert parse_environment(json.dumps(variables)) == expected


@pytest.mark.parametrize("part", ["a", "'", "'a'", "''", "A=1 "])
def test_a_long_environment_takes_memory_for_its_entries_alone(part: str) -> None:
    text = f"A={part * (600_000 // len(part))}"
    tracemalloc.start()
    try:
        entries = parse_environment(text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert entries is not None
    assert peak < 25 * len(text) + 150 * len(entries)
