"""The manifest that is found in a folder: an earlier run's, or any file that another user has put there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anonkit.runtime.regular_files import open_regular

__all__ = ["found_manifest"]

_LARGEST = 64 << 20


def found_manifest(path: Path) -> Mapping[str, Any] | None:
    """Return the document at `path`; None when it is absent, unreadable, or not a manifest of anonkit.

    It may have been edited, so nothing but its first key is certain.
    """
    try:
        with open_regular(path) as file:
            if os.fstat(file.fileno()).st_size > _LARGEST:
                return None
            document = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and "anonkit" in document else None
