"""Demo jobs as an Arrow batch.

Jobs come in submissions: consecutive rows with the same owner, experiment and texts. Submissions are made one by one,
rows by array operations only.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonkit.demo.population import WORKERS, Population, clients, experiments_of
from anonkit.demo.texts import HOLE, ODDITIES, Style, Submission, texts

__all__ = ["SCHEMA", "Chunk", "jobs"]

Numbers = NDArray[np.int64]

SCHEMA = pa.schema(
    [
        ("User", pa.string()),
        ("Owner", pa.string()),
        ("AccountingGroup", pa.string()),
        ("Jobsub_Group", pa.string()),
        ("JobsubClientIpAddress", pa.string()),
        ("JobsubClientKerberosPrincipal", pa.string()),
        ("x509userproxysubject", pa.string()),
        ("x509UserProxyEmail", pa.string()),
        ("OAuthServicesNeeded", pa.string()),
        ("MATCH_EXP_JOB_Site", pa.string()),
        ("StartdPrincipal", pa.string()),
        ("LastRemoteHost", pa.string()),
        ("Cmd", pa.string()),
        ("Args", pa.string()),
        ("Iwd", pa.string()),
        ("Out", pa.string()),
        ("Err", pa.string()),
        ("Environment", pa.string()),
        ("POMS_CAMPAIGN_NAME", pa.string()),
        ("DAGNodeName", pa.string()),
        ("DAG_NodesFailed", pa.int64()),
        ("GlobalJobId", pa.string()),
        ("JobsubJobId", pa.string()),
        ("ClusterId", pa.int64()),
        ("ProcId", pa.int64()),
        ("QDate", pa.int64()),
        ("JobStatus", pa.int64()),
        ("ExitCode", pa.int64()),
        ("NumJobStarts", pa.int64()),
        ("NumJobCompletions", pa.string()),
        ("RequestCpus", pa.int64()),
        ("RequestMemory", pa.int64()),
        ("RequestDisk", pa.int64()),
        ("CumulativeSlotTime", pa.float64()),
    ]
)

SITES: dict[str | None, float] = {
    "FermiGrid": 0.4,
    "SU-ITS": 0.13,
    "Wisconsin": 0.1,
    "Omaha": 0.09,
    "Colorado": 0.07,
    "A/B": 0.03,
    "fermigrid": 0.02,
    "Omaha ": 0.01,
    "Köln": 0.01,
    " SU-ITS": 0.004,
    "FERMIGRID": 0.003,
    "CON": 0.001,
    "..": 0.001,
    None: 0.06,
    "None": 0.03,
    "": 0.04,
}
NO_USER = (None, "", "undefined", "   ")
NO_ADDRESS = (None, "", "undefined", "___null___") * 40 + ("unknown-host", "192.0.2.1, 198.51.100.7")
SLOTS = 8
PRINCIPALS = tuple(f"execute-side@matchsession/{address}" for address in WORKERS)
MACHINES = tuple(f"slot1_{slot}@wn{n:03}.example.net" for n in range(len(WORKERS)) for slot in range(SLOTS))

PLAIN, DEBUT = -1, -2


@attrs.frozen
class Chunk:
    """A row group to be made."""

    number: int
    """Its position among the row groups of all files."""
    rows: int
    debuts: tuple[int, ...]
    """Ranks of users, at most one for each row: each owns a row with an environment that names the home experiment."""


def jobs(people: Population, chunk: Chunk, *, seed: int) -> pa.RecordBatch:
    """Return the rows of a chunk; they depend on these arguments alone."""
    rng, dice = np.random.default_rng([seed, chunk.number]), Random(f"{seed} {chunk.number}")
    drawn = _Drawn.from_chunk(people, chunk, rng, dice)
    columns = {
        **_texts(drawn, dice),
        **_identities(drawn, rng),
        **_places(drawn, rng),
        **_outcomes(drawn.ranks[drawn.of_row], rng),
        **_numbers(drawn),
    }
    return pa.record_batch([columns[name] for name in SCHEMA.names], schema=SCHEMA)


@attrs.frozen
class _Drawn:
    """The submissions of a chunk, and the rows in them."""

    submissions: Sequence[Submission]
    ranks: Numbers
    """The owner's rank of each submission."""
    of_row: Numbers
    """For each row, the position of its submission."""
    process: Numbers
    """For each row, its number within the submission."""

    @classmethod
    def from_chunk(cls, people: Population, chunk: Chunk, rng: np.random.Generator, dice: Random) -> _Drawn:
        sizes, ranks, oddities = _draw(len(people.users), chunk, rng)
        first = 10_000_000 + 60_000 * chunk.number
        submissions = [
            _submission(people, rank, oddity, first + place, dice)
            for place, (rank, oddity) in enumerate(zip(ranks.tolist(), oddities.tolist(), strict=True))
        ]
        of_row = np.repeat(np.arange(len(sizes)), sizes)
        process = np.arange(chunk.rows) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return cls(submissions, ranks, of_row, process)


