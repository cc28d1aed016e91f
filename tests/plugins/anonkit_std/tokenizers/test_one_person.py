"""The same person in every place gets one token, by handle and by full name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.user import UserTokenizer

from anonkit import anonymize
from anonkit.api import Alias, Boundary, Mentions, Roles

GRID = "/DC=org/DC=example/C=US/O=Example Laboratory/OU=People"
ANNA: Mapping[str, str] = {
    "User": "annak@example.org",
    "Owner": "annak",
    "JobsubClientDN": f"{GRID}/CN=Anna Example/CN=UID:annak",
    "JobsubClientKerberosPrincipal": "annak/cron/node1.example.org@EXAMPLE.ORG",
    "x509UserProxyEmail": "anna.example@example.org",
    "NotifyUser": "annak@example.org",
    "Iwd": "/nashome/a/annak/work",
    "AccountingGroup": "group_nova.prod.annak@example.org",
    "Args": "--for 'Example, Anna' --by Anna%20Example --as annaexample --in /pnfs/x/users/annak/ExampleAnna.txt",
    "Environment": "WHO='Anna Example' HOME=/home/annak KRB=annak@EXAMPLE.ORG",
}
GARBLED: Mapping[str, str] = {
    "User": "UR_1@example.org",
    "Owner": "UR_1",
    "JobsubClientDN": f"{GRID}/CN=UR_1/CN=UID:UR_1",
    "JobsubClientKerberosPrincipal": "UR_1/cron/node1.example.org@EXAMPLE.ORG",
    "x509UserProxyEmail": "UR_1@example.org",
    "NotifyUser": "UR_1@example.org",
    "Iwd": "/nashome/UR_1/work",
    "AccountingGroup": "group_nova.prod.UR_1@example.org",
    "Args": "--for 'UR_1' --by UR_1 --as UR_1 --in /pnfs/x/users/UR_1/UR_1.txt",
    "Environment": "WHO='UR_1' HOME=/home/UR_1 KRB=UR_1@EXAMPLE.ORG",
}


def written(rows: Sequence[Mapping[str, Any]], batch_rows: int = 1000, **options: Any) -> list[dict[str, Any]]:
    """Return rows as the user tokenizer alone writes them."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    jobs = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})
    off = {"enabled": False}
    config = {
        "run": {"batch_rows": batch_rows},
        "anonymizers": {"user": options, "ip": off, "experiment": off},
    }
    found: list[dict[str, Any]] = anonymize(jobs, config).read_all().to_pylist()
    return found


def test_one_person_has_one_token_in_all_places() -> None:
    assert written([ANNA]) == [dict(GARBLED)]


def test_the_row_in_which_a_name_is_learnt_does_not_matter() -> None:
    """Neither the row, nor the batch: 600 rows repeat themselves, so that text is cut into segments."""
    aaron = {"User": "aaron@example.org", "Args": ANNA["Args"], "Environment": ANNA["Environment"]}
    rows = [aaron] * 600 + [ANNA]
    found = written(rows, batch_rows=300)
    assert {row["Environment"] for row in found} == {GARBLED["Environment"].replace("UR_1", "UR_2")}
    assert {row["Args"] for row in found} == {GARBLED["Args"].replace("UR_1", "UR_2")}
    assert found[-1]["JobsubClientDN"] == GARBLED["JobsubClientDN"].replace("UR_1", "UR_2")


@pytest.mark.parametrize("place", [name for name in ANNA if name not in ("User", "Owner", "Args", "NotifyUser")])
def test_people_in_no_user_column_are_learnt_from_other_text(place: str) -> None:
    rows = [{"User": "aaron@example.org", place: ANNA[place]}]
    written_as = written(rows)[0][place]
    assert "annak" not in written_as
    assert "UR_2" in written_as


def test_a_name_learnt_only_from_a_folder_is_replaced_as_a_word() -> None:
    rows = [{"User": "aaron@example.org", "Cmd": "/home/genie/x genie_v3 eugenie genie3"}]
    assert written(rows)[0]["Cmd"] == "/home/UR_2/x UR_2_v3 eugenie genie3"
    rows = [*rows, {"User": "genie", "Cmd": None}]
    assert written(rows)[0]["Cmd"] == "/home/UR_2/x UR_2_v3 euUR_2 UR_2_3"


def test_home_folders_teach_nothing_when_the_option_is_off() -> None:
    rows = [{"User": "aaron@example.org", "Cmd": "/home/genie/aaron"}]
    assert written(rows, home_folders=False)[0]["Cmd"] == "/home/genie/UR_1"


@pytest.mark.parametrize("folder", ["local", "share", "tmp", "data", "root", "condor"])
def test_common_folders_are_no_identities(folder: str) -> None:
    rows = [{"User": "aaron@example.org", "Cmd": f"/home/{folder}/x"}]
    assert written(rows)[0]["Cmd"] == f"/home/{folder}/x"


