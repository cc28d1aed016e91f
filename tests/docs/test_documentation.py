"""What plugin authors and operators can use is written down."""

from __future__ import annotations

import bz2
import importlib
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.options.reporters import CmdEnvReportOptions
from anonkit_std.reporters.text_report.reporter import CmdEnvReport

from anonkit import api
from anonkit.config.model import RunOptions
from anonkit.demo import write_demo
from anonkit.plugin import hooks as hookspecs
from anonkit.plugin.discovery import discover
from anonkit.testing import run_plugins

ROOT = Path(__file__).parents[2]
AUTHORS = {path.stem: path.read_text() for path in (ROOT / "docs" / "authors").glob("*.md")}
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
HOOKS = [name for name, value in inspect.getmembers(hookspecs, inspect.isfunction) if name.startswith("register_")]


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented(hook: str) -> None:
    assert f"`{hook}`" in AUTHORS["index"]


@pytest.mark.parametrize("name", api.__all__)
def test_everything_public_says_what_it_is(name: str) -> None:
    assert inspect.getdoc(getattr(api, name)) or name == "hookimpl"


class Seen(api.Reporter[None, None]):
    """Notes sites and seconds of the rows, in this process."""

    def __init__(self) -> None:
        self.sites: set[str | None] = set()
        self.seconds = 0.0

    def consume(self, state: None, batch: api.Batch) -> None:
        self.sites |= set(batch.column("MATCH_EXP_JOB_Site").to_pylist())
        self.seconds += sum(filter(None, batch.column("CumulativeSlotTime").to_pylist()))

    def write(self, result: None, outputs: api.Outputs, context: api.RunContext) -> None:
        assert context.total_rows == 200


