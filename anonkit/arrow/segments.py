"""Text as pieces: each value is some pieces, one after the other, and each distinct piece is there once.

So what is done to text is done to distinct pieces. In an Arrow array such a column is a `list<dictionary<string>>`,
which no file's column is.
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
    """Return whether a column of that type is text as `Segments.in_lists` gives it."""
    return bool(pa.types.is_list(type_) and pa.types.is_dictionary(type_.value_type))


def merge_segments(array: pa.Array) -> pa.Array:
    """Return text that is in pieces put together (string), anything else as it is."""
    return Segments.of_lists(array).joined(array) if is_segmented(array.type) else array


@attrs.frozen(eq=False)
class Segments:
    """The pieces of a column's values. Nothing is said of nulls: who makes pieces says what a null has."""

    distinct: pa.Array
    """The pieces (string, no nulls); some may be alike."""
    codes: Positions
    """For each piece of the column, in order, its position in `distinct`. Of 64 bits: by others NumPy takes slowly."""
    ends: Positions
    """Where values begin and end among the pieces, from 0: one more than values."""

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self.ends) - 1

    @classmethod
    def whole(cls, array: pa.Array) -> Segments:
        """Return each value of a string array as one piece, a null as none."""
        sizes = array.is_valid().to_numpy(zero_copy_only=False)
        return cls(array.fill_null("") if array.null_count else array, np.flatnonzero(sizes), totals(sizes))

    @classmethod
    def of_lists(cls, lists: pa.Array) -> Segments:
        """Return the pieces of a column that is `in_lists`; a null has none."""
        if not len(lists):
            return cls.whole(pa.array([], pa.string()))
        ends = np.frombuffer(lists.buffers()[1], np.int32)[lists.offset : lists.offset + len(lists) + 1]
        values = lists.values
        codes, sizes = values.indices.to_numpy()[ends[0] : ends[-1]].astype(np.int64), np.diff(ends)
        if lists.null_count:
            valid = lists.is_valid().to_numpy(zero_copy_only=False)
            codes, sizes = codes[np.repeat(valid, sizes)], sizes * valid
        return cls(values.dictionary, codes, totals(sizes))

    def in_lists(self, like: pa.Array) -> pa.Array:
        """Return the column as lists of its pieces (list<dictionary<string>>), with nulls where `like` has them."""
        values = pa.DictionaryArray.from_arrays(pa.array(self.codes, pa.int32()), self.distinct)
        ends = pa.py_buffer(self.ends.astype(np.int32))
        return pa.Array.from_buffers(pa.list_(values.type), len(self), [_validity(like), ends], children=[values])

    def joined(self, like: pa.Array | None = None) -> pa.Array:
        """Return the values, with nulls where `like` has them, as large_string if it is that, or else as string.

        ArrowInvalid when they are too long together for the type.
        """
        pieces = self.distinct.cast(pa.large_string()).take(pa.array(self.codes))
        buffers = [_validity(like), pa.py_buffer(value_ends(pieces)[self.ends]), pieces.buffers()[2]]
        large = pa.Array.from_buffers(pa.large_string(), len(self), buffers)
        return large if like is not None and pa.types.is_large_string(like.type) else large.cast(pa.string())

    def taken(self, values: Positions) -> Segments:
        """Return some of the values."""
        sizes = np.diff(self.ends)[values]
        return Segments(self.distinct, self.codes[ranges(self.ends[values], sizes)], totals(sizes))

    def only(self, values: Flags) -> Segments:
        """Return as many values, of which the others have no pieces."""
        if values.all():
            return self
        sizes = np.diff(self.ends)
        return attrs.evolve(self, codes=self.codes[np.repeat(values, sizes)], ends=totals(sizes * values))

    def in_use(self) -> Segments:
        """Return the same without distinct pieces that no value has."""
        used = np.zeros(len(self.distinct), np.bool_)
        used[self.codes] = True
        if used.all():
            return self
        places = np.cumsum(used, dtype=self.codes.dtype) - 1
        return attrs.evolve(self, distinct=self.distinct.filter(pa.array(used)), codes=places[self.codes])

    @classmethod
    def together(cls, columns: Sequence[Segments]) -> Segments:
        """Return the values of columns of as many values, of which no two have pieces for the same value."""
        sizes = [np.diff(column.ends) for column in columns]
        total = np.sum(sizes, axis=0)
        ends = totals(total)
        codes = np.empty(ends[-1], np.int64)
        first = 0
        for column, held in zip(columns, sizes, strict=True):
            codes[np.repeat(held > 0, total)] = first + column.codes
            first += len(column.distinct)
        return cls(pa.concat_arrays([column.distinct for column in columns]), codes, ends)

    def with_whole(self, values: Positions, texts: pa.Array) -> Segments:
        """Return the column with other texts (string, no nulls), one piece each, for some values, which ascend."""
        others = np.ones(len(self), np.bool_)
        others[values] = False
        encoded = texts.dictionary_encode()
        sizes = np.zeros(len(self), np.int64)
        sizes[values] = 1
        whole = Segments(encoded.dictionary, encoded.indices.to_numpy().astype(np.int64), totals(sizes))
        return Segments.together([self.only(others), whole])

    def refined(self, parts: Segments) -> Segments:
        """Return the column with other pieces for each distinct one: value i of `parts` has those for piece i."""
        sizes = np.diff(parts.ends)[self.codes]
        ends = totals(sizes)
        # Nearly all have one part. So each gets its first one, as often as it has parts, and few are gone through.
        firsts = np.append(parts.codes, 0)[parts.ends[:-1]]
        codes = np.repeat(firsts[self.codes], sizes)
        (several,) = np.nonzero(sizes > 1)
        places = ranges(ends[several], sizes[several])
        codes[places] = parts.codes[ranges(parts.ends[self.codes[several]], sizes[several])]
        return Segments(parts.distinct, codes, ends[self.ends])

    def glued(self, open_: Positions) -> Segments:
        """Return larger pieces: each of those at the places `open_` in the column goes together with the next.

        The places ascend. The last piece of a value goes together with none. Distinct pieces may be left that no value
        has any more.
        """
        open_ = open_[open_ + 1 < self.ends[self.owners(open_) + 1]]
        if not open_.size:
            return self
        # Neighbours that are open are one stretch with what is behind the last of them.
        (begins,) = np.nonzero(np.diff(open_, prepend=-2) > 1)
        starts, sizes = open_[begins], np.diff(begins, append=open_.size) + 1
        windows = Segments(self.distinct, self.codes[ranges(starts, sizes)], totals(sizes))
        encoded = windows.joined().dictionary_encode()
        codes = self.codes.copy()
        codes[starts] = len(self.distinct) + encoded.indices.to_numpy()
        stay = np.ones(codes.size, np.bool_)
        stay[open_ + 1] = False
        ends = self.ends - np.searchsorted(open_ + 1, self.ends)
        return Segments(pa.concat_arrays([self.distinct, encoded.dictionary]), codes[stay], ends)

    def having(self, distinct: Flags) -> Flags:
        """Return which values have one of some distinct pieces; `distinct` has a flag for each."""
        found = np.zeros(len(self), np.bool_)
        if distinct.any():
            found[self.owners(np.flatnonzero(distinct[self.codes]))] = True
        return found

    def owners(self, places: Positions) -> Positions:
        """Return for each place among the pieces of the column the value that has the piece there."""
        return np.searchsorted(self.ends, places, side="right") - 1

    def values(self, held: Positions) -> Positions:
        """Return the values, ascending, that have one of the distinct pieces `held`."""
        return np.flatnonzero(self.having(self._flags(held)))

    def spread(self, held: Positions) -> tuple[Positions, Positions]:
        """Return (values, which): value `values[i]` has the distinct piece `held[which[i]]`; `held` ascends.

        What is found in pieces is so told of the values that have them.
        """
        places = self._places(held)
        codes = self.codes[places]
        repeats = np.bincount(held, minlength=len(self.distinct))[codes]
        which = ranges(np.searchsorted(held, codes), repeats)
        return np.repeat(self.owners(places), repeats), which

    def _places(self, held: Positions) -> Positions:
        """Return where among the pieces of the column, ascending, the distinct pieces `held` are."""
        return np.flatnonzero(self._flags(held)[self.codes])

    def _flags(self, held: Positions) -> Flags:
        flags = np.zeros(len(self.distinct), np.bool_)
        flags[held] = True
        return flags


def _validity(like: pa.Array | None) -> pa.Buffer | None:
    return None if like is None or not like.null_count else pc.is_valid(like).buffers()[1]
