"""Mentions of users as they are found, in arrays or one by one."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple, Protocol

import attrs
import numpy as np
import pyarrow as pa

from anonkit.api import Mentions
from anonkit.arrow.offsets import Positions
from anonkit_std.tokenizers.finding.folders import Person

__all__ = ["MentionList"]


class _Filter(Protocol):
    def __call__(self, spelling: str, identity: str, *, is_tentative: bool, parent: str | None) -> bool:
        """Return whether a name may be an identity."""


class _Name(NamedTuple):
    """Everything about a mention but for its row."""

    spelling: str
    identity: str
    is_tentative: bool = False
    is_refuted: bool = False
    parent: str | None = None


@attrs.define
class MentionList:
    """Mentions by row; each distinct one is stored once."""

    names: dict[_Name, int] = attrs.field(factory=dict)
    rows: list[Positions] = attrs.field(factory=list)
    codes: list[Positions] = attrs.field(factory=list)
    pairs: array[int] = attrs.field(factory=partial(array, "q"))
    """Row and code of one mention after the other; there may be a million."""

    def add(self, row: int, spelling: str, identity: str, *, is_tentative: bool = False) -> None:
        """Add one mention."""
        self.pairs.extend((row, self._code(_Name(spelling, identity, is_tentative))))

    def refute(self, row: int, name: str) -> None:
        """Add that a name is not a person's, unless it is certain elsewhere."""
        self.pairs.extend((row, self._code(_Name(name, name, is_tentative=True, is_refuted=True))))

    def add_array(self, rows: Positions, handles: pa.Array, *, is_tentative: bool = False) -> None:
        """Add handles (string, no nulls), each at a row."""
        encoded = handles.dictionary_encode()
        distinct = [_Name(handle, handle, is_tentative) for handle in encoded.dictionary.to_pylist()]
        self._add(rows, encoded.indices.to_numpy().astype(np.int64), distinct)

    def add_people(self, rows: Positions, codes: Positions, people: Sequence[Person]) -> None:
        """Add names found in paths, `people[codes[i]]` at `rows[i]`, and those with first letters above them."""
        self._add(
            rows,
            codes,
            [_Name(person.handle, person.handle, True, person.is_group, person.parent) for person in people],
        )
        have_initials = np.array([bool(person.initials) for person in people], np.bool_)
        if have_initials.any():
            chosen = have_initials[codes]
            self._add(
                rows[chosen], codes[chosen], [_Name(person.below_initials, person.handle, True) for person in people]
            )

    def mentions(self, is_wanted: _Filter) -> Mentions:
        """Return the mentions of wanted identities, and those that are refuted."""
        rows, codes = self._concatenated()
        names = list(self.names)
        wanted = np.array(
            [
                name.is_refuted
                or is_wanted(name.spelling, name.identity, is_tentative=name.is_tentative, parent=name.parent)
                for name in names
            ],
            np.bool_,
        )
        chosen = wanted[codes] if names else np.zeros(0, np.bool_)
        which = pa.array(codes[chosen])
        return Mentions(
            pa.array(rows[chosen]),
            pa.array([name.spelling for name in names], pa.string()).take(which),
            pa.array([name.identity for name in names], pa.string()).take(which),
            pa.array([name.is_tentative for name in names], pa.bool_()).take(which),
            pa.array([name.is_refuted for name in names], pa.bool_()).take(which),
            pa.array([name.parent for name in names], pa.string()).take(which),
        )

    def _add(self, rows: Positions, codes: Positions, distinct: Iterable[_Name]) -> None:
        own = np.array([self._code(name) for name in distinct], np.int64)
        self.rows.append(rows)
        self.codes.append(own[codes] if own.size else codes)

    def _code(self, name: _Name) -> int:
        return self.names.setdefault(name, len(self.names))

    def _concatenated(self) -> tuple[Positions, Positions]:
        pairs = np.array(self.pairs, np.int64).reshape(-1, 2)
        return np.concatenate([*self.rows, pairs[:, 0]]), np.concatenate([*self.codes, pairs[:, 1]])
