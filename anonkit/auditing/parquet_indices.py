"""Pages of a parquet column that hold numbers of dictionary entries: all bytes but those of the numbers.

Numbers are no text: of a column with 200 distinct values each is one byte, and some spell a name by accident. They are
in runs, of one number that is repeated or of numbers in a row (Apache Parquet Format: encodings, RLE_DICTIONARY).
"""

from __future__ import annotations

__all__ = ["without_indices"]

_SIZE_BYTES = 4


def without_indices(page: bytes, values: int, levels: int | None, kinds_of_levels: int) -> bytes:
    """Return a decompressed page of `values` numbers without these: its levels, and the bytes after the last number.

    `levels` is the size of the levels at its beginning; None in the first version of pages, where each of the
    `kinds_of_levels` has its size before it.
    """
    start = levels
    if start is None:
        start = 0
        for _ in range(kinds_of_levels):
            start += _SIZE_BYTES + int.from_bytes(page[start : start + _SIZE_BYTES], "little")
    return page[:start] + page[_end_of_runs(page, start, values) :]


def _end_of_runs(page: bytes, start: int, values: int) -> int:
    """Return where the runs end that begin at `start` with the number of bits of each number."""
    if start >= len(page):
        return start
    bits, position = page[start], start + 1
    while values > 0 and position < len(page):
        head, position = _unsigned(page, position)
        size = head >> 1
        if head & 1:
            values -= 8 * size
            position += size * bits
        else:
            values -= size
            position += (bits + 7) // 8
    return position


def _unsigned(page: bytes, position: int) -> tuple[int, int]:
    """Return a number of variable length, and where it ends."""
    value = shift = 0
    while position < len(page):
        byte = page[position]
        position += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    return value, position
