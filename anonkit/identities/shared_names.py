"""Strong names that are in most rows of most other users: perhaps words of job records that are in no list.

They are counted in a sample of the rows and for the first users, so that the cost and the memory are bounded; which
rows and users these are does not depend on where batches are cut.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import attrs
import numpy as np
import pyarrow as pa

from anonkit.arrow.nested import leaves_in_rows
from anonkit.arrow.offsets import Positions, value_ends
from anonkit.arrow.rows import Rows
from anonkit.arrow.strings import data_of
from anonkit.errors import some
from anonkit.identities.token_table import KindTable

__all__ = ["SharedCounts", "SharedNames", "describe_shared", "shared_tokens"]

_FIRST_ROWS, _ONE_OF = 4096, 256
_FIRST_OWNERS = 64
_LEAST_OTHERS = 3
_SHOWN = 10

SharedCounts = Counter[tuple[str, int, str]]
"""Rows of the sample by kind, position of the row's own identity, and a token in the row's text; by kind, position and
an empty text: all rows of the sample."""


@attrs.frozen(slots=False)
class SharedNames:
    """Counts the tokens of one kind in the text of rows that belong to another identity of the kind."""

    table: KindTable
    columns: tuple[str, ...]
    """Columns of text."""

    def __call__(self, rows: Rows, owners: pa.Array, first_row: int) -> SharedCounts:
        """Return the counts of a batch; `owners` are the positions of each row's identities (list<int32>)."""
        sample = sampled(first_row, len(rows))
        owner = owners.flatten().to_numpy()[owners.offsets.to_numpy()[:-1] - owners.offsets[0].as_py()][sample]
        chosen = owner < _FIRST_OWNERS
        sample, owner = sample[chosen], owner[chosen]
        kind = self.table.kind
        counts: SharedCounts = Counter((kind, position, "") for position in owner.tolist())
        if sample.size:
            names = [name for name in self.columns if name in rows.batch.schema.names]
            found = {pair for column in rows.take(pa.array(sample), names).columns for pair in self._tokens(column)}
            counts.update((kind, int(owner[row]), token) for row, token in found)
        return counts

    def _tokens(self, column: pa.Array) -> Iterator[tuple[int, str]]:
        """Yield row and token of each token in a column."""
        for leaf, leaf_rows in leaves_in_rows(column):
            if pa.types.is_string(leaf.type) and len(leaf):
                ends = value_ends(leaf)
                data = data_of(leaf)[: ends[-1]].tobytes()
                found = [(match.start(), match[0].decode()) for match in self._pattern.finditer(data, int(ends[0]))]
                places: Positions = np.array([place for place, _ in found], np.int64)
                for row, (_, token) in zip(leaf_rows[np.searchsorted(ends, places, "right") - 1], found, strict=True):
                    yield int(row), token

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        return re.compile(re.escape(self.table.text_prefix).encode() + rb"[0-9]+(?:\.[0-9]+)?")


def sampled(first_row: int, size: int) -> Positions:
    """Return the positions, in a batch of that size, of the rows that are in the sample."""
    numbers = np.arange(first_row, first_row + size)
    positions: Positions = np.flatnonzero((numbers < _FIRST_ROWS) | (numbers % _ONE_OF == 0))
    return positions


def shared_tokens(counts: SharedCounts, tables: Mapping[str, KindTable], weak: Iterable[str]) -> list[str]:
    """Return the tokens that are in most rows of most others of the first identities, but for those of weak names."""
    rows = {(kind, owner): count for (kind, owner, token), count in counts.items() if not token}
    most = Counter(
        (kind, token)
        for (kind, owner, token), count in counts.items()
        if token and 2 * count > rows[kind, owner] and tables[kind].text_tokens[owner].as_py() != token
    )
    own = {(kind, tables[kind].text_tokens[owner].as_py()) for kind, owner in rows}
    owners = Counter(kind for kind, _ in rows)
    others = {(kind, token): owners[kind] - ((kind, token) in own) for kind, token in most}
    passed = {*weak}
    return [
        token
        for (kind, token), count in sorted(most.items(), key=lambda item: (-item[1], item[0]))
        if others[kind, token] >= _LEAST_OTHERS and 2 * count > others[kind, token] and token not in passed
    ]


def describe_shared(tokens: list[str]) -> str:
    """Return the warning about tokens of names that may be words of job records."""
    return (
        f"names were replaced in most rows of most other users, and may be words of job records: "
        f"{some(tokens, _SHOWN)}; the anonymizer's option `weak` replaces such a name only where text "
        "names somebody"
    )
