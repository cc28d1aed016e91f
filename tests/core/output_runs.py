"""Outputs of runs without rows, staged and published."""

from __future__ import annotations

import json
from pathlib import Path

import attrs

from anonkit.file_names import MANIFEST
from anonkit.output.reporter_outputs import ReporterOutputs
from anonkit.output.staging import Staging
from anonkit.plugin.contracts import OutputEncoder


def publish(staging: Staging, **more: bytes) -> None:
    """Publish every output and a manifest, as a run does."""
    names = [output.name for output in staging.outputs]
    manifest = json.dumps({"anonkit": "1", "outputs": [attrs.asdict(output) for output in staging.outputs]}).encode()
    (staging.folder / MANIFEST).write_bytes(more.get("manifest", manifest))
    staging.publish([*names, MANIFEST], force="force" in more)


def run(folder: Path, *encoders: OutputEncoder, force: bool = False, **files: bytes) -> None:
    """A whole run with these outputs; `_` in a name is a dot."""
    with Staging.at(folder, encoders) as staging:
        outputs = ReporterOutputs(staging, "r", True)
        for name, data in files.items():
            outputs.write(name.replace("_", "."), data)
        publish(staging, **({"force": b""} if force else {}))


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != MANIFEST}


class Boom(Exception):
    """What a reporter may raise."""
