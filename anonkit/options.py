"""Options: the fields of a plugin's options class, and how one is declared.

An options class is an attrs class with fields made by `option`. The field's annotation is its type in TOML, in
an environment variable and on the command line alike:

    ``bool  int  float  str  Path  Size  timedelta``, ``Literal["a", "b"]`` or an `Enum` of texts, ``tuple[T, ...]``,
    ``list[T]`` and ``dict[str, T]`` of them, ``dict[str, tuple[str, ...]]``, each also ``| None``

    @options
    class WaitingOptions:
        top: int = option(10, help="how many users to list", flag="--waiting-top", minimum=1)

Checks across options are for `__attrs_post_init__`: it raises ValueError with what is wrong, and what to
do. A class attribute ``not_options: ClassVar[Mapping[str, str]]`` gives the reason why a key that a user may expect is
no option; the message about the key says it.
"""

from __future__ import annotations

import re
import sys
import types
import typing
from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin
from weakref import WeakKeyDictionary

import attrs

from anonkit.quantities import Size

__all__ = [
    "OptionField",
    "OptionInfo",
    "check_field",
    "choices",
    "is_list",
    "option",
    "option_fields",
    "option_info",
    "options",
    "without_none",
]

T = TypeVar("T")

if sys.version_info >= (3, 11):
    from typing import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Any:
        """Return a decorator that changes nothing: type checkers read the real one on a later Python."""
        return lambda decorator: decorator


_KEY = "anonkit.option"
_SCALARS = (bool, int, float, str, Path, Size, timedelta)
_FLAG = re.compile(r"--[A-Za-z0-9][A-Za-z0-9-]*\Z")


@attrs.frozen(kw_only=True)
class OptionInfo:
    """The declaration of an option besides its type and default."""

    help: str
    """One line, lower case, without a full stop."""
    flag: str | None = None
    """Its flag in `anonkit run`: ``--wrap``, or ``--meta/--no-meta`` for a bool that can be switched both ways."""
    secret: bool = False
    """Its value may hold or betray an identity: it is never published and never shown unasked."""
    minimum: int | None = None
    """The least value of a number; None for no bound."""
    metavar: str | None = None
    """How the help names the value."""
    flag_appends: bool = False
    """Of a list: its flag is given once for each item, instead of once with commas."""
    more: str | None = None
    """Of a text with a flag that may be given again: the key, in its section, of the list of the further texts."""
    file_name: bool = False
    """A text that names an output: a plain file name, without a folder, which no other output has."""
    adds: bool = False
    """Of a list: given items are added to the default; ``-item`` takes one of the default away."""
    counted: bool = False
    """A list or table that names identities, or words beside them: the manifest gives its length alone."""

    @property
    def flags(self) -> tuple[str, ...]:
        """The flag, or both of a pair; none when there is no flag."""
        return tuple(self.flag.split("/")) if self.flag else ()


@attrs.frozen(kw_only=True)
class OptionField:
    """An option as its class declares it."""

    key: str
    type: Any
    """The annotation, resolved."""
    default: Any
    info: OptionInfo


def option(
    default: T,
    *,
    help: str,
    flag: str | None = None,
    secret: bool = False,
    minimum: int | None = None,
    metavar: str | None = None,
    flag_appends: bool = False,
    more: str | None = None,
    file_name: bool = False,
    adds: bool = False,
    counted: bool = False,
) -> T:
    """Declare a field of an options class; every option has a default, so that a plugin runs without a config file.

    `default` must be immutable, or a dict or a list, which is copied for each instance. The other arguments:

    - `help`: one line, lower case, without a full stop.
    - `flag`: its flag in `anonkit run`: ``--wrap``, or ``--meta/--no-meta`` for a bool that can be switched both ways;
      `metavar`: the word for its value in the help.
    - `secret`: the value may hold or betray an identity: it is never published and never shown unasked.
    - `minimum`: the least value of a number.
    - `file_name`: a text that names an output: a plain file name, without a folder, which no other output has.
    - `adds`: items of a list are added to the default; ``-item`` takes one of the default away.
    - `counted`: a list or table that names identities, or words beside them: the manifest has its length alone.
    - `flag_appends`: the flag of a list is given once for each item, instead of once with commas.
    - `more`: of a text with a flag that may be given again: the option of the list of the further texts.
    """
    info = OptionInfo(
        help=help,
        flag=flag,
        secret=secret,
        minimum=minimum,
        metavar=metavar,
        flag_appends=flag_appends,
        more=more,
        file_name=file_name,
        adds=adds,
        counted=counted,
    )
    metadata = {_KEY: info}
    field: Any
    if isinstance(default, (dict, list)):
        template = default
        field = attrs.field(factory=lambda: template.copy(), metadata=metadata)
    else:
        field = attrs.field(default=default, metadata=metadata)
    return field  # type: ignore[no-any-return]  # as attrs types its own `field`


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(option,))
def options(declared: type[T]) -> type[T]:
    """Make a class an options class: frozen, with keyword arguments, and checked where it is defined.

    TypeError, ValueError, NameError with the class, the option, and what is wrong with its type, default or flag.
    """
    made: type[T] = attrs.frozen(kw_only=True)(declared)
    try:
        fields = option_fields(made)
    except (TypeError, ValueError, NameError) as error:
        raise type(error)(f"{declared.__name__}: {error}") from None
    flags = [flag for field in fields for flag in field.info.flags]
    if twice := sorted({flag for flag in flags if flags.count(flag) > 1}):
        raise ValueError(f"{declared.__name__}: two options have the flag {twice[0]}")
    return made


