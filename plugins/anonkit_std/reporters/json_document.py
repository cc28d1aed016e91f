"""Small JSON documents laid out for a reader: a line for each key, and for each row of a list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["document"]


def document(content: Mapping[str, Any]) -> bytes:
    """Return an object as UTF-8: 2-space indented, each item of a list in one line, a newline at the end."""
    return f"{_object(content, '')}\n".encode()


def _object(content: Mapping[str, Any], margin: str) -> str:
    inner = margin + "  "
    return _block("{", (f"{_line(key)}: {_value(value, inner)}" for key, value in content.items()), "}", margin)


def _value(value: Any, margin: str) -> str:
    if isinstance(value, Mapping):
        return _object(value, margin)
    if isinstance(value, list):
        return _block("[", map(_line, value), "]", margin)
    return _line(value)


def _block(opening: str, items: Iterable[str], closing: str, margin: str) -> str:
    lines = f",\n{margin}  ".join(items)
    return f"{opening}\n{margin}  {lines}\n{margin}{closing}" if lines else opening + closing


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
