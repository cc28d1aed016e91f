from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from anonkit_std.options.transforms import CoarsenOptions
from anonkit_std.transforms.coarsen import Coarsen

from anonkit.api import ConfigError, Transform
from anonkit.testing import TransformContract

SCHEMA = pa.schema([
    ("RequestMemory", pa.int64()), ("RemoteWallClockTime", pa.float64()), ("NumJobCompletions", pa.string()),
    ("cost", pa.decimal128(10, 2)), ("seen", pa.timestamp("ms", "Asia/Kolkata")), ("day", pa.date32()),
    ("QDate", pa.int64()),
    ("sizes", pa.list_(pa.int32())), ("ok", pa.bool_()), ("Cmd", pa.string()),
])  # fmt: skip
COLUMNS = {
    "RequestMemory": "100, <=4000", "RemoteWallClockTime": "10%", "NumJobCompletions": "10", "cost": "2 digits",
    "seen": "1h", "day": "1w", "QDate": "1d", "sizes": "1 digit",
}  # fmt: skip
BATCH = pa.RecordBatch.from_pylist(
    [
        {
            "RequestMemory": 2048, "RemoteWallClockTime": 21.75, "NumJobCompletions": "17", "cost": Decimal("12.34"),
            "seen": datetime(2023, 12, 31, 10, 11, 12), "day": date(2023, 12, 31), "QDate": 1703984399, "sizes": [19,
            None],
            "ok": True, "Cmd": "x 2048",
        },
        {},
        {"RequestMemory": 9999, "NumJobCompletions": "many"},
    ],
    SCHEMA,
)  # fmt: skip


class TestContract(TransformContract):
    @pytest.fixture
    def transform(self) -> Transform:
        return Coarsen(CoarsenOptions(columns=COLUMNS))

    @pytest.fixture
    def batch(self) -> pa.RecordBatch:
        return BATCH


def test_every_type() -> None:
    made = Coarsen(CoarsenOptions(columns=COLUMNS))
    changed = made(BATCH)
    row, nothing, odd = changed.set_column(4, "seen", changed.column("seen").cast(pa.timestamp("ms"))).to_pylist()
    assert row == {
        "RequestMemory": 2000, "RemoteWallClockTime": 20.0, "NumJobCompletions": "10", "cost": Decimal("12.00"),
        "seen": datetime(2023, 12, 31, 10), "day": date(2023, 12, 25), "QDate": 1703980800, "sizes": [10, None],
        "ok": True, "Cmd": "x 2048",
    }  # fmt: skip
    assert set(nothing.values()) == {None}
    assert (odd["RequestMemory"], odd["NumJobCompletions"]) == (4000, None)
    assert made.changes(SCHEMA)["RequestMemory"] == "rounded down to a multiple of 100, at most 4000"


def test_mistakes_in_columns() -> None:
    columns = {"Requestmemory": "100", "seen": "100", "day": "1h, <=5", "ok": "1"}
    with pytest.raises(ConfigError) as caught:
        Coarsen(CoarsenOptions(columns=columns)).schema(SCHEMA)
    place = "[anonymizers.coarsen] columns"
    assert caught.value.mistakes == (
        f"{place}: row records have no column 'Requestmemory' (did you mean 'RequestMemory'?); "
        "correct the name, or add the column to [run] columns",
        f"{place}: 'seen' holds times, which '100' is not for; give a span (15min, 1h, 1d, 1w)",
        f"{place}: 'day' holds times, which '1h, <=5' is not for; give a span (15min, 1h, 1d, 1w)",
        f"{place}: 'ok' holds bool; only numbers, times, and texts of them can be coarsened",
    )


def test_mistakes_in_steps_are_told_together() -> None:
    with pytest.raises(ValueError, match=r"columns: a: cannot read 'ten'; .*; columns: b: cannot read '1y'; "):
        CoarsenOptions(columns={"a": "ten", "b": "1y"})


def test_nothing_to_do() -> None:
    with pytest.raises(ConfigError) as caught:
        Coarsen(CoarsenOptions())
    assert str(caught.value) == (
        '[anonymizers.coarsen]: nothing to coarsen; say how, as in columns = {RequestMemory = "100"}, '
        "or switch it off with --disable coarsen"
    )
