"""A stream: bytes to search, with a name; and the errors of bytes that cannot be read."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator

import attrs
import numpy as np
import pyarrow as pa

__all__ = ["CHUNK_BYTES", "DAMAGED", "Stream", "UnreadableError", "is_text"]

CHUNK_BYTES = 4 << 20
"""Bytes that are read at a time."""
DAMAGED = (OSError, EOFError, lzma.LZMAError, zlib.error, tarfile.TarError, zipfile.BadZipFile, pa.ArrowException)
"""The errors of readers that do not reach the end of their file. Their messages may quote data."""

# Text has few control characters in any part of it, which random bytes and most scrambled texts have.
_BLOCK = 4096
_MOST_CONTROLS = 1 / 64
_TAB = 9
_IS_CONTROL = np.array([(byte < 32 and byte not in b"\t\n\v\f\r\x1b") or byte == 127 for byte in range(256)])
# Latin-1 text has some bytes that are not UTF-8; random bytes have more than a third.
_MOST_STRAYS = 1 / 8


class UnreadableError(Exception):
    """The audit cannot read a file. The message is a reason that holds no data: ``is not text``."""


@attrs.frozen
class Stream:
    """Bytes to search."""

    place: tuple[str, ...]
    """Names from the outermost to the innermost: a file, a member of it. A name may itself hold an identity."""
    chunks: Callable[[], Iterator[bytes]]
    """Gives the bytes from the beginning."""
    part: str = ""
    """The part of the innermost file that it is: ``its metadata``; empty for all of it."""
    bare: tuple[str, ...] = ()
    """Further labels: texts that it holds without any signs around them, such as the names of columns."""
    short_names: bool = True
    """Whether names of up to four characters are looked for: binary data holds them by chance."""
    must_be_text: bool = True
    """Whether bytes that are not text make the file unread: True but for a known binary format."""


def is_text(data: bytes) -> bool:
    """Return whether bytes are text in UTF-8 or, for the most part ASCII, in another alphabet: bytes that a search for
    names can read. Text in UTF-16, numbers in binary and anything compressed are not."""
    # Nearly all text is valid UTF-8 without the lowest control characters, and then one block is looked at closely.
    if _is_utf8(data) and np.frombuffer(data, np.uint8).min(initial=_TAB) >= _TAB:
        return _is_text_block(data[:_BLOCK])
    return all(_is_text_block(data[start : start + _BLOCK]) for start in range(0, len(data), _BLOCK))


def _is_text_block(block: bytes) -> bool:
    controls = np.count_nonzero(_IS_CONTROL[np.frombuffer(block, np.uint8)])
    return bool(controls <= _MOST_CONTROLS * len(block) and _strays(block) <= _MOST_STRAYS * len(block))


def _is_utf8(data: bytes) -> bool:
    """Return whether bytes are UTF-8, but for characters that are cut at the beginning and at the end.

    Arrow takes a millisecond for four megabytes, decoding them ten.
    """
    begin = _begin(data)
    end = next((len(data) - back for back in range(1, min(4, len(data) - begin) + 1) if data[-back] >= 0xC0), len(data))
    offsets = pa.py_buffer(np.array([begin, max(begin, end)], np.int32).tobytes())
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _begin(data: bytes) -> int:
    """Return where the first whole character begins."""
    return next((place for place, byte in enumerate(data[:4]) if not 0x80 <= byte < 0xC0), 0)


def _strays(block: bytes) -> int:
    """Return how many bytes are not UTF-8; a block may begin and end within a character."""
    if block.isascii():
        return 0
    return getincrementaldecoder("utf-8")("replace").decode(block[_begin(block) :]).count("\ufffd")
