"""The mentions of identities in the text of a batch: those that tokenizers find, and keywords.

Each tokenizer searches the text of a column, and the keywords are searched for as well. The text is cut into segments
once, and each distinct segment is searched once (`Segments`), unless a mention may extend across a cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial

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
    "TextSearch",
    "concat_mentions",
    "mentions_at",
    "text_columns",
]

_IN_WORDS: Flags = np.isin(
    np.arange(256), np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", np.uint8)
)

Rows = npt.NDArray[np.int64]


@attrs.frozen
class TextSearch:
    """The search for mentions in the text of a column, and the text that it needs."""

    find: Callable[[pa.Array], Mentions | None]
    """Returns the mentions in a string array, None when it does not search such text."""
    separators: bytes | None
    """The bytes after which the text may be cut into segments; None for uncut text."""
    whole_texts: tuple[str, ...] = ()
    """Marks of texts that are uncut all the same."""

    @classmethod
    def from_tokenizer(cls, tokenizer: Tokenizer, column: str, roles: Roles) -> TextSearch:
        """Return the search for a tokenizer's mentions in a column."""
        return cls(
            partial(tokenizer.mentions, column=column, roles=roles),
            SEPARATORS if tokenizer.mentions_are_words(column, roles) else None,
            tuple(tokenizer.whole_texts(column, roles)),
        )


@attrs.define(eq=False)
class TextColumn:
    """Texts of one column of a batch, which are cut into segments on first use."""

    column: str
    array: pa.Array
    """string, may hold nulls."""
    rows: Rows
    """The row of each text in the batch."""
    probe: int = PROBE
    """The `probe` of `segment_text`."""
    _cache: dict[bytes, Segments | None] = attrs.field(factory=dict, init=False)

    def mentions(self, search: TextSearch) -> Mentions | None:
        """Return the mentions that `search` finds, with rows of the batch; None when it does not search this text.

        It gets segments if the text may be cut for it and repeats itself, and whole texts where it needs these.
        """
        segments = None if search.separators is None else self._segments(search.separators)
        if segments is None:
            return _in_batch_rows(search.find(self.array), self.rows)
        marked = _with_mark(segments.distinct, search.whole_texts)
        if not marked.any():
            return self._in_segments(search, segments)
        uncut = np.flatnonzero(segments.contains_any(marked))
        cut = np.ones(len(segments), np.bool_)
        cut[uncut] = False
        parts = [
            self._in_segments(search, segments.empty_except(cut).drop_unused()),
            _in_batch_rows(search.find(self.array.take(pa.array(uncut))), self.rows[uncut]),
        ]
        found = [part for part in parts if part is not None]
        return concat_mentions(found) if found else None

    def _in_segments(self, search: TextSearch, segments: Segments) -> Mentions | None:
        found = search.find(segments.distinct)
        if found is None or not len(found.rows):
            return found
        segment = found.rows.to_numpy()
        order = np.argsort(segment, kind="stable")
        texts, which = segments.locate(segment[order])
        # A null may have bytes in the buffer, which are not text of the column.
        visible = self.array.is_valid().to_numpy(zero_copy_only=False)[texts]
        mentions = mentions_at(found, pa.array(order[which[visible]]))
        return attrs.evolve(mentions, rows=pa.array(self.rows[texts[visible]]))

    def segmented(self) -> pa.Array:
        """Return the texts as lists of their segments if segments repeat, else the texts unchanged."""
        segments = self._segments(SEPARATORS)
        return self.array if segments is None else segments.to_lists(self.array)

    def _segments(self, separators: bytes) -> Segments | None:
        if separators not in self._cache:
            self._cache[separators] = segment_text(self.array, separators, probe=self.probe)
        return self._cache[separators]


def _with_mark(texts: pa.Array, marks: tuple[str, ...]) -> Flags:
    """Return which texts (string, no nulls) hold one of the marks, with no letter, digit or underscore before it."""
    marked = np.zeros(len(texts), np.bool_)
    ends = value_ends(texts)
    if marks and ends[-1] > ends[0]:
        data = np.frombuffer(texts.buffers()[2], np.uint8)[ends[0] : ends[-1]]
        found = _automaton(marks).find_matches_as_indexes(data.data)
        starts = np.fromiter((start for _, start, _ in found), np.int64, count=len(found))
        rows = np.searchsorted(ends - ends[0], starts, side="right") - 1
        begin = (starts == ends[rows] - ends[0]) | ~_IN_WORDS[data[starts - 1]]
        marked[rows[begin]] = True
    return marked


