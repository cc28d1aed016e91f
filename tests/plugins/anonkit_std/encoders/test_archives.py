from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from anonkit_std.encoders.archives import write_tar, write_zip

CONTENT = {"b.json": b"{}\n" * 5000, "a.txt": b"", "long " + "n" * 150: b"x"}


@pytest.fixture
def members(tmp_path: Path) -> list[tuple[str, Path]]:
    for number, data in enumerate(CONTENT.values()):
        (tmp_path / f"{number}.part").write_bytes(data)
    return [(name, tmp_path / f"{number}.part") for number, name in enumerate(CONTENT)]


def test_tar_holds_the_members_without_owner_or_time(members: list[tuple[str, Path]]) -> None:
    target = io.BytesIO()
    write_tar(members, target, compress=None)
    with tarfile.open(fileobj=io.BytesIO(target.getvalue())) as tar:
        infos = tar.getmembers()
        files = [tar.extractfile(info) for info in infos]
        assert {info.name: file.read() for info, file in zip(infos, files, strict=True) if file} == CONTENT
    assert {(info.mtime, info.uid, info.gid, info.uname, info.gname, info.mode) for info in infos} == {
        (0, 0, 0, "", "", 0o644)
    }


def test_zip_holds_the_members_with_a_fixed_date(members: list[tuple[str, Path]]) -> None:
    target = io.BytesIO()
    write_zip(members, target, level=6)
    with zipfile.ZipFile(io.BytesIO(target.getvalue())) as archive:
        assert {info.filename: archive.read(info) for info in archive.infolist()} == CONTENT
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_blocks_are_passed_on_as_they_fill(members: list[tuple[str, Path]]) -> None:
    plain, blocks = io.BytesIO(), []
    write_tar(members, plain, compress=None, block_bytes=1024)
    write_tar(members, io.BytesIO(), compress=lambda block: blocks.append(block) or block, block_bytes=1024)
    assert b"".join(blocks) == plain.getvalue()
    assert {len(block) for block in blocks} == {1024}
