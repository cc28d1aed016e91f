"""Sizes and durations as people write them: ``64 MB``, ``1h30m``."""

from __future__ import annotations

import re
from datetime import timedelta

__all__ = ["Size", "parse_duration", "parse_size", "write_duration"]

_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)[ ]?([kMGT]?i?)B?\Z")
_FACTORS = {"": 0, "k": 1, "M": 2, "G": 3, "T": 4}
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,6})?[wdhms])+\Z")
_PART = re.compile(r"([0-9.]+)([wdhms])")


class Size(int):
    """A number of bytes, as the type of an option: the configuration takes ``"64 MB"`` or a whole number."""


def parse_size(text: str) -> Size:
    """Return the bytes of ``512``, ``64 kB``, ``1.5GiB``; ValueError for another text."""
    found = _SIZE.match(text.strip())
    if not found or found[2] == "i":
        raise ValueError("not a size")
    factor = 1024 if found[2].endswith("i") else 1000
    return Size(float(found[1]) * factor ** _FACTORS[found[2].removesuffix("i")])


def parse_duration(text: str) -> timedelta:
    """Return the duration of ``90s``, ``1h30m``, ``2w``; ValueError for another text."""
    if not _DURATION.match(text):
        raise ValueError("not a duration")
    try:
        return timedelta(seconds=sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text)))
    except OverflowError:  # more than two million years
        raise ValueError("not a duration") from None


def write_duration(duration: timedelta) -> str:
    """Return a duration as `parse_duration` reads it: ``1h30m``."""
    left, parts = duration.total_seconds(), []
    for unit, seconds in _SECONDS.items():
        if unit != "s" and left >= seconds:
            parts.append(f"{int(left // seconds)}{unit}")
            left -= left // seconds * seconds
    if left or not parts:
        parts.append(f"{left:g}s")
    return "".join(parts)
