"""The program has workers made ready before it imports its command line, if it looks as if they will be needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    ("arguments", "reads"),
    [
        (["run"], True),
        (["run", "--workers", "2", "--site", "--help-desk"], True),
        (["run", "--workers=12"], True),
        (["run", "--workers", "1"], False),
        (["run", "--workers=1", "--all-sites"], False),
        (["run", "--data-dir", "d", "--dry-run"], False),
        (["run", "--help"], False),
        (["config", "show", "run"], False),
        ([], False),
    ],
)
def test_workers_are_made_ready_for_what_looks_like_a_run(arguments: list[str], reads: bool) -> None:
    code = (
        "import sys\nfrom anonkit import executors\nfrom anonkit.__main__ import main\n"
        "executors.prepare_workers = lambda wanted: print('ready', wanted, 'click' in sys.modules)\n"
        "sys.exit(main())"
    )
    assert ("ready 0 False" in python(code, *arguments).stdout) is reads


def test_workers_that_import_it_again_import_nothing_else() -> None:
    code = "import sys, anonkit.__main__; print([one for one in ('click', 'attrs', 'pyarrow') if one in sys.modules])"
    assert python(code).stdout == "[]\n"


def test_it_can_be_run_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "anonkit", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("anonkit ")
    assert subprocess.run([sys.executable, "-m", "anonkit", "rnu"], capture_output=True, check=False).returncode == 2


def test_an_interrupt_before_the_command_line_is_there(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom anonkit import executors\nfrom anonkit.__main__ import main\n"
        "def interrupted(wanted): raise KeyboardInterrupt\nexecutors.prepare_workers = interrupted\n"
        "sys.exit(main())"
    )
    done = python(code, "run")
    assert (done.returncode, done.stderr, done.stdout) == (130, "anonkit: interrupted\n", "")
