"""Experiments in columns of groups."""

from __future__ import annotations

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.groups import experiments, in_group_column


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("nova", ["nova"]),
        ("group_nova", ["nova"]),
        ("group_nova.prod.annak@example.org", ["nova"]),
        ("nova.annak", ["nova"]),
        ("/nova/Role=Analysis/Capability=NULL", ["nova"]),
        ("/fermilab/nova/Role=Analysis", ["nova"]),
        ("/nova,/dune/production", ["nova", "dune"]),
        ("/DC=org/O=Example Laboratory/CN=Anna Example,/nova/Role=NULL", ["nova"]),
        ("nova,dune", ["nova", "dune"]),
        ('"nova"', ["nova"]),
        ('{"nova", "dune"}', ["nova", "dune"]),
        ('["/nova/Role=Analysis", "/dune"]', ["nova", "dune"]),
        ("none", []),
        ("", []),
    ],
)
def test_experiments(cell: str, names: list[str]) -> None:
    assert list(experiments(cell)) == names


def test_an_accounting_group_may_be_a_user_alone() -> None:
    cells = pa.array(["annak", "group_nova.annak", None, "nova"])
    assert in_group_column(cells, of_users=True).spellings.to_pylist() == ["nova"]
    assert in_group_column(cells, of_users=False).rows.to_pylist() == [0, 1, 3]
