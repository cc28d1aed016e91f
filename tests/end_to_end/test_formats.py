"""The formats of the outputs, to the byte, on a handful of rows that hold every odd cell."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import run_command

ROWS: list[dict[str, Any]] = [
    {
        "User": "annak@example.org",
        "RequestMemory": 2000,
        "CumulativeSlotTime": 727.0,
        "JobsubClientIpAddress": "192.0.2.1",
        "MATCH_EXP_JOB_Site": "FermiGrid",
        "DAG_NodesFailed": None,
        "NumJobCompletions": "0",
        "NumJobStarts": 1,
        "Cmd": "/home/a/annak/nova_run.sh",
        "Environment": "GRID_USER=annak EXPERIMENT=nova NOTE='it''s\n— Job #9 —\nUser: root' b=1 A=2",
    },
    {
        "User": "bob@example.org",
        "RequestMemory": 4000,
        "CumulativeSlotTime": 12.5,
        "JobsubClientIpAddress": "192.0.2.1, 2001:DB8::1",
        "MATCH_EXP_JOB_Site": "A/B",
        "DAG_NodesFailed": 3,
        "NumJobCompletions": "1",
        "NumJobStarts": 1,
        "Cmd": "/bin/bob --peer 2001:db8:0::1 --on pc-192-0-2-1.example.org \x1b[31m",
        "Environment": "GRID_USER=bob;EXPERIMENT=qx2;PATH=/qx2/bobby:/pnfs/annaK2",
    },
    {
        "User": None,
        "RequestMemory": None,
        "CumulativeSlotTime": float("nan"),
        "JobsubClientIpAddress": "undefined",
        "MATCH_EXP_JOB_Site": "None",
        "DAG_NodesFailed": None,
        "NumJobCompletions": "n/a",
        "NumJobStarts": 1,
        "Cmd": None,
        "Environment": '{"EXPERIMENT": "NOVA", "WHO": "\\u0061nnak"}',
    },
]
SCHEMA = pa.schema(
    {
        "User": pa.string(),
        "RequestMemory": pa.int64(),
        "CumulativeSlotTime": pa.float64(),
        "JobsubClientIpAddress": pa.string(),
        "MATCH_EXP_JOB_Site": pa.string(),
        "DAG_NodesFailed": pa.int32(),
        "NumJobCompletions": pa.string(),
        "NumJobStarts": pa.int64(),
        "Cmd": pa.string(),
        "Environment": pa.string(),
    }
)

SUMMARY = """{
  "users": [
    ["UR1", 1, true],
    ["UR2", 1, true],
    ["UR3", 1, false]
  ],
  "ips": [
    ["IP1", 2, true],
    ["IP2", 1, true],
    ["IP3", 1, false]
  ],
  "user_ip_correlations": [
    [null, "UR1", null, "IP1", 1, true],
    [null, "UR2", null, "IP1", 1, true],
    [null, "UR3", null, "IP3", 1, false]
  ],
  "user_ip_pairs": [
    ["UR1", "IP1", 1],
    ["UR2", "IP1", 1],
    ["UR2", "IP2", 1],
    ["UR3", "IP3", 1]
  ],
  "meta": {
    "total_rows": 3,
    "distinct_users": 3,
    "distinct_ips": 3
  }
}
"""

FAILED_USERS = {
    "failed_users": [{"token": "UR1", "failure_count": 1, "valid": True}],
    "meta": {
        "distinct_failed_users": 1,
        "total_failure_rows": 1,
        "failure_fraction": 1 / 3,
        "unreadable_rows": 1,
    },
}

REPORT = r"""Job Command & Environment Report
Total rows: 3
================================

— Job #1 —
User: UR_1@example.org
JobsubClientIpAddress: IP1
CumulativeSlotTime: 727
NumJobStarts: 1
NumJobCompletions: 0
Cmd:
  /home/UR_1/EX_1_run.sh
Environment:
  A=2
  b=1
  EXPERIMENT=EX_1
  GRID_USER=UR_1
  NOTE=it's\n— Job #9 —\nUser: root

