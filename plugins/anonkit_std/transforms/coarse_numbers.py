"""The steps of `coarse_steps` for whole arrays; the results are those of the steps for each value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from anonkit_std.transforms.coarse_steps import FIRST_TIME, Cap, Digits, Multiple, Share, Span, Step
from anonkit_std.transforms.time_text import TimeText
from anonkit_std.transforms.times import Positions, second_parts

__all__ = ["coarse_decimal", "coarse_numbers", "coarse_text", "coarse_times"]

# A double holds whole numbers up to this one exactly, and no step overflows 64 bits with them.
_EXACT = 2**53
_POWERS = 10 ** np.arange(19, dtype=np.int64)
# The text of a number, with a point or an exponent.
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?\Z")
_WIDE = Context(prec=400)


def coarse_numbers(steps: Sequence[Step], numbers: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return integers or floats after the steps, in the same type; NaN and infinities stay.

    A step is applied to all values at once where it depends only on their whole part, and to the others, among them
    huge ones, once for each distinct value.
    """
    for step in steps:
        numbers = _stepped(step, numbers)
    return numbers


def coarse_times(steps: Sequence[Step], times: Positions, per_second: int) -> Positions:
    """Return times since 1970 after the steps, which are spans; a second has `per_second` units of the times."""
    for step in steps:
        assert isinstance(step, Span)
        size, start = step.seconds * per_second, step.start * per_second
        times = times - (times - start) % size
    return times


def coarse_decimal(steps: Sequence[Step], number: Decimal, *, scale: int) -> Decimal:
    """Return a number after the steps, with `scale` digits after its point."""
    for step in steps:
        number = step.apply(number)
    return number.quantize(Decimal(1).scaleb(-scale), ROUND_FLOOR, context=_WIDE)


def coarse_text(steps: Sequence[Step], text: str) -> str | None:
    """Return the text of a number after the steps, or of a time if all steps are spans; None for any other text."""
    if all(step.for_times for step in steps) and (time := TimeText.parse(text)):
        return _coarse_time(steps, time)
    if not _NUMBER.match(text.strip()):
        return None
    number = coarser = Decimal(text.strip())
    for step in steps:
        coarser = step.apply(coarser)
    return text if coarser == number else format(coarser.normalize(_WIDE), "f")


def _coarse_time(steps: Sequence[Step], time: TimeText) -> str | None:
    """Return the text of a time after the steps; None for a time before the year 1."""
    for step in steps:
        assert isinstance(step, Span)
        floored = time.floored(step.seconds, step.start)
        if floored is None:
            return None
        time = floored
    return time.text


def _stepped(step: Step, numbers: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return numbers after a step, in their type."""
    if isinstance(step, Cap):
        return _capped(numbers, step.limit)
    floats = np.issubdtype(numbers.dtype, np.floating)
    finite = np.isfinite(numbers)
    whole = np.floor(numbers) if floats else numbers
    at_once = finite & (whole >= -_EXACT) & (whole <= _EXACT)
    if floats or isinstance(step, Multiple):
        at_once &= _needs_whole_part(step, numbers)
    changed = numbers.copy()
    changed[at_once] = _in_type(_KERNELS[type(step)](step, whole[at_once].astype(np.int64)), numbers.dtype)
    others = finite & ~at_once
    if others.any():
        distinct, positions = np.unique(numbers[others], return_inverse=True)
        # A float is taken as the shortest number that is read as this float: 0.1 is 0.1.
        coarse = [step.apply(Decimal(repr(number))) for number in distinct.tolist()]
        changed[others] = _in_type([float(value) if floats else int(value) for value in coarse], numbers.dtype)[
            positions
        ]
    return changed


def _needs_whole_part(step: Step, numbers: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return for which numbers the result of the step depends only on their whole part."""
    if isinstance(step, Multiple):
        return np.full(len(numbers), step.size == step.size.to_integral_value())
    if isinstance(step, Digits):
        coarse: npt.NDArray[np.bool_] = np.abs(numbers) >= 10 ** (step.count - 1)
        return coarse
    return np.ones(len(numbers), np.bool_)


def _capped(numbers: npt.NDArray[Any], limit: Decimal) -> npt.NDArray[Any]:
    """Return numbers, in their type, of which none is above the limit."""
    highest: float = float(limit)
    if np.issubdtype(numbers.dtype, np.integer):
        bounds = np.iinfo(numbers.dtype)
        highest = min(max(int(limit.to_integral_value(ROUND_FLOOR)), int(bounds.min)), int(bounds.max))
    capped: npt.NDArray[Any] = np.minimum(numbers, numbers.dtype.type(highest))
    return capped


def _in_type(numbers: Positions | Sequence[float], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Return the numbers in a type; a number below the least one of an integer type becomes that."""
    if isinstance(numbers, np.ndarray):
        lowest = np.iinfo(dtype).min if np.issubdtype(dtype, np.integer) else np.iinfo(np.int64).min
        return np.maximum(numbers, np.int64(lowest)).astype(dtype)
    if np.issubdtype(dtype, np.floating):
        return np.array(numbers, dtype)
    # NumPy would make floats of a list of integers of different sizes.
    return np.array([max(number, int(np.iinfo(dtype).min)) for number in numbers], dtype)


def _multiples(step: Multiple, whole: Positions) -> Positions:
    return whole - whole % int(step.size)


def _leading(step: Digits, whole: Positions) -> Positions:
    digits = np.searchsorted(_POWERS, np.abs(whole), side="right")
    return whole - whole % _POWERS[np.maximum(digits - step.count, 0)]


def _shares(step: Share, whole: Positions) -> Positions:
    ends = np.array(step.ends())
    below = ends[np.maximum(np.searchsorted(ends, whole, side="right") - 1, 0)]
    negative = -ends[np.searchsorted(ends, np.maximum(-whole, 1))]
    return np.where(whole > 0, below, np.where(whole < 0, negative, 0))


def _spans(step: Span, whole: Positions) -> Positions:
    parts = second_parts(whole)
    start = np.where(whole >= FIRST_TIME, step.start * parts, 0)
    return whole - (whole - start) % (step.seconds * parts)


# For each step, its function for whole numbers.
_KERNELS: dict[type[Step], Any] = {Multiple: _multiples, Digits: _leading, Share: _shares, Span: _spans}
