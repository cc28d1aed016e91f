"""The base class of the standard tokenizers, whose prefixes are options, and functions that several of them share."""

from __future__ import annotations

from typing import Protocol

from anonkit.api import AttributeClass, Boundary, Roles, Tokenizer, is_distinctive

__all__ = ["PrefixedTokenizer", "Prefixes", "boundary", "holds_identities"]


class Prefixes(Protocol):
    """Options that hold the prefixes of tokens."""

    @property
    def prefix(self) -> str:
        """The text before the number in lists."""

    @property
    def text_prefix(self) -> str:
        """The text before the number in rows and text."""


class PrefixedTokenizer(Tokenizer):
    """A tokenizer with the prefixes of its options."""

    options: Prefixes

    @property
    def prefix(self) -> str:
        """The text before the number in lists."""
        return self.options.prefix

    @property
    def text_prefix(self) -> str:
        """The text before the number in rows and text."""
        return self.options.text_prefix


def holds_identities(column: str, kind: str, roles: Roles) -> bool:
    """Return whether the preset or the catalogue knows that the cells of a column are identities of a kind."""
    known = roles.attribute(column)
    return known is not None and known.cls is AttributeClass.IDENTITY and known.kind == kind


# By the value of the option `match`.
_BOUNDARIES = {"word": Boundary.PART, "prefix": Boundary.PART_PREFIX, "anywhere": Boundary.ANYWHERE}


def boundary(match: str, name: str) -> Boundary | None:
    """Return the boundary of a name by the option `match`; None for ``auto``. A distinctive name may be anywhere."""
    if match == "auto":
        return None
    return Boundary.ANYWHERE if is_distinctive(name) else _BOUNDARIES[match]
