"""A tokenizer with a guard around each call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

import attrs

from anonkit.catalogue import Column
from anonkit.plugin.contracts import Alias, Boundary, Evidence, Mentions, Place, Roles, Tokenizer
from anonkit.plugin.guard import Guard
from anonkit.plugin.long_names import boundary_of_long, shortened
from anonkit.plugin.results import names, text

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["GuardedTokenizer"]


@attrs.frozen
class GuardedTokenizer(Tokenizer):
    """Passes each call on to a tokenizer; PluginError for what it raises, and for results of the wrong type.

    Names are shortened to `LONGEST_NAME` characters, here for all that the engine does with them.
    """

    plugin: Tokenizer
    guard: Guard
    kind: str  # type: ignore[misc]  # a constant of its class to a plugin's author
    required_roles: tuple[str, ...]  # type: ignore[misc]  # as above
    _prefix: str
    _text_prefix: str
    _grouped: bool

    @classmethod
    def wrap(cls, plugin: Tokenizer, guard: Guard) -> GuardedTokenizer:
        """Ask the tokenizer what does not change, once."""
        kind = text(guard, "kind", guard.call(lambda: plugin.kind))
        roles = names(guard, "required_roles", guard.call(lambda: plugin.required_roles))
        prefix = text(guard, "prefix", guard.call(lambda: plugin.prefix))
        text_prefix = text(guard, "text_prefix", guard.call(lambda: plugin.text_prefix))
        return cls(plugin, guard, kind, roles, prefix, text_prefix, guard.call(lambda: bool(plugin.grouped)))

    @property
    def prefix(self) -> str:
        return self._prefix

    @property
    def text_prefix(self) -> str:
        return self._text_prefix

    @property
    def grouped(self) -> bool:
        return self._grouped

    def group(self, identity: str) -> str | None:
        return self.guard.call(self.plugin.group, identity)

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        return names(self.guard, "columns", self.guard.call(self.plugin.columns, schema, roles))

    def optional_columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        return names(self.guard, "optional_columns", self.guard.call(self.plugin.optional_columns, schema, roles))

    def learned_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        return names(self.guard, "learned_columns", self.guard.call(self.plugin.learned_columns, columns, roles))

    def identify(self, cells: pa.Array) -> pa.Array:
        return shortened(self._column("identify", self.guard.call(self.plugin.identify, cells), len(cells)))

    def valid(self, identities: pa.Array) -> pa.Array:
        return self._column("valid", self.guard.call(self.plugin.valid, identities), len(identities))

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        found: Any = self.guard.call(self.plugin.mentions, text, column, roles)
        if found is None:
            return None
        self._check_mentions(found, len(text))
        identities = None if found.identities is None else shortened(found.identities)
        short: Mentions = attrs.evolve(found, spellings=shortened(found.spellings), identities=identities)
        return short

    def mentions_are_words(self, column: str, roles: Roles) -> bool:
        return bool(self.guard.call(self.plugin.mentions_are_words, column, roles))

    def whole_texts(self, column: str, roles: Roles) -> Sequence[str]:
        return names(self.guard, "whole_texts", self.guard.call(self.plugin.whole_texts, column, roles))

    def reconcile(
        self, found: Mapping[str, Evidence], others: Mapping[str, AbstractSet[str]]
    ) -> Mapping[str, str | None]:
        return self.guard.call(lambda: dict(self.plugin.reconcile(found, others)))

    def keywords(self) -> Iterable[str]:
        return names(self.guard, "keywords", self.guard.call(lambda: list(self.plugin.keywords())))

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        found = self.guard.call(lambda: list(self.plugin.aliases(identity)))
        if not all(isinstance(alias, (str, Alias)) for alias in found):
            raise self.guard.refuse("aliases gave something else than texts and Alias")
        return [_known_by_beginning(alias) if isinstance(alias, Alias) else alias for alias in found]

    def defers_to(self, identity: str) -> str | None:
        return self.guard.call(self.plugin.defers_to, identity)

    def boundary(self, literal: str) -> Boundary:
        boundary: Any = self.guard.call(self.plugin.boundary, literal)
        if not isinstance(boundary, Boundary):
            raise self.guard.refuse(f"boundary gave a {type(boundary).__name__}, not a Boundary")
        return boundary_of_long(literal, boundary)

    def places(self) -> Sequence[Place]:
        places = self.guard.call(lambda: tuple(self.plugin.places()))
        if not all(isinstance(place, Place) for place in places):
            raise self.guard.refuse("places gave something else than Place")
        return places

    def names_in(self, column: str, roles: Roles) -> bool:
        return bool(self.guard.call(self.plugin.names_in, column, roles))

    def residual(self, cells: pa.Array) -> pa.Array | None:
        residual = self.guard.call(self.plugin.residual, cells)
        return None if residual is None else self._column("residual", residual, len(cells))

    def render_cell(self, tokens: pa.Array, residual: pa.Array | None) -> pa.Array:
        return self._column("render_cell", self.guard.call(self.plugin.render_cell, tokens, residual), len(tokens))

    def _column(self, method: str, column: Any, length: int) -> pa.Array:
        import pyarrow as pa

        if not isinstance(column, (pa.Array, pa.ChunkedArray)):
            raise self.guard.refuse(f"{method} gave a {type(column).__name__}, not an Arrow array")
        if len(column) != length:
            raise self.guard.refuse(f"{method} gave an array of another length than it was given")
        return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column

    def _check_mentions(self, found: Any, length: int) -> None:
        import pyarrow.compute as pc

        if not isinstance(found, Mentions):
            raise self.guard.refuse(f"mentions gave a {type(found).__name__}, not Mentions")
        parts = (found.spellings, found.identities, found.tentative, found.refuted, found.parents)
        if any(part is not None and len(part) != len(found.rows) for part in parts):
            raise self.guard.refuse("mentions gave arrays of different lengths")
        if len(found.rows):
            ends = pc.min_max(found.rows)
            if ends["min"].as_py() < 0 or ends["max"].as_py() >= length:
                raise self.guard.refuse("mentions gave a row that is not one of the texts")


def _known_by_beginning(alias: Alias) -> Alias:
    """Return the alias with the boundary of a name that is known by its first characters, if it is so long."""
    boundary = boundary_of_long(alias.text, alias.boundary)
    return alias if boundary is alias.boundary else attrs.evolve(alias, boundary=boundary)
