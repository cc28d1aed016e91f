"""The words that the options of a tokenizer hold: those that stay in text, and aliases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Protocol

import attrs

from anonkit.api import Alias

__all__ = ["WordChoices", "WordOptions"]

Spellings = Iterable[str | Alias]


class WordOptions(Protocol):
    """Options of a tokenizer that hold words."""

    @property
    def ignore(self) -> tuple[str, ...]:
        """Identities that are never replaced in text."""

    @property
    def keep(self) -> tuple[str, ...]:
        """Identities, and spellings of identities, that are never replaced in text; `*` matches any text."""

    @property
    def aliases(self) -> dict[str, tuple[str, ...]]:
        """Aliases by identity."""


@attrs.frozen(slots=False)
class WordChoices:
    """The words of a tokenizer's options. Identities and words are equal if `fold` returns the same for both."""

    options: WordOptions
    fold: Callable[[str], str] = str.casefold

    def is_kept(self, word: str) -> bool:
        """Return whether an identity or a spelling stays in text."""
        if not self._listed and not self._patterns:
            return False
        folded = self.fold(word)
        return folded in self._listed or (bool(self._patterns) and self._is_like_kept(folded))

    def names(self, identity: str) -> tuple[str, ...]:
        """Return the identity and its aliases of the options; nothing for an identity that stays in text."""
        return () if self.is_kept(identity) else (identity, *self.added(identity))

    def added(self, identity: str) -> tuple[str, ...]:
        """Return the aliases that the options give an identity."""
        return self._added.get(self.fold(identity), ())

    def without_kept(self, spellings: Spellings) -> Iterator[str | Alias]:
        """Yield the spellings that are replaced in text, each once, in order."""
        for spelling in dict.fromkeys(spellings):
            if not self.is_kept(spelling if isinstance(spelling, str) else spelling.text):
                yield spelling

    def _is_like_kept(self, folded: str) -> bool:
        return any(fnmatchcase(folded, pattern) for pattern in self._patterns)

    @cached_property
    def _listed(self) -> frozenset[str]:
        words = (*self.options.ignore, *(word for word in self.options.keep if "*" not in word))
        return frozenset(map(self.fold, words))

    @cached_property
    def _patterns(self) -> tuple[str, ...]:
        # Only `*` has a meaning: brackets and question marks, which `fnmatch` knows, are escaped.
        starred = (word.casefold() for word in self.options.keep if "*" in word)
        return tuple(word.replace("[", "[[]").replace("?", "[?]") for word in starred)

    @cached_property
    def _added(self) -> Mapping[str, tuple[str, ...]]:
        added: dict[str, tuple[str, ...]] = {}
        for identity, spellings in self.options.aliases.items():
            key = self.fold(identity)
            added[key] = (*added.get(key, ()), *spellings)
        return added
