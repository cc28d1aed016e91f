import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from anonkit_batch_usage import UsageOptions
from anonkit_batch_usage.reporter import UsageByHour

from anonkit.testing import ReporterContract


class TestUsageByHour(ReporterContract):
    @pytest.fixture
    def reporter(self) -> UsageByHour:
        return UsageByHour(UsageOptions())


def test_jobs_are_counted_by_hour(
    anonkit_data: Callable[..., Path],
    anonkit_run: Callable[..., dict[str, bytes]],
) -> None:
    outputs = anonkit_run(anonkit_data(rows=200), reporters=[UsageByHour(UsageOptions())], workers=2)
    rows = list(csv.DictReader(io.StringIO(outputs["usage_by_hour.csv"].decode())))
    assert sum(int(row["jobs"]) for row in rows) >= 200
    assert all(row["experiment"] == "" or row["experiment"].startswith("EX") for row in rows)
    assert [row["hour"] for row in rows] == sorted(row["hour"] for row in rows)
