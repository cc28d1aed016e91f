"""A script: one way of garbling at work on one text. It prints what it did as JSON.

The text is in memory before the clock starts, in the form that the way likes best, and what comes out stays in it.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.text.replace import TextReplacer
from benchmarks.garbling_text import literals

__all__ = ["WAYS", "main"]

BATCH = 8192

Names = list[list[str]]
Way = Callable[[Names, Sequence[pa.Array]], Callable[[], object]]


def anonkit(names: Names, texts: Sequence[pa.Array]) -> Callable[[], object]:
    """Garble in batches as large as a run has them, with every rule and spelling."""
    garble = TextReplacer(literals(names))
    batches = [text.slice(first, BATCH) for text in texts for first in range(0, len(text), BATCH)]
    return lambda: [garble(batch) for batch in batches]


def one_pass_re(names: Names, texts: Sequence[pa.Array], flags: int = re.IGNORECASE) -> Callable[[], object]:
    """Substitute one alternation, the longest name first, with a dictionary callback; no rules, no more spellings."""
    tokens = {text.lower(): token for text, _, token in reversed(names)}
    pattern = re.compile("|".join(map(re.escape, sorted(tokens, key=len, reverse=True))), flags)
    cells = [cell for text in texts for cell in text.to_pylist() if cell is not None]

    def token(match: re.Match[str]) -> str:
        found = match[0]
        return tokens.get(found.lower(), found)

    return lambda: [pattern.sub(token, cell) for cell in cells]


def case_sensitive_re(names: Names, texts: Sequence[pa.Array]) -> Callable[[], object]:
    """Do the same for names in lower case alone, which lets `re` skip bytes that begin no name."""
    return one_pass_re(names, texts, 0)


def polars(names: Names, texts: Sequence[pa.Array]) -> Callable[[], object]:
    """Replace with Polars' automaton, without regard to the case of ASCII letters; no rules, no more spellings."""
    series: list[Any] = [pl.Series(text) for text in texts]
    patterns, tokens = [text for text, _, _ in names], [token for _, _, token in names]
    return lambda: [each.str.replace_many(patterns, tokens, ascii_case_insensitive=True) for each in series]


WAYS: dict[str, Way] = {
    "anonkit": anonkit,
    "re": one_pass_re,
    "re, one letter case": case_sensitive_re,
    "Polars": polars,
}


def main(way: str, folder: Path, limit: int) -> None:
    """Garble the first `limit` bytes of the text, twice; time the second."""
    names = json.loads((folder / "names.json").read_text())
    with pa.memory_map(str(folder / "text.arrow")) as file:
        table = pa.ipc.open_file(file).read_all()
    texts = first_bytes(table, limit)
    started = time.process_time()
    garble = WAYS[way](names, texts)
    made = time.process_time()
    if limit >= table.nbytes:
        garble()
    before = time.perf_counter(), time.process_time()
    garble()
    wall, cpu = time.perf_counter() - before[0], time.process_time() - before[1]
    done = sum(pc.sum(pc.binary_length(text)).as_py() or 0 for text in texts)
    print(json.dumps({"bytes": done, "wall": wall, "cpu": cpu, "set-up": made - started}))


def first_bytes(table: pa.Table, limit: int) -> list[pa.Array]:
    """Return the columns of as many rows as come to about `limit` bytes."""
    rows = min(len(table), max(1, len(table) * limit // max(table.nbytes, 1)))
    return [pa.concat_arrays(column.chunks).slice(0, rows) for column in table.columns]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
