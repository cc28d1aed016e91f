"""What the engine makes of cells and texts with one tokenizer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

import attrs
import pyarrow as pa

from anonkit.catalogue import catalogue
from anonkit.config.model import NULL_VALUES, PLACEHOLDERS
from anonkit.engine.stream import anonymize
from anonkit.plugin.contracts import Alias, Boundary, Roles, Tokenizer
from anonkit.plugin.discovery import discover
from anonkit.plugin.hooks import TokenizerSpec
from anonkit.plugin.making import made
from anonkit.testing.contract import broken
from anonkit.testing.runs import plugin_config

__all__ = ["Tokenized", "installed_tokenizers", "tokenized"]

_TEXT = "Iwd"
"""A column of text that the catalogue knows."""
_NULLS = {text.casefold() for text in (*NULL_VALUES, *PLACEHOLDERS)}


@attrs.frozen
class Tokenized:
    """Anonymized cells and texts."""

    prefix: str
    cells: tuple[str | None, ...]
    """Written cells, in the order of the raw ones; none without a column."""
    aliases: tuple[tuple[str, str], ...]
    """An alias, and what became of a text that holds it between two words."""

    def is_token(self, text: str) -> bool:
        """Return whether there is but a token between the two words."""
        return re.fullmatch(rf"! {re.escape(self.prefix)}[\d.]+ !", text) is not None

    def check_cells(self, tokenizer: Tokenizer, raw: Sequence[Any]) -> None:
        """Fail the test when a cell lacks its token, or a token is not one identity's alone."""
        if not self.cells:
            return
        identities = tokenizer.identify(pa.array(list(raw))).to_pylist()
        tokens: dict[str, str] = {}
        for cell, identity, written in zip(raw, identities, self.cells, strict=True):
            if cell is None and written is not None:
                broken(f"a null cell was written as {written!r}; it must stay null")
            if not isinstance(identity, str) or (isinstance(cell, str) and cell.strip().casefold() in _NULLS):
                continue
            found = re.findall(rf"{re.escape(self.prefix)}[\d.]*\d", written or "")
            if not found:
                broken(f"the cell {cell!r} was written as {written!r}, without a token of its identity")
            if tokens.setdefault(identity, found[0]) != found[0]:
                broken(f"the identity {identity!r} has two tokens")
        if len(set(tokens.values())) != len(tokens):
            broken("two identities have one token")


def tokenized(
    tokenizer: Tokenizer,
    cells: Sequence[Any],
    texts: Sequence[str | None],
    aliases: Sequence[str | Alias],
    *,
    stored: Literal["plain", "dictionary", "large"] = "plain",
) -> Tokenized:
    """Return what becomes of cells, and of a text for each alias that may sit between two words.

    `texts` are there so that identities that only text mentions are known.
    """
    literals = list(dict.fromkeys(filter(None, (_between_words(tokenizer, alias) for alias in aliases))))
    table = _table(tokenizer, cells, texts, [f"! {literal} !" for literal in literals], stored)
    out = anonymize(table, plugin_config([tokenizer])).read_all()
    written = out.column(_TEXT).cast(pa.string()).to_pylist()[: len(literals)]
    named = table.column_names[0] != Roles().env and cells
    columns = out.column(0).cast(pa.string()).to_pylist() if named else []
    return Tokenized(tokenizer.text_prefix, tuple(columns[: len(cells)]), tuple(zip(literals, written, strict=True)))


def installed_tokenizers(besides: type[Tokenizer]) -> list[Tokenizer]:
    """Return the tokenizers that come with anonkit, but for one of a class."""
    return [tokenizer for tokenizer in _shipped() if type(getattr(tokenizer, "plugin", tokenizer)) is not besides]


@lru_cache(maxsize=1)
def _shipped() -> tuple[Tokenizer, ...]:
    specs = [plugin.type for plugin in discover().anonymizers.values() if plugin.is_shipped]
    return tuple(made(spec, spec.options()) for spec in specs if isinstance(spec, TokenizerSpec))


def _between_words(tokenizer: Tokenizer, alias: str | Alias) -> str | None:
    """Return the text of an alias, None when it may not sit between two words."""
    text = alias.text if isinstance(alias, Alias) else alias
    rule = alias.boundary if isinstance(alias, Alias) else tokenizer.boundary(text)
    return None if rule is Boundary.NAMED or not text.strip() else text


def _table(
    tokenizer: Tokenizer, cells: Sequence[Any], texts: Sequence[str | None], lines: Sequence[str], stored: str
) -> pa.Table:
    """Return a table of the cells, of the texts as environments, and of the lines."""
    roles = Roles()
    known = {name for name in (*roles.columns.values(), *(entry.name for entry in catalogue())) if "*" not in name}
    schema = pa.schema([(name, pa.string()) for name in sorted(known)])
    own = list(tokenizer.columns(schema, roles))
    names = own or list(tokenizer.optional_columns(schema, roles))[:1]
    needed = [roles[role] for role in tokenizer.required_roles]
    size = max(len(cells), len(texts), len(lines))
    columns = {name: _filled(cells, size) for name in dict.fromkeys((*names[:1], *needed))}
    columns |= {name: _filled([], size) for name in names if name not in columns}
    columns |= {roles.env: _filled(texts, size), _TEXT: _filled(lines, size)}
    return pa.table({name: _stored(array, stored) for name, array in columns.items()})


def _filled(values: Sequence[Any], size: int) -> pa.Array:
    """Return an array of values and of nulls after them; of texts, if there is no other value."""
    array = pa.array([*values, *[None] * (size - len(values))])
    return array.cast(pa.string()) if pa.types.is_null(array.type) else array


def _stored(array: pa.Array, stored: str) -> pa.Array:
    if not pa.types.is_string(array.type) or stored == "plain":
        return array
    return array.dictionary_encode() if stored == "dictionary" else array.cast(pa.large_string())
