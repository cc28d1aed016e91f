"""The variables of a batch's environments, in one column.

Nearly every environment is printable ASCII in one of HTCondor's own forms. Those are split column by column, both ways
where both may be meant, and no text of theirs ever becomes a Python object. The others are parsed one by one.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit_std.environment import parse_environment
from anonkit_std.plain_text import escape_column, is_printable
from anonkit_std.quotes import split_unquoted, unquoted
from anonkit_std.string_buffers import Ints, bytes_in_rows, heads

__all__ = ["NONE", "Garble", "Variables"]

NONE = "(none)"
"""Stands for the variables of an environment that has none."""

Garble = Callable[[pa.Array], pa.Array]
Rows = npt.NDArray[np.bool_]


@attrs.frozen(eq=False)
class Variables:
    """Variables as ``NAME=value``, escaped. Text in no known form counts as one without a name, and so does `NONE`."""

    texts: pa.Array
    rows: Ints
    """For each, the row that it belongs to."""
    names: Ints
    """For each, the bytes of its name; -1 when it has none."""

    @classmethod
    def of(cls, environments: pa.Array, garble: Garble) -> Variables:
        """Return the variables of each row (string), in row order, sorted by name without regard to case; one at least.

        The forms and the choice between them are those of `parse_environment`. What undoing quotes and escapes may have
        brought to light goes through `garble`.
        """
        size = len(environments)
        printable, quotes = _printable(environments), _count(environments, "'")
        new = cls._read(environments, printable & (quotes % 2 == 0), split_unquoted)
        old = cls._read(environments, printable & (quotes == 0) & (_count(environments, ";") > 0), _split_v1)
        in_old = np.bincount(old.rows, minlength=size) > np.bincount(new.rows, minlength=size)
        in_new = ~in_old & (np.bincount(new.rows, minlength=size) > 0)
        parsed = cls._parsed(environments, ~(in_old | in_new), garble)
        found = cls._joined([new._in(in_new)._unquoted(garble), old._in(in_old), *parsed])
        return found._take(found._order())

    @classmethod
    def _read(cls, environments: pa.Array, rows: Rows, split: Callable[[pa.Array], pa.Array]) -> Variables:
        """Return the variables of those of the rows that `split` cuts into nothing but variables, not yet unquoted."""
        lists = split(environments.filter(pa.array(rows)))
        owners = np.flatnonzero(rows)[pc.list_parent_indices(lists).to_numpy()]
        found = cls._named(lists.flatten(), owners)
        filled = pc.not_equal(pc.binary_length(found.texts), 0).to_numpy(zero_copy_only=False)
        found = found if filled.all() else found._take(np.flatnonzero(filled))
        bad = ~found._well_named()
        return found._in(np.bincount(found.rows[bad], minlength=len(rows)) == 0)

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
        named = cls._named(escape_column(garble(pa.array(texts, pa.string()))), np.array(owners, np.int64))
        unnamed = escape_column(pa.array(others.values(), pa.string()))
        return named, cls(unnamed, np.array([*others], np.int64), np.full(len(others), -1))

    @classmethod
    def _named(cls, texts: pa.Array, rows: Ints) -> Variables:
        return cls(texts, rows, pc.find_substring(texts, "=").to_numpy().astype(np.int64))

    @classmethod
    def _joined(cls, parts: list[Variables]) -> Variables:
        parts = [part for part in parts if len(part.rows)] or parts[:1]
        if len(parts) == 1:
            return parts[0]
        rows, names = np.concatenate([part.rows for part in parts]), np.concatenate([part.names for part in parts])
        return cls(pa.concat_arrays([part.texts for part in parts]), rows, names)

    def _take(self, places: Ints) -> Variables:
        return Variables(self.texts.take(pa.array(places)), self.rows[places], self.names[places])

    def _in(self, rows: Rows) -> Variables:
        kept = rows[self.rows]
        return self if kept.all() else self._take(np.flatnonzero(kept))

    def _unquoted(self, garble: Garble) -> Variables:
        quoted = _count(self.texts, "'") > 0
        if not quoted.any():
            return self
        texts = escape_column(garble(unquoted(self.texts.filter(pa.array(quoted)))))
        return self._named(pc.replace_with_mask(self.texts, pa.array(quoted), texts), self.rows)

    def _distinct_names(self) -> tuple[pa.Array, Ints]:
        names = heads(self.texts, np.maximum(self.names, 0)).dictionary_encode()
        return names.dictionary, names.indices.to_numpy().astype(np.int64)

    def _well_named(self) -> Rows:
        # A quoted name may be good: what it is shows only without its quotes, and the parser undoes them.
        names, which = self._distinct_names()
        return np.take(pc.match_substring_regex(names, """^[^ ;'"]+$""").to_numpy(zero_copy_only=False), which)

    def _order(self) -> Ints:
        names, which = self._distinct_names()
        folded = [name.casefold() for name in names.to_pylist()]
        ranks = {name: rank for rank, name in enumerate(sorted(set(folded)))}
        rank_of = np.array([ranks[name] for name in folded], np.int64)
        return np.argsort(self.rows * len(ranks) + rank_of[which], kind="stable")


def _printable(environments: pa.Array) -> Rows:
    """Return which rows are printable ASCII, and not JSON or null."""
    json_or_null = pc.fill_null(pc.match_substring_regex(environments, r"^ *[{\[]"), True)
    printable = is_printable(environments)
    printable[json_or_null.to_numpy(zero_copy_only=False)] = False
    return printable


def _count(texts: pa.Array, character: str) -> Ints:
    return bytes_in_rows(texts, lambda data: data == ord(character))


def _split_v1(texts: pa.Array) -> pa.Array:
    lists = pc.split_pattern(texts, ";")
    return pa.ListArray.from_arrays(lists.offsets, pc.ascii_ltrim(lists.flatten(), " "))
