"""The data dictionary beside a data set: its classes hold for columns that only a preset or the operator classed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from anonkit.api import AttributeClass

__all__ = ["classed_as_quasi"]


def classed_as_quasi(files: Sequence[Path]) -> tuple[str, ...]:
    """Return the quasi-identifiers that the dictionaries beside the files of a data set name.

    A dictionary is the JSON file that the reporter `dataset` writes with them: ``dataset.json``. () when there is none.
    """
    found: dict[str, None] = {}
    for path in sorted({file.parent / f"{file.name.partition('_')[0].partition('.')[0]}.json" for file in files}):
        found.update(dict.fromkeys(_named_in(path)))
    return tuple(found)


def _named_in(path: Path) -> list[str]:
    try:
        columns = json.loads(path.read_bytes())["columns"]
        return [column["name"] for column in columns if column["class"] == AttributeClass.QUASI_IDENTIFIER.value]
    except (OSError, ValueError, LookupError, TypeError):
        # A file of another sort has that name, or none.
        return []
