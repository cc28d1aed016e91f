"""A script: whether two tools found the same. It prints what was compared, and whether it agrees, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.demo_data import SITE

__all__ = ["main"]


def main(ours: Path, theirs: Path) -> None:
    """Compare the outputs in two folders."""
    compared: dict[str, bool] = {
        "the same number of rows": _same(ours, theirs, "summary.json", "meta", "total_rows"),
        "the same users, with numbers and rows": _same(ours, theirs, "summary.json", "users"),
        "the same failures": _same(ours, theirs, "failed_users.json", "failed_users"),
        "as many jobs at the site": _jobs(ours) == _jobs(theirs),
    }
    print(json.dumps(compared))


def _same(ours: Path, theirs: Path, file: str, *keys: str) -> bool:
    return bool(_read(ours / file, *keys) == _read(theirs / file, *keys))


def _jobs(folder: Path) -> int:
    return len(_read(folder / f"jobs_at_{SITE}.json", "jobs_at_site"))


def _read(path: Path, *keys: str) -> Any:
    content = json.loads(path.read_bytes())
    for key in keys:
        content = content[key]
    return content


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
