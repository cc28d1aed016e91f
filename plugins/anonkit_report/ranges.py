"""The ranges into which sizes of jobs and numbers of users are counted, with their labels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from types import MappingProxyType

import attrs
import numpy as np
import numpy.typing as npt

__all__ = ["SIZES", "Ranges", "of_users"]

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SECONDS = (
    *(0, 1, 10, _MINUTE, 10 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 12 * _HOUR, _DAY),
    *(2 * _DAY, 4 * _DAY, 7 * _DAY, 14 * _DAY, 28 * _DAY),
)
_MEGABYTES = (
    *(0, 1, 100, 250, 500, 1000, 2000, 3000, 4000, 6000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000),
    1_000_000,
)
_USERS = (1, 2, 3, 5, 20, 50, 100, 200, 500, 1000)


@attrs.frozen
class Ranges:
    """Consecutive ranges: each from its edge to below the next, the last without end."""

    edges: tuple[int, ...]
    labels: tuple[str, ...]

    def places(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return the place of the range of each number that is finite and not negative."""
        known = values[np.isfinite(values) & (values >= 0)]
        return np.searchsorted(np.array(self.edges), known, "right") - 1


def of_users(least: int) -> Ranges:
    """Return ranges of numbers of users, one of which begins at `least`."""
    edges = sorted({*_USERS, least})
    labels = [str(low) if end - low == 1 else f"{low} to {end - 1}" for low, end in pairwise(edges)]
    return Ranges(tuple(edges), (*labels, f"{edges[-1]:,} or more"))


def _sizes(edges: Sequence[int], units: Sequence[tuple[int, str]]) -> Ranges:
    def shown(value: int) -> str:
        size, unit = next(((size, unit) for size, unit in units if value >= size), units[-1])
        return f"{value / size:.4g} {unit}"

    labels = [f"below {shown(end)}" if not low else f"{shown(low)} to {shown(end)}" for low, end in pairwise(edges)]
    return Ranges(tuple(edges), (*labels, f"{shown(edges[-1])} or more"))


SIZES = MappingProxyType(
    {
        "s": _sizes(_SECONDS, ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s"))),
        "MB": _sizes(_MEGABYTES, ((1_000_000, "TB"), (1000, "GB"), (1, "MB"))),
    }
)
"""By unit."""
