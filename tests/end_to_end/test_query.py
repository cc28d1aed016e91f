"""`[run] sql`: the run reads the result of a query, and knows whom the files name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import anonkit
from anonkit.config import load
from anonkit.engine.coordinator import run
from anonkit.engine.plan import plan
from anonkit.engine.results import RunResult
from anonkit.errors import ConfigError

ROWS = {
    "User": ["annakow@example.org", "bodewig@example.org", "annakow@example.org", "71001"],
    "Owner": ["annakow", "bodewig", "carlotta", "71001"],
    "Cmd": ["/x/run.sh carlotta", "/x/b.sh", "/x/doraland/c.sh", "/x/d.sh"],
    "Environment": ["A=1", "USER=doraland", None, "B=2"],
    "JobsubClientIpAddress": pa.array([3221225985, 3221225986, 3221225985, None], pa.uint32()),
    "RequestMemory": [1000, 2000, 3000, 4000],
    "NumJobStarts": [1, 1, 1, 1],
    "NumJobCompletions": ["0", "1", "1", "1"],
    "ClaimId": ["secret#1"] * 4,
}
NAMES = (b"annakow", b"bodewig", b"carlotta", b"doraland", b"71001", b"3221225985", b"192.0.2", b"secret#1")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jobs")
    pq.write_table(pa.table(ROWS), folder / "a.parquet")
    return folder


def settings(data: Path, out: Path, sql: str, **more: Any) -> Any:
    tables: dict[str, Any] = {
        "run": {"data_dir": str(data), "output_dir": str(out), "workers": 1, "sql": sql, **more},
        "catalogue": {"plain": ["twice", "more", "n", "same"], "text": ["said", "c", "other"]},
        "reporters": {"dataset": {"enabled": True}, "cmd_env_report": {"enabled": "AS Environment" in sql}},
    }
    return load(tables, environ={})


def ran(data: Path, out: Path, sql: str, **more: Any) -> RunResult:
    return run(settings(data, out, sql, **more))


def rows(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(out / "dataset.parquet").to_pylist()
    return found


FORMS = (
    "SELECT User, Cmd, NumJobStarts, NumJobCompletions FROM jobs ORDER BY RequestMemory DESC",
    "SELECT User, Cmd AS said, Environment AS Environment, Cmd, NumJobStarts, NumJobCompletions FROM jobs",
    "SELECT User, upper(Cmd) || ' ' || coalesce(Environment, '') AS said, NumJobStarts, NumJobCompletions FROM jobs",
    "SELECT lower(User) AS User, list(Cmd) AS said, 1 AS NumJobStarts, 0 AS NumJobCompletions FROM jobs GROUP BY ALL",
    "WITH t AS (SELECT *, Cmd AS c FROM jobs j) SELECT User, t.c, count(Owner) AS n, count(*) AS NumJobStarts, "
    "User = Owner AS same, 0 AS NumJobCompletions FROM t GROUP BY ALL",
    "SELECT * EXCLUDE (Owner, Environment) REPLACE ('x' || Cmd AS Cmd) FROM jobs",
    "SELECT a.User, a.JobsubClientIpAddress, b.Cmd AS other, a.NumJobStarts, a.NumJobCompletions "
    "FROM jobs a JOIN jobs b ON a.Owner = b.Owner",
)


@pytest.mark.parametrize("sql", FORMS)
def test_no_name_is_left(tmp_path: Path, data: Path, sql: str) -> None:
    ran(data, tmp_path / "out", sql)
    for path in (tmp_path / "out").iterdir():
        content = path.read_bytes()
        values = content + repr(rows(tmp_path / "out")).encode() if path.suffix == ".parquet" else content
        assert not [name for name in NAMES if name in values.lower()], path.name
    assert not list((tmp_path / "out").glob(".*"))


def test_the_result_is_the_input(tmp_path: Path, data: Path) -> None:
    sql = (
        "SELECT User, RequestMemory * 2 AS twice, NumJobStarts, NumJobCompletions FROM jobs WHERE RequestMemory > 1500"
    )
    result = ran(data, tmp_path / "out", sql, limit=2)
    assert (result.rows, result.rows_of_input) == (2, 4)
    assert [row["twice"] for row in rows(tmp_path / "out")] == [4000, 6000]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    shown = sql.replace("* 2", "* …").replace("1500", "…")
    assert manifest["selection"] == {"sql": shown, "limit": 2, "rows_of_input": 4}


def test_whom_the_result_does_not_name_has_no_rows(tmp_path: Path, data: Path) -> None:
    ran(data, tmp_path / "out", "SELECT User, Cmd, NumJobStarts, NumJobCompletions FROM jobs LIMIT 1")
    users = json.loads((tmp_path / "out" / "summary.json").read_text())["users"]
    assert users[0] == ["UR1", 1, True]
    assert {count for _, count, _ in users[1:]} == {0}


def test_a_plan_is_that_of_the_result(tmp_path: Path, data: Path) -> None:
    found = plan(settings(data, tmp_path / "out", "SELECT User, NumJobStarts, NumJobCompletions FROM jobs LIMIT 3"))
    assert (found.rows, found.rows_taken) == (4, 3)
    assert found.columns == ("User", "NumJobStarts", "NumJobCompletions")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT User AS u FROM jobs", "line 1, column 8: the column 'User' names identities, and keeps its name"),
        ("SELECT max(owner) FROM jobs", "the column 'Owner' names identities"),
        ("SELECT JobsubClientIpAddress + 1 AS a FROM jobs", "the column 'JobsubClientIpAddress' names identities"),
        ("SELECT u FROM (SELECT User u FROM jobs)", "line 1, column 23: the column 'User' names identities"),
        ("SELECT {'a': User} AS Cmd FROM jobs", "the column 'User' names identities"),
        ("SELECT * REPLACE (User AS Cmd) FROM jobs", "the column 'User' names identities"),
        ("SELECT j FROM jobs j", "a whole row is not a column"),
        ("SELECT #1 AS x FROM jobs", "name the column instead of its position"),
        ("SELECT * RENAME (User AS u) FROM jobs", "COLUMNS and RENAME are not taken"),
        ("SELECT COLUMNS('U.*') AS u FROM jobs", "COLUMNS and RENAME are not taken"),
        ("SELECT x FROM jobs t(x)", "a list of names after a table"),
        ("WITH t(x) AS (SELECT User FROM jobs) SELECT x FROM t", "a list of names after a table"),
        ("SELECT Cmd FROM jobs UNION SELECT User FROM jobs", "UNION, INTERSECT, EXCEPT and WITH RECURSIVE"),
        ("SELECT * FROM jobs USING SAMPLE 1", "SAMPLE takes other rows each time"),
        ("SELECT * FROM read_text('/etc/hostname')", "a query reads the table jobs alone"),
        ("SELECT * FROM '/etc/hostname'", "a query reads the table jobs alone"),
        ("SELECT * FROM duckdb_settings()", "a query reads the table jobs alone"),
        ("SELECT content FROM (UNPIVOT jobs ON Cmd)", "a query reads the table jobs alone"),
        ("COPY jobs TO 'x'", "expected one statement that begins with SELECT, WITH or FROM"),
        ("INSTALL httpfs", "expected one statement"),
        ("SELECT 1; SELECT 2", "expected one statement"),
        ("SELEC 1", "line 1, column 1: syntax error"),
        ("SELECT Usr FROM jobs", "no input file has a column 'Usr' (did you mean 'User'?)"),
        ("SELECT ClaimId FROM jobs", "no input file has a column 'ClaimId'"),
        ("SELECT now() FROM jobs", "now() gives another value each time"),
        ("SELECT Cmd, Cmd FROM jobs", "the result has two columns 'Cmd'"),
        ("SELECT CAST(Cmd AS INTEGER) AS n FROM jobs", "DuckDB gave up in the middle of the rows"),
        (" ", "expected a query, as SELECT * FROM jobs"),
    ],
)
def test_what_is_refused(tmp_path: Path, data: Path, sql: str, message: str) -> None:
    with pytest.raises(ConfigError) as told:
        ran(data, tmp_path / "out", sql)
    assert message in str(told.value)
    assert "/x/" not in str(told.value)


def test_steps_are_no_jobs_of_a_query(tmp_path: Path) -> None:
    text = "JobID|User|State|Elapsed\n1|annakow|FAILED|1-00:00:00\n1.batch||FAILED|00:01:00\n"
    (tmp_path / "sacct.txt").write_text(text)
    result = ran(tmp_path / "sacct.txt", tmp_path / "out", "SELECT User, State, Elapsed + 1 AS more FROM jobs")
    assert [row["more"] for row in rows(tmp_path / "out")] == [86401]
    assert result.preset == "slurm"
    assert any("1 step of jobs" in line for line in result.warnings)


def test_streams_take_no_query() -> None:
    with pytest.raises(ConfigError, match="sql selects rows of files alone"):
        anonkit.anonymize(pa.table(ROWS), {"run": {"sql": "FROM jobs"}})
