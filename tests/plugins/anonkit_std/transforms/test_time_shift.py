from __future__ import annotations

import json
import pickle
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.options.transforms import TimeShiftOptions
from anonkit_std.transforms.time_shift import TimeShift
from hypothesis import given
from hypothesis import strategies as st

import anonkit
from anonkit.api import ConfigError, Transform
from anonkit.arrow.segments import Segments, merge_segments
from anonkit.input.tasks import TaskSize
from anonkit.testing import TransformContract

NOW = 1703980800
WEEK = 7 * 86400
SCHEMA = pa.schema([
    ("QDate", pa.int64()), ("LastMatchTime", pa.float64()), ("CompletionDate", pa.decimal128(20)),
    ("JobStartDate", pa.int32()),
    ("@timestamp", pa.string()), ("seen", pa.timestamp("ms", "UTC")), ("day", pa.date32()),
    ("seens", pa.list_(pa.timestamp("s"))),
    ("RequestMemory", pa.int64()), ("Cmd", pa.string()), ("s", pa.struct([("t", pa.timestamp("s")),
    ("note", pa.string())])),
])  # fmt: skip
TIME = datetime(2023, 12, 31, tzinfo=timezone.utc)
ROW = {
    "QDate": NOW, "LastMatchTime": NOW + 0.5, "CompletionDate": Decimal(NOW * 1000), "JobStartDate": NOW,
    "@timestamp": "2023-12-31T00:00:00.5Z", "seen": TIME, "day": date(2023, 12, 31), "seens": [datetime(2023, 12,
    31), None],
    "RequestMemory": NOW, "Cmd": "/x_2023123120_5296", "s": {"t": datetime(2023, 12, 31), "note": "2023-12-31"},
}  # fmt: skip
ODD = {
    "QDate": 0, "LastMatchTime": float("inf"), "CompletionDate": Decimal(-1), "JobStartDate": -1, "@timestamp": "soon",
}  # fmt: skip
BATCH = pa.RecordBatch.from_pylist([ROW, {}, ODD], SCHEMA)


def shift(weeks: int = 1, **options: Any) -> TimeShift:
    """A shift, by one week unless `weeks` says otherwise."""
    return TimeShift(TimeShiftOptions(weeks=weeks, **options))


class TestContract(TransformContract):
    @pytest.fixture
    def transform(self) -> Transform:
        return shift(weeks=520)

    @pytest.fixture
    def batch(self) -> pa.RecordBatch:
        return BATCH


def test_every_time_is_a_week_earlier_and_nothing_else() -> None:
    week = timedelta(weeks=1)
    row, nothing, odd = shift()(BATCH).to_pylist()
    assert row == {
        **ROW,
        "QDate": NOW - WEEK, "LastMatchTime": NOW + 0.5 - WEEK, "CompletionDate": Decimal((NOW - WEEK) * 1000),
        "JobStartDate": NOW - WEEK, "@timestamp": "2023-12-24T00:00:00.5Z", "seen": TIME - week, "day": date(2023,
        12, 24),
        "seens": [datetime(2023, 12, 24), None], "s": {"t": datetime(2023, 12, 24), "note": "2023-12-24"},
        "Cmd": "/x_2023122420_5296",
    }  # fmt: skip
    assert set(nothing.values()) == {None}
    assert {name: odd[name] for name in ODD} == {**ODD, "@timestamp": None}


def test_named_columns_are_shifted_besides_the_known_ones() -> None:
    made = shift(columns=("RequestMemory", "s"))
    changed = made(BATCH)
    assert made.changes(SCHEMA)["RequestMemory"] == made.changes(SCHEMA)["QDate"] == "shifted by whole weeks"
    assert "RequestMemory" not in shift().changes(SCHEMA)
    assert changed.column("QDate")[0].as_py() == NOW - WEEK
    assert changed.column("RequestMemory")[0].as_py() == NOW - WEEK
    assert changed.column("s")[0].as_py() == {"t": datetime(2023, 12, 24), "note": "2023-12-24"}


def test_columns_may_be_named_in_any_letter_case() -> None:
    made = shift(columns=("REQUESTMEMORY",))
    assert made.schema(SCHEMA) == SCHEMA
    assert made(BATCH).column("RequestMemory")[0].as_py() == NOW - WEEK


