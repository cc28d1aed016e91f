"""What the tokenizers here have in common: their prefixes are options, and the catalogue knows columns of theirs."""

from __future__ import annotations

from typing import Protocol

from anonkit.api import AttributeClass, Tokenizer, attribute

__all__ = ["PrefixedTokenizer", "Prefixes", "holds_identities"]


class Prefixes(Protocol):
    """Options that hold the prefixes of tokens."""

    @property
    def prefix(self) -> str:
        """Before the number in lists."""

    @property
    def text_prefix(self) -> str:
        """Before the number in rows and text."""


class PrefixedTokenizer(Tokenizer):
    """A tokenizer whose prefixes are those of its options."""

    options: Prefixes

    @property
    def prefix(self) -> str:
        """Before the number in lists."""
        return self.options.prefix

    @property
    def text_prefix(self) -> str:
        """Before the number in rows and text."""
        return self.options.text_prefix


def holds_identities(column: str, kind: str) -> bool:
    """Return whether the catalogue knows that the cells of a column are identities of a kind."""
    known = attribute(column)
    return known is not None and known.cls is AttributeClass.IDENTITY and known.kind == kind