@pytest.fixture
def smallest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The plugins of the pages for authors, the smallest of each sort, as one module."""
    blocks = [block for page in AUTHORS.values() for block in re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S)]
    assert max(block.count("\n") for block in blocks) < 30
    (tmp_path / "smallest_plugins.py").write_text("\n".join(blocks))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "smallest_plugins", raising=False)
    return importlib.import_module("smallest_plugins")


@pytest.fixture
def demo_data(tmp_path: Path) -> Path:
    write_demo(tmp_path / "data", rows=200, files=2)
    return tmp_path / "data"


def test_the_smallest_reporter_listing_and_encoder_work(smallest: ModuleType, demo_data: Path, tmp_path: Path) -> None:
    out = run_plugins(
        demo_data, tmp_path / "out", reporters=[smallest.Experiments(), smallest.Users()], encoders=[smallest.Bz2()]
    )
    assert set(out) == {"experiments.txt.bz2", "users.txt.bz2", "manifest.json"}
    users = bz2.decompress(out["users.txt.bz2"]).decode().splitlines()
    assert len(users) == 200
    assert all(re.match(r"UR_\d+|None$", user) for user in users)
    counts = [line.split() for line in bz2.decompress(out["experiments.txt.bz2"]).decode().splitlines()]
    assert len(counts) > 3
    assert all(re.fullmatch(r"EX_\d+", token) and 0 < int(count) <= 200 for token, count in counts)


def test_the_smallest_tokenizer_and_transform_work(smallest: ModuleType, demo_data: Path, tmp_path: Path) -> None:
    files = str(demo_data / "**/*.parquet")
    rows = duckdb.sql(f"SELECT MATCH_EXP_JOB_Site, CumulativeSlotTime FROM read_parquet('{files}')").fetchall()
    sites = {site for site, _ in rows} - {None, *RunOptions().null_values}
    seconds = sum(time // 3600 * 3600 for _, time in rows)
    seen = Seen()
    run_plugins(
        demo_data, tmp_path / "out", reporters=[seen], tokenizers=[smallest.Sites()],
        transforms=[smallest.WholeHours()],
    )  # fmt: skip
    assert seconds == seen.seconds > 0
    assert all(re.fullmatch(r"SI_\d+", site) for site in seen.sites if site)
    assert len(seen.sites - {None}) == len(sites)


def test_the_tokenizer_of_names_in_text_works(smallest: ModuleType, tmp_path: Path) -> None:
    cmd = ["run --tag calib x", None, "run --tag=redo", "redo --tags calib2"]
    table = pa.table({"User": ["annak"] * 4, "Cmd": cmd, "Environment": ["EXPERIMENT=example"] * 4})
    (tmp_path / "data").mkdir()
    pq.write_table(table, tmp_path / "data" / "jobs.parquet")
    listing = CmdEnvReport(CmdEnvReportOptions())
    out = run_plugins(
        tmp_path / "data", tmp_path / "out", reporters=[listing], tokenizers=[smallest.Tags()], columns=("Cmd",)
    )
    commands = re.findall(r"^  (r.+|TA.+)$", out["cmd_env_report.txt"].decode(), re.M)
    assert commands == ["run --tag TA_1 x", "run --tag=TA_2", "TA_2 --tags calib2"]


def test_the_smallest_reader_works(smallest: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.pairs").write_text("anna FermiGrid\nbob Example\n")
    out = run_plugins(
        tmp_path / "data", tmp_path / "out", reporters=[smallest.Users()], readers=[smallest.Pairs()],
        roles=api.Roles(ip="MATCH_EXP_JOB_Site"), learn="shown", columns=("User", "MATCH_EXP_JOB_Site"),
    )  # fmt: skip
    assert out["users.txt"] == b"UR_1\nUR_2\n"
    assert json.loads(out["manifest.json"])["input"] == [
        {"reader": "reader_0", "files": 1, "rows": 2, "bad_records": 0}
    ]


def test_every_shipped_plugin_is_in_the_list_of_packages() -> None:
    listed = (ROOT / "plugins" / "README.md").read_text()
    registry = discover()
    shipped = (*registry.readers.values(), *registry.encoders.values())
    for installed in (
        *shipped,
        *registry.anonymizers.values(),
        *registry.reporters.values(),
        *registry.executors.values(),
    ):
        if installed.package == "anonkit":
            assert f"`{installed.type.name}`" in listed


def section(title: str) -> str:
    return CONTRIBUTING.split(f"\n## {title}\n")[1].split("\n## ")[0]


def in_code_font(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@pytest.mark.parametrize("title", ["The tour", "The tree"])
def test_contributing_names_places_that_exist(title: str) -> None:
    places = [
        name for name in in_code_font(section(title)) if name.startswith(("anonkit/", "plugins/", "tests/", "docs/"))
    ]
    assert places
    assert [name for name in places if not (ROOT / name).exists()] == []


def test_the_tree_names_every_package() -> None:
    packages = {f"anonkit/{path.parent.name}/" for path in (ROOT / "anonkit").glob("*/__init__.py")}
    plugins = {f"plugins/{path.parent.name}/" for path in (ROOT / "plugins").glob("*/__init__.py")}
    assert packages | plugins <= set(in_code_font(section("The tree")))


def test_the_tour_finds_the_flag_where_it_says() -> None:
    assert 'flag="--wrap"' in (ROOT / "plugins" / "anonkit_std" / "options" / "reporters.py").read_text()


def test_the_glossary_names_identifiers_that_exist() -> None:
    sources = [path.read_text() for path in (ROOT / "anonkit").rglob("*.py")]
    identifiers = set(re.findall(r"^ *(?:class|def) (\w+)|^(\w+) = ", "\n".join(sources), re.MULTILINE))
    known = {name for pair in identifiers for name in pair}
    names = [name for line in section("Words").splitlines() for name in re.findall(r"\(`(\w+)`(?:, `(\w+)`)?\)", line)]
    assert len(names) > 20
    assert [name for pair in names for name in pair if name and name not in known] == []


def test_declaring_plugins_imports_nothing_heavy() -> None:
    program = (
        "import sys, anonkit.api, anonkit.plugin.discovery;"
        "anonkit.plugin.discovery.discover();"
        "heavy = {'pyarrow', 'numpy', 'duckdb', 'rich', 'ahocorasick_rs', 'anonkit.engine.coordinator'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("argument", [name for name in inspect.signature(api.option).parameters if name != "default"])
def test_every_argument_of_an_option_is_in_the_guide_for_authors(argument: str) -> None:
    assert f"`{argument}`" in AUTHORS["index"]
    assert f"`{argument}`" in (inspect.getdoc(api.option) or "")
