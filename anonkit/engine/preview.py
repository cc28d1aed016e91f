"""A preview for the operator: some rows before and after, what is replaced, and what stays. It holds originals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

import attrs
import pyarrow as pa

from anonkit.config import settled
from anonkit.config.model import Config
from anonkit.engine.selection import without_selection
from anonkit.engine.setup import RunSetup
from anonkit.engine.stream import anonymize
from anonkit.input.batches import read
from anonkit.input.tasks import cut_tasks
from anonkit.tables import count, html_table

__all__ = ["Change", "Preview", "Replaced", "Unchanged", "preview"]

_WORDS = re.compile(r"[^\W_]+|[\W_]")
_COMPARED = 300
"""Changed cells of a column of which words are compared; a comparison takes some 100 microseconds."""
_COMMONEST = 3


@attrs.frozen
class Change:
    """One cell, before and after."""

    row: int
    column: str
    before: str
    after: str


@attrs.frozen
class Replaced:
    """A word, its replacement, the column, and how often that was seen."""

    word: str
    token: str
    column: str
    count: int


@attrs.frozen
class Unchanged:
    """A column in which all sampled cells stay as they are, with its commonest values and their counts."""

    column: str
    values: tuple[tuple[str, int], ...]
    distinct: int


@attrs.frozen
class Preview:
    """What would change in some rows, and what would stay."""

    rows: int
    """Rows that were looked at."""
    changes: tuple[Change, ...]
    """Of the first rows."""
    replaced: tuple[Replaced, ...]
    """Most frequent first."""
    unchanged: tuple[Unchanged, ...]
    dropped: tuple[str, ...]
    """Columns that a transform leaves out."""

    def _repr_html_(self) -> str:
        """Return changes, replaced words and unchanged columns as tables for notebooks. They show originals."""
        changes = [(f"{change.column}, row {change.row + 1}", change.before, change.after) for change in self.changes]
        words = [(word.word, word.token, word.column, count(word.count)) for word in self.replaced]
        same = [(column.column, ", ".join(value for value, _ in column.values)) for column in self.unchanged]
        parts = (
            html_table([("changed", "before", "after"), *changes]),
            html_table([("replaced", "by", "column", "times"), *words]),
            html_table([("unchanged", "commonest values"), *same]),
        )
        return f"<p>ORIGINALS, for the operator alone; {count(self.rows)} rows were looked at.</p>{''.join(parts)}"


def preview(config: Config | Mapping[str, Any], *, rows: int = 2000, shown: int = 3, words: int = 20) -> Preview:
    """Return a preview of a run, made of the first rows of each file, `rows` in all; nothing is written.

    `shown` rows are given cell by cell, and the `words` that are replaced most. Identities are learnt from these rows
    and columns alone, so a run replaces more. Raises as `anonkit.plan` does.
    """
    # A selection looks at all rows, and a mapping would be written.
    configured = without_selection(settled(config, complete=False))
    configured = attrs.evolve(configured, reporters=(), run=attrs.evolve(configured.run, mapping=None))
    raw = _sampled(RunSetup.from_config(configured), rows)
    done = anonymize(raw, configured).read_all()
    changed = {name: _pairs(raw, done, name) for name in done.column_names}
    replaced = Counter(pair for name in changed for pair in _replacements(name, changed[name]))
    return Preview(
        len(raw),
        tuple(_changes(raw, done, shown)),
        tuple(Replaced(*key, count) for key, count in replaced.most_common(words)),
        tuple(_unchanged(raw, name) for name in done.column_names if not changed[name]),
        tuple(name for name in raw.column_names if name not in done.column_names),
    )


def _sampled(setup: RunSetup, rows: int) -> pa.Table:
    """Return the first rows of each file, as a run reads them."""
    core, files = setup.core, setup.source.files
    share = max(1, -(-rows // max(len(files), 1)))
    batches: list[pa.RecordBatch] = []
    for file in files:
        task = [fragment for task in cut_tasks([file], 1) for fragment in task]
        left = share
        for _, batch in read(task, core.schema, core.cells, core.limits):
            batches.append(batch.slice(0, left))
            left -= len(batches[-1])
            if left <= 0:
                break
    return pa.Table.from_batches(batches, core.schema).slice(0, rows)


def _pairs(raw: pa.Table, done: pa.Table, name: str) -> list[tuple[str, str]]:
    """Return the cells of a column that change, before and after, by row."""
    pairs = zip(map(str, raw.column(name).to_pylist()), map(str, done.column(name).to_pylist()), strict=True)
    return [pair for pair in pairs if pair[0] != pair[1]]


def _changes(raw: pa.Table, done: pa.Table, rows: int) -> Iterator[Change]:
    """Yield the cells of the first rows that change."""
    for row in range(min(rows, len(raw))):
        for name in done.column_names:
            before, after = _text(raw, name, row), _text(done, name, row)
            if before != after:
                yield Change(row, name, before, after)


def _text(table: pa.Table, name: str, row: int) -> str:
    return str(table.column(name)[row].as_py())


def _replacements(column: str, pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield the words that differ, with what is in their place, and the column."""
    for before, after in pairs[:_COMPARED]:
        old, new = _WORDS.findall(before), _WORDS.findall(after)
        for kind, low, high, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind == "replace":
                yield "".join(old[low:high]), "".join(new[first:last]), column


def _unchanged(raw: pa.Table, name: str) -> Unchanged:
    counts = Counter(map(str, raw.column(name).to_pylist()))
    return Unchanged(name, tuple(counts.most_common(_COMMONEST)), len(counts))
