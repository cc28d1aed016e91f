"""Text in segments: a value is a sequence of segments, and each distinct segment is stored once.

Work on text is then work on distinct segments. In an Arrow array such a column is a `list<dictionary<string>>`, a type
that no column of the input has: `anonkit.input.normalize` leaves no dictionaries (tests/core/arrow/test_nested.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Flags, Positions, ranges, totals, value_ends

__all__ = ["Segments", "is_segmented", "merge_segments"]


def is_segmented(type_: pa.DataType) -> bool:
    """Return whether an array of the type is segmented text, as `Segments.to_lists` returns it."""
    return bool(pa.types.is_list(type_) and pa.types.is_dictionary(type_.value_type))


def merge_segments(array: pa.Array) -> pa.Array:
    """Return segmented text as plain text (string); any other array comes back as it is."""
    return Segments.from_lists(array).to_strings(array) if is_segmented(array.type) else array


@attrs.frozen(eq=False)
class Segments:
    """The segments of a column's values.

    It has no nulls: in `from_strings` and `from_lists` a null becomes a value without segments.
    """

    distinct: pa.Array
    """The segments (string, no nulls). Two may be equal; some may be in no value."""
    codes: Positions
    """For each segment of the column, in order, its position in `distinct`. 64 bits: NumPy indexes slowly by others."""
    ends: Positions
    """The offsets of the values in `codes`, from 0: one more than values."""

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self.ends) - 1

    @classmethod
    def from_strings(cls, array: pa.Array) -> Segments:
        """Return each value of a string array as one segment; a null has none."""
        sizes = array.is_valid().to_numpy(zero_copy_only=False)
        return cls(array.fill_null("") if array.null_count else array, np.flatnonzero(sizes), totals(sizes))

    @classmethod
    def from_dictionary(cls, encoded: pa.DictionaryArray, ends: Positions) -> Segments:
        """Return values that end at the offsets `ends` among the dictionary-encoded segments."""
        return cls(encoded.dictionary, encoded.indices.to_numpy().astype(np.int64), ends)

    @classmethod
    def from_lists(cls, lists: pa.Array) -> Segments:
        """Return the segments of an array that `to_lists` made; a null has none."""
        if not len(lists):
            return cls.from_strings(pa.array([], pa.string()))
        ends = np.frombuffer(lists.buffers()[1], np.int32)[lists.offset : lists.offset + len(lists) + 1]
        values = lists.values
        codes, sizes = values.indices.to_numpy()[ends[0] : ends[-1]].astype(np.int64), np.diff(ends)
        if lists.null_count:
            valid = lists.is_valid().to_numpy(zero_copy_only=False)
            codes, sizes = codes[np.repeat(valid, sizes)], sizes * valid
        return cls(values.dictionary, codes, totals(sizes))

    def to_lists(self, like: pa.Array) -> pa.Array:
        """Return the values as lists of segments (list<dictionary<string>>), null where `like` is null."""
        values = pa.DictionaryArray.from_arrays(pa.array(self.codes, pa.int32()), self.distinct)
        ends = pa.py_buffer(self.ends.astype(np.int32))
        return pa.Array.from_buffers(pa.list_(values.type), len(self), [_validity(like), ends], children=[values])

    def to_strings(self, like: pa.Array | None = None) -> pa.Array:
        """Return the values as plain text, null where `like` is null: large_string if `like` is that, or else string.

        ArrowInvalid when the values are together too long for the type.
        """
        texts = self.distinct.cast(pa.large_string()).take(pa.array(self.codes))
        buffers = [_validity(like), pa.py_buffer(value_ends(texts)[self.ends]), texts.buffers()[2]]
        large = pa.Array.from_buffers(pa.large_string(), len(self), buffers)
        return large if like is not None and pa.types.is_large_string(like.type) else large.cast(pa.string())

    def take(self, values: Positions) -> Segments:
        """Return the values at some positions."""
        sizes = np.diff(self.ends)[values]
        return Segments(self.distinct, self.codes[ranges(self.ends[values], sizes)], totals(sizes))

    def empty_except(self, values: Flags) -> Segments:
        """Return as many values: the flagged ones as they are, the others without segments."""
        if values.all():
            return self
        sizes = np.diff(self.ends)
        return attrs.evolve(self, codes=self.codes[np.repeat(values, sizes)], ends=totals(sizes * values))

    def drop_unused(self) -> Segments:
        """Return the same values without the distinct segments that are in none of them."""
        used = np.zeros(len(self.distinct), np.bool_)
        used[self.codes] = True
        if used.all():
            return self
        places = np.cumsum(used, dtype=self.codes.dtype) - 1
        return attrs.evolve(self, distinct=self.distinct.filter(pa.array(used)), codes=places[self.codes])

    @classmethod
    def coalesce(cls, columns: Sequence[Segments]) -> Segments:
        """Return for each value its segments from the one column that has any; the columns are equally long."""
        sizes = [np.diff(column.ends) for column in columns]
        total = np.sum(sizes, axis=0)
        ends = totals(total)
        codes = np.empty(ends[-1], np.int64)
        first = 0
        for column, size in zip(columns, sizes, strict=True):
            codes[np.repeat(size > 0, total)] = first + column.codes
            first += len(column.distinct)
        return cls(pa.concat_arrays([column.distinct for column in columns]), codes, ends)

    def replace_values(self, values: Positions, texts: pa.Array) -> Segments:
        """Return the column with `texts` (string, no nulls), one segment each, as the values at ascending positions."""
        others = np.ones(len(self), np.bool_)
        others[values] = False
        replaced = Segments.from_dictionary(texts.dictionary_encode(), totals(~others))
        return Segments.coalesce([self.empty_except(others), replaced])

    def subdivide(self, parts: Segments) -> Segments:
        """Return the column with each distinct segment replaced: segment i by the segments of value i of `parts`."""
        sizes = np.diff(parts.ends)[self.codes]
        ends = totals(sizes)
        # Nearly all have one part: each gets its first part as often as it has parts, then the few others are set.
        firsts = np.append(parts.codes, 0)[parts.ends[:-1]]
        codes = np.repeat(firsts[self.codes], sizes)
        (several,) = np.nonzero(sizes > 1)
        places = ranges(ends[several], sizes[several])
        codes[places] = parts.codes[ranges(parts.ends[self.codes[several]], sizes[several])]
        return Segments(parts.distinct, codes, ends[self.ends])

    def merge_adjacent(self, open_: Positions) -> Segments:
        """Return larger segments: each one at a position of `open_` (ascending) in `codes` is merged with the next.

        The last segment of a value is merged with none. Distinct segments may stay that are in no value any more.
        """
        open_ = open_[open_ + 1 < self.ends[self.parent_indices(open_) + 1]]
        if not open_.size:
            return self
        # Open neighbours are one run, together with the segment after the last of them.
        (begins,) = np.nonzero(np.diff(open_, prepend=-2) > 1)
        starts, sizes = open_[begins], np.diff(begins, append=open_.size) + 1
        runs = Segments(self.distinct, self.codes[ranges(starts, sizes)], totals(sizes))
        encoded = runs.to_strings().dictionary_encode()
        codes = self.codes.copy()
        codes[starts] = len(self.distinct) + encoded.indices.to_numpy()
        stay = np.ones(codes.size, np.bool_)
        stay[open_ + 1] = False
        ends = self.ends - np.searchsorted(open_ + 1, self.ends)
        return Segments(pa.concat_arrays([self.distinct, encoded.dictionary]), codes[stay], ends)

    def contains_any(self, distinct: Flags) -> Flags:
        """Return which values have one of the flagged distinct segments."""
        found = np.zeros(len(self), np.bool_)
        if distinct.any():
            found[self.parent_indices(np.flatnonzero(distinct[self.codes]))] = True
        return found

    def find_values(self, distinct: Positions) -> Positions:
        """Return the positions, ascending, of the values that have one of the distinct segments at some positions."""
        return np.flatnonzero(self.contains_any(self._flags(distinct)))

    def parent_indices(self, places: Positions) -> Positions:
        """Return for each position in `codes` the position of its value."""
        return np.searchsorted(self.ends, places, side="right") - 1

    def locate(self, distinct: Positions) -> tuple[Positions, Positions]:
        """Return (values, which): value `values[i]` has the distinct segment `distinct[which[i]]`; `distinct` ascends.

        So whatever is found in distinct segments, with repeats, is found in the values that have them.
        """
        places = np.flatnonzero(self._flags(distinct)[self.codes])
        codes = self.codes[places]
        repeats = np.bincount(distinct, minlength=len(self.distinct))[codes]
        which = ranges(np.searchsorted(distinct, codes), repeats)
        return np.repeat(self.parent_indices(places), repeats), which

    def _flags(self, distinct: Positions) -> Flags:
        flags = np.zeros(len(self.distinct), np.bool_)
        flags[distinct] = True
        return flags


def _validity(like: pa.Array | None) -> pa.Buffer | None:
    return None if like is None or not like.null_count else pc.is_valid(like).buffers()[1]
