"""Nobody who is in the data can be found in what is handed on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import DEMO_ROWS, run_command

from anonkit.demo import Population, population

# A reporter's name holds a word that is a handle as well.
REPORT = "cmd_env_report"
# All that holds text in the generated data, so that the search has something to find.
COLUMNS = (
    "User", "RequestMemory", "JobsubClientIpAddress", "MATCH_EXP_JOB_Site", "NumJobCompletions", "NumJobStarts", "Cmd",
    "Environment", "Owner", "AccountingGroup", "Args", "Iwd", "Err", "Out", "DAGNodeName", "x509userproxysubject",
    "x509UserProxyEmail", "JobsubClientKerberosPrincipal", "LastRemoteHost", "StartdPrincipal", "Jobsub_Group",
)  # fmt: skip


@pytest.fixture(scope="session")
def people() -> Population:
    return population(DEMO_ROWS)


def _run(demo: Path, folder: Path, *more: str) -> Path:
    columns = ",".join(COLUMNS)
    run_command(
        "run", "--data-dir", demo, "--output-dir", folder / "out", "--all-sites", "--set", f"run.columns={columns}",
        "--report-group-by", "Jobsub_Group", *more, cwd=folder,
    )  # fmt: skip
    return folder / "out"


def _texts(output_dir: Path) -> Iterator[str]:
    """Yield every text that came from the data: not the labels, keys, names and options of anonkit itself."""
    for path in output_dir.iterdir():
        yield path.name.replace(REPORT, "")
        if path.name == "manifest.json":
            yield json.dumps({**json.loads(path.read_bytes()), "config": None}).replace(REPORT, "")
        elif path.suffix == ".json":
            yield from _values(json.loads(path.read_bytes()))
        else:
            yield from re.sub(r"(?m)^(Cmd|User|Environment|JobsubClientIpAddress):", "", path.read_text()).splitlines()


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, held in value.items():
            if key not in {"columns_included", "site_column", "meta_columns"}:
                yield from _values(held)
    elif isinstance(value, list):
        for held in value:
            yield from _values(held)
    elif isinstance(value, str):
        yield value


def _user_rule(handle: str) -> str:
    return "word" if len(handle) <= 3 else "prefix" if len(handle) == 4 else "anywhere"


def _rules(people: Population) -> dict[str, list[tuple[str, str]]]:
    """Return what to search for, by kind: each identity, and how far the `match` rules promise to replace it."""
    return {
        # `cmd` is a word of job records, and stays in text.
        "user": [(one, _user_rule(one)) for one in people.users if one != "cmd"],
        "ip": [(one, "number") for one in people.ips],
        "experiment": [(one, _experiment_rule(one)) for one in people.experiments],
    }


def _experiment_rule(name: str) -> str:
    return "word" if len(name) <= 3 and not any(map(str.isdigit, name)) else "prefix"


def _stands(text: str, literal: str, rule: str) -> bool:
    """Whether a literal stands anywhere in the text (both in lower case) where its rule wants it replaced."""
    at = text.find(literal)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(literal) : at + len(literal) + 1]
        forbidden = {
            "word": before.isalnum() or after.isalnum(),
            "prefix": before.isalnum(),
            "anywhere": False,
            "number": before.isdigit() or after.isdigit(),
        }
        if not forbidden[rule]:
            return True
        at = text.find(literal, at + 1)
    return False


def _found(text: str, people: Population) -> dict[str, set[str]]:
    """Return the identities in a text, whatever their letter case, by kind."""
    lowered = text.lower()
    return {
        kind: {one for one, rule in wanted if _stands(lowered, one.lower(), rule)}
        for kind, wanted in _rules(people).items()
    }


def _in_outputs(output_dir: Path, people: Population) -> dict[str, set[str]]:
    return _found("\n".join(set(_texts(output_dir))), people)


def test_no_identity_is_in_any_output(demo: Path, tmp_path: Path, people: Population) -> None:
    assert _in_outputs(_run(demo, tmp_path), people) == {"user": set(), "ip": set(), "experiment": set()}


@pytest.mark.parametrize("kind", ["user", "ip", "experiment"])
def test_without_a_tokenizer_its_identities_show(demo: Path, tmp_path: Path, people: Population, kind: str) -> None:
    more = ("--disable", "failed_users", "--disable", "summary") if kind == "user" else ()
    off = ("--disable", f"anonymizers.{kind}", "--no-audit")
    found = _in_outputs(_run(demo, tmp_path, *off, *more), people)
    assert found[kind]
    assert not any(found[other] for other in found if other != kind)


def test_no_printed_text_holds_an_identity(demo: Path, tmp_path: Path, people: Population) -> None:
    done = run_command("run", "--data-dir", demo, "--output-dir", tmp_path / "out", "--site", "Nowhere", cwd=tmp_path)
    printed = (done.stdout + done.stderr).replace(REPORT, "")
    assert _found(printed, people) == {"user": set(), "ip": set(), "experiment": set()}


def test_the_data_do_hold_what_is_searched_for(demo: Path, people: Population) -> None:
    tables = [pq.read_table(path) for path in sorted(demo.glob("*.parquet"))]
    texts = {
        str(value)
        for table in tables
        for name in COLUMNS
        if name in table.column_names and not pa.types.is_integer(table.schema.field(name).type)
        for value in table[name].unique().to_pylist()
    }
    assert all(_found("\n".join(texts), people).values())


CERTIFICATE = "/DC=org/DC=example/O=Example Laboratory/OU=People/CN={name}/CN=UID:{handle}"
NAMES = ("Anna Polar", "Zoë O'Brien", "Li Muster", "Anna-Lena von Berg", "Béla Q. Vzor", "Jan Mond")
PLACES = {
    "Owner": "{handle}",
    "JobsubClientDN": CERTIFICATE,
    "JobsubClientKerberosPrincipal": "{handle}/cron/node1.example.org@EXAMPLE.ORG",
    "x509UserProxyEmail": "{given}.{surname}@example.org",
    "Iwd": "/exp/x/app/users/{handle}/{surname}_{given}",
    "AccountingGroup": "group_x.prod.{handle}@example.org",
    "Args": "--by '{surname}, {given}' {GIVEN}-{SURNAME} {given}{surname} {quoted} {plus} {cut}",
}


def test_no_person_is_in_any_column(tmp_path: Path) -> None:
    """Everybody is known by the columns themselves: nobody submits under the own handle."""
    people = [(f"{name.split()[0].lower()}{place}bakowskiewicz", name) for place, name in enumerate(NAMES)]
    rows = [_row(handle, name) for handle, name in people] * 40
    (tmp_path / "data").mkdir()
    table = pa.Table.from_pylist([row | {"User": f"shared{place}"} for place, row in enumerate(rows)])
    pq.write_table(table, tmp_path / "data" / "jobs.parquet")
    columns = ",".join(["User", *PLACES])
    run_command(
        "run", "--data-dir", tmp_path / "data", "--output-dir", tmp_path / "out", "--all-sites",
        "--report-file", "report.txt", "--set", f"run.columns={columns}", "--site-col", "Site", "--user-col", "User",
        "--set", "roles.ip=Ip", "--set", "roles.cmd=Args", "--set", "roles.env=Iwd",
        "--set", "roles.starts=Starts", "--set", "roles.completions=Starts", cwd=tmp_path,
    )  # fmt: skip
    texts = "\n".join(set(_texts(tmp_path / "out"))).lower()
    given = {name.split()[0].lower() for name in NAMES}
    surnames = {name.split()[-1].lower() for name in NAMES}
    assert re.search(r"ur_\d+/cron/node1\.example\.org@example\.org", texts)
    assert not [handle for handle, _ in people if handle[:8] in texts]
    left = {line for line in texts.splitlines() if any(one in line for one in surnames)}
    assert not left
    assert not [one for one in given if re.search(rf"\b{one}\b", texts)]


def _row(handle: str, name: str) -> dict[str, Any]:
    given, *_, surname = name.split()
    said = {
        "handle": handle, "name": name, "given": given, "surname": surname, "cut": f"/x_{handle[:10]} ",
        "GIVEN": given.upper(), "SURNAME": surname.upper(), "quoted": quote(name), "plus": quote_plus(name),
    }  # fmt: skip
    told = {column: place.format(**said) for column, place in PLACES.items()}
    return {**told, "Site": "X", "Ip": "192.0.2.1", "Starts": 1}
