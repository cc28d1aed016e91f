"""The demo data: exact, repeatable, awkward as told, with nobody in it whom `population` does not name."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections import Counter
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from anonkit.demo import Population, population, write_demo
from anonkit.demo.jobs import MACHINES, SCHEMA, SITES
from anonkit.demo.population import AWKWARD, KEYWORDS
from anonkit.demo.texts import ODDITIES, Style, Submission, texts

SMALL, LARGE = 5_000, 60_000

INPUT_COLUMNS = {
    "User": pa.string(),
    "RequestMemory": pa.int64(),
    "CumulativeSlotTime": pa.float64(),
    "JobsubClientIpAddress": pa.string(),
    "MATCH_EXP_JOB_Site": pa.string(),
    "DAG_NodesFailed": pa.int64(),
    "NumJobCompletions": pa.string(),
    "NumJobStarts": pa.int64(),
    "Cmd": pa.string(),
    "Environment": pa.string(),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_demo(tmp_path_factory.mktemp("small"), rows=SMALL)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """All rows of a larger set, but for those of the file that disagrees."""
    files = write_demo(tmp_path_factory.mktemp("large"), rows=LARGE)
    return pa.concat_tables(pq.read_table(file) for file in files[:-1])


def distinct(expression: str, files: list[Path]) -> set[object]:
    """The values of a SQL expression over the rows of all files."""
    source = duckdb.read_parquet([str(file) for file in files], union_by_name=True)
    return {value for (value,) in source.project(expression).distinct().fetchall()}


def share(mask: pa.ChunkedArray) -> float:
    return float(pc.mean(pc.fill_null(mask, False)).as_py())


def strings(files: list[Path]) -> set[str]:
    """Every distinct string in every column of the files."""
    found: set[str] = set()
    for file in files:
        for column in pq.read_table(file).columns:
            if pa.types.is_dictionary(column.type):
                column = column.cast(pa.string())
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                found.update(pc.drop_null(column.unique()).to_pylist())
    return found


def digests(files: list[Path]) -> list[tuple[str, str]]:
    return [(file.name, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]


def test_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first = digests(write_demo(tmp_path / "a", rows=2_000, seed=3, files=3))
    assert digests(write_demo(tmp_path / "b", rows=2_000, seed=3, files=3)) == first
    assert digests(write_demo(tmp_path / "a", rows=2_000, seed=3, files=3)) == first
    assert digests(write_demo(tmp_path / "c", rows=2_000, seed=4, files=3)) != first


@pytest.mark.parametrize(
    ("rows", "files", "written"),
    [(0, 6, 1), (1, 6, 1), (4, 6, 4), (90, 6, 6), (1_234, 1, 1), (1_234, 30, 30), (51_000, 1, 1)],
)
def test_rows_are_exact(tmp_path: Path, rows: int, files: int, written: int) -> None:
    paths = write_demo(tmp_path / "new" / "folder", rows=rows, files=files)
    assert sum(pq.read_metadata(path).num_rows for path in paths) == rows
    assert len(paths) == written
    assert paths == sorted((tmp_path / "new" / "folder").iterdir())


def test_files_are_named_by_the_hour(tmp_path: Path) -> None:
    names = [file.name for file in write_demo(tmp_path, rows=25, files=25)]
    assert names[:2] == ["fifebatch-2023-12-31-00.parquet", "fifebatch-2023-12-31-01.parquet"]
    assert names[23:] == ["fifebatch-2023-12-31-23.parquet", "fifebatch-2024-01-01-00.parquet"]


def test_row_groups_are_bounded(tmp_path: Path) -> None:
    [file] = write_demo(tmp_path, rows=110_000, files=1)
    metadata = pq.read_metadata(file)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    assert [group.num_rows for group in groups] == [36_667, 36_667, 36_666]
    assert {group.column(0).compression for group in groups} == {"ZSTD"}


def test_schema_has_the_input_columns(small: list[Path]) -> None:
    schemas = [pq.read_schema(file) for file in small[:-1]]
    assert all(schema.equals(SCHEMA) for schema in schemas)
    assert {name: SCHEMA.field(name).type for name in INPUT_COLUMNS} == INPUT_COLUMNS


def test_last_file_disagrees(small: list[Path]) -> None:
    table = pq.read_table(small[-1])
    assert set(SCHEMA.names) - set(table.column_names) == {"Args"}
    assert set(table.column_names) - set(SCHEMA.names) == {"JobUniverse"}
    assert pa.types.is_dictionary(table["User"].type)
    assert table["RequestMemory"].type == pa.string()
    assert table["NumJobCompletions"].type == pa.int64()
    assert table["JobsubClientIpAddress"].type == pa.uint32()
    assert table["Environment"].type == pa.large_string()
    numbers = pc.drop_null(table["JobsubClientIpAddress"].unique()).to_pylist()
    written = {str(ipaddress.IPv4Address(number)) for number in numbers}
    assert written <= set(population(SMALL).ips)
    assert "192.0.2.1" in written


def test_a_single_file_agrees_with_itself(tmp_path: Path) -> None:
    [file] = write_demo(tmp_path, rows=50, files=1)
    assert pq.read_schema(file).equals(SCHEMA)


def test_users_are_uneven(large: pa.Table) -> None:
    production = share(pc.equal(large["User"], f"{AWKWARD[0]}@example.org"))
    nameless = share(pc.invert(pc.match_substring(pc.fill_null(large["User"], ""), "@")))
    assert production == pytest.approx(0.9, abs=0.05)
    assert 0 < nameless < 0.01


def test_missing_addresses(large: pa.Table) -> None:
    counts = Counter(large["JobsubClientIpAddress"].to_pylist())
    missing = [None, "", "undefined", "___null___"]
    assert all(counts[value] for value in [*missing, "unknown-host", "192.0.2.1, 198.51.100.7"])
    assert sum(counts[value] for value in missing) / len(large) == pytest.approx(0.13, abs=0.01)
    assert any(":" in (value or "") for value in counts)


def test_sites(large: pa.Table) -> None:
    counts = Counter(large["MATCH_EXP_JOB_Site"].to_pylist())
    assert counts["FermiGrid"] / len(large) == pytest.approx(0.4, abs=0.04)
    assert sum(counts[value] for value in (None, "None", "")) / len(large) == pytest.approx(0.13, abs=0.03)
    assert set(counts) == set(SITES)


def test_failures(large: pa.Table) -> None:
    counts = Counter(large["NumJobCompletions"].to_pylist())
    failed = pc.and_(pc.greater(large["NumJobStarts"], 0), pc.equal(large["NumJobCompletions"], "0"))
    assert set(counts) == {"0", "1", "n/a"}
    assert counts["n/a"] < 50
    assert share(failed) == pytest.approx(0.03, abs=0.015)


def test_environment_styles(large: pa.Table) -> None:
    cells = large["Environment"]
    lengths = pc.utf8_length(cells)
    assert share(pc.match_substring_regex(cells, r"^\w+=[^; ]*;")) == pytest.approx(0.13, abs=0.04)
    assert 0 < share(pc.starts_with(cells, '{"')) < 0.03
    assert share(pc.match_substring(cells, "BEARER_TOKEN_FILE=.condor")) == pytest.approx(0.86, abs=0.04)
    assert 400 < pc.quantile(lengths, 0.5)[0].as_py() < 700
    assert pc.max(lengths).as_py() < 1_300


def test_hostile_environments_occur_even_in_small_sets(small: list[Path]) -> None:
    everything = "\n".join(strings(small))
    forged = "\n— Job #7 —\nUser: nobody"
    for mark in (forged, "\x1b]0;", "=SUM(", "<script>", "it''s a ''quoted''", "%% not an environment"):
        assert mark in everything


def test_command_lengths(large: pa.Table) -> None:
    assert 70 < pc.quantile(pc.utf8_length(large["Cmd"]), 0.5)[0].as_py() < 95
    assert pc.max(pc.utf8_length(large["Args"])).as_py() > 900


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_awkward_handles_occur_in_small_sets(tmp_path: Path, seed: int) -> None:
    files = write_demo(tmp_path, rows=SMALL, seed=seed)
    assert {f"{handle}@example.org" for handle in AWKWARD} <= distinct('"User"', files)


@pytest.mark.parametrize(("rows", "files"), [(1, 6), (7, 3), (90, 6), (SMALL, 6), (SMALL, 1)])
def test_population_is_the_truth(tmp_path: Path, rows: int, files: int) -> None:
    people = population(rows, seed=5)
    paths = write_demo(tmp_path, rows=rows, seed=5, files=files)
    users = distinct("split_part(\"User\", '@', 1)", paths) - {"", "   ", "undefined", None}
    experiments = distinct(r"lower(regexp_extract(Environment, '\bEXPERIMENT=(\w+)', 1))", paths) - {"", None}
    assert users == set(people.users)
    assert distinct("Owner", paths) <= users
    assert distinct("Jobsub_Group", paths) | experiments <= set(people.experiments)
    assert set(people.experiments) <= experiments | set(KEYWORDS)


def test_every_address_in_any_text_is_in_the_population(small: list[Path]) -> None:
    everything = "\n".join(strings(small))
    dotted = set(re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", everything))
    coloned = re.findall(r"(?i)\b2001:db8:[0-9a-f:]+", everything)
    colons = {str(ipaddress.ip_address(text)) for text in coloned}
    assert dotted | colons <= set(population(SMALL).ips)
    assert any(address.startswith("203.0.113.") for address in dotted)
    assert "2001:db8:5::1" in colons


def test_colleagues_in_data_set_names_are_in_the_population(small: list[Path]) -> None:
    people = population(SMALL)
    experiment = "|".join(people.experiments)
    maker = re.compile(rf"(?:SAMDATASET=|SAM_DATASET=|--dataset )(\S+?)_(?:{experiment})_")
    mentioned = {handle for text in strings(small) for handle in maker.findall(text)}
    assert mentioned <= set(people.users)
    assert len(mentioned) > len(people.users) // 2


def test_population_grows_slowly() -> None:
    sizes = (0, 1, 90, 200_000, 10_000_000, 2_000_000_000)
    assert [len(population(rows).users) for rows in sizes] == [0, 1, 9, 51, 2_001, 5_000]


def test_population_of_more_rows_begins_with_that_of_fewer() -> None:
    few, many = population(90, seed=2).users, population(1_000_000, seed=2).users
    assert many[: len(few)] == few
    assert len(set(many)) == len(many)


def test_population_is_normalised() -> None:
    people = population(10_000_000)
    assert all(str(ipaddress.ip_address(ip)) == ip for ip in people.ips)
    assert all(name == name.lower() for name in people.experiments)
    assert population(0) == Population((), (), ())


def fixed_text() -> str:
    """What the data says whoever is in it: texts with signs for the people, and the fixed values."""
    dice = Random(0)
    parts = [*SCHEMA.names, *filter(None, SITES), *MACHINES]
    for style in Style:
        for oddity in [None] * 300 + list(range(ODDITIES)):
            job = Submission("¤", "¤", "§", 10_000_000, 1_703_980_800, style, oddity)
            parts += filter(None, texts(job, dice).values())
    return "\n".join(parts).lower()


def test_no_identity_hits_fixed_text_by_chance() -> None:
    text = fixed_text()
    people = population(10_000_000)
    words = set(re.findall(r"[^\W_]+", text)) - {name.lower() for name in SCHEMA.names}
    anywhere = {handle for handle in people.users if len(handle) >= 5 and handle.lower() in text}
    short = [handle.lower() for handle in people.users if len(handle) < 5]
    names = (*short, *people.experiments)
    assert not anywhere
    assert not {word for word in words if word.startswith(names)}


def test_other_parquet_files_are_not_mixed_in(tmp_path: Path) -> None:
    write_demo(tmp_path, rows=20, files=3)
    with pytest.raises(FileExistsError, match=r"2023-12-31-02\.parquet.*name a new folder"):
        write_demo(tmp_path, rows=20, files=2)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "mine.parquet").touch()
    with pytest.raises(FileExistsError, match=r"mine\.parquet"):
        write_demo(tmp_path, rows=20, files=3)


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    write_demo(tmp_path, rows=1)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_output_must_be_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(FileExistsError, match="is a file: name a folder"):
        write_demo(file, rows=1)


@pytest.mark.parametrize(
    ("rows", "seed", "files", "message"),
    [(-1, 0, 6, "rows is -1"), (1, -1, 6, "seed is -1"), (1, 0, 0, "files is 0")],
)
def test_impossible_numbers(tmp_path: Path, rows: int, seed: int, files: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write_demo(tmp_path / "never", rows=rows, seed=seed, files=files)
    assert not (tmp_path / "never").exists()
