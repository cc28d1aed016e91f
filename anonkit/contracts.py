"""What a plugin promises and what it is given: tokenizers, transforms, folds, reporters, listings, output encoders.

All objects here are plain; none holds state that changes during a run. They are pickled to worker processes. Arrays are
Arrow arrays of one batch; `pyarrow` is imported only for types, so that declaring a plugin costs nothing.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Generic, Protocol, TypeVar

import attrs

from anonkit.catalogue import Column
from anonkit.options import option

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from anonkit.pieces import Pieces
    from anonkit.rows import Rows

__all__ = [
    "Alias",
    "Batch",
    "Encoding",
    "Fold",
    "Identities",
    "Listing",
    "Match",
    "Mentions",
    "OutputEncoder",
    "Outputs",
    "Reporter",
    "Roles",
    "RunContext",
    "Tokenizer",
    "Transform",
]

S = TypeVar("S")
R = TypeVar("R")


@attrs.frozen(kw_only=True)
class Roles:
    """The column that plays each part; the defaults are the names in FIFE's job records. `[roles]` in TOML."""

    user: str = option("User", help="column of the user", flag="--user-col", metavar="COL")
    ip: str = option("JobsubClientIpAddress", help="column of the client's IP address", flag="--ip-col", metavar="COL")
    site: str = option("MATCH_EXP_JOB_Site", help="column of the site", flag="--site-col", metavar="COL")
    cmd: str = option("Cmd", help="column of the command", flag="--cmd-col", metavar="COL")
    env: str = option("Environment", help="column of the environment", flag="--env-col", metavar="COL")
    starts: str = option("NumJobStarts", help="column of the number of starts", flag="--starts-col", metavar="COL")
    completions: str = option(
        "NumJobCompletions", help="column of the number of completions", flag="--completions-col", metavar="COL"
    )


class Match(enum.Enum):
    """Where a literal may sit in text for it to be replaced there. `_` is neither a letter nor a digit."""

    WORD = "word"
    """No letter or digit on either side."""
    PREFIX = "prefix"
    """No letter or digit before it."""
    ANYWHERE = "anywhere"
    """No condition."""
    END = "end"
    """No letter or digit behind it: where a name was cut short, its word ends."""
    NUMBER = "number"
    """No ASCII digit on either side: an address stands in ``host192.0.2.1x``, but not in ``1192.0.2.10``."""


@attrs.frozen
class Mentions:
    """Spellings found in a text array: the text at `rows[i]` (from 0) holds `spellings[i]`. Any order, with repeats."""

    rows: pa.Array
    """int64, no nulls."""
    spellings: pa.Array
    """string, no nulls, same length."""
    identities: pa.Array | None = None
    """string, no nulls, same length: whom each spelling means; None when `identify` tells it from the spelling."""
    guesses: pa.Array | None = None
    """bool, no nulls, same length: what only looks like an identity. One that is met in no other way is replaced as a
    word alone, whatever `match` says. None: there are none."""


@attrs.frozen
class Alias:
    """A spelling that betrays an identity, with a rule of its own for where it may sit."""

    text: str
    match: Match
    """An alias that may sit at an END gives way to every other spelling that comes to the same text."""


