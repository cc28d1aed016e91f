"""Points in time as a user writes them: ``2024-01-31``, ``2024-01-31T12:00:00+01:00``, seconds since 1970."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

__all__ = ["moment"]

_START = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SECONDS = re.compile(r"[0-9]{9,11}\Z")


def moment(text: str) -> int:
    """Return the microseconds since 1970 of a point in time, in UTC unless it names another offset; ValueError."""
    text = text.strip()
    if _SECONDS.match(text):
        return int(text) * 1_000_000
    time = datetime.fromisoformat(f"{text[:-1]}+00:00" if text.endswith(("Z", "z")) else text)
    if time.tzinfo is None:
        time = time.replace(tzinfo=timezone.utc)
    return (time - _START) // timedelta(microseconds=1)
