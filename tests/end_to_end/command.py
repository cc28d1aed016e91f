"""The real command, run as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Command = Callable[..., "subprocess.CompletedProcess[str]"]

ANONKIT = Path(sys.executable).with_name("anonkit")


def run_command(*arguments: object, cwd: Path, status: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `anonkit` in `cwd` and check its exit status."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ANONKIT_")}
    done = subprocess.run(
        [ANONKIT, *map(str, arguments)],
        cwd=cwd,
        env={**environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done
