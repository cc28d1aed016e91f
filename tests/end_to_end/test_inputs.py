"""Several inputs of one run."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonkit.config import load
from anonkit.engine.coordinator import run
from anonkit.errors import ConfigError, InputError

COLUMNS = {"NumJobStarts": [1], "NumJobCompletions": [1]}


@pytest.fixture
def inputs(tmp_path: Path) -> tuple[Path, Path]:
    for number, user in enumerate(("annakow", "bodewig"), 1):
        folder = tmp_path / f"in{number}"
        folder.mkdir()
        pq.write_table(pa.table({"User": [user], **COLUMNS}), folder / "jobs.parquet")
    return tmp_path / "in2", tmp_path / "in1"


def settings(inputs: tuple[Path, ...], out: Path, **more: object) -> object:
    first, *others = map(str, inputs)
    tables = {"run": {"data_dir": first, "more_data": others, "output_dir": str(out), "workers": 1, **more}}
    return load({**tables, "reporters": {"cmd_env_report": {"enabled": False}}}, environ={})


def test_inputs_are_read_in_their_order(tmp_path: Path, inputs: tuple[Path, Path]) -> None:
    mapping = tmp_path / "mapping.json"
    result = run(settings(inputs, tmp_path / "out", mapping=str(mapping)))  # type: ignore[arg-type]
    assert result.rows == 2
    text = mapping.read_text()
    assert text.index("bodewig") < text.index("annakow")


def test_a_file_of_two_inputs_is_read_once(tmp_path: Path, inputs: tuple[Path, Path]) -> None:
    result = run(settings((*inputs, inputs[0] / "jobs.parquet"), tmp_path / "out"))  # type: ignore[arg-type]
    assert result.rows == 2
    assert "jobs.parquet is in two inputs, and read once" in result.warnings


def test_the_name_of_a_file_has_the_number_of_its_input(tmp_path: Path, inputs: tuple[Path, Path]) -> None:
    (inputs[1] / "jobs.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"^2/jobs\.parquet: "):
        run(settings(inputs, tmp_path / "out"))  # type: ignore[arg-type]


def test_standard_input_comes_first() -> None:
    with pytest.raises(ConfigError, match="- is standard input, and read once: give it first"):
        load({"run": {"data_dir": "x", "more_data": ["-"], "output_dir": "y"}}, environ={})
