"""Names in disguise, in every column and beside hostile handles, are found in raw data and in no output."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from canaries import Canary, address_canaries, base64_canaries, name_canaries
from command import run_command

import anonkit
from anonkit.engine.file_audit import FileAudit
from anonkit.input.column_roles import ColumnRoles

# The audits of all canaries are made once.
pytestmark = pytest.mark.xdist_group("canaries")

USER, ADDRESS, EXPERIMENT = "zorkmidas", "192.0.2.77", "quarkonia"
# Regex signs, quotes, letters outside ASCII, a word of a report's own labels, a very long one, part of another.
HOSTILE = (
    "o'brienne", "müllerj", "a.b+c(d", "environment", "x" * 300, "zorkmidasson", 'quo"te', "per%61cent", "back\\slash",
)  # fmt: skip
CANARIES = [
    canary._replace(variant=f"{kind}, {canary.variant}")
    for kind, made in (
        ("user", (*name_canaries(USER), *base64_canaries(USER))),
        ("ip", address_canaries(ADDRESS)),
        ("experiment", (*name_canaries(EXPERIMENT), *base64_canaries(EXPERIMENT))),
    )
    for canary in made
]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated jobs with all attributes, and a file of jobs that have a canary in every text."""
    folder = tmp_path_factory.mktemp("canaries") / "data"
    run_command("demo", "--rows", 100, "--attributes", "all", folder, cwd=folder.parent)
    like = pq.read_schema(next(folder.glob("*.parquet")))
    pq.write_table(_jobs(like, CANARIES, HOSTILE), folder / "zz.parquet")
    return folder


def _jobs(schema: pa.Schema, canaries: Sequence[Canary], hostile: Sequence[str] = ()) -> pa.Table:
    """Return a job for each hostile handle, and one for each canary, which is in all of its text."""
    texts = [*hostile, *(canary.text for canary in canaries)]
    users = [*hostile, *(USER for _ in canaries)]
    columns = {}
    for field in schema:
        if field.name == "User":
            columns[field.name] = pa.array([f"{user}@example.org" for user in users])
        elif field.name == "JobsubClientIpAddress":
            columns[field.name] = pa.array([ADDRESS] * len(users))
        elif field.name == "Environment":
            columns[field.name] = pa.array([_environment(text) for text in texts])
        elif pa.types.is_string(field.type):
            columns[field.name] = pa.array([f"/data/{text}.d" for text in texts])
        else:
            columns[field.name] = pa.nulls(len(users), field.type)
    return pa.table({name: column.cast(schema.field(name).type) for name, column in columns.items()})


def _environment(text: str) -> str:
    """Return an environment in HTCondor's V2 form that has the text in the middle of a value, quoted."""
    doubled = text.replace("'", "''")
    return f"A=1 EXPERIMENT={EXPERIMENT} NOTE='see {doubled}, page 1' LOG=/tmp/'{doubled}'.log"


def _run(data: Path, folder: Path, *more: object) -> Path:
    schemas = [pq.read_schema(path) for path in data.glob("*.parquet")]
    columns = list(dict.fromkeys(name for schema in schemas for name in schema.names))
    run_command(
        "run", "--data-dir", data, "--output-dir", folder / "out", "--all-sites", "--enable", "host",
        "--enable", "email", "--enable", "dataset", "--set", f"run.columns={','.join(columns)}",
        "--set", "run.allow=message,ClaimId,AuthTokenId", "--mapping", folder / "mapping.json", *more, cwd=folder,
    )  # fmt: skip
    return folder / "out"


