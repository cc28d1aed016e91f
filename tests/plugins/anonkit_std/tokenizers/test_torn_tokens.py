"""A token in a cell of users is whole, and nothing but its domain follows it, whatever names the domain holds."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import anonkit

CELL = re.compile(r"UR_[0-9]+(?:@(?:[^A-Z]|(?:UR_|EX_|IP)[0-9]+(?![0-9]))*)?\Z")
PIECES = st.lists(
    st.sampled_from(["@", "ann", "@ann", " ", ".", "1", "anna", "_", "example.org", "192.0.2.1"]), max_size=5
)


def written(cells: list[str], experiments: list[str]) -> list[str]:
    rows = [
        {"User": f"{cell}x", "Owner": cell, "JobsubClientIpAddress": "192.0.2.1", "Cmd": "x",
         "Environment": f"A=1 EXPERIMENT={experiment} B=2"}
        for cell, experiment in zip(cells, experiments, strict=True)
    ]  # fmt: skip
    config = {"anonymizers": {"user": {"columns": ["Owner"]}}, "run": {"columns": ["User", "Owner", "Environment"]}}
    table = anonkit.anonymize(pa.Table.from_pylist(rows), config).read_all()
    return [cell for name in ("User", "Owner") for cell in table[name].to_pylist() if cell is not None]


@settings(max_examples=max(settings().max_examples // 3, 15))
@given(st.lists(st.tuples(PIECES, PIECES), min_size=1, max_size=12))
def test_a_token_is_whole(rows: list[tuple[list[str], list[str]]]) -> None:
    cells, experiments = (["".join(pieces) for pieces in column] for column in zip(*rows, strict=True))
    for cell in written(cells, experiments):
        assert CELL.match(cell) or "UR_" not in cell


@pytest.mark.parametrize(("cell", "experiment"), [(" @ann.example.org", "@ann"), ("ann@ann", "ann"), ("x@1ann", "ann")])
def test_a_name_that_begins_the_domain_leaves_the_token_whole(cell: str, experiment: str) -> None:
    assert all(map(CELL.match, (one for one in written([cell], [experiment]) if "UR_" in one)))
