from __future__ import annotations

import os
from pathlib import Path

import pytest

from anonkit.runtime.spool import SpoolFile, read_span, release, remove


def spooled(folder: Path, *pieces: bytes) -> tuple[str, list[int]]:
    with SpoolFile(str(folder)) as file:
        starts = [file.write(piece) for piece in pieces]
    assert file.path is not None
    return file.path, starts


def read(path: str, start: int, size: int) -> bytes:
    return b"".join(read_span(path, start, size))


def test_chunks_come_back(tmp_path: Path) -> None:
    path, starts = spooled(tmp_path, b"abc", b"", b"x" * 3_000_000, b"end")
    assert starts == [0, 3, 3, 3_000_003]
    assert (read(path, 0, 3), read(path, 3, 0), read(path, 3_000_003, 3)) == (b"abc", b"", b"end")
    assert read(path, 3, 3_000_000) == b"x" * 3_000_000


def test_only_their_owner_may_read_them(tmp_path: Path) -> None:
    path, _ = spooled(tmp_path, b"abc")
    assert Path(path).stat().st_mode & 0o777 == 0o600


def test_nothing_written_is_no_file(tmp_path: Path) -> None:
    with SpoolFile(str(tmp_path)) as file:
        pass
    assert file.path is None
    assert os.listdir(tmp_path) == []


def test_a_file_that_was_read_is_used_again(tmp_path: Path) -> None:
    first, _ = spooled(tmp_path, b"a long piece")
    inode = os.stat(first).st_ino
    release(first)
    second, _ = spooled(tmp_path, b"short")
    assert os.stat(second).st_ino == inode
    assert read(second, 0, 5) == b"short"
    assert len(os.listdir(tmp_path)) == 1


def test_files_in_use_are_left_alone(tmp_path: Path) -> None:
    with SpoolFile(str(tmp_path)) as one, SpoolFile(str(tmp_path)) as other:
        one.write(b"one")
        other.write(b"other")
    assert one.path is not None
    assert other.path is not None
    assert (read(one.path, 0, 3), read(other.path, 0, 5)) == (b"one", b"other")


def test_one_that_another_worker_took_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = spooled(tmp_path, b"mine")
    release(path)
    there = os.listdir(tmp_path)
    monkeypatch.setattr(os, "listdir", lambda folder: ["free-gone", *there])
    second, _ = spooled(tmp_path, b"again")
    assert read(second, 0, 5) == b"again"
    with os.scandir(tmp_path) as entries:
        assert [entry.path for entry in entries] == [second]


def test_the_spool_can_be_removed_with_anything_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    release(spooled(folder, b"read")[0])
    spooled(folder, b"not read")
    remove(str(folder))
    assert not folder.exists()
    remove(str(folder))
