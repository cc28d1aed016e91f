"""The tokenizer `host`: full names of hosts in any text, and their short names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Alias, Boundary, Column, Mentions, Roles
from anonkit_std.options.tokenizers import HostOptions
from anonkit_std.tokenizers.finding.host_names import DOT, HostNames
from anonkit_std.tokenizers.finding.node_lists import WHOLE_TEXTS
from anonkit_std.tokenizers.finding.scan import Scan
from anonkit_std.tokenizers.in_text import TextTokenizer
from anonkit_std.tokenizers.prefixed import holds_identities

__all__ = ["HostTokenizer"]

# Its cells hold a kind of batch system, then hosts: `condor ce.example.org ce.example.org:9619`.
_RESOURCE = "gridresource"


@attrs.frozen(slots=False)
class HostTokenizer(TextTokenizer):
    """Tokenizes hosts; an identity is a full name in lower case. The kind has no column: other text of a cell stays."""

    options: HostOptions = attrs.field(factory=HostOptions)

    kind = "host"

    def learned_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """Return the columns of hosts: those of the options and of the catalogue."""
        return [column.name for column in columns if self._is_of_hosts(column.name, roles)]

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return the names in lower case and without the dot at their end; null for a blank."""
        names = pc.utf8_rtrim(pc.utf8_lower(pc.utf8_trim_whitespace(cells.cast(pa.string()))), ".")
        names = pc.replace_substring(names, DOT, ".")
        return pc.if_else(pc.equal(names, ""), None, names)

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions:
        """Return the full names in a text; for a column of hosts also the host that each cell names."""
        found = list(self._names.in_text(Scan.from_text(text)))
        rows, spellings = zip(*found, strict=True) if found else ((), ())
        places, names = pa.array(rows, pa.int64()), pa.array(spellings, pa.string())
        if self._is_of_hosts(column, roles):
            named = self._in_cells(text, are_resources=column.casefold() == _RESOURCE)
            places = pa.concat_arrays([places, pc.list_parent_indices(named).cast(pa.int64())])
            names = pa.concat_arrays([names, pc.list_flatten(named)])
        return Mentions(places, names)

    def whole_texts(self, column: str, roles: Roles) -> Sequence[str]:
        """Return marks of text in which a list of nodes follows a blank."""
        return WHOLE_TEXTS

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return the name, the aliases of the options, and, with `short_names`, the short name unless it is a word.

        Nothing for an ignored host.
        """
        names = () if identity.partition(".")[0] in self._ignored else self._words.names(identity)
        return tuple(self._words.without_kept(spelling for name in names for spelling in self._spellings(name)))

    def _spellings(self, name: str) -> Iterator[str | Alias]:
        """Yield a name, its form in ASCII, and its short name."""
        yield name
        if not name.isascii() and (encoded := _in_ascii(name)):
            yield encoded
        short, dot, _ = name.partition(".")
        if dot and self.options.short_names and self._names.is_short(short):
            yield Alias(short, Boundary.WORD, find_encoded=True)

    def _is_of_hosts(self, column: str, roles: Roles) -> bool:
        return column.casefold() in self._columns or holds_identities(column, self.kind, roles)

    @cached_property
    def _columns(self) -> frozenset[str]:
        return frozenset(map(str.casefold, self.options.columns))

    def _in_cells(self, text: pa.Array, *, are_resources: bool) -> pa.Array:
        """Return the hosts that each cell names; in a column of resources the last word names one."""
        encoded = text.dictionary_encode()
        cells = encoded.dictionary.to_pylist()
        if are_resources:
            cells = [cell.rsplit(maxsplit=1)[-1] if cell.strip() else cell for cell in cells]
        named = [list(self._names.in_cells(cell)) for cell in cells]
        return pa.array(named, pa.list_(pa.string())).take(encoded.indices)

    @cached_property
    def _names(self) -> HostNames:
        return HostNames(self.options.domains, self.options.keep, self.options.strong)


def _in_ascii(name: str) -> str | None:
    """Return a name as the domain name system writes it, ``xn--…``; None for a name that it does not allow."""
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return None
