"""What the tokenizers here have in common: their prefixes are options, and the catalogue knows columns of theirs."""

from __future__ import annotations

from typing import Protocol

from anonkit.api import AttributeClass, Boundary, Roles, Tokenizer, is_distinctive

__all__ = ["PrefixedTokenizer", "Prefixes", "boundary", "holds_identities"]


class Prefixes(Protocol):
    """Options that hold the prefixes of tokens."""

    @property
    def prefix(self) -> str:
        """Before the number in lists."""

    @property
    def text_prefix(self) -> str:
        """Before the number in rows and text."""


class PrefixedTokenizer(Tokenizer):
    """A tokenizer with the prefixes of its options."""

    options: Prefixes

    @property
    def prefix(self) -> str:
        """Before the number in lists."""
        return self.options.prefix

    @property
    def text_prefix(self) -> str:
        """Before the number in rows and text."""
        return self.options.text_prefix


def holds_identities(column: str, kind: str, roles: Roles) -> bool:
    """Return whether the preset or the catalogue knows that the cells of a column are identities of a kind."""
    known = roles.attribute(column)
    return known is not None and known.cls is AttributeClass.IDENTITY and known.kind == kind


_OF_MATCH = {"word": Boundary.PART, "prefix": Boundary.PART_PREFIX, "anywhere": Boundary.ANYWHERE}


def boundary(match: str, name: str) -> Boundary | None:
    """Return the rule for a name that the option `match` sets, None for ``auto``. A distinctive name sits anywhere."""
    if match == "auto":
        return None
    return Boundary.ANYWHERE if is_distinctive(name) else _OF_MATCH[match]
