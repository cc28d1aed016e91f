"""Original values stay in memory; published rows may go to disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from anonkit_risk.session import session, spilling_session

from anonkit.api import InputError

MANY = "CREATE TABLE many AS SELECT range AS a, random() AS b FROM range(3000000) ORDER BY b"


def test_without_a_folder_nothing_goes_to_disk() -> None:
    message = "the rows need more than 20MB of memory, and originals are not written to disk; give fewer rows"
    with pytest.raises(InputError) as error, session(memory="20MB", threads=1) as opened:
        opened.run(MANY)
    assert str(error.value) == message


def test_published_rows_may_go_to_a_folder_that_vanishes() -> None:
    with spilling_session() as opened:
        (spill,) = opened.row("SELECT current_setting('temp_directory')")
        assert Path(spill).parent.is_dir()
    assert not Path(spill).parent.exists()
