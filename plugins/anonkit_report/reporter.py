"""The reporter of the page: counts batch by batch, and the risk of all rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs
from anonkit_risk.options import RiskOptions
from anonkit_risk.reporter import RiskReport

from anonkit.api import Batch, Identities, Listing, Outputs, Roles, RunContext
from anonkit_report.counts import Counts, measures_of, time_column
from anonkit_report.earlier import earlier_figures
from anonkit_report.markup import parts
from anonkit_report.options import HtmlOptions
from anonkit_report.page import Page
from anonkit_report.ranges import SIZES, of_users
from anonkit_report.sentences import ALL_SENTENCES, STEPS

__all__ = ["HtmlReport"]

_TEXT = re.compile(r">[^<>]+<")
_TAG = re.compile(r"</?[a-z0-9]+| [a-zA-Z-]+=\"|<![A-Za-z ]+>")
_ATTRIBUTE = re.compile(r" [a-zA-Z-]+=\"[^\"]*\"")


@attrs.frozen(slots=False)
class HtmlReport(Listing[Counts, Counts]):
    """Writes `report.html`, one file without scripts that refers to nothing outside of it.

    ConfigError for earlier figures that cannot be read.
    """

    options: HtmlOptions
    before: Mapping[str, Any] | None = attrs.field(init=False, repr=False)
    """The figures of the earlier run that the options name. Read once: workers may not have the file."""

    @before.default
    def _read_before(self) -> Mapping[str, Any] | None:
        return earlier_figures(self.options.before)

    @cached_property
    def _risk(self) -> RiskReport | None:
        options = RiskOptions(columns=self.options.risk_columns, small=self.options.min_users)
        return RiskReport(options) if self.options.risk else None

    @property
    def required_roles(self) -> tuple[str, ...]:
        """The users must have a column."""
        return ("user",)

    @property
    def mentioned_kinds(self) -> tuple[str, ...]:
        """Experiments are counted by token."""
        return ("experiment",)

    def optional_columns(self, columns: Any, roles: Roles) -> list[str]:
        """Return the columns that an attacker knows."""
        return list(self._risk.optional_columns(columns, roles)) if self._risk else []

    def static_text(self, context: RunContext) -> list[str]:
        """Return every text and every tag of a page about made-up counts: what does not come from rows."""
        page = Page(
            self.options,
            _without_identities(context),
            _made_up(context),
            *((_made_up_risk(self.options),) * 2 if self._risk else (None,)),
        )
        html = page.html().decode()
        style = html[html.index("<style>") : html.index("</style>")]
        markup = html.replace(style, "")
        names = [f">{name}<" for name in (*context.batch_schema.names, *context.columns)]
        own = [part for text in (*ALL_SENTENCES, *self._labels(context)) for part in parts(text)]
        own += ["\nreport.html", '"report.html"'] if self.options.file == HtmlOptions().file else []
        risk = self._risk.static_text(context) if self._risk else []
        return [
            *dict.fromkeys(
                (style, *_TEXT.findall(markup), *_TAG.findall(markup), *_ATTRIBUTE.findall(markup), *names, *own, *risk)
            )
        ]

    def _labels(self, context: RunContext) -> list[str]:
        """Return the labels and titles of axes that a page may have."""
        sizes = [label for ranges in SIZES.values() for label in ranges.labels]
        steps = [f"{time_column(context)} (UTC), by {step}" for step in STEPS]
        return [*sizes, *of_users(self.options.min_users).labels, *steps]

    def start(self, context: RunContext) -> Counts:
        """Return no counts. ConfigError for a column that is not there."""
        if self._risk:
            self._risk.start(context)
        return Counts()

    def consume(self, state: Counts, batch: Batch) -> Counts:
        """Count the rows of a batch."""
        state.add(batch)
        return state

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add up."""
        return left.join(right)

    def output_name(self, stream: str) -> None:
        """Return that no stream is an output."""

    def render(self, batch: Batch) -> Mapping[str, bytes]:
        """Return the columns that the risk is computed of, as bytes."""
        return self._risk.render(batch) if self._risk else {}

    def write(self, result: Counts, outputs: Outputs, context: RunContext) -> None:
        """Write the page."""
        figures = self._risk.measured(outputs, context).figures if self._risk else None
        page = Page(self.options, context, result, figures, self.before)
        outputs.write(self.options.file, page.html())


def _without_identities(context: RunContext) -> RunContext:
    none = {kind: Identities(kind=kind, tokens=(), text_tokens=(), counts=(), valid=()) for kind in context.identities}
    return attrs.evolve(context, identities=none)


def _made_up(context: RunContext) -> Counts:
    counts = Counts(rows=1)
    counts.hours[0] = counts.sites[""] = 1
    for measure in measures_of(context):
        counts.sizes[measure.name] = Counter(range(len(SIZES[measure.unit].edges)))
    return counts


def _made_up_risk(options: HtmlOptions) -> Mapping[str, Any]:
    edges = of_users(options.min_users).edges
    return {
        "people": 1,
        "rows": 1,
        "quasi_identifiers": [],
        "min_users": options.min_users,
        "k": 1,
        "sample_uniques": 1,
        "rows_below_min_users": 1,
        "rows_in_single_user_classes": 1,
        "users_per_class": [[users, 1, 1] for users in edges],
        "columns": [{"column": "", "values": 1, "k_alone": 1, "adds_rows_in_single_user_classes": 1}],
    }
