"""Where to replace identities in text, however they are escaped, so that the text stays readable.

Literals are searched for in the text as it is and in every view of it (`anonkit.text.decoded_views`). A match in a view
counts at the bytes that it was written as, and then the usual rule applies: from left to right, the longest. To keep
the text readable, a match covers the whole of an escape that it begins or ends in, and where it takes one quote of a
pair, a quote is restored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress

import attrs
import numpy as np
import pyarrow as pa

from anonkit.arrow.offsets import Bytes, Flags, Positions
from anonkit.plugin.contracts import FORMS, Boundary, Form
from anonkit.text.decoded_views import (
    View,
    decoded_views,
    may_be_escaped,
    may_be_quoted,
    torn,
    unquoted_views,
    unreadable,
)
from anonkit.text.search import Occurrences, Search
from anonkit.text.segmentation import SEPARATORS
from anonkit.text.spanning_names import SpanningNames
from anonkit.text.spellings import Literals
from anonkit.text.weak_across import WeakNamesAtBegin

__all__ = ["ENDINGS", "Replacements", "TextMatcher"]

ENDINGS = ("", "'", '"', "'\"", "_")
"""The text that may follow a token, by number: restored quotes, and a sign that parts the token from a digit."""
_BEFORE_DIGIT = ENDINGS.index("_")
_SHORTEST_SPLIT = FORMS[Form.SPLIT].shortest


@attrs.frozen(eq=False)
class Replacements:
    """The places in some texts where literals are replaced."""

    places: Occurrences
    """Ascending, none overlapping another."""
    endings: Positions
    """For each place, the number (in `ENDINGS`) of the text that follows its token."""
    needs_context: Positions
    """The segments with replacements that depend on their neighbours."""
    open_end: Positions
    """The segments that may end with the beginning of a name that holds a separator."""
    open_start: Positions
    """The segments that may begin with the rest of such a name."""
    undecided: Positions
    """The segments with a weak name that is replaced only if the text before them says so."""

    def shifted(self, first: int) -> Replacements:
        """Return the same, with segments counted from `first`."""
        return Replacements(
            self.places,
            self.endings,
            self.needs_context + first,
            self.open_end + first,
            self.open_start + first,
            self.undecided + first,
        )


class TextMatcher:
    """Finds where to replace literals in the bytes of many texts."""

    def __init__(self, literals: Literals) -> None:
        self._search = Search(literals)
        # Short names would arise by accident when quotes are removed; encoded forms hold no quotes.
        plain = [
            rule is not Boundary.NAMED and pattern not in literals.encoded
            for pattern, rule in zip(literals.patterns, literals.rules, strict=True)
        ]
        self._quotable = np.array(plain, np.bool_) & (literals.lengths >= _SHORTEST_SPLIT)
        # What is withheld is not a literal, and has the number after theirs.
        self._withheld = len(literals)
        self._lengths = np.array([*map(len, literals.patterns), 0], np.int64)
        self._pairs = _pairs(list(compress(literals.patterns, self._quotable)))
        self._pairs_of_all = _pairs([pattern for pattern in literals.patterns if pattern not in literals.encoded])
        # Each name with a quote has a spelling with two of them: two matter only when a name consists of quotes.
        self._pairs_of_all[ord("'"), ord("'")] = any(not pattern.strip(b"'") for pattern in literals.patterns)
        self._spanning_names = SpanningNames.from_patterns(literals.patterns)
        self._weak_names = WeakNamesAtBegin.from_literals(literals)

    def __call__(self, data: pa.Buffer, ends: Positions, *, whole: bool) -> Replacements:
        """Return what to replace in the texts with the offsets `ends` (from 0) in `data`.

        `whole` says that they are complete values, not segments.
        """
        raw = np.frombuffer(data, np.uint8)
        escaped = self._escaped(raw, ends)
        views = [*self._views_without_quotes(raw, ends), *self._decoded_views(escaped)]
        found = [self._search.find_longest(data, ends), *self._unreadable(escaped, views), *map(self._in_view, views)]
        chosen = self._snapped(found, views).leftmost_longest() if views else found[0].leftmost_longest()
        restored_quotes, needs_context = _balanced(raw, ends, chosen)
        endings = np.where(_before_digits(raw, ends, chosen) & (restored_quotes == 0), _BEFORE_DIGIT, restored_quotes)
        none = needs_context[:0]
        if whole:
            return Replacements(chosen, endings, none, none, none, none)
        undecided = none if self._weak_names is None else self._weak_names.undecided(data, ends, chosen)
        if self._spanning_names is None:
            return Replacements(chosen, endings, needs_context, none, none, undecided)
        needs_context = np.concatenate((needs_context, _at_separators(raw, ends, chosen)))
        open_end, open_start = self._spanning_names.open_segments(data, ends, views)
        return Replacements(chosen, endings, needs_context, open_end, open_start, undecided)

    def _in_view(self, view: View) -> Occurrences:
        """Return the matches in a view, at their places in the column's data."""
        counted = None if view.removed_before is None else self._quotable
        return view.in_column(self._search.find_longest(view.buffer, view.ends, counted))

    def _snapped(self, found: list[Occurrences], views: Sequence[View]) -> Occurrences:
        """Return the matches widened to whole escapes; of those in one place the longest as written is the first."""
        every = _concat(found)
        longest_first = np.lexsort((-self._lengths[every.which], every.starts - every.stops))
        return _snapped(every[longest_first], _escapes(views))

    def _escaped(self, raw: Bytes, ends: Positions) -> View | None:
        """Return the texts that may hold escapes, as written."""
        rows = may_be_escaped(raw, ends, self._pairs_of_all)
        return View.from_texts(raw, ends, rows) if rows.size else None

    def _views_without_quotes(self, raw: Bytes, ends: Positions) -> Iterator[View]:
        """Yield a view of those texts that read differently without quotes."""
        rows = may_be_quoted(raw, ends, self._pairs)
        if rows.size:
            yield from unquoted_views(View.from_texts(raw, ends, rows), self._pairs)

    def _decoded_views(self, escaped: View | None) -> Iterator[View]:
        """Yield the views of texts in which escapes are decoded."""
        for view in decoded_views(escaped) if escaped is not None else ():
            yield view
            yield from unquoted_views(view, self._pairs)

    def _unreadable(self, escaped: View | None, views: Sequence[View]) -> Iterator[Occurrences]:
        """Yield the places of escapes that may be read in several ways, or hold more layers than are decoded."""
        decoded = [view for view in views if view.removed_before is None]
        for starts, stops in (*unreadable(decoded), *map(torn, () if escaped is None else (escaped, *decoded))):
            yield Occurrences(np.full(starts.size, self._withheld), starts, stops)


