"""The domain of an output: the manifest beside it shows which mapping its tokens belong to."""

from __future__ import annotations

import os
from pathlib import Path

import attrs

from anonkit.errors import InputError, OutputError
from anonkit.file_names import MANIFEST
from anonkit.mapping.document import DOMAIN
from anonkit.mapping.file import Mapping
from anonkit.runtime.found_manifest import found_manifest

__all__ = ["Release", "check_domain", "check_place"]


@attrs.frozen
class Release:
    """The outputs of one run, as their manifest describes them."""

    manifest: Path
    domain: str | None
    """None when the run had no mapping."""

    @classmethod
    def from_manifest(cls, manifest: Path) -> Release | None:
        """Return the release of a manifest; None when the file is absent or not a manifest of anonkit."""
        found = found_manifest(manifest)
        mapping = {} if found is None else found.get("mapping", {})
        if found is None or "outputs" not in found or not isinstance(mapping, dict):
            return None
        domain = mapping.get("domain")
        return cls(manifest, domain if isinstance(domain, str) and DOMAIN.match(domain) else None)

    @classmethod
    def beside(cls, file: Path) -> Release | None:
        """Return the release that a file is part of, None when it is part of none."""
        return cls.from_manifest(file.with_name(MANIFEST))


def check_domain(release: Release | None, mapping: Mapping) -> None:
    """InputError when the tokens of a release were not given by this mapping."""
    if release is None or (release.domain is not None and release.domain == mapping.domain):
        return
    if release.domain is None:
        raise InputError(
            f"{release.manifest}: that run had no mapping, so its tokens cannot be undone; name an "
            "output of a run that was given --mapping"
        )
    raise InputError(
        f"--mapping {mapping.path}: of domain {mapping.domain or '(none)'}, and {release.manifest} is of domain "
        f"{release.domain}: the same tokens mean other identities there; name the mapping that the run was given"
    )


def check_place(output: Path) -> None:
    """OutputError when originals would be written among the outputs of a run."""
    folder = Path(os.path.realpath(output)).parent
    # To the root: an output folder may hold others.
    for parent in (folder, *folder.parents):
        if Release.from_manifest(parent / MANIFEST):
            raise OutputError(
                f"--output {output}: is inside the output folder {parent}, which is meant to be handed on; choose a "
                "file elsewhere"
            )
