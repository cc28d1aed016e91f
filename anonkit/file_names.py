"""Names of output files: which are plain, and the one that is taken."""

from __future__ import annotations

__all__ = ["MANIFEST", "is_plain_name"]

MANIFEST = "manifest.json"
"""The output that lists the others; no other output may have this name."""


def is_plain_name(name: str) -> bool:
    """Return whether a name is that of a file in a folder and nothing else: no separator, no control character."""
    return name.isprintable() and not name.isspace() and name not in {"", ".", ".."} and not set(name) & set("/\\")
