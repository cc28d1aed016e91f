"""What tokenizers make of all that a run has met."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from fakes import Handles

from anonkit.api import Evidence
from anonkit.identities.kind_survey import NEVER, IdentityFacts, KindSurvey, merge
from anonkit.identities.reconciling import reconcile


class Knowing(Handles):
    """Changes what it was given."""

    changes: Mapping[str, str | None] = {}

    def reconcile(
        self, met: Mapping[str, Evidence], others: Mapping[str, AbstractSet[str]]
    ) -> Mapping[str, str | None]:
        return self.changes


def reconciled(changes: Mapping[str, str | None], survey: KindSurvey) -> KindSurvey:
    class Changing(Knowing):
        pass

    Changing.changes = changes
    found: dict[str, KindSurvey] = {"user": survey}
    reconcile([Changing()], found)
    return found["user"]


def seen(first_row: int, **known: Any) -> IdentityFacts:
    return IdentityFacts(first_row, **known)


def test_refuted_names_are_dropped_and_other_names_become_spellings() -> None:
    found = reconciled({"group": None, "anna": "annak"}, {"group": seen(0), "anna": seen(1), "annak": seen(4, count=2)})
    assert found == {"annak": IdentityFacts(1, 2, {"anna"})}


def test_what_a_cell_holds_stays() -> None:
    survey = {"anna": seen(1, is_in_cells=True), "annak": seen(0)}
    assert set(reconciled({"anna": "annak", "annak": "anna"}, dict(survey))) == {"anna", "annak"}
    assert set(reconciled({"anna": None}, dict(survey))) == {"anna", "annak"}


def test_a_name_that_was_only_refuted_is_no_identity() -> None:
    assert reconciled({}, {"group": seen(NEVER, is_refuted=True, is_tentative=True)}) == {}


def test_tentative_names_that_are_refuted_are_none_by_default() -> None:
    refuted = {"group": seen(NEVER, is_refuted=True, is_tentative=True), "annak": seen(0)}
    found: dict[str, KindSurvey] = {"user": merge({"group": seen(3, is_tentative=True), "annak": seen(2)}, refuted)}
    reconcile([Handles()], found)
    assert set(found["user"]) == {"annak"}


def test_parents_count_where_each_mention_has_one() -> None:
    below, alone = seen(1, parents={"x"}, has_parents_alone=True), seen(2)
    assert below.evidence.parents == {"x"}
    below.add(seen(NEVER, is_refuted=True, is_tentative=True))
    assert below.evidence.parents == {"x"}
    below.add(alone)
    assert below.evidence.parents == frozenset()
