from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.config.toml import write_value
from anonkit.config.values import (
    Mismatch,
    describe,
    extended,
    from_text,
    mismatches,
    structure,
    unknown_removals,
)

List = tuple[str, ...]
Table = dict[str, tuple[str, ...]]
Codec = Literal["zstd", "gzip"]

texts = st.text(st.characters(exclude_categories=["Cs"]))


def faults(value: object, kind: Any, *, secret: bool = False) -> list[str]:
    with pytest.raises((Mismatch, Exception)) as error:
        structure(value, kind)
    assert isinstance(error.value, Exception)
    return [f"{path}: {mismatch.message(secret=secret)}" for path, mismatch in mismatches(error.value)]


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (True, bool, True),
        (3, int, 3),
        (3, float, 3.0),
        (0.5, float, 0.5),
        ("", str, ""),
        (["a"], List, ("a",)),
        (("a",), List, ("a",)),
        ([], List, ()),
        ({"a": ["b"]}, Table, {"a": ("b",)}),
        ({"a": "b"}, dict[str, str], {"a": "b"}),
        ("zstd", Codec, "zstd"),
        (None, int | None, None),
        (3, int | None, 3),
        ("zstd", Codec | None, "zstd"),
        (["a"], List | None, ("a",)),
        (None, List | None, None),
    ],
)
def test_a_value_is_taken_unchanged(value: object, kind: Any, expected: object) -> None:
    found = structure(value, kind)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "kind", "fault"),
    [
        ("false", bool, ": expected true or false, found the text 'false'; write false"),
        ("maybe", bool, ": expected true or false, found the text 'maybe'"),
        (1, bool, ": expected true or false, found the number 1"),
        ("100", int, ": expected a whole number, found the text '100'; write 100"),
        (True, int, ": expected a whole number, found true"),
        (100.0, int, ": expected a whole number, found the number 100.0"),
        ("0.5", float, ": expected a number, found the text '0.5'"),
        (True, float, ": expected a number, found true"),
        (10**400, float, f": expected a number, found the number {10**400}"),
        (3, str, ": expected a text, found the number 3"),
        (None, str, ": expected a text, found nothing"),
        (["a"], str, ": expected a text, found a list"),
        ("User", List, ": expected a list of texts, found the text 'User'; write [\"User\"]"),
        ({"a": 1}, List, ": expected a list of texts, found a table"),
        (["a", 1], List, "[1]: expected a text, found the number 1"),
        ("a", Table, ": expected a table of lists of texts, found the text 'a'"),
        (["a"], dict[str, str], ": expected a table of texts, found a list"),
        ({"a": "b"}, Table, "['a']: expected a list of texts, found the text 'b'; write [\"b\"]"),
        ({"a": [1]}, Table, "['a'][0]: expected a text, found the number 1"),
        ("zst", Codec, ": expected one of 'zstd', 'gzip', found the text 'zst' (did you mean 'zstd'?)"),
        (1, Codec, ": expected one of 'zstd', 'gzip', found the number 1"),
        ("3", int | None, ": expected a whole number, found the text '3'; write 3"),
        ("zst", Codec | None, ": expected one of 'zstd', 'gzip', found the text 'zst' (did you mean 'zstd'?)"),
    ],
)
def test_a_value_of_another_type_is_no_value(value: object, kind: Any, fault: str) -> None:
    assert faults(value, kind) == [fault]


def test_all_wrong_items_are_reported_at_once() -> None:
    assert len(faults({"a": [1, 2], "b": 3}, Table)) == 3


@pytest.mark.parametrize(
    ("value", "kind", "kind_found"),
    [
        ("quiet", List, "a text"),
        ("quiet", Codec, "a text"),
        (12345, str, "a number"),
        (True, str, "true or false"),
    ],
)
def test_a_secret_value_is_described_by_its_type(value: object, kind: Any, kind_found: str) -> None:
    [fault] = faults(value, kind, secret=True)
    assert fault.endswith(f"found {kind_found}")
    assert str(value) not in fault.replace(kind_found, "")


