"""Who is mentioned in the text of a batch: keywords, and what tokenizers find.

A column's text is looked through several times, for each tokenizer and for keywords. It is cut into segments once, and
each distinct segment is looked at once (`Segments`), as far as mentions cannot stand across a cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from ahocorasick_rs import BytesAhoCorasick, MatchKind

from anonkit.arrow.nested import leaves_in_rows
from anonkit.arrow.offsets import Flags, value_ends
from anonkit.arrow.segments import Segments
from anonkit.plugin.contracts import Mentions, Roles, Tokenizer
from anonkit.text.search import SLICE_BYTES, Search, slices
from anonkit.text.segmentation import PROBE, SEPARATORS, segment_text, separators_for
from anonkit.text.spellings import Literal, Literals

__all__ = [
    "KeywordSearch",
    "TextCache",
    "TextColumn",
    "concat_mentions",
    "mention_separators",
    "mentions_at",
    "text_columns",
]

_IN_WORDS: Flags = np.isin(
    np.arange(256), np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", np.uint8)
)

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

    def mentions(self, find: Find, separators: bytes | None, whole_texts: Sequence[str] = ()) -> Mentions | None:
        """Return what `find` finds, by rows of the batch; it may look at segments cut behind separators, but for None.

        It sees texts whole that hold one of the marks `whole_texts` in a segment. None when it has no say.
        """
        segments = None if separators is None else self._segments(separators)
        if segments is None:
            return _moved(find(self.array), self.rows)
        apart = _holding(segments.distinct, tuple(whole_texts))
        if not apart.any():
            return self._in_segments(find, segments)
        whole = np.flatnonzero(segments.contains_any(apart))
        others = np.ones(len(segments), np.bool_)
        others[whole] = False
        found = [
            self._in_segments(find, segments.empty_except(others).drop_unused()),
            _moved(find(self.array.take(pa.array(whole))), self.rows[whole]),
        ]
        said = [one for one in found if one is not None]
        return concat_mentions(said) if said else None

    def _in_segments(self, find: Find, segments: Segments) -> Mentions | None:
        said = find(segments.distinct)
        if said is None or not len(said.rows):
            return said
        held = said.rows.to_numpy()
        order = np.argsort(held, kind="stable")
        texts, which = segments.locate(held[order])
        # Under a null there may be bytes, which are nobody's.
        visible = self.array.is_valid().to_numpy(zero_copy_only=False)[texts]
        found = mentions_at(said, pa.array(order[which[visible]]))
        return attrs.evolve(found, rows=pa.array(self.rows[texts[visible]]))

    def segmented(self) -> pa.Array:
        """Return the text as lists of its segments, if these repeat themselves, or as it is."""
        segments = self._segments(SEPARATORS)
        return self.array if segments is None else segments.to_lists(self.array)

    def _segments(self, separators: bytes) -> Segments | None:
        if separators not in self._known:
            self._known[separators] = segment_text(self.array, separators, probe=self.probe)
        return self._known[separators]


def _holding(texts: pa.Array, marks: tuple[str, ...]) -> Flags:
    """Return which texts (string, no nulls) hold one of the marks, with no letter, digit or underscore before it."""
    holding = np.zeros(len(texts), np.bool_)
    ends = value_ends(texts)
    if marks and ends[-1] > ends[0]:
        data = np.frombuffer(texts.buffers()[2], np.uint8)[ends[0] : ends[-1]]
        found = _automaton(marks).find_matches_as_indexes(data.data)
        starts = np.fromiter((start for _, start, _ in found), np.int64, count=len(found))
        rows = np.searchsorted(ends - ends[0], starts, side="right") - 1
        begin = (starts == ends[rows] - ends[0]) | ~_IN_WORDS[data[starts - 1]]
        holding[rows[begin]] = True
    return holding


@lru_cache(maxsize=8)
def _automaton(marks: tuple[str, ...]) -> BytesAhoCorasick:
    return BytesAhoCorasick([mark.encode() for mark in marks], matchkind=MatchKind.LeftmostLongest)


def _moved(said: Mentions | None, rows: Rows) -> Mentions | None:
    """Return the mentions by rows of the batch: `rows` has the row of each text."""
    return None if said is None else attrs.evolve(said, rows=pa.array(rows[said.rows.to_numpy()]))


def mentions_at(said: Mentions, which: pa.Array) -> Mentions:
    """Return the mentions at some positions."""
    parts = {name: part.take(which) for name, part in _parts(said) if part is not None}
    return attrs.evolve(said, **parts)


def concat_mentions(said: Sequence[Mentions]) -> Mentions:
    """Return the mentions of several, one at least, that all have the same parts."""
    first = said[0]
    parts = {name for one in said for name, part in _parts(one) if part is not None}
    columns = {name: [_filled(one, name) for one in said if len(one.rows)] for name in parts}
    return attrs.evolve(first, **{name: pa.concat_arrays(arrays) for name, arrays in columns.items() if arrays})


def _parts(said: Mentions) -> Iterator[tuple[str, pa.Array | None]]:
    for field in attrs.fields(Mentions):
        yield field.name, getattr(said, field.name)


def _filled(said: Mentions, name: str) -> pa.Array:
    """Return a part of mentions, for one that they lack what it means that it is not there."""
    part = getattr(said, name)
    if part is not None:
        return part
    if name == "parents":
        return pa.nulls(len(said.rows), pa.string())
    return pa.array(np.zeros(len(said.rows), np.bool_))


def text_columns(columns: Iterable[tuple[str, pa.Array]], *, probe: int = PROBE) -> list[TextColumn]:
    """Return all text in some columns of a batch, also that inside lists, structs and maps.

    Text in a struct or a map is ``NAME=value``: such a column may be an environment.
    """
    return [
        TextColumn(column, array, rows, probe)
        for column, values in columns
        for array, rows in _named_leaves(values)
        if pa.types.is_string(array.type)
    ]


@attrs.define(eq=False)
class TextCache:
    """The text of a batch by column, which is cut into segments once for all that look through it."""

    batch: pa.RecordBatch
    _known: dict[str, list[TextColumn]] = attrs.field(factory=dict, init=False)

    def __call__(self, column: str) -> list[TextColumn]:
        """Return the text of a column; see `text_columns`."""
        if column not in self._known:
            self._known[column] = text_columns([(column, self.batch.column(column))])
        return self._known[column]


def _named_leaves(values: pa.Array) -> Iterator[tuple[pa.Array, Rows]]:
    type_ = values.type
    if pa.types.is_map(type_) and _are_strings(type_.key_type, type_.item_type):
        pairs = values.cast(pa.list_(pa.struct([("key", pa.string()), ("value", pa.string())])))
        keys, items = pc.list_flatten(pairs).flatten()
        entries = pc.binary_join_element_wise(keys, pc.fill_null(items, ""), "=")
        yield entries, pc.list_parent_indices(pairs).to_numpy()
    elif pa.types.is_struct(type_):
        for field, child in zip(type_, values.flatten(), strict=True):
            if pa.types.is_string(field.type):
                yield pc.binary_join_element_wise(field.name, child, "="), np.arange(len(values))
            else:
                yield from leaves_in_rows(child)
    else:
        yield from leaves_in_rows(values)


def _are_strings(*types: pa.DataType) -> bool:
    return all(map(pa.types.is_string, types))


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
            Literal(word, tokenizer.boundary(word), word, places=tuple(tokenizer.places()))
            for word in tokenizer.keywords()
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
