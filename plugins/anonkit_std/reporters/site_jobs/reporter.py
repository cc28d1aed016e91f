"""The reporter of the row records of one site, or of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Batch, Listing, Outputs, Roles, RunContext, printable
from anonkit_std.columns.cell_text import as_text
from anonkit_std.options.reporters import SiteJobsOptions
from anonkit_std.reporters.file_names import distinct_stems
from anonkit_std.reporters.site_jobs.row_formats import ROW_FORMATS, RowFormat
from anonkit_std.reporters.site_jobs.selection import AMBIGUOUS, EXACT, SHOWN, STATIC_NOTES, SelectedSite, match

__all__ = ["SiteJobsListing"]

PREFIX_ORDER = ("user", "experiment", "ip")
PREFIX = "jobs_at_"
INDEX = f"{PREFIX}sites.json"
"""The document on all listings, where their own files have no place for it."""
META = (
    *("requested_site", "canonical_site", "is_valid_site", "match_note", "site_column", "garbled"),
    *("total_jobs_at_site", "columns_included", "token_prefixes"),
)


@attrs.frozen
class SiteJobsListing(Listing[Counter[str], Counter[str]]):
    """Writes `jobs_at_<site>` for the sites asked for. Folds the jobs of every site, by its trimmed name."""

    options: SiteJobsOptions

    @property
    def separator(self) -> bytes:  # type: ignore[override]  # it depends on the format
        """Return the bytes between the rows of two batches."""
        return self._format.separator

    @property
    def _format(self) -> RowFormat:
        return ROW_FORMATS[self.options.format]

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
        keys = [*names, *META, *context.text_prefixes, "jobs_at_site", "meta", "listings", "file"]
        notes = [*STATIC_NOTES, f'"site_column":"{context.roles.site}"', f"\n{PREFIX}", f'"file":"{PREFIX}']
        notes += [f'{self._format.suffix}",', *self._format.static_text(context)]
        prefixes = [f'"{kind}":"{prefix}"' for kind, prefix in context.text_prefixes.items()]
        return [*(f'"{key}":' for key in keys), *columns, *notes, *prefixes]

    def start(self, context: RunContext) -> Counter[str]:
        """Return no jobs."""
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
        return self._format.opening(context)

    def output_name(self, stream: str) -> str | None:
        """Return the name of a site's file, as it is when no other site's name comes too near."""
        return None if self._format.is_read_back else self._file_name(distinct_stems([stream])[stream])

    def render(self, batch: Batch) -> Mapping[str, bytes | memoryview]:
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
        jobs = np.bincount(codes[rows], minlength=len(names))
        ends = np.cumsum(jobs)
        sites = np.flatnonzero(jobs).tolist()
        spans = [(int(ends[site] - jobs[site]), int(ends[site])) for site in sites]
        chunks = self._format.chunks(data, spans, batch.context)
        return dict(zip((names[site] for site in sites), chunks, strict=True))

    def write(self, result: Counter[str], outputs: Outputs, context: RunContext) -> None:
        """Write a file for each site; warn of those that no job ran at."""
        selection = self._selection(result, context)
        # Where several spellings claim one file name, the one with most jobs gets it: the others are slips.
        names = sorted((selected.name for selected in selection), key=lambda name: (-result[name], name))
        stems = distinct_stems(names)
        files = {selected.name: self._file_name(stems[selected.name]) for selected in selection}
        metas = {selected.name: self._meta(selected, result, context) for selected in selection}
        for selected in selection:
            if selected.site is None or selected.note.startswith(AMBIGUOUS):
                outputs.warn(f"site {selected.requested!r}: {selected.note}")
            self._format.write(files[selected.name], selected.site, outputs, context, metas[selected.name])
        if selection and not self._format.holds_meta:
            outputs.write(INDEX, _index({files[name]: meta for name, meta in metas.items()}))

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

    def _selection(self, jobs: Mapping[str, int], context: RunContext) -> list[SelectedSite]:
        """Return what is listed, no site twice."""
        if self.options.all_sites:
            return [SelectedSite(name, name, EXACT) for name in sorted(jobs)]
        selection: dict[str, SelectedSite] = {}
        for request in self._requests(context):
            selected = match(request, jobs, self._key)
            selection.setdefault(selected.name, selected)
        return list(selection.values())

    def _file_name(self, stem: str) -> str:
        return f"{PREFIX}{stem}{self._format.suffix}"

    def _meta(self, selected: SelectedSite, totals: Counter[str], context: RunContext) -> dict[str, Any]:
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


def _index(metas: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return the document on all listings, a line for each."""
    lines = b",\n".join(orjson.dumps({"file": file, **meta}) for file, meta in metas.items())
    return b'{"listings": [\n' + lines + b"\n]}\n"


def _sites(batch: Batch) -> tuple[list[str], Any]:
    """Return the batch's distinct trimmed sites, "" for none, and for each row the position of its own."""
    column = pc.fill_null(as_text(batch.column(batch.context.roles.site)), "")
    raw = column.dictionary_encode()
    names = pc.utf8_trim_whitespace(raw.dictionary).dictionary_encode()
    codes = names.indices.to_numpy()[raw.indices.to_numpy()]
    return names.dictionary.to_pylist(), codes
