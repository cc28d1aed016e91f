"""The values of options: strict conversion of TOML values, and of texts by the option's type.

TOML values are not converted: ``"100"`` is not a number, ``1`` not a bool, ``"User"`` not a list; only an integer may
be given for a float. A text from a variable, a flag or `--set` is parsed by the option's type:

    bool          true false yes no on off 1 0
    path, size    the text as it is: 64 MB
    duration      the text as it is: 1h30m
    list          items between commas, or a TOML array; an empty item counts only in an array
    table         a TOML inline table
    ``X | None``  the empty text is None
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Literal, NoReturn, TypeVar, get_args, get_origin

import cattrs
from cattrs import IterableValidationError

from anonkit.config.toml import parse_value, write_value
from anonkit.errors import nearest
from anonkit.options import choices, is_list, without_none
from anonkit.quantities import Size, parse_duration, parse_size

__all__ = ["Mismatch", "describe", "extended", "from_text", "mismatches", "structure", "unknown_removals"]

T = TypeVar("T")

_BOOLS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_WHOLE = re.compile(r"[+-]?[0-9]{1,30}\Z")
_NAMES: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    Path: "a path",
    Size: 'a size like "64 MB"',
    timedelta: 'a duration like "1h30m"',
}
_SEVERAL = {int: "whole numbers", float: "numbers", str: "texts", Path: "paths", Size: "sizes", timedelta: "durations"}


class Mismatch(ValueError):
    """A value that is not of the expected type. `hint` and `found` may quote the value."""

    def __init__(self, expected: str, found: object, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.found = found
        self.hint = hint

    def message(self, *, secret: bool) -> str:
        """Return the expected type and the value found, in words; for a secret value only its type."""
        if secret:
            return f"expected {self.expected}, found {_kind_of(self.found)}"
        return f"expected {self.expected}, found {_quoted(self.found)}{self.hint}"


def structure(value: object, kind: Any) -> Any:
    """Return the value converted to the type `kind`; raise an error that `mismatches` reads."""
    return _converter.structure(value, kind)


def from_text(text: str, kind: Any) -> object:
    """Return the TOML value that a text means for an option of type `kind`; Mismatch when it means none."""
    bare = without_none(kind)
    if bare is not kind and not text:
        return None
    if bare is bool:
        return _BOOLS[text.casefold()] if text.casefold() in _BOOLS else _refuse(bare, text)
    if bare is int:
        return int(text) if _WHOLE.match(text) else _refuse(bare, text)
    if bare is float:
        return _number(text)
    if is_list(bare):
        if text.startswith("["):
            return _toml(text, bare)
        return [from_text(item.strip(), get_args(bare)[0]) for item in text.split(",") if item.strip()]
    if _origin(bare) is dict:
        return _toml(text, bare)
    return text


def mismatches(error: Exception, path: str = "") -> Iterator[tuple[str, Mismatch]]:
    """Yield each mismatch in an error of `structure`, with its place in the value: ``[2]``, ``['key'][0]``."""
    if isinstance(error, IterableValidationError):
        for inner, note in error.group_exceptions()[0]:
            yield from mismatches(inner, f"{path}[{note.index!r}]")
    elif isinstance(error, Mismatch):
        yield path, error
    else:
        raise error


def extended(default: Sequence[str], items: Sequence[str]) -> tuple[str, ...]:
    """Return the default list with items added, and without those that an item ``-word`` takes away.

    Letter case does not matter for items that are taken away.
    """
    removed = {item[1:].casefold() for item in items if item.startswith("-")}
    left = [item for item in default if item.casefold() not in removed]
    return tuple(dict.fromkeys((*left, *(item for item in items if not item.startswith("-")))))


def unknown_removals(default: Sequence[str], items: Sequence[str]) -> Iterator[str]:
    """Yield a message for each item ``-word`` whose word is not in the default; it quotes no item."""
    known = {item.casefold() for item in default}
    for place, item in enumerate(items):
        word = item[1:]
        if item.startswith("-") and word.casefold() not in known:
            yield (
                f"[{place}]: a word after '-' is taken out of the default list, which does not have it"
                f"{nearest(word.casefold(), default)}; to see the list, run `anonkit init` or `anonkit config show`"
            )


def describe(kind: Any) -> str:
    """Return a type in words: ``a whole number``, ``one of 'a', 'b'``, ``a list of texts``."""
    bare = without_none(kind)
    if texts := choices(bare):
        return f"one of {', '.join(map(repr, texts))}"
    if _origin(bare) is None:
        return _NAMES[bare]
    if is_list(bare):
        return f"a list of {_several(get_args(bare)[0])}"
    inner = get_args(bare)[1]
    return "a table of lists of texts" if _origin(inner) is tuple else f"a table of {_several(inner)}"


def _several(kind: Any) -> str:
    return f"texts, each {describe(kind)}" if choices(kind) else _SEVERAL.get(kind, "true or false")


def _origin(kind: Any) -> Any:
    """Return the same as `get_origin`, to which mypy gives a type that no origin here is compatible with."""
    return get_origin(kind)


def _scalar(value: object, kind: Any) -> Any:
    return value if type(value) is kind else _refuse(kind, value)


def _float(value: object, _: Any) -> float:
    if type(value) is int and abs(value) < 2**1023:
        return float(value)
    return value if isinstance(value, float) else _refuse(float, value)


def _path(value: object, _: Any) -> Path:
    if isinstance(value, Path):
        return value
    return Path(value) if isinstance(value, str) and value else _refuse(Path, value)


def _size(value: object, _: Any) -> Size:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Size(value)
    return _parsed(value, Size, parse_size)


def _duration(value: object, _: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    return _parsed(value, timedelta, parse_duration)


def _parsed(value: object, kind: type[T], parse: Callable[[str], T]) -> T:
    if isinstance(value, str):
        with suppress(ValueError):
            return parse(value)
    _refuse(kind, value)


def _literal(value: object, kind: Any) -> Any:
    return value if isinstance(value, str) and value in get_args(kind) else _refuse(kind, value)


def _enum(value: object, kind: Any) -> Any:
    if isinstance(value, kind):
        return value
    return kind(value) if isinstance(value, str) and value in choices(kind) else _refuse(kind, value)


def _list(value: object, kind: Any) -> Any:
    return list(_tuple(value, kind))


def _tuple(value: object, kind: Any) -> Any:
    if not isinstance(value, (list, tuple)):
        _refuse(kind, value)
    items: Any = Sequence[get_args(kind)[0]]  # type: ignore[misc]  # a type made at run time
    return tuple(_converter.structure(value, items))


def _dict(value: object, kind: Any) -> Any:
    if not isinstance(value, Mapping):
        _refuse(kind, value)
    table: Any = Mapping[get_args(kind)]  # type: ignore[misc]  # as above
    return dict(_converter.structure(value, table))


def _make_converter() -> cattrs.Converter:
    converter = cattrs.Converter(detailed_validation=True)
    for scalar in (bool, int, str):
        converter.register_structure_hook(scalar, _scalar)
    converter.register_structure_hook(float, _float)
    converter.register_structure_hook(Path, _path)
    converter.register_structure_hook(Size, _size)
    converter.register_structure_hook(timedelta, _duration)
    converter.register_structure_hook_func(lambda kind: _origin(kind) is Literal, _literal)
    converter.register_structure_hook_func(lambda kind: isinstance(kind, type) and issubclass(kind, Enum), _enum)
    converter.register_structure_hook_func(lambda kind: _origin(kind) is tuple, _tuple)
    converter.register_structure_hook_func(lambda kind: _origin(kind) is list, _list)
    converter.register_structure_hook_func(lambda kind: _origin(kind) is dict, _dict)
    return converter


_converter = _make_converter()


def _refuse(kind: Any, found: object) -> NoReturn:
    hint = ""
    if texts := choices(kind):
        hint = nearest(found, texts) if isinstance(found, str) else ""
    elif isinstance(found, str) and (meant := _meant(found, kind)) is not None:
        hint = f"; write {write_value(meant)}"
    raise Mismatch(describe(kind), found, hint)


def _meant(text: str, kind: Any) -> object:
    """Return the value of a quoted text without its quotes, None when that does not fit either."""
    if is_list(kind):
        return [text]
    if kind is bool:
        return _BOOLS.get(text.casefold())
    return int(text) if kind in (int, float) and _WHOLE.match(text) else None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        _refuse(float, text)


def _toml(text: str, kind: Any) -> object:
    try:
        return parse_value(text)
    except ValueError:
        raise Mismatch(f"{describe(kind)} as TOML writes it", text) from None


def _quoted(value: object) -> str:
    if isinstance(value, str):
        return f"the text {value!r}"
    if isinstance(value, bool):
        return str(value).lower()
    return f"the number {value}" if isinstance(value, (int, float)) else _kind_of(value)


def _kind_of(value: object) -> str:
    if value is None:
        return "nothing"
    for kind, name in ((bool, "true or false"), (int, "a number"), (float, "a number"), (str, "a text")):
        if isinstance(value, kind):
            return name
    if isinstance(value, (list, tuple)):
        return "a list"
    return "a table" if isinstance(value, Mapping) else f"a {type(value).__name__}"
