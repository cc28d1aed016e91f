"""Options: the fields of a plugin's options class, and how one is declared.

An options class is an attrs class whose fields are made with `option`. The field's annotation is its type in TOML, in an
environment variable and on the command line alike:

    ``bool  int  float  str  tuple[str, ...]  dict[str, tuple[str, ...]]  Literal["a", "b"]``, each also ``| None``

    @attrs.frozen(kw_only=True)
    class WaitingOptions:
        top: int = option(10, help="how many users to list", flag="--waiting-top", minimum=1)
"""

from __future__ import annotations

from typing import Any, TypeVar

import attrs

__all__ = ["OptionInfo", "option", "option_info"]

T = TypeVar("T")

_KEY = "anonkit.option"


@attrs.frozen(kw_only=True)
class OptionInfo:
    """What is known of an option besides its type and default."""

    help: str
    """One line, lower case, without a full stop."""
    flag: str | None
    """Its flag in `anonkit run`: ``--wrap``, or ``--meta/--no-meta`` for a bool that can be switched both ways."""
    secret: bool
    """Its value may hold or betray an identity: it is never published and never shown unasked."""
    minimum: int | None
    """The least value of a number; None for no bound."""
    metavar: str | None
    """How the help names the value."""
    flag_appends: bool
    """A list whose flag is given once for each item, instead of once with commas."""


def option(
    default: T,
    *,
    help: str,
    flag: str | None = None,
    secret: bool = False,
    minimum: int | None = None,
    metavar: str | None = None,
    flag_appends: bool = False,
) -> T:
    """Declare a field of an options class; every option has a default, so that a plugin runs without a config file.

    `default` must be immutable, or a dict, which is copied for each instance. See `OptionInfo` for the rest.
    """
    info = OptionInfo(
        help=help, flag=flag, secret=secret, minimum=minimum, metavar=metavar, flag_appends=flag_appends
    )
    metadata = {_KEY: info}
    field: Any
    if isinstance(default, dict):
        template = default
        field = attrs.field(factory=lambda: dict(template), metadata=metadata)
    else:
        field = attrs.field(default=default, metadata=metadata)
    return field  # type: ignore[no-any-return]  # attrs' own typing trick: a field stands where its value will


def option_info(field: attrs.Attribute[Any]) -> OptionInfo | None:
    """Return what `option` said of an attrs field, or None for a field that is no option."""
    info = field.metadata.get(_KEY)
    return info if isinstance(info, OptionInfo) else None