def _pairs(patterns: Sequence[bytes]) -> Flags:
    """Return which bytes (256 x 256) are neighbours in patterns."""
    found = np.zeros((256, 256), np.bool_)
    # No pattern holds the byte 255, which separates them.
    codes = np.frombuffer(b"\xff".join(patterns), np.uint8)
    found[codes[:-1], codes[1:]] = True
    found[0xFF], found[:, 0xFF] = False, False
    return found


def _concat(found: list[Occurrences]) -> Occurrences:
    return Occurrences(
        np.concatenate([part.which for part in found]),
        np.concatenate([part.starts for part in found]),
        np.concatenate([part.stops for part in found]),
    )


def _escapes(views: Sequence[View]) -> tuple[Positions, Positions]:
    """Return where escapes begin and end in the data, ascending, without overlaps; nested ones are one."""
    starts = np.concatenate([view.starts[view.stops - view.starts > 1] for view in views])
    stops = np.concatenate([view.stops[view.stops - view.starts > 1] for view in views])
    if not starts.size:
        return starts, stops
    order = np.argsort(starts, kind="stable")
    starts, reach = starts[order], np.maximum.accumulate(stops[order])
    first = np.flatnonzero(np.concatenate(([True], starts[1:] >= reach[:-1])))
    return starts[first], reach[np.append(first[1:], reach.size) - 1]


def _snapped(found: Occurrences, escapes: tuple[Positions, Positions]) -> Occurrences:
    """Return the matches widened so that none begins or ends inside an escape."""
    first, last = escapes
    if not first.size:
        return found
    around = np.maximum(np.searchsorted(first, found.starts) - 1, 0)
    inside = (first[around] < found.starts) & (found.starts < last[around])
    starts = np.where(inside, first[around], found.starts)
    around = np.maximum(np.searchsorted(first, found.stops) - 1, 0)
    inside = (first[around] < found.stops) & (found.stops < last[around])
    return Occurrences(found.which, starts, np.where(inside, last[around], found.stops))


def _before_digits(raw: Bytes, ends: Positions, found: Occurrences) -> Flags:
    """Return which matches a digit follows in their text: it would read as the end of the token's number."""
    following = raw[np.minimum(found.stops, raw.size - 1)]
    is_inside = found.stops < ends[np.searchsorted(ends, found.starts, side="right")]
    is_digit: Flags = is_inside & (following >= ord("0")) & (following <= ord("9"))
    return is_digit


def _balanced(raw: Bytes, ends: Positions, found: Occurrences) -> tuple[Positions, Positions]:
    """Return the quotes to restore for each match, and the texts that must be whole to decide that.

    Quotes are restored only where they come in pairs: in a text that may be an environment in V2 form or JSON.
    """
    restored_quotes = np.zeros(len(found), np.int64)
    needs_context: list[int] = []
    places = np.flatnonzero((raw == ord("'")) | (raw == ord('"'))) if len(found) else restored_quotes
    (taking,) = np.nonzero(np.searchsorted(places, found.starts) < np.searchsorted(places, found.stops))
    # A loop over the few matches that hold a quote.
    for match in taking.tolist():
        matched = raw[found.starts[match] : found.stops[match]].tobytes()
        if any(_quotes(matched, quote) % 2 for quote in ("'", '"')):
            value = int(np.searchsorted(ends, found.starts[match], side="right")) - 1
            text = raw[ends[value] : ends[value + 1]].tobytes()
            restored_quotes[match] = sum(
                number
                for number, quote, quoting in ((1, "'", (b"=",)), (2, '"', (b"{", b"[")))
                if _quotes(matched, quote) % 2
                and not _quotes(text, quote) % 2
                and any(sign in text for sign in quoting)
            )
            needs_context.append(value)
    return restored_quotes, np.array(needs_context, np.int64)


def _at_separators(raw: Bytes, ends: Positions, found: Occurrences) -> Positions:
    """Return the segments with a last byte, a separator, that belongs to a match: the match may go on in the next."""
    stops = found.stops[np.isin(raw[found.stops - 1], np.frombuffer(SEPARATORS, np.uint8))]
    return np.searchsorted(ends, stops[np.isin(stops, ends)]) - 1


def _quotes(text: bytes, quote: str) -> int:
    """Return how many quotes delimit something: a double quote after a backslash does not."""
    if quote == "'" or b"\\" not in text:
        return text.count(quote.encode())
    return text.replace(b"\\\\", b"").replace(b'\\"', b"").count(b'"')
