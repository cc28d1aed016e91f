from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from anonkit_std.options.transforms import CoarsenOptions
from anonkit_std.transforms.coarsen import Coarsen

from anonkit.api import ConfigError, Transform
from anonkit.arrow.segments import Segments, merge_segments
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


def test_columns_may_be_named_in_any_letter_case() -> None:
    lower = Coarsen(CoarsenOptions(columns={name.lower(): text for name, text in COLUMNS.items()}))
    exact = Coarsen(CoarsenOptions(columns=COLUMNS))
    assert lower.schema(SCHEMA) == SCHEMA
    assert lower(BATCH) == exact(BATCH)
    assert lower.changes(SCHEMA) == exact.changes(SCHEMA)
    assert lower.learned_columns(SCHEMA) == exact.learned_columns(SCHEMA)
    assert lower.warnings(SCHEMA) == exact.warnings(SCHEMA)


def test_columns_of_every_type_are_coarsened() -> None:
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


def test_mistakes_in_columns_are_reported_together() -> None:
    columns = {"RequestMemori": "100", "seen": "100", "day": "1h, <=5", "ok": "1"}
    with pytest.raises(ConfigError) as caught:
        Coarsen(CoarsenOptions(columns=columns)).schema(SCHEMA)
    place = "[anonymizers.coarsen] columns"
    assert caught.value.mistakes == (
        f"{place}: row records have no column 'RequestMemori' (did you mean 'RequestMemory'?); "
        "correct the name, or add the column to [run] columns",
        f"{place}: 'seen' holds times, which '100' is not for; give a span (15min, 1h, 1d, 1w)",
        f"{place}: 'day' holds times, which '1h, <=5' is not for; give a span (15min, 1h, 1d, 1w)",
        f"{place}: 'ok' holds bool; only numbers, times, and texts of them can be coarsened",
    )


def test_mistakes_in_steps_are_reported_together() -> None:
    with pytest.raises(ValueError, match=r"columns: a: cannot read 'ten'; .*; columns: b: cannot read '1y'; "):
        CoarsenOptions(columns={"a": "ten", "b": "1y"})


def test_no_column_to_coarsen_is_an_error() -> None:
    with pytest.raises(ConfigError) as caught:
        Coarsen(CoarsenOptions())
    assert str(caught.value) == (
        '[anonymizers.coarsen]: nothing to coarsen; say how, as in columns = {RequestMemory = "100"}, '
        "or switch it off with --disable coarsen"
    )


NOW = 1703984399
ROWS = pa.RecordBatch.from_pylist([
    {
        "QDate": NOW + n, "QDate_ms": (NOW + n) * 1000 + 5, "queued": NOW + n if n else None,
        "JobStartDate": NOW + 600 + n, "CompletionDate": NOW + 9000 + n, "RemoteWallClockTime": 8400.0 + n,
        "stamp": datetime(2023, 12, 31, 0, 59, 58 + n) if n < 2 else None,
        "GlobalJobId": f"node1.example.org#{n}.0#{NOW + n}", "Cmd": "/v2017_01_05_101112/x_2023_12_31_005959",
    }
    for n in range(3)
])  # fmt: skip


def taught(columns: dict[str, str], rows: pa.RecordBatch = ROWS) -> Coarsen:
    made = Coarsen(CoarsenOptions(columns=columns))
    names = list(made.learned_columns(rows.schema))
    parts = [made.learn(rows.slice(row, 1).select(names)) for row in range(len(rows))] if names else [None]
    learned: Any = parts[0]
    for part in parts[1:]:
        learned = made.merge(learned, part)
    return made.with_learned(learned)


class TestTheSameTimeElsewhere:
    def test_a_time_is_coarsened_in_each_unit_and_in_text(self) -> None:
        made = taught({"QDate": "1h"})
        row = made(ROWS).to_pylist()[0]
        hour = 1703980800
        assert row == {
            **ROWS.to_pylist()[0],
            "QDate": hour, "QDate_ms": hour * 1000, "stamp": datetime(2023, 12, 31),
            "GlobalJobId": f"node1.example.org#0.0#{hour}", "Cmd": "/v2017_01_05_101112/x_2023_12_31_000000",
        }  # fmt: skip
        assert made(ROWS).column("queued").to_pylist() == [None, *[hour + 3600] * 2]
        changes = made.changes(ROWS.schema)
        assert changes["QDate_ms"] == "as QDate: rounded down to 1h"
        assert changes["Cmd"] == "times in text rounded down to 1h"
        assert changes["CompletionDate"] == "not coarsened; holds exact times"
        (warning,) = made.warnings(ROWS.schema)
        assert warning.startswith("coarsen: exact times stay in JobStartDate, CompletionDate, beside coarsened ones;")

    def test_a_column_with_the_same_times_may_have_steps_of_its_own(self) -> None:
        made = taught({"QDate": "1h", "QDate_ms": "1d", "JobStartDate": "1h", "CompletionDate": "1h"})
        row = made(ROWS).to_pylist()[0]
        assert (row["QDate"], row["QDate_ms"]) == (1703980800, 1703980800000)
        assert made.warnings(ROWS.schema) == ()

    def test_without_a_time_among_the_columns_nothing_else_changes(self) -> None:
        made = taught({"RemoteWallClockTime": "1h"})
        assert made.learned_columns(ROWS.schema) == ()
        assert made.changes(ROWS.schema).keys() == {"RemoteWallClockTime"}
        assert made.warnings(ROWS.schema) == ()

    def test_a_step_that_is_no_span_blanks_columns_with_the_same_times(self) -> None:
        made = taught({"QDate": "4 digits"})
        assert made(ROWS).column("QDate_ms").null_count == len(ROWS)
        assert made.changes(ROWS.schema)["QDate_ms"] == "blanked, because it gives away QDate"
        assert made.warnings(ROWS.schema)[-1].startswith("coarsen: times inside text stay exact")
        assert taught({"QDate": "3600"})(ROWS).column("QDate_ms")[0].as_py() == 1703980800000

    def test_text_in_segments_is_coarsened(self) -> None:
        made = taught({"QDate": "1h", "Args": "10"})
        texts = pa.array([None, "2023-12-31 01:02:03", "17"])
        segments = Segments.from_strings(texts).to_lists(texts)
        batch = pa.record_batch([segments, segments, pa.array([NOW] * 3)], ["Cmd", "Args", "QDate"])
        assert made.schema(batch.schema) == batch.schema
        changed = made(batch)
        assert merge_segments(changed.column("Cmd")).to_pylist() == [None, "2023-12-31 01:00:00", "17"]
        assert merge_segments(changed.column("Args")).to_pylist() == [None, None, "10"]
