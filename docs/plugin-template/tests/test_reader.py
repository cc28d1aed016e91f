from pathlib import Path

import pytest
from anonkit_batch_groups import BatchGroupsReaderOptions
from anonkit_batch_groups.reader import BatchGroupsReader

from anonkit.testing import ReaderContract


class TestReader(ReaderContract):
    bad_record = (b"# user group site\nannak group_tarnis FermiGrid\nbo group_skim\n", 3)

    @pytest.fixture
    def reader(self) -> BatchGroupsReader:
        return BatchGroupsReader(BatchGroupsReaderOptions())

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "jobs.batch_groups"
        path.write_text("# user group site\nannak group_tarnis FermiGrid\nbo group_skim Example\n")
        return path
