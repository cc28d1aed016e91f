"""The page: its sections in order, each picture with a sentence and a table beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import attrs

from anonkit.api import Column, RunContext, Tokenized
from anonkit_report.charts import Bar, bars, columns
from anonkit_report.counts import Counts, measures_of, time_column
from anonkit_report.markup import element, safe, sentence, table
from anonkit_report.options import HtmlOptions
from anonkit_report.style import STYLE

__all__ = ["EDGES", "OTHERS", "Page"]

OTHERS = "all others"
_TOKENS = "Identities are tokens; every known name in text is replaced by its token."
_TO_DECIDE = (
    "These columns of a job may point at somebody, together or alone. Names in their text are tokens; other values are "
    "in the release as the table says. Coarsen, suppress or drop a column, or accept it."
)
_ORIGINALS = "ORIGINALS: nothing was changed."
_MOST_COLUMNS = 120
"""Most bars side by side."""
EDGES = (1, 2, 3, 5, 20, 50, 100, 200, 500, 1000, 10_000_000)
"""Numbers of users at which groups of classes begin, besides the least that is wanted."""


@attrs.frozen
class Page:
    """What the page is made of."""

    options: HtmlOptions
    context: RunContext
    counts: Counts
    risk: Mapping[str, Any] | None
    """The figures of risk.json; None when they are not wanted."""

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
            facts.append((people.get(kind, f"Identities: {kind}"), sentence("{}", f"{len(known):,}")))
        facts.append(("Sites", sentence("{}", f"{len(self.counts.sites):,}")))
        facts.append(("Failed jobs", sentence("{}", self._share(self.counts.failures))))
        cards = (element("div", element("dt", safe(name)), element("dd", text)) for name, text in facts)
        return element("dl", *cards, class_="facts")

    def _content(self) -> str:
        return element("h2", "What is in the release") + "".join(self._pictures())

    def _pictures(self) -> Iterator[str]:
        if self.counts.hours:
            yield self._over_time()
        yield self._by_user()
        if self.counts.sites:
            yield self._by_site()
        for measure in measures_of(self.context):
            if sizes := self.counts.sizes.get(measure.name):
                rows = [
                    Bar(_size(place, measure.unit), sizes[place], text=f"{sizes[place]:,}")
                    for place in range(min(sizes), max(sizes) + 1)
                ]
                yield _figure(
                    sentence(f"{measure.name} ({measure.column}): jobs by the power of two below it."),
                    columns(rows, measure.name),
                    table(("from", "jobs"), [(bar.label, bar.text) for bar in rows]),
                )

    def _over_time(self) -> str:
        hours, size = _binned(self.counts.hours)
        names = {1: "hour", 24: "day", 168: "week"}
        step = names.get(size, f"{size // 24} days")
        rows = [
            Bar(_moment(place * size, size), hours.get(place, 0), text=f"{hours.get(place, 0):,}")
            for place in range(min(hours), max(hours) + 1)
        ]
        done = "; ".join(map(str, self.context.operations.get(time_column(self.context) or "", ())))
        by = f"by {time_column(self.context)}{f' ({done})' if done else ''}."
        return _figure(
            sentence("Jobs by {}, ", step) + sentence(by),
            columns(rows, "Jobs over time"),
            table((step, "jobs"), [(bar.label, bar.text) for bar in rows]),
        )

    def _by_user(self) -> str:
        known = self.context.identities.get("user")
        if known is None:
            return ""
        failed = self.counts.failed_users
        order = sorted(range(len(known)), key=lambda place: (-known.counts[place], place))
        shown = [
            Bar(known.tokens[place], known.counts[place], failed[place], f"{known.counts[place]:,}")
            for place in order[: self.options.most_bars]
        ]
        rest = order[self.options.most_bars :]
        rows = [(bar.label, bar.text, f"{int(bar.marked):,}") for bar in shown]
        if rest:
            counts = sum(known.counts[place] for place in rest), sum(failed[place] for place in rest)
            rows.append((OTHERS, f"{counts[0]:,}", f"{counts[1]:,}"))
        return _figure(
            sentence(
                "Jobs by user; the dark part failed. {} of {} users are shown.", f"{len(shown):,}", f"{len(known):,}"
            ),
            bars(shown, "Jobs by user"),
            table(("user", "jobs", "failed"), rows),
        )

    def _by_site(self) -> str:
        sites, failed = self.counts.sites, self.counts.failed_sites
        order = sorted(sites, key=lambda name: (-sites[name], name))
        shown = [
            Bar(name or "(empty)", sites[name], failed[name], f"{sites[name]:,}")
            for name in order[: self.options.most_bars]
        ]
        rows = [(bar.label, bar.text, f"{int(bar.marked):,}") for bar in shown]
        if rest := order[self.options.most_bars :]:
            counts = sum(sites[name] for name in rest), sum(failed[name] for name in rest)
            rows.append((OTHERS, f"{counts[0]:,}", f"{counts[1]:,}"))
        return _figure(
            sentence(
                "Jobs by site; the dark part failed. {} of {} sites are shown.", f"{len(shown):,}", f"{len(sites):,}"
            ),
            bars(shown, "Jobs by site"),
            table(("site", "jobs", "failed"), rows),
        )

    def _privacy(self) -> str:
        if self.risk is None:
            return ""
        figures = self.risk
        parts = [element("h2", "How well users are hidden"), element("p", _in_words(figures))]
        histogram = figures["users_per_class"]
        if histogram:
            least = figures["min_users"]
            rows = [
                Bar(label, total, total if high < least else 0.0, f"{total:,}")
                for label, high, total in _grouped(histogram, least)
            ]
            parts.append(
                _figure(
                    sentence(
                        "Jobs by the number of users that are alike in {}; ", _listed(figures["quasi_identifiers"])
                    )
                    + sentence("dark: fewer than {} users.", least),
                    bars(rows, "Users per class"),
                    table(("users", "jobs"), [(bar.label, bar.text) for bar in rows]),
                )
            )
        if figures["columns"]:
            adds = "adds_rows_in_single_user_classes"
            rows = [
                Bar(column["column"], column[adds], column[adds], f"{column[adds]:,}") for column in figures["columns"]
            ]
            parts.append(
                _figure(
                    sentence("Jobs of one user alone because of a column: what each column adds to the others."),
                    bars(rows, "Risk by column"),
                    table(
                        ("column", "values", "fewest users of a value", "jobs that it adds"),
                        [
                            (column["column"], f"{column['values']:,}", f"{column['k_alone']:,}", f"{column[adds]:,}")
                            for column in figures["columns"]
                        ],
                    ),
                )
            )
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
            else element("p", "No column of a job may point at somebody.")
        )
        parts.append(
            element("p", "The figures of the audit of all outputs, this page among them, are in manifest.json.")
        )
        return "".join(parts)

    def _pointing(self) -> Iterator[str]:
        """Yield the columns of a job that may point at somebody: all but tokens, and columns that a class lets pass.

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
        return sentence("{} to {} UTC", _moment(min(hours), 1), _moment(max(hours), 1))

    def _share(self, count: int) -> str:
        return f"{count:,} ({count / self.counts.rows:.1%})" if self.counts.rows else "0"


