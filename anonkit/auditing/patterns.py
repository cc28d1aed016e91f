"""What the audit looks for: every known identity, in each form that the stated rule names."""

from __future__ import annotations

import base64
import enum
from collections.abc import Iterable, Iterator

import attrs

from anonkit.auditing.addresses import address_forms, as_address
from anonkit.normal_form import normalized
from anonkit.plugin.contracts import FORMS, Boundary, Form, Place, visible

__all__ = ["JUNK", "Known", "Pattern", "Variant", "folded", "patterns"]

JUNK = "'\"\\\r\n"
"""What a name may be split by: quotes, backslashes, line breaks. After a line break the indent belongs to it."""

_LONGEST_CUT = 256
_SHORTEST_HEX, _SHORTEST_BASE64, _SHORTEST_REVERSED, _SHORTEST_SPLIT = (
    FORMS[form].shortest for form in (Form.HEX, Form.BASE64, Form.REVERSED, Form.SPLIT)
)
_URL_ALPHABET = bytes.maketrans(b"+/", b"-_")


class Variant(str, enum.Enum):
    """The form in which an identity was met, as messages name it."""

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
    """An identity that the run knows."""

    kind: str
    token: str
    """What a find of it is called."""
    identity: str
    spellings: tuple[tuple[str, Boundary], ...]
    """Every spelling that betrays it, the identity itself included, and where that may stand as it is."""
    aliases: int
    """How many of the spellings, the first ones, are aliases; what was only met is not looked for in encodings."""
    places: tuple[Place, ...] = ()
    """Where a weak name may stand (`Boundary.NAMED`)."""


@attrs.frozen
class Pattern:
    """One form of one identity."""

    text: bytes
    """Folded, but for a `cased` one."""
    rule: Boundary
    kind: str
    variant: Variant
    token: str
    full: bytes = b""
    """Of a name cut short: all of it."""
    places: tuple[Place, ...] = ()
    """Of a weak name: where it may stand."""

    @property
    def cased(self) -> bool:
        """Whether letter case matters."""
        return self.variant is Variant.BASE64

    @property
    def readable(self) -> bool:
        """Whether it is looked for in decoded text too: not what is an encoding itself."""
        return self.variant not in (Variant.HEX, Variant.BASE64, Variant.REVERSED, Variant.CUT)

    def is_same_as(self, other: Pattern) -> bool:
        """Return whether another pattern of the same text is looked for in the same places, as the same variant."""
        return self.rule is other.rule and self.variant is other.variant and self.places == other.places

    @property
    def splittable(self) -> bool:
        """Whether it is also looked for split."""
        if self.variant is not Variant.PLAIN or self.rule is Boundary.NAMED:
            return False
        return len(self.text if self.text.isascii() else self.text.decode()) >= _SHORTEST_SPLIT


def folded(text: str) -> str:
    """Return the text in one letter case and one normal form, without characters that do not show."""
    # There may be a million, and most are ASCII.
    if text.isascii():
        return text.lower()
    return normalized("NFKC", visible(normalized("NFKC", text)).casefold())


def patterns(known: Iterable[Known]) -> tuple[Pattern, ...]:
    """Return all patterns, each once: of two identities that share a spelling the first is named."""
    by_text: dict[bytes, list[Pattern]] = {}
    distinct: list[Pattern] = []
    for one in known:
        for pattern in _of(one):
            # A weak name is looked for where text names somebody, if there is such a place.
            if not pattern.text or (pattern.rule is Boundary.NAMED and not pattern.places):
                continue
            alike = by_text.setdefault(pattern.text, [])
            if not any(map(pattern.is_same_as, alike)):
                alike.append(pattern)
                distinct.append(pattern)
    return tuple(
        pattern
        for pattern in distinct
        if pattern.variant is Variant.PLAIN or pattern.cased or not _is_plain(pattern.rule, by_text[pattern.text])
    )


def _is_plain(rule: Boundary, alike: Iterable[Pattern]) -> bool:
    return any(one.variant is Variant.PLAIN and one.rule is rule for one in alike)


def _of(known: Known) -> Iterator[Pattern]:
    def pattern(text: str, rule: Boundary, variant: Variant, full: str = "") -> Pattern:
        places = known.places if rule is Boundary.NAMED else ()
        return Pattern(_utf8(text), rule, known.kind, variant, known.token, _utf8(full), places)

    # One that may stand at an end of a word alone is itself a name cut short.
    aliases = known.spellings[: known.aliases]
    names: list[tuple[str, Boundary]] = [(spelling, rule) for spelling, rule in aliases if rule is not Boundary.END]
    beginnings = {folded(spelling) for spelling, rule in aliases if rule is Boundary.END}
    for spelling, _ in names:
        full = folded(spelling)[:_LONGEST_CUT]
        ours = {text for text in beginnings if full.startswith(text) and len(text) < len(full)}
        if ours:
            # One pattern for all: the search reads on from the shortest.
            yield pattern(min(ours, key=len), Boundary.END, Variant.CUT, full)
            beginnings -= ours
    address = as_address(known.identity)
    forms = {} if address is None else {form: (rule, Variant[name]) for form, rule, name in address_forms(address)}
    for spelling, rule in known.spellings:
        text = folded(spelling)
        if rule is Boundary.END and text not in beginnings:
            continue
        otherwise = Variant.CUT if rule is Boundary.END else Variant.PLAIN
        yield pattern(text, rule, forms[text][1] if text in forms else otherwise)
    if not known.aliases:
        return
    if address is not None:
        for form, (rule, variant) in forms.items():
            yield pattern(form, rule, variant)
        for text, variant in _encoded(known.identity):
            yield pattern(text, Boundary.ANYWHERE, variant)
        return
    for spelling, rule in names:
        for text, variant in _encoded(spelling) if rule is not Boundary.NAMED else ():
            yield pattern(text, Boundary.ANYWHERE, variant)


def _encoded(text: str) -> Iterator[tuple[str, Variant]]:
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
    """Yield the characters that depend on these bytes alone, for each place of the first among three bytes."""
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
