"""The contract of reporters, which make outputs from batches, in parallel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Generic, Protocol, TypeVar, cast

from anonkit.catalogue import Column
from anonkit.plugin.contracts.batch import Batch, RunContext
from anonkit.plugin.contracts.roles import Roles

__all__ = ["AnyReporter", "Fold", "Listing", "Outputs", "Reporter"]

S = TypeVar("S")
R = TypeVar("R")


class Fold(Generic[S, R]):
    """A result made from batches in parallel: `start`, then `consume` for each batch, `merge` of neighbours, `finish`.

    States are pickled. `merge` is associative, `merge(start, s)` equals `s`, and where batches are cut changes nothing.
    The defaults fold nothing: a reporter that needs no result leaves all four out, one that has a state needs the
    first three.
    """

    def start(self, context: RunContext) -> S:
        """Return the state before any row. Default: None."""
        return cast(S, None)

    def consume(self, state: S, batch: Batch) -> S:
        """Return the state after the batch; `state` may be changed in place. Default: the state as it is."""
        return state

    def merge(self, left: S, right: S) -> S:
        """Return the state after both; `left`'s rows come before `right`'s. Either may be changed in place.

        Default: `left`.
        """
        return left

    def finish(self, state: S, context: RunContext) -> R:
        """Return the result. Called once, in the coordinating process. Default: the state."""
        return cast(R, state)


class Outputs(Protocol):
    """Where a reporter writes. Names are plain file names; the text of a file is bytes, compressed on its way if asked.

    Nothing is visible in the output folder until every output of the run is complete.
    """

    def open(self, name: str) -> BinaryIO:
        """Return a writable binary stream for a new output, to be used as a context manager.

        PluginConflictError if the name is taken.
        """

    def write(self, name: str, data: bytes) -> None:
        """Write a whole small output."""

    def streams(self) -> Sequence[str]:
        """Return the names of the streams that this listing has rendered, in order of first appearance."""

    def read(self, stream: str) -> Iterator[bytes]:
        """Yield the bytes of a stream, without its opening, in pieces."""

    def publish(self, stream: str, name: str, tail: bytes = b"") -> None:
        """Make a stream, its opening included, an output, followed by `tail`. Streams that are not published vanish."""

    def scratch(self) -> Path:
        """Return a folder, readable by its owner alone, for files of the reporter's own; it vanishes with the run."""

    def warn(self, message: str) -> None:
        """Tell the user something; the message must not hold an original."""


class Reporter(Fold[S, R], ABC):
    """Makes outputs from anonymized batches."""

    @property
    def required_roles(self) -> tuple[str, ...]:
        """Roles for which a column must exist. Default: none."""
        return ()

    @property
    def optional_roles(self) -> tuple[str, ...]:
        """Roles for which a column must exist unless the preset says that none plays them: then it is empty in `Roles`.

        Default: none.
        """
        return ()

    def columns(self, roles: Roles) -> Sequence[str]:
        """Return the columns that it needs besides those of the row record; it gets the row record in any case."""
        return ()

    def optional_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """Return the names of those of `columns`, which are all of the input, that it takes besides `columns`.

        It must do without them: a transform may drop them. One that must not be passed on (`Column.is_refused`) is not
        to be asked for. Default: none.
        """
        return ()

    @property
    def mentioned_kinds(self) -> tuple[str, ...]:
        """Kinds without a column (``"experiment"``) that `Batch.identities` shall hold: those in each row's text.

        Finding them costs time in every batch. A kind that no anonymizer of the run has stays away. Default: none.
        """
        return ()

    @property
    def writes_originals(self) -> bool:
        """Whether outputs hold originals although the batches are garbled (an audit). Default: no."""
        return False

    def static_text(self, context: RunContext) -> Sequence[str]:
        """Return texts that the outputs hold whatever the rows hold: for the audit, a name inside one is not a leak.

        Each is given as it is written, with the signs around it by which no data can be taken for it: a JSON key with
        its quotes and colon (``"User":``), a heading with its line breaks. A text that begins with a line break may
        also begin an output, or its name (``\\njobs_at_``). Default: the columns of the row record, as keys of JSON and
        before a colon.
        """
        return [label for name in context.schema.names for label in (f'"{name}":', f'"{name}" :', f"\n{name}: ")]

    @property
    def line_start(self) -> str:
        """A pattern (`re`): a line that begins with it never continues the line before. Default: no line does."""
        return ""

    @abstractmethod
    def write(self, result: R, outputs: Outputs, context: RunContext) -> None:
        """Write the outputs. Called once, in the coordinating process.

        An output is text (UTF-8), parquet with text in its binary columns, or either packed by gzip, zstd, xz, bz2, tar
        or zip: the audit cannot read anything else, and refuses the run.
        """

    def highlights(self, result: R, context: RunContext) -> Sequence[tuple[str, str]]:
        """Return lines (label, text) for the table that ends a run; by token, never by original. Default: none."""
        return ()


class Listing(Reporter[S, R]):
    """A reporter with an output that grows by the row: rendered in the workers, joined in row order, streamed to disk.

    It needs `render` alone: without a fold, and with the streams published under their own names.
    """

    separator: ClassVar[bytes] = b""
    """Put between the chunks that `render` gives for one stream."""

    def opening(self, stream: str, context: RunContext) -> bytes:
        """Return the bytes before the first chunk of a stream. Default: none."""
        return b""

    def output_name(self, stream: str) -> str | None:
        """Return the name under which a stream will be published, or one that an encoder would treat alike.

        It decides how the stream is stored from its first byte. None for a stream that is read back. Default: the
        stream's name.
        """
        return stream

    @abstractmethod
    def render(self, batch: Batch) -> Mapping[str, bytes | memoryview]:
        """Return the batch's rows as bytes, by stream. A stream's name is its output's name, or any other text.

        A view (contiguous) spares a copy of what lies in a buffer already; it must stay as it is, and is soon let go.
        Pieces of neighbouring batches, joined with `separator`, must be what one batch of both would give.
        """

    def write(self, result: R, outputs: Outputs, context: RunContext) -> None:
        """Write the outputs. Default: publish each stream under its own name."""
        for stream in outputs.streams():
            outputs.publish(stream, stream)


AnyReporter = Reporter[Any, Any]
