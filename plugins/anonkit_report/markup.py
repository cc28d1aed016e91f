"""HTML as text, with everything that comes from data escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from anonkit.api import printable

__all__ = ["element", "parts", "safe", "sentence", "table"]

_NUMBER = re.compile(r"-?[0-9][0-9,.]*( \([0-9.]+%\))?%?")
_LONG = 25
"""Rows beyond which a table is folded."""


def safe(text: object) -> str:
    """Return a text as HTML shows it; control characters are visible, markup in it is none."""
    return escape(printable(str(text)), quote=True)


def element(name: str, *content: str, **attributes: object) -> str:
    """Return an element; `content` is HTML, attributes are escaped. ``class_`` is class, ``_`` in others is ``-``."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{safe(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(content)}</{name}>"


def sentence(template: str, *values: object) -> str:
    """Return a sentence with values in place of its ``{}``, each in an element of its own: the rest is the page's."""
    shown = [*(element("b", safe(value)) for value in values), ""]
    return "".join(safe(part) + value for part, value in zip(template.split("{}"), shown, strict=True))


def parts(template: str) -> list[str]:
    """Return the page's own parts of a sentence, as they are between elements."""
    return [f">{safe(part)}<" for part in template.split("{}") if part.strip()]


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], folded: str = "") -> str:
    """Return a table of texts, with columns of numbers on the right; a long one is folded below the title `folded`."""
    texts = [[str(cell) for cell in row] for row in rows]
    numeric = [bool(texts) and all(_NUMBER.fullmatch(row[place]) for row in texts) for place in range(len(heads))]
    head = element("tr", *(_cell("th", text, right, scope="col") for text, right in zip(heads, numeric, strict=True)))
    body = (element("tr", *(_cell("td", *pair) for pair in zip(row, numeric, strict=True))) for row in texts)
    whole = element("div", element("table", element("thead", head), element("tbody", *body)), class_="table")
    return element("details", element("summary", safe(folded)), whole) if folded and len(texts) > _LONG else whole


def _cell(name: str, text: str, right: bool, **attributes: str) -> str:
    return element(name, safe(text), **attributes, **({"class_": "n"} if right else {}))
