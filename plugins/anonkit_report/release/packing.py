"""`package`: a release folder is completed, and packed into one archive with bytes that depend on its files alone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from anonkit.api import ConfigError, OutputError, nearest
from anonkit_report.release.about import About
from anonkit_report.release.folder import Folder, digest_of
from anonkit_report.release.metadata import croissant, frictionless
from anonkit_report.release.readme import readme

__all__ = ["package"]

_MANIFEST = "manifest.json"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of each file in the archive; a zip can hold none before it."""


def package(
    folder: str | Path, archive: str | Path | None = None, about: About | Mapping[str, str] | None = None
) -> Path:
    """Write README.md, SHA256SUMS, datapackage.json and croissant.json into the folder of a run, and pack it.

    `archive` is a zip file, by default beside the folder; it is returned. `about` are the texts of the release:
    ``{"title": "Jobs of 2025", "licence": "CC-BY-4.0"}``. InputError for a folder that must not be packed; OutputError
    when files cannot be written.
    """
    texts = _about(about)
    release = Folder.at(Path(folder))
    target = Path(archive) if archive is not None else release.path.resolve().with_suffix(".zip")
    if target.resolve().is_relative_to(release.path.resolve()):
        raise ConfigError(f"{target.name}: is inside the folder that it would hold; name another place")
    added = {
        "README.md": readme(release, texts).encode(),
        "datapackage.json": _json(frictionless(release, texts)),
        "croissant.json": _json(croissant(release, texts)),
    }
    digests = {output["name"]: output["sha256"] for output in release.outputs}
    digests[_MANIFEST] = digest_of(release.path / _MANIFEST)
    digests |= {name: hashlib.sha256(content).hexdigest() for name, content in added.items()}
    added["SHA256SUMS"] = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()
    try:
        for name, content in added.items():
            (release.path / name).write_bytes(content)
        _pack(release.path, sorted({*digests, *added}), target)
    except OSError as error:
        advice = "check free space and permissions, or name another place for the archive"
        raise OutputError(f"{error.filename or target.name}: cannot be written ({error.strerror}); {advice}") from None
    return target


def _about(about: About | Mapping[str, str] | None) -> About:
    if about is None or isinstance(about, About):
        return about or About()
    known = [field.name for field in attrs.fields(About)]
    if unknown := [key for key in about if key not in known]:
        raise ConfigError([f"about: no such key {key!r}{nearest(key, known)}" for key in unknown])
    return About(**about)


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _pack(folder: Path, names: Sequence[str], target: Path) -> None:
    """Write a zip file: the named files, all of one time, in a folder."""
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w") as archive:
            for name in names:
                entry = zipfile.ZipInfo(f"{folder.resolve().name}/{name}", _EARLIEST)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3  # Unix, wherever this runs
                entry.external_attr = 0o644 << 16
                with (folder / name).open("rb") as source, archive.open(entry, "w", force_zip64=True) as packed:
                    shutil.copyfileobj(source, packed)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
