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

    @property
    def splittable(self) -> bool:
        """Whether it is also looked for split."""
        long_enough = len(self.text.decode()) >= FORMS[Form.SPLIT].shortest
        return self.variant is Variant.PLAIN and self.rule is not Boundary.NAMED and long_enough


def folded(text: str) -> str:
    """Return the text in one letter case and one normal form, without characters that do not show."""
    return normalized("NFKC", visible(normalized("NFKC", text)).casefold())


def patterns(known: Iterable[Known]) -> tuple[Pattern, ...]:
    """Return all patterns, each once: of two identities that share a spelling the first is named."""
    seen: dict[tuple[bytes, Boundary, Variant, tuple[Place, ...]], Pattern] = {}
    for one in known:
        for pattern in _of(one):
            # A weak name is looked for where text names somebody, if there is such a place.
            if pattern.text and (pattern.places or pattern.rule is not Boundary.NAMED):
                seen.setdefault((pattern.text, pattern.rule, pattern.variant, pattern.places), pattern)
    plain = {(pattern.text, pattern.rule) for pattern in seen.values() if pattern.variant is Variant.PLAIN}
    return tuple(
        pattern
        for pattern in seen.values()
        if pattern.variant is Variant.PLAIN or pattern.cased or (pattern.text, pattern.rule) not in plain
    )


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
    if len(raw) >= FORMS[Form.HEX].shortest:
        yield raw.hex(), Variant.HEX
    for encoded in _base64(raw):
        yield encoded, Variant.BASE64
    backwards = text[::-1]
    # A number, or an address, backwards is another.
    is_name = any(map(str.isalpha, text)) and as_address(text) is None
    if len(text) >= FORMS[Form.REVERSED].shortest and is_name and folded(backwards) != folded(text):
        yield folded(backwards), Variant.REVERSED


def _base64(raw: bytes) -> Iterator[str]:
    """Yield the characters that depend on these bytes alone, for each place of the first among three bytes."""
    for before in range(3):
        bits = 8 * before, 8 * (before + len(raw))
        first, last = -(-bits[0] // 6), bits[1] // 6
        if last - first >= FORMS[Form.BASE64].shortest:
            padded = bytes(before) + raw
            yield base64.b64encode(padded)[first:last].decode()
            yield base64.urlsafe_b64encode(padded)[first:last].decode()


def _utf8(text: str) -> bytes:
    # A lone surrogate, which an odd handle may hold, is never written.
    return text.encode("utf-8", "ignore")
