"""The outputs of one reporter, as it writes them into the staging folder."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import attrs

from anonkit.errors import PluginError
from anonkit.output.staged_file import StagedFile
from anonkit.output.staging import Staging
from anonkit.plugin.contracts import Encoding, Listing, RunContext

__all__ = ["ReporterOutputs"]

COPY_BYTES = 1 << 20
"""Bytes of a stream that are read at a time."""


@attrs.define
class ReporterOutputs:
    """`anonkit.plugin.contracts.Outputs` for one reporter."""

    staging: Staging
    reporter: str
    garbled: bool
    listing: Listing[Any, Any] | None = None
    context: RunContext | None = None
    copy_bytes: int = COPY_BYTES
    _streams: dict[str, StagedFile] = attrs.field(factory=dict)
    _openings: dict[str, int] = attrs.field(factory=dict)

    def open(self, name: str) -> BinaryIO:
        """See `Outputs.open`."""
        stored = self.staging.claim(name, self.reporter)
        return _NamedOutput(self.staging.new_file(self.staging.encoding(name)), self._completion(stored))  # type: ignore[return-value]  # RawIOBase is BinaryIO to its users

    def write(self, name: str, data: bytes) -> None:
        """See `Outputs.write`."""
        with self.open(name) as file:
            file.write(data)

    def streams(self) -> Sequence[str]:
        """See `Outputs.streams`."""
        return list(self._streams)

    def read(self, stream: str) -> Iterator[bytes]:
        """See `Outputs.read`."""
        file = self._streams[stream]
        if file.encoding is not None:
            raise PluginError(f"reporter {self.reporter}: a stream with an output name cannot be read back")
        with file.path.open("rb") as source:
            source.seek(self._openings[stream])
            while chunk := source.read(self.copy_bytes):
                yield chunk

    def publish(self, stream: str, name: str, tail: bytes = b"") -> None:
        """See `Outputs.publish`."""
        stored = self.staging.claim(name, self.reporter)
        file = self._streams.pop(stream)
        wanted = self.staging.encoding(name)
        if (wanted and wanted.suffix) != (file.encoding and file.encoding.suffix):
            file = self._reencoded(file, wanted)
        file.write(tail)
        self.staging.complete(file, stored, self.reporter, garbled=self.garbled)

    def scratch(self) -> Path:
        """See `Outputs.scratch`."""
        return Path(tempfile.mkdtemp(prefix="scratch-", dir=self.staging.work))

    def warn(self, message: str) -> None:
        """See `Outputs.warn`."""
        self.staging.warnings.append(f"{self.reporter}: {message}")

    def append(self, stream: str, chunks: Iterator[bytes]) -> None:
        """Append a rendered chunk, which comes in parts, to a stream; the first one begins it."""
        assert self.listing is not None
        assert self.context is not None
        file = self._streams.get(stream)
        if file is None:
            name = self.listing.output_name(stream)
            file = self._streams[stream] = self.staging.new_file(self.staging.encoding(name) if name else None)
            opening = self.listing.opening(stream, self.context)
            self._openings[stream] = file.write(opening) if opening else 0
        elif self.listing.separator:
            file.write(self.listing.separator)
        for chunk in chunks:
            file.write(chunk)

    def _completion(self, stored: str) -> Callable[[StagedFile], None]:
        return lambda file: self.staging.complete(file, stored, self.reporter, garbled=self.garbled)

    def _reencoded(self, file: StagedFile, encoding: Encoding | None) -> StagedFile:
        """Return a copy of a stream in the encoding of its published name. PluginError when it has another one."""
        if file.encoding is not None:
            raise PluginError(f"reporter {self.reporter}: output_name and the published name are not stored alike")
        other = self.staging.new_file(encoding)
        with file.path.open("rb") as source:
            shutil.copyfileobj(source, other, self.copy_bytes)
        file.path.unlink()
        return other


class _NamedOutput(io.RawIOBase):
    """The result of `Outputs.open`: a staged file that becomes an output when it is closed without an error."""

    def __init__(self, file: StagedFile, complete: Callable[[StagedFile], None]) -> None:
        super().__init__()
        self._file = file
        self._complete = complete

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self.closed:
            raise ValueError("write to a closed output")
        return self._file.write(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._complete(self._file)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            # Closed without being completed, now and when it is collected.
            super().close()