@pytest.fixture(scope="session")
def released(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of a run, with the mapping beside their folder."""
    return _run(data, tmp_path_factory.mktemp("released"))


def _lines_with(patterns: Sequence[str], paths: Sequence[Path]) -> list[str]:
    """Return what grep finds of the needles, whatever their letter case."""
    wanted = "\n".join(patterns).encode()
    found = subprocess.run(
        ["grep", "-aoiFf", "-", "--", *map(str, paths)], input=wanted, capture_output=True, check=False
    )
    assert found.returncode in (0, 1), found.stderr
    return found.stdout.decode(errors="replace").splitlines()


def test_another_program_finds_no_canary_in_any_output(released: Path) -> None:
    paths = [path for path in released.rglob("*") if path.is_file() and path.name != "manifest.json"]
    assert _lines_with([canary.core for canary in CANARIES], paths) == []


def test_it_finds_each_of_them_in_raw_output(data: Path, tmp_path: Path) -> None:
    found = _lines_with(
        [canary.core for canary in CANARIES], [_run(data, tmp_path, "--no-garble") / "cmd_env_report.txt"]
    )
    lowered = {line.casefold() for line in found}
    assert not [canary.variant for canary in CANARIES if not any(canary.core.casefold() in line for line in lowered)]


@pytest.fixture(scope="session")
def mapping(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of those who are in the canaries alone: few, so that an audit is ready at once."""
    folder = tmp_path_factory.mktemp("few")
    (folder / "data").mkdir()
    (folder / "data" / "zz.parquet").hardlink_to(data / "zz.parquet")
    _run(folder / "data", folder)
    return folder / "mapping.json"


@pytest.fixture(scope="session")
def findings(mapping: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Canary, list[tuple[str, int]]]:
    """Kind and place of what an audit finds of each canary, in a file of its own."""
    found: dict[Canary, list[tuple[str, int]]] = {}
    audit = FileAudit.from_mapping(mapping, {"run": {"workers": 1}})
    file = tmp_path_factory.mktemp("raw") / "canary.txt"
    for canary in CANARIES:
        file.write_text(f"{_around(canary)}\n")
        found[canary] = [(finding.kind, finding.offset) for finding in audit(file).findings]
    return found


def _around(canary: Canary) -> str:
    return f"see {canary.text}, page 1"


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.variant)
def test_the_audit_finds_each_of_them_at_its_place(
    canary: Canary, findings: dict[Canary, list[tuple[str, int]]]
) -> None:
    text = _around(canary)
    low = len(text[: text.index(canary.core)].encode())
    within = range(low, low + len(canary.core.encode()))
    kind = canary.variant.partition(",")[0]
    assert [offset for found, offset in findings[canary] if found == kind and offset in within]


def test_a_later_audit_of_the_outputs_finds_nothing(released: Path) -> None:
    done = run_command("audit", released, "--mapping", released.parent / "mapping.json", cwd=released.parent)
    assert ["findings", "0"] in [line.split() for line in done.stdout.splitlines()]


def test_the_audit_finds_identities_in_each_column_that_is_not_garbled(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = [canary for canary in CANARIES if canary.variant.endswith(", plain")]
    jobs = _jobs(pq.read_schema(data / "zz.parquet"), plain)
    pq.write_table(jobs, tmp_path / "jobs.parquet")
    config = _of_all_columns(tmp_path / "jobs.parquet", jobs.column_names, tmp_path / "out")
    columns = set(anonkit.plan(config).text_columns)
    laid_out = ColumnRoles.from_schema.__func__  # type: ignore[attr-defined]

    def without_text(cls: type[ColumnRoles], *arguments: Any) -> ColumnRoles:
        layout: ColumnRoles = laid_out(cls, *arguments)
        return attrs.evolve(layout, text=())

    with monkeypatch.context() as patched:
        patched.setattr(ColumnRoles, "from_schema", classmethod(without_text))
        assert {column for column, _ in anonkit.run(config).withheld} == columns
    assert anonkit.run(config).withheld == {}


def _of_all_columns(data: Path, columns: Sequence[str], out: Path) -> anonkit.Config:
    """Return the configuration of a run that writes all columns into a data set, and nothing else."""
    off = {name: {"enabled": False} for name in ("summary", "failed_users", "site_jobs", "cmd_env_report")}
    run = {"data_dir": str(data), "output_dir": str(out), "workers": 1, "columns": list(columns), "max_withheld": 1.0}
    return anonkit.load(
        {
            "run": {**run, "allow": ["message", "ClaimId", "AuthTokenId"]},
            "anonymizers": {"host": {"enabled": True}, "email": {"enabled": True}, "secrets": {"enabled": False}},
            "reporters": {**off, "dataset": {"enabled": True, "columns": list(columns)}},
        }
    )
