"""The benchmarks work: every table is made, and what is compared finds the same. How fast it is, is not tested."""

from __future__ import annotations

import io
import runpy
import subprocess
import sys
import time
import warnings
from contextlib import redirect_stdout
from pathlib import Path
from unittest import mock

import attrs
import pyarrow as pa
import pytest
from command import run_command

pytest.importorskip("pandas", reason="the benchmarks need anonkit[bench]")
pytest.importorskip("polars", reason="the benchmarks need anonkit[bench]")

from benchmarks.__main__ import SECTIONS
from benchmarks.demo_data import Bench
from benchmarks.document import BEGIN, END, insert
from benchmarks.never_repeating import suffixed
from benchmarks.processes import ANONKIT, Command, Usage
from benchmarks.results import Check, Column, Goal, Report, Section, Table, load, save
from benchmarks.scaling import THREE_YEARS
from benchmarks.sizes import TINY

# The benchmarks run once.
pytestmark = pytest.mark.xdist_group("benchmarks")

ROOT = Path(__file__).parents[1]
OF_A_PROCESS = ("packages", "start-up")

REPORT = Report(
    machine=(("cores", "2"),),
    sections=(
        Section(
            "Speed",
            (Table("By rows", (Column("rows", ",d"), Column("s", ".1f")), ((1000, 0.25), (2000, None)), "A note."),),
            checks=(Check("both agree", True), Check("nothing is lost", False)),
            goals=(Goal("slower than light", 2.0, 3.0, "×"), Goal("faster than sound", 2.0, 3.0, "×", at_most=False)),
        ),
    ),
)


@attrs.frozen
class BenchHere(Bench):
    """Runs commands in this process, where libraries are imported once. What they cost is not theirs alone."""

    def measured(self, command: Command) -> Usage:
        program, *arguments = command.arguments
        started, cpu = time.perf_counter(), time.process_time()
        if program == str(ANONKIT):
            output = run_command(*arguments, cwd=self.folder).stdout
        else:
            assert program == sys.executable
            output = _run_module(*arguments)
        return Usage(time.perf_counter() - started, time.process_time() - cpu, 1, 0, output)


def _run_module(flag: str, module: str, *arguments: str) -> str:
    """Run a module as the main one, as `python -m` does, and return what it prints."""
    assert flag == "-m"
    output = io.StringIO()
    with mock.patch.object(sys, "argv", [module, *arguments]), redirect_stdout(output), warnings.catch_warnings():
        # Other tests have imported some of them.
        warnings.filterwarnings("ignore", message=".* found in sys.modules", category=RuntimeWarning)
        runpy.run_module(module, run_name="__main__")
    return output.getvalue()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Every section. The command makes those that say something about a process, from its start on."""
    folder = tmp_path_factory.mktemp("benchmarks")
    wanted = [argument for name in OF_A_PROCESS for argument in ("--only", name)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--tiny", "--json", folder / "figures.json", *wanted],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    commanded = load(folder / "figures.json")
    made = dict(zip(OF_A_PROCESS, commanded.sections, strict=True))
    bench = BenchHere(folder, TINY, TINY.workers)
    # The cluster is slow to start, and its plugin has tests of its own.
    sections = (made.get(name) or make(bench) for name, make in SECTIONS.items() if name != "cluster")
    save(attrs.evolve(commanded, sections=tuple(sections)), folder / "figures.json")
    return load(folder / "figures.json")


def test_every_section_has_its_tables(report: Report) -> None:
    assert [section.title for section in report.sections] == [
        "The whole run",
        "Garbling",
        "Packages",
        "Workers",
        "Growth",
        "Small files",
        "Start-up",
    ]
    tables = [table for section in report.sections for table in section.tables]
    assert len(tables) == 11
    for table in tables:
        assert table.rows
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_pandas_and_anonkit_agree_and_so_do_runs_that_must(report: Report) -> None:
    assert len(report.checks) == 18
    assert [check.what for check in report.checks if not check.holds] == []


def test_all_that_is_compared_is_measured(report: Report) -> None:
    whole_run, garbling, *_ = report.sections
    names = [[row[0] for row in table.rows] for table in whole_run.tables]
    assert (
        names[:2] == [["anonkit", "anonkit without its audit", "Polars, whole job in memory", "pandas, row by row"]] * 2
    )
    assert [row[1:3] for row in garbling.tables[0].rows] == [
        ("repeating", "anonkit"),
        ("repeating", "one-pass `re`"),
        ("repeating", "one-pass `re`, lower-case names only"),
        ("repeating", "Polars `replace_many`"),
        ("unique", "anonkit"),
        ("unique", "Polars `replace_many`"),
    ]
    assert all(isinstance(row[3], float) and row[3] > 0 for row in garbling.tables[0].rows)


def test_packages_at_work_are_named(report: Report) -> None:
    (table,) = report.sections[2].tables
    assert {"anonkit.text", "anonkit.auditing", "anonkit.engine"} <= {str(row[0]) for row in table.rows}


def test_text_that_never_repeats_itself() -> None:
    texts = {
        "Cmd": ["/bin/x", "/bin/x", None],
        "Environment": ["A=1 GRID_USER=annak B='c d'", "A=1;EXPERIMENT=nova", None],
    }
    batch = pa.RecordBatch.from_pydict(texts)
    assert suffixed(batch, 26).to_pydict() == {
        "Cmd": ["/bin/x/x1a", "/bin/x/x1b", None],
        "Environment": ["A=1/x1a GRID_USER=annak B='c d'", "A=1/x1b;EXPERIMENT=nova", None],
    }


def test_this_tree_against_itself(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "benchmarks.against_revision", ROOT]
    arguments = ["--rows", "300", "--rounds", "1", "--workers", "1", "--limit", "100", "--folder", tmp_path]
    done = subprocess.run([*program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "- both write the same bytes, apart from the manifest: yes" in done.stdout


def test_what_is_extrapolated_says_so(report: Report) -> None:
    table = report.sections[4].tables[1]
    assert "extrapolated" in table.title
    assert table.rows[0][0] == THREE_YEARS


def test_a_report_survives_json(tmp_path: Path) -> None:
    save(REPORT, tmp_path / "figures.json")
    assert load(tmp_path / "figures.json") == REPORT


def test_figures_go_between_the_marks(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"Before.\n\n{BEGIN}\n\nold\n\n{END}\n\nAfter.\n")
    insert(REPORT, document)
    insert(REPORT, document)
    assert (
        document.read_text()
        == f"""Before.

{BEGIN}

## The machine

|  |  |
| --- | --- |
| cores | 2 |

## Goals

|  | measured | asked | met |
| --- | --- | --- | --- |
| slower than light | 2.00 × | at most 3 × | yes |
| faster than sound | 2.00 × | at least 3 × | no |

## Checks

- both agree: yes
- nothing is lost: **no**

## Speed

### By rows

| rows | s |
| ---: | ---: |
| 1,000 | 0.2 |
| 2,000 |  |

A note.

{END}

After.
"""
    )


def test_a_document_without_marks_stays_as_it_is(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("Nothing here.\n")
    with pytest.raises(ValueError, match=r"performance\.md has no"):
        insert(REPORT, document)
    assert document.read_text() == "Nothing here.\n"


def test_the_document_has_room_for_the_figures() -> None:
    text = (ROOT / "docs" / "performance.md").read_text()
    assert text.count(BEGIN) == text.count(END) == 1