@pytest.mark.parametrize("kind", [bool, int, float, str, List, Table, dict[str, str], Codec])
def test_an_optional_type_is_described_like_the_type(kind: Any) -> None:
    assert describe(kind | None) == describe(kind)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("true", bool, True),
        ("YES", bool, True),
        ("on", bool, True),
        ("1", bool, True),
        ("False", bool, False),
        ("no", bool, False),
        ("off", bool, False),
        ("0", bool, False),
        ("-12", int, -12),
        ("0.5", float, 0.5),
        ("3", float, 3.0),
        ("as it = is, [all]", str, "as it = is, [all]"),
        ("", str, ""),
        ("", str | None, None),
        ("", int | None, None),
        ("", List | None, None),
        ("a", str | None, "a"),
        ("4", int | None, 4),
        ("", List, []),
        ("a", List, ["a"]),
        ("a, b,,c,", List, ["a", "b", "c"]),
        ('["a,b", ""]', List, ["a,b", ""]),
        ('{a = ["b"]}', Table, {"a": ["b"]}),
        ("gzip", Codec, "gzip"),
    ],
)
def test_a_text_is_parsed_by_the_type(text: str, kind: Any, expected: object) -> None:
    assert from_text(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "kind", "fault"),
    [
        ("maybe", bool, "expected true or false, found the text 'maybe'"),
        ("", bool, "expected true or false, found the text ''"),
        ("1.0", int, "expected a whole number, found the text '1.0'"),
        ("٣", int, "expected a whole number, found the text '٣'"),
        ("9" * 5000, int, f"expected a whole number, found the text '{'9' * 5000}'"),
        ("x", float, "expected a number, found the text 'x'"),
        ("[a]", List, "expected a list of texts as TOML writes it, found the text '[a]'"),
        ("a=b", Table, "expected a table of lists of texts as TOML writes it, found the text 'a=b'"),
    ],
)
def test_a_text_that_means_no_value(text: str, kind: Any, fault: str) -> None:
    with pytest.raises(Mismatch) as error:
        from_text(text, kind)
    assert error.value.message(secret=False) == fault


@given(st.booleans() | st.integers(-(10**29), 10**29) | st.floats(allow_nan=False))
def test_a_number_comes_back_from_its_text(value: bool | int | float) -> None:
    assert structure(from_text(write_value(value), type(value)), type(value)) == value


@given(st.lists(texts))
def test_a_list_comes_back_from_its_toml(value: list[str]) -> None:
    assert structure(from_text(write_value(value), List), List) == tuple(value)


@given(st.dictionaries(texts, st.lists(texts)))
def test_a_table_comes_back_from_its_toml(value: dict[str, list[str]]) -> None:
    assert structure(from_text(write_value(value), Table), Table) == {key: tuple(item) for key, item in value.items()}


@given(st.lists(st.from_regex(r"[A-Za-z_][A-Za-z0-9_. -]*[A-Za-z0-9]", fullmatch=True)))
def test_ordinary_items_come_back_from_between_commas(value: list[str]) -> None:
    assert structure(from_text(",".join(value), List), List) == tuple(value)


@given(texts)
def test_a_text_is_itself(value: str) -> None:
    assert from_text(value, str) == value


def test_items_add_to_a_default_and_take_away() -> None:
    assert extended(("root", "Nobody"), ()) == ("root", "Nobody")
    assert extended(("root", "Nobody"), ("ann", "-NOBODY", "root")) == ("root", "ann")
    assert extended(("root",), ("-root", "root")) == ("root",)
    assert [*unknown_removals(("root",), ("-ROOT", "ann"))] == []
    [fault] = unknown_removals(("root",), ("ann", "-roott"))
    assert fault.startswith("[1]: a word after '-'")
    assert "did you mean 'root'?" in fault
    assert "roott" not in fault


@given(st.lists(st.text()))
def test_a_default_that_is_given_again_changes_nothing(default: list[str]) -> None:
    default = [*dict.fromkeys(one for one in default if not one.startswith("-"))]
    assert extended(default, default) == tuple(default)
