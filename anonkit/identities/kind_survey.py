"""The survey of one kind: the facts about each identity in some rows. Surveys of two parts of the rows are merged."""

from __future__ import annotations

import attrs

from anonkit.plugin.contracts import Evidence

__all__ = ["NEVER", "Identity", "IdentityFacts", "KindSurvey", "merge"]

Identity = str | None
"""An identity in its normal form; None is the null identity, which counts the rows without one."""

NEVER = 2**63 - 1
"""The first row of a name that appeared only in refuted mentions (`Mentions.refuted`)."""


@attrs.define
class IdentityFacts:
    """The facts that a survey of some rows has found about one identity."""

    first_row: int
    """Global number of the first row that holds it, in a column or in text."""
    count: int = 0
    """Rows with it in the counted column; rows that mention it, when its kind has no column."""
    spellings: set[str] = attrs.field(factory=set)
    """Its spellings in text."""
    is_tentative: bool = False
    """Whether all its mentions are tentative (`Mentions.tentative`) and no cell is this identity."""
    is_refuted: bool = False
    """Whether a mention shows that it is not an identity (`Mentions.refuted`)."""
    is_in_cells: bool = False
    """Whether a cell of an identity column is this identity."""
    parents: set[str] = attrs.field(factory=set)
    """The parents of its mentions (`Mentions.parents`)."""
    has_parents_alone: bool = False
    """Whether each of its mentions has a parent."""

    @property
    def evidence(self) -> Evidence:
        """The facts for `Tokenizer.reconcile`."""
        parents = self.parents if self.has_parents_alone else frozenset[str]()
        return Evidence(self.spellings, self.is_tentative, self.is_refuted, parents, self.is_in_cells)

    def add(self, other: IdentityFacts) -> None:
        """Add the facts that other rows have about the same identity."""
        self.count += other.count
        self.spellings |= other.spellings
        # A name that was only refuted has no mention that could lack a parent.
        self.has_parents_alone = (self.has_parents_alone or self.first_row == NEVER) and (
            other.has_parents_alone or other.first_row == NEVER
        )
        self.first_row = min(self.first_row, other.first_row)
        self.is_tentative &= other.is_tentative
        self.is_refuted |= other.is_refuted
        self.is_in_cells |= other.is_in_cells
        self.parents |= other.parents


KindSurvey = dict[Identity, IdentityFacts]
"""The identities of one kind in some rows, with the facts about each."""


def merge(left: KindSurvey, right: KindSurvey) -> KindSurvey:
    """Return the survey of the rows of both; changes `left`."""
    for identity, facts in right.items():
        if identity in left:
            left[identity].add(facts)
        else:
            left[identity] = facts
    return left
