"""The columns of a data set that an attacker knows, and those that an attacker wants to learn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from anonkit.api import AttributeClass, ConfigError, attribute, nearest

__all__ = ["Question", "quasi_identifiers"]

_TIMES = ("QDate", "JobStartDate", "JobCurrentStartDate", "CompletionDate", "EnteredCurrentStatus")
_SIZES = ("RemoteWallClockTime", "CumulativeSlotTime", "RequestMemory", "MemoryUsage", "DiskUsage")


@attrs.frozen(kw_only=True)
class Question:
    """The columns of a computation of risk, by the part that they have in it."""

    person: str
    """Column of tokens of users."""
    quasi: tuple[str, ...]
    """The quasi-identifiers: columns that an attacker may know of a job."""
    sensitive: tuple[str, ...] = ()
    """Columns that an attacker wants to learn."""
    points: tuple[str, ...] = ()
    """Columns that together are a point of a user's trace: a time and a size."""
    address: str | None = None
    starts: str | None = None
    completions: str | None = None

    @classmethod
    def from_columns(
        cls, names: Sequence[str], roles: Mapping[str, str], quasi: Sequence[str] = (), sensitive: Sequence[str] = ()
    ) -> Question:
        """Return the question about a data set with columns `names`; by default its quasi-identifiers and site.

        ConfigError when a column is not there, or when there is none to ask about.
        """
        there = f"; it has {', '.join(names)}"
        mistakes = [
            f"{place}: the data set has no column {name!r}{nearest(name, names) or there}"
            for place, wanted in (("columns", quasi), ("sensitive", sensitive))
            for name in wanted
            if name not in names
        ]
        person = roles["user"]
        if person not in names:
            mistakes.append(f"the data set has no column {person!r}{nearest(person, names)}; it must have the users")
        known = tuple(quasi) or quasi_identifiers(names)
        if not known and not mistakes:
            mistakes.append(
                "the data set has no column that the catalogue has as a quasi-identifier; name those that an attacker "
                f"may know with --columns, or columns = [...] below [risk], from: {', '.join(names)}"
            )
        if mistakes:
            raise ConfigError(mistakes)
        present = {role: column for role, column in roles.items() if column in names}
        learnt = tuple(sensitive) or tuple(filter(None, (present.get("site"),)))
        return cls(
            person=person,
            quasi=tuple(dict.fromkeys(known)),
            sensitive=tuple(name for name in dict.fromkeys(learnt) if name not in known),
            points=_points(known),
            address=present.get("ip"),
            starts=present.get("starts"),
            completions=present.get("completions"),
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that the computation reads."""
        more = (self.address, self.starts, self.completions)
        return tuple(dict.fromkeys((self.person, *self.quasi, *self.sensitive, *filter(None, more))))


def quasi_identifiers(names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that the catalogue has as quasi-identifiers."""
    return tuple(name for name in names if _is_quasi(name))


def _is_quasi(name: str) -> bool:
    known = attribute(name)
    return known is not None and known.cls is AttributeClass.QUASI_IDENTIFIER


def _points(quasi: Sequence[str]) -> tuple[str, ...]:
    """Return the time and the size among the quasi-identifiers that are known best; () when one is missing."""
    time = next((name for name in _TIMES if name in quasi), None) or next(filter(_is_time, quasi), None)
    size = next((name for name in _SIZES if name in quasi), None)
    size = size or next((name for name in quasi if not _is_time(name)), None)
    return (time, size) if time and size else ()


def _is_time(name: str) -> bool:
    known = attribute(name)
    return known is not None and "since 1970" in known.unit
