"""An attack by a motivated colleague, who knows a few jobs of a person, or how many jobs each person has.

The attacker knows some raw jobs of each person, treats them as the release says that it treated all (`coarsen`), and
looks for the tokens that have all of them. A person is found when one token alone is left, and it is the person's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import attrs
import numpy as np
import pyarrow as pa

import anonkit
from anonkit.api import ConfigError, attribute, nearest
from anonkit_risk.known_jobs import as_released, draw_jobs, share_found
from anonkit_risk.notebook_table import notebook_table
from anonkit_risk.people import People, gather, person_of
from anonkit_risk.question import Question, quasi_identifiers
from anonkit_risk.release import Release
from anonkit_risk.session import Session, data_files, session, spilling_session

__all__ = ["AttackResult", "attack", "handles_in", "ranked_shares"]


class _Rows(Protocol):
    """The result of `anonkit.read`: the rows of an input."""

    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def schema(self) -> pa.Schema: ...
    def select(self, columns: Sequence[str]) -> _Rows: ...
    def batches(self) -> Iterator[pa.RecordBatch]: ...


@attrs.frozen
class AttackResult:
    """The shares of people that the attacker finds."""

    people: int
    columns: tuple[str, ...]
    """The columns that the attacker knows of a job."""
    known: int
    by_jobs_before: float
    """By known jobs, in the raw records."""
    by_jobs_after: float
    """By known jobs, in the release."""
    by_volume_before: float
    """By rank of volume, in the raw records: 1 but for people with as many jobs as others."""
    by_volume_after: float

    def table(self) -> list[tuple[str, str, str]]:
        """Return attack, share found before, share found after."""
        jobs = f"{self.known} known job{'s' if self.known > 1 else ''} ({', '.join(self.columns)})"
        return [
            (jobs, f"{self.by_jobs_before:.1%}", f"{self.by_jobs_after:.1%}"),
            ("rank by number of jobs", f"{self.by_volume_before:.1%}", f"{self.by_volume_after:.1%}"),
        ]

    def _repr_html_(self) -> str:
        """Return the shares as a table for notebooks."""
        return notebook_table(self.table(), ("attacker knows", "found before", "found after"))


def attack(
    dataset: str | Path,
    raw: str | Path,
    tokens: Mapping[str, str],
    *,
    known: int = 4,
    columns: Sequence[str] = (),
    user_column: str = "User",
) -> AttackResult:
    """Return the share of people that an attacker finds in a data set who knows `known` raw jobs of each.

    `tokens` are the tokens by handle, as in rows: ``{"annak": "UR_1"}``. `columns` are known of a job, by default the
    quasi-identifiers that both have. Raw records are in any format that a run reads. InputError, ConfigError.
    """
    if known < 1:
        raise ConfigError(f"--known {known}: expected at least 1")
    release, rows, files = Release.beside(Path(dataset)), _raw_rows(raw, user_column), data_files(dataset)
    with session() as raw_session, spilling_session(files=files) as published_session:
        published_columns = published_session.read(files)
        chosen = _columns(rows.columns, published_columns, columns, release)
        question = _question(published_columns, chosen, user_column)
        published = gather(published_session, question)
        original = _gathered(raw_session, rows, chosen, user_column)
        return _Attack(original, published, _tokens_of_people(original, tokens), release, known).result()


def handles_in(raw: str | Path, user_column: str = "User") -> list[str]:
    """Return the handles of the people in raw records. InputError, ConfigError."""
    rows = _raw_rows(raw, user_column)
    if user_column not in rows.columns:
        raise ConfigError(f"the raw records have no column {user_column!r}{nearest(user_column, rows.columns)}")
    person = person_of(user_column)
    with session() as opened:
        _load(opened, rows.select([user_column]))
        found = opened.rows(f"SELECT DISTINCT {person} AS handle FROM data ORDER BY handle NULLS LAST")
    return [handle for (handle,) in found if handle]


def _raw_rows(raw: str | Path, user_column: str) -> _Rows:
    """Return the raw records; the readers' options are those of the working folder's configuration."""
    return anonkit.read({"run": {"data_dir": str(raw)}, "roles": {"user": user_column}})


def _gathered(opened: Session, rows: _Rows, chosen: Sequence[str], user_column: str) -> People:
    """Return the people of the raw records; the rows are dropped at once, so that originals take little memory."""
    question = _question(rows.columns, chosen, user_column)
    _load(opened, rows.select([*dict.fromkeys((question.person, *chosen))]))
    people = gather(opened, question)
    opened.drop("data")
    return people


def _load(opened: Session, rows: _Rows) -> None:
    """Load rows into the relation ``data``, batch by batch, so that an error of a reader is raised unchanged."""
    opened.load("data", rows.schema.empty_table())
    for batch in rows.batches():
        opened.append("data", batch)


def _tokens_of_people(original: People, tokens: Mapping[str, str]) -> dict[str, str]:
    """Return the tokens of the people in the raw records, by handle as it is there; letter case does not matter."""
    known = {handle.casefold(): token for handle, token in tokens.items()}
    handles = (str(handle) for (handle,) in original.session.rows("SELECT value FROM person ORDER BY code"))
    return {handle: known[handle.casefold()] for handle in handles if handle.casefold() in known}


@attrs.frozen
class _Attack:
    """The people of the raw records and of the release, and the number of jobs that the attacker knows."""

    original: People
    published: People
    token_of: Mapping[str, str]
    """The right answers: tokens by handle."""
    release: Release
    known: int
    """Jobs of each person."""

    def result(self) -> AttackResult:
        """Return the shares of people that are found, in the raw records and in the release."""
        columns = self.original.question.quasi
        jobs = draw_jobs(self.original, self.known)
        treated = as_released(jobs, columns, self.release.coarsened)
        themselves = {handle: handle for handle in self.token_of}
        volumes, published_volumes = _volumes(self.original.session), _volumes(self.published.session)
        return AttackResult(
            people=len(self.token_of),
            columns=columns,
            known=self.known,
            by_jobs_before=share_found(self.original, jobs, self.known, themselves),
            by_jobs_after=share_found(self.published, treated, self.known, self.token_of),
            by_volume_before=ranked_shares(volumes, volumes, themselves),
            by_volume_after=ranked_shares(volumes, published_volumes, self.token_of),
        )


def _question(names: Sequence[str], chosen: Sequence[str], user_column: str) -> Question:
    question = Question.from_columns(names, {"user": user_column}, chosen)
    return attrs.evolve(question, sensitive=())


def _columns(raw: Sequence[str], published: Sequence[str], wanted: Sequence[str], release: Release) -> list[str]:
    """Return the columns that the attacker knows of a job, without shifted times. ConfigError when none is left."""
    both = [name for name in raw if name in published]
    if missing := [name for name in wanted if name not in both]:
        raise ConfigError([f"columns: not in both data sets: {name!r}{nearest(name, both)}" for name in missing])
    chosen = list(wanted) or list(quasi_identifiers(both))
    useful = [name for name in chosen if not (release.shifted and _is_time(name))]
    if not useful:
        raise ConfigError("columns: the two data sets share no column that an attacker can use; name columns")
    return useful


def _is_time(name: str) -> bool:
    known = attribute(name)
    return known is not None and "since 1970" in known.unit


def _volumes(opened: Session) -> dict[str, int]:
    rows = opened.rows("SELECT value, sum(n)::BIGINT FROM people JOIN person ON code = person GROUP BY value")
    return {str(value): int(total) for value, total in rows}


def ranked_shares(volumes: Mapping[str, int], published: Mapping[str, int], token_of: Mapping[str, str]) -> float:
    """Return the expected share of people with the rank of their token, both by volume; ties are in random order."""
    if not token_of:
        return 0.0
    ranks, others = _intervals(volumes), _intervals(published)
    shares = []
    for handle, token in token_of.items():
        if token in others:
            (low, high), (first, last) = ranks[handle], others[token]
            overlap = max(0, min(high, last) - max(low, first))
            shares.append(overlap / ((high - low) * (last - first)))
    return round(float(np.sum(shares)) / len(token_of), 6)


def _intervals(volumes: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Return for each name the first rank that it may have by volume, and the one after the last."""
    counts = np.array([*volumes.values()])
    ordered = np.sort(-counts)
    low, high = np.searchsorted(ordered, -counts, "left"), np.searchsorted(ordered, -counts, "right")
    return {name: (int(first), int(end)) for name, first, end in zip(volumes, low, high, strict=True)}
