"""IP addresses: cells of their column, and whatever reads as an IPv4 or IPv6 address in text."""

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

_VERSION = r"^\s*[A-Za-z]{0,8}[0-9]+([._+~-][0-9A-Za-z]+)*\s*$"
_BETWEEN_ADDRESSES = re.compile(r"[\s,;]+")
_WITH_PORT = re.compile(r"<?(?:\[([^\]]+)\]|([0-9.]+))(?::[0-9]{1,5}(?:\?[^<>]*)?)?>?\Z")
# Written by programs that do not know the address, besides the placeholders of every column.
_NOTHING = frozenset({"na", "localhost", "error", "-"})


@attrs.frozen(slots=False)
class IpTokenizer(PrefixedTokenizer):
    """An identity is an address as `ipaddress` writes it; a cell that is none is an identity too, and not valid."""

    options: IpOptions = attrs.field(factory=IpOptions)

    kind = "ip"

    @property
    def grouped(self) -> bool:
        """Whether the options want tokens to tell networks."""
        return self.options.subnet

    def group(self, identity: str) -> str | None:
        """Return the network of an address, a /24 or of IPv6 a /64; None for what is not an address."""
        if normalised(identity) is None:
            return None
        address = ipaddress.ip_address(identity)
        return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return the ip role's column if there is one, then the further ones of the options."""
        return (*((roles.ip,) if roles.ip in schema.names else ()), *self.options.columns)

    def mentions_are_words(self, column: str, roles: Roles) -> bool:
        """Return True: no mention holds a blank."""
        return True

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return the addresses of each cell: text, a 32-bit number, or several texts with commas or blanks between."""
        texts = cells.cast(pa.string()).to_pylist()
        return pa.array([None if text is None else _addresses(text) for text in texts], pa.list_(pa.string()))

    def valid(self, identities: pa.Array) -> pa.Array:
        """Return which identities are addresses."""
        return pa.array([normalised(identity) is not None for identity in identities.to_pylist()], pa.bool_())

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions:
        """Return the addresses in any text, as they are spelled, but for the ignored ones.

        In a column that the catalogue knows to hold versions, four numbers are one.
        """
        known = roles.attribute(column)
        if known is not None and known.cls is AttributeClass.PLAIN and "version" in column.casefold():
            text = pc.if_else(pc.fill_null(pc.match_substring_regex(text, _VERSION), False), None, text)
        return find_addresses(text, self._ignored)

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return the address and the other forms in which it is written.

        Nothing for an ignored one, and for what holds no letter or digit: a ``-`` betrays no one.
        """
        if not any(map(str.isalnum, identity)):
            return ()
        spellings = (spelling for name in self._words.names(identity) for spelling in _spellings(name))
        return tuple(self._words.without_kept(spellings))

    def boundary(self, literal: str) -> Boundary:
        """Return `NUMBER` for addresses; a cell that is none is looked for as a word."""
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
    yield name
    if address := normalised(name):
        yield from forms(ipaddress.ip_address(address))


def _addresses(cell: str) -> list[str]:
    """Return the addresses of a cell that holds nothing else, otherwise the trimmed cell; nothing if it is blank."""
    if cell.strip().casefold() in _NOTHING:
        return []
    parts = [part for part in _BETWEEN_ADDRESSES.split(cell) if part]
    found = [_address(part) for part in parts]
    if found and None not in found:
        return list(dict.fromkeys(address for address in found if address is not None))
    trimmed = cell.strip()
    return [trimmed] if trimmed else []


def _address(part: str) -> str | None:
    """Return a part of a cell as an address: plain, a 32-bit number, or with a port."""
    if part.isdecimal() and part.isascii():
        return str(ipaddress.IPv4Address(int(part))) if len(part) <= 10 and int(part) < 2**32 else None
    bracketed = _WITH_PORT.match(part)
    return normalised(part) or (normalised(bracketed[1] or bracketed[2]) if bracketed else None)
