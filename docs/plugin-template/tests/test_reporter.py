import json
from collections.abc import Callable
from pathlib import Path

import pytest
from anonkit_batch_groups import BatchGroupsReporterOptions
from anonkit_batch_groups.reporter import BatchGroupsReporter

from anonkit.testing import ReporterContract


class TestReporter(ReporterContract):
    @pytest.fixture
    def reporter(self) -> BatchGroupsReporter:
        return BatchGroupsReporter(BatchGroupsReporterOptions(top=3))


def test_the_busiest_sites_come_first(
    anonkit_data: Callable[..., Path],
    anonkit_run: Callable[..., dict[str, bytes]],
) -> None:
    reporter = BatchGroupsReporter(BatchGroupsReporterOptions(top=3))
    outputs = anonkit_run(anonkit_data(rows=200), reporters=[reporter], workers=2)
    counts = [count for _, count in json.loads(outputs["batch_groups_reporter.json"])["sites"]]
    assert len(counts) == 3
    assert counts == sorted(counts, reverse=True)
