"""The literals to replace: every spelling of every identity, with its boundary rule and its token.

The searched text has its ASCII letters in lower case, and so have the patterns. Other variants are patterns of their
own: letters outside ASCII in upper, lower and title case, composed and decomposed (Unicode Annex 15), and the escapes
of JSON, a quoted HTCondor environment and URLs. Hex, base64 and reversed forms come from `encoded_forms`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from urllib.parse import quote, quote_plus

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.normal_form import normalized
from anonkit.plugin.contracts import FORMS, Boundary, Form, Place, visible
from anonkit.text.encoded_forms import Margins, encoded_forms

__all__ = ["Literal", "Literals", "cased_forms", "spellings"]

# Characters that no format escapes; most names consist of these.
_SAME_EVERYWHERE = re.compile(r"[A-Za-z0-9_.~-]*")

# Most full names consist of these: URLs have a blank in two ways.
_SAME_BUT_BLANKS = re.compile(r"[A-Za-z0-9_.~ -]*")

# ASCII that needs no escape in JSON, and holds no quote.
_SAME_IN_JSON = re.compile(r"[ !#-&(-\[\]-~]*")

# HTML forms write a blank as a plus sign; some writers do not escape slashes, JavaScript leaves more unescaped.
_QUOTINGS: tuple[Callable[[str], str], ...] = (
    partial(quote, safe=""),
    quote,
    partial(quote, safe="!'()*"),
    quote_plus,
)
# The same for ASCII: full names have many spellings, and translating takes a tenth of the time.
_IN_URLS = [{code: quoted(chr(code)) for code in range(128)} for quoted in _QUOTINGS]

_WITHOUT_QUOTES = dict.fromkeys(map(ord, "'\"\\"))

_LETTER_CASES: tuple[Callable[[str], str], ...] = (str.lower, str.upper, str.title, str.casefold)


@attrs.frozen
class Literal:
    """A spelling of an identity as a plugin gives it, its boundary rule, and the token that replaces it."""

    text: str
    rule: Boundary
    token: str
    find_encoded: bool = False
    """Whether its hex, base64 and reversed forms are searched for, too: anywhere, if they are long enough."""
    places: tuple[Place, ...] = ()
    """Where a weak name may sit (`Boundary.NAMED`)."""


@attrs.frozen
class Literals:
    """The patterns to search for, each once, in three parallel tuples. Small, picklable."""

    patterns: tuple[bytes, ...]
    """UTF-8, ASCII letters in lower case, not empty."""
    rules: tuple[Boundary, ...]
    tokens: tuple[str, ...]
    encoded: Mapping[bytes, Margins] = attrs.field(factory=dict)
    """The patterns that are encoded forms, each with the number of characters around it that depend on the identity."""
    places: Mapping[bytes, tuple[Place, ...]] = attrs.field(factory=dict)
    """The places of the patterns that are weak names."""

    @classmethod
    def from_literals(cls, literals: Iterable[Literal]) -> Literals:
        """Return all patterns of the literals. A pattern that two of them have belongs to the earlier one.

        Its rule then allows whatever either rule allows, so that neither identity stays readable. Plain spellings come
        before encoded forms.
        """
        tokens: dict[bytes, str] = {}
        rules: dict[bytes, Boundary] = {}
        margins: dict[bytes, Margins] = {}
        places: dict[bytes, tuple[Place, ...]] = {}
        given = list(literals)
        for literal in given:
            for spelling in spellings(literal.text):
                tokens.setdefault(spelling, literal.token)
                rules[spelling] = _either(rules.get(spelling, literal.rule), literal.rule)
                if literal.rule is Boundary.NAMED:
                    places[spelling] = (*places.get(spelling, ()), *literal.places)
        for literal in given:
            finds_encoded = literal.find_encoded and literal.rule is not Boundary.NAMED
            for pattern, beside in encoded_forms(cased_forms(literal.text)) if finds_encoded else ():
                if pattern not in tokens:
                    margins[pattern] = beside
                tokens.setdefault(pattern, literal.token)
                rules[pattern] = Boundary.ANYWHERE
        return cls(tuple(tokens), tuple(rules.values()), tuple(tokens.values()), margins, places)

    def with_leading(self, first: Iterable[Literal]) -> Literals:
        """Return these literals preceded by others, to which a pattern that both have belongs."""
        leading = Literals.from_literals(first)
        known = set(leading.patterns)
        others = [place for place, pattern in enumerate(self.patterns) if pattern not in known]
        return Literals(
            (*leading.patterns, *(self.patterns[place] for place in others)),
            (*leading.rules, *(self.rules[place] for place in others)),
            (*leading.tokens, *(self.tokens[place] for place in others)),
            {pattern: beside for pattern, beside in self.encoded.items() if pattern not in known},
            {pattern: places for pattern, places in self.places.items() if pattern not in known},
        )

    @cached_property
    def lengths(self) -> npt.NDArray[np.int64]:
        """The number of characters of each pattern."""
        texts = pa.array(self.patterns, pa.large_binary()).cast(pa.large_string())
        lengths: npt.NDArray[np.int64] = pc.utf8_length(texts).to_numpy()
        return lengths

    def __len__(self) -> int:
        return len(self.patterns)


# From the narrowest on: the first rule that allows whatever two of them allow.
_BY_WIDTH = {
    Boundary.NAMED: frozenset({Boundary.NAMED}),
    Boundary.WORD: frozenset({Boundary.NAMED, Boundary.WORD}),
    Boundary.NUMBER: frozenset({Boundary.NAMED, Boundary.WORD, Boundary.NUMBER}),
    Boundary.END: frozenset({Boundary.NAMED, Boundary.WORD, Boundary.END}),
    Boundary.PREFIX: frozenset({Boundary.NAMED, Boundary.WORD, Boundary.PREFIX}),
    Boundary.PART: frozenset({Boundary.NAMED, Boundary.WORD, Boundary.PART}),
    Boundary.PART_PREFIX: frozenset(
        {Boundary.NAMED, Boundary.WORD, Boundary.PREFIX, Boundary.PART, Boundary.PART_PREFIX}
    ),
    Boundary.ANYWHERE: frozenset(Boundary),
}


def _either(left: Boundary, right: Boundary) -> Boundary:
    """Return the narrowest rule that allows whatever either rule allows."""
    # Most pairs are equal, and there may be a million.
    if left is right:
        return left
    return next(rule for rule, narrower in _BY_WIDTH.items() if {left, right} <= narrower)


def cased_forms(text: str) -> Iterator[str]:
    """Yield a text in the letter cases in which names are written, composed and decomposed; with repeats."""
    for cased in (text, *(case(text) for case in _LETTER_CASES)):
        yield from (cased, *(() if text.isascii() else _forms(cased)))


def spellings(text: str) -> Iterator[bytes]:
    """Yield the patterns of `text` in any letter case and escaping, the plain one first; none for an empty text."""
    if _SAME_EVERYWHERE.fullmatch(text):
        yield from (text.lower().encode(),) if text else ()
        return
    seen: set[bytes] = set()
    # A letter that one case or form leaves as it is would be escaped again in each of them.
    for cased in dict.fromkeys(_cases(text)):
        for escaped in _escapes(cased):
            pattern = escaped.lower()
            if pattern and pattern not in seen:
                seen.add(pattern)
                yield pattern


def _cases(text: str) -> Iterator[str]:
    yield text
    if text.isascii():
        return
    if shown := visible(text):
        yield from () if shown == text else _cases(shown)
    # Most cases and forms are equal, and normalizing takes time.
    for form in dict.fromkeys((text, *_forms(text))):
        yield form
        for cased in dict.fromkeys(case(whole) for case in _LETTER_CASES for whole in (form, form.casefold())):
            yield from (cased, *_forms(cased))


def _forms(text: str) -> tuple[str, ...]:
    return normalized("NFC", text), normalized("NFD", text), normalized("NFKC", text)


def _escapes(text: str) -> Iterator[bytes]:
    """Yield a text as it is, and as JSON, a quoted environment and URLs write it."""
    if _SAME_BUT_BLANKS.fullmatch(text):
        yield from (text.replace(" ", blank).encode() for blank in (" ", "%20", "+"))
        return
    if _SAME_IN_JSON.fullmatch(text):
        yield text.encode()
        for table in _IN_URLS:
            yield text.translate(table).encode()
        return
    # Arrow text holds no lone surrogates, so only the escape of one can occur.
    encodable = _encodable(text)
    if encodable:
        yield text.encode()
    yield json.dumps(text)[1:-1].encode()
    if encodable:
        yield json.dumps(text, ensure_ascii=False)[1:-1].encode()
        yield text.replace("'", "''").encode()
        # Where a name is split, all quotes in it are taken out.
        if len(joined := text.translate(_WITHOUT_QUOTES)) >= FORMS[Form.SPLIT].shortest:
            yield joined.encode()
        for quoted in _QUOTINGS:
            yield quoted(text).encode()


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
