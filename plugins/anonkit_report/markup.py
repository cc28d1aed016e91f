"""HTML as text, with everything that comes from data escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from anonkit.api import printable

__all__ = ["element", "safe", "sentence", "table"]


def safe(text: object) -> str:
    """Return a text as HTML shows it; control characters are visible, markup in it is none."""
    return escape(printable(str(text)), quote=True)


def element(name: str, *content: str, **attributes: object) -> str:
    """Return an element; `content` is HTML, attributes are escaped. ``class_`` is class, ``_`` in others is ``-``."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{safe(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(content)}</{name}>"


def sentence(template: str, *values: object) -> str:
    """Return a sentence with values in place of its ``{}``, each in an element of its own: the rest is the page's."""
    parts = template.split("{}")
    shown = [*(element("b", safe(value)) for value in values), ""]
    return "".join(safe(part) + value for part, value in zip(parts, shown, strict=True))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table of texts."""
    head = element("tr", *(element("th", safe(text), scope="col") for text in heads))
    body = (element("tr", *(element("td", safe(cell)) for cell in row)) for row in rows)
    return element("div", element("table", element("thead", head), element("tbody", *body)), class_="table")
