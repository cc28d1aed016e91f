"""The base class of tokenizers of names without a column; mentions hold no blank, and options hold words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import pyarrow as pa

from anonkit.api import Boundary, Roles
from anonkit_std.tokenizers.prefixed import PrefixedTokenizer, Prefixes
from anonkit_std.tokenizers.word_choices import WordChoices, WordOptions

__all__ = ["TextTokenizer"]


class _Options(Prefixes, WordOptions, Protocol):
    """Options with prefixes and with words of the operator."""


class TextTokenizer(PrefixedTokenizer):
    """A tokenizer of identities that have no column of their own. A name is replaced as a whole word only."""

    options: _Options

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        """Return nothing: the identities are in text."""
        return ()

    def mentions_are_words(self, column: str, roles: Roles) -> bool:
        """Return True: no mention holds a blank."""
        return True

    def boundary(self, literal: str) -> Boundary:
        """Return `WORD`: a name inside another name is that of another identity."""
        return Boundary.WORD

    @cached_property
    def _ignored(self) -> frozenset[str]:
        return frozenset(map(str.casefold, self.options.ignore))

    @cached_property
    def _words(self) -> WordChoices:
        return WordChoices(self.options)
