"""How much is measured."""

from __future__ import annotations

import attrs

__all__ = ["FULL", "QUICK", "TINY", "Sizes"]


@attrs.frozen(kw_only=True)
class Sizes:
    """Rows, identities and repetitions."""

    day: int = 207_000
    """Rows of a day of jobs."""
    whole: tuple[int, ...] = (200_000, 2_000_000)
    """Rows of the sets on which whole runs are compared."""
    pandas_rows: int = 200_000
    """The pandas tool takes part up to so many rows: two million take it half an hour and 17 GB."""
    workers: int = 2
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
    touched: int = 2048
    """MiB of memory touched before each run: more than a day takes, with its files."""

    def with_large(self) -> Sizes:
        """Return the same with the largest set."""
        return attrs.evolve(self, large=5 * self.growth[-1])

    def with_pandas(self) -> Sizes:
        """Return the same with the pandas tool on every set."""
        return attrs.evolve(self, pandas_rows=max(self.whole))

    def with_rounds(self, rounds: int) -> Sizes:
        """Return the same with other repetitions: half as many of what is slow."""
        return attrs.evolve(self, rounds=rounds, slow_rounds=max(1, rounds // 2), start_rounds=rounds)


FULL = Sizes()

QUICK = Sizes(
    day=5_000,
    whole=(5_000, 20_000),
    pandas_rows=5_000,
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
    whole=(500,),
    pandas_rows=500,
    identities=(45,),
    text_rows=500,
    re_work=1_000_000,
    growth=(500, 1_000),
    cut_rows=500,
    few_files=6,
    many_files=30,
    start_rows=500,
    touched=1,
    cluster_rows=500,
    # What compares one worker with two says so itself.
    workers=1,
)
"""Says whether everything works."""
