"""Who is who after pass one: groups and folders that were taken for people, and one person under several names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from anonkit.api import Evidence

__all__ = ["reconciled"]


def reconciled(found: Mapping[str, Evidence], groups: Set[str]) -> dict[str, str | None]:
    """Return None for each name that is not a person's, and the main name for each other name of a person.

    `groups` are the names of the experiments of the run.
    """
    refuted = dict.fromkeys(_refuted(found, groups))
    people = {name: evidence for name, evidence in found.items() if name not in refuted}
    return {**refuted, **_same(people)}


def _refuted(found: Mapping[str, Evidence], groups: Set[str]) -> Iterator[str]:
    folded = {group.casefold() for group in groups}
    sure = {name for name, evidence in found.items() if not evidence.is_tentative}
    # Of `/home/X/annak` X is a group when annak is a user.
    above = {parent for name in sure for parent in found[name].parents} - sure
    are_groups = {
        name
        for name, evidence in found.items()
        if evidence.is_tentative and (evidence.is_refuted or name.casefold() in folded or name in above)
    }
    for name, evidence in found.items():
        is_own_folder = bool(evidence.parents) and evidence.parents <= sure
        if name in are_groups or (evidence.is_tentative and (is_own_folder or _is_member(name, sure))):
            yield name


def _is_member(name: str, sure: Set[str]) -> bool:
    """Return whether a name is a group's, a dot and a user: of ``group_nova.keepup.annak`` the last two parts."""
    return name.partition(".")[2] in sure


def _same(people: Mapping[str, Evidence]) -> dict[str, str | None]:
    """Return for each person that no cell names the one whose spelling the name is."""
    owners: dict[str, str] = {}
    first: dict[str, str] = {}
    for name in sorted(people, key=lambda name: _rank(name, people[name])):
        for spelling in (name, *people[name].spellings):
            owners.setdefault(spelling.casefold(), name)
        # The name of its owner may be a spelling of another person's, of lower rank; whose that is, is known by then.
        owner = owners[name.casefold()]
        first[name] = first.get(owner, name)
    return {name: first[name] for name, evidence in people.items() if not evidence.is_in_cells and first[name] != name}


def _rank(name: str, evidence: Evidence) -> tuple[bool, bool, bool, str]:
    return not evidence.is_in_cells, evidence.is_tentative, " " in name, name