def test_parts_of_a_name_are_replaced_by_option() -> None:
    row = {
        "User": "annak",
        "JobsubClientDN": ANNA["JobsubClientDN"],
        "Cmd": "anna example"[::-1] + " Anna likes examples",
    }
    assert written([row])[0]["Cmd"].endswith("Anna likes examples")
    assert written([row], name_parts=True)[0]["Cmd"].endswith("UR_1 likes UR_1s")


def test_a_name_of_two_people_gets_the_lower_number() -> None:
    rows = [
        {"User": handle, "JobsubClientDN": f"{GRID}/CN=Anna Example/CN=UID:{handle}", "Cmd": "Anna_Example"}
        for handle in ("annax", "annak")
    ]
    assert [row["Cmd"] for row in written(rows)] == ["UR_1", "UR_1"]


def test_a_certificate_without_a_handle_names_a_person() -> None:
    rows = [{"User": "ben", "x509userproxysubject": f"{GRID}/CN=Anna Example A12345", "Cmd": "Anna_Example"}]
    assert written(rows)[0]["Cmd"] == "UR_1"


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        ("wojciechowska", "UR_1"),
        ("wojciechowsk", "UR_1"),
        ("xwojciech_1", "xUR_1_1"),
        ("wojciec", "wojciec"),
        ("wojciechx", "wojciechx"),
        ("wojciechowska2", "UR_1_2"),
    ],
)
def test_a_name_that_was_cut_short_is_replaced(text: str, garbled: str) -> None:
    assert written([{"User": "wojciechowska", "Cmd": text}])[0]["Cmd"] == garbled


def test_a_whole_handle_is_no_beginning_of_another() -> None:
    rows = [{"User": "annakovac", "Cmd": "annakova"}, {"User": "annakova", "Cmd": "annakovac"}]
    assert [row["Cmd"] for row in written(rows)] == ["UR_2", "UR_1"]


def test_beginnings_are_few() -> None:
    assert list(UserTokenizer().aliases("annakova")) == ["annakova"]
    assert list(UserTokenizer().aliases("annakovac")) == ["annakovac", Alias("annakova", Boundary.END)]
    assert list(UserTokenizer().aliases("anna example")) == ["anna example"]
    assert len(list(UserTokenizer().aliases("x" * 10_000))) == 1 + 256 - 8


def test_a_certificate_may_be_claimed() -> None:
    rows = [{"User": "annak", "Subject": ANNA["JobsubClientDN"]}, {"User": "ben", "Subject": f"{GRID}/CN=Ben Bell"}]
    found = written(rows, columns=["Subject"])
    assert [row["Subject"] for row in found] == ["UR_1", "UR_2"]


def test_mentions_are_returned_once_for_each_certificate() -> None:
    text = pa.array([None, ANNA["JobsubClientDN"], ANNA["JobsubClientDN"], "x"], pa.string())
    mentions = UserTokenizer().mentions(text, "JobsubClientDN", Roles())
    assert isinstance(mentions, Mentions)
    assert mentions.identities is not None
    assert set(mentions.identities.to_pylist()) == {"annak"}
    assert set(mentions.rows.to_pylist()) == {1}
    assert {"annak", "Anna Example", "Example, Anna"} <= set(mentions.spellings.to_pylist())


def test_ignored_accounts_are_no_identities() -> None:
    rows = [{"User": "ben", "JobsubClientKerberosPrincipal": "root@EXAMPLE.ORG", "Cmd": "root /home/root"}]
    assert written(rows)[0]["Cmd"] == "root /home/root"


def test_a_domain_of_windows_is_no_part_of_a_handle() -> None:
    rows = [
        {"User": "EXAMPLE\\\\annak@example.org", "OsUser": "EXAMPLE\\annak", "Args": "-u annak of example, EXAMPLE"},
        {"User": "annak@example.org", "OsUser": "EXAMPLE\\bobk", "Args": "for bobk"},
    ]
    assert written(rows) == [
        {"User": "EXAMPLE\\\\UR_1@example.org", "OsUser": "EXAMPLE\\UR_1", "Args": "-u UR_1 of example, EXAMPLE"},
        {"User": "UR_1@example.org", "OsUser": "EXAMPLE\\UR_2", "Args": "for UR_2"},
    ]


@pytest.mark.parametrize(
    "cell", ["Anna Example <annak@example.org>, bobk@example.org", "annak@example.org (Anna Example)"]
)
def test_a_name_beside_an_address_in_a_column_is_the_person(cell: str) -> None:
    row = {"User": "annak@example.org", "NotifyUser": cell, "Args": "by anna_example"}
    assert written([row])[0]["Args"] == "by UR_1"


def test_a_handle_in_a_column_of_addresses() -> None:
    row = {"User": "bobk@example.org", "NotifyUser": "annak", "Args": "mail annak"}
    assert written([row])[0]["Args"] == "mail UR_1"


def test_a_handle_that_is_a_full_name_is_found_in_its_spellings() -> None:
    row = {
        "User": "anna.example@example.org",
        "Args": "by Anna Example, Example, Anna; anna_example jupyter-anna-2eexample",
    }
    assert written([row])[0]["Args"] == "by UR_1, UR_1; UR_1 jupyter-UR_1"
