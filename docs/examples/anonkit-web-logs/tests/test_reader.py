from pathlib import Path

import pytest
from anonkit_web_logs import LogOptions
from anonkit_web_logs.reader import LogReader

from anonkit.testing import ReaderContract

LINE = '192.0.2.1 - annak [31/Dec/2023:20:08:12 +0100] "GET / HTTP/1.1" 200 5 "-" "curl \\"8\\""\n'


class TestReader(ReaderContract):
    bad_record = (f"{LINE}192.0.2.1 GET /\n{LINE}".encode(), 2)

    @pytest.fixture
    def reader(self) -> LogReader:
        return LogReader(LogOptions())

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "access.log"
        path.write_text(LINE * 3 + LINE.replace("annak", "-"))
        return path
