"""Mappings to test with."""

from __future__ import annotations

import json
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import Any

from anonkit.identities.kind_survey import Identity
from anonkit.identities.token_table import KindTable
from anonkit.mapping import Keys, Mapping

PREFIXES = {"user": ("UR", "UR_"), "ip": ("IP", "IP"), "experiment": ("EX_", "EX_")}


def kind(
    numbers: AnyMapping[Identity, int], *, absent: AnyMapping[str, int] | None = None, name: str = "user"
) -> KindTable:
    prefix, text_prefix = PREFIXES.get(name, (name, f"{name}_"))
    return KindTable(
        kind=name,
        prefix=prefix,
        text_prefix=text_prefix,
        identities=tuple(numbers),
        numbers=tuple(numbers.values()),
        counts=(1,) * len(numbers),
        valid=(True,) * len(numbers),
        spellings=((),) * len(numbers),
        absent=tuple((absent or {}).items()),
    )


def saved(path: Path, keys: Keys | None = None, **kinds: AnyMapping[Identity, int]) -> Path:
    """Write a mapping as a run does."""
    with Mapping.locked(path, keys or Keys()) as mapping:
        mapping.save({name: kind(numbers, name=name) for name, numbers in kinds.items()})
    return path


def access_log(path: Path) -> list[dict[str, Any]]:
    """Return the lines of the access log beside a mapping, without time and person; none when there is no log."""
    log = path.with_name(f"{path.name}.access.log")
    lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return [{key: line[key] for key in line if key not in {"time", "user", "uid", "login"}} for line in lines]
