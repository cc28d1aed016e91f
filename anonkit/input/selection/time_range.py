"""`[run] since` and `until`: the rows of a span of time."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["TimeRange", "microseconds"]

_EARLIEST, _LATEST = -(2**63), 2**63 - 1
_NUMBER = r"^\s*[0-9]+(?:\.[0-9]*)?\s*$"
_ZONE = r"(?:Z|[-+][0-9]{2}:?[0-9]{2})"
_CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_ISO = rf"^\s*[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[T ]{_CLOCK}{_ZONE}?)?\s*$"


@attrs.frozen
class TimeRange:
    """The rows with a time from `since` on and before `until`, both in microseconds since 1970."""

    column: str
    per_second: int = 1
    """Units of the column's numbers in a second: 1000 for milliseconds."""
    since: int | None = None
    until: int | None = None

    def __call__(self, times: pa.Array) -> tuple[npt.NDArray[np.bool_], int]:
        """Return which rows are within the span, and how many have no time: those are not."""
        instants = microseconds(times, self.per_second)
        since = _EARLIEST if self.since is None else self.since
        until = _LATEST if self.until is None else self.until
        within = pc.and_(pc.greater_equal(instants, since), pc.less(instants, until))
        chosen: npt.NDArray[np.bool_] = pc.fill_null(within, False).to_numpy(zero_copy_only=False)
        return chosen, int(instants.null_count)


def microseconds(times: pa.Array, per_second: int = 1) -> pa.Array:
    """Return times as microseconds since 1970 in UTC (int64): of a time type, as numbers, as ISO text.

    Null for what is not a time: text of another form, 0 and negative numbers, which HTCondor writes for none.
    """
    if pa.types.is_temporal(times.type):
        return times.cast(pa.timestamp("us")).cast(pa.int64())
    if not pa.types.is_string(times.type):
        return _from_numbers(times, per_second)
    numbers = pc.if_else(pc.match_substring_regex(times, _NUMBER), pc.utf8_trim_whitespace(times), None)
    return pc.coalesce(_from_numbers(numbers.cast(pa.float64()), per_second), _from_iso(times))


def _from_numbers(numbers: pa.Array, per_second: int) -> pa.Array:
    if pa.types.is_integer(numbers.type) and per_second in (1, 1_000, 1_000_000):
        scaled = pc.multiply(numbers.cast(pa.int64(), safe=False), 1_000_000 // per_second)
    else:
        scaled = pc.multiply(numbers.cast(pa.float64(), safe=False), 1_000_000 / per_second).cast(
            pa.int64(), safe=False
        )
    return pc.if_else(pc.greater(scaled, 0), scaled, pa.scalar(None, pa.int64()))


def _from_iso(texts: pa.Array) -> pa.Array:
    shaped = pc.if_else(pc.match_substring_regex(texts, _ISO), pc.utf8_trim_whitespace(texts), None)
    zoned = pc.match_substring_regex(shaped, f"{_ZONE}$")
    zoned = pc.and_(zoned, pc.greater(pc.utf8_length(shaped), 10))
    with_zone = pc.if_else(zoned, shaped, None)
    without = pc.if_else(zoned, None, shaped)
    return pc.coalesce(_cast(with_zone, pa.timestamp("us", "UTC")), _cast(without, pa.timestamp("us")))


def _cast(texts: pa.Array, type_: pa.DataType) -> pa.Array:
    """Return times; null for a text that has the form of one and is none, as 2024-02-31."""
    try:
        return texts.cast(type_).cast(pa.int64())
    except pa.ArrowInvalid:
        distinct = texts.dictionary_encode()
        times = [_parsed(text, type_) for text in distinct.dictionary]
        return pa.array(times, pa.int64()).take(distinct.indices)


def _parsed(text: pa.Scalar, type_: pa.DataType) -> int | None:
    try:
        return int(text.cast(type_).cast(pa.int64()).as_py())
    except pa.ArrowInvalid:
        return None
