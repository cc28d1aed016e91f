"""The patterns of the audit: every known identity in each form of `FORMS`."""

from __future__ import annotations

import base64
import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import starmap

import attrs

from anonkit.auditing.addresses import address_forms, as_address
from anonkit.normal_form import normalized
from anonkit.plugin.contracts import FORMS, Boundary, Form, Place, visible

__all__ = ["JUNK", "Known", "Pattern", "Variant", "folded", "patterns"]

JUNK = "'\"\\\r\n"
"""The characters that may split a name: quotes, backslashes, line breaks with the indent that follows."""

_LONGEST_CUT = 256
_SHORTEST_HEX, _SHORTEST_BASE64, _SHORTEST_REVERSED, _SHORTEST_SPLIT = (
    FORMS[form].shortest for form in (Form.HEX, Form.BASE64, Form.REVERSED, Form.SPLIT)
)
_URL_ALPHABET = bytes.maketrans(b"+/", b"-_")


class Variant(str, enum.Enum):
    """The form in which an identity is found, as messages name it."""

    PLAIN = "plain"
    ENCODED = "percent-encoded, as entities or as escapes"
    SPLIT = "split by quotes, backslashes or line breaks"
    CUT = "cut short"
    HEX = "hex of its UTF-8 bytes"
    BASE64 = "base64"
    REVERSED = "reversed"
    NUMBER = "address as a number"
    HEX_NUMBER = "address as hex digits"
    MAPPED = "address mapped into IPv6"
    DASHED = "address with dashes"
    REVERSE_DNS = "address in reverse DNS"
    SPELLED = "address spelled otherwise"


@attrs.frozen
class Known:
    """An identity that the audit searches for."""

    kind: str
    token: str
    """Its name in messages."""
    identity: str
    spellings: tuple[tuple[str, Boundary], ...]
    """Every spelling that betrays it, the identity itself included, each with its boundary; the aliases come first."""
    aliases: int
    """The number of aliases; the other spellings, found in text, are not searched for in encoded forms."""
    places: tuple[Place, ...] = ()
    """The places of a weak name (`Boundary.NAMED`)."""
    not_encoded: Set[str] = frozenset()
    """The aliases that are not searched for in encoded forms (`Alias.find_encoded`)."""


@attrs.frozen
class Pattern:
    """One form of one identity."""

    text: bytes
    """Folded, except in a `cased` pattern."""
    rule: Boundary
    kind: str
    variant: Variant
    token: str
    full: bytes = b""
    """The whole name, for a pattern of a name cut short."""
    places: tuple[Place, ...] = ()
    """The places of a weak name."""

    @property
    def cased(self) -> bool:
        """Whether letter case matters."""
        return self.variant is Variant.BASE64

    @property
    def readable(self) -> bool:
        """Whether it is searched for in decoded text too: not if it is itself an encoded form."""
        return self.variant not in (Variant.HEX, Variant.BASE64, Variant.REVERSED, Variant.CUT)

    def is_same_as(self, other: Pattern) -> bool:
        """Return whether another pattern of the same text has the same rule, places and variant."""
        return self.rule is other.rule and self.variant is other.variant and self.places == other.places

    @property
    def splittable(self) -> bool:
        """Whether the name is also searched for split by `JUNK`."""
        if self.variant is not Variant.PLAIN or self.rule is Boundary.NAMED:
            return False
        return len(self.text if self.text.isascii() else self.text.decode()) >= _SHORTEST_SPLIT


def folded(text: str) -> str:
    """Return the text in one letter case and one normal form, without invisible characters."""
    # A short cut for ASCII: there may be a million texts.
    if text.isascii():
        return text.lower()
    return normalized("NFKC", visible(normalized("NFKC", text)).casefold())


def patterns(known: Iterable[Known]) -> tuple[Pattern, ...]:
    """Return all patterns, each once; a pattern of two identities has the token of the first."""
    # There may be a million texts, most of which have one pattern.
    by_text: dict[bytes, tuple[Pattern, ...]] = {}
    distinct: list[Pattern] = []
    for identity in known:
        for pattern in _of(identity):
            # A weak name is searched for in its places, if it has any.
            if not pattern.text or (pattern.rule is Boundary.NAMED and not pattern.places):
                continue
            alike = by_text.get(pattern.text, ())
            if not alike or not any(map(pattern.is_same_as, alike)):
                by_text[pattern.text] = (*alike, pattern)
                distinct.append(pattern)
    return tuple(
        pattern
        for pattern in distinct
        if pattern.variant is Variant.PLAIN or pattern.cased or not _is_plain(pattern.rule, by_text[pattern.text])
    )


