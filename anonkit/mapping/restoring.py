"""Restoring an output of a run: it is written anew with originals instead of tokens."""

from __future__ import annotations

import html
import json
import lzma
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

import attrs
import pyarrow as pa

from anonkit.errors import ConfigError, InputError, OutputError
from anonkit.mapping.access_log import AccessLog
from anonkit.mapping.domain import Release, check_domain, check_place
from anonkit.mapping.file import Mapping, replaced_privately
from anonkit.mapping.keys import Keys
from anonkit.mapping.restorer import Restorer
from anonkit.printable import printable

__all__ = ["Restored", "restore"]

_CHUNK = 1 << 20

Chunks = Iterator[bytes]


@attrs.frozen
class Restored:
    """The number of tokens that were restored in a file."""

    places: int
    """Tokens that were replaced."""
    tokens: int
    """The distinct ones among them."""


def restore(
    path: Path,
    file: Path,
    output: Path | BinaryIO,
    *,
    keys: Keys | None = None,
    log: AccessLog | None = None,
    force: bool = False,
) -> Restored:
    """Write `file`, an output of a run, with originals instead of the tokens of the mapping at `path`.

    An output file is readable by its owner alone and appears when it is complete; `force` replaces an existing one. A
    line is added to `log`, by default the one beside the mapping, before anything can be read.

    InputError when the mapping or the file is absent or unfit, or the file's manifest is of another domain;
    OutputError when the output exists already, is inside an output folder, or cannot be written.
    """
    mapping = Mapping.existing(path, keys)
    check_domain(Release.beside(file), mapping)
    log = log or AccessLog.from_mapping(path)

    def note(restorer: Restorer) -> Restored:
        done = Restored(restorer.places, len(restorer.found))
        log.note("restore", domain=mapping.domain, file=file.name, count=done.places, distinct=done.tokens)
        return done

    if isinstance(output, Path):
        _check_output(output, force=force)
        with _private(output) as target:
            restorer = _write(mapping, file, target.write)
            return note(restorer)
    # Output that has been shown cannot be taken back, so it is counted and logged first.
    done = note(_write(mapping, file, len))
    _write(mapping, file, output.write)
    return done


def _write(mapping: Mapping, file: Path, write: Callable[[bytes], object]) -> Restorer:
    restorer = Restorer.from_mapping(mapping, _WRITTEN.get(_content_suffix(file), printable))
    for chunk in restorer(_chunks(file)):
        write(chunk)
    return restorer


_CODECS = {".gz": "gzip", ".bz2": "bz2", ".zst": "zstd", ".xz": "xz"}
"""By the extension of a compressed file."""


def _content_suffix(file: Path) -> str:
    suffixes = [suffix.lower() for suffix in file.suffixes]
    if suffixes and suffixes[-1] in _CODECS:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _chunks(file: Path) -> Chunks:
    """Yield the text of a file, decompressed. InputError when it cannot be read, or is not text."""
    try:
        with file.open("rb") as stored, _decompressed(stored, _CODECS.get(file.suffix.lower())) as source:
            while chunk := source.read(_CHUNK):
                if b"\0" in chunk:
                    raise InputError(f"{file}: not text; restore takes text and JSON, so unpack or convert it first")
                yield chunk
    except (OSError, EOFError, lzma.LZMAError) as error:
        reason = getattr(error, "strerror", None) or "damaged"
        raise InputError(f"{file}: cannot be read ({reason}); name an output of a run") from None


def _decompressed(stored: IO[bytes], codec: str | None) -> Any:
    """Return a reader of the decompressed content of a file."""
    if codec == "xz":
        return lzma.open(stored)  # the caller closes it
    return stored if codec is None else pa.input_stream(stored, compression=codec)


def _in_json(original: str) -> str:
    return json.dumps(original, ensure_ascii=False)[1:-1]


_WRITTEN: dict[str, Callable[[str], str]] = {
    ".json": _in_json,
    ".jsonl": _in_json,
    ".ndjson": _in_json,
    ".html": html.escape,
}


def _check_output(output: Path, *, force: bool) -> None:
    check_place(output)
    if output.is_dir():
        raise ConfigError(f"--output {output}: is a folder; name a file")
    if output.exists() and not force:
        raise OutputError(f"--output {output}: is there already; --force replaces it")


@contextmanager
def _private(output: Path) -> Iterator[IO[bytes]]:
    """Give a new file that its owner alone can read; at the end, if nothing fails, it gets its name."""
    try:
        with replaced_privately(output) as file:
            yield file
    except OSError as error:
        raise OutputError(f"--output {output}: cannot be written ({error.strerror}); name another place") from None
