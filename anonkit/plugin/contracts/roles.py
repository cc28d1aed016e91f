"""Which column plays which part."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from anonkit.catalogue.attributes import Attribute, attribute
from anonkit.options import option

__all__ = ["Roles"]

_NO_ROLES = ("added", "known")


@attrs.frozen(kw_only=True)
class Roles:
    """The column that plays each part; the defaults are the names in FIFE's job records. `[roles]` in TOML."""

    user: str = option("User", help="column of the user", flag="--user-col", metavar="COL")
    ip: str = option("JobsubClientIpAddress", help="column of the client's IP address", flag="--ip-col", metavar="COL")
    site: str = option("MATCH_EXP_JOB_Site", help="column of the site", flag="--site-col", metavar="COL")
    cmd: str = option("Cmd", help="column of the command", flag="--cmd-col", metavar="COL")
    env: str = option("Environment", help="column of the environment", flag="--env-col", metavar="COL")
    starts: str = option("NumJobStarts", help="column of the number of starts", flag="--starts-col", metavar="COL")
    completions: str = option(
        "NumJobCompletions", help="column of the number of completions", flag="--completions-col", metavar="COL"
    )
    added: Mapping[str, str] = attrs.field(factory=dict)
    """The columns of the roles that plugins add (`RoleSpec`), by role."""
    known: Mapping[str, Attribute] = attrs.field(factory=dict)
    """The preset's entries for columns, by name in folded case."""

    def attribute(self, column: str) -> Attribute | None:
        """Return the entry for a column: of the preset of the run, else of the catalogue."""
        return self.known.get(column.casefold()) or attribute(column)

    def __getitem__(self, role: str) -> str:
        """Return the column of a role, a plugin's or one of the seven; KeyError for an unknown role."""
        return self.columns[role]

    @property
    def columns(self) -> Mapping[str, str]:
        """The column of every role; empty for a role of which the preset says that no column plays it."""
        own = {field.name: getattr(self, field.name) for field in attrs.fields(Roles) if field.name not in _NO_ROLES}
        return {**own, **self.added}
