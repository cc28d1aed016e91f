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
from anonkit_std.quotes import places_outside, unquoted
from anonkit_std.string_buffers import (
    Ints,
    bytes_in_rows,
    cut_behind,
    data_of,
    heads,
    offsets_of,
    ranges,
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
        simple, quotes = _simple(environments), _count(environments, "'")
        new = cls._read(environments, simple & (quotes % 2 == 0), " ")
        old = cls._read(environments, simple & (quotes == 0) & (_count(environments, ";") > 0), ";")
        in_old = np.bincount(old.rows, minlength=size) > np.bincount(new.rows, minlength=size)
        in_new = ~in_old & (np.bincount(new.rows, minlength=size) > 0)
        parsed = cls._parsed(environments, ~(in_old | in_new), garble)
        return cls._joined([new._in(in_new)._shown(garble), old._in(in_old)._shown(garble), *parsed])._in_order()

    @classmethod
    def _read(cls, environments: pa.Array, rows: Rows, separator: str) -> Variables:
        """Return the variables of those of the rows that hold nothing else, still quoted and not escaped."""
        chosen = environments if rows.all() else environments.filter(pa.array(rows))
        pieces, owners = cut_behind(chosen, places_outside(chosen, separator))
        encoded = pieces.dictionary_encode()
        texts = pc.ascii_ltrim(pc.ascii_rtrim(encoded.dictionary, separator), " ")
        found = cls._named(texts, encoded.indices.to_numpy(), np.flatnonzero(rows)[owners])
        empty = pc.equal(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
        bad = found.rows[(~found._well_named() & ~empty)[found.which]]
        good = np.bincount(bad, minlength=len(rows)) == 0
        return found._at(~empty[found.which])._in(good)

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

    def _well_named(self) -> Rows:
        # A quoted name may be good: what it is shows only without its quotes, and the parser undoes them.
        names, which = self._distinct_names()
        return np.take(pc.match_substring_regex(names, """^[^ ;'"]+$""").to_numpy(zero_copy_only=False), which)

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


def _simple(environments: pa.Array) -> Rows:
    """Return which rows have no control characters, and are not JSON or null."""
    simple = np.equal(bytes_in_rows(environments, lambda data: data < ord(" ")), 0)
    simple &= pc.is_valid(environments).to_numpy(zero_copy_only=False)
    simple[_json(environments)] = False
    return simple


def _json(environments: pa.Array) -> Ints:
    """Return the rows that begin like JSON, which may have blanks before it."""
    begins = offsets_of(environments)
    filled = np.flatnonzero(np.diff(begins))
    likely = filled[np.isin(data_of(environments)[begins[filled]], np.frombuffer(b" {[", np.uint8))]
    found = pc.match_substring_regex(environments.take(pa.array(likely)), r"^ *[{\[]")
    rows: Ints = likely[pc.fill_null(found, False).to_numpy(zero_copy_only=False)]
    return rows


def _count(texts: pa.Array, character: str) -> Ints:
    return bytes_in_rows(texts, lambda data: data == ord(character))
