"""A value that one layer of the configuration gives to a setting, before it is converted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from anonkit.config.schema import Setting
from anonkit.config.values import Mismatch, from_text

__all__ = ["Given", "listed", "parsed"]


@attrs.frozen
class Given:
    """The value of one setting in one layer."""

    setting: Setting
    value: object
    """As TOML would give it."""
    place: str
    """The place in which the user wrote it, for messages: ``anonkit.toml: [run] workers``."""
    source: str
    """Its origin: ``anonkit.toml``."""
    is_moved: bool = False
    """Whether the layer names the setting by a name that it had before."""


def parsed(setting: Setting, text: str, place: str, mistakes: list[str]) -> Iterator[Given]:
    """Yield the value that a text means, or append to `mistakes` when it means none."""
    try:
        yield Given(setting, from_text(text, setting.field.type), place, place)
    except Mismatch as error:
        mistakes.append(f"{place}: {error.message(secret=setting.info.secret)}")


def listed(names: Iterable[str]) -> str:
    """Return ``"; choose one of x, y"``, the end of a message about an unknown name; empty without names."""
    known = tuple(names)
    return f"; choose {'one of ' if len(known) > 1 else ''}{', '.join(known)}" if known else ""
