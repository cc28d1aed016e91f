"""Identities are learnt from columns that are not shown, and replaced in those that are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import Command

HIDDEN: dict[str, tuple[Any, str]] = {
    "Owner": ("annakow", "/x/annakow.sh"),
    "X509UserProxySubject": ("/DC=org/OU=People/CN=Anna Kowalik/CN=UID:annakow", "/x/Anna_Kowalik annakow"),
    "JobsubClientKerberosPrincipal": ("annakow@EXAMPLE.ORG", "/x/annakow.sh"),
    "AccountingGroup": ("group_prova.annakow", "/x/annakow.sh /pnfs/prova/x"),
    "NotifyUser": ("annakow@example.org", "/x/annakow.sh"),
    "Jobsub_Group": ("prova", "/pnfs/prova/x"),
    "x509UserProxyVOName": ("prova", "/pnfs/prova/x"),
    "Env": ("EXPERIMENT=prova;USER=annakow", "/pnfs/prova/annakow"),
    "RemoteUser": ("annakow@example.org", "/x/annakow.sh"),
    "GLIDEIN_Owner": ("annakow", "/x/annakow.sh"),
    "OsUser": (["annakow", None], "/x/annakow.sh"),
}
NAMES = ("annakow", "kowalik", "prova")


def published(anonkit: Command, folder: Path, column: str, value: Any, cmd: str, *flags: str) -> str:
    rows = [{"User": "pool001@example.org", "JobsubClientIpAddress": "192.0.2.7", "MATCH_EXP_JOB_Site": "A",
             "NumJobStarts": 1, "NumJobCompletions": 1, "Cmd": cmd, "Environment": "A=1", column: value}]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), folder / "in.parquet")
    anonkit("run", "--data-dir", "in.parquet", "--output-dir", "out", "--all-sites", "--workers", "1", *flags)
    listed: list[dict[str, Any]] = json.loads((folder / "out" / "jobs_at_A.json").read_text())["jobs_at_site"]
    return str(listed[0]["Cmd"])


@pytest.mark.parametrize("column", HIDDEN)
def test_a_hidden_column_teaches(anonkit: Command, tmp_path: Path, column: str) -> None:
    cmd = published(anonkit, tmp_path, column, *HIDDEN[column]).casefold()
    assert not any(name in cmd for name in NAMES)
    assert "ur_" in cmd or "ex_1" in cmd


def test_shown_columns_alone_by_option(anonkit: Command, tmp_path: Path) -> None:
    cmd = published(anonkit, tmp_path, "Owner", *HIDDEN["Owner"], "--set", "run.learn=shown")
    assert cmd == "/x/annakow.sh"


def test_an_environment_may_be_a_struct(anonkit: Command, tmp_path: Path) -> None:
    environment = {"EXPERIMENT": "prova", "GRID_USER": "annakow"}
    assert published(anonkit, tmp_path, "Environment", environment, "/prova/annakow") == "/EX_1/UR_1"
