"""Replacing identities in text: one pass over a column's bytes for all literals at once.

The rule (`tests/core/text/replace_reference.py` is a slow implementation): from left to right, where one or more
literals match and their `Boundary` allows it, the longest is replaced by its token, and the search goes on after it.
A literal matches wherever a reader can make it out, however it is escaped: see `anonkit.text.matches`.

Where a column's text repeats itself, each distinct segment is replaced once (`Segments`); values with a segment that
depends on its neighbours are replaced whole. The bytes of many texts are in one buffer, in which `TextMatcher` finds
the matches. Offsets cut the buffer into unmatched and matched parts in turn, one Arrow kernel swaps the matched parts
for tokens, and the new offsets of the texts follow from the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.nested import holds_text, map_leaves
from anonkit.arrow.offsets import Positions, value_ends
from anonkit.arrow.segments import Segments, is_segmented, merge_segments
from anonkit.plugin.contracts import Boundary
from anonkit.text.matches import ENDINGS, Replacements, TextMatcher
from anonkit.text.search import SLICE_BYTES, slices
from anonkit.text.segmentation import PROBE, SEPARATORS, segment_text
from anonkit.text.spanning_names import spanning_values
from anonkit.text.spellings import Literal, Literals
from anonkit.text.weak_across import values_decided_across
from anonkit.withheld import WITHHELD

__all__ = ["TextReplacer", "TokenPreserver"]


class TextReplacer:
    """Replaces literals in Arrow arrays. Pickled as its literals; the matcher is built on first use."""

    def __init__(self, literals: Literals, *, probe: int = PROBE, slice_bytes: int = SLICE_BYTES) -> None:
        """`probe` (of `segment_text`) and `slice_bytes` (of `slices`) change how fast it is, not what it returns."""
        self.literals = literals
        self._probe, self._slice_bytes = probe, slice_bytes
        distinct = {token: number for number, token in enumerate(dict.fromkeys(literals.tokens))}
        self._tokens = _with_endings(pa.array(list(distinct), pa.large_string()))
        # What is withheld has the number after the literals'.
        self._token_numbers = np.array([*(distinct[token] for token in literals.tokens), len(distinct)], np.int32)

    def __reduce__(self) -> tuple[Callable[..., TextReplacer], tuple[Literals]]:
        return partial(TextReplacer, probe=self._probe, slice_bytes=self._slice_bytes), (self.literals,)

    @cached_property
    def _matcher(self) -> TextMatcher:
        return TextMatcher(self.literals)

    def make_ready(self) -> None:
        """Build the matcher now."""
        if self.literals.patterns:
            _ = self._matcher

    def __call__(self, array: pa.Array) -> pa.Array:
        """Return `array` with the literals in its text replaced: same type, length and nulls.

        Text is string or large_string, also inside lists, structs, maps and dictionaries.
        """
        if not self.literals.patterns or not holds_text(array.type):
            return array
        if pa.types.is_dictionary(array.type):
            return pa.DictionaryArray.from_arrays(array.indices, self(array.dictionary), ordered=array.type.ordered)
        if pa.types.is_nested(array.type):
            return map_leaves(array, self)
        return self._text(array)

    def to_segments(self, array: pa.Array) -> pa.Array:
        """Return the same, but segmented (`Segments.to_lists`) if `array` is, or if it is string and repeats itself."""
        if is_segmented(array.type):
            return self._replaced_segments(Segments.from_lists(array), array) if self.literals.patterns else array
        segments = self._segments(array) if self.literals.patterns and pa.types.is_string(array.type) else None
        return self(array) if segments is None else self._replaced_segments(segments, array)

    def _text(self, array: pa.Array) -> pa.Array:
        segments = self._segments(array)
        return self._whole(array) if segments is None else self._in_segments(segments, array).to_strings(array)

    def _replaced_segments(self, segments: Segments, array: pa.Array) -> pa.Array:
        return self._in_segments(segments, array).to_lists(array)

    def _in_segments(self, segments: Segments, array: pa.Array) -> Segments:
        """Return the segments of `array`, which may be segmented itself, with the literals replaced."""
        whole = bool(np.all(np.diff(segments.ends) == 1))
        distinct, matches = self._slices(segments.distinct, whole=whole)
        replaced = attrs.evolve(segments, distinct=distinct)
        which = np.zeros(0, np.int64) if whole else self._needing_context(segments, matches, distinct)
        if not which.size:
            return replaced
        encoded = merge_segments(array.take(pa.array(which))).fill_null("").dictionary_encode()
        return replaced.replace_values(which, self._whole(encoded.dictionary).take(encoded.indices))

    def _needing_context(self, segments: Segments, matches: Sequence[Replacements], replaced: pa.Array) -> Positions:
        """Return the values, ascending, with a segment that cannot be replaced without its neighbours.

        `replaced` has the distinct segments as they are replaced alone.
        """
        none = np.zeros(0, np.int64)
        needs_context, open_end, open_start, undecided = (
            np.concatenate([none, *(getattr(part, name) for part in matches)])
            for name in ("needs_context", "open_end", "open_start", "undecided")
        )
        which = spanning_values(segments, open_end, open_start)
        if needs_context.size:
            which = np.union1d(which, segments.find_values(needs_context))
        if undecided.size:
            which = np.union1d(which, values_decided_across(segments, undecided, replaced, self._whole))
        return which

    def _segments(self, array: pa.Array) -> Segments | None:
        return segment_text(array, SEPARATORS, probe=self._probe)

    def _whole(self, array: pa.Array) -> pa.Array:
        return self._slices(array, whole=True)[0]

    def _slices(self, array: pa.Array, *, whole: bool) -> tuple[pa.Array, list[Replacements]]:
        """Return the texts with the literals replaced, and what was replaced, slice by slice."""
        parts, matches, first = [], [], 0
        for part in slices(array, self._slice_bytes):
            ends = value_ends(part)
            start, size = int(ends[0]), int(ends[-1] - ends[0])
            if size:
                data = part.buffers()[2].slice(start, size)
                found = self._matcher(data, ends - start, whole=whole)
                matches.append(found.shifted(first))
                if len(found.places):
                    part = self._splice(part, data, ends - start, found)
            parts.append(part)
            first += len(part)
        return pa.concat_arrays(parts), matches

    def _splice(self, array: pa.Array, data: pa.Buffer, ends: Positions, replacements: Replacements) -> pa.Array:
        """Return `array`, which has the offsets `ends` in `data`, with tokens at one or more places."""
        found = replacements.places
        cuts = np.empty(2 * len(found) + 2, np.int64)
        cuts[0], cuts[-1] = 0, data.size
        cuts[1:-1:2], cuts[2:-1:2] = found.starts, found.stops
        parts = pa.Array.from_buffers(pa.large_string(), cuts.size - 1, [None, pa.py_buffer(cuts), data])
        matched = np.zeros(cuts.size - 1, np.bool_)
        matched[1::2] = True
        # For unmatched parts the token does not matter.
        which = np.zeros(cuts.size - 1, np.int64)
        which[1::2] = self._token_numbers[found.which] + replacements.endings * (len(self._tokens) // len(ENDINGS))
        swapped = pc.if_else(pa.array(matched), self._tokens.take(pa.array(which)), parts)

        new_cuts = np.frombuffer(swapped.buffers()[1], np.int64)[: cuts.size]
        before = 2 * np.searchsorted(found.stops, ends, side="right")
        return _text_array(array, new_cuts[before] + ends - cuts[before], swapped.buffers()[2])


class TokenPreserver:
    """Replaces literals in text derived from replaced text: identities that come to light go, tokens stay as they are.

    The replacer that knows the tokens is built when there is something to replace, mostly never; it is not pickled.
    """

    def __init__(self, replacer: TextReplacer, tokens: Sequence[str]) -> None:
        self._replacer = replacer
        self._tokens = tuple(tokens)

    def __reduce__(self) -> tuple[type[TokenPreserver], tuple[TextReplacer, tuple[str, ...]]]:
        return TokenPreserver, (self._replacer, self._tokens)

    @cached_property
    def _preserving(self) -> TextReplacer:
        tokens = [Literal(token, Boundary.WORD, token) for token in self._tokens]
        return TextReplacer(self._replacer.literals.with_leading(tokens))

    def __call__(self, array: pa.Array) -> pa.Array:
        """Return the array with the literals replaced; see `TextReplacer`."""
        return array if self._replacer(array).equals(array) else self._preserving(array)


def _with_endings(tokens: pa.Array) -> pa.Array:
    """Return for each of `ENDINGS` the tokens with it, then the placeholder of withheld text with it.

    The placeholder needs no sign before a digit.
    """
    parts: list[pa.Array] = []
    for ending in ENDINGS:
        ended = pc.binary_join_element_wise(tokens, *(pa.scalar(text, tokens.type) for text in (ending, "")))
        parts += ended, pa.array([WITHHELD + ending.strip("_")], tokens.type)
    return pa.concat_arrays(parts)


def _text_array(like: pa.Array, ends: Positions, data: pa.Buffer) -> pa.Array:
    validity = pc.is_valid(like).buffers()[1] if like.null_count else None
    # The cast refuses text that has become too long for the type.
    return pa.Array.from_buffers(pa.large_string(), len(like), [validity, pa.py_buffer(ends), data]).cast(like.type)
