"""What every output encoder has to keep, as a test class."""

from __future__ import annotations

import io
import tarfile
import zipfile
from abc import ABC, abstractmethod
from pathlib import Path

import pytest

from anonkit.plugin.contracts import Encoding, OutputEncoder
from anonkit.testing.contract import Contract, broken, check_options, pickled

__all__ = ["EncoderContract"]


class EncoderContract(Contract, ABC):
    """An encoding and its inverse: what was stored comes back, and a file that is damaged is not taken for whole."""

    output = "report.txt"
    """The name of an output that the encoder stores otherwise."""
    blocks: tuple[bytes, ...] = (b"one", b"", bytes(range(256)) * 300, b"\0" * 70_000)

    @pytest.fixture
    @abstractmethod
    def encoder(self) -> OutputEncoder:
        """The encoder to test."""

    @pytest.fixture
    def encoding(self, encoder: OutputEncoder) -> Encoding:
        """How the output is stored."""
        encoding = encoder.encoding(self.output)
        if encoding is None:
            broken(f"the encoder leaves {self.output} as it is; set `output` to another name")
        return encoding

    @pytest.fixture
    def stored(self, encoding: Encoding) -> bytes:
        """A file of all blocks."""
        return b"".join(map(encoding.compress, self.blocks))

    def test_blocks_come_back(self, encoding: Encoding, stored: bytes) -> None:
        """All at once, and in small parts."""
        plain = b"".join(self.blocks)
        with encoding.decompress(io.BytesIO(stored)) as stream:
            if stream.read() != plain:
                broken("decompress does not give back what was given to compress: is it the inverse, for many blocks?")
        with encoding.decompress(io.BytesIO(stored)) as stream:
            if b"".join(iter(lambda: stream.read(1000), b"")) != plain:
                broken("what decompress opens gives other bytes when it is read in parts")

    def test_nothing_comes_back_as_nothing(self, encoding: Encoding) -> None:
        """An empty output is stored as one empty block."""
        with encoding.decompress(io.BytesIO(encoding.compress(b""))) as stream:
            if stream.read() != b"":
                broken("an empty output does not come back empty")

    def test_a_block_is_stored_alike_at_any_time(self, encoding: Encoding, stored: bytes) -> None:
        """The same input gives the same bytes, here and in a process that got a copy."""
        copy = pickled(encoding, "the encoding")
        if b"".join(map(copy.compress, self.blocks)) != stored:
            broken("compress gives other bytes the second time, or in another process: outputs must be repeatable")
        if copy.decompress(io.BytesIO(stored)).read() != b"".join(self.blocks):
            broken("decompress gives something else in another process")

    def test_damage_shows(self, encoding: Encoding, stored: bytes) -> None:
        """A file that was cut off is an error, or is not taken for the whole."""
        try:
            with encoding.decompress(io.BytesIO(stored[: len(stored) - 3])) as stream:
                found = stream.read()
        except (OSError, EOFError, ValueError):
            return
        except Exception as error:  # what a codec raises is its own
            broken(f"decompress raises {type(error).__name__} for a damaged file, not OSError, EOFError or ValueError")
        if found == b"".join(self.blocks):
            broken("decompress takes a file that was cut off for whole")

    def test_the_suffix_is_one(self, encoding: Encoding) -> None:
        """It is appended to a file's name."""
        if not encoding.suffix.startswith(".") or {"/", "\\", "\0"} & {*encoding.suffix}:
            broken(f'the suffix is {encoding.suffix!r}; it begins with a dot and holds no slash: ".zst"')

    def test_an_archive_holds_the_members(self, encoder: OutputEncoder, tmp_path: Path) -> None:
        """Those and no other, in order, the same bytes each time; where the encoder makes one."""
        if encoder.archive is None:
            return
        members = [("b.txt", tmp_path / "1"), ("a.txt", tmp_path / "2")]
        for name, path in members:
            path.write_bytes(name.encode())
        first, second = io.BytesIO(), io.BytesIO()
        encoder.pack(members, first)
        encoder.pack(members, second)
        if first.getvalue() != second.getvalue():
            broken("pack gives other bytes the second time: leave out times and owners")
        if _names(first) != [name for name, _ in members]:
            broken("the archive does not hold the members, in their order")

    def test_options_are_documented(self, encoder: OutputEncoder) -> None:
        """Each has a type, a default and a help."""
        check_options(encoder)


def _names(archive: io.BytesIO) -> list[str]:
    archive.seek(0)
    if zipfile.is_zipfile(archive):
        return zipfile.ZipFile(archive).namelist()
    archive.seek(0)
    try:
        return tarfile.open(fileobj=archive).getnames()
    except tarfile.ReadError:
        broken("the archive is neither a tar, plain or compressed, nor a zip, so the audit cannot read it")
