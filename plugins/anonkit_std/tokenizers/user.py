"""Users: the handle before the `@` of the user column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Match, Roles
from anonkit_std.options.tokenizers import UserOptions
from anonkit_std.tokenizers.prefixed import PrefixedTokenizer

__all__ = ["UserTokenizer"]


@attrs.frozen
class UserTokenizer(PrefixedTokenizer):
    """A user is a handle. In a cell its token takes the handle's place and the domain is kept."""

    options: UserOptions = attrs.field(factory=UserOptions)

    kind = "user"
    required_roles = ("user",)

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return the user role's column, then the further ones of the options."""
        return (roles.user, *self.options.columns)

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return what stands before the first `@`, trimmed; null when that is blank."""
        before_at = pc.list_element(pc.split_pattern(cells.cast(pa.string()), "@", max_splits=1), 0)
        handles = pc.utf8_trim_whitespace(before_at)
        return pc.if_else(pc.equal(handles, ""), None, handles)

    def aliases(self, identity: str) -> Iterable[str]:
        """Return the handle and what the options add to it; nothing for an ignored one."""
        if identity.casefold() in {word.casefold() for word in self.options.ignore}:
            return ()
        return (identity, *self.options.aliases.get(identity, ()))

    def match(self, literal: str) -> Match:
        """Return the rule of the options; short handles are parts of too many words to be replaced anywhere."""
        if self.options.match != "auto":
            return Match(self.options.match)
        if len(literal) <= 3:
            return Match.WORD
        return Match.PREFIX if len(literal) == 4 else Match.ANYWHERE

    def remainder(self, cells: pa.Array) -> pa.Array:
        """Return the domain, with its `@`."""
        return pc.replace_substring_regex(cells.cast(pa.string()), r"^[^@]*", "")

    def cell(self, tokens: pa.Array, remainder: pa.Array | None) -> pa.Array:
        """Return token and domain: ``UR_1@example.org``."""
        return pc.binary_join_element_wise(tokens, remainder, "")
