"""The variables of a batch's environments, in one column.

Nearly every environment is in one of HTCondor's own forms, without control characters. Those are split column by
column, both ways where both may be meant. The others are parsed one by one.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit_std.environment import parse_environment
from anonkit_std.plain_text import escape_column
from anonkit_std.quotes import outside, unquoted
from anonkit_std.string_buffers import (
    Ints,
    bytes_in_rows,
    cut_behind,
    heads,
    offsets_of,
    places_of,
    ranges,
    rows_of,
    totals_before,
)

__all__ = ["NONE", "Garble", "Variables"]

NONE = "(none)"
"""Stands for the variables of an environment that has none."""

Garble = Callable[[pa.Array], pa.Array]
Rows = npt.NDArray[np.bool_]


@attrs.frozen(eq=False)
class Variables:
    """Variables of some rows.

    Jobs of one submission share nearly all of theirs, so each text is there, and is worked on, once.
    """

    texts: pa.Array
    """``NAME=value``, escaped. Text in no known form counts as one without a name, and so does `NONE`."""
    names: Ints
    """For each text, the bytes of its name; -1 when it has none."""
    which: Ints
    """For each variable, the position of its text."""
    rows: Ints
    """For each variable, the row that it belongs to."""

    @classmethod
    def of(cls, environments: pa.Array, garble: Garble) -> Variables:
        """Return the variables of each row (string), in row order, sorted by name without regard to case; one at least.

        The forms and the choice between them are those of `parse_environment`. What undoing quotes and escapes may have
        brought to light goes through `garble`.
        """
        size = len(environments)
        texts = pc.fill_null(environments, "")
        quotes = places_of(texts, "'")
        quoted = rows_of(texts, quotes)
        counts = np.bincount(quoted, minlength=size)
        even = counts % 2 == 0
        entries = cls._cut(texts, outside(places_of(texts, " "), quotes[even[quoted]]), " ")
        simple = ~entries._rows_with(size, lambda data: data < ord(" "))
        new_sizes = entries._sizes(size) * (simple & even & entries._well_named(size))
        old = cls._old(texts, simple & (counts == 0) & entries._rows_with(size, lambda data: data == ord(";")))
        in_old = old._sizes(size) > new_sizes
        in_new = ~in_old & (new_sizes > 0)
        parsed = cls._parsed(environments, ~(in_old | in_new), garble)
        return cls._joined([entries._in(in_new)._shown(garble), old._in(in_old)._shown(garble), *parsed])._in_order()

    @classmethod
    def _old(cls, environments: pa.Array, rows: Rows) -> Variables:
        """Return the variables of those of the rows that can be read in the old form."""
        chosen = environments.filter(pa.array(rows))
        found = cls._cut(chosen, places_of(chosen, ";"), ";")
        found = attrs.evolve(found, rows=np.flatnonzero(rows)[found.rows])
        return found._in(found._well_named(len(rows)))

    @classmethod
    def _cut(cls, environments: pa.Array, places: Ints, separator: str) -> Variables:
        """Return what is between separators, and is not empty, still quoted and not escaped."""
        pieces, owners = cut_behind(environments, places)
        encoded = pieces.dictionary_encode()
        texts = pc.ascii_ltrim(pc.ascii_rtrim(encoded.dictionary, separator), " ")
        which = encoded.indices.to_numpy()
        filled = np.diff(offsets_of(texts)) > 0
        return cls._named(texts, which, owners)._at(filled[which])

    @classmethod
    def _parsed(cls, environments: pa.Array, rows: Rows, garble: Garble) -> tuple[Variables, Variables]:
        texts: list[str] = []
        owners: list[int] = []
        others: dict[int, str] = {}
        chosen = environments.filter(pa.array(rows)).to_pylist()
        for row, text in zip(np.flatnonzero(rows).tolist(), chosen, strict=True):
            variables = parse_environment(text) if text else []
            if variables:
                # In one piece, because a handle may hold an equals sign.
                texts += [f"{name}={value}" for name, value in variables]
                owners += [row] * len(variables)
            else:
                others[row] = text if variables is None else NONE
        garbled = escape_column(garble(pa.array(texts, pa.string())))
        named = cls._named(garbled, np.arange(len(texts)), np.array(owners, np.int64))
        unnamed = escape_column(pa.array(others.values(), pa.string()))
        positions = np.arange(len(others))
        return named, cls(unnamed, np.full(len(others), -1), positions, np.array([*others], np.int64))

    @classmethod
    def _named(cls, texts: pa.Array, which: Ints, rows: Ints) -> Variables:
        return cls(texts, pc.find_substring(texts, "=").to_numpy().astype(np.int64), which, rows)

    @classmethod
    def _joined(cls, parts: list[Variables]) -> Variables:
        before = totals_before(np.array([len(part.texts) for part in parts]))
        return cls(
            pa.concat_arrays([part.texts for part in parts]),
            np.concatenate([part.names for part in parts]),
            np.concatenate([first + part.which for first, part in zip(before[:-1], parts, strict=True)]),
            np.concatenate([part.rows for part in parts]),
        )

    def _at(self, places: Ints | Rows) -> Variables:
        return attrs.evolve(self, which=self.which[places], rows=self.rows[places])

    def _in(self, rows: Rows) -> Variables:
        return self if rows.all() else self._at(rows[self.rows])

    def _shown(self, garble: Garble) -> Variables:
        texts, quoted = self.texts, _count(self.texts, "'") > 0
        if quoted.any():
            revealed = garble(unquoted(texts.filter(pa.array(quoted))))
            texts = pc.replace_with_mask(texts, pa.array(quoted), revealed)
        return self._named(escape_column(texts), self.which, self.rows)

    def _distinct_names(self) -> tuple[pa.Array, Ints]:
        names = heads(self.texts, np.maximum(self.names, 0)).dictionary_encode()
        return names.dictionary, names.indices.to_numpy()

    def _rows_with(self, size: int, wanted: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.bool_]]) -> Rows:
        """Return which of so many rows have a variable with bytes that are wanted."""
        return self._rows_of(size, bytes_in_rows(self.texts, wanted) > 0)

    def _rows_of(self, size: int, texts: npt.NDArray[np.bool_]) -> Rows:
        held = np.zeros(size, np.bool_)
        if texts.any():
            held[self.rows[texts[self.which]]] = True
        return held

    def _sizes(self, size: int) -> Ints:
        """Return the number of variables of each of so many rows."""
        return np.bincount(self.rows, minlength=size)

    def _well_named(self, size: int) -> Rows:
        """Return which of so many rows have no variable with a bad name, or none.

        A quoted name may be good: what it is shows only without its quotes, and the parser undoes them. So it is with
        JSON: wherever it has an equals sign, there are quotes before it.
        """
        names, which = self._distinct_names()
        bad = np.invert(pc.match_substring_regex(names, """^[^ ;'"]+$""").to_numpy(zero_copy_only=False))
        return ~self._rows_of(size, bad[which])

    def _in_order(self) -> Variables:
        """Return the same by row, those of a row by name, without regard to case."""
        names, which = self._distinct_names()
        folded = [name.casefold() for name in names.to_pylist()]
        ranks = {name: rank for rank, name in enumerate(sorted(set(folded)))}
        rank_of = np.array([ranks[name] for name in folded], np.int32)[which]
        by_row = self._at(np.argsort(self.rows, kind="stable"))
        return by_row._at(_sorted_in_rows(rank_of[by_row.which], np.bincount(by_row.rows)))


def _sorted_in_rows(ranks: npt.NDArray[np.int32], sizes: Ints) -> Ints:
    """Return the order that sorts each run of ranks, of which `sizes` are the lengths; equal ones stay as they are.

    Rows mostly have the variables of other rows, in the same order: each such pattern is sorted once.
    """
    first = totals_before(sizes)
    ends = pa.py_buffer((first * ranks.itemsize).astype(np.int32))
    patterns = pa.Array.from_buffers(pa.binary(), len(sizes), [None, ends, pa.py_buffer(ranks)]).dictionary_encode()
    pattern = patterns.indices.to_numpy()
    _, examples = np.unique(pattern, return_index=True)
    held = sizes[examples]
    begins = totals_before(held)
    shown = ranks[ranges(first[examples], held)]
    owners = np.repeat(np.arange(len(held)), held)
    within = np.lexsort((shown, owners)) - begins[owners]
    return np.repeat(first[:-1], sizes) + within[ranges(begins[pattern], sizes)]


def _count(texts: pa.Array, character: str) -> Ints:
    return bytes_in_rows(texts, lambda data: data == ord(character))
