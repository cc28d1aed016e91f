from __future__ import annotations

from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import attrs
import pytest
from sample_plugins import TallyOptions

from anonkit.options import OptionInfo, option, option_fields, option_info, options, without_none
from anonkit.quantities import Size


def one_option(kind: Any, default: Any = None, **more: Any) -> type[Any]:
    return attrs.make_class("Options", {"thing": option(default, help="a thing", **more)}, kw_only=True) | _typed(kind)


class _typed:
    """Puts an annotation on the field of a class that `attrs.make_class` has made."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind

    def __ror__(self, made: type[Any]) -> type[Any]:
        made.__annotations__ = {"thing": self.kind}
        return made


def test_fields_come_in_order_with_types_and_defaults() -> None:
    fields = {field.key: field for field in option_fields(TallyOptions)}
    assert list(fields)[:3] == ["file", "extra_file", "top"]
    assert fields["top"].type is int
    assert fields["top"].default == 10
    assert fields["top"].info.minimum == 1
    assert fields["file"].info.file_name
    assert fields["labels"].default == {}
    assert fields["style"].type == Literal["long", "short"]


def test_flags() -> None:
    assert OptionInfo(help="").flags == ()
    assert OptionInfo(help="", flag="--wrap").flags == ("--wrap",)
    assert OptionInfo(help="", flag="--meta/--no-meta").flags == ("--meta", "--no-meta")


def test_a_dict_is_copied_for_each_instance() -> None:
    @attrs.define
    class Options:
        names: dict[str, str] = option({"a": "b"}, help="names")

    first = Options()
    first.names["c"] = "d"
    assert Options().names == {"a": "b"}


def test_an_ordinary_field_is_no_option() -> None:
    @attrs.frozen
    class Options:
        made: int = 3

    assert option_info(attrs.fields(Options).made) is None
    assert option_fields(Options) == ()


class Order(Enum):
    FIRST = "first"
    LATEST = "latest"


class Number(Enum):
    ONE = 1


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        (bool, False),
        (int, 3),
        (float, 3),
        (float, 0.5),
        (str, ""),
        (tuple[str, ...], ("a",)),
        (dict[str, str], {"a": "b"}),
        (dict[str, tuple[str, ...]], {"a": ("b",)}),
        (Literal["a", "b"], "b"),
        (str | None, None),
        (Literal["a"] | None, None),
        (tuple[str, ...] | None, None),
        (Path, Path("x")),
        (Path | None, None),
        (Size, Size(3)),
        (Size, 3),
        (timedelta, timedelta(hours=1)),
        (tuple[int, ...], (1, 2)),
        (tuple[Literal["a", "b"], ...], ("b",)),
        (tuple[Path, ...], (Path("x"),)),
        (dict[str, int], {"a": 1}),
        (dict[str, timedelta], {"a": timedelta(1)}),
        (list[str], ["a"]),
        (list[Order], [Order.LATEST]),
        (Order, Order.LATEST),
        (Order | None, None),
        (tuple[Order, ...], (Order.FIRST,)),
    ],
)
def test_types_that_a_configuration_can_give(kind: Any, default: Any) -> None:
    [field] = option_fields(one_option(kind, default))
    assert field.type == kind


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        (bool, 1),
        (int, True),
        (int, "3"),
        (str, None),
        (tuple[str, ...], ["a"]),
        (tuple[str, ...], "a"),
        (dict[str, str], {"a": 1}),
        (Literal["a"], "b"),
        (Path, "x"),
        (Size, "3 MB"),
        (timedelta, 60),
        (tuple[int, ...], ("1",)),
        (tuple[Literal["a"], ...], ("b",)),
        (list[str], ("a",)),
        (Order, "first"),
    ],
)
def test_a_default_is_of_the_option_s_type(kind: Any, default: Any) -> None:
    with pytest.raises(TypeError, match="the option 'thing' has a default that is not of its type"):
        option_fields(one_option(kind, default))


@pytest.mark.parametrize(
    "kind",
    [
        list[list[str]],
        Number,
        tuple[str, str],
        tuple[tuple[int, ...], ...],
        dict[str, tuple[int, ...]],
        dict[int, str],
        Literal[1],
        int | str,
        set,
        Any,
    ],
)
def test_types_that_no_configuration_can_give(kind: Any) -> None:
    advice = (
        r"the option 'thing' has a type that no configuration can give: .*; write tuple\[str, \.\.\.\] or list\[str\]"
    )
    with pytest.raises(TypeError, match=advice):
        option_fields(one_option(kind))


def test_a_field_that_nothing_can_set() -> None:
    @attrs.frozen
    class Options:
        needed: int

    with pytest.raises(TypeError, match="'needed' has no default and is not made with `option`"):
        option_fields(Options)


def test_a_class_that_is_not_attrs() -> None:
    with pytest.raises(TypeError, match="is not an attrs class"):
        option_fields(dict)


@pytest.mark.parametrize("flag", ["-w", "wrap", "--", "--yes/no"])
def test_a_flag_starts_with_two_dashes(flag: str) -> None:
    with pytest.raises(ValueError, match="is not two dashes, letters, digits and dashes"):
        option_fields(one_option(bool, False, flag=flag))


def test_only_a_bool_has_two_flags() -> None:
    with pytest.raises(ValueError, match="has two flags but is not true or false"):
        option_fields(one_option(int, 3, flag="--more/--less"))


def test_without_none() -> None:
    assert without_none(int | None) is int
    assert without_none(Literal["a"] | None) == Literal["a"]
    assert without_none(str) is str


class TestCheckedWhereItIsDefined:
    def test_a_right_one_is_frozen_with_keywords(self) -> None:
        @options
        class Waiting:
            top: int = option(3, help="how many", flag="--waiting-top")
            least: timedelta = option(timedelta(minutes=1), help="shortest wait")

        assert Waiting(top=4).top == 4
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            Waiting().top = 5  # type: ignore[misc]  # the mistake
        assert [field.key for field in option_fields(Waiting)] == ["top", "least"]

    def test_a_wrong_default(self) -> None:
        with pytest.raises(TypeError, match=r"^Waiting: the option 'top' has a default that is not of its type: 'x'"):

            @options
            class Waiting:
                top: int = option("x", help="how many")  # type: ignore[assignment]  # the mistake

    def test_an_unsupported_annotation(self) -> None:
        with pytest.raises(TypeError, match=r"^Waiting: the option 'top' has a type that no configuration can give"):

            @options
            class Waiting:
                top: complex = option(1j, help="how many")

    def test_a_clash(self) -> None:
        with pytest.raises(ValueError, match=r"^Waiting: two options have the flag --top"):

            @options
            class Waiting:
                top: int = option(1, help="how many", flag="--top")
                most: int = option(1, help="at most", flag="--top")
