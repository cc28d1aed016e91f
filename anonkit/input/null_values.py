"""Texts that mean null: cells that may hold one are found by their first and last byte, and only those are compared."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["NullValues"]

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

# A text longer than this, blanks included, is not compared.
_LONGEST = 64


@attrs.frozen(eq=False)
class NullValues:
    """Texts that mean null, compared without surrounding blanks and without regard to letter case."""

    folded: pa.Array
    """As they are compared."""
    first: Flags
    """For each byte whether a text that means null may begin with it."""
    last: Flags
    """And whether it may end with it."""

    @classmethod
    @lru_cache(maxsize=8)
    def from_texts(cls, texts: tuple[str, ...]) -> NullValues:
        """Return the values prepared for the search."""
        folded = sorted({text.strip().lower() for text in texts})
        filled = [text.encode() for text in folded if text]
        return cls(pa.array(folded, pa.string()), _ends(text[0] for text in filled), _ends(text[-1] for text in filled))

    def removed(self, array: pa.Array) -> pa.Array:
        """Return a string array with null for each text that means null."""
        rows = self._likely(array)
        if not rows.size:
            return array
        encoded = array.take(pa.array(rows)).dictionary_encode()
        means_null = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(encoded.dictionary)), value_set=self.folded)
        if not pc.any(means_null).as_py():
            return array
        found = pc.fill_null(means_null.take(encoded.indices), False).to_numpy(zero_copy_only=False)
        mask = np.zeros(len(array), np.bool_)
        mask[rows[found]] = True
        return pc.if_else(pa.array(mask), pa.scalar(None, array.type), array)

    def _likely(self, array: pa.Array) -> Rows:
        """Return the rows, ascending, with a text whose length and ends are those of one that means null."""
        if not len(array):
            return np.zeros(0, np.int64)
        _, offsets, data = array.buffers()
        ends = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
        lengths = np.diff(ends)
        rows: Rows = np.flatnonzero(lengths <= _LONGEST)
        if not rows.size or data is None or not data.size:
            return rows
        text, starts, stops = np.frombuffer(data, np.uint8), ends[:-1][rows], ends[1:][rows]
        # For an empty text these are bytes beside it, and do not matter.
        likely = self.first[text.take(starts, mode="clip")] & self.last[text.take(stops - 1, mode="clip")]
        found: Rows = rows[likely | (starts == stops)]
        return found


def _ends(letters: Iterable[int]) -> Flags:
    """Return for each byte whether a text may have it at one end that, trimmed and folded, has one of `letters` there.

    A blank or a control character may be trimmed, and a letter beyond ASCII may fold to any.
    """
    flags = np.zeros(256, np.bool_)
    flags[: ord(" ") + 1] = flags[0x80:] = True
    for letter in letters:
        flags[list(bytes([letter]).lower() + bytes([letter]).upper())] = True
    return flags
