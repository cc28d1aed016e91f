"""The search for the settings that pass the gate and lose least."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import attrs

from anonkit.api import OutputError
from anonkit_risk.ladders import DROPPED, UNCHANGED, Level, ladder
from anonkit_risk.measure import opened_data, options_from
from anonkit_risk.options import RiskOptions
from anonkit_risk.people import People, gather
from anonkit_risk.session import Session
from anonkit_risk.suggestion import Suggestion

__all__ = ["suggest"]

MOST_TRIED = 300
"""The most combinations of treatments of which each one is tried; of more, only those on a greedy path."""
Choice = tuple[int, ...]


def suggest(
    dataset: str | Path | Any,
    config: RiskOptions | Mapping[str, Any] | None = None,
    *,
    roles: Mapping[str, str] | None = None,
) -> Suggestion:
    """Return settings of `coarsen` and `suppress` with which a data set passes its gate, those that lose least.

    Without `min_users` and `max_risk` the gate is at 11 users. Arguments as for `risk`. OutputError when no settings
    pass, since the data set has too few users.
    """
    options = options_from(config)
    least = max(options.min_users or 0, math.ceil(1 / options.max_risk - 1e-9) if options.max_risk else 0)
    least = least or options.small
    with opened_data(dataset, options, roles) as (opened, question):
        people = gather(opened, question)
        if 0 < people.count < least:
            raise OutputError(
                f"no settings pass: the data set has {people.count} users, and the gate is at {least}; "
                "publish counts alone, or more data"
            )
        search = Search.over(people, least)
        return search.suggestion(search.best())


def rows_in_small_classes(session: Session, keys: Sequence[str], least: int) -> int:
    """Return how many rows are in classes of fewer than `least` users, after treatments with the codes `keys`."""
    key, group = "".join(f"{name}, " for name in keys), f"GROUP BY {', '.join(keys)}" if keys else ""
    return int(
        session.row(
            f"SELECT coalesce(sum(n), 0)::BIGINT FROM (SELECT count(*) AS users, sum(n) AS n FROM "
            f"(SELECT {key}person, sum(n) AS n FROM levels GROUP BY {key}person) {group}) WHERE users < {least}"
        )[0]
    )


@attrs.frozen
class Search:
    """The treatments to choose from, and the rows below the gate of each combination that was tried."""

    people: People
    least: int
    """Users that a class must have."""
    ladders: tuple[tuple[Level, ...], ...]
    """By column."""
    most_tried: int = MOST_TRIED
    known: dict[Choice, int] = attrs.field(factory=dict)

    @classmethod
    def over(cls, people: People, least: int, most_tried: int = MOST_TRIED) -> Search:
        """Return the search over a data set; makes the table ``levels`` with the codes of all treatments."""
        places = range(len(people.question.quasi))
        ladders = tuple(tuple(ladder(people, place, least)) for place in places)
        joins = "".join(f" LEFT JOIN steps_{place} ON steps_{place}.code = q{place}" for place in places)
        keys = [level.key for levels in ladders for level in levels if level.setting not in (UNCHANGED, DROPPED)]
        codes = "".join(f", coalesce({key}, 0) AS {key}" for key in keys)
        plain = "".join(f", {key}" for key in people.keys)
        people.session.table("levels", f"SELECT person, n{plain}{codes} FROM people{joins}")
        return cls(people, least, ladders, most_tried)

    def best(self) -> Choice:
        """Return the passing choice of least loss: of all when they are few, else of those on a greedy path."""
        if math.prod(map(len, self.ladders)) <= self.most_tried:
            choices = sorted(product(*(range(len(levels)) for levels in self.ladders)), key=self.loss)
            return next(choice for choice in choices if not self.rows_below(choice))
        return self._relaxed(self._climbed())

    def loss(self, choice: Choice) -> float:
        """Return the mean loss of the columns."""
        losses = [levels[level].loss for levels, level in zip(self.ladders, choice, strict=True)]
        return math.fsum(losses) / len(losses)

    def rows_below(self, choice: Choice) -> int:
        """Return how many rows are in classes of too few users."""
        if choice not in self.known:
            keys = [levels[level].key for levels, level in zip(self.ladders, choice, strict=True)]
            self.known[choice] = rows_in_small_classes(self.people.session, [key for key in keys if key], self.least)
        return self.known[choice]

    def suggestion(self, choice: Choice) -> Suggestion:
        """Return a choice as settings."""
        chosen = [levels[level] for levels, level in zip(self.ladders, choice, strict=True)]
        return Suggestion(
            dict(zip(self.people.question.quasi, chosen, strict=True)), self.least, round(self.loss(choice), 6)
        )

    def _climbed(self) -> Choice:
        """Return a choice that passes: at each step the column is made coarser that frees most rows for its loss."""
        choice = (0,) * len(self.ladders)
        while below := self.rows_below(choice):
            gains = {
                other: (below - self.rows_below(other)) / (self.loss(other) - self.loss(choice) + 1e-9)
                for other in self._coarser(choice)
            }
            choice = max(gains, key=lambda one: (gains[one], one))
        return choice

    def _coarser(self, choice: Choice) -> list[Choice]:
        """Return the choices in which one column is one or two levels higher, half way up, or left out."""
        found: list[Choice] = []
        for place, level in enumerate(choice):
            top = len(self.ladders[place]) - 1
            higher = sorted({level + 1, level + 2, (level + top + 1) // 2, top})
            found += [(*choice[:place], other, *choice[place + 1 :]) for other in higher if level < other <= top]
        return found

    def _relaxed(self, choice: Choice) -> Choice:
        """Return a passing choice in which no column alone can be finer."""
        order = sorted(range(len(choice)), key=lambda place: -self.ladders[place][choice[place]].loss)
        for place in order:
            finer = ((*choice[:place], level, *choice[place + 1 :]) for level in range(choice[place]))
            choice = next((finer_choice for finer_choice in finer if not self.rows_below(finer_choice)), choice)
        return choice