— Job #2 —
User: UR_2@example.org
JobsubClientIpAddress: IP1, IP2
CumulativeSlotTime: 12.5
DAG_NodesFailed: 3
NumJobStarts: 1
NumJobCompletions: 1
Cmd:
  /bin/UR_2 --peer IP2 --on pc-IP1.example.org \x1b[31m
Environment:
  EXPERIMENT=EX_2
  GRID_USER=UR_2
  PATH=/EX_2/bobby:/pnfs/UR_1_2

— Job #3 —
NumJobStarts: 1
NumJobCompletions: n/a
Cmd:
  (none)
Environment:
  EXPERIMENT=EX_1
  WHO=UR_1
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats")
    pq.write_table(pa.Table.from_pylist(ROWS, SCHEMA), folder / "rows.parquet")
    return folder


@pytest.fixture(scope="module")
def outputs(folder: Path) -> Path:
    run_command(
        "run", "--data-dir", "rows.parquet", "--output-dir", "out", "--site", "fermigrid", "--site", "A/B",
        "--report-file", "cmd_env_report.txt", cwd=folder,
    )  # fmt: skip
    return folder / "out"


def test_summary(outputs: Path) -> None:
    assert (outputs / "summary.json").read_text() == SUMMARY


def test_failed_users(outputs: Path) -> None:
    assert json.loads((outputs / "failed_users.json").read_bytes()) == FAILED_USERS


def test_report(outputs: Path) -> None:
    assert (outputs / "cmd_env_report.txt").read_text() == REPORT


def test_jobs_at_site(outputs: Path) -> None:
    text = (outputs / "jobs_at_FermiGrid.json").read_text()
    listing = json.loads(text)
    assert listing["jobs_at_site"] == [
        {
            "User": "UR_1@example.org",
            "RequestMemory": 2000,
            "CumulativeSlotTime": 727.0,
            "JobsubClientIpAddress": "IP1",
            "MATCH_EXP_JOB_Site": "FermiGrid",
            "DAG_NodesFailed": None,
            "NumJobCompletions": "0",
            "NumJobStarts": 1,
            "Cmd": "/home/UR_1/EX_1_run.sh",
            "Environment": "GRID_USER=UR_1 EXPERIMENT=EX_1 NOTE='it''s\n— Job #9 —\nUser: root' b=1 A=2",
        }
    ]
    assert list(listing["jobs_at_site"][0]) == SCHEMA.names
    assert text.splitlines()[1].startswith('{"User":')
    meta = listing["meta"]
    assert {key: meta[key] for key in meta if key != "match_note"} == {
        "requested_site": "fermigrid",
        "canonical_site": "FermiGrid",
        "is_valid_site": True,
        "site_column": "MATCH_EXP_JOB_Site",
        "garbled": True,
        "total_jobs_at_site": 1,
        "columns_included": SCHEMA.names,
        "token_prefixes": {"user": "UR_", "experiment": "EX_", "ip": "IP"},
    }
    assert list(meta) == [
        "requested_site", "canonical_site", "is_valid_site", "match_note", "site_column", "garbled",
        "total_jobs_at_site", "columns_included", "token_prefixes",
    ]  # fmt: skip


def test_a_site_name_is_no_path(outputs: Path) -> None:
    (name,) = [path.name for path in outputs.iterdir() if path.name.startswith("jobs_at_A")]
    assert json.loads((outputs / name).read_bytes())["meta"]["canonical_site"] == "A/B"


def test_the_manifest_tells_size_and_digest(outputs: Path) -> None:
    manifest = json.loads((outputs / "manifest.json").read_bytes())
    assert {output["name"] for output in manifest["outputs"]} == {path.name for path in outputs.iterdir()} - {
        "manifest.json"
    }
    for output in manifest["outputs"]:
        data = (outputs / output["name"]).read_bytes()
        assert output["size"] == len(data)
        assert output["sha256"] == hashlib.sha256(data).hexdigest()
        assert output["garbled"] is True


def test_raw_output_is_marked_and_warned_about(folder: Path, tmp_path: Path) -> None:
    done = run_command(
        "run", "--data-dir", folder / "rows.parquet", "--output-dir", "raw", "--no-garble", "--site", "FermiGrid",
        cwd=tmp_path,
    )  # fmt: skip
    assert "original" in done.stderr
    manifest = json.loads((tmp_path / "raw" / "manifest.json").read_bytes())
    assert {output["garbled"] for output in manifest["outputs"]} == {False}
    listing = json.loads((tmp_path / "raw" / "jobs_at_FermiGrid.json").read_bytes())
    assert listing["jobs_at_site"][0]["User"] == "annak@example.org"
    assert listing["meta"]["garbled"] is False
    summary = json.loads((tmp_path / "raw" / "summary.json").read_bytes())
    assert summary["user_ip_correlations"][0] == ["annak", "UR1", "192.0.2.1", "IP1", 1, True]
    assert "annak" in (tmp_path / "raw" / "cmd_env_report.txt").read_text()


def test_text_after_the_at_sign_is_garbled_as_text(tmp_path: Path) -> None:
    users = ["annak@192.0.2.77", "bo@nova.example.org", "annak@annak-pc.example.org", "@example.org"]
    rows = [{**ROWS[0], "User": user, "Environment": None, "Cmd": "/bin/ls"} for user in users]
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), tmp_path / "rows.parquet")
    run_command("run", "--data-dir", "rows.parquet", "--output-dir", "out", "--site", "FermiGrid", cwd=tmp_path)
    listing = json.loads((tmp_path / "out" / "jobs_at_FermiGrid.json").read_bytes())["jobs_at_site"]
    assert [row["User"] for row in listing] == [
        "UR_1@IP2",
        "UR_2@EX_1.example.org",
        "UR_1@UR_1-pc.example.org",
        "UR_3@example.org",
    ]


