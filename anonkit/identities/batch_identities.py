"""The identities of one kind in the cells and in the mentions of a batch, as arrays of rows and codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.identities.kind_survey import Identity
from anonkit.plugin.contracts import Mentions, Tokenizer
from anonkit.withheld import WITHHELD

__all__ = [
    "BatchIdentities",
    "combine",
    "distinct_pairs",
    "identities_in_cells",
    "identities_in_mentions",
    "identities_of_spellings",
    "identity_codes",
]

Codes = npt.NDArray[np.int64]


@attrs.frozen
class BatchIdentities:
    """Identities in a batch: its row `rows[i]` holds or mentions `identities[codes[i]]`."""

    rows: Codes
    codes: Codes
    identities: Sequence[Identity]
    spellings: Mapping[Identity, set[str]] = attrs.field(factory=dict)
    tentative: Set[Identity] = frozenset()
    """Identities with tentative mentions alone."""
    parents: Mapping[Identity, Set[str | None]] = attrs.field(factory=dict)
    """The parents of their mentions; None for a mention without one."""
    are_cells: bool = False
    """Whether they are cells of an identity column, not mentions."""


def identity_codes(tokenizer: Tokenizer, cells: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return (rows, codes, identities): row `rows[i]` holds `identities[codes[i]]`.

    `rows` and `codes` are int64, rows ascending; `identities` are distinct strings, one of which may be null. A row
    appears once for each identity in its cell, and once with the null identity when the cell has none.
    """
    encoded = cells.dictionary_encode(null_encoding="encode")
    identified = tokenizer.identify(_without_withheld(encoded.dictionary))
    if not pa.types.is_list(identified.type):
        distinct = identified.dictionary_encode(null_encoding="encode")
        codes = distinct.indices.take(encoded.indices)
        return pa.array(np.arange(len(cells))), codes.cast(pa.int64()), distinct.dictionary
    per_row = _distinct_in_lists(identified).take(encoded.indices)
    distinct = per_row.flatten().dictionary_encode(null_encoding="encode")
    return pc.list_parent_indices(per_row).cast(pa.int64()), distinct.indices.cast(pa.int64()), distinct.dictionary


def _without_withheld(cells: pa.Array) -> pa.Array:
    """Return the cells with null instead of the placeholder of withheld ones, which is not an identity."""
    if not pa.types.is_string(cells.type) or pc.index(cells, WITHHELD).as_py() < 0:
        return cells
    return pc.if_else(pc.equal(cells, WITHHELD), pa.scalar(None, cells.type), cells)


def _distinct_in_lists(lists: pa.Array) -> pa.Array:
    """Return the lists with each value once; a null or empty list becomes one null."""
    if pc.all(pc.equal(pc.fill_null(pc.list_value_length(lists), 0), 1)).as_py():
        return lists
    # These are distinct cells, and few: a kernel gains nothing here.
    return pa.array([list(dict.fromkeys(value or [None])) for value in lists.to_pylist()], lists.type)


def identities_in_cells(tokenizer: Tokenizer, cells: pa.Array, *, null_counts: bool) -> BatchIdentities:
    """Return the identities in an identity column; `null_counts` says whether null cells are the null identity."""
    rows, codes, identities = identity_codes(tokenizer, cells)
    found = BatchIdentities(rows.to_numpy(), codes.to_numpy(), identities.to_pylist(), are_cells=True)
    if null_counts or not cells.null_count:
        return found
    filled = pc.is_valid(cells).to_numpy(zero_copy_only=False)[found.rows]
    return attrs.evolve(found, rows=found.rows[filled], codes=found.codes[filled])


