"""Checks of the options that a specification declares."""

from __future__ import annotations

from anonkit.options import OptionField, OptionInfo, check_field, option_fields
from anonkit.plugin.contracts import Roles
from anonkit.plugin.hooks import PluginSpec, RoleSpec
from anonkit.plugin.registry import RESERVED_KEYS

__all__ = ["check_options", "check_role", "role_field"]


def role_field(spec: RoleSpec) -> OptionField:
    """Return the option of `[roles]` that a role is."""
    info = OptionInfo(help=spec.help, flag=spec.flag, metavar="COL")
    return OptionField(key=spec.name, type=str, default=spec.column, info=info)


def check_role(spec: RoleSpec) -> None:
    """Check that the option of a role is right and not one of anonkit's own. TypeError, ValueError, NameError."""
    if spec.name in Roles().columns or spec.name == "added":
        raise ValueError(f"the role {spec.name!r} is one of anonkit's own")
    check_field(role_field(spec))


def check_options(plugin: PluginSpec, section: str) -> None:
    """Check the options class of a plugin. TypeError, ValueError with what is wrong."""
    try:
        fields = option_fields(plugin.options)
    except (TypeError, ValueError, NameError) as error:
        raise TypeError(f"{plugin.name}: {error}") from error
    for field in fields:
        if field.key in RESERVED_KEYS[section]:
            raise ValueError(f"{plugin.name}: the option {field.key!r} has the name of a key that is anonkit's own")
