"""The output folder: everything is staged in a hidden folder inside it, and published all together or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import attrs

from anonkit.errors import OutputError, PluginConflictError, PluginError
from anonkit.file_names import MANIFEST, is_plain_name
from anonkit.output.output_info import OutputInfo
from anonkit.plugin.contracts import Encoding, OutputEncoder
from anonkit.runtime.signals import interrupts_deferred

if sys.platform != "win32":
    import fcntl

__all__ = ["StagedFile", "Staging"]

_PREFIX = ".anonkit-staging-"
_LOCK = "in-use"
# Compressed outputs are cut into blocks of this many bytes, so that the result depends on the content alone.
_BLOCK = 1 << 20


class StagedFile(io.RawIOBase):
    """A file being written: encoded, counted and hashed on its way. Its handle is open only while bytes are written."""

    def __init__(self, path: Path, encoding: Encoding | None) -> None:
        super().__init__()
        self.path = path
        self.encoding = encoding
        self.size = 0
        self._pending = bytearray()
        self._digest = hashlib.sha256()
        path.touch()

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes."""
        with memoryview(data).cast("B") as view:
            if self.encoding is None:
                self._put(view)
            else:
                self._pending += view
                while len(self._pending) >= _BLOCK:
                    self._put(self.encoding.compress(bytes(self._pending[:_BLOCK])))
                    del self._pending[:_BLOCK]
            return len(view)

    def close(self) -> None:
        """Write what is left. An empty file is stored as the encoding stores nothing."""
        if not self.closed and self.encoding is not None and (self._pending or not self.size):
            self._put(self.encoding.compress(bytes(self._pending)))
            self._pending.clear()
        super().close()

    def __del__(self) -> None:
        """Do not write what is left of a file that nobody closed: its folder may be gone."""

    @property
    def sha256(self) -> str:
        """Digest of the bytes on disk, in hexadecimal."""
        return self._digest.hexdigest()

    def _put(self, data: bytes | memoryview) -> None:
        self._digest.update(data)
        self.size += len(data)
        with self.path.open("ab", buffering=0) as file:
            _write_all(file, data)


def _write_all(file: Any, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while len(view):
        view = view[file.write(view) :]


@attrs.define
class Staging:
    """The staging folder of one run, and the outputs that are complete in it."""

    output_dir: Path
    folder: Path
    """Holds what is complete, under its name."""
    work: Path
    """Holds everything else, so that no name of an output can be in its way."""
    encoders: Sequence[OutputEncoder]
    outputs: list[OutputInfo] = attrs.field(factory=list)
    warnings: list[str] = attrs.field(factory=list)
    _names: set[str] = attrs.field(factory=lambda: {MANIFEST})
    _files: int = 0

    @classmethod
    @contextmanager
    def at(cls, output_dir: Path, encoders: Sequence[OutputEncoder]) -> Iterator[Staging]:
        """Make the staging folder, readable by its owner alone, and remove it in the end.

        OutputError for whatever the operating system refuses meanwhile.
        """
        # Named before it is made, so that an interrupt finds it whenever it comes.
        work = output_dir / f"{_PREFIX}{secrets.token_hex(8)}"
        try:
            with _explained(output_dir), ExitStack() as held:
                output_dir.mkdir(parents=True, exist_ok=True)
                _remove_abandoned(output_dir)
                work.mkdir(mode=0o700)
                held.enter_context(_locked(work))
                folder = work / "complete"
                folder.mkdir()
                yield cls(output_dir, folder, work, encoders)
        finally:
            # Who interrupts a second time would leave half of it.
            with interrupts_deferred():
                shutil.rmtree(work, ignore_errors=True)

    def encoding(self, name: str) -> Encoding | None:
        """Return how an output of that name is stored: as the first encoder that has a say wants it."""
        found = (encoder.encoding(name) for encoder in self.encoders)
        return next((encoding for encoding in found if encoding is not None), None)

    def new_file(self, encoding: Encoding | None) -> StagedFile:
        """Return a new file in the staging folder; it has no name yet."""
        self._files += 1
        return StagedFile(self.work / f"{self._files:06d}", encoding)

    def claim(self, name: str, reporter: str) -> str:
        """Reserve the name of an output and return it as it will be on disk. PluginError, PluginConflictError."""
        if not is_plain_name(name):
            raise PluginError(f"reporter {reporter}: the name of an output must be a plain file name, without folders")
        encoding = self.encoding(name)
        stored = name + encoding.suffix if encoding else name
        # Folded, since on some file systems names that differ in case are one file.
        if stored.casefold() in self._names:
            raise PluginConflictError(
                f"reporter {reporter}: the output {stored!r} is written already; give one of the two another name"
            )
        self._names.add(stored.casefold())
        return stored

    def complete(self, file: StagedFile, stored: str, reporter: str, *, garbled: bool) -> None:
        """Close a file and make it an output."""
        file.close()
        file.path.rename(self.folder / stored)
        self.outputs.append(
            OutputInfo(name=stored, size=file.size, sha256=file.sha256, reporter=reporter, garbled=garbled)
        )

    def publish(self, names: Sequence[str]) -> None:
        """Move the named files, which are complete, into the output folder, replacing those of an earlier run.

        Everything that an earlier run published is taken away first, and put back if anything fails.
        """
        earlier = self.work / "earlier"
        earlier.mkdir()
        leaving = [
            name for name in dict.fromkeys([*_published(self.output_dir), *names]) if _is_file(self.output_dir / name)
        ]
        undo: list[tuple[Path, Path]] = []
        try:
            for name in leaving:
                undo.append(_move(self.output_dir / name, earlier / name))  # noqa: PERF401  # known as soon as done
            for name in names:
                undo.append(_move(self.folder / name, self.output_dir / name))  # noqa: PERF401  # as above
        except BaseException:
            for source, target in reversed(undo):
                with suppress(OSError):
                    target.replace(source)
            raise


def _locked(work: Path) -> IO[bytes]:
    """Return a lock file of the staging folder, locked as long as it is open: the folder is in use."""
    lock = (work / _LOCK).open("wb")
    if sys.platform != "win32":
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _remove_abandoned(output_dir: Path) -> None:
    """Remove the staging folders of runs that were killed: they may hold originals."""
    if sys.platform != "win32":
        for work in output_dir.glob(f"{_PREFIX}*"):
            with suppress(OSError), (work / _LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(work)


def _is_file(path: Path) -> bool:
    # Not those of Path, which raise for a name that is too long to be one.
    return os.path.isfile(path) or os.path.islink(path)


def _move(source: Path, target: Path) -> tuple[Path, Path]:
    source.replace(target)
    return source, target


def _published(output_dir: Path) -> list[str]:
    """Return what the manifest in the output folder says was published there, and the manifest; nothing if damaged."""
    try:
        listed = json.loads((output_dir / MANIFEST).read_bytes())
        if "anonkit" not in listed:
            return []
        names = [str(output["name"]) for output in listed["outputs"]]
        archive = listed.get("archive")
        names += [str(archive["name"])] if archive else []
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
    # A manifest is a file like any other: it may say anything.
    return [name for name in (*names, MANIFEST) if is_plain_name(name)]


@contextmanager
def _explained(output_dir: Path) -> Iterator[None]:
    """Turn the operating system's errors into an OutputError."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise OutputError(
            f"{output_dir}: cannot be written to ({reason}); "
            "nothing was published. Check free space and permissions, or choose another --output-dir"
        ) from None
