"""A report as Markdown, put between two marks of a document whose other text stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.results import Report, Section, Table, Value

__all__ = ["BEGIN", "END", "insert", "insert_text", "markdown", "table_as_markdown"]

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def insert(report: Report, path: Path) -> None:
    """Put a report between the marks of a document. ValueError when it does not have them."""
    insert_text(markdown(report), path)


def insert_text(figures: str, path: Path) -> None:
    """Replace the text between the marks of a document. ValueError when it does not have them."""
    text = path.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path.name} has no {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n\n{figures}\n{END}{after}")


def markdown(report: Report) -> str:
    """Return the machine, goals, checks and tables."""
    parts = ["## The machine", _grid(("", ""), report.machine)]
    if report.goals:
        parts += ["## Goals", _goals(report)]
    if report.checks:
        parts += ["## Checks", "\n".join(f"- {one.what}: {'yes' if one.holds else '**no**'}" for one in report.checks)]
    for section in report.sections:
        parts += _section(section)
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.title}"
    for table in section.tables:
        if table.title != section.title:
            yield f"### {table.title}"
        yield table_as_markdown(table)
        if table.note:
            yield table.note


def _goals(report: Report) -> str:
    rows = [
        (
            goal.what,
            f"{goal.measured:.2f} {goal.unit}",
            f"{'at most' if goal.at_most else 'at least'} {goal.limit:g} {goal.unit}",
            "yes" if goal.met else "no",
        )
        for goal in report.goals
    ]
    return _grid(("", "measured", "asked", "met"), rows)


def table_as_markdown(table: Table) -> str:
    """Return a table with its rows, without its title."""
    rows = [
        [_shown(value, column.form) for value, column in zip(row, table.columns, strict=True)] for row in table.rows
    ]
    ruled = ["---:" if column.form else "---" for column in table.columns]
    return _grid([column.title for column in table.columns], rows, ruled)


def _shown(value: Value, form: str) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else format(value, form)


def _grid(titles: Sequence[str], rows: Sequence[Sequence[str]], ruled: Sequence[str] | None = None) -> str:
    lines = [titles, ruled or ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
