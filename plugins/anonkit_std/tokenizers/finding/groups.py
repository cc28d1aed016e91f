"""Names of experiments in columns of groups: accounting groups, virtual organisations, roles of proxies."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Mentions

__all__ = ["experiments", "in_group_column"]

_NAME = re.compile(r"[A-Za-z][\w-]{1,63}|(?:[A-Za-z][\w-]{0,62}\.){1,4}[A-Za-z]{2,16}", re.ASCII)
_PREFIX = re.compile(r"group_|vo\.", re.IGNORECASE)
_BETWEEN = re.compile(r"[,\s|;]+")
# A cell may be an expression, a string with its quotes, or a list of strings.
_AROUND = "\"'[]{}"
_BETWEEN_ROLES = re.compile(r""",\s*(?=["']?/)""")
# Organisations that many experiments share: of `/fermilab/nova/Role=Analysis` the second part is one.
_UMBRELLAS = frozenset(("fermilab", "fnal", "osg"))
# Words that are not experiment's name where groups are named.
_NO_NAMES = frozenset(
    (
        "all", "analysis", "any", "default", "group", "highprio", "lowprio", "main", "mc", "none", "null", "other",
        "pilot", "prod", "production", "root", "test", "undefined", "unknown", "unmapped", "user", "users",
    )
)  # fmt: skip


def experiments(cell: str) -> Iterator[str]:
    """Yield the experiments that a cell names: ``nova``, ``group_nova.prod.annak``, ``/nova/Role=Analysis``."""
    cell = _bare(cell)
    # Values of a certificate's subject, which may be the first entry, hold blanks.
    for entry in map(_bare, (_BETWEEN_ROLES if cell.startswith("/") else _BETWEEN).split(cell)):
        for name in _of_role(entry) if entry.startswith("/") else _of_group(entry):
            if _NAME.fullmatch(name) and name.casefold() not in _NO_NAMES:
                yield name


def _bare(entry: str) -> str:
    return entry.strip().strip(_AROUND)


def _of_role(entry: str) -> Iterator[str]:
    parts = entry[1:].split("/")
    if "=" in parts[0]:
        return
    if parts[0].casefold() not in _UMBRELLAS:
        yield parts[0]
    elif len(parts) > 1 and "=" not in parts[1]:
        yield parts[1]


def _of_group(entry: str) -> Iterator[str]:
    group = entry.partition("@")[0]
    prefix = _PREFIX.match(group)
    name = group[prefix.end() :].partition(".")[0] if prefix else group.partition(".")[0]
    if "=" not in name and name.casefold() not in _UMBRELLAS:
        yield name


def in_group_column(text: pa.Array, *, of_users: bool) -> Mentions:
    """Return the experiments that each cell names; `of_users` says that a name alone is a user's."""
    encoded = text.dictionary_encode()
    cells = encoded.dictionary.to_pylist()
    found = [
        [] if of_users and not re.search(r"[./]|group_", cell) else list(dict.fromkeys(experiments(cell)))
        for cell in cells
    ]
    lists = pa.array(found, pa.list_(pa.string())).take(encoded.indices)
    return Mentions(pc.list_parent_indices(lists).cast(pa.int64()), pc.list_flatten(lists))
