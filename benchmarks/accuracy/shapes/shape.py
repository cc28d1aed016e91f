"""One shape: a template, where it goes, and what it is called."""

from __future__ import annotations

import attrs

__all__ = ["TEXT", "Shape", "shapes"]

TEXT = "text"
"""Instead of a column's name: any of the columns of text, in turn."""


@attrs.frozen
class Shape:
    """A way in which names are written.

    `form` is the data set: ``text``; ``weak``, where handles are ordinary words; ``apart``, for what spoils others;
    ``struct``, ``map``, ``list``, where an environment is stored so, an item for each word of the template.
    `domains` are those of this shape's hosts.
    """

    name: str
    template: str
    column: str = TEXT
    form: str = "text"
    domains: tuple[str, ...] = ()


def shapes(group: str, column: str, text: str) -> tuple[Shape, ...]:
    """Return a shape for each line ``name: template`` of a text."""
    parted = (line.strip().partition(": ") for line in text.strip().splitlines() if line.strip())
    return tuple(Shape(f"{group}, {name}", template, column) for name, _, template in parted)
