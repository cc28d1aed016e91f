"""Titles of the core's sections, for the template and for the help of commands."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CORE_TITLES"]

CORE_TITLES: Mapping[str, str] = {
    "run": "Input and output",
    "mapping": "Encryption of the mapping",
    "roles": "Column roles",
    "catalogue": "Column classes",
}
"""By section: the name of a group of flags in help, and the comment beside the table's name in the template."""
