"""Results as tables of HTML, which notebooks show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["notebook_table"]


def notebook_table(rows: Iterable[Sequence[str]], heads: Sequence[str] = ()) -> str:
    """Return a table of texts below `heads`; without these, the first cell of each row is its head."""
    first = f"<tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>" if heads else ""
    return f"<table>{first}{''.join(_row(row, has_head=not heads) for row in rows)}</table>"


def _row(cells: Sequence[str], *, has_head: bool) -> str:
    names = ["th" if has_head and place == 0 else "td" for place in range(len(cells))]
    return f"<tr>{''.join(f'<{name}>{escape(cell)}</{name}>' for name, cell in zip(names, cells, strict=True))}</tr>"
