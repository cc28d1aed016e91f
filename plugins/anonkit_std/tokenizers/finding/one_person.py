"""Who is who after pass one: groups and folders that were taken for people, and one person under several names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from anonkit.api import Evidence

__all__ = ["reconciled"]


def reconciled(met: Mapping[str, Evidence], groups: Set[str]) -> dict[str, str | None]:
    """Return None for each name that is nobody's, and for each name of a person who has another the other.

    `groups` are the names of experiments that the run has met.
    """
    nobody = dict.fromkeys(_nobody(met, groups))
    people = {name: one for name, one in met.items() if name not in nobody}
    return {**nobody, **_same(people)}


def _nobody(met: Mapping[str, Evidence], groups: Set[str]) -> Iterator[str]:
    folded = {group.casefold() for group in groups}
    sure = {name for name, one in met.items() if not one.is_tentative}
    # Of `/home/X/annak` X is a group when annak is a user.
    above = {parent for name in sure for parent in met[name].parents} - sure
    are_groups = {
        name
        for name, one in met.items()
        if one.is_tentative and (one.is_refuted or name.casefold() in folded or name in above)
    }
    for name, one in met.items():
        is_own_folder = bool(one.parents) and one.parents <= sure
        if name in are_groups or (one.is_tentative and (is_own_folder or _is_member(name, sure))):
            yield name


def _is_member(name: str, sure: Set[str]) -> bool:
    """Return whether a name is a group's, a dot and a user: of ``group_nova.keepup.annak`` the last two parts."""
    return name.partition(".")[2] in sure


def _same(people: Mapping[str, Evidence]) -> dict[str, str | None]:
    """Return for each person that no cell names the one whose spelling the name is."""
    owners: dict[str, str] = {}
    for name in sorted(people, key=lambda name: _rank(name, people[name])):
        for spelling in (name, *people[name].spellings):
            owners.setdefault(spelling.casefold(), name)
    return {
        name: _first(name, owners)
        for name, one in people.items()
        if not one.is_in_cells and _first(name, owners) != name
    }


def _first(name: str, owners: Mapping[str, str]) -> str:
    """Return whose a name is in the end: the name of its owner may be a spelling of another person's."""
    seen = {name}
    while (owner := owners[name.casefold()]) not in seen:
        seen.add(owner)
        name = owner
    return name


def _rank(name: str, one: Evidence) -> tuple[bool, bool, bool, str]:
    return not one.is_in_cells, one.is_tentative, " " in name, name
