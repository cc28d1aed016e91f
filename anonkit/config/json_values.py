"""Values of options as JSON, or TOML, can hold them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from pathlib import PurePath
from typing import Any

from anonkit.quantities import write_duration

__all__ = ["json_value"]


def json_value(value: Any) -> Any:
    """Return a value of an option with lists for tuples, and texts for paths, durations and members of an Enum."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return write_duration(value)
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return {key: json_value(inner) for key, inner in value.items()}
    return [json_value(inner) for inner in value] if isinstance(value, (list, tuple)) else value
