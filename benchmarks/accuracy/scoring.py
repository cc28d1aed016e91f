"""Recall and precision by shape: of mentions that are gone as a whole, of replacements that touch nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

import attrs

from benchmarks.accuracy.alignment import Replaced
from benchmarks.accuracy.labels import Cell, Label

__all__ = ["Score", "by_kind", "by_shape", "total"]


@attrs.define
class Score:
    """What was counted. `strange` are texts that changed otherwise than by replacements."""

    mentions: int = 0
    found: int = 0
    replacements: int = 0
    right: int = 0
    strange: int = 0

    @property
    def recall(self) -> float:
        """The share of mentions of which no character is left."""
        return self.found / self.mentions if self.mentions else 1.0

    @property
    def precision(self) -> float:
        """The share of replacements that took only what belongs to a mention."""
        return self.right / self.replacements if self.replacements else 1.0

    @property
    def perfect(self) -> bool:
        """Whether all is found, nothing else replaced and nothing else changed."""
        return self.found == self.mentions and self.right == self.replacements and not self.strange

    def __add__(self, other: Score) -> Score:
        return Score(*(mine + its for mine, its in zip(attrs.astuple(self), attrs.astuple(other), strict=True)))


Results = Sequence[tuple[Cell, Sequence[Replaced] | None]]


def by_shape(results: Results) -> dict[str, Score]:
    """Return a score for each shape, in the order in which they are met."""
    scores: dict[str, Score] = {}
    for cell, replaced in results:
        scores[cell.shape] = scores.get(cell.shape, Score()) + _score(cell, replaced, cell.labels)
    return scores


def by_kind(results: Results) -> dict[str, Score]:
    """Return recall for each kind of identity; replacements count for the kind of the mention that they touch."""
    scores: dict[str, Score] = {}
    for cell, replaced in results:
        for kind in dict.fromkeys(label.kind for label in cell.labels):
            labels = [label for label in cell.labels if label.kind == kind]
            touching = replaced and [
                one for one in replaced if any(label.start < one.end and one.start < label.end for label in labels)
            ]
            scores[kind] = scores.get(kind, Score()) + _score(cell, touching, labels)
    return scores


def total(scores: Mapping[str, Score] | Iterable[Score]) -> Score:
    """Return the sum."""
    parts = scores.values() if isinstance(scores, Mapping) else scores
    return sum(parts, Score())


def _score(cell: Cell, replaced: Sequence[Replaced] | None, wanted: Sequence[Label]) -> Score:
    if replaced is None:
        return Score(mentions=len(wanted), strange=1)
    gone = {place for one in replaced for place in range(one.start, one.end)}
    found = sum(_is_gone(cell, gone, label) for label in wanted)
    right = sum(_is_right(cell, one) for one in replaced)
    return Score(len(wanted), found, len(replaced), right, 0)


def _is_gone(cell: Cell, gone: Set[int], label: Label) -> bool:
    return all(place in gone or not cell.text[place].isalnum() for place in range(label.start, label.end))


def _is_right(cell: Cell, one: Replaced) -> bool:
    labels = [label for label in cell.labels if label.start < one.end and one.start < label.end]
    optional = [span for span in cell.optional if span[0] < one.end and one.start < span[1]]
    allowed = {place for label in labels for place in range(label.start, label.end)}
    allowed |= {place for first, last in optional for place in range(first, last)}
    whole = all(place in allowed or not cell.text[place].isalnum() for place in range(one.start, one.end))
    return whole and bool(labels or optional)