def identities_in_mentions(tokenizer: Tokenizer, mentions: Mentions) -> BatchIdentities:
    """Return the identities that mentions name; mentions of no identity are left out."""
    encoded = mentions.spellings.dictionary_encode()
    if mentions.identities is None:
        named = identities_of_spellings(tokenizer, encoded.dictionary).dictionary_encode(null_encoding="encode")
        codes = named.indices.take(encoded.indices).to_numpy().astype(np.int64)
        pairs: Iterable[tuple[int, int]] = enumerate(named.indices.to_pylist())
    else:
        named = mentions.identities.dictionary_encode()
        codes = named.indices.to_numpy().astype(np.int64)
        pairs = _unordered_pairs(encoded.indices.to_numpy().astype(np.int64), codes, len(named.dictionary))
    identities, texts = named.dictionary.to_pylist(), encoded.dictionary.to_pylist()
    spellings: dict[Identity, set[str]] = {}
    for spelling, identity in pairs:
        spellings.setdefault(identities[identity], set()).add(texts[spelling])
    tentative = _tentative(mentions, codes, identities)
    parents = _parents(mentions, codes, identities)
    rows = mentions.rows.to_numpy()
    if None in identities:
        known = codes != identities.index(None)
        rows, codes = rows[known], codes[known]
    return BatchIdentities(rows, codes, identities, spellings, tentative, parents)


def identities_of_spellings(tokenizer: Tokenizer, spellings: pa.Array) -> pa.Array:
    """Return the identity of each spelling (string); null for a spelling of none."""
    identified = tokenizer.identify(spellings)
    if pa.types.is_list(identified.type):
        identified = pc.list_element(_distinct_in_lists(identified), 0)
    return identified


def _tentative(mentions: Mentions, codes: Codes, identities: Sequence[Identity]) -> Set[Identity]:
    """Return the identities with tentative mentions alone."""
    if mentions.tentative is None:
        return frozenset()
    certain = set(codes[~mentions.tentative.to_numpy(zero_copy_only=False)].tolist())
    return {identity for code, identity in enumerate(identities) if code not in certain}


def _parents(mentions: Mentions, codes: Codes, identities: Sequence[Identity]) -> Mapping[Identity, Set[str | None]]:
    if mentions.parents is None or mentions.parents.null_count == len(codes):
        return {}
    encoded = mentions.parents.dictionary_encode(null_encoding="encode")
    parents = encoded.dictionary.to_pylist()
    found: dict[Identity, set[str | None]] = {}
    for identity, parent in _unordered_pairs(codes, encoded.indices.to_numpy().astype(np.int64), len(parents)):
        found.setdefault(identities[identity], set()).add(parents[parent])
    return found


def _unordered_pairs(left: Codes, right: Codes, width: int) -> Iterable[tuple[int, int]]:
    """Return each pair `(left[i], right[i])` once; the codes in `right` are below `width`."""
    pairs = np.unique(left * width + right)
    return zip((pairs // width).tolist(), (pairs % width).tolist(), strict=True)


def distinct_pairs(rows: Codes, codes: Codes, width: int) -> tuple[Codes, Codes]:
    """Return each pair of a row and a code once, ordered by row and code; the codes are below `width`."""
    if (rows[1:] > rows[:-1]).all():
        return rows, codes
    pairs = np.sort(rows * width + codes)
    pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))]
    return pairs // width, pairs % width


def combine(parts: Sequence[BatchIdentities]) -> BatchIdentities:
    """Return the mentions of several columns as one; an identity is tentative when it is so in every column."""
    if not parts:
        return BatchIdentities(np.zeros(0, np.int64), np.zeros(0, np.int64), ())
    identities = list(dict.fromkeys(identity for part in parts for identity in part.identities))
    position = {identity: place for place, identity in enumerate(identities)}
    spellings: dict[Identity, set[str]] = {}
    parents: dict[Identity, set[str | None]] = {}
    for part in parts:
        for identity, spelled in part.spellings.items():
            spellings.setdefault(identity, set()).update(spelled)
        for identity in part.identities:
            parents.setdefault(identity, set()).update(part.parents.get(identity, (None,)))
    certain = {identity for part in parts for identity in part.identities if identity not in part.tentative}
    codes = [np.array([position[identity] for identity in part.identities])[part.codes] for part in parts]
    rows = np.concatenate([part.rows for part in parts])
    return BatchIdentities(rows, np.concatenate(codes), identities, spellings, set(identities) - certain, parents)
