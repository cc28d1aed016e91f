"""The figures of an earlier run, which risk.json has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anonkit.api import ConfigError

__all__ = ["earlier_figures"]

_COUNTS = ("rows", "rows_in_single_user_classes", "k")


def earlier_figures(place: str) -> Mapping[str, Any] | None:
    """Return the counts in the file risk.json at `place`, without its texts; None for an empty `place`. ConfigError."""
    if not place:
        return None
    path = Path(place)
    try:
        figures = json.loads(path.read_bytes())
        counts = {name: int(figures[name]) for name in _COUNTS}
        return {**counts, "users_per_class": [[int(count) for count in entry] for entry in figures["users_per_class"]]}
    except OSError as error:
        raise ConfigError(f"[html] before: {path.name} cannot be read ({error.strerror})") from None
    except (ValueError, LookupError, TypeError):
        raise ConfigError(f"[html] before: {path.name} is not a risk.json of `anonkit run --enable risk`") from None
