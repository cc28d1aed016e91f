"""Finding the identities of one kind in the identity columns and the text of a batch: the fold of pass one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.identities.batch_identities import (
    BatchIdentities,
    combine,
    distinct_pairs,
    identities_in_cells,
    identities_in_mentions,
    identities_of_spellings,
)
from anonkit.identities.kind_survey import NEVER, IdentityFacts, KindSurvey, merge
from anonkit.identities.mentions import KeywordSearch, TextColumn, TextSearch, mentions_at
from anonkit.plugin.contracts import Mentions, Roles, Tokenizer

__all__ = ["IdentityFinder"]


@attrs.frozen
class IdentityFinder:
    """Finds the identities of one kind in raw batches. Picklable."""

    tokenizer: Tokenizer
    roles: Roles
    keywords: KeywordSearch | None
    """The search for the tokenizer's keywords, None when it has none."""
    _searches: dict[str, tuple[TextSearch, ...]] = attrs.field(factory=dict, init=False, eq=False)
    """For the tokenizer's mentions and for its keywords, by column."""

    @classmethod
    def from_tokenizer(cls, tokenizer: Tokenizer, roles: Roles) -> IdentityFinder:
        """Return the finder of the tokenizer's kind."""
        return cls(tokenizer, roles, KeywordSearch.from_tokenizer(tokenizer))

    @property
    def kind(self) -> str:
        """The tokenizer's kind."""
        return self.tokenizer.kind

    def survey(
        self, batch: pa.RecordBatch, columns: Sequence[str], texts: Sequence[TextColumn], first_row: int
    ) -> KindSurvey:
        """Return the survey of a batch; its first row has the global number `first_row`.

        `columns` are the identity columns of this kind, the counted one first; `texts` are the text of the batch.
        """
        found: KindSurvey = {}
        for position, column in enumerate(columns):
            counted = position == 0
            cells = identities_in_cells(self.tokenizer, batch.column(column), null_counts=counted)
            _add(found, cells, first_row, counted=counted)
        affirmed = [self._affirmed(mentions, found) for mentions in self._mentions(texts)]
        _add(found, self._identities(affirmed), first_row, counted=not columns)
        return found

    def mentioned(self, texts: Sequence[TextColumn]) -> BatchIdentities:
        """Return the identities that the text of a batch mentions, without refuted mentions."""
        return self._identities([self._affirmed(mentions, {}) for mentions in self._mentions(texts)])

    def _mentions(self, texts: Sequence[TextColumn]) -> Iterator[Mentions]:
        for text in texts:
            found = map(text.mentions, self._searches_in(text.column))
            yield from (mentions for mentions in found if mentions is not None and len(mentions.rows))

    def _searches_in(self, column: str) -> tuple[TextSearch, ...]:
        if column not in self._searches:
            own = TextSearch.from_tokenizer(self.tokenizer, column, self.roles)
            words = (TextSearch(self.keywords, self.keywords.separators),) if self.keywords else ()
            self._searches[column] = (own, *words)
        return self._searches[column]

    def _affirmed(self, mentions: Mentions, found: KindSurvey) -> Mentions:
        """Return the mentions that are not refuted; add the names of the refuted ones to `found`."""
        if mentions.refuted is None or not pc.any(mentions.refuted).as_py():
            return mentions
        refuted = mentions.refuted.to_numpy(zero_copy_only=False)
        names = mentions.spellings if mentions.identities is None else mentions.identities
        names = names.filter(pa.array(refuted)).unique()
        if mentions.identities is None:
            names = identities_of_spellings(self.tokenizer, names)
        for name in names.to_pylist():
            if name is not None:
                merge(found, {name: IdentityFacts(NEVER, is_tentative=True, is_refuted=True)})
        return mentions_at(mentions, pa.array(np.flatnonzero(~refuted)))

    def _identities(self, affirmed: Sequence[Mentions]) -> BatchIdentities:
        return combine(
            [identities_in_mentions(self.tokenizer, mentions) for mentions in affirmed if len(mentions.rows)]
        )


def _add(survey: KindSurvey, found: BatchIdentities, first_row: int, *, counted: bool) -> None:
    """Add the identities of a batch to a survey; a row counts once for each identity in it."""
    if not found.rows.size:
        return
    width = len(found.identities)
    rows, codes = distinct_pairs(found.rows, found.codes, width)
    counts = np.bincount(codes, minlength=width)
    first = np.full(width, -1, np.int64)
    # Of repeated indices NumPy keeps the last assignment: backwards, that is the first row.
    first[codes[::-1]] = rows[::-1]
    for identity, row, count in zip(found.identities, first.tolist(), counts.tolist(), strict=True):
        if count:
            parents = found.parents.get(identity, frozenset([None]))
            facts = IdentityFacts(
                first_row + row,
                count if counted else 0,
                set(found.spellings.get(identity, ())),
                identity in found.tentative,
                is_in_cells=found.are_cells,
                parents={parent for parent in parents if parent is not None},
                has_parents_alone=None not in parents,
            )
            merge(survey, {identity: facts})
