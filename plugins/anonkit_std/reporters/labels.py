"""Static text of reports, which the audit does not take for data."""

from __future__ import annotations

from typing import Any

import attrs

__all__ = ["default_name"]


def default_name(options: type[Any], file: str) -> list[str]:
    """Return the label of an output that has the name of the default; nothing for one that was chosen."""
    default = attrs.fields_dict(options)["file"].default
    return [f"\n{default}"] if file == default else []
