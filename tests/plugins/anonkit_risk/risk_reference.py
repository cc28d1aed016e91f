"""The risk of a table in plain Python, slow and obvious."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Any

Row = dict[str, Any]


def person_of(row: Row) -> str | None:
    return None if row["User"] is None else row["User"].partition("@")[0].strip() or None


def classes_of(rows: Sequence[Row], columns: Sequence[str]) -> dict[tuple[Any, ...], list[Row]]:
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if person_of(row) is not None:
            found[tuple(row[name] for name in columns)].append(row)
    return found


def users_in(rows: Sequence[Row]) -> set[str | None]:
    return {person_of(row) for row in rows}


def sizes(rows: Sequence[Row], columns: Sequence[str], small: int) -> dict[str, Any]:
    groups = [(len(users_in(group)), len(group)) for group in classes_of(rows, columns).values()]
    counted = sum(size for _, size in groups)
    return {
        "classes": len(groups),
        "k": min((users for users, _ in groups), default=0),
        "single_user_classes": sum(users == 1 for users, _ in groups),
        "rows_in_single_user_classes": sum(size for users, size in groups if users == 1),
        "classes_below_min_users": sum(users < small for users, _ in groups),
        "rows_below_min_users": sum(size for users, size in groups if users < small),
        "prosecutor_risk": round(max((1 / users for users, _ in groups), default=0.0), 6),
        "marketer_risk": round(sum(size / users for users, size in groups) / counted if counted else 0.0, 6),
    }


def histogram(rows: Sequence[Row], columns: Sequence[str]) -> list[list[int]]:
    groups = [(len(users_in(group)), len(group)) for group in classes_of(rows, columns).values()]
    return [
        [users, sum(one == users for one, _ in groups), sum(size for one, size in groups if one == users)]
        for users in sorted({users for users, _ in groups})
    ]


def sample_uniques(rows: Sequence[Row], columns: Sequence[str]) -> int:
    alone = [users_in(group) for group in classes_of(rows, columns).values()]
    return len(set().union(*(users for users in alone if len(users) == 1)))


def minimal_uniques(rows: Sequence[Row], columns: Sequence[str]) -> dict[tuple[str, ...], list[str | None]]:
    """By subset: the user of each class that is unique, and is so in no smaller subset."""
    unique = {
        (subset, key): group
        for size in range(1, min(len(columns), 3) + 1)
        for subset in combinations(columns, size)
        for key, group in classes_of(rows, subset).items()
        if len(users_in(group)) == 1
    }
    found: dict[tuple[str, ...], list[str | None]] = defaultdict(list)
    for (subset, key), group in unique.items():
        values = dict(zip(subset, key, strict=True))
        smaller = [
            (part, tuple(values[name] for name in part))
            for size in range(1, len(subset))
            for part in combinations(subset, size)
        ]
        if not any(one in unique for one in smaller):
            found[subset].append(person_of(group[0]))
    return found


def sensitive(rows: Sequence[Row], columns: Sequence[str], column: str) -> tuple[int, float]:
    """l and t."""
    groups = [
        Counter(value for _, value in {(person_of(row), row[column]) for row in group})
        for group in classes_of(rows, columns).values()
    ]
    overall = sum(groups, Counter())
    total = overall.total()
    distances = [
        sum(abs(group[value] / group.total() - overall[value] / total) for value in overall) / 2 for group in groups
    ]
    return min(map(len, groups), default=0), max(distances, default=0.0)


def singled_out(rows: Sequence[Row], points: tuple[str, str], draws: int) -> dict[str, list[float]]:
    """By user: the shares of draws of 1, 2, 3, 4 points that nobody else has."""
    held: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    for row in rows:
        if (person := person_of(row)) is not None:
            held[person].add(tuple(row[name] for name in points))
    found = {}
    for person, own in held.items():
        others = [points for other, points in held.items() if other != person]
        ordered = sorted(own, key=_digest)
        cuts = [ordered[start : start + 4] for start in range(0, min(len(ordered), draws * 4), 4)]
        chosen = [cut for cut in cuts if len(cut) == 4] or cuts[:1]
        shares = [sum(not any(point in other for other in others) for point in own) / len(own)]
        for known in (2, 3, 4):
            alone = [not any(set(draw[:known]) <= other for other in others) for draw in chosen]
            shares.append(sum(alone) / len(alone))
        found[person] = [round(share, 6) for share in shares]
    return found


def _digest(point: tuple[Any, ...]) -> int:
    text = "\x1f".join("" if value is None else str(value) for value in point)
    return int.from_bytes(hashlib.md5(text.encode()).digest()[8:], "little")
