"""The schema that is shipped is that of the manifests that are written."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonkit.output.manifest_schema import manifest_schema
from anonkit.testing import run_plugins


def test_the_shipped_schema_is_that_of_the_classes() -> None:
    text = files("anonkit.output").joinpath("manifest.schema.json").read_text("utf-8")
    assert text == json.dumps(manifest_schema(), indent=2) + "\n"


@pytest.mark.parametrize("options", [{}, {"limit": 1}, {"audit": False}])
def test_a_manifest_fits_its_schema(tmp_path: Path, options: dict[str, object]) -> None:
    (tmp_path / "data").mkdir()
    pq.write_table(pa.table({"User": ["annak", "bertram"]}), tmp_path / "data" / "jobs.parquet")
    manifest = json.loads(
        run_plugins(tmp_path / "data", tmp_path / "out", columns=("User",), **options)["manifest.json"]
    )
    jsonschema.validate(manifest, manifest_schema())
    assert manifest["format"] == "anonkit-manifest-1"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**manifest, "rows": "2"}, manifest_schema())
