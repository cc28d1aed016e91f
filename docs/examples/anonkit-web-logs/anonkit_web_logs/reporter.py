"""Hits by path and status, as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence

import attrs

from anonkit.api import Batch, Outputs, Reporter, Roles, RunContext
from anonkit_web_logs import HitsOptions

Hits = Counter[tuple[str, int]]


@attrs.frozen
class WebHits(Reporter[Hits, Hits]):
    """The path is that of the garbled request, without its query."""

    options: HitsOptions

    def columns(self, roles: Roles) -> Sequence[str]:
        return ["request", "status"]

    def static_text(self, context: RunContext) -> Sequence[str]:
        return ["\npath,status,hits\n", f"\n{self.options.file}"]

    def start(self, context: RunContext) -> Hits:
        return Counter()

    def consume(self, state: Hits, batch: Batch) -> Hits:
        statuses = batch.column("status").to_pylist()
        state.update(map(_hit, batch.column("request").to_pylist(), statuses))
        return state

    def merge(self, left: Hits, right: Hits) -> Hits:
        return left + right

    def write(self, result: Hits, outputs: Outputs, context: RunContext) -> None:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["path", "status", "hits"])
        most = sorted(result.items(), key=lambda item: (-item[1], item[0]))[: self.options.top]
        writer.writerows([path, status, hits] for (path, status), hits in most)
        outputs.write(self.options.file, text.getvalue().encode())


def _hit(request: str | None, status: int | None) -> tuple[str, int]:
    words = (request or "").split(" ")
    return (words[1] if len(words) > 1 else "").partition("?")[0], status or 0