class Tokenizer(ABC):
    """Says what an identity of one kind is and how it shows. The engine does the rest: folds, numbers, replaces.

    Every method is a pure function over columns. Each gets distinct values where it can, so a slow one costs little.
    """

    kind: ClassVar[str]
    """The kind of identity, ``"user"``: names it in the mapping and in `RunContext.identities`."""
    required_roles: ClassVar[tuple[str, ...]] = ()
    """Roles whose column must exist."""
    mentions_are_words: ClassVar[bool] = False
    """Whether no mention holds a blank or a semicolon, or depends on what is behind one, save one beside an equals sign
    or a colon. Then `mentions` may be given the distinct pieces of a column's text, cut behind those: far less text.
    `finds_words` tells it for each column."""

    @property
    def prefix(self) -> str:
        """Before the number in lists: ``UR`` gives ``UR1``. Default: the first two letters of the kind."""
        return self.kind[:2].upper()

    @property
    def text_prefix(self) -> str:
        """Before the number in rows and text: ``UR_`` gives ``UR_1``. Default: `prefix` and an underscore."""
        return f"{self.prefix}_"

    @property
    def grouped(self) -> bool:
        """Whether tokens tell who belongs together: ``IP3.7`` is the seventh met of the third `group`. Default: no."""
        return False

    def group(self, identity: str) -> str | None:
        """Return the group of an identity, for a tokenizer that is `grouped`; None when it belongs to none."""
        return None

    @abstractmethod
    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return the columns whose cells are identities, the counted one first; none when they live in text alone."""

    def further_columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return further columns whose cells are identities, of those that are read in any case. Default: none.

        They go to whoever names them in `columns`, or else here first; one of lists or structs is text.
        """
        return ()

    @abstractmethod
    def identify(self, cells: pa.Array) -> pa.Array:
        """Return the identity of each raw cell or spelling: string, null for none; list<string> for several in one.

        `cells` has the column's type (string, or a number), and may hold nulls.
        """

    def valid(self, identities: pa.Array) -> pa.Array:
        """Return for each identity (string, no nulls) whether it is well formed (bool). Default: every one is."""
        import pyarrow as pa

        return pa.array([True] * len(identities), pa.bool_())

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        """Return the spellings of identities that `text` (string, may hold nulls) mentions; None when it has no say."""
        return None

    def finds_words(self, column: str, roles: Roles) -> bool:
        """Return whether `mentions_are_words` holds for a column's text. Default: as for any other."""
        return self.mentions_are_words

    def keywords(self) -> Iterable[str]:
        """Return spellings that are a mention wherever `match` lets them stand in text. The engine looks for them."""
        return ()

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return every spelling that betrays the identity in text, itself included. Letter case does not matter.

        One that is plain text sits where `match` says. Without any, the identity is not looked for, however spelled.
        """
        return (identity,)

    def gives_way_to(self, identity: str) -> str | None:
        """Return the part of an identity by which another anonymizer may know it: what stands before an address's `@`.

        When that is a spelling of an identity there, this one is not looked for in text: the other's token shows in the
        part's place, and what is around it stays. Default: none.
        """
        return None

    @abstractmethod
    def match(self, literal: str) -> Match:
        """Return where an alias, or a spelling that `mentions` found, may sit."""

    def remainder(self, cells: pa.Array) -> pa.Array | None:
        """Return what of each raw cell (string) is kept beside its token, to be garbled as text; None for nothing."""
        return None

    def cell(self, tokens: pa.Array, remainder: pa.Array | None) -> pa.Array:
        """Return the written cell (string): from its text tokens (string or list<string>) and its garbled remainder."""
        import pyarrow as pa
        import pyarrow.compute as pc

        return pc.binary_join(tokens, ", ") if pa.types.is_list(tokens.type) else tokens


class Transform(ABC):
    """Suppresses, generalises or perturbs anonymized rows: one batch in, one batch of as many rows out.

    What becomes of a row depends on nothing but the row, so where batches are cut does not show. What is drawn at
    random is drawn when the transform is made: that happens once, and all processes get copies.
    """

    takes_pieces: ClassVar[bool] = False
    """Whether columns of text (string) may come as lists of pieces (`anonkit.pieces`), and be given back so."""

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema of the batches that come out. Default: unchanged.

        Asked before a row is read: ConfigError for options that do not fit the columns.
        """
        return schema

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        """Return in a few words what is done to columns of batches of `schema`: ``{"QDate": "rounded down to 1h"}``.

        For whoever gets the outputs, so without originals and secret options. A column that is dropped may be named.
        Default: nothing.
        """
        return {}

    @abstractmethod
    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the changed batch: its schema is `schema` of the batch's, its rows are the same, in the same order."""


@attrs.frozen(kw_only=True)
class Identities:
    """The identities of one kind that this run met, in token order; position is what `Batch.identities` refers to."""

    kind: str
    tokens: tuple[str, ...]
    """As in lists: ``UR1``."""
    text_tokens: tuple[str, ...]
    """As in rows and text: ``UR_1``."""
    counts: tuple[int, ...]
    """Rows in which the identity stood in its column; rows that mention it, for a kind that has no column."""
    valid: tuple[bool, ...]
    originals: tuple[str | None, ...] | None = None
    """The identities themselves, None for the null identity. Given only to a reporter that writes originals."""

    def __len__(self) -> int:
        return len(self.tokens)


@attrs.frozen(kw_only=True)
class RunContext:
    """What a reporter may know of the run. The same in every process."""

    roles: Roles
    schema: pa.Schema
    """Of the row record: its columns in order, after anonymizing."""
    total_rows: int
    identities: Mapping[str, Identities]
    """By kind, in the order in which the anonymizers apply."""
    garbled: bool
    """False when the batches are raw."""
    text_prefixes: Mapping[str, str]
    """By kind: ``{"user": "UR_"}``."""
    garble: Callable[[pa.Array], pa.Array]
    """Garbles text that a reporter made out of anonymized cells (quotes undone, escapes resolved) or was given as an
    option; tokens in it stay. Strings in, strings out. Does nothing when `garbled` is False."""
    treatments: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    """By column, what was done to its cells, in order: ``("garbled", "rounded down to 1h")``, ``("tokens of user",)``.
    A column that stayed as it was is not in it; one that a transform dropped may be. Empty for raw batches."""
    columns: Mapping[str, Column] = attrs.field(factory=dict)
    """Every column of the input, read or not, in the order in which they first appear: what is known of it."""
    batch_schema: pa.Schema = attrs.field(default=attrs.Factory(lambda self: self.schema, takes_self=True))
    """Of `Batch.data`: the row record's columns in order, then others that were read."""


def _rows(data: Rows | pa.RecordBatch) -> Rows:
    from anonkit.rows import Rows

    return Rows.of(data)


