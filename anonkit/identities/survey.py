"""Who is in the data: the fold of pass one over identity columns and text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import partial

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.identities.mentions import KeywordSearch, TextColumn, mention_separators, mentions_at
from anonkit.plugin.contracts import Evidence, Mentions, Roles, Tokenizer
from anonkit.withheld import WITHHELD

__all__ = [
    "NEVER",
    "Identity",
    "KindSurvey",
    "Met",
    "Seen",
    "distinct_pairs",
    "identity_codes",
    "mentioned",
    "merge",
    "survey",
]

Codes = npt.NDArray[np.int64]
Identity = str | None

NEVER = 2**63 - 1
"""The first row of a name of which it is only known that it is no identity."""


@attrs.define
class Seen:
    """What is known of one identity: the rows before, and in, which it was met."""

    first_row: int
    """Global number of the row where it first appeared, in a column or in text."""
    count: int = 0
    """Rows with it in the counted column; rows that mention it, when its kind has no column."""
    spellings: set[str] = attrs.field(factory=set)
    """Spellings met in text."""
    is_tentative: bool = False
    """Whether it was only met as a guess (`Mentions.tentative`)."""
    is_refuted: bool = False
    """Whether a mention shows that it is no identity (`Mentions.refuted`)."""
    is_in_cells: bool = False
    """Whether a cell of an identity column is this identity."""
    parents: set[str] = attrs.field(factory=set)
    """See `Mentions.parents`."""
    has_parents_alone: bool = False
    """Whether each mention has a parent."""

    @property
    def evidence(self) -> Evidence:
        """What a tokenizer may know of it."""
        parents = self.parents if self.has_parents_alone else frozenset[str]()
        return Evidence(self.spellings, self.is_tentative, self.is_refuted, parents, self.is_in_cells)

    def add(self, other: Seen) -> None:
        """Take in what another part of the rows knows."""
        self.count += other.count
        self.spellings |= other.spellings
        # Of a name that was only refuted nothing else is known.
        self.has_parents_alone = (self.has_parents_alone or self.first_row == NEVER) and (
            other.has_parents_alone or other.first_row == NEVER
        )
        self.first_row = min(self.first_row, other.first_row)
        self.is_tentative &= other.is_tentative
        self.is_refuted |= other.is_refuted
        self.is_in_cells |= other.is_in_cells
        self.parents |= other.parents


KindSurvey = dict[Identity, Seen]
"""The identities of one kind met in some rows; None is the null identity."""


def merge(left: KindSurvey, right: KindSurvey) -> KindSurvey:
    """Return what both know; changes `left`."""
    for identity, seen in right.items():
        if identity in left:
            left[identity].add(seen)
        else:
            left[identity] = seen
    return left


def identity_codes(tokenizer: Tokenizer, cells: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return (rows, codes, identities): row `rows[i]` holds `identities[codes[i]]`.

    `rows` and `codes` are int64, rows ascending; `identities` are distinct strings, one of which may be null. A row
    appears once for each identity in its cell, and once with the null identity when there is none.
    """
    encoded = cells.dictionary_encode(null_encoding="encode")
    identified = tokenizer.identify(_without_withheld(encoded.dictionary))
    if not pa.types.is_list(identified.type):
        distinct = identified.dictionary_encode(null_encoding="encode")
        codes = distinct.indices.take(encoded.indices)
        return pa.array(np.arange(len(cells))), codes.cast(pa.int64()), distinct.dictionary
    per_row = _tidy(identified).take(encoded.indices)
    distinct = per_row.flatten().dictionary_encode(null_encoding="encode")
    return pc.list_parent_indices(per_row).cast(pa.int64()), distinct.indices.cast(pa.int64()), distinct.dictionary


def _without_withheld(cells: pa.Array) -> pa.Array:
    """Return the cells with null for those that were withheld, which name nobody."""
    if not pa.types.is_string(cells.type) or pc.index(cells, WITHHELD).as_py() < 0:
        return cells
    return pc.if_else(pc.equal(cells, WITHHELD), pa.scalar(None, cells.type), cells)


def _tidy(lists: pa.Array) -> pa.Array:
    """Return the lists with each value once, and with one null in those that are null or empty."""
    if pc.all(pc.equal(pc.fill_null(pc.list_value_length(lists), 0), 1)).as_py():
        return lists
    # Distinct cells only, and few: nothing is gained by a kernel here.
    return pa.array([list(dict.fromkeys(value or [None])) for value in lists.to_pylist()], lists.type)