def _figure(about: str, picture: str, beside: str) -> str:
    return element("figure", element("figcaption", about), element("div", picture, beside, class_="pair"))


def _class_of(column: Column | None) -> str:
    return column.cls.value if column and column.cls else "not in the catalogue"


def _may_point(column: Column | None) -> bool:
    return column is None or column.cls is None or column.cls.value == "quasi-identifier"


def _binned(hours: Counter[int]) -> tuple[Counter[int], int]:
    """Return the counts in bins that are not too many, and their size in hours."""
    span = max(hours) - min(hours) + 1
    size = next((size for size in (1, 24, 168) if span <= size * _MOST_COLUMNS), 0)
    size = size or -(-span // (_MOST_COLUMNS * 168)) * 168
    binned: Counter[int] = Counter()
    for hour, count in hours.items():
        binned[hour // size] += count
    return binned, size


def _moment(hour: int, size: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(hours=min(max(hour, 0), 60_000_000))
    return f"{moment:%Y-%m-%d %H:%M}" if size == 1 else f"{moment:%Y-%m-%d}"


def _size(digits: int, unit: str) -> str:
    """Return the lower end of a bin for people."""
    value = 0 if digits == 0 else 2 ** (digits - 1)
    if unit == "s":
        for seconds, name in ((86400, "d"), (3600, "h"), (60, "min")):
            if value >= seconds:
                return f"{value / seconds:.3g} {name}"
        return f"{value} s"
    for size, name in ((2**20, "TB"), (2**10, "GB")):
        if value >= size:
            return f"{value / size:.3g} {name}"
    return f"{value} {unit}"


def _grouped(histogram: Sequence[Sequence[int]], least: int) -> list[tuple[str, int, int]]:
    """Return label, most users, rows of groups of classes by their number of users."""
    edges = sorted({*EDGES, least})
    groups = []
    for low, end in pairwise(edges):
        rows = sum(rows for users, _, rows in histogram if low <= users < end)
        if rows or low < least:
            last = "more" if end == edges[-1] else str(end - 1)
            groups.append((str(low) if end - 1 == low else f"{low} to {last}", end - 1, rows))
    return groups


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"


def _in_words(figures: Mapping[str, Any]) -> str:
    if not figures["rows"]:
        return sentence("There are no jobs.")
    alone, rows = figures["rows_in_single_user_classes"], figures["rows"]
    return (
        sentence("Somebody who knows {} of a job finds a combination of values ", _listed(figures["quasi_identifiers"]))
        + sentence(
            "that is one user's alone for {} of {} jobs ({}); ", f"{alone:,}", f"{rows:,}", f"{alone / rows:.1%}"
        )
        + sentence("{} of {} users have such a job. ", f"{figures['sample_uniques']:,}", f"{figures['people']:,}")
        + sentence("Users of the smallest combination (k): {}.", figures["k"])
    )
