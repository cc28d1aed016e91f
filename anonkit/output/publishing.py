"""Publishing: complete files take the place of those of an earlier run, all or none.

A file that is there already is an earlier run's when its content is as that run's manifest says. Any other stays.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from anonkit.errors import OutputError, some
from anonkit.file_names import MANIFEST, is_plain_name
from anonkit.runtime.found_manifest import found_manifest
from anonkit.runtime.regular_files import open_regular

__all__ = ["replace_outputs"]


_BLOCK = 1 << 20


def replace_outputs(names: Sequence[str], folder: Path, output_dir: Path, earlier: Path, *, force: bool) -> None:
    """Move the named files from `folder` into `output_dir`, and all that an earlier run published there to `earlier`.

    OutputError when a file that no run published has one of the names, unless it is to be replaced by `force`. If
    anything fails, every file goes back to where it was.
    """
    published = _published(output_dir)
    own = [name for name in published if _is_as_published(output_dir / name, published[name])]
    wanted = [name for name in names if name not in own and _is_file(output_dir / name)]
    foreign = [name for name in wanted if os.path.isfile(output_dir / name) and not os.path.islink(output_dir / name)]
    if foreign and not force:
        raise OutputError(_refusal(output_dir, foreign))
    leaving = [*own, *wanted]
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
    # The methods of Path raise for a name that is too long.
    return os.path.lexists(path) and (os.path.islink(path) or not os.path.isdir(path))


def _move(source: Path, target: Path) -> tuple[Path, Path]:
    source.replace(target)
    return source, target


def _refusal(output_dir: Path, foreign: Sequence[str]) -> str:
    names = some([repr(name) for name in foreign], 3)
    return (
        f"{output_dir}: holds {names}, not as a run of anonkit published it there; nothing was published. Move such "
        "files, choose another --output-dir, or replace them with --force"
    )


def _is_as_published(path: Path, listed: Mapping[str, Any] | None) -> bool:
    """Return whether a file has the content that a manifest lists; None lists any content."""
    try:
        with open_regular(path) as file:
            if listed is None:
                return True
            if os.fstat(file.fileno()).st_size != listed.get("size"):
                return False
            digest = hashlib.sha256()
            while block := file.read(_BLOCK):
                digest.update(block)
            return digest.hexdigest() == listed.get("sha256")
    except (OSError, ValueError):
        return False


def _published(output_dir: Path) -> dict[str, Mapping[str, Any] | None]:
    """Return the entries of the manifest in the output folder by name, with None for its own; nothing if damaged."""
    listed = found_manifest(output_dir / MANIFEST)
    try:
        return {} if listed is None else {**{str(entry["name"]): entry for entry in _entries(listed)}, MANIFEST: None}
    except (KeyError, TypeError):
        return {}


def _entries(listed: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the files that a manifest lists. It may have been edited, and may say anything."""
    archive = listed.get("archive")
    for entry in (*listed["outputs"], *([archive] if archive else [])):
        if isinstance(entry, dict) and is_plain_name(str(entry["name"])):
            yield entry
