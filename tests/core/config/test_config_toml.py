from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.config.toml import parse_value, read_document, write_comment, write_value
from anonkit.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=8)


@given(values)
def test_what_is_written_is_read_back(value: object) -> None:
    assert parse_value(write_value(value)) == value


@given(values)
def test_a_written_value_is_one_printable_line(value: object) -> None:
    assert write_value(value).isprintable()


@given(texts)
def test_nothing_ends_a_comment(text: str) -> None:
    assert write_comment(text).isprintable()
    assert tomllib.loads(write_comment(text)) == {}


def test_half_a_character_is_replaced() -> None:
    assert write_value("a\udcffb") == '"a\N{REPLACEMENT CHARACTER}b"'


def test_a_value_that_toml_has_no_form_for() -> None:
    with pytest.raises(TypeError, match="no TOML for a NoneType"):
        write_value(None)


@pytest.mark.parametrize("text", ["", "x y", "[1", "1\nother = 2", "[" * 5000])
def test_what_is_no_value(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a value in TOML|more than one value"):
        parse_value(text)


def read(tmp_path: Path, content: bytes) -> dict[str, object]:
    (tmp_path / "a.toml").write_bytes(content)
    return read_document(tmp_path / "a.toml")


@pytest.mark.parametrize("content", [b"a = 1\n", b"a = 1\r\n", b"\xef\xbb\xbfa = 1\n"])
def test_a_document_as_editors_write_it(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content) == {"a": 1}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"a = 1\nb = \n", "line 2, column 5: Invalid value"),
        (b"a = [1,\n  2", "line 2, column 4: Unclosed array"),
        (b"a = 1\na = 2\n", "line 2, column 6: Cannot overwrite a value"),
        (b"a = 1\n# \xe4\n", "line 2: not UTF-8; save the file in that encoding"),
    ],
)
def test_a_document_that_is_no_toml(tmp_path: Path, content: bytes, fault: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(tmp_path, content)
    assert error.value.mistakes == (f"{tmp_path / 'a.toml'}: {fault}",)


def test_a_document_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(ConfigError) as error:
        read_document(path)
    assert error.value.mistakes == (f"{path}: no such file; `anonkit init {path}` writes one",)


def test_a_document_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        read_document(tmp_path)