@attrs.frozen
class Met:
    """Identities met in one batch: row `rows[i]` (of the batch) holds or mentions `identities[codes[i]]`."""

    rows: Codes
    codes: Codes
    identities: Sequence[Identity]
    spellings: Mapping[Identity, set[str]] = attrs.field(factory=dict)
    tentative: Set[Identity] = frozenset()
    """Those that were only met as guesses."""
    parents: Mapping[Identity, Set[str | None]] = attrs.field(factory=dict)
    """The parents of their mentions; None for a mention without one."""
    are_cells: bool = False


def survey(
    tokenizer: Tokenizer,
    columns: Sequence[str],
    texts: Sequence[TextColumn],
    keywords: KeywordSearch | None,
    roles: Roles,
    batch: pa.RecordBatch,
    first_row: int,
) -> KindSurvey:
    """Return the identities of the tokenizer's kind in one raw batch.

    `columns` are its own, the counted one first; `texts` are the text of the rows; `keywords` looks for its keywords.
    """
    found: KindSurvey = {}
    for place, column in enumerate(columns):
        met = _in_cells(tokenizer, batch.column(column), null_counts=place == 0)
        _note(found, met, first_row, counted=place == 0)
    affirmed = [_affirmed(found, tokenizer, said) for said in _mentions(tokenizer, texts, keywords, roles)]
    mentions = [_in_text(tokenizer, said) for said in affirmed if len(said.rows)]
    _note(found, _combined(mentions), first_row, counted=not columns)
    return found


def mentioned(tokenizer: Tokenizer, texts: Sequence[TextColumn], keywords: KeywordSearch | None, roles: Roles) -> Met:
    """Return the identities of the tokenizer's kind that the text of a batch mentions, without refuted mentions."""
    affirmed = [_affirmed({}, tokenizer, said) for said in _mentions(tokenizer, texts, keywords, roles)]
    return _combined([_in_text(tokenizer, said) for said in affirmed if len(said.rows)])


def _mentions(
    tokenizer: Tokenizer, texts: Sequence[TextColumn], keywords: KeywordSearch | None, roles: Roles
) -> list[Mentions]:
    return [
        said
        for text in texts
        for said in (
            text.mentions(
                partial(tokenizer.mentions, column=text.column, roles=roles),
                mention_separators(tokenizer, text.column, roles),
                tokenizer.whole_texts(text.column, roles),
            ),
            text.mentions(keywords, keywords.separators) if keywords else None,
        )
        if said is not None and len(said.rows)
    ]


def _in_cells(tokenizer: Tokenizer, cells: pa.Array, *, null_counts: bool) -> Met:
    rows, codes, identities = identity_codes(tokenizer, cells)
    met = Met(rows.to_numpy(), codes.to_numpy(), identities.to_pylist(), are_cells=True)
    if null_counts or not cells.null_count:
        return met
    filled = pc.is_valid(cells).to_numpy(zero_copy_only=False)[met.rows]
    return attrs.evolve(met, rows=met.rows[filled], codes=met.codes[filled])


def _affirmed(found: KindSurvey, tokenizer: Tokenizer, mentions: Mentions) -> Mentions:
    """Return the mentions that are not refuted; enter the others into `found`."""
    if mentions.refuted is None or not pc.any(mentions.refuted).as_py():
        return mentions
    refuted = mentions.refuted.to_numpy(zero_copy_only=False)
    names = mentions.spellings if mentions.identities is None else mentions.identities
    names = names.filter(pa.array(refuted)).unique()
    for name in (_whose(tokenizer, names) if mentions.identities is None else names).to_pylist():
        if name is not None:
            merge(found, {name: Seen(NEVER, is_tentative=True, is_refuted=True)})
    return mentions_at(mentions, pa.array(np.flatnonzero(~refuted)))


def _in_text(tokenizer: Tokenizer, mentions: Mentions) -> Met:
    encoded = mentions.spellings.dictionary_encode()
    if mentions.identities is None:
        whose = _whose(tokenizer, encoded.dictionary).dictionary_encode(null_encoding="encode")
        codes = whose.indices.take(encoded.indices).to_numpy().astype(np.int64)
        pairs: Iterable[tuple[int, int]] = enumerate(whose.indices.to_pylist())
    else:
        whose = mentions.identities.dictionary_encode()
        codes = whose.indices.to_numpy().astype(np.int64)
        pairs = _pairs(encoded.indices.to_numpy().astype(np.int64), codes, len(whose.dictionary))
    identities, texts = whose.dictionary.to_pylist(), encoded.dictionary.to_pylist()
    spellings: dict[Identity, set[str]] = {}
    for spelling, identity in pairs:
        spellings.setdefault(identities[identity], set()).add(texts[spelling])
    tentative = _guessed(mentions, codes, identities)
    parents = _parents(mentions, codes, identities)
    rows = mentions.rows.to_numpy()
    if None in identities:
        known = codes != identities.index(None)
        rows, codes = rows[known], codes[known]
    return Met(rows, codes, identities, spellings, tentative, parents)


