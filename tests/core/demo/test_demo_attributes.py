"""The demo data with all attributes: every class, and a row's attributes tell of the same user, group and machine."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from anonkit.api import AttributeClass, attribute
from anonkit.cli import main
from anonkit.demo import population, write_demo
from anonkit.demo.attributes import FURTHER, full_name
from anonkit.demo.jobs import SCHEMA

ROWS = 2_000


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_demo(tmp_path_factory.mktemp("all"), rows=ROWS, all_attributes=True)


def counted(condition: str, files: list[Path]) -> int:
    source = duckdb.read_parquet([str(file) for file in files], union_by_name=True)
    return len(source.filter(condition).project("Owner").fetchall())


def test_there_is_a_column_of_every_class_and_one_that_is_not_known() -> None:
    known = [attribute(name) for name in FURTHER.names]
    assert {one.cls for one in known if one} == set(AttributeClass)
    assert known.count(None) == 1


def test_the_usual_columns_are_the_same(files: list[Path], tmp_path: Path) -> None:
    usual = write_demo(tmp_path, rows=ROWS)
    for one, other in zip(files, usual, strict=True):
        assert pq.read_table(one, columns=pq.read_schema(other).names).equals(pq.read_table(other))
    assert pq.read_schema(files[0]).names == [*SCHEMA.names, *FURTHER.names]


def test_the_same_arguments_give_the_same_bytes(files: list[Path], tmp_path: Path) -> None:
    again = write_demo(tmp_path, rows=ROWS, all_attributes=True)
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in files]


@pytest.mark.parametrize(
    "column",
    [
        *("JobsubClientDN", "NotifyUser", "x509userproxy", "AuthTokenSubject", "AuthTokenScopes", "TransferInput"),
        *("SUBMIT_Iwd", "JobBatchName", "SiteMood", "message"),
    ],
)
def test_a_row_tells_of_one_user(files: list[Path], column: str) -> None:
    assert counted(f"NOT contains({column}, Owner)", files) == 0


def test_a_row_tells_of_one_machine(files: list[Path]) -> None:
    assert counted("RemoteHost <> LastRemoteHost OR NOT ends_with(RemoteHost, MachineAttrMachine0)", files) == 0
    address = "split_part(StartdPrincipal, '/', 2)"
    assert counted(f"NOT starts_with(LastPublicClaimId, '<' || {address} || ':')", files) == 0
    assert counted("ClaimId = LastPublicClaimId OR NOT contains(message, ClaimId)", files) == 0


def test_times_follow_each_other(files: list[Path]) -> None:
    assert counted("QDate_ms <> 1000 * QDate OR JobStartDate <= QDate", files) == 0
    assert counted("CompletionDate < JobStartDate AND CompletionDate <> 0", files) == 0


def test_full_names_are_steady_and_say_no_handle() -> None:
    names = {handle: full_name(handle) for handle in population(10_000_000).users}
    assert len(set(names.values())) > 50
    assert not [name for handle, name in names.items() if len(handle) > 3 and handle.lower() in name.lower()]


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", str(tmp_path / "data"), "--rows", "20", "--files", "1", "--attributes", "all"]) == 0
    [file] = (tmp_path / "data").iterdir()
    assert "ClaimId" in pq.read_schema(file).names
    assert "20 rows" in capsys.readouterr().out
