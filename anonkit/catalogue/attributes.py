"""The table of job attributes, `attributes.tsv` beside this module, and looking a name up in it.

A name in the table may hold ``*``, which stands for any characters: then it is a family. Attribute names are compared
without regard to letter case, as HTCondor does. A name of its own wins over families; of several families that of
class `never` wins, then that with most characters besides the stars.
"""

from __future__ import annotations

import enum
import re
from functools import cache

import attrs

__all__ = ["Attribute", "AttributeClass", "attribute", "catalogue"]


class AttributeClass(enum.Enum):
    """How dangerous an attribute's values are."""

    IDENTITY = "identity"
    """Each cell stands for one identity of the attribute's kind, in some notation: a handle, ``handle@domain``, a
    certificate subject, ``slot@host``, an address behind a name."""
    TEXT = "text"
    """May mention identities: it is garbled."""
    QUASI_IDENTIFIER = "quasi-identifier"
    """Names nobody, and may still point at somebody: an exact time, a rare size, a number that links records."""
    PLAIN = "plain"
    """Few values that many jobs share."""
    NEVER = "never"
    """Secrets, and raw records: nothing that is made of it may be handed on."""


@attrs.frozen(kw_only=True)
class Attribute:
    """What is known of a job attribute."""

    name: str
    """As it was asked for; in the table itself it may be a family's pattern."""
    cls: AttributeClass
    kind: str
    """The kind of identity that an identity is, or that text is known to mention; empty for none in particular."""
    type: str
    """In job records: ``string``, ``integer``, ``real``, ``boolean``, ``expression``; files may hold another."""
    unit: str
    """``s``, ``KiB``, ``s since 1970``; empty for none."""
    meaning: str


def attribute(name: str) -> Attribute | None:
    """Return what is known of the column `name`, None when the table has neither the name nor its family."""
    table = _table()
    found = table.get(name.casefold())
    if found is None:
        families = [(pattern, one) for pattern, one in _families() if pattern.match(name)]
        found = max((one for _, one in families), key=_precedence, default=None)
    return None if found is None else attrs.evolve(found, name=name)


def catalogue() -> tuple[Attribute, ...]:
    """Return the whole table, in the order of the names."""
    return tuple(_table().values())


@cache
def _table() -> dict[str, Attribute]:
    from importlib.resources import files

    lines = files(__package__).joinpath("attributes.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:])
    return {
        name.casefold(): Attribute(
            name=name, cls=AttributeClass(cls), kind=kind, type=type_, unit=unit, meaning=meaning
        )
        for name, cls, kind, type_, unit, meaning in rows
    }


@cache
def _families() -> tuple[tuple[re.Pattern[str], Attribute], ...]:
    return tuple((_compiled(one.name), one) for one in _table().values() if "*" in one.name)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{'.*'.join(map(re.escape, pattern.split('*')))}\\Z", re.IGNORECASE | re.DOTALL)


def _precedence(one: Attribute) -> tuple[bool, int]:
    return _weight(one.name, one.cls)


def _weight(pattern: str, cls: AttributeClass) -> tuple[bool, int]:
    return cls is AttributeClass.NEVER, len(pattern.replace("*", ""))