def _parents(mentions: Mentions, codes: Codes, identities: Sequence[Identity]) -> Mapping[Identity, Set[str | None]]:
    if mentions.parents is None or mentions.parents.null_count == len(codes):
        return {}
    encoded = mentions.parents.dictionary_encode(null_encoding="encode")
    parents = encoded.dictionary.to_pylist()
    found: dict[Identity, set[str | None]] = {}
    for identity, parent in _pairs(codes, encoded.indices.to_numpy().astype(np.int64), len(parents)):
        found.setdefault(identities[identity], set()).add(parents[parent])
    return found


def _whose(tokenizer: Tokenizer, spellings: pa.Array) -> pa.Array:
    """Return the identity of each spelling; null for none."""
    identified = tokenizer.identify(spellings)
    if pa.types.is_list(identified.type):
        identified = pc.list_element(_tidy(identified), 0)
    return identified


def _pairs(left: Codes, right: Codes, width: int) -> Iterable[tuple[int, int]]:
    """Return each pair of a code of `left` and one of `right`, which are below `width`, once."""
    pairs = np.unique(left * width + right)
    return zip((pairs // width).tolist(), (pairs % width).tolist(), strict=True)


def _guessed(mentions: Mentions, codes: Codes, identities: Sequence[Identity]) -> Set[Identity]:
    """Return the identities of which no mention is sure."""
    if mentions.tentative is None:
        return frozenset()
    sure = set(codes[~mentions.tentative.to_numpy(zero_copy_only=False)].tolist())
    return {identity for code, identity in enumerate(identities) if code not in sure}


def _note(found: KindSurvey, met: Met, first_row: int, *, counted: bool) -> None:
    """Enter what was met into `found`, a row and an identity that come together more than once as one."""
    if not met.rows.size:
        return
    width = len(met.identities)
    rows, codes = distinct_pairs(met.rows, met.codes, width)
    counts = np.bincount(codes, minlength=width)
    first = np.full(width, -1, np.int64)
    # Of repeated indices NumPy keeps the last assignment: backwards, that is the first row.
    first[codes[::-1]] = rows[::-1]
    for identity, row, count in zip(met.identities, first.tolist(), counts.tolist(), strict=True):
        if count:
            parents = met.parents.get(identity, frozenset([None]))
            seen = Seen(
                first_row + row,
                count if counted else 0,
                set(met.spellings.get(identity, ())),
                identity in met.tentative,
                is_in_cells=met.are_cells,
                parents={parent for parent in parents if parent is not None},
                has_parents_alone=None not in parents,
            )
            merge(found, {identity: seen})


def distinct_pairs(rows: Codes, codes: Codes, width: int) -> tuple[Codes, Codes]:
    """Return each pair of a row and a code below `width` once, ordered by row and code."""
    if (rows[1:] > rows[:-1]).all():
        return rows, codes
    pairs = np.sort(rows * width + codes)
    pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))]
    return pairs // width, pairs % width


def _combined(mentions: Sequence[Met]) -> Met:
    """Return the mentions of several columns as one: an identity is tentative when it is so in all of them."""
    if not mentions:
        return Met(np.zeros(0, np.int64), np.zeros(0, np.int64), ())
    identities = list(dict.fromkeys(identity for met in mentions for identity in met.identities))
    place = {identity: n for n, identity in enumerate(identities)}
    spellings: dict[Identity, set[str]] = {}
    parents: dict[Identity, set[str | None]] = {}
    for met in mentions:
        for identity, spelled in met.spellings.items():
            spellings.setdefault(identity, set()).update(spelled)
        for identity in met.identities:
            parents.setdefault(identity, set()).update(met.parents.get(identity, (None,)))
    sure = {identity for met in mentions for identity in met.identities if identity not in met.tentative}
    codes = [np.array([place[identity] for identity in met.identities])[met.codes] for met in mentions]
    rows = np.concatenate([met.rows for met in mentions])
    return Met(rows, np.concatenate(codes), identities, spellings, set(identities) - sure, parents)
