"""Demo data to measure on, and runs over it. Data sets are made once and kept in the working folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import attrs

from benchmarks.processes import Command, Usage, anonkit, measured, script
from benchmarks.sizes import Sizes

__all__ = ["COLUMNS", "SITE", "Bench", "digests"]

COLUMNS = (
    "User",
    "RequestMemory",
    "CumulativeSlotTime",
    "JobsubClientIpAddress",
    "MATCH_EXP_JOB_Site",
    "DAG_NodesFailed",
    "NumJobCompletions",
    "NumJobStarts",
    "Cmd",
    "Environment",
)
"""What a run reads by default."""
SITE = "FermiGrid"
MANIFEST = "manifest.json"


@attrs.frozen
class Bench:
    """Where to work and how much."""

    folder: Path
    sizes: Sizes
    workers: int = 2

    def measured(self, command: Command) -> Usage:
        """Run a command and return what it cost, as `processes.measured` does."""
        return measured(command, self.folder, touched=self.sizes.touched)

    def demo(self, rows: int, files: int = 6) -> Path:
        """Return the folder of a demo data set."""
        return self.made(f"demo-{rows}-{files}", lambda path: anonkit("demo", "--rows", rows, "--files", files, path))

    def never_repeating(self, rows: int) -> Path:
        """Return the folder of the rows of `demo` with text that no two of them share."""
        whole = self.demo(rows)
        return self.made(f"{whole.name}-unique", lambda path: script("never_repeating", whole, path))

    def recut(self, rows: int, files: int, into: int) -> Path:
        """Return the folder of the same rows as `demo` in the same order, in `into` files, a multiple of `files`."""
        whole = self.demo(rows, files)
        return self.made(f"{whole.name}-{into}", lambda path: script("recut", whole, path, into // files))

    def made(self, name: str, command: Callable[[Path], Command]) -> Path:
        """Return the path `name`, which `command` makes unless it is there."""
        path = self.folder / name
        if not path.exists():
            partial = self.folder / f"partial-{name}"
            shutil.rmtree(partial, ignore_errors=True)
            self.measured(command(partial))
            partial.rename(path)
        return path

    def output(self, name: str) -> Path:
        """Return the folder of the outputs of a contender's last run."""
        return self.folder / "outputs" / name

    def run(self, data: Path, output: Path, *flags: object, workers: int | None = None) -> Usage:
        """Run `anonkit run` into an empty folder and return what it cost."""
        shutil.rmtree(output, ignore_errors=True)
        count = self.workers if workers is None else workers
        # The programs that it is compared with learn names from the columns that are shown alone.
        shown = ("--set", "run.learn=shown")
        command = anonkit("run", "--data-dir", data, "--output-dir", output, "--workers", count, *shown, *flags)
        return self.measured(command)

    def clear_outputs(self) -> None:
        """Remove the outputs of all contenders."""
        shutil.rmtree(self.folder / "outputs", ignore_errors=True)


def digests(output: Path) -> dict[str, str]:
    """Return the SHA-256 of each output of a run, which is taken while it is written."""
    manifest = json.loads((output / MANIFEST).read_bytes())
    return {held["name"]: held["sha256"] for held in manifest["outputs"]}
