"""Users whose jobs started and never completed."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Batch, Outputs, PluginError, Reporter, Roles, RunContext
from anonkit_std.columns.cell_text import as_text
from anonkit_std.options.reporters import FailedUsersOptions
from anonkit_std.reporters.identity_codes import codes_in_rows
from anonkit_std.reporters.json_document import document
from anonkit_std.reporters.labels import default_name

__all__ = ["FailedUsersReporter", "Failures", "numbers"]

SHOWN = 5
KEYS = (
    *("failed_users", "token", "failure_count", "valid", "original"),
    *("meta", "distinct_failed_users", "total_failure_rows", "failure_fraction", "unreadable_rows"),
)
"""Of the document, wherever in it."""

_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


Flags = npt.NDArray[np.bool_]


@attrs.define
class Failures:
    """The failures in the rows so far."""

    users: Counter[int] = attrs.field(factory=Counter)
    """Failure rows by user, as position in the run's identities."""
    rows: int = 0
    unreadable: int = 0


@attrs.frozen
class FailedUsersReporter(Reporter[Failures, dict[str, Any]]):
    """Writes `failed_users.json`.

    A failure is a row with more than 0 starts and 0 completions, or with one of the words of the options in the column
    of the options.
    """

    options: FailedUsersOptions

    @property
    def required_roles(self) -> tuple[str, ...]:
        """The users; and the starts and completions of jobs, unless a column of the options has their ends."""
        return ("user",) if self.options.column is not None else ("user", "starts", "completions")

    def columns(self, roles: Roles) -> tuple[str, ...]:
        """Return the column of how jobs ended, or those of the two numbers."""
        return (roles.starts, roles.completions) if self.options.column is None else (self.options.column,)

    def static_text(self, context: RunContext) -> list[str]:
        """Return the keys, and the name of the file unless it was chosen."""
        return [*(f'"{key}":' for key in KEYS), *default_name(FailedUsersOptions, self.options.file)]

    def start(self, context: RunContext) -> Failures:
        """Return no failures; PluginError when users have no tokens."""
        if "user" not in context.identities:
            raise _no_users()
        return Failures()

    def consume(self, state: Failures, batch: Batch) -> Failures:
        """Count the failures of the batch."""
        if "user" not in batch.identities:
            raise _no_users()
        failed, unreadable = self._by_count(batch) if self.options.column is None else self._by_word(batch)
        rows, users = codes_in_rows(batch.identities["user"])
        codes, counts = np.unique(users[failed[rows]], return_counts=True)
        state.users.update(dict(zip(codes.tolist(), counts.tolist(), strict=True)))
        state.rows += int(failed.sum())
        state.unreadable += int(unreadable.sum())
        return state

    def _by_count(self, batch: Batch) -> tuple[Flags, Flags]:
        """Return which rows are failures, and which are undecided, by starts and completions."""
        roles = batch.context.roles
        starts, completions = numbers(batch.column(roles.starts)), numbers(batch.column(roles.completions))
        return (starts > 0) & (completions == 0), np.isnan(starts) | np.isnan(completions)

    def _by_word(self, batch: Batch) -> tuple[Flags, Flags]:
        """Return the same by the first word of a column: `CANCELLED by 1000` is `CANCELLED`."""
        texts = as_text(batch.column(self.options.column or ""))
        words = pc.utf8_lower(pc.replace_substring_regex(pc.utf8_ltrim_whitespace(texts), r"(?s)\s.*", ""))
        failed = pc.is_in(words, value_set=pa.array([value.lower() for value in self.options.values], pa.string()))
        unreadable = pc.equal(pc.fill_null(words, ""), "")
        return failed.to_numpy(zero_copy_only=False), unreadable.to_numpy(zero_copy_only=False)

    def merge(self, left: Failures, right: Failures) -> Failures:
        """Add up."""
        left.users.update(right.users)
        left.rows += right.rows
        left.unreadable += right.unreadable
        return left

    def finish(self, state: Failures, context: RunContext) -> dict[str, Any]:
        """Return the content of the file."""
        ranked = sorted(state.users.items(), key=lambda item: (-item[1], item[0]))
        return {
            "failed_users": [_entry(user, count, context) for user, count in ranked],
            "meta": {
                "distinct_failed_users": len(ranked),
                "total_failure_rows": state.rows,
                "failure_fraction": state.rows / context.total_rows if context.total_rows else 0.0,
                "unreadable_rows": state.unreadable,
            },
        }

    def write(self, result: dict[str, Any], outputs: Outputs, context: RunContext) -> None:
        """Write the one file."""
        outputs.write(self.options.file, document(result))

    def highlights(self, result: dict[str, Any], context: RunContext) -> list[tuple[str, str]]:
        """Return the number of failures and the users with the most."""
        meta, most = result["meta"], result["failed_users"][:SHOWN]
        share = f"{meta['total_failure_rows']} of {context.total_rows} rows ({meta['failure_fraction']:.2%})"
        names = ", ".join(f"{user['token']} ({user['failure_count']})" for user in most)
        return [("failures", share), ("most failing users", names or "none")]


def numbers(column: pa.Array) -> npt.NDArray[np.float64]:
    """Return the cells of a number column, or of text that spells finite numbers, as floats; NaN for all others."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        cells = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return np.where(np.isfinite(cells), cells, np.nan)
    encoded = as_text(column).dictionary_encode()
    known = np.array([_number(text) for text in encoded.dictionary.to_pylist()] + [math.nan])
    values: npt.NDArray[np.float64] = known[encoded.indices.fill_null(len(known) - 1).to_numpy()]
    return values


def _number(text: str) -> float:
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else math.nan


def _entry(user: int, count: int, context: RunContext) -> dict[str, Any]:
    users = context.identities["user"]
    entry: dict[str, Any] = {"token": users.tokens[user], "failure_count": count, "valid": users.valid[user]}
    if not context.garbled and users.originals is not None:
        entry["original"] = users.originals[user]
    return entry


def _no_users() -> PluginError:
    return PluginError(
        "failed_users: users have no tokens; switch the anonymizer of kind 'user' on "
        "([anonymizers.user] enabled = true, or --enable user), or leave this report out (--disable failed_users)"
    )
