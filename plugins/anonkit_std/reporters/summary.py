"""The identities in the data: users, addresses, and which user came from which address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np

from anonkit.api import Batch, Identities, Outputs, Reporter, RunContext
from anonkit_std.options.reporters import SummaryOptions
from anonkit_std.reporters.identity_codes import pairs_in_rows
from anonkit_std.reporters.json_document import document
from anonkit_std.reporters.labels import default_name

__all__ = ["Seen", "SummaryReporter"]

BUSIEST = 5
META = ("total_rows", "distinct_users", "distinct_ips")


@attrs.define
class Seen:
    """The kinds and the pairs in the rows so far."""

    kinds: set[str] = attrs.field(factory=set)
    """The kinds that have a column."""
    pairs: Counter[tuple[int, int]] = attrs.field(factory=Counter)
    """Rows by user and address, as positions in the run's identities."""


@attrs.frozen
class SummaryReporter(Reporter[Seen, dict[str, Any]]):
    """Writes `summary.json`. The counts of the identities are known before; only the pairs are folded."""

    options: SummaryOptions

    @property
    def required_roles(self) -> tuple[str, ...]:
        """The users must have a column."""
        return ("user",)

    @property
    def writes_originals(self) -> bool:
        """Whether the originals are asked for."""
        return self.options.include_originals

    def static_text(self, context: RunContext) -> list[str]:
        """Return the keys, and the name of the file unless it was chosen."""
        keys = ("users", "ips", "user_ip_correlations", "user_ip_pairs", "meta", *META)
        return [*(f'"{key}":' for key in keys), *default_name(SummaryOptions, self.options.file)]

    def start(self, context: RunContext) -> Seen:
        """Return no kinds and no pairs."""
        return Seen()

    def consume(self, state: Seen, batch: Batch) -> Seen:
        """Count the pairs of the batch."""
        state.kinds.update(batch.identities)
        if "user" in batch.identities and "ip" in batch.identities:
            users, ips = pairs_in_rows(batch.identities["user"], batch.identities["ip"])
            width = len(batch.context.identities["ip"])
            codes, counts = np.unique(users * width + ips, return_counts=True)
            found = zip((codes // width).tolist(), (codes % width).tolist(), strict=True)
            state.pairs.update(dict(zip(found, counts.tolist(), strict=True)))
        return state

    def merge(self, left: Seen, right: Seen) -> Seen:
        """Add up."""
        left.kinds |= right.kinds
        left.pairs.update(right.pairs)
        return left

    def finish(self, state: Seen, context: RunContext) -> dict[str, Any]:
        """Return the content of the file."""
        users, ips = (_known(kind, state, context) for kind in ("user", "ip"))
        return {
            "users": _listed(users),
            "ips": _listed(ips),
            "user_ip_correlations": self._correlations(users, ips, state.pairs, context),
            "user_ip_pairs": _pair_rows(users, ips, state.pairs),
            "meta": dict(zip(META, (context.total_rows, len(users), len(ips)), strict=True)),
        }

    def write(self, result: dict[str, Any], outputs: Outputs, context: RunContext) -> None:
        """Write the one file."""
        outputs.write(self.options.file, document(result))

    def highlights(self, result: dict[str, Any], context: RunContext) -> list[tuple[str, str]]:
        """Return the busiest users."""
        busiest = sorted(result["users"], key=lambda user: -user[1])[:BUSIEST]
        return [("busiest users", ", ".join(f"{token} ({count} rows)" for token, count, _ in busiest) or "none")]

    def _correlations(
        self, users: Identities, ips: Identities, pairs: Counter[tuple[int, int]], context: RunContext
    ) -> list[list[Any]]:
        """Return a row for each user: original, token, the same of the address used most, rows, validity."""
        show = self.options.include_originals or not context.garbled
        names, ip_names = (identities.originals if show else None for identities in (users, ips))
        most_used = _most_used(pairs)
        return [
            [_at(names, user), token, _at(ip_names, ip), _at(ips.tokens, ip), count, valid]
            for user, (token, count, valid) in enumerate(_listed(users))
            for ip in [most_used.get(user)]
        ]


def _known(kind: str, seen: Seen, context: RunContext) -> Identities:
    if kind in seen.kinds and kind in context.identities:
        return context.identities[kind]
    return Identities(kind=kind, tokens=(), text_tokens=(), counts=(), valid=())


def _at(values: Sequence[str | None] | None, place: int | None) -> str | None:
    return values[place] if values and place is not None else None


def _listed(identities: Identities) -> list[list[Any]]:
    return [list(row) for row in zip(identities.tokens, identities.counts, identities.valid, strict=True)]


def _most_used(pairs: Counter[tuple[int, int]]) -> dict[int, int]:
    """Return for each user the address with the most rows; of several, the one with the lowest number."""
    ranked = sorted(pairs.items(), key=lambda item: (item[0][0], item[1], -item[0][1]))
    return {user: ip for (user, ip), _ in ranked}


def _pair_rows(users: Identities, ips: Identities, pairs: Counter[tuple[int, int]]) -> list[list[Any]]:
    ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return [[users.tokens[user], ips.tokens[ip], count] for (user, ip), count in ranked]
