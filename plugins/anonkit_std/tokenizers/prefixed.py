"""What the tokenizers here have in common: their prefixes are options."""

from __future__ import annotations

from typing import Protocol

from anonkit.api import Tokenizer

__all__ = ["PrefixedTokenizer", "Prefixes"]


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