def test_an_address_stored_as_a_number_is_the_same_address(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    number = 192 << 24 | 2 << 8 | 1
    for name, cell in [("a", "192.0.2.1"), ("b", number)]:
        table = pa.Table.from_pylist([{**ROWS[0], "JobsubClientIpAddress": cell}])
        pq.write_table(table, tmp_path / "data" / f"{name}.parquet")
    run_command("run", "--data-dir", "data", "--output-dir", "out", cwd=tmp_path)
    assert json.loads((tmp_path / "out" / "summary.json").read_bytes())["ips"] == [["IP1", 2, True]]


@pytest.mark.parametrize("extra", [["--archive", "all.tar.gz"], ["--archive", "all.zip"]])
def test_the_whole_set_in_one_archive(folder: Path, tmp_path: Path, extra: list[str]) -> None:
    run_command(
        "run", "--data-dir", folder / "rows.parquet", "--output-dir", "out", "--enable", "compression", *extra,
        cwd=tmp_path,
    )  # fmt: skip
    assert {path.name for path in (tmp_path / "out").iterdir()} == {extra[1], "manifest.json"}
    # Newer Pythons warn when a tar archive is unpacked without one.
    filtered: dict[str, Any] = {"filter": "data"} if "tar" in extra[1] else {}
    shutil.unpack_archive(tmp_path / "out" / extra[1], tmp_path / "unpacked", **filtered)
    assert (tmp_path / "unpacked" / "summary.json").read_text() == SUMMARY


def test_a_mapping_keeps_tokens_from_run_to_run(folder: Path, tmp_path: Path) -> None:
    flags = ("--data-dir", "data", "--output-dir", "out", "--mapping", "private/mapping.json")
    (tmp_path / "data").mkdir()
    for part in ([ROWS[1]], [ROWS[0], ROWS[1]]):
        pq.write_table(pa.Table.from_pylist(part, SCHEMA), tmp_path / "data" / "rows.parquet")
        run_command("run", *flags, cwd=tmp_path)
    assert json.loads((tmp_path / "out" / "summary.json").read_bytes())["users"] == [["UR1", 1, True], ["UR2", 1, True]]
    assert stat.S_IMODE(os.stat(tmp_path / "private" / "mapping.json").st_mode) == 0o600
    told = run_command("reveal", "UR1", "UR_2", "--mapping", "private/mapping.json", cwd=tmp_path).stdout
    assert told.split() == ["UR1", "user", "bob", "UR_2", "user", "annak"]


def test_a_known_identity_is_replaced_though_it_has_no_row(folder: Path, tmp_path: Path) -> None:
    flags = ("--data-dir", "data", "--output-dir", "out", "--mapping", "mapping.json")
    (tmp_path / "data").mkdir()
    for part in ([ROWS[0]], [ROWS[1]]):
        pq.write_table(pa.Table.from_pylist(part, SCHEMA), tmp_path / "data" / "rows.parquet")
        run_command("run", *flags, cwd=tmp_path)
    assert "/pnfs/UR_1_2" in (tmp_path / "out" / "cmd_env_report.txt").read_text()
    assert json.loads((tmp_path / "out" / "summary.json").read_bytes())["users"] == [["UR2", 1, True]]


def test_shuffled_numbers_are_the_same_numbers_in_another_order(demo: Path, tmp_path: Path) -> None:
    tokens = []
    for order in ("appearance", "shuffled"):
        run_command(
            "run", "--data-dir", demo, "--output-dir", order, "--set", f"run.order={order}",
            "--mapping", f"{order}.json", "--disable", "cmd_env_report", cwd=tmp_path,
        )  # fmt: skip
        numbers = json.loads((tmp_path / f"{order}.json").read_bytes())["kinds"]["ip"]["identities"]
        tokens.append(dict(numbers))
    assert tokens[0].keys() == tokens[1].keys()
    assert sorted(tokens[0].values()) == sorted(tokens[1].values())
    # Two dozen addresses: that a shuffle leaves all of them in place will not happen.
    assert tokens[0] != tokens[1]
