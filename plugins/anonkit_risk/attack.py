"""The motivated colleague: somebody who knows a few jobs of a person, or how many jobs each person has.

The attacker knows some raw jobs of each person, treats them as the release says that it treated all (`coarsen`), and
looks for the tokens that have all of them. A person is found when one token alone is left, and it is the person's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
import numpy as np
import pyarrow as pa
from anonkit_std.options.transforms import CoarsenOptions
from anonkit_std.transforms.coarsen import Coarsen

from anonkit.api import ConfigError, attribute, nearest
from anonkit_risk.notebook_table import notebook_table
from anonkit_risk.people import People, gather, person_of
from anonkit_risk.question import Question, quasi_identifiers
from anonkit_risk.release import Release
from anonkit_risk.session import Session, data_files, session, spilling_session

__all__ = ["AttackResult", "attack", "handles_in", "ranked_shares"]

DRAWS = 8
"""So many times N known jobs are drawn of each person."""


@attrs.frozen
class AttackResult:
    """Shares alone: of all people, those that the attacker finds."""

    people: int
    columns: tuple[str, ...]
    """What the attacker knows of a job."""
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
    """Return which share of people is found in a data set by somebody who knows `known` raw jobs of each.

    `tokens` are the tokens by handle, as in rows: ``{"annak": "UR_1"}``. `columns` are known of a job, by default the
    quasi-identifiers that both have. Raw records are parquet. InputError, ConfigError.
    """
    if known < 1:
        raise ConfigError(f"--known {known}: expected at least 1")
    release = Release.beside(Path(dataset))
    truth = {handle.casefold(): token for handle, token in tokens.items()}
    with (
        session(files=(before := data_files(raw))) as raw_session,
        spilling_session(files=(after := data_files(dataset))) as session_after,
    ):
        names = [raw_session.read(before), session_after.read(after)]
        chosen = _columns(names, columns, release)
        original = gather(raw_session, _question(names[0], chosen, user_column))
        published = gather(session_after, _question(names[1], chosen, user_column))
        samples = _samples(original, known)
        own = _handles(raw_session)
        token_of = {handle: truth[handle.casefold()] for handle in own.values() if handle.casefold() in truth}
        people = len(token_of)
        before_share = _found(original, samples, known, {handle: handle for handle in token_of}, people)
        treated = _treated(samples, chosen, release)
        after_share = _found(published, treated, known, token_of, people)
        volumes = _volumes(raw_session), _volumes(session_after)
        ranks_after = ranked_shares(volumes[0], volumes[1], token_of, people)
        ranks_before = ranked_shares(volumes[0], volumes[0], {name: name for name in token_of}, people)
    return AttackResult(people, tuple(chosen), known, before_share, after_share, ranks_before, ranks_after)


def _question(names: Sequence[str], chosen: Sequence[str], user_column: str) -> Question:
    return Question.from_columns(names, {"user": user_column}, chosen)


def _columns(names: Sequence[Sequence[str]], wanted: Sequence[str], release: Release) -> list[str]:
    """Return the columns that are known of a job. A shifted time tells nothing."""
    both = [name for name in names[0] if name in names[1]]
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


def _handles(opened: Session) -> dict[int, str]:
    return {int(code): str(value) for code, value in opened.rows("SELECT code, value FROM person")}


def _volumes(opened: Session) -> dict[str, int]:
    rows = opened.rows("SELECT value, sum(n)::BIGINT FROM people JOIN person ON code = person GROUP BY value")
    return {str(value): int(total) for value, total in rows}


def _samples(people: People, known: int) -> pa.Table:
    """Return some jobs of each person: who, place, and the values; in the order of a digest, so the same each time."""
    joins = "".join(f" LEFT JOIN value_{place} ON value_{place}.code = q{place}" for place in range(len(people.keys)))
    values = [f"value_{place}.value" for place in range(len(people.keys))]
    text = " || chr(31) || ".join(f"coalesce(CAST({value} AS VARCHAR), '')" for value in values)
    named = ", ".join(f"{value} AS v{place}" for place, value in enumerate(values))
    return people.session.arrow(
        f"SELECT who, place, {', '.join(f'v{place}' for place in range(len(values)))} FROM "
        f"(SELECT person.value AS who, {named}, row_number() OVER "
        f"(PARTITION BY people.person ORDER BY md5_number_lower({text}), {text}) - 1 AS place "
        f"FROM people JOIN person ON person.code = people.person{joins}) WHERE place < {known * DRAWS}"
    )


def _treated(samples: pa.Table, chosen: Sequence[str], release: Release) -> pa.Table:
    """Return known jobs as the release would have them."""
    for place, name in enumerate(chosen):
        if name in release.coarsened:
            column = samples.column(f"v{place}").combine_chunks()
            coarsen = Coarsen(CoarsenOptions(columns={name: release.coarsened[name]}))
            coarse = coarsen(pa.record_batch({name: column})).column(0)
            samples = samples.set_column(samples.schema.get_field_index(f"v{place}"), f"v{place}", coarse)
    return samples


def _found(people: People, samples: pa.Table, known: int, token_of: Mapping[str, str], total: int) -> float:
    """Return the share of people whose known jobs are those of one token alone, the right one."""
    opened, keys = people.session, people.keys
    opened.load("samples", samples)
    opened.load("truth", pa.table({"who": [*token_of], "token": [*token_of.values()]}))
    joins = "".join(f" LEFT JOIN value_{place} ON value_{place}.value = v{place}" for place in range(len(keys)))
    # A value that the data set does not have is code -1: nobody has it.
    codes = ", ".join(
        f"CASE WHEN v{place} IS NULL THEN 0 ELSE coalesce(value_{place}.code::BIGINT, -1) END AS q{place}"
        for place in range(len(keys))
    )
    opened.table("jobs", f"SELECT who, place // {known} AS draw, place, {codes} FROM samples{joins}")
    # Jobs that do not fill a draw are left out, unless the person has no other draw.
    opened.table(
        "draws",
        f"SELECT who, draw, count(*) AS wanted FROM jobs GROUP BY who, draw HAVING wanted = {known} OR draw = 0",
    )
    opened.table("held", f"SELECT DISTINCT person, {', '.join(keys)} FROM people")
    opened.table(
        "candidates",
        f"SELECT jobs.who, draw, held.person FROM jobs JOIN draws USING (who, draw) "
        f"JOIN held USING ({', '.join(keys)}) GROUP BY ALL HAVING count(*) = any_value(wanted)",
    )
    found = opened.row(
        """WITH alone AS (SELECT who, draw, any_value(person) AS code FROM candidates GROUP BY ALL HAVING count(*) = 1),
        right_ones AS (SELECT alone.who, draw FROM alone JOIN person ON person.code = alone.code
            JOIN truth ON truth.who = alone.who AND truth.token = person.value),
        shares AS (SELECT draws.who, avg(CASE WHEN right_ones.draw IS NULL THEN 0.0 ELSE 1.0 END) AS share
            FROM draws JOIN truth USING (who) LEFT JOIN right_ones USING (who, draw) GROUP BY draws.who)
        SELECT coalesce(sum(share), 0) FROM shares"""
    )[0]
    opened.drop("samples", "truth", "jobs", "draws", "held", "candidates")
    return round(float(found) / total, 6) if total else 0.0


def ranked_shares(
    volumes: Mapping[str, int], published: Mapping[str, int], token_of: Mapping[str, str], total: int
) -> float:
    """Return the share of people whom their rank by volume finds; ties are put in order at random."""
    if not total:
        return 0.0
    ranks, others = _intervals(volumes), _intervals(published)
    shares = []
    for handle, token in token_of.items():
        if token in others:
            (low, high), (first, last) = ranks[handle], others[token]
            overlap = max(0, min(high, last) - max(low, first))
            shares.append(overlap / ((high - low) * (last - first)))
    return round(float(np.sum(shares)) / total, 6)


def _intervals(volumes: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Return the places, from and to, that each name may have in an order by volume."""
    counts = np.array([*volumes.values()])
    ordered = np.sort(-counts)
    low, high = np.searchsorted(ordered, -counts, "left"), np.searchsorted(ordered, -counts, "right")
    return {name: (int(one), int(other)) for name, one, other in zip(volumes, low, high, strict=True)}


def handles_in(raw: str | Path, user_column: str = "User") -> list[str]:
    """Return the handles of the people in raw records. InputError, ConfigError."""
    with session(files=(files := data_files(raw))) as opened:
        names = opened.read(files)
        if user_column not in names:
            raise ConfigError(f"the raw records have no column {user_column!r}{nearest(user_column, names)}")
        person = person_of(user_column)
        return [
            handle for (handle,) in opened.rows(f"SELECT DISTINCT {person} FROM data ORDER BY 1 NULLS LAST") if handle
        ]
