"""The row records of one site, or of each, as JSON."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import attrs
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Batch, Listing, Outputs, Roles, RunContext, printable
from anonkit.arrow.strings import bytes_of
from anonkit_std.columns.cell_text import as_text
from anonkit_std.options.reporters import SiteJobsOptions
from anonkit_std.reporters.file_names import distinct_stems
from anonkit_std.reporters.json_rows import json_rows

__all__ = ["SiteJobsListing"]

PREFIX_ORDER = ("user", "experiment", "ip")
SHOWN = 3
AMBIGUOUS = "ambiguous"
EXACT = "exact"
FOLDED = "without regard to case"
UNKNOWN = "no job ran at a site of this name"
DIFFER = "differ only in case; took"
PREFIX = "jobs_at_"
META = (
    *("requested_site", "canonical_site", "is_valid_site", "match_note", "site_column", "garbled"),
    *("total_jobs_at_site", "columns_included", "token_prefixes"),
)


@attrs.frozen
class _Selected:
    """A site to be listed: as asked for, as found (None for unknown), and a note on the match."""

    requested: str
    site: str | None
    note: str

    @property
    def name(self) -> str:
        return self.requested if self.site is None else self.site


@attrs.frozen
class SiteJobsListing(Listing[Counter[str], Counter[str]]):
    """Writes `jobs_at_<site>.json` for the sites asked for. Folds the jobs of every site, by its trimmed name."""

    separator: ClassVar[bytes] = b",\n"

    options: SiteJobsOptions

    @property
    def required_roles(self) -> tuple[str, ...]:
        """The sites must have a column, when any is asked for."""
        return ("site",) if self._asked else ()

    @property
    def _asked(self) -> bool:
        return bool(self.options.sites) or self.options.all_sites

    def columns(self, roles: Roles) -> tuple[str, ...]:
        """Return the column of the site, when any is asked for."""
        return (roles.site,) if self._asked else ()

    def static_text(self, context: RunContext) -> list[str]:
        """Return the keys, the columns, the notes on how a site was matched, and the beginning of the file names."""
        names = context.schema.names
        # Of the list in `meta`; a column comes after another, or first.
        columns = [label for name in names for label in (f'["{name}"', f',"{name}"')]
        keys = [*names, *META, *context.text_prefixes, "jobs_at_site", "meta"]
        notes = [f'"match_note":"{EXACT}"', f'"match_note":"{FOLDED}"', f'"match_note":"{UNKNOWN}', f'"{AMBIGUOUS}: ']
        notes += [f" {DIFFER} ", f'"site_column":"{context.roles.site}"', f"\n{PREFIX}"]
        prefixes = [f'"{kind}":"{prefix}"' for kind, prefix in context.text_prefixes.items()]
        return [*(f'"{key}":' for key in keys), *columns, *notes, *prefixes]

    def start(self, context: RunContext) -> Counter[str]:
        """Return that no site has been seen."""
        return Counter()

    def consume(self, state: Counter[str], batch: Batch) -> Counter[str]:
        """Count the jobs of each site."""
        if self._asked:
            names, codes = _sites(batch)
            for name, count in zip(names, np.bincount(codes, minlength=len(names)).tolist(), strict=True):
                if name and count:
                    state[name] += count
        return state

    def merge(self, left: Counter[str], right: Counter[str]) -> Counter[str]:
        """Add up."""
        left.update(right)
        return left

    def finish(self, state: Counter[str], context: RunContext) -> Counter[str]:
        """Return the jobs of each site."""
        return state

    def opening(self, stream: str, context: RunContext) -> bytes:
        """Return the text before the first row."""
        return b'{"jobs_at_site": [\n'

    def output_name(self, stream: str) -> str:
        """Return the name of a site's file, as it is when no other site's name comes too near."""
        return _file_name(distinct_stems([stream])[stream])

    def render(self, batch: Batch) -> Mapping[str, memoryview]:
        """Return the rows of the sites that may be wanted, by site."""
        if not self._asked:
            return {}
        names, codes = _sites(batch)
        wanted = self._wanted(names, batch.context)
        rows = np.flatnonzero(wanted[codes])
        if not len(rows):
            return {}
        by_site = rows[np.argsort(codes[rows], kind="stable")]
        data = batch.take(pa.array(by_site), batch.context.schema.names)
        records = json_rows(data, batch.context.schema, end=self.separator.decode())
        jobs = np.bincount(codes[rows], minlength=len(names))
        ends = np.cumsum(jobs)
        return {
            names[site]: bytes_of(records[ends[site] - jobs[site] : ends[site]])[: -len(self.separator)]
            for site in np.flatnonzero(jobs).tolist()
        }

    def write(self, result: Counter[str], outputs: Outputs, context: RunContext) -> None:
        """Write a file for each site; warn of those that no job ran at."""
        selection = self._selection(result, context)
        # Of spellings that cannot all have the plain name it goes to the one with most jobs: the others are slips.
        names = sorted((selected.name for selected in selection), key=lambda name: (-result[name], name))
        stems = distinct_stems(names)
        for selected in selection:
            self._write(selected, _file_name(stems[selected.name]), result, outputs, context)

    def highlights(self, result: Counter[str], context: RunContext) -> list[tuple[str, str]]:
        """Return how many jobs were listed, or how to get a listing."""
        if not self._asked:
            return [("site listings", "none: name a site with --site NAME, or take --all-sites")]
        selection = self._selection(result, context)
        shown = [f"{printable(selected.name)} ({result[selected.name]} jobs)" for selected in selection[:SHOWN]]
        more = [f"{len(selection) - SHOWN} more"] if len(selection) > SHOWN else []
        return [("site listings", ", ".join(shown + more) or "none: no job has a site")]

    def _wanted(self, names: list[str], context: RunContext) -> Any:
        if self.options.all_sites:
            return np.array([bool(name) for name in names], np.bool_)
        requests = {self._key(name) for name in self._requests(context)}
        return np.array([bool(name) and self._key(name) in requests for name in names], np.bool_)

    def _key(self, name: str) -> str:
        return name.casefold() if self.options.case_insensitive else name

    def _requests(self, context: RunContext) -> list[str]:
        # A handle may be part of a site's name, and the listing knows the garbled names alone.
        garbled = context.garble(pa.array(self.options.sites, pa.string()))
        requests: list[str] = pc.utf8_trim_whitespace(garbled).to_pylist()
        return requests

    def _selection(self, known: Iterable[str], context: RunContext) -> list[_Selected]:
        """Return what is listed, no site twice."""
        names = sorted(known)
        if self.options.all_sites:
            return [_Selected(name, name, EXACT) for name in names]
        selection: dict[str, _Selected] = {}
        for request in self._requests(context):
            selected = self._match(request, names)
            selection.setdefault(selected.name, selected)
        return list(selection.values())

    def _match(self, request: str, names: list[str]) -> _Selected:
        if request in names:
            return _Selected(request, request, EXACT)
        alike = [name for name in names if self._key(name) == self._key(request)]
        if len(alike) > 1:
            listed = ", ".join(map(repr, alike))
            return _Selected(request, alike[0], f"{AMBIGUOUS}: {listed} {DIFFER} {alike[0]!r}")
        if alike:
            return _Selected(request, alike[0], FOLDED)
        return _Selected(request, None, f"{UNKNOWN}{_nearest(request, names)}")

    def _write(
        self, selected: _Selected, file: str, totals: Counter[str], outputs: Outputs, context: RunContext
    ) -> None:
        tail = b'\n],\n"meta": ' + orjson.dumps(self._meta(selected, totals, context)) + b"}\n"
        if selected.site is None or selected.note.startswith(AMBIGUOUS):
            outputs.warn(f"site {selected.requested!r}: {selected.note}")
        if selected.site is not None:
            outputs.publish(selected.site, file, tail)
            return
        outputs.write(file, self.opening(selected.name, context).rstrip() + tail)

    def _meta(self, selected: _Selected, totals: Counter[str], context: RunContext) -> dict[str, Any]:
        prefixes = context.text_prefixes
        return {
            "requested_site": selected.requested,
            "canonical_site": selected.site,
            "is_valid_site": selected.site is not None,
            "match_note": selected.note,
            "site_column": context.roles.site,
            "garbled": context.garbled,
            "total_jobs_at_site": 0 if selected.site is None else totals[selected.site],
            "columns_included": context.schema.names,
            "token_prefixes": {kind: prefixes[kind] for kind in PREFIX_ORDER if kind in prefixes},
        }


def _file_name(stem: str) -> str:
    return f"{PREFIX}{stem}.json"


def _sites(batch: Batch) -> tuple[list[str], Any]:
    """Return the batch's distinct trimmed sites, "" for none, and for each row the position of its own."""
    column = pc.fill_null(as_text(batch.column(batch.context.roles.site)), "")
    raw = column.dictionary_encode()
    names = pc.utf8_trim_whitespace(raw.dictionary).dictionary_encode()
    codes = names.indices.to_numpy()[raw.indices.to_numpy()]
    return names.dictionary.to_pylist(), codes


def _nearest(name: str, known: list[str]) -> str:
    folded = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.casefold(), folded, n=SHOWN, cutoff=0.6)
    return f" (nearest: {', '.join(repr(folded[match]) for match in close)})" if close else ""
