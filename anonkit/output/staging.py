"""The output folder: outputs are staged in a hidden folder inside it, and published all together or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

import attrs

from anonkit.errors import OutputError, PluginConflictError, PluginError
from anonkit.file_names import MANIFEST, STAGING_PREFIX, is_plain_name
from anonkit.output.output_info import OutputInfo
from anonkit.output.publishing import replace_outputs
from anonkit.output.staged_file import BLOCK_BYTES, StagedFile
from anonkit.output.stored_form import StoredForm
from anonkit.plugin.contracts import Encoding, OutputEncoder
from anonkit.plugin.guarded import GuardedEncoder
from anonkit.runtime.regular_files import open_regular
from anonkit.runtime.signals import interrupts_deferred

if sys.platform != "win32":
    import fcntl

__all__ = ["StagedFile", "Staging"]

_LOCK = "in-use"


@attrs.define
class Staging:
    """The staging folder of one run, and the outputs that are complete in it."""

    output_dir: Path
    folder: Path
    """Holds the complete outputs, under their names."""
    work: Path
    """Holds all other files, so that names of outputs cannot collide with theirs."""
    encoders: Sequence[OutputEncoder]
    outputs: list[OutputInfo] = attrs.field(factory=list)
    block_bytes: int = BLOCK_BYTES
    """Bytes that are encoded at a time."""
    stored: dict[str, StoredForm] = attrs.field(factory=dict)
    """How encoders have stored outputs, by name."""
    warnings: list[str] = attrs.field(factory=list)
    _names: dict[str, str] = attrs.field(factory=lambda: {MANIFEST: "anonkit itself"})
    """The names of outputs, in lower case, and the writer of each."""
    _files: int = 0

    @classmethod
    @contextmanager
    def at(
        cls, output_dir: Path, encoders: Sequence[OutputEncoder], block_bytes: int = BLOCK_BYTES
    ) -> Iterator[Staging]:
        """Make the staging folder, readable by its owner alone, and remove it in the end.

        OutputError for whatever the operating system refuses meanwhile.
        """
        # Named before it is made, so that an interrupt finds it whenever it comes.
        work = output_dir / f"{STAGING_PREFIX}{secrets.token_hex(8)}"
        try:
            with _explained(output_dir), ExitStack() as lock:
                output_dir.mkdir(parents=True, exist_ok=True)
                _remove_abandoned(output_dir)
                work.mkdir(mode=0o700)
                lock.enter_context(_locked(work))
                folder = work / "complete"
                folder.mkdir()
                yield cls(output_dir, folder, work, encoders, block_bytes=block_bytes)
        finally:
            # A second interrupt would leave half of it.
            with interrupts_deferred():
                shutil.rmtree(work, ignore_errors=True)

    def encoding(self, name: str) -> Encoding | None:
        """Return the encoding of an output of that name: that of the first encoder which has one for it."""
        encoder = self._encoder(name)
        return None if encoder is None else encoder.encoding(name)

    def _encoder(self, name: str) -> OutputEncoder | None:
        return next((encoder for encoder in self.encoders if encoder.encoding(name) is not None), None)

    def new_file(self, encoding: Encoding | None) -> StagedFile:
        """Return a new file in the staging folder; it has no name yet."""
        self._files += 1
        return StagedFile(self.work / f"{self._files:06d}", encoding, self.block_bytes)

    def claim(self, name: str, reporter: str) -> str:
        """Reserve the name of an output and return it as it will be on disk. PluginError, PluginConflictError."""
        if not is_plain_name(name):
            raise PluginError(f"reporter {reporter}: the name of an output must be a plain file name, without folders")
        encoding = self.encoding(name)
        stored = name + encoding.suffix if encoding else name
        # Folded, since on some file systems names that differ in case are one file.
        if owner := self._names.get(stored.casefold()):
            raise PluginConflictError(
                f"reporter {reporter}: the output {stored!r} is written already, by {owner}; "
                "give one of the two another name"
            )
        self._names[stored.casefold()] = f"reporter {reporter}"
        return stored

    def complete(self, file: StagedFile, stored: str, reporter: str, *, garbled: bool) -> None:
        """Close a file and make it an output."""
        file.close()
        if file.encoding is not None:
            encoder = self._encoder(stored.removesuffix(file.encoding.suffix))
            self.stored[stored] = StoredForm(
                _described(encoder), file.encoding.decompress, file.plain_size, file.plain_sha256
            )
        if not garbled:
            file.path.chmod(0o600)
        file.path.rename(self.folder / stored)
        self.outputs.append(
            OutputInfo(name=stored, size=file.size, sha256=file.sha256, reporter=reporter, garbled=garbled)
        )

    def discard(self) -> None:
        """Remove the complete outputs; their names are free again."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        self.outputs.clear()
        self.stored.clear()
        self._names = {MANIFEST: "anonkit itself"}

    def publish(self, names: Sequence[str], *, force: bool = False) -> None:
        """Move the named files, which are complete, into the output folder, instead of those of an earlier run.

        OutputError when other files have their names, unless these are to be replaced by `force`.
        """
        earlier = self.work / "earlier"
        earlier.mkdir()
        replace_outputs(names, self.folder, self.output_dir, earlier, force=force)


def _described(encoder: OutputEncoder | None) -> str:
    """Return class and package of an encoder, for messages."""
    kind = type(encoder.plugin if isinstance(encoder, GuardedEncoder) else encoder)
    return f"{kind.__name__} ({kind.__module__.partition('.')[0]})"


def _locked(work: Path) -> IO[bytes]:
    """Return a lock file of the staging folder, locked as long as it is open: the folder is in use."""
    lock = (work / _LOCK).open("wb")
    if sys.platform != "win32":
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _remove_abandoned(output_dir: Path) -> None:
    """Remove the staging folders of runs that were killed: they may hold originals."""
    if sys.platform != "win32":
        for work in output_dir.glob(f"{STAGING_PREFIX}*"):
            with suppress(OSError), open_regular(work / _LOCK) as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(work)


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
