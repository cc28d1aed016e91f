"""Experiments: what environments call EXPERIMENT, and known names wherever they stand in text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Match, Mentions, Roles
from anonkit_std.options import ExperimentOptions
from anonkit_std.tokenizers.prefixed import PrefixedTokenizer

__all__ = ["ExperimentTokenizer"]

# Behind a key: an equals sign, or the colon of a JSON object, with the quotes that either may have around it. Behind an
# equals sign and a blank may stand the next variable.
_VALUE = re.compile(rb"""\\?["']? ?(?:: ?|=(?: (?![A-Za-z_][A-Za-z0-9_]*=))?)\\?["']?([^\s"';,|\\\]}]{1,128})""")
_PART_OF_A_NAME = np.zeros(256, np.bool_)
_PART_OF_A_NAME[np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", np.uint8)] = True


@attrs.frozen
class ExperimentTokenizer(PrefixedTokenizer):
    """An experiment is a name in any letter case. It has no column of its own."""

    options: ExperimentOptions = attrs.field(factory=ExperimentOptions)

    kind = "experiment"

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return nothing: experiments live in text."""
        return ()

    def identify(self, cells: pa.Array) -> pa.Array:
        """Return the name, trimmed and case-folded; null for an ignored word, and for what has no letter in it.

        A value such as ``1`` names no experiment, and would be replaced in half of all texts.
        """
        ignored = self._ignored()
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
        """Return the name itself; nothing for an ignored one."""
        return () if identity in self._ignored() else (identity,)

    def match(self, literal: str) -> Match:
        """Return the rule of the options: names are glued to the front of other words, seldom to their end."""
        if self.options.match != "auto":
            return Match(self.options.match)
        return Match.WORD if len(literal) <= 2 else Match.PREFIX

    def _ignored(self) -> frozenset[str]:
        return frozenset(word.casefold() for word in self.options.ignore)


def _values(text: pa.Array, keys: Sequence[bytes]) -> Mentions:
    """Return row and value of every ``KEY=value``, whatever the quoting.

    One scan of the column's bytes for each key, not one for each row: `re` skips to a literal. The loop is over the
    keys found, about one a row: 2 µs each, with the scan.
    """
    # Nulls are resolved once, so that values and bytes agree.
    whole = pc.fill_null(text, "").cast(pa.large_string())
    buffer = whole.buffers()[2]
    if not len(whole) or buffer is None:
        return Mentions(pa.array([], pa.int64()), pa.array([], pa.string()))
    ends = np.frombuffer(whole.buffers()[1], np.int64)[whole.offset : whole.offset + len(whole) + 1]
    data = memoryview(buffer)[: int(ends[-1])]
    codes = np.frombuffer(data, np.uint8)
    rows: list[int] = []
    values: list[str] = []
    for key in keys:
        found = re.compile(re.escape(key)).finditer(data, int(ends[0]))
        starts = np.array([match.start() for match in found], np.int64)
        within = np.searchsorted(ends, starts, side="right") - 1
        alone = (starts == ends[within]) | ~_PART_OF_A_NAME[codes[starts - 1]]
        held, behind, lasts = within[alone], starts[alone] + len(key), ends[within[alone] + 1]
        for row, at, last in zip(held.tolist(), behind.tolist(), lasts.tolist(), strict=True):
            match = _VALUE.match(data, at, last)
            if match:
                rows.append(row)
                values.append(match[1].decode("utf-8", "ignore"))
    return Mentions(pa.array(rows, pa.int64()), pa.array(values, pa.string()))
