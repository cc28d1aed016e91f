"""Outputs compressed as they are written, or packed into one archive."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO

import attrs
import pyarrow as pa

from anonkit.api import MANIFEST, Encoding, OutputEncoder
from anonkit_std.encoders.archives import write_tar, write_zip
from anonkit_std.options.reporters import CompressionOptions

__all__ = ["Compression"]

PARQUET = ".parquet"


@attrs.frozen
class _Codec:
    suffix: str
    lowest: int
    highest: int
    default: int
    compress: Callable[..., bytes]
    """`compress(block, level=…)` gives a complete frame, member or stream; the same bytes always."""
    decompress: Callable[[BinaryIO], Any]


def _arrow(block: bytes, *, codec: str, level: int) -> bytes:
    compressed: bytes = pa.Codec(codec, compression_level=level).compress(block, asbytes=True)
    return compressed


def _open_zstd(file: BinaryIO) -> IO[bytes]:
    return pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")  # type: ignore[no-any-return]


def _xz(block: bytes, *, level: int) -> bytes:
    return lzma.compress(block, preset=level)


def _bz2(block: bytes, *, level: int) -> bytes:
    return bz2.compress(block, level)


_CODECS = {
    "zstd": _Codec(".zst", 1, 22, 3, partial(_arrow, codec="zstd"), _open_zstd),
    "gzip": _Codec(".gz", 1, 9, 6, partial(_arrow, codec="gzip"), gzip.open),
    "xz": _Codec(".xz", 0, 9, 6, _xz, lzma.open),
    "bz2": _Codec(".bz2", 1, 9, 9, _bz2, bz2.open),
}

_ARCHIVES = {".tar": None, ".zip": "gzip"} | {f".tar{codec.suffix}": name for name, codec in _CODECS.items()}
"""The codec of each kind of archive; zip compresses as gzip does."""


@attrs.frozen
class Compression(OutputEncoder):
    """Stores outputs compressed, block by block. With an archive, the outputs in it are left as they are."""

    options: CompressionOptions = attrs.field()

    @options.validator
    def _check(self, attribute: attrs.Attribute[CompressionOptions], options: CompressionOptions) -> None:
        codec = options.codec if options.archive is None else _ARCHIVES[_archive_suffix(options.archive)]
        if codec is None or options.level is None:
            return
        lowest, highest = _CODECS[codec].lowest, _CODECS[codec].highest
        if not lowest <= options.level <= highest:
            raise ValueError(f"level must be {lowest} to {highest} for {codec}, not {options.level}")

    def encoding(self, name: str) -> Encoding | None:
        """Return how the output `name` is stored; the manifest is never compressed."""
        chosen = any(fnmatchcase(name, pattern) and _is_meant(name, pattern) for pattern in self.options.outputs)
        if self.archive is not None or name == MANIFEST or not chosen:
            return None
        codec = _CODECS[self.options.codec]
        return Encoding(codec.suffix, self._compress(self.options.codec), codec.decompress)

    @property
    def archive(self) -> str | None:
        """The name of the archive, if one is wanted."""
        return self.options.archive

    def pack(self, members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
        """Write the archive of the members, in their order, to `target`; no clock and no owner shows in it."""
        suffix = _archive_suffix(self.options.archive or "")
        codec = _ARCHIVES[suffix]
        if suffix == ".zip":
            write_zip(members, target, level=self._level("gzip"))
        else:
            write_tar(members, target, compress=None if codec is None else self._compress(codec))

    def _level(self, codec: str) -> int:
        return _CODECS[codec].default if self.options.level is None else self.options.level

    def _compress(self, codec: str) -> Callable[[bytes], bytes]:
        return partial(_CODECS[codec].compress, level=self._level(codec))


def _is_meant(name: str, pattern: str) -> bool:
    """Return whether a pattern that fits means the output: parquet is compressed already, so it has to be named."""
    return not name.endswith(PARQUET) or pattern.endswith(PARQUET)


def _archive_suffix(name: str) -> str:
    for suffix in sorted(_ARCHIVES, key=len, reverse=True):
        if name.lower().endswith(suffix):
            return suffix
    raise ValueError(f"archive {name!r} has no known kind; end its name in one of {', '.join(sorted(_ARCHIVES))}")
