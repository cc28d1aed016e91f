"""Who is mentioned in the text of a batch: keywords, and what tokenizers find.

A column's text is looked through several times, for each tokenizer and for keywords. It is cut into segments once, and
each distinct segment is looked at once (`Segments`), as far as mentions cannot stand across a cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anonkit.arrow.nested import leaves_in_rows
from anonkit.arrow.offsets import value_ends
from anonkit.arrow.segments import Segments
from anonkit.plugin.contracts import Mentions, Roles, Tokenizer
from anonkit.text.search import SLICE_BYTES, Search, slices
from anonkit.text.segmentation import PROBE, SEPARATORS, segment_text, separators_for
from anonkit.text.spellings import Literal, Literals

__all__ = ["KeywordSearch", "TextColumn", "mention_separators", "text_columns"]

Rows = npt.NDArray[np.int64]
Find = Callable[[pa.Array], Mentions | None]


def mention_separators(tokenizer: Tokenizer, column: str, roles: Roles) -> bytes | None:
    """Return where a column's text may be cut for the tokenizer's `mentions`; None when it must see it whole."""
    return SEPARATORS if tokenizer.mentions_are_words(column, roles) else None


@attrs.define(eq=False)
class TextColumn:
    """Some text of a batch, and its segments once they are needed."""

    column: str
    array: pa.Array
    """string, may hold nulls."""
    rows: Rows
    """For each text, its row in the batch."""
    probe: int = PROBE
    """For `segment_text`."""
    _known: dict[bytes, Segments | None] = attrs.field(factory=dict, init=False)

    def mentions(self, find: Find, separators: bytes | None) -> Mentions | None:
        """Return what `find` finds, by rows of the batch; it may look at segments cut behind separators, but for None.

        None when it has no say.
        """
        segments = None if separators is None else self._segments(separators)
        said = find(self.array if segments is None else segments.distinct)
        if said is None or not len(said.rows):
            return said
        held = said.rows.to_numpy()
        if segments is None:
            return attrs.evolve(said, rows=pa.array(self.rows[held]))
        order = np.argsort(held, kind="stable")
        texts, which = segments.locate(held[order])
        # Under a null there may be bytes, which are nobody's.
        visible = self.array.is_valid().to_numpy(zero_copy_only=False)[texts]
        return _taken(said, pa.array(order[which[visible]]), pa.array(self.rows[texts[visible]]))

    def segmented(self) -> pa.Array:
        """Return the text as lists of its segments, if these repeat themselves, or as it is."""
        segments = self._segments(SEPARATORS)
        return self.array if segments is None else segments.to_lists(self.array)

    def _segments(self, separators: bytes) -> Segments | None:
        if separators not in self._known:
            self._known[separators] = segment_text(self.array, separators, probe=self.probe)
        return self._known[separators]


def _taken(said: Mentions, which: pa.Array, rows: pa.Array) -> Mentions:
    """Return some of the mentions, in other rows."""
    return Mentions(
        rows,
        said.spellings.take(which),
        None if said.identities is None else said.identities.take(which),
        None if said.tentative is None else said.tentative.take(which),
    )


def text_columns(columns: Iterable[tuple[str, pa.Array]], *, probe: int = PROBE) -> list[TextColumn]:
    """Return all text in some columns of a batch, also that inside lists, structs and maps."""
    return [
        TextColumn(column, array, rows, probe)
        for column, values in columns
        for array, rows in leaves_in_rows(values)
        if pa.types.is_string(array.type)
    ]


@attrs.frozen
class KeywordSearch:
    """Looks for a tokenizer's keywords in text."""

    search: Search
    keywords: tuple[str, ...]
    separators: bytes
    """The separators at which text may be cut for it."""
    slice_bytes: int = SLICE_BYTES
    """For `slices`."""

    @classmethod
    def from_tokenizer(cls, tokenizer: Tokenizer) -> KeywordSearch | None:
        """Return the search for the tokenizer's keywords, None when it has none."""
        literals = Literals.from_literals(
            Literal(word, tokenizer.boundary(word), word) for word in tokenizer.keywords()
        )
        return cls(Search(literals), literals.tokens, separators_for(literals.patterns)) if len(literals) else None

    def __call__(self, text: pa.Array) -> Mentions:
        """Return the keywords that a string array holds."""
        rows: list[Rows] = [np.zeros(0, np.int64)]
        which: list[Rows] = [np.zeros(0, np.int64)]
        first = 0
        for part in slices(text, self.slice_bytes):
            ends = value_ends(part)
            if ends[-1] > ends[0]:
                start = int(ends[0])
                data = part.buffers()[2].slice(start, int(ends[-1]) - start)
                found = self.search(data, ends - start)
                rows.append(first + np.searchsorted(ends - start, found.starts, side="right") - 1)
                which.append(found.which)
            first += len(part)
        # Under a null there may be bytes, which are nobody's.
        visible = text.is_valid().to_numpy(zero_copy_only=False)[np.concatenate(rows)]
        words = pa.array(self.keywords, pa.string()).take(pa.array(np.concatenate(which)[visible]))
        return Mentions(pa.array(np.concatenate(rows)[visible]), words)
