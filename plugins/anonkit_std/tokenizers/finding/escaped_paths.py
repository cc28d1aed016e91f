"""Texts with escaped paths and addresses: as JSON, a URL or Windows writes them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.strings import matching

__all__ = ["decoded_signs", "unescaped_paths"]

_ESCAPED = r"%2[Ff]|%40|\\/|[A-Za-z]:\\|\\(?:[Uu]sers|[Hh]omes?)\$?\\"
_SLASHES = r"%2[Ff]|\\+/?"


def unescaped_paths(text: pa.Array) -> Iterator[pa.Array]:
    """Yield the texts in which paths are escaped, with slashes instead, null for the others; or nothing."""
    escaped = matching(text, _ESCAPED, "%\\")
    if escaped.any():
        chosen = pc.if_else(pa.array(escaped), text, pa.scalar(None, text.type))
        yield pc.replace_substring(pc.replace_substring_regex(chosen, _SLASHES, "/"), "%40", "@")


def decoded_signs(text: pa.Array) -> Iterator[pa.Array]:
    """Yield the texts with an at sign as ``%40``, decoded as URLs are, null for the others; or nothing."""
    escaped = pc.match_substring(text, "%40")
    if pc.any(escaped).as_py():
        encoded = pc.if_else(escaped, text, pa.scalar(None, text.type)).dictionary_encode()
        decoded = [value and unquote(value) for value in encoded.dictionary.to_pylist()]
        yield pa.array(decoded, text.type).take(encoded.indices)
