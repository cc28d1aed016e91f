"""The numbers of identities: which comes next, and how one shows in a token.

A number is whole. In a kind whose identities come in groups it holds the group's number and the one within the group,
which show apart: 3000000007 is ``3.7``. An identity that is in no group has a group's number to itself: ``4``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

__all__ = ["next_numbers", "next_numbers_in_groups", "numeral"]

_WITHIN = 10**9

Identity = str | None


def numeral(number: int, *, grouped: bool) -> str:
    """Return how a number shows behind a token's prefix."""
    if not grouped:
        return str(number)
    group, within = divmod(number, _WITHIN)
    return f"{group}.{within}" if within else str(group)


def next_numbers(
    fresh: Sequence[Identity], known: Mapping[Identity, int], retired: Collection[int]
) -> dict[Identity, int]:
    """Give numbers to those that have none, in their order, above all that were ever given."""
    after = max((*known.values(), *retired), default=0)
    return {one: after + place for place, one in enumerate(fresh, 1)}


def next_numbers_in_groups(
    fresh: Sequence[Identity],
    known: Mapping[Identity, int],
    retired: Collection[int],
    group: Callable[[str], str | None],
) -> dict[Identity, int]:
    """Give numbers to those that have none: a group's the first time that one of it comes, then within the group.

    No number within a group that was ever given is given again, nor that of a group of which nobody is left.
    """
    highest: dict[int, int] = {}
    for number in (*known.values(), *retired):
        place, within = divmod(number, _WITHIN)
        highest[place] = max(highest.get(place, 0), within)
    places = {name: number // _WITHIN for one, number in known.items() if one is not None and (name := group(one))}
    last = max(highest, default=0)
    numbers: dict[Identity, int] = {}
    for one in fresh:
        name = None if one is None else group(one)
        if name not in places:
            last += 1
        if name is None:
            numbers[one] = last * _WITHIN
        else:
            place = places.setdefault(name, last)
            highest[place] = highest.get(place, 0) + 1
            numbers[one] = place * _WITHIN + highest[place]
    return numbers
