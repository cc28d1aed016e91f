"""The sites of a listing: those asked for, matched with those that there are."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping

import attrs

__all__ = ["AMBIGUOUS", "EXACT", "SHOWN", "STATIC_NOTES", "SelectedSite", "match"]

SHOWN = 3
"""Sites that a message names."""
AMBIGUOUS = "ambiguous"
EXACT = "exact"
_FOLDED = "without regard to case"
_UNKNOWN = "no job ran at a site of this name"
_DIFFER = "differ only in case; took"
_NEAREST = "nearest in spelling: "
_BUSIEST = "with most jobs: "

STATIC_NOTES = (
    f'"match_note":"{EXACT}"',
    f'"match_note":"{_FOLDED}"',
    f'"match_note":"{_UNKNOWN}',
    f'"match_note":"{AMBIGUOUS}: ',
    f" {_DIFFER} ",
    f"; {_NEAREST}",
    f"; {_BUSIEST}",
)
"""The parts of notes that come from no data, as JSON has them."""


@attrs.frozen
class SelectedSite:
    """A site to be listed: as asked for, as found (None for unknown), and a note on the match."""

    requested: str
    site: str | None
    note: str

    @property
    def name(self) -> str:
        """The name of its listing."""
        return self.requested if self.site is None else self.site


def match(request: str, jobs: Mapping[str, int], key: Callable[[str], str]) -> SelectedSite:
    """Return the site that a request means; `jobs` are those of each site, and names of one `key` are alike.

    Of several that are alike, the one with most jobs is taken.
    """
    if request in jobs:
        return SelectedSite(request, request, EXACT)
    alike = sorted((name for name in jobs if key(name) == key(request)), key=lambda name: (-jobs[name], name))
    if len(alike) > 1:
        listed = ", ".join(map(repr, sorted(alike)))
        return SelectedSite(request, alike[0], f"{AMBIGUOUS}: {listed} {_DIFFER} {alike[0]!r}")
    if alike:
        return SelectedSite(request, alike[0], _FOLDED)
    return SelectedSite(request, None, f"{_UNKNOWN}{_instead(request, jobs)}")


def _instead(name: str, jobs: Mapping[str, int]) -> str:
    """Return the sites of the nearest names, and those with most jobs, with their jobs."""
    folded = {known.casefold(): known for known in sorted(jobs)}
    close = [folded[found] for found in difflib.get_close_matches(name.casefold(), folded, n=SHOWN, cutoff=0.6)]
    busiest = sorted((known for known in jobs if known not in close), key=lambda known: (-jobs[known], known))[:SHOWN]
    named = ((_NEAREST, close), (_BUSIEST, busiest))
    return "".join(
        f"; {label}{', '.join(f'{known!r} ({jobs[known]} jobs)' for known in names)}" for label, names in named if names
    )
