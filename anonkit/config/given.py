"""A value that one layer of the configuration gives to a setting, before it is converted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from anonkit.config.schema import Setting
from anonkit.config.values import Mismatch, from_text

__all__ = ["Given", "listed", "parsed"]


@attrs.frozen
class Given:
    """What a layer says of one setting."""

    setting: Setting
    value: object
    """As TOML would give it."""
    place: str
    """Where the user wrote it, for messages: ``anonkit.toml: [run] workers``."""
    source: str
    """What it came from: ``anonkit.toml``."""


def parsed(setting: Setting, text: str, place: str, mistakes: list[str]) -> Iterator[Given]:
    """Yield the value that a text gives, or note that it gives none."""
    try:
        yield Given(setting, from_text(text, setting.field.type), place, place)
    except Mismatch as error:
        mistakes.append(f"{place}: {error.told(secret=setting.info.secret)}")


def listed(names: Iterable[str]) -> str:
    """Return ``"; there is x, y"`` for a message about a name that is not one of them."""
    known = ", ".join(names)
    return f"; there is {known}" if known else ""
