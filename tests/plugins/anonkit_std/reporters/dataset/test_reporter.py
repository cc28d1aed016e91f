"""The data set: everybody can open it, it holds what the input held, and nobody's name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.options.dataset import DatasetOptions
from anonkit_std.reporters.dataset.reporter import Dataset

import anonkit
from anonkit.api import AttributeClass, ConfigError, attribute
from anonkit.auditing.parquet import parquet_streams
from anonkit.demo import population, write_demo
from anonkit.testing import ReporterContract, run_plugins

ROWS = 1500


def dataset(**options: Any) -> Dataset:
    return Dataset(DatasetOptions(**options))


class TestContract(ReporterContract):
    rows = 60

    @pytest.fixture(params=[{}, {"partition_by": "MATCH_EXP_JOB_Site"}, {"sort_by": ("User", "QDate")}])
    def reporter(self, request: pytest.FixtureRequest) -> Dataset:
        return dataset(columns=("*",), row_group_rows=25, **request.param)


def test_merged_states_count_the_rows_of_both() -> None:
    """Nothing that is written shows it: the rows of a file are counted as they are written."""
    assert dataset().merge(400, 300) == 700


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_demo(folder, rows=ROWS, files=3, all_attributes=True)
    return folder


@pytest.fixture(scope="module")
def outputs(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    run_plugins(data, folder, reporters=[dataset(columns=("*",), row_group_rows=400)])
    return folder


def run(data: Path, folder: Path, options: dict[str, Any], **run: Any) -> dict[str, bytes]:
    """What a configured run writes of the data set."""
    others = {name: {"enabled": False} for name in ("summary", "failed_users", "site_jobs", "cmd_env_report")}
    tables = {
        "run": {"data_dir": str(data), "output_dir": str(folder), "workers": 1, **run},
        "reporters": {"dataset": {"enabled": True, **options}, **others},
    }
    anonkit.run(anonkit.load(tables, environ={}))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def decompressed(file: Path) -> bytes:
    """Return the footer, pages and values of a parquet file."""
    streams = parquet_streams((file.name,), lambda: file.open("rb"))
    return b"\n".join(chunk for stream in streams for chunk in stream.chunks())


def written(folder: Path, table: pa.Table) -> Path:
    folder.mkdir(exist_ok=True)
    pq.write_table(table, folder / "jobs.parquet", compression="none")
    return folder


class TestOpening:
    def test_row_groups(self, outputs: Path) -> None:
        footer = pq.read_metadata(outputs / "dataset.parquet")
        assert [footer.row_group(place).num_rows for place in range(footer.num_row_groups)] == [400, 400, 400, 300]
        assert footer.metadata is None

    def test_by_duckdb_polars_and_pandas(self, outputs: Path) -> None:
        file = str(outputs / "dataset.parquet")
        assert len(duckdb.sql(f"SELECT \"User\" FROM '{file}'").fetchall()) == ROWS
        assert polars.read_parquet(file).height == ROWS
        assert len(pandas.read_parquet(file)) == ROWS

    def test_no_column_is_of_a_type_with_foreign_values(self, outputs: Path) -> None:
        schema = pq.read_schema(outputs / "dataset.parquet")
        assert not any(pa.types.is_dictionary(field.type) for field in schema)
        assert schema.metadata is None
        assert not any(field.metadata and b"anonkit.numeric" in field.metadata for field in schema)


class TestValues:
    def test_columns_without_identities_are_unchanged(self, data: Path, outputs: Path) -> None:
        """DuckDB, which anonkit does not use, compares all rows in their order."""
        schema = pq.read_schema(outputs / "dataset.parquet")
        known = {name: attribute(name) for name in schema.names}
        harmless = (AttributeClass.QUASI_IDENTIFIER, AttributeClass.PLAIN)
        columns = [name for name, one in known.items() if one and one.cls in harmless]
        # Text is garbled; of a site's name the spellings for null are gone.
        columns = [name for name in columns if not pa.types.is_string(schema.field(name).type)]
        assert len(columns) > 15
        files = ", ".join(f"'{path}'" for path in sorted(data.glob("*.parquet")))
        given = {name for path in data.glob("*.parquet") for name in pq.read_schema(path).names}
        shown = ", ".join(f'CAST("{name}" AS DOUBLE)' for name in columns if name in given)
        before = duckdb.sql(f"SELECT {shown} FROM read_parquet([{files}], union_by_name=true)").fetchall()
        after = duckdb.sql(f"SELECT {shown} FROM '{outputs / 'dataset.parquet'}'").fetchall()
        assert after == before
        assert len(after) == ROWS

    def test_a_column_of_numbers_and_texts_is_text(self, outputs: Path) -> None:
        table = pq.read_table(outputs / "dataset.parquet", columns=["RequestMemory", "NumJobCompletions"])
        assert table.schema.types == [pa.string(), pa.string()]
        assert {"2000", "8000"} <= set(table["RequestMemory"].to_pylist())

    def test_rows_are_sorted_within_a_row_group(self, data: Path, tmp_path: Path) -> None:
        run(data, tmp_path, {"columns": ["QDate", "User"], "sort_by": ["User", "QDate"], "row_group_rows": 500})
        file = pq.ParquetFile(tmp_path / "dataset.parquet")
        for place in range(3):
            rows = file.read_row_group(place).to_pylist()
            assert rows == sorted(rows, key=lambda row: (row["User"] is None, row["User"] or "", row["QDate"]))
            assert [one.column_index for one in file.metadata.row_group(place).sorting_columns] == [1, 0]

    def test_lists_cannot_be_sorted_by(self, tmp_path: Path) -> None:
        data = written(tmp_path / "data", pa.table({"User": ["annak"], "Sites": [["a"]]}))
        with pytest.raises(ConfigError) as caught:
            run(data, tmp_path / "out", {"sort_by": ["Sites"]}, allow=[], columns=["User"])
        assert any(
            "sort_by: 'Sites' holds lists or structs; name another column" in one for one in caught.value.mistakes
        )


class TestNobody:
    def test_no_page_holds_an_identity(self, data: Path, tmp_path: Path) -> None:
        run(data, tmp_path, {"columns": ["*"]})
        found = decompressed(tmp_path / "dataset.parquet").lower()
        assert b"ur_1" in found
        people = population(ROWS)
        handles = [handle for handle in people.users if len(handle) > 4]
        assert len(handles) > 10
        assert not [handle for handle in handles if handle.lower().encode() in found]
        assert not [name for name in people.experiments if len(name) > 4 and name.encode() in found]

    def test_no_page_holds_an_identity_of_other_rows(self, tmp_path: Path) -> None:
        """A file may carry a dictionary of everybody, of whom few have rows in it."""
        names = [f"someb{number}dy" for number in range(100, 1100)]
        users = pa.DictionaryArray.from_arrays(pa.array([3, 5, 3], pa.int32()), pa.array(names))
        nested = pa.DictionaryArray.from_arrays(pa.array([5, 3, 5], pa.int32()), pa.array(names))
        lists = pa.ListArray.from_arrays([0, 1, 2, 3], nested)
        hidden = pa.array(names[:3], mask=[True] * 3)
        table = pa.table({"User": users, "Args": users, "Sites": lists, "Iwd": hidden})
        data = written(tmp_path / "data", table)
        assert b"someb999dy" in (data / "jobs.parquet").read_bytes()
        options = {"columns": ["User", "Args", "Iwd", "Sites"]}
        run(data, tmp_path / "out", options, columns=["User"])
        found = decompressed(tmp_path / "out" / "dataset.parquet")
        assert b"UR_1" in found
        assert not [name for name in names if name.encode() in found]


class TestColumns:
    def test_those_of_the_row_record(self, data: Path, tmp_path: Path) -> None:
        run(data, tmp_path, {}, columns=["User", "QDate"])
        assert pq.read_schema(tmp_path / "dataset.parquet").names == ["User", "QDate"]

    def test_columns_left_out_are_listed(self, outputs: Path) -> None:
        told = json.loads((outputs / "dataset.json").read_bytes())
        left = {one["name"]: one["class"] for one in told["left_out"]}
        assert {left[name] for name in ("message", "ClaimId", "AuthTokenId")} == {"never"}
        assert left["SiteMood"] == "not in the catalogue"
        names = pq.read_schema(outputs / "dataset.parquet").names
        assert [one["name"] for one in told["columns"]] == names
        assert not set(left) & set(names)
        assert told["files"] == [{"file": "dataset.parquet", "rows": ROWS}]

    def test_a_secret_that_is_named_is_refused(self, data: Path, tmp_path: Path) -> None:
        with pytest.raises(
            ConfigError, match="reporter dataset asks for the column 'ClaimId', which must not be passed"
        ):
            run(data, tmp_path / "out", {"columns": ["User", "ClaimId"]})
        assert not (tmp_path / "out" / "manifest.json").exists()

    def test_an_allowed_one_goes_in_garbled(self, data: Path, tmp_path: Path) -> None:
        some = written(tmp_path / "data", pq.read_table(min(data.glob("*.parquet"))).slice(0, 60))
        run(some, tmp_path / "out", {"columns": ["*"]}, allow=["message"])
        cells = pq.read_table(tmp_path / "out" / "dataset.parquet", columns=["message"])["message"].to_pylist()
        assert cells[0].startswith('MyType = "Job"\nOwner = "UR_')

    def test_a_column_that_is_not_there(self, data: Path, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"reporter dataset needs a column 'Usr', .* \(did you mean 'User'\?\)"):
            run(data, tmp_path, {"columns": ["Usr"]})

    @pytest.mark.parametrize("name", ["a|b", "<b>", "x.y", "`", "z\nz", " ", "*a*", "ö" * 300])
    def test_hostile_names(self, tmp_path: Path, name: str) -> None:
        data = written(tmp_path / "data", pa.table({"User": ["annak"], name: ["by annak"]}))
        found = run(data, tmp_path / "out", {"columns": ["User", name], "sort_by": [name]}, columns=["User"])
        assert pq.read_table(tmp_path / "out" / "dataset.parquet").to_pylist() == [{"User": "UR_1", name: "by UR_1"}]
        assert json.loads(found["dataset.json"])["columns"][1]["name"] == name

    def test_no_rows(self, tmp_path: Path) -> None:
        data = written(
            tmp_path / "data", pa.table({"User": pa.array([], pa.string()), "QDate": pa.array([], pa.int64())})
        )
        run(data, tmp_path / "out", {"columns": ["*"]}, columns=["User"])
        assert pq.read_table(tmp_path / "out" / "dataset.parquet").to_pydict() == {"User": [], "QDate": []}


class TestParts:
    VALUES = (
        "FermiGrid",
        "fermigrid",
        "../up",
        "a/b",
        "",
        None,
        "__null__",
        "con",
        "x" * 400,
        "\u202egnp.exe",
        ".hidden",
    )

    def test_every_value_has_a_file_of_its_own(self, tmp_path: Path) -> None:
        table = pa.table({"User": ["annak"] * 22, "Site": [*self.VALUES] * 2, "n": range(22)})
        data = written(tmp_path / "data", table)
        options = {"columns": ["Site", "n"], "partition_by": "Site", "file": "jobs.parquet"}
        found = run(data, tmp_path / "out", options, columns=["User"], null_values=[])
        files = sorted(name for name in found if name.startswith("jobs.") and name.endswith(".parquet"))
        assert len(files) == len({name.casefold() for name in files}) == len(self.VALUES)
        rows = [pq.read_table(tmp_path / "out" / name).to_pylist() for name in files]
        assert all(len({row["Site"] for row in part}) == 1 for part in rows)
        assert all(part[1]["n"] - part[0]["n"] == 11 and len(part) == 2 for part in rows)
        assert sorted(row["n"] for part in rows for row in part) == list(range(22))
        assert {"jobs.FermiGrid.parquet", "jobs.json", "jobs.md"} <= set(found)
        assert all(len(name.encode()) < 255 and "/" not in name for name in files)

    def test_by_users_the_files_have_tokens_for_names(self, tmp_path: Path) -> None:
        data = written(tmp_path / "data", pa.table({"User": ["annak@example.org", "kova@example.org"]}))
        found = run(data, tmp_path / "out", {"partition_by": "User"}, columns=["User"])
        assert {name for name in found if name.endswith(".parquet")} == {
            "dataset.UR_1@example.org.parquet",
            "dataset.UR_2@example.org.parquet",
        }

    def test_by_numbers_that_are_written_alike(self, tmp_path: Path) -> None:
        data = written(tmp_path / "data", pa.table({"User": ["a", "b", "c"], "x": [0.0, -0.0, 1.5]}))
        found = run(data, tmp_path / "out", {"partition_by": "x", "columns": ["x"]}, columns=["User"])
        told = json.loads(found["dataset.json"])
        assert sum(one["rows"] for one in told["files"]) == 3


class TestOptions:
    @pytest.mark.parametrize(
        ("options", "mistake"),
        [
            (
                {"accept": ["plane"]},
                "accept: 'plane' is not a class that can be accepted (did you mean 'plain'?); "
                "there is identity, text, quasi-identifier, plain",
            ),
            (
                {"accept": ["never"]},
                "accept: 'never' is not a class that can be accepted; there is identity, text, quasi-identifier, plain",
            ),
            ({"compression_level": 23}, "compression_level: expected 1 to 22, found 23"),
        ],
    )
    def test_mistakes(self, options: dict[str, Any], mistake: str) -> None:
        with pytest.raises(ConfigError) as caught:
            anonkit.load({"reporters": {"dataset": {"enabled": True, **options}}}, environ={}, complete=False)
        assert caught.value.mistakes == (f"[reporters.dataset]: {mistake}",)

    def test_row_groups_have_rows(self) -> None:
        with pytest.raises(ConfigError, match=r"row_group_rows: expected at least 1, found 0"):
            anonkit.load({"reporters": {"dataset": {"row_group_rows": 0}}}, environ={}, complete=False)
