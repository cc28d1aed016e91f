"""The share of people that can be followed from one release to another by token, volume, time pattern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt

from anonkit.api import ConfigError, attribute, nearest
from anonkit_risk.notebook_table import notebook_table
from anonkit_risk.people import person_of
from anonkit_risk.release import Release
from anonkit_risk.session import Session, data_files, quoted, spilling_session

__all__ = ["DiffResult", "diff"]

HOURS = 168
"""Of a week: a time pattern is the share of a user's jobs in each."""
Matrix = npt.NDArray[np.float64]


@attrs.frozen
class DiffResult:
    """The shares of the users of the new release that can be followed."""

    users: tuple[int, int]
    """In the old release, in the new one."""
    by_token: float | None
    """None when nothing shows that the two releases have the same tokens: their manifests name no common mapping."""
    by_volume: float
    """Linked by the share of rows, to the user of the old release with the nearest one, and back."""
    by_time: float | None
    """Linked in the same way by the hours of the week of their jobs; None without a column of times."""
    volume_right: float | None
    """Of all users of the new release, those linked by volume to the same token; None as for `by_token`."""
    time_right: float | None

    def table(self) -> list[tuple[str, str, str]]:
        """Return for each means its name, the share of users that are linked, and the share linked rightly."""
        return [
            ("token", _percent(self.by_token), _percent(self.by_token)),
            ("volume", _percent(self.by_volume), _percent(self.volume_right)),
            ("time pattern", _percent(self.by_time), _percent(self.time_right)),
        ]

    def _repr_html_(self) -> str:
        """Return the shares as a table for notebooks."""
        return notebook_table(self.table(), ("by", "linked", "rightly"))


def diff(
    old: str | Path,
    new: str | Path,
    *,
    same_tokens: bool = False,
    time_column: str | None = None,
    user_column: str = "User",
) -> DiffResult:
    """Return how well users of one release can be found in another.

    Tokens are compared when both manifests name one mapping, or with `same_tokens`. `time_column` is a column of times
    of both, by default the first that the catalogue knows. InputError, ConfigError.
    """
    domains = [Release.beside(Path(place)).domain for place in (old, new)]
    comparable = same_tokens or (domains[0] is not None and domains[0] == domains[1])
    return _compared(*_profiles(old, new, user_column, time_column), comparable=comparable)


@attrs.frozen(eq=False)
class _Profile:
    """The users of one release, and the figures by which they may be followed."""

    tokens: list[str]
    volumes: Matrix
    """Of each user the share of rows, as a column."""
    hours: Matrix | None
    """Of each user the share of jobs in each hour of a week; None without a column of times."""


def _compared(old: _Profile, new: _Profile, *, comparable: bool) -> DiffResult:
    """Return the shares of users of `new` that are linked; tokens count when they are `comparable`."""
    timed = old.hours is not None and new.hours is not None
    volume = _links(old.volumes, new.volumes, _volume_distance)
    times = _links(old.hours, new.hours, _time_distance)
    return DiffResult(
        (len(old.tokens), len(new.tokens)),
        _share(len({*old.tokens} & {*new.tokens}), new) if comparable else None,
        _share(len(volume), new),
        _share(len(times), new) if timed else None,
        _share(_right(volume, old, new), new) if comparable else None,
        _share(_right(times, old, new), new) if comparable and timed else None,
    )


def _profiles(old: str | Path, new: str | Path, user_column: str, time_column: str | None) -> tuple[_Profile, _Profile]:
    """Return the profiles of two releases, with hours when both have the column of times."""
    with spilling_session(files=(files := data_files(old))) as opened:
        names = opened.read(files)
        column = _time_column(names, time_column)
        first = _profile(opened, names, user_column, column)
    with spilling_session(files=(files := data_files(new))) as opened:
        names = opened.read(files)
        return first, _profile(opened, names, user_column, column if column in names else None)


def _profile(opened: Session, names: tuple[str, ...], user_column: str, time_column: str | None) -> _Profile:
    if user_column not in names:
        raise ConfigError(f"the data set has no column {user_column!r}{nearest(user_column, names)}")
    person = person_of(user_column)
    rows = opened.rows(
        f"SELECT {person} AS token, count(*) AS n FROM data WHERE {person} IS NOT NULL GROUP BY token ORDER BY token"
    )
    tokens = [token for token, _ in rows]
    counts = np.array([[count] for _, count in rows], np.float64).reshape(-1, 1)
    hours = None if time_column is None else _hours(opened, person, time_column, tokens)
    return _Profile(tokens, counts / max(counts.sum(), 1), hours)


def _hours(opened: Session, person: str, column: str, tokens: list[str]) -> Matrix:
    """Return the share of each user's jobs in each hour of a week."""
    seconds = _seconds(opened, column)
    found = np.zeros((len(tokens), HOURS))
    places = {token: place for place, token in enumerate(tokens)}
    rows = opened.rows(
        f"SELECT {person} AS token, CAST(floor({seconds} / 3600) AS BIGINT) % {HOURS} AS hour, count(*) FROM data "
        f"WHERE {person} IS NOT NULL AND {seconds} IS NOT NULL GROUP BY ALL"
    )
    for token, hour, count in rows:
        found[places[token], int(hour)] = count
    shares: Matrix = found / np.maximum(found.sum(axis=1, keepdims=True), 1)
    return shares


def _seconds(opened: Session, column: str) -> str:
    """Return the seconds since 1970 in a column of times, for SQL."""
    kind = {name: kind for name, kind, *_ in opened.rows("DESCRIBE data")}[column]
    cell = quoted(column)
    return f"epoch({cell})" if kind.startswith(("TIMESTAMP", "DATE")) else f"TRY_CAST({cell} AS DOUBLE)"


def _time_column(names: tuple[str, ...], wanted: str | None) -> str | None:
    if wanted is not None:
        if wanted not in names:
            raise ConfigError(f"--time: the data set has no column {wanted!r}{nearest(wanted, names)}")
        return wanted
    times = (name for name in names if (known := attribute(name)) and known.unit == "s since 1970")
    return next(times, None)


def _links(old: Matrix | None, new: Matrix | None, distance: Callable[[Matrix, Matrix], Matrix]) -> Mapping[int, int]:
    """Return the users that are nearest to each other, without a tie: positions in `old` by positions in `new`."""
    if old is None or new is None or not len(old) or not len(new):
        return {}
    forth = [_nearest(distance(row[None, :], old)) for row in new]
    back = [_nearest(distance(row[None, :], new)) for row in old]
    return {place: other for place, other in enumerate(forth) if other >= 0 and back[other] == place}


def _nearest(distances: Matrix) -> int:
    """Return the position of the smallest distance, -1 when several are the smallest."""
    best = int(np.argmin(distances))
    return best if np.count_nonzero(distances <= distances[best] + 1e-12) == 1 else -1


def _volume_distance(row: Matrix, others: Matrix) -> Matrix:
    found: Matrix = np.abs(np.log(np.maximum(row, 1e-12)) - np.log(np.maximum(others, 1e-12)))[:, 0]
    return found


def _time_distance(row: Matrix, others: Matrix) -> Matrix:
    found: Matrix = np.abs(row - others).sum(axis=1)
    return found


def _right(links: Mapping[int, int], old: _Profile, new: _Profile) -> int:
    return sum(old.tokens[other] == new.tokens[place] for place, other in links.items())


def _share(count: int, new: _Profile) -> float:
    return round(count / len(new.tokens), 6) if new.tokens else 0.0


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.1%}"
