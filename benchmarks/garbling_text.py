"""A script: the text of demo jobs of any number of users, and the names to look for in it.

The texts are the demo's own, so names stand in them as densely as there: nine rows in ten are those of one account, the
others those of all users, the first of them the busiest.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from anonkit.demo import Population, population
from anonkit.demo.jobs import Chunk, jobs
from anonkit.plugin.contracts import Boundary
from anonkit.text.replace import TextReplacer
from anonkit.text.spellings import Literal, Literals
from benchmarks.names import handles
from benchmarks.never_repeating import suffixed

__all__ = ["COLUMNS", "literals", "main"]

COLUMNS = ("Environment", "Cmd")
CHUNK = 25_000


def main(folder: Path, identities: int, rows: int, *, repeating: bool) -> None:
    """Write ``text.arrow``, ``names.json`` and ``facts.json`` into `folder`; text of rows may repeat that of others."""
    folder.mkdir(parents=True)
    experiments = population(1_000).experiments
    users = handles(identities - len(experiments))
    names = [[handle, _rule(handle), f"UR_{number}"] for number, handle in enumerate(users, 1)]
    names += [[name, _rule_of_experiment(name), f"EX_{number}"] for number, name in enumerate(experiments, 1)]
    people = Population(users, (), experiments)
    chunks = [
        jobs(people, Chunk(number, min(CHUNK, rows - first), ()), seed=0).select(list(COLUMNS))
        for number, first in enumerate(range(0, rows, CHUNK))
    ]
    if not repeating:
        chunks = [suffixed(chunk, CHUNK * number) for number, chunk in enumerate(chunks)]
    text = pa.Table.from_batches(chunks)
    with pa.OSFile(str(folder / "text.arrow"), "wb") as file, pa.ipc.new_file(file, text.schema) as writer:
        writer.write_table(text)
    (folder / "names.json").write_text(json.dumps(names))
    (folder / "facts.json").write_text(json.dumps(_facts(text, TextReplacer(literals(names)))))


def literals(names: list[list[str]]) -> Literals:
    """Return what anonkit looks for: each name in every spelling and encoded form."""
    return Literals.from_literals(
        Literal(text, Boundary(rule), token, find_encoded=True) for text, rule, token in names
    )


def _rule(handle: str) -> str:
    if len(handle) <= 3:
        return "word"
    return "prefix" if len(handle) == 4 else "anywhere"


def _rule_of_experiment(name: str) -> str:
    return "word" if len(name) <= 2 else "prefix"


def _facts(text: pa.Table, garble: TextReplacer) -> dict[str, int]:
    """Return the bytes of the text and how many places in it are replaced."""
    places = 0
    for column in text.columns:
        for chunk in column.chunks:
            places += _tokens(garble(chunk)) - _tokens(chunk)
    size = sum(pc.sum(pc.binary_length(column)).as_py() or 0 for column in text.columns)
    return {"bytes": size, "places": places}


def _tokens(text: pa.Array) -> int:
    return int(pc.sum(pc.count_substring_regex(text, "(?:UR|EX)_[0-9]+")).as_py() or 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), repeating=sys.argv[4] == "repeating")