@lru_cache(maxsize=8)
def _automaton(marks: tuple[str, ...]) -> BytesAhoCorasick:
    return BytesAhoCorasick([mark.encode() for mark in marks], matchkind=MatchKind.LeftmostLongest)


def _in_batch_rows(mentions: Mentions | None, rows: Rows) -> Mentions | None:
    """Return mentions in texts as mentions in the batch: text `i` is in row `rows[i]`."""
    return None if mentions is None else attrs.evolve(mentions, rows=pa.array(rows[mentions.rows.to_numpy()]))


def mentions_at(mentions: Mentions, positions: pa.Array) -> Mentions:
    """Return the mentions at some positions."""
    arrays = {name: array.take(positions) for name, array in _arrays(mentions) if array is not None}
    return attrs.evolve(mentions, **arrays)


def concat_mentions(parts: Sequence[Mentions]) -> Mentions:
    """Return the mentions of all parts, of which there is at least one; an array that a part lacks is filled in."""
    names = {name for part in parts for name, array in _arrays(part) if array is not None}
    columns = {name: [_array_or_default(part, name) for part in parts if len(part.rows)] for name in names}
    return attrs.evolve(parts[0], **{name: pa.concat_arrays(arrays) for name, arrays in columns.items() if arrays})


def _arrays(mentions: Mentions) -> Iterator[tuple[str, pa.Array | None]]:
    for field in attrs.fields(Mentions):
        yield field.name, getattr(mentions, field.name)


def _array_or_default(mentions: Mentions, name: str) -> pa.Array:
    """Return an array of the mentions; when they lack it, one of nulls (`parents`) or of False."""
    array = getattr(mentions, name)
    if array is not None:
        return array
    if name == "parents":
        return pa.nulls(len(mentions.rows), pa.string())
    return pa.array(np.zeros(len(mentions.rows), np.bool_))


def text_columns(columns: Iterable[tuple[str, pa.Array]], *, probe: int = PROBE) -> list[TextColumn]:
    """Return the text in some columns of a batch, including text inside lists, structs and maps.

    A string in a struct or a map becomes ``NAME=value``, because such a column may be an environment.
    """
    return [
        TextColumn(column, array, rows, probe)
        for column, values in columns
        for array, rows in _named_leaves(values)
        if pa.types.is_string(array.type)
    ]


@attrs.define(eq=False)
class TextCache:
    """The text of a batch by column, cut into segments once for all tokenizers that search it."""

    batch: pa.RecordBatch
    _cache: dict[str, list[TextColumn]] = attrs.field(factory=dict, init=False)

    def __call__(self, column: str) -> list[TextColumn]:
        """Return the text of a column; see `text_columns`."""
        if column not in self._cache:
            self._cache[column] = text_columns([(column, self.batch.column(column))])
        return self._cache[column]


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
    """The search for a tokenizer's keywords in text."""

    search: Search
    keywords: tuple[str, ...]
    separators: bytes
    """The bytes after which text may be cut without cutting a keyword."""
    slice_bytes: int = SLICE_BYTES
    """Bytes that are searched at a time."""

    @classmethod
    def from_tokenizer(cls, tokenizer: Tokenizer) -> KeywordSearch | None:
        """Return the search for the tokenizer's keywords, None when it has none."""
        literals = Literals.from_literals(
            Literal(word, tokenizer.boundary(word), word, places=tuple(tokenizer.places()))
            for word in tokenizer.keywords()
        )
        return cls(Search(literals), literals.tokens, separators_for(literals.patterns)) if len(literals) else None

    def __call__(self, text: pa.Array) -> Mentions:
        """Return the mentions of keywords in a string array."""
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
        # A null may have bytes in the buffer, which are not text of the column.
        visible = text.is_valid().to_numpy(zero_copy_only=False)[np.concatenate(rows)]
        words = pa.array(self.keywords, pa.string()).take(pa.array(np.concatenate(which)[visible]))
        return Mentions(pa.array(np.concatenate(rows)[visible]), words)
