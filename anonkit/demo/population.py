"""The identities of the demo data: invented handles, documentation addresses, experiments.

A user has a rank: 0 is the production account, then come the handles that are awkward to garble, so that small data
sets have them too, then as many made-up ones as needed. More rows never change a rank.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random

import attrs

__all__ = ["PROXIES", "WORKERS", "Population", "clients", "experiments_of", "population"]

AWKWARD = (
    "tarnispro",  # the production account; an experiment's name glued in
    "annakova",
    "annak",  # the beginning of another handle
    "vqz",
    "jkol",
    "müllerj",
    "k.o+n$k(a)",
    "cmd",  # a label of the text report
    "ZhivkoRad",
    "o.brandl",
    "lu-wexel",
    "tove+grid",
    "under_skov",
    "pavlu",
    "rydz77",
    "wojciechowskapiotrowiczkatarzynazofia",
    "7kvasnik",
    "Öbergström",
    "x.y-z_q+9",
)

# No made-up handle may hit other text by chance: none is a hexadecimal number or a part of an English word.
SYLLABLES = (
    ("bra", "dvo", "gri", "kha", "kvi", "lju", "mra", "nje", "pfe", "qua", "sko", "szy", "vla", "wro"),
    ("", "", "", "la", "mi", "no", "ru", "te", "vo", "za"),
    ("bek", "dov", "gur", "hak", "jor", "kul", "lund", "mik", "nak", "pov", "rik", "sto", "tov", "wal"),
    ("", "", "", "a", "ski", "jar", "wen", "21", "x4"),
)

KEYWORDS = ("uboone", "icarus", "pip2", "nova", "dune", "minerva")
EXPERIMENTS = ("tarnis", "uboone", "qx2", "icarus", "zbq", *KEYWORDS[2:])

WORKERS = tuple(f"198.51.100.{n}" for n in range(1, 255))
"""Addresses of execute machines: no job is submitted from them."""

PROXIES = (*(f"203.0.113.{n}" for n in range(10, 26)), *(f"2001:db8:ffff::{n:x}" for n in range(1, 17)))
"""Addresses that occur in text and nowhere else."""


@attrs.frozen
class Population:
    """Every identity that may occur in a data set.

    `users` are handles by rank, `ips` addresses as `ipaddress` writes them, `experiments` lower-case names.
    Each user occurs in the User column; each experiment is one of anonkit's default keywords or occurs as a
    value of `EXPERIMENT=`; an address need not occur.
    """

    users: tuple[str, ...]
    ips: tuple[str, ...]
    experiments: tuple[str, ...]


def population(rows: int, seed: int = 0) -> Population:
    """Return the identities that may occur in the data that `write_demo` writes for the same rows and seed."""
    ranks = range(_users_among(rows))
    if not ranks:
        return Population((), (), ())
    handles = _handles(seed)
    return Population(
        users=tuple(next(handles) for _ in ranks),
        ips=tuple(dict.fromkeys([*(ip for rank in ranks for ip in clients(rank)), *WORKERS, *PROXIES])),
        experiments=tuple(dict.fromkeys(name for rank in ranks for name in experiments_of(rank))),
    )


def clients(rank: int) -> tuple[str, str]:
    """Return the addresses from which the user of this rank submits: mostly the first; the second is always IPv4."""
    usual = f"2001:db8:{rank + 1:x}::1" if rank % 6 == 4 else f"192.0.2.{rank % 254 + 1}"
    return usual, f"203.0.113.{rank % 220 + 30}"


def experiments_of(rank: int) -> tuple[str, str]:
    """Return the experiments of the user of this rank: the home experiment, and another that is always a keyword."""
    return EXPERIMENTS[rank % len(EXPERIMENTS)], KEYWORDS[rank % len(KEYWORDS)]


def _users_among(rows: int) -> int:
    """Return how many users there are: about 9 in 90 rows, 45 in 200,000, 2,000 in 10 million; at most 5,000."""
    if rows < 0:
        raise ValueError(f"rows is {rows}: give 0 or more")
    return min(rows, 5000, round(3.5 * math.pow(rows, 0.21) + 60 * math.pow(rows / 1e6, 1.5)))


def _handles(seed: int) -> Iterator[str]:
    yield from AWKWARD
    dice = Random(seed)
    seen = set(AWKWARD)
    while True:
        handle = "".join(map(dice.choice, SYLLABLES))
        if handle not in seen:
            seen.add(handle)
            yield handle
