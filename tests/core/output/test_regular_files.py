from __future__ import annotations

import os
from pathlib import Path

import pytest

from anonkit.output.staging import Staging
from anonkit.runtime.regular_files import open_regular


def test_a_regular_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"text")
    with open_regular(tmp_path / "a") as file:
        assert file.read() == b"text"


def test_nothing_else_is_opened_or_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for name in ("pipe", "link", "absent", "."):
        with pytest.raises(OSError):  # noqa: PT011  # of whatever kind
            open_regular(tmp_path / name)


def test_pipes_in_the_output_folder_are_not_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / ".anonkit-staging-x"
    folder.mkdir()
    os.mkfifo(folder / "in-use")
    os.mkfifo(tmp_path / "manifest.json")
    with Staging.at(tmp_path, []) as staging:
        (staging.folder / "manifest.json").write_bytes(b"{}")
        staging.publish(["manifest.json"])
    assert (tmp_path / "manifest.json").read_bytes() == b"{}"


def test_outputs_with_originals_are_their_owners_alone(tmp_path: Path) -> None:
    with Staging.at(tmp_path, []) as staging:
        for name, garbled in (("raw.txt", False), ("clean.txt", True)):
            staging.complete(staging.new_file(None), name, "own", garbled=garbled)
        assert (staging.folder / "raw.txt").stat().st_mode & 0o777 == 0o600
        assert (staging.folder / "clean.txt").stat().st_mode & 0o044
