"""What tells the engine of one kind of identity."""

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
    """string, no nulls, same length: whom each spelling means; None when `identify` tells it from the spelling."""
    tentative: pa.Array | None = None
    """bool, no nulls, same length: what only looks like an identity. One that is met in no other way is replaced as a
    word alone, whatever `match` says. None: there are none."""
    refuted: pa.Array | None = None
    """bool, no nulls, same length: the text shows that the name is none of an identity of this kind, but of a group,
    say. `Tokenizer.reconcile` drops an identity that is otherwise tentative. None: there are none."""
    parents: pa.Array | None = None
    """string, same length: the name of which an identity is a part if that is a group's name (``/home/GROUP/person``);
    for `Tokenizer.reconcile`. None: there are none."""


@attrs.frozen
class Evidence:
    """Everything that a run has met of one identity."""

    spellings: AbstractSet[str]
    """Its spellings in text."""
    is_tentative: bool
    """Whether each mention is tentative, and no cell is the identity."""
    is_refuted: bool
    """Whether a mention shows that it is none."""
    parents: AbstractSet[str]
    """See `Mentions.parents`; empty when a mention is without one."""
    is_in_cells: bool
    """Whether a cell of an identity column is this identity."""


@attrs.frozen
class Alias:
    """A spelling that betrays an identity, with a rule of its own for where it may sit."""

    text: str
    boundary: Boundary
    """An alias that may sit at an END gives way to every other spelling that comes to the same text."""


class Tokenizer(ABC):
    """Says what an identity of one kind is and how it shows. The engine does the rest: folds, numbers, replaces.

    Every method is a pure function over columns. Each gets distinct values where it can, so a slow one costs little.
    """

    kind: ClassVar[str]
    """The kind of identity, ``"user"``: names it in the mapping and in `RunContext.identities`."""
    required_roles: ClassVar[tuple[str, ...]] = ()
    """Roles whose column must exist."""

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

    def optional_columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return further columns whose cells are identities, of those that are read in any case. Default: none.

        They go to whoever names them in `columns`, or else here first; one of lists or structs is text.
        """
        return ()

    def learned_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """Return the names of those of `columns`, which are all of the input, from which identities are learnt.

        They are read in pass one whether or not they are shown: an identity that only a hidden column names may be
        mentioned in a shown one. Default: the columns whose cells the catalogue knows to be identities of this kind.
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
        """Return the spellings of identities that `text` (string, may hold nulls) mentions; None when it has no say."""
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
        """Return for identities met in a run that are none None, and for those that are another one that other.

        `others` are the identities of other kinds, by kind. An identity that a cell holds stays as it is, whatever is
        returned. Default: the tentative ones that are refuted are none.
        """
        return {identity: None for identity, evidence in found.items() if evidence.is_tentative and evidence.is_refuted}

    def keywords(self) -> Iterable[str]:
        """Return spellings that are a mention wherever `match` lets them stand in text. The engine looks for them."""
        return ()

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        """Return every spelling that betrays the identity in text, itself included. Letter case does not matter.

        One that is plain text sits where `match` says. Without any, the identity is not looked for, however spelled.
        """
        return (identity,)

    def defers_to(self, identity: str) -> str | None:
        """Return the part of an identity by which another anonymizer may know it: what stands before an address's `@`.

        When that is a spelling of an identity there, this one is not looked for in text: the other's token shows in the
        part's place, and what is around it stays. Default: none.
        """
        return None

    def boundary(self, literal: str) -> Boundary:
        """Return where an alias, or a spelling that `mentions` found, may sit. Default: by its length."""
        return Boundary.by_length(literal)

    def places(self) -> Sequence[Place]:
        """Return where text names an identity of this kind: there alone weak names are replaced (`Boundary.NAMED`).

        Default: nowhere.
        """
        return ()

    def names_in(self, column: str, roles: Roles) -> bool:
        """Return whether each word in a column's text names an identity of this kind: weak names are replaced there.

        Default: in columns whose cells the catalogue knows to be identities of this kind.
        """
        known = roles.attribute(column)
        return known is not None and known.cls is AttributeClass.IDENTITY and known.kind == self.kind

    def residual(self, cells: pa.Array) -> pa.Array | None:
        """Return what of each raw cell (string) is kept beside its token, to be garbled as text; None for nothing."""
        return None

    def render_cell(self, tokens: pa.Array, residual: pa.Array | None) -> pa.Array:
        """Return the written cell (string): from its text tokens (string or list<string>) and its garbled remainder."""
        import pyarrow as pa
        import pyarrow.compute as pc

        return pc.binary_join(tokens, ", ") if pa.types.is_list(tokens.type) else tokens