@given(st.integers(1, 1040), st.integers(10**8, 4 * 10**9), st.sampled_from([1, 1000, 10**6, 10**9]))
def test_numbers_of_any_type_and_unit_are_shifted(weeks: int, seconds: int, parts: int) -> None:
    made = shift(weeks, columns=("t",), secret="between us")
    for type_ in (pa.int64(), pa.uint64(), pa.decimal128(20), pa.string()):
        number = seconds * parts
        value = str(number) if type_ == pa.string() else number
        (changed,) = made(pa.record_batch([pa.array([value]).cast(type_)], ["t"])).column(0).to_pylist()
        back = number - int(changed)
        # A time of 1971 to 1990 may come to before 1970.
        assert int(changed) == 1 or (back % (WEEK * parts) == 0 and 1 <= back // (WEEK * parts) <= weeks)


@given(st.sampled_from(["int8", "int16", "int32", "uint8", "uint32", "float32", "float16"]), st.integers(-128, 127))
def test_small_numbers_stay(type_: str, number: int) -> None:
    array = pa.array(np.array([abs(number) if type_.startswith("u") else number]).astype(type_))
    assert shift(columns=("t",))(pa.record_batch([array], ["t"])).column(0).equals(array)


@pytest.mark.parametrize(
    ("text", "shifted"),
    [
        ("0", "0"), ("-1", "-1"), ("99999999.5", "99999999.5"), (f" {NOW}.25", f"{NOW - WEEK}.25"),
        ("2024-01-03 10:00", "2023-12-27 10:00"), ("20240103", "20231227"), ("never", None), ("Sun Dec 31 2023", None),
        ("0001-01-01", None),
    ],
)  # fmt: skip
def test_a_text_that_is_a_time_is_shifted_and_any_other_is_null(text: str, shifted: str | None) -> None:
    batch = pa.record_batch([pa.array([text])], ["t"])
    assert shift(columns=("t",))(batch).column(0).to_pylist() == [shifted]


def test_the_weekday_and_the_time_of_day_stay() -> None:
    shifted = shift(weeks=520)(BATCH).column("seen")[0].as_py()
    assert (shifted.weekday(), shifted.time()) == (TIME.weekday(), TIME.time())
    assert timedelta(weeks=1) <= TIME - shifted <= timedelta(weeks=520)


class TestHowFar:
    def far(self, made: TimeShift) -> int:
        shifted: int = made(BATCH).column("QDate")[0].as_py()
        return (NOW - shifted) // WEEK

    def test_the_distance_is_random_without_a_secret(self) -> None:
        distances = {self.far(shift(weeks=520)) for _ in range(50)}
        assert len(distances) > 10
        assert all(1 <= distance <= 520 for distance in distances)
        assert {self.far(shift(weeks=2)) for _ in range(50)} == {1, 2}

    def test_a_secret_always_gives_the_same_distance(self) -> None:
        distances = [self.far(shift(weeks=520, secret=f"secret {n}")) for n in range(50)]
        assert distances == [self.far(shift(weeks=520, secret=f"secret {n}")) for n in range(50)]
        assert len(set(distances)) > 30

    def test_a_copy_has_the_same_distance(self) -> None:
        made = shift(weeks=520)
        assert self.far(pickle.loads(pickle.dumps(made))) == self.far(made)

    def test_the_distance_is_not_in_messages(self) -> None:
        assert "_days" not in repr(shift())


def taught(made: TimeShift, *batches: pa.RecordBatch) -> TimeShift:
    """The shift after it has seen batches, each by itself."""
    learned = [made.learn(batch.select(list(made.learned_columns(batch.schema)))) for batch in batches]
    return made.with_learned(reduce(made.merge, learned))


class TestTheSameTimeElsewhere:
    ROWS = pa.RecordBatch.from_pylist([
        {
            "QDate": NOW + n, "QDate_ms": (NOW + n) * 1000 + 5, "submitted": NOW + n, "ticket": NOW + 400 * 86400 + n,
            "GlobalJobId": f"node1.example.org#{n}.0#{NOW + n}", "Cmd": f"/v2017_01_05/x_2023_12_31_0000{n:02}_77",
            "PublicClaimId": f"<192.0.2.1:9618?x>#{NOW}#4#...", "RemoteWallClockTime": float(NOW), "NumJobStarts": NOW,
        }
        for n in range(10)
    ])  # fmt: skip

    def test_a_time_is_shifted_in_each_unit_and_in_text(self) -> None:
        made = taught(shift(), self.ROWS.slice(0, 5), self.ROWS.slice(5))
        assert made(self.ROWS).to_pylist()[3] == {
            **self.ROWS.to_pylist()[3],
            "QDate": NOW + 3 - WEEK, "QDate_ms": (NOW + 3 - WEEK) * 1000 + 5, "submitted": NOW + 3 - WEEK,
            "GlobalJobId": f"node1.example.org#3.0#{NOW + 3 - WEEK}", "Cmd": "/v2017_01_05/x_2023_12_24_000003_77",
            "PublicClaimId": f"<192.0.2.1:9618?x>#{NOW - WEEK}#4#...",
        }  # fmt: skip
        assert made.warnings(self.ROWS.schema) == ()
        assert made.changes(self.ROWS.schema)["GlobalJobId"] == "times in text shifted by whole weeks"

    def test_segments_are_shifted_as_text(self) -> None:
        made = taught(shift(), self.ROWS)
        cmds = pa.array([f"{cmd} again" for cmd in self.ROWS.column("Cmd").to_pylist()])
        parts = [part for cmd in cmds.to_pylist() for part in (cmd[:-5], cmd[-5:])]
        segments = Segments.from_dictionary(pa.array(parts).dictionary_encode(), np.arange(0, 21, 2))
        plain = made(pa.record_batch([cmds], ["Cmd"])).column(0)
        batch = made(pa.record_batch([segments.to_lists(cmds)], ["Cmd"]))
        assert merge_segments(batch.column(0)).equals(plain)
        stamps = pa.record_batch(
            [Segments.from_strings(pa.array([None, "2023-12-31", "x"])).to_lists(cmds[:3])], ["@timestamp"]
        )
        assert merge_segments(made(stamps).column(0)).to_pylist() == [None, "2023-12-24", None]

    def test_a_column_with_some_times_is_a_warning(self) -> None:
        rows = pa.RecordBatch.from_pylist([{"QDate": NOW, "mixed": NOW if n % 2 else 7} for n in range(10)])
        made = taught(shift(), rows)
        (warning,) = made.warnings(rows.schema)
        assert "mixed may be exact times beside shifted ones" in warning
        assert made.changes(rows.schema)["mixed"] == "not shifted; may hold exact times"
        assert made(rows).column("mixed").equals(rows.column("mixed"))


class TestMistakes:
    def test_columns_that_cannot_be_shifted_are_reported_together(self) -> None:
        schema = pa.schema([("QDate", pa.int64()), ("ok", pa.bool_()), ("span", pa.list_(pa.duration("s")))])
        with pytest.raises(ConfigError) as caught:
            shift(columns=("QDates", "ok", "span")).schema(schema)
        assert caught.value.mistakes == (
            "[anonymizers.time_shift] columns: row records have no column 'QDates' (did you mean 'QDate'?); "
            "correct the name, or add the column to [run] columns",
            "[anonymizers.time_shift] columns: 'ok' holds bool; only times, numbers and texts can be shifted",
            "[anonymizers.time_shift] columns: 'span' holds list<item: duration[s]>; "
            "only times, numbers and texts can be shifted",
        )

    def test_no_column_of_times_is_an_error(self) -> None:
        with pytest.raises(ConfigError) as caught:
            shift().schema(pa.schema([("RequestMemory", pa.int64())]))
        assert str(caught.value) == (
            "[anonymizers.time_shift]: no column of the row records is known to hold times; name those that do in "
            "columns (--shift-times), add some to [run] columns, or switch it off with --disable time_shift"
        )

    def test_too_many_weeks_are_refused(self) -> None:
        with pytest.raises(ValueError, match="weeks: 1041 is too far back; give at most 1040, which is 20 years"):
            TimeShiftOptions(weeks=1041)

    def test_an_empty_secret_is_refused(self) -> None:
        with pytest.raises(ValueError, match="secret: expected a text that cannot be guessed; leave it out"):
            TimeShiftOptions(secret="")


def shifted_run(tmp_path: Path, name: str, workers: int = 1, **options: Any) -> tuple[list[int], bytes]:
    """The times that a run writes, and its manifest."""
    if not (tmp_path / "data").exists():
        (tmp_path / "data").mkdir()
        for file in range(3):
            columns = {"User": ["annak"] * 4, "QDate": [NOW + file] * 4, "MATCH_EXP_JOB_Site": ["Here"] * 4}
            pq.write_table(pa.table(columns), tmp_path / "data" / f"{file}.parquet")
    config = {
        "run": {"data_dir": str(tmp_path / "data"), "output_dir": str(tmp_path / name), "workers": workers,
        "batch_rows": 1,
                "columns": ["User", "QDate", "MATCH_EXP_JOB_Site"]},
        "anonymizers": {"time_shift": {"enabled": True, **options}},
        "reporters": {"site_jobs": {"all_sites": True}, "failed_users": {"enabled": False},
                      "cmd_env_report": {"enabled": False}},
    }  # fmt: skip
    anonkit.run(anonkit.load(config), task_size=TaskSize(most_rows=1))
    jobs = json.loads((tmp_path / name / "jobs_at_Here.json").read_bytes())
    return [job["QDate"] for job in jobs["jobs_at_site"]], (tmp_path / name / "manifest.json").read_bytes()


def test_all_workers_shift_alike(tmp_path: Path) -> None:
    times, _ = shifted_run(tmp_path, "out", workers=2)
    assert {(NOW + place // 4 - time) % WEEK for place, time in enumerate(times)} == {0}
    assert len({NOW + place // 4 - time for place, time in enumerate(times)}) == 1


def test_two_runs_differ_unless_a_secret_is_given(tmp_path: Path) -> None:
    assert len({tuple(shifted_run(tmp_path, f"out{n}")[0]) for n in range(6)}) > 1
    one, manifest = shifted_run(tmp_path, "one", secret="between us")
    assert one == shifted_run(tmp_path, "two", secret="between us")[0]
    assert b"between us" not in manifest
    assert b'"secret": "(secret)"' in manifest
