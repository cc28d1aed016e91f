from collections.abc import Callable
from pathlib import Path

import pytest
from anonkit_batch_groups import BatchGroupsListingOptions
from anonkit_batch_groups.listing import BatchGroupsListing

from anonkit.testing import ReporterContract


class TestListing(ReporterContract):
    @pytest.fixture
    def reporter(self) -> BatchGroupsListing:
        return BatchGroupsListing(BatchGroupsListingOptions())


def test_each_job_has_a_line(
    anonkit_data: Callable[..., Path],
    anonkit_run: Callable[..., dict[str, bytes]],
) -> None:
    listing = BatchGroupsListing(BatchGroupsListingOptions())
    outputs = anonkit_run(anonkit_data(rows=200), reporters=[listing], workers=2)
    lines = outputs["batch_groups_listing.txt"].decode().splitlines()
    assert lines[0] == "user site"
    assert len(lines) == 201
