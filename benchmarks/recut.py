"""A script: the rows of a data set in the same order, each of its files cut into several."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq

__all__ = ["main"]


def main(source: Path, target: Path, parts: int) -> None:
    """Write each file of `source` as `parts` files into `target`; sorted by name they are in the same order."""
    target.mkdir(parents=True)
    for path in sorted(source.rglob("*.parquet")):
        table = pq.read_table(path)
        bounds = [len(table) * part // parts for part in range(parts + 1)]
        for part, (low, high) in enumerate(pairwise(bounds)):
            pq.write_table(table.slice(low, high - low), target / f"{path.stem}-{part:05d}.parquet", compression="zstd")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
