"""The content of a mapping, and its form as JSON.

    {"format": "anonkit-mapping-2", "domain": "9f86d081884c7d659a2feaa0c55ad015",
     "kinds": {"user": {"prefix": "UR", "text_prefix": "UR_", "identities": [["bob", 1], [null, 2]], "retired": [3]}}}

The domain is a random number, drawn for each new mapping: tokens of the same domain belong together. A retired number
is that of a forgotten identity, and is never given again. The first version of the format had neither. A kind has
`"grouped": true` when its numbers show which identities belong together, and `"guesses"`, the numbers of tentative
identities. The public keys that it was encrypted to are `"recipients"`: the encryption does not show them.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping as AnyMapping
from operator import itemgetter
from typing import Any

import attrs

from anonkit.identities.kind_survey import Identity
from anonkit.identities.numbering import numeral

__all__ = ["DOMAIN", "Document", "KindMapping", "new_domain", "parse", "render"]

_FORMAT = "anonkit-mapping-2"
_FIRST_FORMAT = "anonkit-mapping-1"
DOMAIN = re.compile(r"[0-9a-f]{32}\Z")
"""The form of a domain."""


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
    """Numbers of forgotten identities."""
    grouped: bool = False
    """Whether numbers show which identities belong together (`anonkit.identities.numbering`)."""
    tentative: frozenset[int] = frozenset()
    """Numbers of identities that had tentative mentions alone (`Mentions.tentative`)."""

    def tokens(self, number: int) -> tuple[str, str]:
        """Return the tokens of a number: the one in lists, and the one in rows and text."""
        shown = numeral(number, grouped=self.grouped)
        return f"{self.prefix}{shown}", f"{self.text_prefix}{shown}"


@attrs.frozen
class Document:
    """The content of a mapping."""

    domain: str | None
    """None in a file of the first version."""
    kinds: AnyMapping[str, KindMapping]
    recipients: tuple[str, ...] = ()
    """The public keys that it is encrypted to."""


def parse(data: bytes) -> Document:
    """Return the content of a mapping file.

    ValueError, KeyError, TypeError, AttributeError, RecursionError when it is damaged; the messages may quote it.
    """
    document = json.loads(data)
    if document["format"] == _FIRST_FORMAT:
        domain = None
    elif document["format"] == _FORMAT and DOMAIN.match(document["domain"]):
        domain = document["domain"]
    else:
        raise ValueError(document["format"])
    recipients = tuple(document.get("recipients", ()))
    if not all(isinstance(recipient, str) for recipient in recipients):
        raise TypeError("a recipient is not text")
    return Document(domain, {kind: _parse_kind(entry) for kind, entry in document["kinds"].items()}, recipients)


def _parse_kind(entry: dict[str, Any]) -> KindMapping:
    numbers: dict[Identity, int] = {}
    for identity, number in entry["identities"]:
        if not (identity is None or isinstance(identity, str)):
            raise TypeError("an identity is not text")
        # A lone surrogate, which JSON can spell, fails here and not only when it is written.
        (identity or "").encode()
        numbers[identity] = _number(number)
    retired = frozenset(map(_number, entry.get("retired", ())))
    if len({*numbers.values(), *retired}) != len(entry["identities"]) + len(entry.get("retired", ())):
        raise ValueError("a number or an identity occurs twice")
    if not (isinstance(entry["prefix"], str) and isinstance(entry["text_prefix"], str)):
        raise TypeError("a prefix is not text")
    grouped, tentative = entry.get("grouped", False), frozenset(map(_number, entry.get("guesses", ())))
    if not isinstance(grouped, bool) or not tentative <= set(numbers.values()):
        raise ValueError("a tentative number has no identity, or `grouped` is not a boolean")
    return KindMapping(entry["prefix"], entry["text_prefix"], numbers, retired, grouped, tentative)


def _number(value: object) -> int:
    if type(value) is not int or value < 1:
        raise ValueError("a number is not a positive integer")
    return value


def render(document: Document) -> bytes:
    """Return the document as JSON, identities in the order of their numbers; it must have a domain."""
    assert document.domain is not None
    kinds = {kind: _render_kind(mapping) for kind, mapping in document.kinds.items()}
    recipients = {"recipients": list(document.recipients)} if document.recipients else {}
    whole = {"format": _FORMAT, "domain": document.domain, **recipients, "kinds": kinds}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _render_kind(kind: KindMapping) -> dict[str, Any]:
    return {
        "prefix": kind.prefix,
        "text_prefix": kind.text_prefix,
        "identities": sorted(kind.numbers.items(), key=itemgetter(1)),
        "retired": sorted(kind.retired),
        **({"grouped": True} if kind.grouped else {}),
        **({"guesses": sorted(kind.tentative)} if kind.tentative else {}),
    }