def _is_plain(rule: Boundary, alike: Sequence[Pattern]) -> bool:
    return len(alike) > 1 and any(pattern.variant is Variant.PLAIN and pattern.rule is rule for pattern in alike)


def _of(known: Known) -> Iterator[Pattern]:
    """Yield the patterns of an identity; they may repeat."""
    pattern = partial(_pattern, known)
    cut_short, other_beginnings = _beginnings(known)
    for text, full in cut_short:
        yield pattern(text, Boundary.END, Variant.CUT, full)
    forms = _forms_of_address(known.identity)
    for spelling, rule in known.spellings:
        text = folded(spelling)
        if rule is Boundary.END and text not in other_beginnings:
            continue
        otherwise = Variant.CUT if rule is Boundary.END else Variant.PLAIN
        yield pattern(text, rule, forms[text][1] if forms and text in forms else otherwise)
    if known.aliases:
        yield from starmap(pattern, _further_forms(known, forms))


def _pattern(known: Known, text: str, rule: Boundary, variant: Variant, full: str = "") -> Pattern:
    places = known.places if rule is Boundary.NAMED else ()
    return Pattern(_utf8(text), rule, known.kind, variant, known.token, _utf8(full), places)


def _beginnings(known: Known) -> tuple[list[tuple[str, str]], set[str]]:
    """Return the shortest beginning of each name that is cut short, with the name, and beginnings of no such name.

    One pattern finds all beginnings of a name: the search reads on from the shortest.
    """
    # An alias with the boundary END is a name cut short.
    aliases = known.spellings[: known.aliases]
    beginnings = {folded(spelling) for spelling, rule in aliases if rule is Boundary.END}
    found: list[tuple[str, str]] = []
    for full in (folded(spelling)[:_LONGEST_CUT] for spelling, rule in aliases if rule is not Boundary.END):
        if shorter := {text for text in beginnings if full.startswith(text) and len(text) < len(full)}:
            found.append((min(shorter, key=len), full))
            beginnings -= shorter
    return found, beginnings


_Forms = Mapping[str, tuple[Boundary, Variant]]


def _forms_of_address(identity: str) -> _Forms | None:
    """Return rule and variant of each further form of an address; None for an identity that is not an address."""
    address = as_address(identity)
    return None if address is None else {form: (rule, Variant[name]) for form, rule, name in address_forms(address)}


def _further_forms(known: Known, forms: _Forms | None) -> Iterator[tuple[str, Boundary, Variant]]:
    """Yield the forms of an address, and the encoded forms of an identity or of its aliases."""
    if forms is not None:
        yield from ((form, rule, variant) for form, (rule, variant) in forms.items())
        names = [known.identity]
    else:
        aliases = known.spellings[: known.aliases]
        without = known.not_encoded
        names = [name for name, rule in aliases if rule not in (Boundary.END, Boundary.NAMED) and name not in without]
    for name in names:
        yield from ((text, Boundary.ANYWHERE, variant) for text, variant in _encoded(name))


def _encoded(text: str) -> Iterator[tuple[str, Variant]]:
    """Yield the hex, base64 and reversed forms of a name."""
    raw = _utf8(text)
    if len(raw) >= _SHORTEST_HEX:
        yield raw.hex(), Variant.HEX
    for encoded in _base64(raw):
        yield encoded, Variant.BASE64
    backwards = text[::-1]
    # A number, or an address, backwards is another.
    is_name = len(text) >= _SHORTEST_REVERSED and any(map(str.isalpha, text)) and as_address(text) is None
    if is_name and folded(backwards) != folded(text):
        yield folded(backwards), Variant.REVERSED


def _base64(raw: bytes) -> Iterator[str]:
    """Yield the base64 characters that depend on these bytes alone, for each offset in a group of three bytes."""
    for before in range(3):
        bits = 8 * before, 8 * (before + len(raw))
        first, last = -(-bits[0] // 6), bits[1] // 6
        if last - first >= _SHORTEST_BASE64:
            encoded = base64.b64encode(bytes(before) + raw)[first:last]
            yield encoded.decode()
            if (in_url := encoded.translate(_URL_ALPHABET)) != encoded:
                yield in_url.decode()


def _utf8(text: str) -> bytes:
    # A lone surrogate, which an odd handle may hold, is never written.
    return text.encode("utf-8", "ignore")
