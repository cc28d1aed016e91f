from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Call = Callable[..., Any]


def test_the_whole_of_it(call: Call) -> None:
    said = call("catalogue")
    assert said.status == 0, said.err
    head, *lines = said.out.splitlines()
    assert head.split() == ["name", "class", "kind", "type", "unit", "meaning"]
    assert len(lines) > 500
    assert any(line.startswith("MachineAttr*  ") for line in lines)


def test_parts_of_names(call: Call) -> None:
    said = call("catalogue", "*slottime*", "owner", "Owner")
    assert [line.split()[:2] for line in said.out.splitlines()[1:]] == [
        ["CommittedSlotTime", "quasi-identifier"],
        ["CumulativeSlotTime", "quasi-identifier"],
        ["Owner", "identity"],
    ]


def test_a_name_that_only_a_family_has(call: Call) -> None:
    said = call("catalogue", "MachineAttrMachine7")
    assert said.out.splitlines()[1].split()[:3] == ["MachineAttrMachine7", "identity", "host"]


def test_what_the_operator_says(call: Call) -> None:
    Path("mine.toml").write_text("[catalogue]\nnever = ['owner']\nplain = ['Weight']\n")
    assert call("catalogue", "Owner", "--config", "mine.toml").out.splitlines()[1].split()[1] == "never"
    assert call("catalogue", "Weight", "--config", "mine.toml").out.splitlines()[1].split() == ["Weight", "plain"]


def test_a_name_that_nothing_has(call: Call) -> None:
    said = call("catalogue", "Ownre")
    assert said.status == 2
    assert "no column 'Ownre' (did you mean 'Owner'?); '*part*' finds a part of a name" in said.err


def test_the_columns_of_files(call: Call) -> None:
    pq.write_table(pa.table({"User": ["annak"], "Mood": ["good"], "message": ["x"]}), "jobs.parquet")
    said = call("catalogue", "--data-dir", "jobs.parquet")
    assert [line.split()[:2] for line in said.out.splitlines()[1:]] == [
        ["User", "identity"],
        ["Mood", "unknown"],
        ["message", "never"],
    ]
    assert "not in the catalogue: text is garbled, a number may point at a person" in said.out


def test_files_that_are_not_there(call: Call) -> None:
    said = call("catalogue", "--data-dir", "nowhere")
    assert said.status == 1
    assert "nowhere: no such file or folder; check --data-dir" in said.err


def test_the_columns_of_a_preset(call: Call, tmp_path: Path) -> None:
    assert len(call("catalogue", "--preset", "slurm").out.splitlines()) == 123
    assert call("catalogue", "UID", "--preset", "slurm").out.splitlines()[1].split()[:2] == ["UID", "never"]
    assert "no preset 'slrum' (did you mean 'slurm'?)" in call("catalogue", "--preset", "slrum").err


def test_the_columns_of_files_are_those_of_their_preset(call: Call, tmp_path: Path) -> None:
    pq.write_table(pa.table({"JobID": ["1"], "State": ["FAILED"], "Account": ["x"]}), tmp_path / "a.parquet")
    said = call("catalogue", "--data-dir", str(tmp_path))
    assert ["Account", "text", "experiment"] in [line.split()[:3] for line in said.out.splitlines()]


def test_the_table_as_json(call: Call) -> None:
    (entry,) = json.loads(call("catalogue", "QDate", "--json").out)
    assert (entry["name"], entry["class"], entry["unit"]) == ("QDate", "quasi-identifier", "s since 1970")
