"""What encoders store and pack is audited before they change it, and read back."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import attrs
import pytest
from anonkit_std.encoders.archives import write_tar, write_zip
from audited import Leaky, failure, parquet, run_reporters, write_jobs

from anonkit.plugin.contracts import Encoding, OutputEncoder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_jobs(tmp_path / "data")


PACKAGE = __name__.partition(".")[0]


def scrambled(data: bytes) -> bytes:
    return bytes(byte ^ 0x5A for byte in data)


def unscrambled(file: BinaryIO) -> BinaryIO:
    return io.BytesIO(scrambled(file.read()))


def unchanged(file: BinaryIO) -> BinaryIO:
    return file


def empty(file: BinaryIO) -> BinaryIO:
    return io.BytesIO()


def failing(file: BinaryIO) -> BinaryIO:
    raise ValueError("annakowal")


def damaged(file: BinaryIO) -> BinaryIO:
    raise OSError("annakowal")


@attrs.frozen
class Scramble(OutputEncoder):
    """Stores an output in a form that only its declared inverse can read."""

    inverse: Any

    def encoding(self, name: str) -> Encoding | None:
        return Encoding(".xor", scrambled, self.inverse) if name == "a.json" else None


def test_an_output_is_audited_before_it_was_scrambled(data: Path) -> None:
    told = failure(data, Leaky("a.json", b'{"x": "annakowal"}'), Scramble(unscrambled))
    assert "a.json.xor, byte 7: user UR_1, plain" in told


def test_a_scrambled_output_without_identities_is_published(data: Path, tmp_path: Path) -> None:
    outputs = run_reporters(data, tmp_path / "out", Leaky("a.json", b'{"x": "UR_1"}'), Scramble(unscrambled), workers=2)
    assert outputs["a.json.xor"] == scrambled(b'{"x": "UR_1"}')


@pytest.mark.parametrize(
    ("inverse", "reason"),
    [
        (unchanged, f"does not hold the bytes that were written: `decompress` of the encoder Scramble ({PACKAGE})"),
        (empty, f"does not hold the bytes that were written: `decompress` of the encoder Scramble ({PACKAGE})"),
        (damaged, "cannot be opened again: encoder encoder_0 failed: "),
        (failing, "cannot be opened again: encoder encoder_0 failed: ValueError at test_audit_encodings.py:"),
    ],
)
@pytest.mark.parametrize("content", [b'{"x": "annakowal"}', b'{"x": "UR_1"}'])
def test_an_encoding_without_an_inverse_is_refused(data: Path, inverse: Any, reason: str, content: bytes) -> None:
    told = failure(data, Leaky("a.json", content), Scramble(inverse))
    assert f"a.json.xor: not read: it {reason}" in told


def test_an_output_that_is_packed_and_then_scrambled_is_unpacked(data: Path) -> None:
    for content in (parquet(residue=True), gzip.compress(b"by annakowal")):
        assert "a.json.xor, byte " in failure(data, Leaky("a.json", content), Scramble(unscrambled))


def test_an_output_that_is_not_text_is_refused(data: Path) -> None:
    told = failure(data, Leaky("a.bin", zlib.compress(b"by annakowal, from 192.0.2.1\n")))
    assert "a.bin: not read: it is neither text nor gzip, zstd, xz, bz2, tar, zip or parquet" in told
    assert "A reporter has to write text" in told


@attrs.frozen
class Pack(OutputEncoder):
    """Packs what the test wants."""

    write_archive: Callable[[Sequence[tuple[str, Path]], BinaryIO], object]

    def encoding(self, name: str) -> Encoding | None:
        return None

    @property
    def archive(self) -> str | None:
        return "all.pack"

    def pack(self, members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
        self.write_archive(members, target)


def joined(members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
    for _, path in members:
        target.write(path.read_bytes())


def scrambled_tar(members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
    packed = io.BytesIO()
    write_tar(members, packed, compress=None)
    target.write(scrambled(packed.getvalue()))


def without_the_last(members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
    write_tar(members[:-1], target, compress=None)


def with_others(members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
    write_zip([(name, members[0][1]) for name, _ in members], target, level=1)


@pytest.mark.parametrize(
    ("pack", "reason"),
    [
        (joined, "is neither a tar, compressed or not, nor a zip: its encoder has to write one of them"),
        (scrambled_tar, "is neither "),
        (without_the_last, "does not hold exactly what was packed"),
        (with_others, "does not hold exactly what was packed"),
    ],
)
def test_an_archive_that_is_not_what_was_packed_is_refused(data: Path, pack: Any, reason: str) -> None:
    assert f"all.pack: not read: it {reason}" in failure(data, Pack(pack))
