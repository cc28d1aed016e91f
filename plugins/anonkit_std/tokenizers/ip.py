"""The tokenizer `ip`: addresses in their columns, and IPv4 and IPv6 addresses in any text."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Alias, AttributeClass, Boundary, Mentions, Roles
from anonkit_std.options.tokenizers import IpOptions
from anonkit_std.tokenizers.finding.address_forms import forms
from anonkit_std.tokenizers.finding.addresses import find_addresses, normalised
from anonkit_std.tokenizers.prefixed import PrefixedTokenizer
from anonkit_std.tokenizers.word_choices import WordChoices

__all__ = ["IpTokenizer"]

# A version, as Arrow reads patterns: it may look like an address.
_VERSION = r"^\s*[A-Za-z]{0,8}[0-9]+([._+~-][0-9A-Za-z]+)*\s*$"
_BETWEEN_ADDRESSES = re.compile(r"[\s,;]+")
# `192.0.2.1:9618`, `[2001:db8::1]:9618`, `<192.0.2.1:9618?addrs=…>`.
_WITH_PORT = re.compile(r"<?(?:\[([^\]]+)\]|([0-9.]+))(?::[0-9]{1,5}(?:\?[^<>]*)?)?>?\Z")
# Programs write these for an unknown address, besides the placeholders that mean null in every column.
_NOTHING = frozenset({"na", "localhost", "error", "-"})


@attrs.frozen(slots=False)
class IpTokenizer(PrefixedTokenizer):
    """Tokenizes addresses; an identity is an address as `ipaddress` writes it.

    The text of a cell that is no address is an identity, too, and is not valid.
    """

    options: IpOptions = attrs.field(factory=IpOptions)

    kind = "ip"

    @property
    def grouped(self) -> bool:
        """Whether tokens show which addresses are in one network, by the options."""
        return self.options.subnet

    def group(self, identity: str) -> str | None:
        """Return the network of an address, /24 for IPv4 and /64 for IPv6; None for an identity that is no address."""
        if normalised(identity) is None:
            return None
        address = ipaddress.ip_address(identity)
        return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return the column of the role `ip`, if the schema has it, then the columns of the options."""
        return (*((roles.ip,) if roles.ip in schema.names else ()), *self.options.columns)

    def mentions_are_words(self, column: str, roles: Roles) -> bool:
        """Return True: no mention holds a blank."""
        return True

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return the addresses of each cell, a list: text or 32-bit numbers, with commas or blanks between them."""
        texts = cells.cast(pa.string()).to_pylist()
        return pa.array([None if text is None else _addresses(text) for text in texts], pa.list_(pa.string()))

    def valid(self, identities: pa.Array) -> pa.Array:
        """Return which identities are addresses."""
        return pa.array([normalised(identity) is not None for identity in identities.to_pylist()], pa.bool_())

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions:
        """Return the addresses in a text, as they are spelled, without the ignored ones.

        In a column that the catalogue knows to hold versions, a cell that is a version holds no address.
        """
        known = roles.attribute(column)
        if known is not None and known.cls is AttributeClass.PLAIN and "version" in column.casefold():
            text = pc.if_else(pc.fill_null(pc.match_substring_regex(text, _VERSION), False), None, text)
        return find_addresses(text, self._ignored)

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return the address, the aliases of the options, and the other forms in which they are written.

        Nothing for an ignored address, and for text without a letter or digit: a ``-`` betrays nobody.
        """
        if not any(map(str.isalnum, identity)):
            return ()
        spellings = (spelling for name in self._words.names(identity) for spelling in _spellings(name))
        return tuple(self._words.without_kept(spellings))

    def boundary(self, literal: str) -> Boundary:
        """Return `NUMBER` for an address, and `WORD` for other text of a cell."""
        is_address = normalised(literal) or normalised(literal.replace("-", "."))
        return Boundary.NUMBER if is_address else Boundary.WORD

    @cached_property
    def _ignored(self) -> frozenset[str]:
        return frozenset(map(_folded, self.options.ignore))

    @cached_property
    def _words(self) -> WordChoices:
        return WordChoices(self.options, _folded)


def _folded(text: str) -> str:
    return normalised(text) or text.casefold()


def _spellings(name: str) -> Iterator[str | Alias]:
    """Yield a name, and if it is an address its other forms."""
    yield name
    if address := normalised(name):
        yield from forms(ipaddress.ip_address(address))


def _addresses(cell: str) -> list[str]:
    """Return the addresses of a cell; the trimmed cell when it holds anything else, and nothing for a blank."""
    if cell.strip().casefold() in _NOTHING:
        return []
    parts = [part for part in _BETWEEN_ADDRESSES.split(cell) if part]
    found = [_address(part) for part in parts]
    if found and None not in found:
        return list(dict.fromkeys(address for address in found if address is not None))
    trimmed = cell.strip()
    return [trimmed] if trimmed else []


def _address(part: str) -> str | None:
    """Return the address that a part of a cell is: plain, as a 32-bit number, or with a port; None for other text."""
    if part.isdecimal() and part.isascii():
        return str(ipaddress.IPv4Address(int(part))) if len(part) <= 10 and int(part) < 2**32 else None
    bracketed = _WITH_PORT.match(part)
    return normalised(part) or (normalised(bracketed[1] or bracketed[2]) if bracketed else None)
