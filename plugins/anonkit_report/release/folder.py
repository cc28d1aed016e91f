"""The output folder of a run, as its manifest describes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from anonkit.api import InputError

__all__ = ["ADDED", "Folder", "digest_of"]

ADDED = ("README.md", "SHA256SUMS", "datapackage.json", "croissant.json")
"""Files that packaging adds to those of the run."""
_DICTIONARY = "dataset.json"


@attrs.frozen
class Folder:
    """A folder, its manifest, and the dictionary of its data set if it has one."""

    path: Path
    manifest: Mapping[str, Any]
    dictionary: Mapping[str, Any] | None

    @classmethod
    def at(cls, path: Path) -> Folder:
        """Return the folder of a finished run.

        InputError when it has no manifest, or an output is not as the run wrote it.
        """
        manifest = _document(path / "manifest.json")
        if manifest is None:
            raise InputError(f"{path.name}: no manifest.json there; name the output folder of a run")
        if not isinstance(outputs := manifest.get("outputs"), list) or "archive" in manifest:
            raise InputError(f"{path.name}: manifest.json lists no outputs that could be packed")
        faults = [fault for output in outputs if (fault := _fault(path, output))]
        if faults:
            raise InputError("\n".join(faults))
        return cls(path, manifest, _document(path / _DICTIONARY))

    @property
    def outputs(self) -> Sequence[Mapping[str, Any]]:
        """The outputs as the manifest has them: name, size, sha256, reporter, garbled."""
        outputs: Sequence[Mapping[str, Any]] = self.manifest["outputs"]
        return outputs

    @property
    def data_files(self) -> Sequence[Mapping[str, Any]]:
        """The parquet files of the data set."""
        return [
            output for output in self.outputs if output["reporter"] == "dataset" and output["name"].endswith(".parquet")
        ]

    @property
    def columns(self) -> Sequence[Mapping[str, Any]]:
        """The columns of the data set, as its dictionary has them."""
        columns: Sequence[Mapping[str, Any]] = (self.dictionary or {}).get("columns", [])
        return columns


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal. OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _fault(path: Path, output: Mapping[str, Any]) -> str:
    """Return why an output must not be packed; empty when it may."""
    name = output["name"]
    if not output["garbled"]:
        return f"{name}: holds originals, and must not be handed on; run again without it"
    try:
        digest = digest_of(path / name)
    except OSError as error:
        return f"{name}: cannot be read ({error.strerror})"
    return "" if digest == output["sha256"] else f"{name}: is not as the run wrote it; run again"


def _document(path: Path) -> Mapping[str, Any] | None:
    if not path.exists():
        return None
    try:
        document = json.loads(path.read_bytes())
    except ValueError:
        raise InputError(f"{path.name}: is not JSON; run again") from None
    return document if isinstance(document, dict) else {}
