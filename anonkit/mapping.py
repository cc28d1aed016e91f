"""The mapping file: identity → number, by kind. Whoever has it can undo the anonymization, so it is its owner's alone.

    {"format": "anonkit-mapping-1",
     "kinds": {"user": {"prefix": "UR", "text_prefix": "UR_", "identities": [["bob", 1], [null, 2]]}}}

It is read before a run and replaced after it in one step, mode 0600.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from anonkit.errors import ConfigError, InputError, OutputError, nearest
from anonkit.identities import Identity
from anonkit.token_table import TokenTable

__all__ = ["KindMapping", "Mapping", "Revealed", "reveal"]

_FORMAT = "anonkit-mapping-1"


@attrs.frozen
class KindMapping:
    """The numbers given to identities of one kind, and the prefixes they were written with."""

    prefix: str
    text_prefix: str
    numbers: AnyMapping[Identity, int]


@attrs.frozen
class Mapping:
    """What a mapping file held, and the exact bytes it held, to notice when another run changes it meanwhile."""

    path: Path
    kinds: AnyMapping[str, KindMapping]
    read: bytes | None
    """None when there was no file."""

    @classmethod
    def load(cls, path: Path) -> Mapping:
        """Read the file; an absent one is an empty mapping. InputError when it is no mapping or cannot be read."""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return cls(path, {}, None)
        except OSError as error:
            raise InputError(f"--mapping {path}: cannot be read ({error.strerror})") from None
        try:
            return cls(path, _parse(data), data)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # The cause is not shown: a parser's message quotes the text it stumbled over.
            raise InputError(
                f"--mapping {path}: not a mapping written by anonkit, or damaged; name another file or restore this one"
            ) from None

    def numbers(self, kind: str) -> AnyMapping[Identity, int]:
        """Return the numbers that identities of a kind already have."""
        return self.kinds[kind].numbers if kind in self.kinds else {}

    def save(self, table: TokenTable) -> None:
        """Write what was read and the table together, in one step. OutputError when that cannot be done."""
        if self._changed():
            raise OutputError(
                f"--mapping {self.path}: another run changed the file during this one, so tokens would not agree; "
                "nothing was written: run again"
            )
        kinds = dict(self.kinds)
        for kind, numbered in table.items():
            numbers = {**self.numbers(kind), **numbered.known()}
            kinds[kind] = KindMapping(numbered.prefix, numbered.text_prefix, numbers)
        try:
            _replace(self.path, _render(kinds))
        except OSError as error:
            raise OutputError(
                f"--mapping {self.path}: cannot be written ({error.strerror}); nothing was published"
            ) from None

    def _changed(self) -> bool:
        try:
            return self.path.read_bytes() != self.read
        except FileNotFoundError:
            return self.read is not None
        except OSError:
            return True


def _parse(data: bytes) -> dict[str, KindMapping]:
    document = json.loads(data)
    if document["format"] != _FORMAT:
        raise ValueError(document["format"])
    return {kind: _parse_kind(held) for kind, held in document["kinds"].items()}


def _parse_kind(held: dict[str, Any]) -> KindMapping:
    numbers: dict[Identity, int] = {}
    for identity, place in held["identities"]:
        if not (identity is None or isinstance(identity, str)) or type(place) is not int or place < 1:
            raise ValueError("an entry is no identity with its number")
        # A lone surrogate, which JSON can spell, would pass for text until it is written.
        (identity or "").encode()
        numbers[identity] = place
    if len(set(numbers.values())) != len(held["identities"]):
        raise ValueError("a number or an identity stands there twice")
    if not (isinstance(held["prefix"], str) and isinstance(held["text_prefix"], str)):
        raise TypeError("a prefix is no text")
    return KindMapping(held["prefix"], held["text_prefix"], numbers)


def _render(kinds: AnyMapping[str, KindMapping]) -> bytes:
    document = {
        "format": _FORMAT,
        "kinds": {
            kind: {
                "prefix": held.prefix,
                "text_prefix": held.text_prefix,
                "identities": [(one, held.numbers[one]) for one in sorted(held.numbers, key=held.numbers.__getitem__)],
            }
            for kind, held in kinds.items()
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _replace(path: Path, data: bytes) -> None:
    """Put a new file in the place of `path`; mkstemp makes it readable by its owner alone from the start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@attrs.frozen
class Revealed:
    """What a token stands for."""

    token: str
    kind: str
    identity: str | None
    """None for the identity that stands for null cells."""


def reveal(path: Path, tokens: Sequence[str]) -> list[Revealed]:
    """Return what each token stands for, in the given order; a token may be spelled as in lists or as in text.

    InputError when the file is not there or no mapping; ConfigError that names every unknown token.
    """
    mapping = Mapping.load(path)
    if mapping.read is None:
        raise InputError(f"--mapping {path}: no such file; name the file that the run was given with --mapping")
    known: dict[str, Revealed] = {}
    for kind, held in mapping.kinds.items():
        for identity, place in held.numbers.items():
            for token in (f"{held.prefix}{place}", f"{held.text_prefix}{place}"):
                known.setdefault(token, Revealed(token, kind, identity))
    unknown = [token for token in tokens if token not in known]
    if unknown:
        raise ConfigError(
            [f"{token}: the mapping {path} has no such token{nearest(token, known)}" for token in unknown]
        )
    return [known[token] for token in tokens]