@attrs.frozen(kw_only=True)
class Batch:
    """Some consecutive rows. Where one batch ends and the next begins means nothing."""

    _rows: Rows = attrs.field(alias="data", converter=_rows)
    first_row: int
    """The global number of the first row, from 0."""
    identities: Mapping[str, pa.Array]
    """By kind that has a column: for each row the position of its identity in `RunContext.identities`, never null.
    int32 in a batch whose cells hold one each, list<int32> in others: a reporter must take both."""
    context: RunContext

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    @property
    def data(self) -> pa.RecordBatch:
        """The row record's columns in order, then other columns that a reporter asked for.

        Text that repeats itself is held in pieces. To ask for single columns, or for some rows, spares putting together
        what nobody needs.
        """
        return self._rows.data

    def column(self, name: str) -> pa.Array:
        """Return one column; KeyError when it was neither in the row record nor asked for."""
        return self._rows.column(name)

    def pieces(self, name: str) -> Pieces:
        """Return a column of text (string) as its pieces, each distinct one once; a null has none.

        Where the text does not repeat itself, each value is one piece. KeyError as for `column`.
        """
        return self._rows.pieces(name)

    def taken(self, rows: pa.Array, names: Iterable[str]) -> pa.RecordBatch:
        """Return the named columns of the rows at some positions (integers), in that order."""
        return self._rows.taken(rows, names)


class Fold(ABC, Generic[S, R]):
    """A result made from batches in parallel: `start`, then `consume` for each batch, `merge` of neighbours, `finish`.

    States are pickled. `merge` is associative, `merge(start, s)` equals `s`, and where batches are cut changes nothing.
    """

    @abstractmethod
    def start(self, context: RunContext) -> S:
        """Return the state before any row."""

    @abstractmethod
    def consume(self, state: S, batch: Batch) -> S:
        """Return the state after the batch; `state` may be changed in place."""

    @abstractmethod
    def merge(self, left: S, right: S) -> S:
        """Return the state after both; `left`'s rows come before `right`'s. Either may be changed in place."""

    @abstractmethod
    def finish(self, state: S, context: RunContext) -> R:
        """Return the result. Called once, in the coordinating process."""


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

    def warn(self, message: str) -> None:
        """Tell the user something; the message must not hold an original."""


class Reporter(Fold[S, R]):
    """Makes outputs from anonymized batches."""

    @property
    def required_roles(self) -> tuple[str, ...]:
        """Roles whose column must exist. Default: none."""
        return ()

    def columns(self, roles: Roles) -> Sequence[str]:
        """Return the columns that it needs besides those of the row record; it gets the row record in any case."""
        return ()

    def further_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """Return the names of those of `columns`, which are all of the input, that it takes besides `columns`.

        It must do without them: a transform may drop them. One that must not be passed on (`Column.is_refused`) is not
        to be asked for. Default: none.
        """
        return ()

    @property
    def writes_originals(self) -> bool:
        """Whether outputs hold originals although the batches are garbled (an audit). Default: no."""
        return False

    def labels(self, context: RunContext) -> Sequence[str]:
        """Return texts that the outputs hold whatever the rows hold: a name inside one is no find of the audit.

        Each stands as it is written, with the signs around it by which no data can be taken for it: a JSON key with its
        quotes and colon (``"User":``), a heading with its line breaks. A text that begins with a line break may also
        begin an output, or its name. Default: the columns of the row record, as keys of JSON and before a colon.
        """
        return [label for name in context.schema.names for label in (f'"{name}":', f'"{name}" :', f"\n{name}: ")]

    @property
    def entry(self) -> str:
        """A pattern (`re`): a line that begins with it never continues the line before. Default: no line does."""
        return ""

    @abstractmethod
    def write(self, result: R, outputs: Outputs, context: RunContext) -> None:
        """Write the outputs. Called once, in the coordinating process."""

    def highlights(self, result: R, context: RunContext) -> Sequence[tuple[str, str]]:
        """Return lines (label, text) for the table that ends a run; by token, never by original. Default: none."""
        return ()


class Listing(Reporter[S, R]):
    """A reporter whose output grows by the row: rendered in the workers, joined in row order, streamed to disk."""

    separator: ClassVar[bytes] = b""
    """Put between the pieces that `render` gives for one stream."""

    def opening(self, stream: str, context: RunContext) -> bytes:
        """Return what stands before the first piece of a stream. Default: nothing."""
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


@attrs.frozen
class Encoding:
    """How an output is stored: in blocks, each compressed on its own, which together are one valid file."""

    suffix: str
    """Appended to the name: ``.zst``."""
    compress: Callable[[bytes], bytes]
    """Deterministic; picklable."""


class OutputEncoder(ABC):
    """Changes how the outputs of all reporters are stored. To the user it is a reporter like the others."""

    @abstractmethod
    def encoding(self, name: str) -> Encoding | None:
        """Return how the output `name` is stored, or None to leave it as it is."""

    @property
    def archive(self) -> str | None:
        """The name of an archive that takes the place of the separate outputs, or None."""
        return None

    def pack(self, members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
        """Write the archive of the members (name in it, file) to `target`, in that order, always the same bytes."""
        raise NotImplementedError


AnyReporter = Reporter[Any, Any]
