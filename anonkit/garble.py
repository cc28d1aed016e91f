"""Replacing identities in text: one pass over a column's bytes for all literals at once.

The rule, which `tests/core/garble_reference.py` spells out slowly: go from left to right; where one or more literals
stand and are allowed to (`Match`), the longest is replaced by its token and the search goes on behind it.

How it is done: where a column's text repeats itself, each distinct piece is garbled once (`Pieces`), and
values that may hold a literal across two of them are garbled whole (`Spans`). The bytes of many
values lie in one buffer. `Search` says where literals stand in it. The buffer is then
cut into alternating kept and matched pieces by offsets alone, the matched ones are swapped for tokens by one Arrow
kernel, and the new ends of the values are read off the result.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.contracts import Match
from anonkit.literals import Literal, Literals
from anonkit.pieces import SEPARATORS, Pieces
from anonkit.search import Occurrences, Positions, Search, slices, value_ends
from anonkit.spans import Spans

__all__ = ["Garbler", "TokenKeeper", "holds_text"]


def holds_text(type_: pa.DataType) -> bool:
    """Return whether values of an Arrow type are text or hold text, inside lists, structs, maps or dictionaries."""
    if pa.types.is_dictionary(type_):
        return holds_text(type_.value_type)
    if pa.types.is_nested(type_):
        return any(holds_text(type_.field(i).type) for i in range(type_.num_fields))
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


class Garbler:
    """Replaces literals in Arrow arrays. Pickled as its literals."""

    def __init__(self, literals: Literals) -> None:
        self._search = Search(literals)
        self._tokens = pa.array(literals.tokens, pa.large_string())
        self._spans = Spans.of(literals.patterns)

    def __reduce__(self) -> tuple[type[Garbler], tuple[Literals]]:
        return Garbler, (self._search.literals,)

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

    def _nested(self, array: pa.Array) -> pa.Array:
        """Garble the leaves; concatenating one array alone normalises a slice, whose children would not be sliced."""
        whole = pa.concat_arrays([array]) if array.offset else array
        return _with_leaves(whole, self)

    def _text(self, array: pa.Array) -> pa.Array:
        pieces = Pieces.of(array, SEPARATORS)
        if pieces is None:
            return self._whole(array)
        ends, data = pieces.joined(self._whole(pieces.distinct))
        garbled = _text_array(array, ends, data)
        across = self._spans.values(pieces)
        if not across.size:
            return garbled
        again = np.zeros(len(array), np.bool_)
        again[across] = True
        return pc.replace_with_mask(garbled, pa.array(again), self._whole(array.take(pa.array(across))))

    def _whole(self, array: pa.Array) -> pa.Array:
        return pa.concat_arrays([self._slice(part) for part in slices(array)])

    def _slice(self, array: pa.Array) -> pa.Array:
        ends = value_ends(array)
        start, size = int(ends[0]), int(ends[-1] - ends[0])
        if not size:
            return array
        data = array.buffers()[2].slice(start, size)
        found = self._search(data, ends - start)
        return _splice(array, data, ends - start, self._tokens, found) if len(found) else array


class TokenKeeper:
    """Garbles text made out of garbled text: whatever identities come to light are replaced, tokens stay as they are.

    Built when it is first needed, which in most runs is never; pickled without what was built.
    """

    def __init__(self, literals: Literals, tokens: Sequence[str]) -> None:
        self._literals = literals
        self._tokens = tuple(tokens)
        self._garbler: Garbler | None = None

    def __reduce__(self) -> tuple[type[TokenKeeper], tuple[Literals, tuple[str, ...]]]:
        return TokenKeeper, (self._literals, self._tokens)

    def __call__(self, array: pa.Array) -> pa.Array:
        """Return the array garbled; see `Garbler`."""
        if self._garbler is None:
            self._garbler = Garbler(self._literals.before([Literal(one, Match.WORD, one) for one in self._tokens]))
        return self._garbler(array)


def _splice(array: pa.Array, data: pa.Buffer, ends: Positions, tokens: pa.Array, found: Occurrences) -> pa.Array:
    """Return `array`, whose values end at `ends` in `data`, with tokens in place of what was found; not nothing."""
    cuts = np.empty(2 * len(found) + 2, np.int64)
    cuts[0], cuts[-1] = 0, data.size
    cuts[1:-1:2], cuts[2:-1:2] = found.starts, found.stops
    pieces = pa.Array.from_buffers(pa.large_string(), cuts.size - 1, [None, pa.py_buffer(cuts), data])
    matched = np.zeros(cuts.size - 1, np.bool_)
    matched[1::2] = True
    # At the kept pieces any token will do: it is not looked at.
    which = np.zeros(cuts.size - 1, np.int64)
    which[1::2] = found.which
    swapped = pc.if_else(pa.array(matched), tokens.take(pa.array(which)), pieces)

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
