"""What a mapping says, and its form as JSON. Nothing here touches a disk.

    {"format": "anonkit-mapping-2", "domain": "9f86d081884c7d659a2feaa0c55ad015",
     "kinds": {"user": {"prefix": "UR", "text_prefix": "UR_", "identities": [["bob", 1], [null, 2]], "retired": [3]}}}

The domain is drawn at random when a mapping is begun, and says which tokens belong together; nothing of an identity is
in it. A retired number was that of an identity that has been forgotten; nobody gets it again. The first version of the
format had neither. A kind may also have `"grouped": true`, when its numbers tell who belongs together, and `"guesses"`,
the numbers of those that only seemed to be identities.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping as AnyMapping
from typing import Any

import attrs

from anonkit.identities.kind_survey import Identity
from anonkit.identities.numbering import numeral

__all__ = ["DOMAIN", "Document", "KindMapping", "new_domain", "parse", "render"]

_FORMAT = "anonkit-mapping-2"
_FIRST_FORMAT = "anonkit-mapping-1"
DOMAIN = re.compile(r"[0-9a-f]{32}\Z")
"""What a domain looks like."""


def new_domain() -> str:
    """Return a domain that no other mapping has: 128 random bits."""
    return secrets.token_hex(16)


@attrs.frozen
class KindMapping:
    """The numbers given to identities of one kind, and the prefixes they were written with."""

    prefix: str
    text_prefix: str
    numbers: AnyMapping[Identity, int]
    retired: frozenset[int] = frozenset()
    """Numbers of identities that were forgotten."""
    grouped: bool = False
    """Whether numbers tell who belongs together (`anonkit.identities.numbering`)."""
    tentative: frozenset[int] = frozenset()
    """Numbers of identities that were only met as guesses (`Mentions.tentative`)."""

    def tokens(self, number: int) -> tuple[str, str]:
        """Return how a number shows in lists, and in rows and text."""
        shown = numeral(number, grouped=self.grouped)
        return f"{self.prefix}{shown}", f"{self.text_prefix}{shown}"


@attrs.frozen
class Document:
    """All that a mapping says."""

    domain: str | None
    """None when it was written before mappings had one."""
    kinds: AnyMapping[str, KindMapping]


def parse(data: bytes) -> Document:
    """Return what the bytes say. ValueError, KeyError, TypeError, AttributeError, RecursionError when they are damaged;
    what these say may quote the bytes.
    """
    document = json.loads(data)
    if document["format"] == _FIRST_FORMAT:
        domain = None
    elif document["format"] == _FORMAT and DOMAIN.match(document["domain"]):
        domain = document["domain"]
    else:
        raise ValueError(document["format"])
    return Document(domain, {kind: _parse_kind(held) for kind, held in document["kinds"].items()})


def _parse_kind(held: dict[str, Any]) -> KindMapping:
    numbers: dict[Identity, int] = {}
    for identity, place in held["identities"]:
        if not (identity is None or isinstance(identity, str)):
            raise TypeError("an identity is no text")
        # A lone surrogate, which JSON can spell, would pass for text until it is written.
        (identity or "").encode()
        numbers[identity] = _number(place)
    retired = frozenset(map(_number, held.get("retired", ())))
    if len({*numbers.values(), *retired}) != len(held["identities"]) + len(held.get("retired", ())):
        raise ValueError("a number or an identity stands there twice")
    if not (isinstance(held["prefix"], str) and isinstance(held["text_prefix"], str)):
        raise TypeError("a prefix is no text")
    grouped, tentative = held.get("grouped", False), frozenset(map(_number, held.get("guesses", ())))
    if not isinstance(grouped, bool) or not tentative <= set(numbers.values()):
        raise ValueError("a guess is nobody, or groups are neither there nor not")
    return KindMapping(held["prefix"], held["text_prefix"], numbers, retired, grouped, tentative)


def _number(place: object) -> int:
    if type(place) is not int or place < 1:
        raise ValueError("a number is none that can be given")
    return place


def render(document: Document) -> bytes:
    """Return the document as JSON, identities in the order of their numbers; it must have a domain."""
    assert document.domain is not None
    kinds = {kind: _render_kind(held) for kind, held in document.kinds.items()}
    whole = {"format": _FORMAT, "domain": document.domain, "kinds": kinds}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _render_kind(held: KindMapping) -> dict[str, Any]:
    return {
        "prefix": held.prefix,
        "text_prefix": held.text_prefix,
        "identities": [(one, held.numbers[one]) for one in sorted(held.numbers, key=held.numbers.__getitem__)],
        "retired": sorted(held.retired),
        **({"grouped": True} if held.grouped else {}),
        **({"guesses": sorted(held.tentative)} if held.tentative else {}),
    }
