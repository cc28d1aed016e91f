"""The contract of tokenizers: each describes one kind of identity to the engine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, ClassVar

import attrs

from anonkit.catalogue import AttributeClass, Column
from anonkit.plugin.contracts.forms import Boundary, Place
from anonkit.plugin.contracts.roles import Roles

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Alias", "Evidence", "Mentions", "Tokenizer"]


@attrs.frozen
class Mentions:
    """Spellings found in a text array: the text at `rows[i]` (from 0) holds `spellings[i]`. Any order, with repeats."""

    rows: pa.Array
    """int64, no nulls."""
    spellings: pa.Array
    """string, no nulls, same length."""
    identities: pa.Array | None = None
    """string, no nulls, same length: the identity of each spelling; None when `identify` returns it."""
    tentative: pa.Array | None = None
    """bool, no nulls, same length: whether it only looks like an identity. One with no other mention is replaced as a
    whole word only, whatever `boundary` returns. None: no mention is tentative."""
    refuted: pa.Array | None = None
    """bool, no nulls, same length: whether the text shows that the name is not an identity of this kind, but a group,
    for example. `Tokenizer.reconcile` drops an identity that is otherwise tentative. None: no mention is refuted."""
    parents: pa.Array | None = None
    """string, same length: the name before it that may be a group's (``/home/GROUP/person``), null for none; for
    `Tokenizer.reconcile`. None: no mention has a parent."""


@attrs.frozen
class Evidence:
    """The evidence of a run about one identity."""

    spellings: AbstractSet[str]
    """Its spellings in text."""
    is_tentative: bool
    """Whether each mention is tentative, and no cell is the identity."""
    is_refuted: bool
    """Whether a mention shows that it is not an identity (`Mentions.refuted`)."""
    parents: AbstractSet[str]
    """See `Mentions.parents`; empty when a mention is without one."""
    is_in_cells: bool
    """Whether a cell of an identity column is this identity."""


@attrs.frozen
class Alias:
    """A spelling that betrays an identity, with a boundary of its own."""

    text: str
    boundary: Boundary
    """Every other spelling of the same text wins over an alias with the boundary END."""
    find_encoded: bool = False
    """Whether its hex, base64 and reversed forms are searched for, as those of an alias that is plain text are.

    Not those of an alias with the boundary END or NAMED.
    """


class Tokenizer(ABC):
    """Describes the identities of one kind and their spellings. The engine does the rest: folds, numbers, replaces.

    Every method is a pure function over columns. Each gets distinct values where it can, so a slow one costs little.
    """

    kind: ClassVar[str]
    """The kind of identity, ``"user"``: names it in the mapping and in `RunContext.identities`."""
    required_roles: ClassVar[tuple[str, ...]] = ()
    """Roles for which a column must exist."""

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
        """Whether tokens show groups: ``IP3.7`` is the seventh identity of the third `group`. Default: no."""
        return False

    def group(self, identity: str) -> str | None:
        """Return the group of an identity, for a tokenizer that is `grouped`; None when it belongs to none."""
        return None

    @abstractmethod
    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return the columns of identities, the counted one first; none when they are in text only."""

    def optional_columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return further columns of identities, among those that are read in any case. Default: none.

        A tokenizer that names one in `columns` gets it, else the first that names it here; lists and structs are text.
        """
        return ()

    def learned_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """Return the names of those of `columns`, which are all of the input, from which identities are learnt.

        They are read in pass one whether or not they are shown: an identity that only a hidden column names may be
        mentioned in a shown one. Default: the columns that the catalogue knows to hold identities of this kind.
        """
        return [column.name for column in columns if column.holds(self.kind)]

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
        """Return the spellings of identities that `text` (string, may hold nulls) mentions, or None."""
        return None

    def mentions_are_words(self, column: str, roles: Roles) -> bool:
        """Return whether no mention in a column's text holds a blank or a semicolon, or depends on text beyond one.

        Then `mentions` may be given the distinct segments of the text, which end after those: far less text. A segment
        does not end beside an equals sign or a colon, nor after a second blank, nor after a comma or a plus sign and
        before a letter. Default: no.
        """
        return False

    def whole_texts(self, column: str, roles: Roles) -> Sequence[str]:
        """Return marks of those texts of a column that `mentions` must see whole all the same.

        `mentions_are_words` does not hold for texts that hold one, with no letter, digit or underscore before it. No
        mark is longer than a segment. Default: none.
        """
        return ()

    def reconcile(
        self, found: Mapping[str, Evidence], others: Mapping[str, AbstractSet[str]]
    ) -> Mapping[str, str | None]:
        """Return changes of the identities `found` in a run: None for a name that is none, or the identity that it is.

        `others` are the identities of other kinds, by kind. An identity in a cell of an identity column never changes.
        Default: tentative identities that are refuted are dropped.
        """
        return {identity: None for identity, evidence in found.items() if evidence.is_tentative and evidence.is_refuted}

    def keywords(self) -> Iterable[str]:
        """Return spellings that are a mention wherever `boundary` allows them in text. The engine searches for them."""
        return ()

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return every spelling that betrays the identity in text, itself included. Letter case does not matter.

        An alias that is plain text has the boundary of `boundary`. An identity without aliases is not searched for.
        """
        return (identity,)

    def defers_to(self, identity: str) -> str | None:
        """Return the part of an identity that may be an identity of another kind: the text before an address's `@`.

        If it is, this identity is not searched for in text: the other's token replaces the part, and the rest stays.
        Default: none.
        """
        return None

    def boundary(self, literal: str) -> Boundary:
        """Return the boundary of an alias, or of a spelling that `mentions` found. Default: by its length."""
        return Boundary.by_length(literal)

    def places(self) -> Sequence[Place]:
        """Return the places where text names an identity of this kind; weak names are replaced only there.

        Default: nowhere.
        """
        return ()

    def names_in(self, column: str, roles: Roles) -> bool:
        """Return whether each word in a column's text names an identity of this kind: weak names are replaced there.

        Default: in columns that the catalogue knows to hold identities of this kind.
        """
        known = roles.attribute(column)
        return known is not None and known.cls is AttributeClass.IDENTITY and known.kind == self.kind

    def residual(self, cells: pa.Array) -> pa.Array | None:
        """Return the part of each raw cell (string) that stays beside its token, garbled as text; None for none."""
        return None

    def render_cell(self, tokens: pa.Array, residual: pa.Array | None) -> pa.Array:
        """Return the written cell (string): from its text tokens (string or list<string>) and its garbled remainder."""
        import pyarrow as pa
        import pyarrow.compute as pc

        return pc.binary_join(tokens, ", ") if pa.types.is_list(tokens.type) else tokens