def option_info(field: attrs.Attribute[Any]) -> OptionInfo | None:
    """Return what `option` stored in an attrs field, or None for a field that is not an option."""
    info = field.metadata.get(_KEY)
    return info if isinstance(info, OptionInfo) else None


# Annotations are text that takes a millisecond to read, and a command asks for the options of a plugin some ten times.
_READ: WeakKeyDictionary[type[Any], tuple[OptionField, ...]] = WeakKeyDictionary()


def option_fields(options: type[Any]) -> tuple[OptionField, ...]:
    """Return the options of an options class, in order.

    TypeError when it is not an attrs class, or when a field has no default or a type that no configuration can give;
    ValueError when a flag is malformed; NameError when an annotation cannot be resolved.
    """
    if not attrs.has(options):
        raise TypeError(f"{options!r} is not an attrs class")
    if options not in _READ:
        _READ[options] = tuple(_read(options))
    return _READ[options]


def _read(options: type[Any]) -> Iterator[OptionField]:
    hints = typing.get_type_hints(options)
    for field in attrs.fields(options):
        if info := option_info(field):
            made = OptionField(key=field.name, type=hints[field.name], default=_default(field), info=info)
            check_field(made)
            yield made
        elif field.init and field.default is attrs.NOTHING:
            raise TypeError(f"{field.name!r} has no default and is not made with `option`")


def choices(kind: Any) -> tuple[str, ...]:
    """Return the texts that a type has for values: those of a `Literal`, or of an `Enum`; of another type nothing."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(member.value for member in kind)
    return ()


def is_list(kind: Any) -> bool:
    """Return whether a type is that of a list: ``tuple[T, ...]`` or ``list[T]``."""
    return get_origin(kind) in (tuple, list)


def without_none(kind: Any) -> Any:
    """Return the type that is left of ``X | None``, or the type itself when it has no None."""
    if get_origin(kind) not in (Union, types.UnionType):
        return kind
    rest = tuple(argument for argument in get_args(kind) if argument is not type(None))
    return Union[rest]  # noqa: UP007  # of one type it is that type


def _default(field: attrs.Attribute[Any]) -> Any:
    made: Any = field.default
    factory: Any = attrs.Factory  # a function to mypy, a class at run time
    return made.factory() if isinstance(made, factory) else made


def check_field(field: OptionField) -> None:
    """Check an option's type, default, help and flags: TypeError, ValueError with what is wrong."""
    if not _is_supported(without_none(field.type)):
        raise TypeError(
            f"the option {field.key!r} has a type that no configuration can give: {field.type}; write tuple[str, ...] "
            'or list[str] for a list, Literal["a", "b"] or an Enum of texts for one of several texts; '
            "docs/authors lists all types"
        )
    if not _is_value(field.default, field.type):
        raise TypeError(f"the option {field.key!r} has a default that is not of its type: {field.default!r}")
    if not isinstance(field.info.help, str):
        raise TypeError(f"the option {field.key!r} has a help that is not text: {field.info.help!r}")
    for flag in field.info.flags:
        if not _FLAG.match(flag):
            raise ValueError(
                f"the option {field.key!r} has the flag {flag!r}, which is not two dashes, letters, digits and dashes"
            )
    if len(field.info.flags) > 1 and without_none(field.type) is not bool:
        raise ValueError(f"the option {field.key!r} has two flags but is not true or false: {field.info.flag}")
    if field.info.adds and get_origin(field.type) is not tuple:
        raise TypeError(f"the option {field.key!r} adds to its default but is not a list of texts: {field.type}")
    if field.info.counted and get_origin(field.type) not in (tuple, list, dict):
        raise TypeError(f"the option {field.key!r} is counted but is neither a list nor a table: {field.type}")


def _is_supported(kind: Any) -> bool:
    if texts := choices(kind):
        return all(isinstance(text, str) for text in texts)
    match get_origin(kind), get_args(kind):
        case None, _:
            return kind in _SCALARS
        case origin, (item,) if origin is list:
            return _is_item(item)
        case origin, (item, rest) if origin is tuple:
            return rest is Ellipsis and _is_item(item)
        case origin, (key, value) if origin is dict:
            return key is str and (_is_item(value) or value == tuple[str, ...])
    return False


def _is_item(kind: Any) -> bool:
    """Return whether a list or a table may hold values of a type."""
    return kind in _SCALARS or (bool(choices(kind)) and _is_supported(kind))


def _is_value(value: Any, kind: Any) -> bool:
    """Return whether a value is one that an option of that type may have."""
    bare = without_none(kind)
    if value is None:
        return bare is not kind
    match get_origin(bare), get_args(bare):
        case None, _:
            wider: dict[Any, Any] = {float: (int, float), Size: int}
            return isinstance(value, wider.get(bare, bare)) and isinstance(value, bool) <= (bare is bool)
        case origin, texts if origin is Literal:
            return value in texts
        case origin, (item, *_) if origin in (tuple, list):
            return isinstance(value, origin) and all(_is_value(element, item) for element in value)
        case _, (_, inner):
            return isinstance(value, dict) and all(
                isinstance(key, str) and _is_value(entry, inner) for key, entry in value.items()
            )
    return False
