"""From tokens to what they stand for."""

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
    """What a token stands for."""

    token: str
    kind: str
    identity: str | None
    """None for the identity that stands for null cells."""


@attrs.frozen
class Tokens:
    """Every token that a mapping has given, spelled as in lists and as in text."""

    known: dict[str, Revealed]
    forgotten: frozenset[str]
    """Tokens whose identities were erased."""

    @classmethod
    def from_mapping(cls, mapping: Mapping) -> Tokens:
        """Return the tokens of a mapping; one that two kinds could have given is the first's."""
        known: dict[str, Revealed] = {}
        for token, kind, identity in _given(mapping):
            known.setdefault(token, Revealed(token, kind, identity))
        retired = (token for held in mapping.kinds.values() for number in held.retired for token in held.tokens(number))
        return cls(known, frozenset(retired) - known.keys())

    def of_all(self, tokens: Sequence[str], path: Path) -> list[Revealed]:
        """Return what each token stands for. ConfigError that names every one that stands for nobody."""
        mistakes = [self.mistake(token, path) for token in tokens if token not in self.known]
        if mistakes:
            raise ConfigError(mistakes)
        return [self.known[token] for token in tokens]

    def mistake(self, token: str, path: Path) -> str:
        """Return why a token stands for nobody."""
        if token in self.forgotten:
            return f"{token}: was forgotten; the mapping {path} keeps no more than its number, which nobody gets again"
        return f"{token}: the mapping {path} has no such token{nearest(token, self.known)}"


def _given(mapping: Mapping) -> Iterator[tuple[str, str, str | None]]:
    for kind, held in mapping.kinds.items():
        for identity, number in held.numbers.items():
            for token in held.tokens(number):
                yield token, kind, identity


def reveal(
    path: Path,
    tokens: Sequence[str],
    *,
    keys: Keys | None = None,
    log: AccessLog | None = None,
    manifest: Path | None = None,
) -> list[Revealed]:
    """Return what each token stands for, in the given order; a token may be spelled as in lists or as in text.

    That they were asked for is noted in `log`, by default the one beside the mapping, or nothing is told: OutputError.
    InputError when the mapping is not there, is none, or gave other tokens than those of the run of `manifest`;
    ConfigError that names every unknown or forgotten token.
    """
    mapping = Mapping.existing(path, keys)
    if manifest is not None:
        check_domain(_release(manifest), mapping)
    found = Tokens.from_mapping(mapping).of_all(tokens, path)
    (log or AccessLog.from_mapping(path)).note("reveal", domain=mapping.domain, tokens=list(tokens), count=len(found))
    return found


def _release(manifest: Path) -> Release:
    release = Release.from_manifest(manifest)
    if release is None:
        raise ConfigError(f"--manifest {manifest}: no manifest of anonkit; name the manifest.json of the run")
    return release
