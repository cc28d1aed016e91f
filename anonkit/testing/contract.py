"""The base of the contract classes: inherited tests stay, and a broken law is a failure in words."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn, TypeVar

import attrs
import pytest

from anonkit.options import option_fields

__all__ = ["Contract", "broken", "check_options", "pickled"]

T = TypeVar("T")


class Contract:
    """A class of tests to derive from.

    A test of it may be overridden only with a reason: ``overridden = {"test_no_rows_are_fine": "the format …"}``.
    """

    overridden: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Inherited tests that the class overrides, each with its reason."""

    def __init_subclass__(cls) -> None:
        inherited = {name for base in cls.__mro__[1:] for name in vars(base) if name.startswith("test_")}
        for name in sorted(inherited & vars(cls).keys()):
            if not cls.overridden.get(name, "").strip():
                raise TypeError(
                    f"{cls.__name__} overrides {name} of its contract; remove it, or give the reason: "
                    f'overridden = {{"{name}": "…"}}'
                )


def broken(law: str) -> NoReturn:
    """Fail the test: `law` says which promise is broken, how that was seen, and where to look."""
    pytest.fail(law, pytrace=False)


def pickled(value: T, what: str) -> T:
    """Return a value as another process gets it; fail the test when it cannot be sent."""
    try:
        sent: T = pickle.loads(pickle.dumps(value))
    except Exception as error:  # pickling runs code of the plugin, which may raise anything
        broken(
            f"{what} cannot be sent to another process ({type(error).__name__}: {error}); "
            "use plain values, and classes and functions of a module"
        )
    return sent


def check_options(plugin: Any) -> None:
    """Fail the test when the attribute `options` of a plugin is not an options class, or has an option without help."""
    options = getattr(plugin, "options", None)
    if options is None:
        return
    if not attrs.has(type(options)):
        broken(f"options is a {type(options).__name__}, not an attrs class with fields made by `option`")
    try:
        fields = option_fields(type(options))
    except (TypeError, ValueError, NameError) as error:
        broken(f"{type(options).__name__}: {error}")
    for field in fields:
        if not field.info.help.strip():
            broken(f"{type(options).__name__}: the option {field.key!r} has no help")
