"""The pictures of the page: each with a sentence that says what it shows, and a table beside it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import attrs

from anonkit.api import RunContext
from anonkit_report import sentences as say
from anonkit_report.charts import Bar, bars, columns
from anonkit_report.counts import Counts, Measure, measures_of, time_column
from anonkit_report.markup import element, sentence, table
from anonkit_report.ranges import SIZES, of_users

__all__ = ["Pictures", "listed", "moment", "share", "users_alike"]

_MOST_COLUMNS = 120
"""Most bars side by side."""
_STEPS = (1, 24, 168, 4 * 168, 13 * 168)
"""Hours of the steps of time that have a name."""


@attrs.frozen
class Pictures:
    """The pictures of the jobs of a run."""

    context: RunContext
    counts: Counts
    most_bars: int

    def __iter__(self) -> Iterator[str]:
        """Yield jobs over time, by user, by site, and by size, as far as the columns are there."""
        if self.counts.hours:
            yield self._over_time(self.counts.hours)
        if (known := self.context.identities.get("user")) and self.counts.rows:
            jobs = {token: count for token, count in zip(known.tokens, known.counts, strict=True) if count}
            failed = {known.tokens[place]: count for place, count in self.counts.failed_users.items()}
            yield self._ranked(say.USERS, "user", jobs, failed)
        if self.counts.sites:
            sites = {name or "(empty)": count for name, count in self.counts.sites.items()}
            yield self._ranked(say.SITES, "site", sites, self.counts.failed_sites)
        for measure in measures_of(self.context):
            if sizes := self.counts.sizes.get(measure.name):
                yield _sized(measure, sizes, self._treatment(measure.column))

    def _over_time(self, hours: Counter[int]) -> str:
        binned, size = _binned(hours)
        step = dict(zip(_STEPS, say.STEPS, strict=True)).get(size, f"{size // 24} days")
        rows = [
            Bar(moment(place * size, size), binned.get(place, 0), text=f"{binned.get(place, 0):,}")
            for place in range(min(binned), max(binned) + 1)
        ]
        highest = max(rows, key=lambda bar: bar.value)
        average = f"{sum(binned.values()) / len(rows):,.0f}"
        done = self._treatment(time_column(self.context) or "")
        values = (step, average, highest.text, highest.label)
        about = sentence(say.BY_TIME_TREATED, *values, done) if done else sentence(say.BY_TIME, *values)
        head = f"{time_column(self.context)} (UTC), by {step}"
        picture = columns(rows, "Jobs over time", head, "jobs")
        return figure(about, picture, table(("from", "jobs"), [(bar.label, bar.text) for bar in rows], say.TABLE))

    def _treatment(self, column: str) -> str:
        return "; ".join(map(str, self.context.operations.get(column, ())))

    def _ranked(self, template: str, noun: str, jobs: Mapping[str, int], failed: Mapping[str, int]) -> str:
        """Return jobs by name, the most first, with failures."""
        order = sorted(jobs, key=lambda name: -jobs[name])
        shown, rest = order[: self.most_bars], order[self.most_bars :]
        rows = [(name, f"{jobs[name]:,}", f"{failed.get(name, 0):,}") for name in shown]
        if rest:
            others, failures = (sum(counted.get(name, 0) for name in rest) for counted in (jobs, failed))
            rows.append((say.OTHERS, f"{others:,}", f"{failures:,}"))
        total, failures = sum(jobs.values()), sum(failed.values())
        about = sentence(template, order[0], share(jobs[order[0]], total), f"{len(shown):,}", f"{len(order):,}")
        fail = sentence(say.FAILED, share(failures, total)) if failures else sentence(say.NO_FAILURES)
        drawn = [Bar(name, jobs[name], failed.get(name, 0), f"{jobs[name]:,}") for name in shown]
        picture = bars(drawn, f"Jobs by {noun}", "jobs")
        return figure(
            element("span", about) + " " + element("span", fail),
            picture,
            table((noun, "jobs", "failed"), rows, say.TABLE),
        )


def users_alike(figures: Mapping[str, Any], least: int, before: Mapping[str, Any] | None) -> str:
    """Return the jobs by number of users that are alike in the quasi-identifiers; before the settings, too."""
    rows = _by_users(figures, least)
    heads = ("users", "jobs")
    jobs, small = int(figures["rows"]), int(figures["rows_below_min_users"])
    if before is None:
        names = listed(figures["quasi_identifiers"])
        about = sentence(
            say.HIDDEN, f"{jobs - small:,}", f"{jobs:,}", share(jobs - small, jobs), names, least, figures["k"]
        )
        picture = bars(rows, "Jobs by users alike", "jobs, by number of users alike")
        return figure(about, picture, table(heads, [(bar.label, bar.text) for bar in rows]))
    return _before_and_after(before, figures, least)


def _before_and_after(before: Mapping[str, Any], after: Mapping[str, Any], least: int) -> str:
    both = (before, after)
    ranges = max(len(_by_users(risk, least)) for risk in both)
    rows = [_by_users(risk, least, ranges) for risk in both]
    names = ("Before", "After")
    pictures = [
        element("div", element("h3", name), bars(drawn, name, "jobs, by number of users alike"))
        for name, drawn in zip(names, rows, strict=True)
    ]
    alone = [share(int(risk["rows_in_single_user_classes"]), int(risk["rows"])) for risk in both]
    about = sentence(say.BEFORE_AFTER, *alone, *(int(risk["k"]) for risk in both), least)
    beside = table(("users", *names), [(old.label, old.text, new.text) for old, new in zip(*rows, strict=True)])
    return element("figure", element("figcaption", about), element("div", *pictures, class_="pair even"), beside)


def added_by_columns(figures: Mapping[str, Any]) -> str:
    """Return what each column adds: a picture when it is anything."""
    adds = "adds_rows_in_single_user_classes"
    entries = sorted(figures["columns"], key=lambda column: -column[adds])
    beside = table(
        ("column", "values", "fewest users of a value", "jobs that it adds"),
        [(entry["column"], f"{entry['values']:,}", f"{entry['k_alone']:,}", f"{entry[adds]:,}") for entry in entries],
    )
    if not any(entry[adds] for entry in entries):
        return element("p", sentence(say.NOBODY_ALONE)) + beside
    rows = [Bar(entry["column"], entry[adds], entry[adds], f"{entry[adds]:,}") for entry in entries]
    about = sentence(say.COLUMNS_ADD, entries[0]["column"], rows[0].text)
    return figure(about, bars(rows, "Risk by column", "jobs of one user alone"), beside)


def figure(about: str, picture: str, beside: str) -> str:
    """Return a picture with its sentence above and its table beside it."""
    return element(
        "figure", element("figcaption", about), element("div", element("div", picture), beside, class_="pair")
    )


def moment(hour: int, size: int) -> str:
    """Return an hour since 1970 for people: a date, and a time when steps are shorter than a day."""
    when = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(hours=min(max(hour, 0), 60_000_000))
    return f"{when:%Y-%m-%d %H:%M}" if size < 24 else f"{when:%Y-%m-%d}"


def share(count: int, total: int) -> str:
    """Return a share of all as a percentage."""
    return f"{count / total:.1%}" if total else "0%"


def listed(names: Sequence[str]) -> str:
    """Return names for a sentence."""
    return ", ".join(names) or "nothing"


def _sized(measure: Measure, sizes: Counter[int], treatment: str) -> str:
    ranges = SIZES[measure.unit]
    rows = [Bar(ranges.labels[place], sizes[place], text=f"{sizes[place]:,}") for place in sorted(sizes)]
    most = max(rows, key=lambda bar: bar.value)
    about = sentence(say.MEASURES[measure.name], most.label, share(int(most.value), sum(sizes.values())))
    column = f"{measure.column} ({treatment})" if treatment else measure.column
    picture = bars(rows, measure.name, f"jobs, by {column}")
    heads = (measure.name.lower(), "jobs")
    return figure(about, picture, table(heads, [(bar.label, bar.text) for bar in rows]))


def _by_users(figures: Mapping[str, Any], least: int, fewest: int = 0) -> list[Bar]:
    """Return jobs by range of the number of users alike, from one to the last range that has any; so many at least."""
    ranges = of_users(least)
    jobs = [0] * len(ranges.edges)
    for users, _, rows in figures["users_per_class"]:
        jobs[max(place for place, edge in enumerate(ranges.edges) if edge <= users)] += int(rows)
    last = max(fewest, *(place + 1 for place, count in enumerate(jobs) if count), 1)
    return [
        Bar(label, count, count if edge < least else 0.0, f"{count:,}")
        for label, count, edge in list(zip(ranges.labels, jobs, ranges.edges, strict=True))[:last]
    ]


def _binned(hours: Counter[int]) -> tuple[Counter[int], int]:
    """Return the counts in steps that are not too many, nor finer than coarse times are, and the hours of a step."""
    span = max(hours) - min(hours) + 1
    finest = math.gcd(*(hour - min(hours) for hour in hours)) if len(hours) > 1 else 1
    size = next((size for size in _STEPS if finest <= size and span <= size * _MOST_COLUMNS), 0)
    size = size or -(-span // (_MOST_COLUMNS * 168)) * 168
    binned: Counter[int] = Counter()
    for hour, count in hours.items():
        binned[hour // size] += count
    return binned, size
