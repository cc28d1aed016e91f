"""Hosts: by full name wherever it shows in text, and by the short name that stands for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Alias, Match, Mentions, Roles, attribute
from anonkit_std.options.tokenizers import HostOptions
from anonkit_std.tokenizers.host_names import HostNames
from anonkit_std.tokenizers.prefixed import PrefixedTokenizer
from anonkit_std.tokenizers.scan import Scan

__all__ = ["HostTokenizer"]


@attrs.frozen(slots=False)
class HostTokenizer(PrefixedTokenizer):
    """A host is its name in lower case. It has no column of its own: what stands beside it in a cell is kept."""

    options: HostOptions = attrs.field(factory=HostOptions)

    kind = "host"
    mentions_are_words = True

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return nothing: hosts live in text."""
        return ()

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return the name, in lower case, without the dot at its end; null for a blank."""
        names = pc.utf8_rtrim(pc.utf8_lower(pc.utf8_trim_whitespace(cells.cast(pa.string()))), ".")
        return pc.if_else(pc.equal(names, ""), None, names)

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions:
        """Return the full names in any text, and whatever hosts the cells of host columns name."""
        found = list(self._names.in_text(Scan.of(text)))
        if self._is_of_hosts(column):
            named = [(row, cell and self._names.in_cell(cell)) for row, cell in enumerate(text.to_pylist())]
            found += [(row, name) for row, name in named if name]
        rows, spellings = zip(*found, strict=True) if found else ((), ())
        return Mentions(pa.array(rows, pa.int64()), pa.array(spellings, pa.string()))

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return the name, and the part before its domain where the options want that and it is no common word."""
        short, dot, _ = identity.partition(".")
        if dot and self.options.short_names and self._names.is_short(short):
            return (identity, Alias(short, Match.WORD))
        return (identity,)

    def match(self, literal: str) -> Match:
        """Return `WORD`: a name inside another is another host's."""
        return Match.WORD

    def _is_of_hosts(self, column: str) -> bool:
        known = attribute(column)
        return column in self.options.columns or (
            known is not None and known.cls.value == "identity" and known.kind == "host"
        )

    @cached_property
    def _names(self) -> HostNames:
        return HostNames(self.options.domains, self.options.keep)
