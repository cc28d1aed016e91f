"""`order = "shuffled"`: numbers tell nothing of who came first, in a new mapping and in one that is continued."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from fakes import Handles

from anonkit.engine.token_numbers import number_identities
from anonkit.identities.kind_survey import Identity, IdentityFacts, KindSurvey
from anonkit.identities.token_table import KindTable
from anonkit.mapping import KindMapping, Mapping

MANY = 2000
# Of numbers at random the coefficient has mean 0 and deviation 1 / sqrt(n - 1): beyond six of these it comes once in
# 500 million tests.
BOUND = 6 / math.sqrt(MANY - 1)


def met(prefix: str) -> KindSurvey:
    """Many identities, each first seen in a row of its own; their names sort otherwise."""
    rows = np.random.default_rng(7).permutation(MANY).tolist()
    return {f"{prefix}{place:05}": IdentityFacts(first_row=row, count=1) for place, row in enumerate(rows)}


def numbered(survey: KindSurvey, mapping: Mapping | None, *, shuffled: bool) -> KindTable:
    return number_identities([Handles()], {"user": survey}, mapping, shuffled=shuffled)["user"]


def rank_correlation(survey: KindSurvey, table: KindTable) -> float:
    """Spearman's coefficient of first appearance and number; neither has ties."""
    of = dict(zip(table.identities, table.numbers, strict=True))
    names: list[Identity] = list(survey)
    rows = np.argsort(np.argsort([survey[one].first_row for one in names]))
    numbers = np.argsort(np.argsort([of[one] for one in names]))
    return float(np.corrcoef(rows, numbers)[0, 1])


def known() -> Mapping:
    """A mapping that many are in already, and in which a high number is retired."""
    numbers: dict[Identity, int] = {f"old{number}": number for number in range(1, 501)}
    return Mapping(Path("mapping.json"), {"user": KindMapping("UR", "UR_", numbers, frozenset({900}))}, b"", "0" * 32)


@pytest.mark.parametrize("mapping", [None, known()], ids=["new", "continued"])
def test_shuffled_numbers_do_not_follow_the_first_appearance(mapping: Mapping | None) -> None:
    survey = met("new")
    assert abs(rank_correlation(survey, numbered(survey, mapping, shuffled=True))) < BOUND


@pytest.mark.parametrize("mapping", [None, known()], ids=["new", "continued"])
def test_the_bound_separates_ordered_from_shuffled_numbers(mapping: Mapping | None) -> None:
    survey = met("new")
    assert rank_correlation(survey, numbered(survey, mapping, shuffled=False)) == pytest.approx(1)


@pytest.mark.parametrize("shuffled", [False, True])
def test_new_numbers_are_above_all_ever_given(shuffled: bool) -> None:
    table = numbered(met("new"), known(), shuffled=shuffled)
    assert sorted(table.numbers) == list(range(901, 901 + MANY))


def test_two_runs_number_differently() -> None:
    survey = met("new")
    assert numbered(survey, None, shuffled=True).identities != numbered(survey, None, shuffled=True).identities
