"""Made-up users, as many as wanted: the demo's own, then more of the same sort."""

from __future__ import annotations

from anonkit.demo import population

__all__ = ["handles"]

_ALL = 100_000_000
"""Rows that have every user that the demo can make up."""


def handles(count: int) -> tuple[str, ...]:
    """Return `count` distinct handles, the demo's production account first."""
    made_up = population(_ALL).users
    more = (f"{handle}{number}" for number in range(2, 10) for handle in made_up)
    return (*made_up, *more)[:count]
