from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from anonkit_std.encoders.compression import Compression
from anonkit_std.options.reporters import CompressionOptions

BLOCKS = [b"one " * 1000, b"", b"two"]


def read_zstd(data: bytes) -> bytes:
    return pa.CompressedInputStream(pa.BufferReader(data), "zstd").read()


READERS: dict[str, Any] = {
    "zstd": (".zst", read_zstd),
    "gzip": (".gz", gzip.decompress),
    "xz": (".xz", lzma.decompress),
    "bz2": (".bz2", bz2.decompress),
}


@pytest.mark.parametrize("codec", READERS)
@pytest.mark.parametrize("level", [None, 1, 9])
def test_blocks_make_one_valid_file(codec: Any, level: int | None) -> None:
    suffix, read = READERS[codec]
    encoding = Compression(CompressionOptions(codec=codec, level=level)).encoding("summary.json")
    assert encoding is not None
    compress = pickle.loads(pickle.dumps(encoding)).compress
    assert encoding.suffix == suffix
    assert read(b"".join(map(compress, BLOCKS))) == b"".join(BLOCKS)
    assert compress(BLOCKS[0]) == encoding.compress(BLOCKS[0])


def test_gzip_tells_no_time() -> None:
    encoding = Compression(CompressionOptions(codec="gzip")).encoding("x")
    assert encoding is not None
    assert encoding.compress(b"x")[4:8] == b"\0\0\0\0"


@pytest.mark.parametrize(
    ("codec", "level", "message"),
    [
        ("zstd", 0, "level must be 1 to 22 for zstd, not 0"),
        ("zstd", 23, "level must be 1 to 22 for zstd, not 23"),
        ("gzip", 10, "level must be 1 to 9 for gzip, not 10"),
        ("xz", -1, "level must be 0 to 9 for xz, not -1"),
        ("bz2", 0, "level must be 1 to 9 for bz2, not 0"),
    ],
)
def test_level_must_suit_the_codec(codec: Any, level: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Compression(CompressionOptions(codec=codec, level=level))


def test_level_must_suit_the_archive() -> None:
    Compression(CompressionOptions(level=19, archive="all.tar.zst", codec="gzip"))
    Compression(CompressionOptions(level=19, archive="all.tar"))
    with pytest.raises(ValueError, match="level must be 1 to 9 for gzip, not 19"):
        Compression(CompressionOptions(level=19, archive="all.zip"))


def test_patterns_choose_outputs_and_the_manifest_is_never_compressed() -> None:
    some = Compression(CompressionOptions(outputs=("*.txt", "summary.*")))
    assert some.encoding("cmd_env_report.txt") is not None
    assert some.encoding("summary.json") is not None
    assert some.encoding("SUMMARY.json") is None
    assert some.encoding("failed_users.json") is None
    assert Compression(CompressionOptions()).encoding("manifest.json") is None


def test_parquet_is_compressed_again_only_if_it_is_named() -> None:
    assert Compression(CompressionOptions()).encoding("dataset.parquet") is None
    assert Compression(CompressionOptions(outputs=("*.json", "data*.parquet"))).encoding("dataset.parquet") is not None


def test_outputs_in_an_archive_are_left_as_they_are() -> None:
    packed = Compression(CompressionOptions(archive="all.tar.zst"))
    assert packed.archive == "all.tar.zst"
    assert packed.encoding("summary.json") is None


@pytest.mark.parametrize("name", ["all.rar", "all", "tar.gz"])
def test_unknown_archive(name: str) -> None:
    with pytest.raises(ValueError, match=r"no known kind; end its name in one of .*\.tar\.zst"):
        Compression(CompressionOptions(archive=name))


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst", ".zip", ".TAR.GZ"])
def test_archive_holds_the_members_in_order(suffix: str, tmp_path: Path) -> None:
    content = {"b.json": b"{}\n" * 1000, "a.txt": "é".encode()}
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    members = [(name, tmp_path / name) for name in content]
    compression = pickle.loads(pickle.dumps(Compression(CompressionOptions(archive=f"all{suffix}"))))
    first, second = io.BytesIO(), io.BytesIO()
    compression.pack(members, first)
    compression.pack(members, second)
    assert first.getvalue() == second.getvalue()
    assert contents(first.getvalue(), suffix) == content
    assert list(contents(first.getvalue(), suffix)) == list(content)


def contents(data: bytes, suffix: str) -> dict[str, bytes]:
    if suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    plain = read_zstd(data) if suffix == ".tar.zst" else data
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        files = {info.name: tar.extractfile(info) for info in tar.getmembers()}
        return {name: file.read() for name, file in files.items() if file is not None}
