"""The numbers of identities: the next ones to give, and how a number is written in a token.

A number is a positive integer. In a kind with identities in groups, it combines the number of the group and the
number within the group: 3000000007 is written ``3.7``. An identity without a group uses up a group's number: ``4``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

__all__ = ["next_numbers", "next_numbers_in_groups", "numeral"]

_WITHIN = 10**9

Identity = str | None


def numeral(number: int, *, grouped: bool) -> str:
    """Return a number as a token has it after the prefix."""
    if not grouped:
        return str(number)
    group, within = divmod(number, _WITHIN)
    return f"{group}.{within}" if within else str(group)


def next_numbers(
    fresh: Sequence[Identity], known: Mapping[Identity, int], retired: Collection[int]
) -> dict[Identity, int]:
    """Return numbers for the identities `fresh`, in their order, above all numbers of `known` and `retired`."""
    last = max((*known.values(), *retired), default=0)
    return {identity: last + position for position, identity in enumerate(fresh, 1)}


def next_numbers_in_groups(
    fresh: Sequence[Identity],
    known: Mapping[Identity, int],
    retired: Collection[int],
    group: Callable[[str], str | None],
) -> dict[Identity, int]:
    """Return numbers for the identities `fresh`: a group gets the next number at its first identity.

    No number within a group is given twice, nor is the number of a group with retired identities alone.
    """
    highest: dict[int, int] = {}
    for number in (*known.values(), *retired):
        group_number, within = divmod(number, _WITHIN)
        highest[group_number] = max(highest.get(group_number, 0), within)
    group_numbers = {
        name: number // _WITHIN
        for identity, number in known.items()
        if identity is not None and (name := group(identity))
    }
    last = max(highest, default=0)
    numbers: dict[Identity, int] = {}
    for identity in fresh:
        name = None if identity is None else group(identity)
        if name not in group_numbers:
            last += 1
        if name is None:
            numbers[identity] = last * _WITHIN
        else:
            group_number = group_numbers.setdefault(name, last)
            highest[group_number] = highest.get(group_number, 0) + 1
            numbers[identity] = group_number * _WITHIN + highest[group_number]
    return numbers
