"""Publishing: complete files take the place of those of an earlier run, all or none."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from anonkit.file_names import MANIFEST, is_plain_name
from anonkit.runtime.regular_files import open_regular

__all__ = ["replace_outputs"]


def replace_outputs(names: Sequence[str], folder: Path, output_dir: Path, earlier: Path) -> None:
    """Move the named files from `folder` into `output_dir`, and all that an earlier run published there to `earlier`.

    If anything fails, every file goes back to where it was.
    """
    leaving = [name for name in dict.fromkeys([*_published(output_dir), *names]) if _is_file(output_dir / name)]
    undo: list[tuple[Path, Path]] = []
    try:
        for name in leaving:
            undo.append(_move(output_dir / name, earlier / name))  # noqa: PERF401  # known as soon as done
        for name in names:
            undo.append(_move(folder / name, output_dir / name))  # noqa: PERF401  # as above
    except BaseException:
        for source, target in reversed(undo):
            with suppress(OSError):
                target.replace(source)
        raise


def _is_file(path: Path) -> bool:
    # Not those of Path, which raise for a name that is too long to be one.
    return os.path.lexists(path) and (os.path.islink(path) or not os.path.isdir(path))


def _move(source: Path, target: Path) -> tuple[Path, Path]:
    source.replace(target)
    return source, target


def _published(output_dir: Path) -> list[str]:
    """Return what the manifest in the output folder says was published there, and the manifest; nothing if damaged."""
    try:
        with open_regular(output_dir / MANIFEST) as file:
            listed = json.loads(file.read())
        if "anonkit" not in listed:
            return []
        names = [str(output["name"]) for output in listed["outputs"]]
        archive = listed.get("archive")
        names += [str(archive["name"])] if archive else []
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
    # A manifest is a file like any other: it may say anything.
    return [name for name in (*names, MANIFEST) if is_plain_name(name)]
