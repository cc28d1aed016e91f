"""A garbled environment reads like the environment read and then garbled, in every form, whatever is in its values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache

import pyarrow as pa
import pytest
from anonkit_std.environment.forms import parse_environment
from environment_reference import write_v2
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

from anonkit.plugin.contracts import Boundary
from anonkit.text.replace import TextReplacer
from anonkit.text.spellings import Literal, Literals

NEED_QUOTES = r"[ \t\r\n']+"
Variables = list[tuple[str, str]]
Writer = Callable[[Variables], str]

NAMES = (
    "annak",
    "o'brien",
    "anna example",
    "a;bcdef",
    "annak%41",
    'an"nak',
    "an\\nak",
    "nova",
    "'annak",
    "annak'",
)
TOKENS = {name: f"UR_{number}" for number, name in enumerate(NAMES, 1)}


def write_v1(variables: Variables) -> str:
    return ";".join(f"{name}={value}" for name, value in variables)


def write_bare_v2(variables: Variables) -> str:
    """With quotes only where they are needed: in the middle."""
    return " ".join(f"{name}={re.sub(NEED_QUOTES, _quoted, value)}" for name, value in variables)


def _quoted(match: re.Match[str]) -> str:
    return "'" + match[0].replace("'", "''") + "'"


def write_object(variables: Variables) -> str:
    return json.dumps(dict(variables))


def write_list(variables: Variables) -> str:
    return json.dumps([f"{name}={value}" for name, value in variables], ensure_ascii=False)


V2: list[Writer] = [write_v2, write_bare_v2]
JSON: list[Writer] = [write_object, write_list]


@cache
def replacer(names: tuple[str, ...]) -> TextReplacer:
    """Return what replaces the names, made once for all examples."""
    literals = [Literal(name, Boundary.PREFIX if len(name) < 5 else Boundary.ANYWHERE, TOKENS[name]) for name in names]
    return TextReplacer(Literals.from_literals(literals))


def garbled(texts: Sequence[str], names: Sequence[str]) -> list[str]:
    cells: list[str] = replacer(tuple(sorted(names)))(pa.array(texts, pa.string())).to_pylist()
    return cells


def garbled_values(variables: Variables, names: Sequence[str]) -> Variables:
    keys = [key for key, _ in variables]
    return list(zip(keys, garbled([value for _, value in variables], names), strict=True))


@st.composite
def variables_with(draw: st.DrawFn, names: Sequence[str], alphabet: str) -> Variables:
    value = st.lists(st.sampled_from(names) | st.text(alphabet, max_size=3), max_size=4).map("".join)
    values = draw(st.lists(value, min_size=1, max_size=4))
    return [(f"K{place}", text) for place, text in enumerate(values)]


def read(text: str) -> Variables:
    found = parse_environment(text)
    assert found is not None, text
    return found


PLAIN = ("annak", "nova", "anna example")


@pytest.mark.parametrize("write", [*V2, *JSON])
@many_examples
@given(st.data())
def test_reads_like_what_was_read_and_then_garbled(write: Writer, data: st.DataObject) -> None:
    variables = data.draw(variables_with(PLAIN, "xy /.,;%3-"))
    text = write(variables)
    assert read(text) == variables
    (written,) = garbled([text], PLAIN)
    assert read(written) == garbled_values(variables, PLAIN)


@many_examples
@given(st.data())
def test_v1_reads_like_what_was_read_and_then_garbled(data: st.DataObject) -> None:
    variables = data.draw(variables_with(("annak", "nova"), "xy /.,%3-"))
    text = write_v1(variables) + ";X=1;Y=2"
    (written,) = garbled([text], PLAIN)
    if read(text)[: len(variables)] == variables:
        assert read(written)[:-2] == garbled_values(variables, PLAIN)


@pytest.mark.parametrize("write", [*V2, *JSON])
@many_examples
@given(st.data())
def test_environments_can_be_read_with_any_name(write: Writer, data: st.DataObject) -> None:
    """Names that hold quotes or backslashes may be found in more places in what is written than in what is read."""
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    variables = data.draw(variables_with(names, "xy /.,;%3-'\"\\\n"))
    text = write(variables)
    (written,) = garbled([text], names)
    found = read(written)
    assert [name for name, _ in found] == [name for name, _ in variables]
    # Nobody is in what a reader sees.
    for _, value in found:
        assert not [name for name in names if name in value and name != "nova"]
