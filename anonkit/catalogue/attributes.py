"""The table of job attributes, `attributes.tsv` beside this module, and looking a name up in it.

A name in the table may hold ``*``, which matches any characters: then it is a family. Letter case does not matter,
as in HTCondor. A name of its own wins over families; of several families that of class `never` wins, then that with
most characters besides the stars.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from functools import cache, lru_cache

import attrs

__all__ = ["Attribute", "AttributeClass", "attribute", "best_pattern", "catalogue"]


class AttributeClass(enum.Enum):
    """How dangerous an attribute's values are."""

    IDENTITY = "identity"
    """Each cell is one identity of the attribute's kind, in some notation: a handle, ``handle@domain``, a
    certificate subject, ``slot@host``, an address after a name."""
    TEXT = "text"
    """May mention identities: it is garbled."""
    QUASI_IDENTIFIER = "quasi-identifier"
    """Names no person, but may point at one: an exact time, a rare size, a number that links records."""
    PLAIN = "plain"
    """Few values that many jobs share."""
    NEVER = "never"
    """Secrets, and raw records: nothing derived from them may be passed on."""


@attrs.frozen(kw_only=True)
class Attribute:
    """The catalogue's entry for a job attribute."""

    name: str
    """As it was asked for; in the table itself it may be a family's pattern."""
    cls: AttributeClass
    kind: str
    """The kind of identity that an identity is, or that text is known to mention; empty for none in particular."""
    type: str
    """In job records: ``string``, ``integer``, ``real``, ``boolean``, ``expression``; of a preset's columns also
    ``time``, and ``word``, the first one of a text. Files may hold another."""
    unit: str
    """``s``, ``KiB``, ``s since 1970``; empty for none."""
    meaning: str
    bare_unit: str = ""
    """The unit of a number in text that names none; empty: `unit`."""


@lru_cache(maxsize=4096)
def attribute(name: str) -> Attribute | None:
    """Return the entry for the column `name`, None when the table has neither the name nor a family for it."""
    table, classes = _table()
    pattern = best_pattern(name, classes)
    return None if pattern is None else attrs.evolve(table[pattern], name=name)


def catalogue() -> tuple[Attribute, ...]:
    """Return the whole table, in the order of the names."""
    return tuple(_table()[0].values())


def best_pattern(name: str, classes: Mapping[str, AttributeClass]) -> str | None:
    """Return the key of `classes`, which are names and patterns in folded case, that fits the name best, or None."""
    folded = name.casefold()
    if folded in classes:
        return folded
    fitting = (pattern for pattern in classes if "*" in pattern and _compiled(pattern).match(folded))
    weights = {pattern: (classes[pattern] is AttributeClass.NEVER, len(pattern), pattern) for pattern in fitting}
    return max(weights, key=weights.__getitem__, default=None)


@cache
def _table() -> tuple[Mapping[str, Attribute], Mapping[str, AttributeClass]]:
    """Return the attributes, and their classes alone, by folded name."""
    from importlib.resources import files

    attributes = {}
    for line in files(__package__).joinpath("attributes.tsv").read_text("utf-8").splitlines()[1:]:
        name, cls, kind, type_, unit, meaning = line.split("\t")
        attributes[name.casefold()] = Attribute(
            name=name, cls=AttributeClass(cls), kind=kind, type=type_, unit=unit, meaning=meaning
        )
    return attributes, {name: entry.cls for name, entry in attributes.items()}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{'.*'.join(map(re.escape, pattern.split('*')))}\\Z", re.DOTALL)
