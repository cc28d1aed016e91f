"""From tokens to identities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from anonkit.errors import ConfigError, nearest
from anonkit.mapping.access_log import AccessLog
from anonkit.mapping.domain import Release, check_domain
from anonkit.mapping.file import Mapping
from anonkit.mapping.keys import Keys

__all__ = ["Revealed", "Tokens", "reveal"]


@attrs.frozen
class Revealed:
    """A token and its identity."""

    token: str
    kind: str
    identity: str | None
    """None for the null identity."""


@attrs.frozen
class Tokens:
    """The tokens of a mapping, spelled as in lists and as in text."""

    known: dict[str, Revealed]
    forgotten: frozenset[str]
    """Tokens of identities that were erased."""

    @classmethod
    def from_mapping(cls, mapping: Mapping) -> Tokens:
        """Return the tokens of a mapping; a token of two kinds is that of the first."""
        known: dict[str, Revealed] = {}
        for token, kind, identity in _spelled(mapping):
            known.setdefault(token, Revealed(token, kind, identity))
        retired = (token for kind in mapping.kinds.values() for number in kind.retired for token in kind.tokens(number))
        return cls(known, frozenset(retired) - known.keys())

    def identities(self, tokens: Sequence[str], path: Path) -> list[Revealed]:
        """Return the identity of each token. ConfigError that names every token without one."""
        mistakes = [self.mistake(token, path) for token in tokens if token not in self.known]
        if mistakes:
            raise ConfigError(mistakes)
        return [self.known[token] for token in tokens]

    def mistake(self, token: str, path: Path) -> str:
        """Return the message about a token without an identity."""
        if token in self.forgotten:
            return f"{token}: was forgotten; the mapping {path} has its number only, which is never given again"
        return f"{token}: the mapping {path} has no such token{nearest(token, self.known)}"


def _spelled(mapping: Mapping) -> Iterator[tuple[str, str, str | None]]:
    """Yield (token, kind, identity), for each number both spellings of its token."""
    for name, kind in mapping.kinds.items():
        for identity, number in kind.numbers.items():
            for token in kind.tokens(number):
                yield token, name, identity


def reveal(
    path: Path,
    tokens: Sequence[str],
    *,
    keys: Keys | None = None,
    log: AccessLog | None = None,
    manifest: Path | None = None,
) -> list[Revealed]:
    """Return the identity of each token, in the given order; a token may be spelled as in lists or as in text.

    The request is first noted in `log`, by default the one beside the mapping; OutputError when that fails.
    InputError when the mapping is absent or damaged, or of another domain than the run of `manifest`;
    ConfigError that names every unknown or forgotten token.
    """
    mapping = Mapping.existing(path, keys)
    if manifest is not None:
        check_domain(_release(manifest), mapping)
    found = Tokens.from_mapping(mapping).identities(tokens, path)
    (log or AccessLog.from_mapping(path)).note("reveal", domain=mapping.domain, tokens=list(tokens), count=len(found))
    return found


def _release(manifest: Path) -> Release:
    release = Release.from_manifest(manifest)
    if release is None:
        raise ConfigError(f"--manifest {manifest}: no manifest of anonkit; name the manifest.json of the run")
    return release
