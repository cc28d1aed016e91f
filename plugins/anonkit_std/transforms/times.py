"""Dates and timestamps of Arrow as whole numbers, and the units of numbers since 1970."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anonkit_std.transforms.coarse_steps import PART_SIZES

__all__ = ["DAY", "Positions", "change_times", "is_time", "second_parts"]

Positions = npt.NDArray[np.int64]

DAY = 86400
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_SIZES = np.array(PART_SIZES)
_PARTS = np.array([1, 10**3, 10**6, 10**9])


def is_time(type_: pa.DataType) -> bool:
    """Return whether values of the type are dates or timestamps."""
    return bool(pa.types.is_timestamp(type_) or pa.types.is_date(type_))


def change_times(array: pa.Array, change: Callable[[Positions, int], Positions]) -> pa.Array:
    """Return dates or timestamps after `change`, in their type; nulls stay.

    `change` gets the times since 1970 in UTC and the number of their units in a second, and returns the new times.
    """
    days = pa.types.is_date32(array.type)
    per_second = 1 if days else _PER_SECOND["ms" if pa.types.is_date64(array.type) else array.type.unit]
    missing = array.is_null().to_numpy(zero_copy_only=False)
    stored = pa.int32() if days else pa.int64()
    numbers = array.view(stored).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    changed = change(numbers * DAY, 1) // DAY if days else change(numbers, per_second)
    return pa.array(changed, stored, mask=missing).view(array.type)


def second_parts(numbers: npt.NDArray[Any]) -> Positions:
    """Return, for each time since 1970, the number of its units in a second, judged by its size: 1, 1000, …, 10**9."""
    return _PARTS[np.searchsorted(_SIZES, numbers, side="right")]
