"""Output encoders, each with one thing wrong."""

from __future__ import annotations

import bz2
import io
import itertools
from collections.abc import Iterable
from typing import Any, BinaryIO, ClassVar

import pytest

from anonkit.api import Encoding, OutputEncoder
from anonkit.testing import EncoderContract

NUMBERS = itertools.count()


def plain(data: bytes) -> bytes:
    return data


def stamped(data: bytes) -> bytes:
    return bz2.compress(data, 1 + next(NUMBERS) % 9)


def first_block(file: BinaryIO) -> Any:
    return io.BytesIO(bz2.BZ2Decompressor().decompress(file.read()))


def opened(file: BinaryIO) -> Any:
    return file


def lenient(file: BinaryIO) -> Any:
    try:
        return io.BytesIO(bz2.decompress(file.read()))
    except (OSError, EOFError, ValueError):
        raise KeyError("block") from None


class Bz2(OutputEncoder):
    """Nothing is wrong."""

    words: ClassVar[str] = ""
    made: ClassVar[Encoding] = Encoding(".bz2", bz2.compress, bz2.open)

    def encoding(self, name: str) -> Encoding | None:
        return self.made


class WrongInverse(Bz2):
    words = "decompress does not give back what was given to compress"
    made = Encoding(".bz2", bz2.compress, opened)


class OneBlockOnly(Bz2):
    words = "is it the inverse, for many blocks?"
    made = Encoding(".bz2", bz2.compress, first_block)


class NeverTheSame(Bz2):
    words = "outputs must be repeatable"
    made = Encoding(".bz2", stamped, bz2.open)


class NoDot(Bz2):
    words = "the suffix is 'bz2'"
    made = Encoding("bz2", bz2.compress, bz2.open)


class CannotBeSent(Bz2):
    words = "the encoding cannot be sent to another process"
    made = Encoding(".bz2", lambda data: bz2.compress(data), bz2.open)


class RaisesItsOwn(Bz2):
    words = "decompress raises KeyError for a damaged file"
    made = Encoding(".bz2", bz2.compress, lenient)


class LeavesItAlone(Bz2):
    words = "set `output` to another name"

    def encoding(self, name: str) -> Encoding | None:
        return None


class StrangeArchive(Bz2):
    words = "the archive is neither a tar"
    archive = "all.bin"
    parts: ClassVar[Iterable[bytes]] = (b"x",)

    def pack(self, members: Any, target: BinaryIO) -> None:
        target.write(b"".join(path.read_bytes() for _, path in members))


ENCODERS = [
    Bz2, WrongInverse, OneBlockOnly, NeverTheSame, NoDot, CannotBeSent, RaisesItsOwn, LeavesItAlone, StrangeArchive
]  # fmt: skip


class TestEncoders(EncoderContract):
    @pytest.fixture(params=ENCODERS, ids=lambda plugin: plugin.__name__)
    def encoder(self, request: pytest.FixtureRequest) -> OutputEncoder:
        made: OutputEncoder = request.param()
        return made
