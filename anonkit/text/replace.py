"""Replacing identities in text: one pass over a column's bytes for all literals at once.

The rule, which `tests/core/garble_reference.py` spells out slowly: go from left to right; where one or more literals
stand and are allowed to (`Boundary`), the longest is replaced by its token and the search goes on behind it.

A literal stands wherever a reader can make it out, however it is escaped: see `anonkit.text.matches`.

How it is done: where a column's text repeats itself, each distinct segment is garbled once (`Segments`); values of
which a segment does not tell enough are garbled as wholes. The bytes of many values lie in one buffer. `TextMatcher`
says what stands where in it. The buffer is then cut into alternating kept and matched segments by offsets alone, the
matched ones are swapped for tokens by one Arrow kernel, and the new ends of the values are read off the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Positions, value_ends
from anonkit.arrow.segments import Segments, is_segmented, merge_segments
from anonkit.plugin.contracts import Boundary
from anonkit.text.matches import QUOTES, Replacements, TextMatcher
from anonkit.text.search import slices
from anonkit.text.segmentation import SEPARATORS, cut
from anonkit.text.spanning_names import crossed
from anonkit.text.spellings import Literal, Literals

__all__ = ["Garbler", "TokenKeeper", "holds_text"]


def holds_text(type_: pa.DataType) -> bool:
    """Return whether values of an Arrow type are text or hold text, inside lists, structs, maps or dictionaries."""
    if pa.types.is_dictionary(type_):
        return holds_text(type_.value_type)
    if pa.types.is_nested(type_):
        return any(holds_text(type_.field(i).type) for i in range(type_.num_fields))
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


class Garbler:
    """Replaces literals in Arrow arrays. Pickled as its literals; what finds them is built where it is first needed."""

    def __init__(self, literals: Literals) -> None:
        self.literals = literals
        self._tokens = pa.array(
            [token + restored_quotes for restored_quotes in QUOTES for token in literals.tokens], pa.large_string()
        )

    def __reduce__(self) -> tuple[type[Garbler], tuple[Literals]]:
        return Garbler, (self.literals,)

    @cached_property
    def _find(self) -> TextMatcher:
        return TextMatcher(self.literals)

    def make_ready(self) -> None:
        """Build what finds the literals now."""
        if self.literals.patterns:
            _ = self._find

    def __call__(self, array: pa.Array) -> pa.Array:
        """Return `array` with its text garbled: same type, length and nulls; what holds no text comes back as it is.

        Text is string or large_string, also inside lists, structs, maps and dictionaries.
        """
        if not len(self._tokens) or not holds_text(array.type):
            return array
        if pa.types.is_dictionary(array.type):
            return pa.DictionaryArray.from_arrays(array.indices, self(array.dictionary), ordered=array.type.ordered)
        if pa.types.is_nested(array.type):
            return self._nested(array)
        return self._text(array)

    def segmented(self, array: pa.Array) -> pa.Array:
        """Return `array` garbled; in segments (`Segments.to_lists`) if it is so, or is string and repeats itself."""
        if is_segmented(array.type):
            return self._replaced_segments(Segments.from_lists(array), array) if len(self._tokens) else array
        segments = cut(array, SEPARATORS) if len(self._tokens) and pa.types.is_string(array.type) else None
        return self(array) if segments is None else self._replaced_segments(segments, array)

    def _nested(self, array: pa.Array) -> pa.Array:
        """Garble the leaves; concatenating one array alone normalises a slice, whose children would not be sliced."""
        whole = pa.concat_arrays([array]) if array.offset else array
        return _with_leaves(whole, self)

    def _text(self, array: pa.Array) -> pa.Array:
        segments = cut(array, SEPARATORS)
        return self._whole(array) if segments is None else self._garbled(segments, array).to_strings(array)

    def _replaced_segments(self, segments: Segments, array: pa.Array) -> pa.Array:
        return self._garbled(segments, array).to_lists(array)

    def _garbled(self, segments: Segments, array: pa.Array) -> Segments:
        """Return the segments of `array`, which may be in lists of them, garbled."""
        whole = bool(np.all(np.diff(segments.ends) == 1))
        distinct, finds = self._slices(segments.distinct, whole=whole)
        garbled = attrs.evolve(segments, distinct=distinct)
        which = np.zeros(0, np.int64) if whole else _open(segments, finds)
        if not which.size:
            return garbled
        # Values of which some segment does not tell enough.
        encoded = merge_segments(array.take(pa.array(which))).fill_null("").dictionary_encode()
        return garbled.replace_values(which, self._whole(encoded.dictionary).take(encoded.indices))

    def _whole(self, array: pa.Array) -> pa.Array:
        return self._slices(array, whole=True)[0]

    def _slices(self, array: pa.Array, *, whole: bool) -> tuple[pa.Array, list[Replacements]]:
        """Return the values garbled, and what was found where slice by slice."""
        parts, finds, first = [], [], 0
        for part in slices(array):
            ends = value_ends(part)
            start, size = int(ends[0]), int(ends[-1] - ends[0])
            if size:
                data = part.buffers()[2].slice(start, size)
                found = self._find(data, ends - start, whole=whole)
                finds.append(found.behind(first))
                if len(found.places):
                    part = _splice(part, data, ends - start, self._tokens, found)
            parts.append(part)
            first += len(part)
        return pa.concat_arrays(parts), finds


class TokenKeeper:
    """Garbles text made out of garbled text: whatever identities come to light are replaced, tokens stay as they are.

    What knows the tokens is built when a garbler finds something, which in most runs is never; it is not pickled.
    """

    def __init__(self, garbler: Garbler, tokens: Sequence[str]) -> None:
        self._garbler = garbler
        self._tokens = tuple(tokens)

    def __reduce__(self) -> tuple[type[TokenKeeper], tuple[Garbler, tuple[str, ...]]]:
        return TokenKeeper, (self._garbler, self._tokens)

    @cached_property
    def _keeping(self) -> Garbler:
        tokens = [Literal(one, Boundary.WORD, one) for one in self._tokens]
        return Garbler(self._garbler.literals.before(tokens))

    def __call__(self, array: pa.Array) -> pa.Array:
        """Return the array garbled; see `Garbler`."""
        # Where no identity stands, there is nothing to keep from being garbled.
        return array if self._garbler(array).equals(array) else self._keeping(array)


def _open(segments: Segments, finds: Sequence[Replacements]) -> Positions:
    """Return the values, ascending, of which some segment cannot be garbled by itself."""
    none = np.zeros(0, np.int64)
    needs_context, ended, begun = (
        np.concatenate([none, *(getattr(one, name) for one in finds)]) for name in ("needs_context", "ended", "begun")
    )
    across = crossed(segments, ended, begun)
    return np.union1d(segments.find_values(needs_context), across) if needs_context.size else across


def _splice(array: pa.Array, data: pa.Buffer, ends: Positions, tokens: pa.Array, finds: Replacements) -> pa.Array:
    """Return `array`, whose values end at `ends` in `data`, with tokens in place of what was found; not nothing."""
    found = finds.places
    cuts = np.empty(2 * len(found) + 2, np.int64)
    cuts[0], cuts[-1] = 0, data.size
    cuts[1:-1:2], cuts[2:-1:2] = found.starts, found.stops
    segments = pa.Array.from_buffers(pa.large_string(), cuts.size - 1, [None, pa.py_buffer(cuts), data])
    matched = np.zeros(cuts.size - 1, np.bool_)
    matched[1::2] = True
    # At the kept segments any token will do: it is not looked at.
    which = np.zeros(cuts.size - 1, np.int64)
    which[1::2] = found.which + finds.restored_quotes * (len(tokens) // len(QUOTES))
    swapped = pc.if_else(pa.array(matched), tokens.take(pa.array(which)), segments)

    new_cuts = np.frombuffer(swapped.buffers()[1], np.int64)[: cuts.size]
    before = 2 * np.searchsorted(found.stops, ends, side="right")
    return _text_array(array, new_cuts[before] + ends - cuts[before], swapped.buffers()[2])


def _text_array(like: pa.Array, ends: Positions, data: pa.Buffer) -> pa.Array:
    validity = pc.is_valid(like).buffers()[1] if like.null_count else None
    # By a cast, which refuses what has grown too long for the type.
    return pa.Array.from_buffers(pa.large_string(), len(like), [validity, pa.py_buffer(ends), data]).cast(like.type)


def _with_leaves(array: pa.Array, change: Garbler) -> pa.Array:
    """Return a nested array (offset 0) whose children went through `change`."""
    type_ = array.type
    validity = array.buffers()[0]
    if pa.types.is_struct(type_):
        children = [change(array.field(i)) for i in range(type_.num_fields)]
        return pa.Array.from_buffers(type_, len(array), [validity], children=children)
    if pa.types.is_map(type_):
        entries = pa.StructArray.from_arrays(
            [change(array.keys), change(array.items)], fields=[type_.key_field, type_.item_field]
        )
        return pa.Array.from_buffers(type_, len(array), array.buffers()[:2], children=[entries])
    if pa.types.is_fixed_size_list(type_):
        return pa.Array.from_buffers(type_, len(array), [validity], children=[change(array.values)])
    return pa.Array.from_buffers(type_, len(array), array.buffers()[:2], children=[change(array.values)])
