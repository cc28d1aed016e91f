"""Tables: drawn by rich on a terminal, aligned text elsewhere. Cells are plain text and are never cut."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TextIO

from anonkit.printable import printable

__all__ = ["count", "html_table", "size", "write_table"]

Rows = Sequence[Sequence[str]]

_UNITS = ("kB", "MB", "GB", "TB", "PB")


def write_table(rows: Rows, stream: TextIO, *, headers: Sequence[str] = ()) -> None:
    """Write rows of equally many cells; the caller formats numbers."""
    if not rows:
        return
    safe = [[printable(cell) for cell in row] for row in rows]
    if stream.isatty():
        _draw(safe, stream, headers)
    else:
        stream.writelines(f"{line}\n" for line in _aligned([headers, *safe] if headers else safe))


def html_table(rows: Rows) -> str:
    """Return rows as a table of HTML, for notebooks; the first cell of each is its head."""
    lines = (
        f"<tr><th>{escape(printable(head))}</th>{''.join(f'<td>{escape(printable(cell))}</td>' for cell in cells)}</tr>"
        for head, *cells in rows
    )
    return f"<table>{''.join(lines)}</table>"


def count(number: int) -> str:
    """Return a number for people: ``206,874``."""
    return f"{number:,}"


def size(number: int) -> str:
    """Return a number of bytes for people: ``482 B``, ``1.2 MB``."""
    if number < 1000:
        return f"{number} B"
    value = float(number)
    for unit in _UNITS:
        value /= 1000
        if value < 999.95 or unit == _UNITS[-1]:
            break
    return f"{value:.1f} {unit}"


def _aligned(rows: Rows) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _draw(rows: Rows, stream: TextIO, headers: Sequence[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD if headers else None, show_header=bool(headers), pad_edge=False)
    for index in range(len(rows[0])):
        table.add_column(headers[index] if headers else "", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(file=stream, highlight=False).print(table)
