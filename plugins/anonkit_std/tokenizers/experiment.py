"""Experiments: what environments call EXPERIMENT, and known names wherever they stand in text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Match, Mentions, Roles, Tokenizer
from anonkit_std.options import ExperimentOptions

__all__ = ["ExperimentTokenizer"]

# Behind a key: an equals sign, or the colon of a JSON object, with the quotes that either may have around it.
_VALUE = rb"""\\?["']? ?[=:] ?\\?["']?([^\s"';,|\\\]}]{1,128})"""
_PART_OF_A_NAME = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


@attrs.frozen
class ExperimentTokenizer(Tokenizer):
    """An experiment is a name in any letter case. It has no column of its own."""

    options: ExperimentOptions = attrs.field(factory=ExperimentOptions)

    kind = "experiment"

    @property
    def prefix(self) -> str:  # type: ignore[override]  # an option stands where the contract has an attribute
        """Before the number in lists."""
        return self.options.prefix

    @property
    def text_prefix(self) -> str:  # type: ignore[override]  # as above
        """Before the number in rows and text."""
        return self.options.text_prefix

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return nothing: experiments live in text."""
        return ()

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return the name, trimmed and case-folded; null for an ignored word, and for what has no letter in it.

        A value such as ``1`` names no experiment, and would be replaced in half of all texts.
        """
        ignored = {word.casefold() for word in self.options.ignore}
        names = [None if cell is None else cell.strip().casefold() for cell in cells.to_pylist()]
        named = [name if name and name not in ignored and any(map(str.isalpha, name)) else None for name in names]
        return pa.array(named, pa.string())

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        """Return the values of the environment keys; nothing in other columns than the environment's."""
        if column != roles.env:
            return None
        return _values(text, [key.encode() for key in self.options.environment_keys])

    def keywords(self) -> Iterable[str]:
        """Return the names to look for anywhere."""
        return (*self.options.keywords, *self.options.more_keywords)

    def aliases(self, identity: str) -> Iterable[str]:
        """Return the name itself."""
        return (identity,)

    def match(self, literal: str) -> Match:
        """Return the rule of the options: names are glued to the front of other words, seldom to their end."""
        if self.options.match != "auto":
            return Match(self.options.match)
        return Match.WORD if len(literal) <= 2 else Match.PREFIX


def _values(text: pa.Array, keys: Sequence[bytes]) -> Mentions:
    """Return row and value of every ``KEY=value``, whatever the quoting.

    One scan of the column's bytes for each key, not one for each row: the pattern starts with a literal, which `re` skips to.
    The loop is over the matches, about one a row: 0.4 µs each.
    """
    # Nulls and slices are resolved once, so that values and bytes agree.
    whole = pc.fill_null(text, "").cast(pa.large_string())
    ends = np.frombuffer(whole.buffers()[1], np.int64)[whole.offset : whole.offset + len(whole) + 1]
    data = memoryview(whole.buffers()[2] or b"")[: int(ends[-1])]
    places: list[int] = []
    found: list[bytes] = []
    lasts: list[int] = []
    for key in keys:
        for match in re.compile(re.escape(key) + _VALUE).finditer(data, int(ends[0])):
            at = match.start()
            if at == 0 or data[at - 1] not in _PART_OF_A_NAME:
                places.append(at)
                lasts.append(match.end())
                found.append(match.group(1))
    rows = np.searchsorted(ends, np.array(places, np.int64), side="right") - 1
    # A value that seems to reach into the next row is cut where its own row ends.
    over = np.maximum(np.array(lasts, np.int64) - ends[1:][rows], 0) if places else np.zeros(0, np.int64)
    values = [value[: len(value) - extra].decode("utf-8", "ignore") for value, extra in zip(found, over.tolist(), strict=True)]
    return Mentions(pa.array(rows), pa.array(values, pa.string()))
