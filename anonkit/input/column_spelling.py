"""Columns by the names that the operator gives: as the input spells them, or in another letter case."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import attrs

from anonkit.plugin.contracts import Roles

__all__ = ["in_input", "roles_in_input"]


def in_input(column: str, names: Collection[str]) -> str:
    """Return the name among `names` that is equal to `column`, or else the only one that differs in letter case alone.

    `column` itself when there is none, or more than one.
    """
    if column in names:
        return column
    folded = column.casefold()
    alike = [name for name in names if name.casefold() == folded]
    return alike[0] if len(alike) == 1 else column


def roles_in_input(roles: Roles, names: Collection[str]) -> Roles:
    """Return the roles with their columns spelled as the input spells them; see `in_input`."""
    spelled: Mapping[str, str] = {role: in_input(column, names) for role, column in roles.columns.items()}
    own = {role: column for role, column in spelled.items() if role not in roles.added}
    return attrs.evolve(roles, **own, added={role: spelled[role] for role in roles.added})
