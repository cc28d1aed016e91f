"""The page: its sections in order, each picture with a sentence and a table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from anonkit.api import Column, RunContext, Tokenized
from anonkit_report import sentences as say
from anonkit_report.counts import Counts
from anonkit_report.markup import element, safe, sentence, table
from anonkit_report.options import HtmlOptions
from anonkit_report.pictures import Pictures, added_by_columns, listed, moment, share, users_alike
from anonkit_report.style import STYLE

__all__ = ["Page"]

_TO_DECIDE = (
    "These columns of a job may point at a person, together or alone. Names in their text are tokens; other values are "
    "in the release as the table says. Coarsen, suppress or drop a column, or accept it."
)


@attrs.frozen
class Page:
    """What the page is made of."""

    options: HtmlOptions
    context: RunContext
    counts: Counts
    risk: Mapping[str, Any] | None
    """The figures of risk.json; None when they are not wanted."""
    before: Mapping[str, Any] | None = None
    """The figures of risk.json of an earlier run, without the settings of this one."""

    def html(self) -> bytes:
        """Return the page."""
        head = "".join(
            (
                '<meta charset="utf-8">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                '<meta name="color-scheme" content="light dark">',
                element("title", safe(self.options.title)),
                f"<style>{STYLE}</style>",
            )
        )
        sections = (self._summary(), self._content(), self._privacy(), self._decisions(), self._dictionary())
        body = element("main", element("h1", safe(self.options.title)), *sections)
        return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>{body}</body></html>\n'.encode()

    def _summary(self) -> str:
        people = {"user": "Users", "ip": "Addresses", "experiment": "Experiments"}
        facts = [("Jobs", sentence("{}", f"{self.counts.rows:,}")), ("Time", self._span())]
        for kind, known in self.context.identities.items():
            total, with_jobs = f"{len(known):,}", f"{sum(map(bool, known.counts)):,}"
            some = kind == "user" and total != with_jobs
            text = sentence(say.USERS_WITH_JOBS, total, with_jobs) if some else sentence("{}", total)
            facts.append((people.get(kind, f"Identities: {kind}"), text))
        facts.append(("Sites", sentence("{}", f"{len(self.counts.sites):,}")))
        facts.append(("Failed jobs", sentence("{}", self._share(self.counts.failures))))
        cards = (element("div", element("dt", safe(name)), element("dd", text)) for name, text in facts)
        return element("dl", *cards, class_="facts")

    def _content(self) -> str:
        return element("h2", "What is in the release") + "".join(
            Pictures(self.context, self.counts, self.options.most_bars)
        )

    def _privacy(self) -> str:
        if self.risk is None:
            return ""
        parts = [element("h2", "How well users are hidden"), element("p", _in_words(self.risk))]
        if self.risk["users_per_class"]:
            parts.append(users_alike(self.risk, self.risk["min_users"], self.before))
        if self.risk["columns"]:
            parts.append(added_by_columns(self.risk))
        return "".join(parts)

    def _decisions(self) -> str:
        made = (
            "Identities are tokens; text is searched for every known name."
            if self.context.garbled
            else "ORIGINALS: nothing was changed."
        )
        parts = [element("h2", "What was decided"), element("p", made)]
        shown = self.context.schema.names
        done = [(name, self._treatment(name)) for name in self.context.operations if name in shown]
        if done:
            parts.append(table(("column", "what was done"), done))
        parts.append(element("h3", "What is left to decide"))
        left = [(name, _class_of(self.context.columns.get(name)), self._treatment(name)) for name in self._pointing()]
        parts.append(
            element("p", _TO_DECIDE) + table(("column", "class", "what was done"), left)
            if left
            else element("p", "No column of a job may point at a person.")
        )
        parts.append(
            element("p", "The figures of the audit of all outputs, this page among them, are in manifest.json.")
        )
        return "".join(parts)

    def _pointing(self) -> Iterator[str]:
        """Yield the columns of a job that may point at a person: all but tokens, and columns that a class lets pass.

        A transform of text changes no number in it, and a coarse value may point as well: neither takes a column out.
        """
        for name in self.context.schema.names:
            tokens = any(isinstance(operation, Tokenized) for operation in self.context.operations.get(name, ()))
            if not tokens and _may_point(self.context.columns.get(name)):
                yield name

    def _treatment(self, name: str) -> str:
        return "; ".join(map(str, self.context.operations.get(name, ()))) or "as it was"

    def _dictionary(self) -> str:
        context = self.context
        rows = []
        for field in context.schema:
            column = context.columns.get(field.name)
            known = column.attribute if column else None
            rows.append((field.name, known.unit if known else "", known.meaning if known else "", _class_of(column)))
        return element("h2", "Columns of a job") + table(("column", "unit", "meaning", "class"), rows)

    def _span(self) -> str:
        hours = self.counts.hours
        if not hours:
            return sentence("not in the columns")
        return sentence("{} to {} UTC", moment(min(hours), 1), moment(max(hours), 1))

    def _share(self, count: int) -> str:
        return f"{count:,} ({count / self.counts.rows:.1%})" if self.counts.rows else "0"


def _class_of(column: Column | None) -> str:
    return column.cls.value if column and column.cls else "not in the catalogue"


def _may_point(column: Column | None) -> bool:
    return column is None or column.cls is None or column.cls.value == "quasi-identifier"


def _in_words(figures: Mapping[str, Any]) -> str:
    if not figures["rows"]:
        return sentence(say.NO_JOBS)
    alone, rows = figures["rows_in_single_user_classes"], figures["rows"]
    jobs = (f"{alone:,}", f"{rows:,}", share(alone, rows))
    users = (f"{figures['sample_uniques']:,}", f"{figures['people']:,}")
    return sentence(say.ALONE, listed(figures["quasi_identifiers"]), *jobs, *users)
