"""Files in an input folder that are not input: anonkit's own outputs, and hidden files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from anonkit.file_names import MANIFEST, STAGING_PREFIX
from anonkit.runtime.found_manifest import found_manifest

__all__ = ["Inputs", "is_hidden", "without_own_outputs"]


@attrs.frozen
class Inputs:
    """The files to read, and warnings about those that are passed over."""

    files: tuple[Path, ...]
    warnings: tuple[str, ...]


def without_own_outputs(root: Path, files: Iterable[Path]) -> Inputs:
    """Return those of the files below `root` that are input.

    A folder with anonkit's manifest is passed over, and in `root` itself the outputs that its manifest lists; so are
    hidden files and folders.
    """
    manifests = _Manifests()
    left: list[Path] = []
    own: dict[Path, int] = {}
    hidden = 0
    for path in files:
        parts = path.relative_to(root).parts
        if is_hidden(parts):
            hidden += not any(part.startswith(STAGING_PREFIX) for part in parts)
        elif (folder := manifests.folder_of(path, root)) is not None:
            own[folder] = own.get(folder, 0) + 1
        else:
            left.append(path)
    return Inputs(tuple(left), tuple(_warnings(root, own, hidden)))


def is_hidden(parts: Sequence[str]) -> bool:
    """Return whether a part of a path is hidden: its name begins with a dot."""
    return any(part.startswith(".") for part in parts)


def _warnings(root: Path, own: dict[Path, int], hidden: int) -> Iterator[str]:
    for folder, files in own.items():
        where = "the input folder" if folder == root else folder.relative_to(root).as_posix()
        yield f"passed over {where}: {files:,} files in it are anonkit's own outputs (by its {MANIFEST})"
    if hidden:
        yield f"passed over {hidden:,} hidden files; to read one, name it with --data-dir"


class _Manifests:
    """The names that the manifests of folders list, each read once."""

    def __init__(self) -> None:
        self._names: dict[Path, frozenset[str] | None] = {}

    def folder_of(self, path: Path, root: Path) -> Path | None:
        """Return the folder with a manifest by which a file below `root` is an output; None for none."""
        for folder in path.parents:
            if folder not in self._names:
                self._names[folder] = _listed(folder / MANIFEST)
            names = self._names[folder]
            if folder == root:
                return root if names is not None and path.relative_to(root).as_posix() in names else None
            if names is not None:
                return folder
        return None


def _listed(manifest: Path) -> frozenset[str] | None:
    """Return the names that a manifest lists, and its own; None when there is none, or it is not anonkit's."""
    outputs = (found_manifest(Path(os.path.realpath(manifest))) or {}).get("outputs")
    if not isinstance(outputs, list):
        return None
    names = (str(output.get("name")) for output in outputs if isinstance(output, dict))
    return frozenset((MANIFEST, *names))
