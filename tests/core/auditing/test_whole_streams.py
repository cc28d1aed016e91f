"""Streams of xz and bz2 are read to the end of the file."""

from __future__ import annotations

import bz2
import io
import lzma
from collections.abc import Callable
from typing import IO

import pytest

from anonkit.auditing.streams import DAMAGED
from anonkit.auditing.whole_streams import open_bz2, open_xz

Opened = Callable[[IO[bytes]], IO[bytes]]
CODECS = [(lzma.compress, open_xz), (bz2.compress, open_bz2)]
TEXT = b"one line of text\n" * 50_000


@pytest.mark.parametrize(("compress", "opened"), CODECS)
def test_streams_and_zeros_behind_them_are_read(compress: Callable[[bytes], bytes], opened: Opened) -> None:
    assert opened(io.BytesIO(compress(TEXT) + compress(b"") + compress(b"more") + bytes(8))).read() == TEXT + b"more"


@pytest.mark.parametrize(("compress", "opened"), CODECS)
@pytest.mark.parametrize("rest", [b"annak", bytes(4) + b"annak", bytes(1 << 19) + b"annak"])
def test_other_bytes_behind_a_stream_are_an_error(
    compress: Callable[[bytes], bytes], opened: Opened, rest: bytes
) -> None:
    with pytest.raises(DAMAGED):
        opened(io.BytesIO(compress(TEXT) + rest)).read()


@pytest.mark.parametrize(("compress", "opened"), CODECS)
def test_a_truncated_stream_is_an_error(compress: Callable[[bytes], bytes], opened: Opened) -> None:
    with pytest.raises(DAMAGED):
        opened(io.BytesIO(compress(TEXT)[:-5])).read()
