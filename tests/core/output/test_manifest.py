"""The manifest is for whoever is handed the outputs: no original in it, and nothing of the machine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import pytest
from fakes import COUNT_TYPE, USER_TYPE

from anonkit.auditing.findings import AuditResult
from anonkit.auditing.run import manifest_entry
from anonkit.config.model import Choice, Config, MappingOptions, RunOptions
from anonkit.options import option
from anonkit.output.manifest import RunFacts, known_texts, render
from anonkit.output.manifest_entries import AuditEntry
from anonkit.output.output_info import OutputInfo
from anonkit.output.public_options import SECRET, PublicOptions
from anonkit.plugin.contracts import Boundary, Roles
from anonkit.text.replace import TextReplacer, TokenPreserver
from anonkit.text.spellings import Literal, Literals

NAMES = ("annakovaleva", "Owner", "nova", "bob")
KEEPER = TokenPreserver(
    TextReplacer(
        Literals.from_literals([Literal(name, Boundary.ANYWHERE, f"UR_{n}") for n, name in enumerate(NAMES, 1)])
    ),
    ["UR_1", "UR_2", "UR_3", "UR_4"],
)


@attrs.frozen(kw_only=True)
class Options:
    title: str = option("jobs of nova", help="a title")
    keywords: tuple[str, ...] = option(("nova", "dune"), help="names")
    aliases: dict[str, tuple[str, ...]] = option({}, help="spellings", secret=True)
    salt: str | None = option(None, help="a secret", secret=True)
    ignore: tuple[str, ...] = option(("root",), help="words", adds=True, counted=True)
    nicknames: dict[str, tuple[str, ...]] = option({}, help="spellings", secret=True, counted=True)
    labels: dict[str, str] = option({"nova": "the nova experiment"}, help="labels")
    groups: dict[str, tuple[str, ...]] = option({"far": ("nova", "dune")}, help="groups")
    columns: tuple[str, ...] = option((), help="columns")
    top: int = option(10, help="how many")
    share: float | None = option(None, help="how much")
    bold: bool = option(False, help="how loud")


def rendered(
    config: Config | None = None,
    *,
    public: PublicOptions = PublicOptions(KEEPER, frozenset(["User", "Owner"])),  # noqa: B008  # frozen
    outputs: Sequence[OutputInfo] = (),
    archive: OutputInfo | None = None,
    audit: AuditEntry | None = None,
    **facts: Any,
) -> dict[str, Any]:
    given = RunFacts(**{"version": "1.2.3", "rows": 7, "identities": {"user": 3, "ip": 0}, **facts})
    text = render(given, config or Config(run=RunOptions()), public, outputs, archive, audit)
    assert text.endswith(b"}\n")
    document: dict[str, Any] = json.loads(text)
    return document


def options_of(**options: Any) -> Mapping[str, Any]:
    config = Config(run=RunOptions(), anonymizers=(Choice(USER_TYPE, Options(**options)),))
    held: Mapping[str, Any] = rendered(config)["config"]["anonymizers"]["user"]
    return held


def test_what_it_says() -> None:
    config = Config(
        run=RunOptions(),
        anonymizers=(Choice(USER_TYPE, USER_TYPE.options(), package="anonkit-std", version="0.9"),),
        reporters=(Choice(COUNT_TYPE, COUNT_TYPE.options(), garble=False, package="their-package", version="3"),),
    )
    output = OutputInfo(name="count.txt", size=1, sha256="ab", reporter="count", garbled=False)
    archive = OutputInfo(name="all.tar", size=9, sha256="cd", reporter="archive", garbled=False)
    found = rendered(config, outputs=[output], archive=archive, skipped=["sub/a.parquet: cut off"])
    assert {key: found[key] for key in found if key != "config"} == {
        "anonkit": "1.2.3",
        "format": "anonkit-manifest-1",
        "plugins": [
            {"name": "user", "package": "anonkit-std", "version": "0.9"},
            {"name": "count", "package": "their-package", "version": "3"},
        ],
        "preset": "fife",
        "rows": 7,
        "input": [],
        "identities": {"user": 3, "ip": 0},
        "skipped_files": ["sub/a.parquet: cut off"],
        "outputs": [{"name": "count.txt", "size": 1, "sha256": "ab", "reporter": "count", "garbled": False}],
        "audit": {"done": False},
        "archive": {"name": "all.tar", "size": 9, "sha256": "cd"},
    }
    assert rendered(audit=AuditEntry(done=True, finds=0))["audit"] == {"done": True, "finds": 0}
    assert found["config"]["roles"]["user"] == "User"
    assert found["config"]["reporters"] == {"count": {"garble": False}}
    assert found["config"]["run"]["order"] == "appearance"
    assert "archive" not in rendered()


def test_the_domain_of_the_mapping_when_there_is_one() -> None:
    assert "mapping" not in rendered()
    assert rendered(domain="0" * 32)["mapping"] == {"domain": "0" * 32}


def test_nothing_of_the_mappings_encryption() -> None:
    options = MappingOptions(recipients=("age1…",), identity_file="/home/bob/key", access_log="/home/bob/log")
    assert rendered(Config(run=RunOptions(), mapping=options)) == rendered()


def test_nothing_of_the_machine() -> None:
    run = RunOptions(
        data_dir="/home/bob/data",
        output_dir="/home/bob/out",
        mapping="/home/bob/mapping.json",
        workers=13,
        batch_rows=4711,
        executor="cluster",
    )
    assert rendered(Config(run=run)) == rendered()
    assert not {"data_dir", "output_dir", "mapping", "workers", "batch_rows", "executor"} & set(
        rendered()["config"]["run"]
    )


def test_the_origin_of_values_is_absent() -> None:
    assert rendered(Config(run=RunOptions(), sources={"run.order": "/home/bob/anonkit.toml"})) == rendered()


def test_secrets_are_masked_whether_they_are_set_or_not() -> None:
    for held in (options_of(), options_of(aliases={"annakovaleva": ("annak",)}, salt="annakovaleva")):
        assert held["aliases"] == held["salt"] == SECRET


def test_of_words_that_name_identities_the_number_shows() -> None:
    held = options_of(ignore=("root", "annakovaleva"), nicknames={"annakovaleva": ("annak", "ann")})
    assert (held["ignore"], held["nicknames"]) == (2, 1)


def test_defaults_stay_as_they_are() -> None:
    """A token in a text that everybody knows would tell whom it stands for."""
    assert options_of() == {
        "title": "jobs of nova",
        "keywords": ["nova", "dune"],
        "aliases": SECRET,
        "salt": SECRET,
        "ignore": 1,
        "nicknames": 0,
        "labels": {"nova": "the nova experiment"},
        "groups": {"far": ["nova", "dune"]},
        "columns": [],
        "top": 10,
        "share": None,
        "bold": False,
    }


def test_what_is_set_is_garbled() -> None:
    held = options_of(
        title="jobs of annakovaleva and nova",
        keywords=("dune", "nova", "xnova", "annakovaleva"),
        labels={"nova": "the nova experiment", "dune": "nova", "bob": "Bob's"},
        groups={"far": ("nova", "bob"), "bob": ("nova",)},
        top=3,
        share=0.5,
        bold=True,
    )
    assert held["title"] == "jobs of UR_1 and UR_3"
    assert held["keywords"] == ["dune", "nova", "xUR_3", "UR_1"]
    assert held["labels"] == {"nova": "the nova experiment", "dune": "UR_3", "UR_4": "UR_4's"}
    assert held["groups"] == {"far": ["nova", "UR_4"], "UR_4": ["UR_3"]}
    assert (held["top"], held["share"], held["bold"]) == (3, 0.5, True)


def test_names_of_columns_stay_as_they_are() -> None:
    """A user named like a column must not be told by it."""
    assert options_of(title="Owner", columns=("User", "Owner", "owner"))["columns"] == ["User", "Owner", "UR_2"]
    assert options_of(title="Owner")["title"] == "Owner"
    config = Config(run=RunOptions(columns=("Owner", "Ownership")), roles=Roles(user="Owner", ip="bob"))
    found = rendered(config)["config"]
    assert found["run"]["columns"] == ["Owner", "UR_2ship"]
    assert (found["roles"]["user"], found["roles"]["ip"], found["roles"]["site"]) == (
        "Owner",
        "UR_4",
        "MATCH_EXP_JOB_Site",
    )


def test_reasons_why_rows_are_missing() -> None:
    assert "missing_rows" not in rendered()
    assert rendered(missing_rows=["bob.json: 10 of 20 rows"])["missing_rows"] == ["UR_4.json: 10 of 20 rows"]


def test_names_of_skipped_files_are_garbled() -> None:
    found = rendered(skipped=["annakovaleva/jobs.parquet: damaged", "nova.parquet: cut off"])
    assert found["skipped_files"] == ["UR_1/jobs.parquet: damaged", "UR_3.parquet: cut off"]


@pytest.mark.parametrize("value", ["caf\udce9", "\ud800"])
def test_what_is_no_text_is_shown_as_far_as_it_is(value: str) -> None:
    """File names and flags may hold bytes that are no text."""
    assert rendered(skipped=[f"{value}-bob"])["skipped_files"] == [f"{value[:-1]}?-UR_4"]
    assert options_of(title=value)["title"] == f"{value[:-1]}?"


def test_the_same_run_gives_the_same_bytes() -> None:
    assert list(rendered()) == list(rendered())
    b_first, a_first = (PublicOptions(lambda array: array, frozenset(columns)) for columns in ("ba", "ab"))
    assert rendered(public=b_first) == rendered(public=a_first)


def test_text_is_readable() -> None:
    public = PublicOptions(lambda array: array, frozenset())
    facts = RunFacts(version="1", rows=0, identities={})
    document = render(facts, Config(run=RunOptions(null_values=("não",))), public, ())
    assert "não" in document.decode()
    assert document.startswith(b'{\n  "anonkit": "1"')


def test_public_texts_do_not_include_values_that_were_set() -> None:
    config = Config(
        run=RunOptions(columns=("User",)),
        anonymizers=(Choice(USER_TYPE, USER_TYPE.options(), package="anonkit-std", version="0.9"),),
    )
    known = set(known_texts(config, ["Owner"], ["user"]))
    assert {'"config"', '"audit"', '"columns"', '"appearance"', '"Owner"', '"user"', '"anonkit-std"'} <= known
    assert '"bob"' not in set(known_texts(attrs.evolve(config, run=RunOptions(data_dir="bob")), [], []))


def test_every_key_is_a_public_text() -> None:
    """A user named `plain`, or `catalogue`, must not be found in the manifest of each run."""
    config = Config(
        run=RunOptions(),
        anonymizers=(Choice(USER_TYPE, USER_TYPE.options()),),
        reporters=(Choice(COUNT_TYPE, COUNT_TYPE.options()),),
    )
    output = OutputInfo(name="count.txt", size=1, sha256="ab", reporter="count", garbled=True)
    audit = manifest_entry(AuditResult(files=1, bytes=1, identities=1, patterns=1))
    found = rendered(config, outputs=[output], archive=output, audit=audit, domain="0" * 32)
    assert {f'"{key}"' for key in keys(found)} <= set(known_texts(config, [], ["user", "ip"]))


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for held in value:
            yield from keys(held)
