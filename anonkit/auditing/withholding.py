"""Withholding: values of jobs in which the audit's search finds an identity are replaced before they are reported."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.nested import holds_text, map_leaves
from anonkit.arrow.segments import merge_segments
from anonkit.auditing.exclusions import Labels
from anonkit.auditing.searching import Search, Window
from anonkit.auditing.streams import CHUNK_BYTES
from anonkit.printable import printable
from anonkit.withheld import WITHHELD, WithheldCells

__all__ = ["Withholder"]

# It is not part of a word and does not split a name, so no finding reaches from one text into the next.
_BETWEEN = b"\0"


@attrs.frozen
class Withholder:
    """Replaces values of anonymized batches in which the audit's search finds an identity. Picklable."""

    search: Search
    window_bytes: int = CHUNK_BYTES

    def __call__(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, WithheldCells]:
        """Return the batch with `WITHHELD` for such values, text no longer in segments, and the number of them."""
        cells: Counter[tuple[str, str]] = Counter()
        columns = {
            name: self._column(merge_segments(column), name, cells)
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
        fields = [batch.schema.field(name).with_type(column.type) for name, column in columns.items()]
        return pa.RecordBatch.from_arrays(list(columns.values()), schema=pa.schema(fields)), cells

    def _column(self, column: pa.Array, name: str, cells: Counter[tuple[str, str]]) -> pa.Array:
        if not holds_text(column.type):
            return column

        def withheld(leaf: pa.Array) -> pa.Array:
            return self._leaf(leaf, name, cells) if holds_text(leaf.type) else leaf

        return map_leaves(column, withheld)

    def _leaf(self, texts: pa.Array, column: str, cells: Counter[tuple[str, str]]) -> pa.Array:
        encoded = texts.dictionary_encode() if not pa.types.is_dictionary(texts.type) else texts
        tokens = self._tokens(encoded.dictionary)
        found = pc.is_valid(tokens)
        if not pc.any(found).as_py():
            return texts
        counts = pc.value_counts(tokens.take(encoded.indices).drop_null())
        cells.update({(column, count["values"]): count["counts"] for count in counts.to_pylist()})
        values = pc.if_else(found, pa.scalar(WITHHELD, encoded.dictionary.type), encoded.dictionary)
        return values.take(encoded.indices).cast(texts.type)

    def _tokens(self, distinct: pa.Array) -> pa.Array:
        """Return for each distinct text the token of the first identity found in it, null for none."""
        tokens: list[str | None] = [None] * len(distinct)
        left = list(enumerate(distinct.to_pylist()))
        # A search returns some of many findings in one window, so the other texts are searched again.
        while self._enter(tokens, left):
            left = [(place, text) for place, text in left if tokens[place] is None]
        return pa.array(tokens, pa.string())

    def _enter(self, tokens: list[str | None], texts: Sequence[tuple[int, str | None]]) -> bool:
        """Set the tokens of the identities that a search finds in numbered texts; return whether it finds any."""
        found = False
        for places, data in self._windows(texts):
            starts = np.array([start for start, _ in places], np.int64)
            for hit in self.search(Window(data, 0, 0, len(data)), Labels()):
                place = places[int(np.searchsorted(starts, hit.offset, side="right")) - 1][1]
                tokens[place] = tokens[place] or self.search.patterns[hit.pattern].token
                found = True
        return found

    def _windows(self, texts: Sequence[tuple[int, str | None]]) -> Iterator[tuple[Sequence[tuple[int, int]], bytes]]:
        """Yield texts in all their renderings as one buffer, with (start in the buffer, position of the text) of each.

        A loop over distinct values: it runs only after a finding of the audit, and takes less time than the audit.
        """
        places: list[tuple[int, int]] = []
        data = bytearray(_BETWEEN)
        for place, text in texts:
            for rendering in _renderings(text or ""):
                places.append((len(data), place))
                data += rendering.encode() + _BETWEEN
            if len(data) >= self.window_bytes:
                yield places, bytes(data)
                places, data = [], bytearray(_BETWEEN)
        if places:
            yield places, bytes(data)


def _renderings(text: str) -> Iterator[str]:
    """Yield a text as it is, as JSON writes it, and as the text report does, each once."""
    yield from dict.fromkeys((text, json.dumps(text, ensure_ascii=False)[1:-1], printable(text)))
