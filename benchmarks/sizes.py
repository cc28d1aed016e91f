"""How much is measured."""

from __future__ import annotations

import attrs

__all__ = ["FULL", "QUICK", "TINY", "Sizes"]


@attrs.frozen(kw_only=True)
class Sizes:
    """Rows, identities and repetitions."""

    day: int = 207_000
    """Rows of the day of jobs."""
    rounds: int = 5
    slow_rounds: int = 2
    """Of what takes minutes."""
    identities: tuple[int, ...] = (45, 1_000, 10_000)
    text_rows: int = 100_000
    """Rows whose text is garbled."""
    re_work: int = 700_000_000
    """Bytes of text times identities that the regular expression is given: it tries every name at every byte."""
    growth: tuple[int, ...] = (200_000, 2_000_000)
    large: int | None = None
    """Rows of the largest set, if it is wanted."""
    cut_rows: int = 2_000_000
    few_files: int = 10
    many_files: int = 5_000
    start_rows: int = 100
    start_rounds: int = 11
    cluster_rows: int = 2_000_000

    def with_large(self) -> Sizes:
        """Return the same with the largest set."""
        return attrs.evolve(self, large=5 * self.growth[-1])

    def with_rounds(self, rounds: int) -> Sizes:
        """Return the same with other repetitions: half as many of what is slow."""
        return attrs.evolve(self, rounds=rounds, slow_rounds=max(1, rounds // 2), start_rounds=rounds)


FULL = Sizes()

QUICK = Sizes(
    day=5_000,
    rounds=1,
    slow_rounds=1,
    text_rows=4_000,
    re_work=20_000_000,
    growth=(5_000, 20_000),
    cut_rows=5_000,
    many_files=100,
    start_rounds=1,
    cluster_rows=5_000,
)
"""A first impression: start-up weighs too much."""

TINY = attrs.evolve(
    QUICK,
    day=1_000,
    identities=(45,),
    text_rows=500,
    re_work=1_000_000,
    growth=(500, 1_000),
    cut_rows=500,
    few_files=6,
    many_files=30,
    start_rows=500,
    cluster_rows=500,
)
"""Says whether everything works."""
