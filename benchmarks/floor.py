"""A script: the least that any tool must do, to read the columns and to write as many bytes as the outputs have.

Nothing is done with what is read, and what is written is ready. With one process, pyarrow reads with its own threads.
With several, each reads its share of the files, and writes its share of each output.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

__all__ = ["main"]

BLOCK = b"x" * (1 << 20)


def main(data: Path, output: Path, processes: int, columns: Sequence[str], sizes: Sequence[int]) -> None:
    """Read `columns` of all files in `data`, then write files of `sizes` bytes into `output`."""
    output.mkdir(parents=True)
    paths = sorted(data.rglob("*.parquet"))
    if processes == 1:
        work(paths, columns, output, 0, sizes)
        return
    # They share what is imported; no thread is running yet.
    context = multiprocessing.get_context("fork")
    shares = fair_shares(paths, processes)
    parts = [[size * (n + 1) // processes - size * n // processes for size in sizes] for n in range(processes)]
    started = [
        context.Process(target=work, args=(share, columns, output, n, part))
        for n, (share, part) in enumerate(zip(shares, parts, strict=True))
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)


def work(paths: Sequence[Path], columns: Sequence[str], output: Path, process: int, sizes: Sequence[int]) -> None:
    """Do one process's share."""
    for path in paths:
        pq.read_table(path, columns=list(columns))
    for number, size in enumerate(sizes):
        with (output / f"{process}-{number}").open("wb") as file:
            for _ in range(size // len(BLOCK)):
                file.write(BLOCK)
            file.write(BLOCK[: size % len(BLOCK)])


def fair_shares(paths: Sequence[Path], count: int) -> list[list[Path]]:
    """Deal the files out, the largest first, each to whom has least."""
    shares: list[list[Path]] = [[] for _ in range(count)]
    held = [0] * count
    for size, path in sorted(((path.stat().st_size, path) for path in paths), reverse=True):
        least = held.index(min(held))
        shares[least].append(path)
        held[least] += size
    return shares


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4]), json.loads(sys.argv[5]))
