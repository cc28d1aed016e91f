"""The mapping from the outside: encrypted, of one domain, in one hand at a time, and undone only where it may be."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyrage
import pytest
from command import ANONKIT, Command

from anonkit import anonymize
from anonkit.mapping import Keys, reveal

RUN = ("run", "--data-dir", "data", "--output-dir", "out", "--workers", "1")
ROWS = [
    {
        "User": "annak@example.org",
        "JobsubClientIpAddress": "192.0.2.1",
        "Cmd": "/home/annak/o'brien.sh",
        "Environment": "",
    },
    {"User": "o'brien@example.org", "JobsubClientIpAddress": "192.0.2.2", "Cmd": 'echo "annak"', "Environment": "A=1"},
]


@pytest.fixture(autouse=True)
def _rows(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    rows = [{**row, "NumJobStarts": 1, "NumJobCompletions": 1, "MATCH_EXP_JOB_Site": "A"} for row in ROWS]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "data" / "jobs.parquet")


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, ...]:
    made = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(f"{made}\n")
    return ("--mapping-recipient", str(made.to_public()), "--mapping-identity", "key.txt")


def manifest(tmp_path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    return document


def test_a_sealed_mapping_from_run_to_restored_output(anonkit: Command, keys: tuple[str, ...], tmp_path: Path) -> None:
    mapping = ("--mapping", "private/mapping.age")
    for _ in range(2):
        anonkit(*RUN, *mapping, *keys, "--all-sites")
    assert b"annak" not in (tmp_path / "private" / "mapping.age").read_bytes()
    identity = keys[2:]
    assert anonkit("reveal", "UR1", "IP2", *mapping, *identity).stdout == "UR1\tuser\tannak\nIP2\tip\t192.0.2.2\n"
    listing = json.loads(anonkit("restore", "out/jobs_at_A.json", *mapping, *identity).stdout)["jobs_at_site"]
    assert [(row["User"], row["Cmd"]) for row in listing] == [(row["User"], row["Cmd"]) for row in ROWS]
    anonkit("restore", "out/cmd_env_report.txt", *mapping, *identity, "--output", "private/report.txt")
    assert "User: annak@example.org\n" in (tmp_path / "private" / "report.txt").read_text()
    log = [json.loads(line) for line in (tmp_path / "private" / "mapping.age.access.log").read_text().splitlines()]
    assert [line["command"] for line in log] == ["reveal", "restore", "restore"]
    assert {line["domain"] for line in log} == {manifest(tmp_path)["mapping"]["domain"]}


def test_other_recipients_are_a_warning_and_a_line_in_the_log(
    anonkit: Command, keys: tuple[str, ...], tmp_path: Path
) -> None:
    mapping, other = ("--mapping", "private/mapping.age"), str(pyrage.x25519.Identity.generate().to_public())
    for _ in range(2):
        assert "recipients" not in anonkit(*RUN, *mapping, *keys).stderr
    log = tmp_path / "private" / "mapping.age.access.log"
    assert not log.exists()
    said = anonkit(*RUN, *mapping, *keys, "--mapping-recipient", other).stderr
    assert "is encrypted to other recipients than before: 1 new, 0 removed" in " ".join(said.split())
    line = json.loads(log.read_text())
    assert line["command"] == "recipients"
    assert (line["before"], line["after"]) == ([keys[1]], sorted((keys[1], other)))


def test_from_python(anonkit: Command, keys: tuple[str, ...], tmp_path: Path) -> None:
    path, key = tmp_path / "m.age", str(tmp_path / "key.txt")
    config = {"run": {"mapping": path}, "mapping": {"recipients": [keys[1]], "identity_file": key}}
    table = pq.read_table(tmp_path / "data")
    for _ in range(2):
        assert anonymize(table, config).read_all()["User"].to_pylist() == ["UR_1@example.org", "UR_2@example.org"]
    assert path.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert [one.identity for one in reveal(path, ["UR1"], keys=Keys(identity_file=key))] == ["annak"]
    assert anonkit("reveal", "UR1", "--mapping", "m.age", *keys[2:]).stdout == "UR1\tuser\tannak\n"


def test_settings_in_a_file(anonkit: Command, keys: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "anonkit.toml").write_text(
        f'[run]\nmapping = "m.age"\n[mapping]\nrecipients = ["{keys[1]}"]\nidentity_file = "key.txt"\n'
    )
    anonkit(*RUN)
    assert (tmp_path / "m.age").read_bytes().startswith(b"age-encryption.org/v1\n")
    assert anonkit("reveal", "UR2").stdout == "UR2\tuser\to'brien\n"


def test_a_sealed_mapping_stops_a_run_without_recipients_before_it_begins(
    anonkit: Command, keys: tuple[str, ...], tmp_path: Path
) -> None:
    anonkit(*RUN, "--mapping", "m.age", *keys)
    before = (tmp_path / "m.age").read_bytes(), (tmp_path / "out" / "manifest.json").read_bytes()
    said = anonkit(*RUN, "--mapping", "m.age", *keys[2:], status=2).stderr
    assert "m.age: is encrypted, and must not be written as plain text" in said
    assert ((tmp_path / "m.age").read_bytes(), (tmp_path / "out" / "manifest.json").read_bytes()) == before


def test_the_domain_shows_which_outputs_belong_together(anonkit: Command, tmp_path: Path) -> None:
    anonkit(*RUN, "--mapping", "first.json")
    domain = manifest(tmp_path)["mapping"]["domain"]
    assert domain == json.loads((tmp_path / "first.json").read_bytes())["domain"]
    said = anonkit(*RUN, "--mapping", "second.json").stderr
    other = manifest(tmp_path)["mapping"]["domain"]
    assert (
        f"warning: the outputs that are replaced in out were made with a mapping of domain {domain}, and this run's "
        f"mapping is of domain {other}: the same tokens now mean other identities" in said
    )
    refused = anonkit("restore", "out/summary.json", "--mapping", "first.json", status=1)
    assert refused.stdout == ""
    assert f"first.json: of domain {domain}, and out/manifest.json is of domain {other}" in refused.stderr
    said = anonkit(*RUN).stderr
    assert f"made with a mapping of domain {other}, and this run has no mapping" in said
    assert "mapping" not in manifest(tmp_path)
    assert "domain" not in anonkit(*RUN).stderr
    assert (
        "that run had no mapping" in anonkit("restore", "out/summary.json", "--mapping", "first.json", status=1).stderr
    )


def test_the_number_of_a_forgotten_user_is_not_given_again(anonkit: Command, tmp_path: Path) -> None:
    anonkit(*RUN, "--mapping", "m.json")
    anonkit("mapping", "forget", "m.json", "UR_2")
    anonkit(*RUN, "--mapping", "m.json")
    users = json.loads((tmp_path / "out" / "summary.json").read_bytes())["users"]
    assert users == [["UR1", 1, True], ["UR3", 1, True]]
    said = anonkit("reveal", "UR2", "--mapping", "m.json", status=2).stderr
    assert said == ("anonkit: UR2: was forgotten; the mapping m.json has its number only, which is never given again\n")


def test_two_runs_at_once(anonkit: Command, tmp_path: Path) -> None:
    hold = "import sys, pathlib\nfrom anonkit.mapping.lock import lock\nwith lock(pathlib.Path('m.json')):\n"
    hold += "    print('held', flush=True)\n    sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", hold], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    said = anonkit(*RUN, "--mapping", "m.json", status=1).stderr
    assert re.search(rf"m\.json: in use by another run \(process {other.pid} on .*\); tokens would not agree\.", said)
    assert not (tmp_path / "out").exists()
    other.communicate()
    anonkit(*RUN, "--mapping", "m.json")


def test_a_passphrase_that_is_typed_shows_nowhere(anonkit: Command, tmp_path: Path) -> None:
    """On a terminal, which echoes what is typed unless it is told not to."""
    screen = typed(tmp_path, [*RUN, "--mapping", "m.age", "--mapping-ask-passphrase"], ["geheim", "geheim"])
    assert "New passphrase of 'm.age': " in screen
    assert "geheim" not in screen
    sealed = (tmp_path / "m.age").read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert b"annak" not in sealed
    said = anonkit("reveal", "UR1", "--mapping", "m.age", ANONKIT_MAPPING_PASSPHRASE="geheim")
    assert said.stdout == "UR1\tuser\tannak\n"
    assert "geheim" not in json.dumps(manifest(tmp_path))
    assert "geheim" not in anonkit("config", "show", "--show-secrets", ANONKIT_MAPPING_PASSPHRASE="geheim").stdout


def typed(folder: Path, arguments: list[str], answers: list[str]) -> str:
    """Run the command on a terminal of its own, answer what it asks for with a colon, and return what it showed."""
    child, terminal = pty.fork()
    if not child:
        os.chdir(folder)
        os.execv(ANONKIT, [str(ANONKIT), *arguments])
    screen, asked = b"", 0
    while True:
        try:
            screen += os.read(terminal, 4096)
        except OSError:  # how a terminal says that nobody is at its other end
            break
        if asked < len(answers) and screen.count(b": ") > asked and screen.endswith(b": "):
            os.write(terminal, f"{answers[asked]}\n".encode())
            asked += 1
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0, screen
    return screen.decode()
