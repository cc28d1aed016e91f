"""Checks of plain results of plugins: a text, a list of names."""

from __future__ import annotations

from typing import Any

from anonkit.plugin.guard import Guard

__all__ = ["names", "text"]


def text(guard: Guard, method: str, value: Any) -> str:
    """Return a text that a plugin gave; PluginError when it is not text."""
    if not isinstance(value, str):
        raise guard.refuse(f"{method} is a {type(value).__name__}, not a text")
    return value


def names(guard: Guard, method: str, value: Any) -> tuple[str, ...]:
    """Return the names that a plugin gave; PluginError when they are not a list of texts."""
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        raise guard.refuse(f"{method} gave a {type(value).__name__}, not a list of names")
    given = tuple(value)
    if not all(isinstance(name, str) for name in given):
        raise guard.refuse(f"{method} gave something else than names")
    return given
