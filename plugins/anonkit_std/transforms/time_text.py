"""Texts that are a time: ``2023-12-31T10:11:12.5Z``, ``2023-12-31 10:11``, ``2023/12/31``, ``20231231T101112``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import attrs

__all__ = ["TimeText"]

# A date, and perhaps a time of day with a fraction and a zone. Each of the two has one separator or none.
_FORM = re.compile(
    r"(?P<year>[0-9]{4})(?P<dash>[-/.]?)(?P<month>[0-9]{2})(?P=dash)(?P<day>[0-9]{2})"
    r"(?:(?P<gap>[T_ ])(?P<hour>[0-9]{2})(?P<colon>:?)(?P<minute>[0-9]{2})"
    r"(?:(?P=colon)(?P<second>[0-9]{2})(?P<fraction>[.,][0-9]{1,9})?)?"
    r"(?P<zone> ?(?:Z|[A-Z]{3,4}|[+-][0-9]{2}:?[0-9]{2}))?)?\Z"
)


@attrs.frozen
class TimeText:
    """A time, by the clock of its text, and the layout of the text."""

    time: datetime
    """In whole seconds, without a time zone."""
    fraction: str
    """The fraction of its second as it is written, ``.5``; empty for none."""
    form: re.Match[str]
    """The match of `_FORM` that the text was."""

    @classmethod
    def parse(cls, text: str) -> TimeText | None:
        """Return the time of a text, which may have blanks around it; None for any other text."""
        form = _FORM.match(text.strip())
        if form is None or (not form["dash"] and form["gap"] is None and not "1970" <= form["year"] < "2200"):
            # Eight digits alone may be a number: only those of a likely year are a date.
            return None
        numbers = [int(form[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")]
        try:
            return cls(datetime(*numbers), form["fraction"] or "", form)  # type: ignore[arg-type]  # no tzinfo is in it
        except ValueError:
            return None

    def earlier(self, seconds: int) -> TimeText | None:
        """Return the time so many seconds before, in the same layout; None for a time before the year 1."""
        try:
            return attrs.evolve(self, time=self.time - timedelta(seconds=seconds))
        except OverflowError:
            return None

    def floored(self, seconds: int, start: int) -> TimeText | None:
        """Return the time rounded down to a multiple of so many seconds after `start`, a second since 1970.

        None for a time before the year 1.
        """
        since = round((self.time - datetime(1970, 1, 1)).total_seconds()) - start
        floored = self.earlier(since % seconds)
        return floored and attrs.evolve(floored, fraction=re.sub("[0-9]", "0", self.fraction))

    @property
    def text(self) -> str:
        """The time as text in its layout."""
        form, dash, colon, time = self.form, self.form["dash"], self.form["colon"], self.time
        text = f"{time.year:04}{dash}{time.month:02}{dash}{time.day:02}"
        if form["hour"] is not None:
            text += f"{form['gap']}{time.hour:02}{colon}{time.minute:02}"
        if form["second"] is not None:
            text += f"{colon}{time.second:02}{self.fraction}"
        return text + (form["zone"] or "")
