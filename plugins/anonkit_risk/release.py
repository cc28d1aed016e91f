"""What the manifest beside a data set says of the run that wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import attrs

from anonkit.api import InputError

__all__ = ["Release"]


@attrs.frozen
class Release:
    """The parts of a manifest that matter for an attack."""

    coarsened: Mapping[str, str] = attrs.field(factory=dict)
    """How columns were coarsened, in the words of `coarsen`."""
    shifted: bool = False
    """Whether all times were shifted."""
    domain: str | None = None
    """Of the mapping; releases with one domain have the same tokens for the same people."""

    @classmethod
    def beside(cls, place: Path) -> Release:
        """Return what the manifest in, or beside, a data set says; nothing when there is none. InputError."""
        path = (place if place.is_dir() else place.parent) / "manifest.json"
        if not path.exists():
            return cls()
        try:
            manifest = json.loads(path.read_bytes())
            anonymizers = manifest["config"]["anonymizers"]
            return cls(
                anonymizers.get("coarsen", {}).get("columns", {}),
                "time_shift" in anonymizers,
                manifest.get("mapping", {}).get("domain"),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise InputError(f"{path.name}: is not a manifest of anonkit; remove it, or run anonkit again") from None
