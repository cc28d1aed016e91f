"""Known jobs of each person: drawn from the raw records, treated as the release treats all, and looked for in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
from anonkit_std.options.transforms import CoarsenOptions
from anonkit_std.transforms.coarsen import Coarsen

from anonkit_risk.people import People
from anonkit_risk.session import Session

__all__ = ["as_released", "draw_jobs", "share_found"]

DRAWS = 8
"""The number of draws of known jobs for each person."""


def draw_jobs(people: People, known: int) -> pa.Table:
    """Return jobs for all draws of `known` jobs of each person: handle, place among the person's, values v0, v1, ….

    They are the first by a digest of their values, so the same each time.
    """
    places = range(len(people.keys))
    joins = "".join(f" LEFT JOIN value_{place} ON value_{place}.code = q{place}" for place in places)
    named = ", ".join(f"value_{place}.value AS v{place}" for place in places)
    values = ", ".join(f"v{place}" for place in places)
    text = " || chr(31) || ".join(f"coalesce(CAST(v{place} AS VARCHAR), '')" for place in places)
    return people.session.arrow(
        f"WITH jobs AS (SELECT person.value AS handle, {named} "
        f"FROM people JOIN person ON person.code = people.person{joins}), "
        f"placed AS (SELECT *, row_number() OVER "
        f"(PARTITION BY handle ORDER BY md5_number_lower({text}), {text}) - 1 AS place FROM jobs) "
        f"SELECT handle, place, {values} FROM placed WHERE place < {known * DRAWS}"
    )


def as_released(jobs: pa.Table, columns: Sequence[str], coarsened: Mapping[str, str]) -> pa.Table:
    """Return drawn jobs as the release has them: values of `columns` coarsened, by column in the words of `coarsen`."""
    for place, name in enumerate(columns):
        if name in coarsened:
            column = jobs.column(f"v{place}").combine_chunks()
            coarsen = Coarsen(CoarsenOptions(columns={name: coarsened[name]}))
            coarse = coarsen(pa.record_batch({name: column})).column(0)
            jobs = jobs.set_column(jobs.schema.get_field_index(f"v{place}"), f"v{place}", coarse)
    return jobs


def share_found(people: People, jobs: pa.Table, known: int, answers: Mapping[str, str]) -> float:
    """Return the share of people whose drawn jobs are those of one user of `people` alone, the right one.

    `answers` has the right user, as in `people`, by handle.
    """
    opened = people.session
    opened.load("samples", jobs)
    opened.load("answers", pa.table({"handle": [*answers], "value": [*answers.values()]}))
    _make_draws(opened, people.keys, known)
    _make_candidates(opened, people.keys)
    total = _sum_of_shares(opened)
    opened.drop("samples", "answers", "drawn", "draws", "had", "candidates")
    return round(total / len(answers), 6) if answers else 0.0


def _make_draws(opened: Session, keys: Sequence[str], known: int) -> None:
    """Make the tables ``drawn`` (handle, draw, codes of a job) and ``draws`` (handle, draw, wanted: how many jobs)."""
    places = range(len(keys))
    joins = "".join(f" LEFT JOIN value_{place} ON value_{place}.value = v{place}" for place in places)
    # A value that the data set does not have is code -1: no user has it.
    codes = ", ".join(
        f"CASE WHEN v{place} IS NULL THEN 0 ELSE coalesce(value_{place}.code::BIGINT, -1) END AS {key}"
        for place, key in zip(places, keys, strict=True)
    )
    opened.table("drawn", f"SELECT handle, place // {known} AS draw, {codes} FROM samples{joins}")
    # Jobs that do not fill a draw are left out, unless the person has no other draw.
    opened.table(
        "draws",
        f"SELECT handle, draw, count(*) AS wanted FROM drawn GROUP BY handle, draw HAVING wanted = {known} OR draw = 0",
    )


def _make_candidates(opened: Session, keys: Sequence[str]) -> None:
    """Make the table ``candidates`` (handle, draw, person): the users that have all jobs of a draw."""
    codes = ", ".join(keys)
    opened.table("had", f"SELECT DISTINCT person, {codes} FROM people")
    opened.table(
        "candidates",
        f"SELECT handle, draw, had.person FROM drawn JOIN draws USING (handle, draw) JOIN had USING ({codes}) "
        "GROUP BY ALL HAVING count(*) = any_value(wanted)",
    )


def _sum_of_shares(opened: Session) -> float:
    """Return the sum over people of the share of their draws that have one candidate, the right one."""
    right = (
        "SELECT handle, draw FROM "
        "(SELECT handle, draw, any_value(person) AS code FROM candidates GROUP BY ALL HAVING count(*) = 1) "
        "JOIN person USING (code) JOIN answers USING (handle, value)"
    )
    shares = (
        "SELECT avg(CASE WHEN found.draw IS NULL THEN 0.0 ELSE 1.0 END) AS share FROM draws SEMI JOIN answers "
        f"USING (handle) LEFT JOIN ({right}) AS found USING (handle, draw) GROUP BY handle"
    )
    return float(opened.row(f"SELECT coalesce(sum(share), 0) FROM ({shares})")[0])
