"""Addresses whose tokens tell networks: from run to run, in lists and text, and back again."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import run_command

SUBNET = ("--set", "anonymizers.ip.subnet=true")


def _run(folder: Path, addresses: list[str | None], *more: str, status: int = 0) -> str:
    data = folder / "data"
    data.mkdir(exist_ok=True)
    size = len(addresses)
    jobs = {
        "User": ["annak"] * size,
        "JobsubClientIpAddress": pa.array(addresses, pa.string()),
        "Cmd": [f"/x {address} x" for address in addresses],
        "Environment": ["A=1"] * size,
        "MATCH_EXP_JOB_Site": ["X"] * size,
        "NumJobStarts": [1] * size,
        "NumJobCompletions": [1] * size,
    }
    pq.write_table(pa.table(jobs), data / "jobs.parquet")
    done = run_command(
        "run", "--data-dir", data, "--output-dir", folder / "out", "--site", "X", "--mapping", folder / "mapping.json",
        *more, cwd=folder, status=status,
    )  # fmt: skip
    return " ".join((done.stdout + done.stderr).split())


def _ips(folder: Path) -> list[str]:
    return [token for token, *_ in json.loads((folder / "out" / "summary.json").read_bytes())["ips"]]


def test_tokens_tell_networks_from_run_to_run(tmp_path: Path) -> None:
    _run(tmp_path, ["192.0.2.1", "198.51.100.7", "192.0.2.9", None, "2001:db8::1", "2001:db8::ffff:2", "odd"], *SUBNET)
    assert _ips(tmp_path) == ["IP1.1", "IP1.2", "IP2.1", "IP3", "IP4.1", "IP4.2", "IP5"]
    rows = json.loads((tmp_path / "out" / "jobs_at_X.json").read_bytes())["jobs_at_site"]
    assert [row["Cmd"] for row in rows[:3]] == ["/x IP1.1 x", "/x IP2.1 x", "/x IP1.2 x"]
    assert rows[2]["JobsubClientIpAddress"] == "IP1.2"
    _run(tmp_path, ["203.0.113.5", "192.0.2.77", "198.51.100.7"], *SUBNET)
    assert _ips(tmp_path) == ["IP1.3", "IP2.1", "IP6.1"]


def test_they_are_revealed_and_restored(tmp_path: Path) -> None:
    addresses: list[str | None] = ["192.0.2.1", "198.51.100.7", "192.0.2.9"]
    _run(tmp_path, addresses, *SUBNET)
    mapping = tmp_path / "mapping.json"
    assert "192.0.2.9" in run_command("reveal", "IP1.2", "--mapping", mapping, cwd=tmp_path).stdout
    done = run_command("restore", "out/jobs_at_X.json", "--mapping", mapping, cwd=tmp_path)
    assert [row["Cmd"] for row in json.loads(done.stdout)["jobs_at_site"]] == [f"/x {one} x" for one in addresses]


@pytest.mark.parametrize(("first", "second"), [((), SUBNET), (SUBNET, ())])
def test_a_mapping_keeps_to_one_sort_of_numbers(
    tmp_path: Path, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    _run(tmp_path, ["192.0.2.1"], *first)
    told = _run(tmp_path, ["192.0.2.1"], *second, status=2)
    then, now = ("show", "do not") if first else ("do not show", "do")
    assert f"its tokens of kind ip {then} which of them belong together, and with these options they {now};" in told
    assert "set [anonymizers.ip] as it was, or name another mapping" in told


def test_what_was_a_guess_stays_one_until_it_is_confirmed(tmp_path: Path) -> None:
    """A folder of the first run does not become a handle that is replaced anywhere in the second."""

    def said(user: str, text: str) -> str:
        jobs = {name: ["1"] for name in ("JobsubClientIpAddress", "Environment", "NumJobStarts", "NumJobCompletions")}
        table = pa.table(jobs | {"User": [user], "Cmd": [text], "MATCH_EXP_JOB_Site": ["X"]})
        (tmp_path / "data").mkdir(exist_ok=True)
        pq.write_table(table, tmp_path / "data" / "jobs.parquet")
        run_command(
            "run", "--data-dir", "data", "--output-dir", "out", "--site", "X", "--mapping", "m.json", cwd=tmp_path
        )
        found = json.loads((tmp_path / "out" / "jobs_at_X.json").read_bytes())["jobs_at_site"]
        return str(found[0]["Cmd"])

    assert said("annak", "/home/genie/x eugenie genie_2") == "/home/UR_2/x eugenie UR_2_2"
    assert said("annak", "eugenie genie_2") == "eugenie UR_2_2"
    assert " 0" in run_command("audit", "out", "--mapping", "m.json", cwd=tmp_path).stdout
    assert said("genie", "eugenie genie_2") == "euUR_2 UR_2_2"
    assert said("annak", "/home/genie/x eugenie genie_2") == "/home/UR_2/x euUR_2 UR_2_2"
