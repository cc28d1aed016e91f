"""SQL that a user wrote: its tokens, and messages about it that hold no value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
import duckdb

from anonkit.errors import ConfigError, nearest
from anonkit.input.selection.session import JOBS

__all__ = ["UserSql", "error_details"]

_HIDDEN = "…"
_CONSTANTS = ("string_const", "numeric_const")


@attrs.frozen
class UserSql:
    """A text of SQL."""

    text: str
    place: str
    """How messages name the setting that holds it: ``--where``, ``[run] where``."""
    before: str = ""
    """The part of the statement that DuckDB gets before the text."""

    def mistake(self, details: Mapping[str, Any], columns: Iterable[str] = ()) -> ConfigError:
        """Return the error about DuckDB's refusal of the statement; `columns` are those that the text may name.

        It holds no constant of the text, which may be a name or a number of a job, and no name but a function's or one
        that is close to a column's.
        """
        names = tuple(columns)
        if details.get("error_subtype") == "COLUMN_NOT_FOUND":
            return self.refused(_unknown_column(str(details.get("name", "")), names), details.get("position"))
        message = str(details.get("exception_message", details.get("error_message", ""))).partition("\n")[0]
        if "Function" in str(details.get("type", "")) and details.get("candidates"):
            message += f" (did you mean {str(details['candidates']).partition(',')[0]!r}?)"
        return self.refused(self._without_values(message, names), details.get("position"))

    def failure(self, error: duckdb.Error) -> ConfigError:
        """Return the error about a statement that failed on the rows; DuckDB's message may quote a value of them."""
        kind = str(error_details(error).get("exception_type", type(error).__name__)).lower()
        return ConfigError(
            f"{self.place}: DuckDB gave up in the middle of the rows ({kind} error); if a value has another form than "
            "the others, convert with TRY_CAST(column AS type), which gives null for it"
        )

    def refused(self, message: str, position: object = None) -> ConfigError:
        """Return an error with the place in the text; `position` is in bytes of the statement that DuckDB got."""
        return ConfigError(f"{self.place}: {self._located(position)}{message}")

    def masked(self) -> str:
        """Return the text on one line, without comments, and with ``…`` for each constant."""
        shown = (
            (_HIDDEN if kind in _CONSTANTS else token) + (" " if gap else "")
            for token, gap, kind in self._tokens()
            if kind != "comment"
        )
        return "".join(shown).strip()

    def _located(self, position: object) -> str:
        """Return line and column of a position, or nothing for one outside of the text."""
        raw = self.text.encode()
        try:
            start = int(str(position)) - len(self.before.encode())
        except ValueError:
            return ""
        if not 0 <= start <= len(raw):
            return ""
        lines = raw[:start].decode("utf-8", "replace").split("\n")
        return f"line {len(lines)}, column {len(lines[-1]) + 1}: "

    def _without_values(self, message: str, columns: Iterable[str]) -> str:
        known = {name.casefold() for name in columns} | {JOBS}
        tokens = list(self._tokens())
        for (token, _, kind), (following, _, _) in zip(tokens, [*tokens[1:], ("", False, "")], strict=True):
            content = token.strip("'\"$")
            is_foreign = kind == "identifier" and content.casefold() not in known and not following.startswith("(")
            if content and (kind in _CONSTANTS or is_foreign):
                message = re.sub(rf"(?<!\w){re.escape(content)}(?!\w)", _HIDDEN, message)
        return message

    def _tokens(self) -> Iterator[tuple[str, bool, str]]:
        """Yield each token of the text, whether blanks follow it, and its kind."""
        raw = self.text.encode()
        found = duckdb.tokenize(self.text)
        ends = [*(start for start, _ in found[1:]), len(raw)]
        for (start, kind), end in zip(found, ends, strict=True):
            piece = raw[start:end].decode("utf-8", "replace")
            yield piece.rstrip(), piece != piece.rstrip(), str(kind).rpartition(".")[2]


def error_details(error: duckdb.Error) -> Mapping[str, Any]:
    """Return the content of an error of DuckDB: its JSON, or its text alone."""
    text = str(error)
    try:
        details = json.loads(text[text.index("{") :])
    except ValueError:
        details = None
    return details if isinstance(details, dict) else {"exception_message": text}


def _unknown_column(name: str, columns: Iterable[str]) -> str:
    close = nearest(name, columns)
    return (
        f"no input file has a column {name!r}{close}"
        if close
        else ("no input file has a column of the name here; write texts in single quotes")
    )