def _draw(users: int, chunk: Chunk, rng: np.random.Generator) -> tuple[Numbers, Numbers, Numbers]:
    """Return the submissions of a chunk: sizes, owners' ranks, and `PLAIN`, `DEBUT` or an oddity's number."""
    rows, debuts = chunk.rows, chunk.debuts
    odd = min(rows // 250, rows - len(debuts))
    free = rows - len(debuts) - odd
    ends = np.cumsum(np.clip(rng.lognormal(2.6, 1.3, size=free), 1, 500).astype(np.int64)).clip(max=free)
    sizes = np.diff(ends[: np.searchsorted(ends, free) + 1], prepend=0)
    owners = _owners(users, rng, len(sizes), (0.1 * rows - len(debuts)) / max(free, 1))
    oddities = (2 * chunk.number + np.arange(odd)) % ODDITIES
    drawn = [
        np.column_stack([sizes, owners, np.full(len(sizes), PLAIN)]),
        np.array([(1, rank, DEBUT) for rank in debuts], np.int64).reshape(-1, 3),
        np.column_stack([np.full(odd, 1), _owners(users, rng, odd, 1), oddities]),
    ]
    sizes, ranks, oddities = rng.permutation(np.concatenate(drawn)).T
    return sizes, ranks, oddities


def _owners(users: int, rng: np.random.Generator, count: int, others: float) -> Numbers:
    """Return ranks: a share of `others` is drawn, low ranks more often; the rest is the production account."""
    if users == 1:
        return np.zeros(count, np.int64)
    weights = np.arange(1, users) ** -1.1
    someone = rng.choice(np.arange(1, users), size=count, p=weights / weights.sum())
    return np.where(rng.random(count) < others, someone, 0)


def _submission(people: Population, rank: int, oddity: int, cluster: int, dice: Random) -> Submission:
    """Return the submission of an owner with that rank; `oddity` is as in `_draw`."""
    home, other = experiments_of(rank)
    plain = oddity == PLAIN
    return Submission(
        owner=people.users[rank],
        colleague=dice.choice(people.users),
        experiment=other if plain and dice.random() < 0.2 else home,
        cluster=cluster,
        queued=1_703_980_800 + dice.randrange(86_400),
        style=dice.choices(tuple(Style), (0.862, 0.132, 0.006))[0] if plain else Style.V2,
        oddity=oddity if oddity >= 0 else None,
    )


def _texts(drawn: _Drawn, dice: Random) -> dict[str, pa.Array]:
    """Return the columns of text that the jobs of a submission share, apart from their numbers."""
    templates = [texts(submission, dice) for submission in drawn.submissions]
    numbers = pa.array(drawn.process).cast(pa.string())
    return {name: _filled([each[name] for each in templates], drawn.of_row, numbers) for name in templates[0]}


def _filled(templates: Sequence[str | None], of_row: Numbers, numbers: pa.StringArray) -> pa.StringArray:
    """Return the template of each row's submission, with the job's number in the holes."""
    holes = next((template.count(HOLE) for template in templates if template is not None), 0)
    missing = [None] * (holes + 1)
    pieces = zip(*(missing if text is None else text.split(HOLE) for text in templates), strict=True)
    filled = [pa.array(piece, pa.string()).take(of_row) for piece in pieces]
    between = [part for piece in filled[1:] for part in (numbers, piece)]
    return pc.binary_join_element_wise(filled[0], *between, "") if between else filled[0]


def _identities(drawn: _Drawn, rng: np.random.Generator) -> dict[str, pa.Array]:
    """Return the columns of users and client addresses, some cells of which hold none."""
    users = [f"{submission.owner}@example.org" for submission in drawn.submissions]
    # A submission's first job keeps its user: people whom texts mention must be in the column as well.
    nameless = (rng.random(len(drawn.of_row)) < 0.005) & (drawn.process > 0)
    user_column = _mixed(users, NO_USER, nameless, drawn.of_row, rng)
    second = rng.random(len(users)) < 0.06
    addresses = [clients(rank)[other] for rank, other in zip(drawn.ranks.tolist(), second.tolist(), strict=True)]
    unknown = rng.random(len(drawn.of_row)) < 0.13
    return {
        "User": user_column,
        "JobsubClientIpAddress": _mixed(addresses, NO_ADDRESS, unknown, drawn.of_row, rng),
    }


def _mixed(
    values: Sequence[str],
    placeholders: Sequence[str | None],
    missing: NDArray[np.bool_],
    of_row: Numbers,
    rng: np.random.Generator,
) -> pa.Array:
    """Return the value of each row's submission, or where it is missing one of the placeholders."""
    drawn = len(values) + rng.integers(len(placeholders), size=len(of_row))
    return pa.array([*values, *placeholders]).take(pa.array(np.where(missing, drawn, of_row)))


def _places(drawn: _Drawn, rng: np.random.Generator) -> dict[str, pa.Array]:
    """Return where the jobs ran: half of a submission's at its favourite site, the others anywhere."""
    rows = len(drawn.of_row)
    shares = np.array(list(SITES.values())) / sum(SITES.values())
    favourite = rng.choice(len(SITES), size=len(drawn.submissions), p=shares)[drawn.of_row]
    anywhere = rng.choice(len(SITES), size=rows, p=shares)
    site = np.where(rng.random(rows) < 0.5, favourite, anywhere)
    machine = rng.integers(len(MACHINES), size=rows)
    return {
        "MATCH_EXP_JOB_Site": pa.array(list(SITES), pa.string()).take(site),
        "StartdPrincipal": pa.array(PRINCIPALS).take(machine // SLOTS),
        "LastRemoteHost": pa.array(MACHINES).take(machine),
    }


def _outcomes(rank: Numbers, rng: np.random.Generator) -> dict[str, pa.Array | Numbers]:
    """Return how the jobs went: about 3 % fail, most of them those of a few users; `rank` is the owner's."""
    rows = len(rank)
    starts = rng.choice(6, size=rows, p=(0.02, 0.9, 0.05, 0.015, 0.01, 0.005))
    failed = rng.random(rows) < np.where(rank == 0, 0.02, np.where(rank % 5 == 3, 0.4, 0.01))
    completed = (starts > 0) & ~failed
    unreadable = rng.random(rows) < 0.0003
    nodes_failed = pa.array(rng.integers(4, size=rows), mask=rng.random(rows) < 0.9)
    return {
        "DAG_NodesFailed": nodes_failed,
        "JobStatus": np.where(starts > 0, 4, 3),
        "ExitCode": pa.array(np.where(failed, 1, 0), mask=starts == 0),
        "NumJobStarts": starts,
        "NumJobCompletions": pa.array(["0", "1", "n/a"]).take(np.where(unreadable, 2, completed)),
        "RequestCpus": rng.choice((1, 1, 1, 4), size=rows),
        "RequestMemory": rng.choice((1000, 2000, 2000, 2500, 4000, 8000), size=rows),
        "RequestDisk": rng.choice((10, 20, 40), size=rows) * 1_048_576,
        "CumulativeSlotTime": np.where(starts > 0, rng.lognormal(8, 1.2, size=rows).round(), 0.0),
    }


def _numbers(drawn: _Drawn) -> dict[str, Numbers]:
    """Return the columns of numbers and times of submissions."""
    return {
        "ClusterId": np.array([submission.cluster for submission in drawn.submissions])[drawn.of_row],
        "ProcId": drawn.process,
        "QDate": np.array([submission.queued for submission in drawn.submissions])[drawn.of_row],
    }
