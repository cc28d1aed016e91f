"""The ways in which a column can be made coarser, from the finest to leaving it out, each with its loss."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt
from anonkit_std.options.transforms import CoarsenOptions
from anonkit_std.transforms.coarsen import Coarsen

from anonkit.api import attribute
from anonkit_risk.people import People

__all__ = ["DROPPED", "UNCHANGED", "Level", "ladder"]

Weights = npt.NDArray[np.float64]

UNCHANGED = ""
DROPPED = "drop"
_SPANS = ("1h", "1d", "1w", "4w", "52w")
_FIRST_TIME = 10**8
_PARTS = (1, 2, 5, 10, 20, 50, 100)


@attrs.frozen
class Level:
    """One way to treat a column."""

    setting: str
    """A text for `coarsen`, `UNCHANGED` or `DROPPED`."""
    key: str
    """The column of the table ``levels`` with its codes; empty when the column is left out."""
    loss: float
    """The share of the information (Shannon's entropy over rows) that is lost."""
    changed: float
    """The share of cells that are not what they were."""


def ladder(people: People, place: int, least: int) -> list[Level]:
    """Return the ways to treat a column by ascending loss, and make the table ``steps_{place}`` of their codes.

    A class needs `least` users: a limit is set to values that fewer users reach.
    """
    session, name = people.session, people.question.quasi[place]
    values = session.arrow(f"SELECT code, value FROM value_{place} ORDER BY code")
    column = values.column("value").combine_chunks()
    coarse = {setting: _coarse(name, column, setting) for setting in _settings(people, place, column, least)}
    codes = {f"q{place}_{number}": _codes(array) for number, array in enumerate(coarse.values())}
    session.load(f"steps_{place}", pa.table({"code": values.column("code"), **codes}))
    weights = _weights(people, place, len(column))
    whole = _entropy(np.arange(len(weights)), weights)
    treated = (
        Level(setting, key, _loss(codes[key], weights, whole), _share(_changed(column, array), weights))
        for (setting, array), key in zip(coarse.items(), codes, strict=True)
    )
    levels = [Level(UNCHANGED, f"q{place}", 0.0, 0.0), *(level for level in treated if level.loss < 1)]
    levels.append(Level(DROPPED, "", 1.0 if whole else 0.0, 1.0))
    return sorted(levels, key=lambda level: (level.loss, level.changed))


def _loss(codes: pa.Array, weights: Weights, whole: float) -> float:
    """Return the share of the entropy `whole` of the values that their coarser codes lack."""
    return round(max(1 - _entropy(np.append(0, codes.to_numpy()), weights) / whole, 0.0), 6) if whole else 0.0


def _settings(people: People, place: int, column: pa.Array, least: int) -> Iterator[str]:
    """Yield texts for `coarsen` that suit the values of a column."""
    if pt.is_timestamp(column.type) or pt.is_date(column.type):
        yield from _SPANS
        return
    if not (pt.is_integer(column.type) or pt.is_floating(column.type)):
        return
    known = attribute(people.question.quasi[place])
    session = people.session
    low, high = session.row(f"SELECT min(value), max(value) FROM value_{place} WHERE isfinite(value::DOUBLE)")
    if high is None:
        return
    if low >= _FIRST_TIME and (known is None or "since 1970" in known.unit):
        yield from _SPANS
        return
    limit = _limit(people, place, least)
    powers = [10**power for power in range(1, min(round(math.log10(max(high, 1))) + 1, 17))]
    yield from ("2 digits", "1 digit")
    yield from map(str, powers)
    for cap in sorted({limit // part for part in _PARTS} - {0}):
        yield f"1 digit, <={cap}"
        yield from (f"{power}, <={cap}" for power in powers if power <= cap)


def _limit(people: People, place: int, least: int) -> int:
    """Return the largest number of one digit that so many users have reached; 0 when there is none."""
    reached = people.session.rows(
        f"SELECT max(value) FROM people JOIN value_{place} ON code = q{place} WHERE isfinite(value::DOUBLE) "
        "GROUP BY person ORDER BY 1 DESC"
    )
    most = reached[least - 1][0] if len(reached) >= least else 0
    if most < 1:
        return 0
    power = 10 ** int(math.log10(most))
    return int(most // power * power)


def _coarse(name: str, column: pa.Array, setting: str) -> pa.Array:
    """Return values as the transform `coarsen` of a run makes them."""
    transform = Coarsen(CoarsenOptions(columns={name: setting}))
    return transform(pa.record_batch({name: column})).column(0)


def _codes(array: pa.Array) -> pa.Array:
    indices = array.dictionary_encode().indices
    return pc.add(pc.cast(pc.fill_null(indices, -1), pa.int64()), 1)


def _changed(column: pa.Array, coarse: pa.Array) -> npt.NDArray[np.bool_]:
    """Return which codes have another value; code 0, which is no value, has not."""
    same = pc.fill_null(pc.equal(column, coarse), False)
    return np.append(False, pc.invert(same).to_numpy(zero_copy_only=False))


def _weights(people: People, place: int, values: int) -> Weights:
    """Return the rows of each code of a column; code 0 is not a value."""
    counted = people.session.arrow(f"SELECT q{place} AS code, sum(n)::BIGINT AS n FROM people GROUP BY q{place}")
    weights = np.zeros(values + 1)
    weights[counted.column("code").to_numpy()] = counted.column("n").to_numpy()
    return weights


def _entropy(codes: Any, weights: Weights) -> float:
    """Return the entropy of a code over rows, in bits."""
    counts = np.bincount(codes, weights)
    shares = np.sort(counts[counts > 0]) / max(counts.sum(), 1)
    return float(-(shares * np.log2(shares)).sum())


def _share(changed: Any, weights: Weights) -> float:
    return round(float(weights[changed].sum() / max(weights.sum(), 1)), 6)
