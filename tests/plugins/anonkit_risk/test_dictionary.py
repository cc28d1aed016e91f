"""Columns that only the data dictionary classes are quasi-identifiers."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_risk.dictionary import classed_as_quasi
from anonkit_risk.measure import risk

COLUMNS = [{"name": "User", "class": "identity"}, {"name": "Elapsed", "class": "quasi-identifier"}]


@pytest.fixture(params=["dataset.parquet", "dataset_North.parquet"])
def dataset(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    pq.write_table(pa.table({"User": ["UR_1", "UR_2", "UR_2"], "Elapsed": [1, 1, 2], "Note": ["a", "b", "c"]}), path)
    return path


def test_the_dictionary_beside_the_files_classes_columns(dataset: Path) -> None:
    dataset.with_name("dataset.json").write_text(json.dumps({"columns": COLUMNS}))
    result = risk(dataset)
    assert result.figures["quasi_identifiers"] == ["Elapsed"]
    assert risk(dataset.parent).figures == result.figures
    assert risk(dataset, {"columns": ["Note"]}).figures["quasi_identifiers"] == ["Note"]


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"columns": 1}', '{"columns": [{"name": "x"}]}', "\xff"])
def test_another_file_of_that_name_is_no_dictionary(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "dataset.json").write_text(text, encoding="latin-1")
    assert classed_as_quasi([tmp_path / "dataset.parquet"]) == ()
