"""Counting the weak names that a run leaves in text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anonkit.arrow.nested import leaves_in_rows
from anonkit.arrow.offsets import Bytes, Flags, Positions, value_ends
from anonkit.arrow.segments import Segments, is_segmented
from anonkit.errors import some
from anonkit.plugin.contracts import Boundary
from anonkit.text.search import Search, slices
from anonkit.text.spellings import Literals

__all__ = ["WeakWords", "describe_weak"]

_SHOWN = 10
Counts = npt.NDArray[np.int64]


@attrs.frozen
class WeakWords:
    """Counts the words in anonymized text that are weak names."""

    search: Search | None
    """None when no name is weak."""

    @classmethod
    def from_literals(cls, literals: Literals) -> WeakWords:
        """Return the search for the weak names among the literals."""
        weak = [place for place, rule in enumerate(literals.rules) if rule is Boundary.NAMED]
        if not weak:
            return cls(None)
        patterns = tuple(literals.patterns[place] for place in weak)
        tokens = tuple(literals.tokens[place] for place in weak)
        return cls(Search(Literals(patterns, (Boundary.WORD,) * len(weak), tokens)))

    def __call__(self, columns: Iterable[pa.Array]) -> Mapping[str, int]:
        """Return the number of such words in columns of text, segmented or not, by token."""
        left: Counter[str] = Counter()
        if self.search is None:
            return left
        for column in columns:
            for text, repeats in _texts(column):
                self._count(self.search, text, repeats, left)
        return left

    def _count(self, search: Search, text: pa.Array, repeats: Counts, left: Counter[str]) -> None:
        first = 0
        for part in slices(text):
            ends = value_ends(part)
            start, size = int(ends[0]), int(ends[-1] - ends[0])
            if size:
                data = part.buffers()[2].slice(start, size)
                found = search(data, ends - start)
                found = found[~_in_tokens(np.frombuffer(data, np.uint8), found.starts)]
                rows = first + np.searchsorted(ends - start, found.starts, side="right") - 1
                counts = np.bincount(found.which, repeats[rows], len(search.literals.tokens)).astype(np.int64)
                for token, count in zip(search.literals.tokens, counts.tolist(), strict=True):
                    left[token] += count
            first += len(part)


def _in_tokens(data: Bytes, starts: Positions) -> Flags:
    """Return which words are numbers after an underscore: the words of tokens such as ``UR_1``."""
    in_tokens: Flags = (starts > 0) & (data[starts - 1] == ord("_")) & (data[starts] - np.uint8(ord("0")) < 10)
    return in_tokens


def _texts(column: pa.Array) -> Iterable[tuple[pa.Array, Counts]]:
    """Yield the distinct texts in a column, and the number of cells that hold each."""
    if is_segmented(column.type):
        segments = Segments.from_lists(column)
        yield segments.distinct, np.bincount(segments.codes, minlength=len(segments.distinct))
        return
    for leaf, _ in leaves_in_rows(column):
        if pa.types.is_string(leaf.type):
            encoded = leaf.drop_null().dictionary_encode()
            codes = encoded.indices.to_numpy().astype(np.int64)
            yield encoded.dictionary, np.bincount(codes, minlength=len(encoded.dictionary))


def describe_weak(left: Mapping[str, int]) -> str:
    """Return the warning about weak names left in text: their tokens, most frequent first."""
    most = sorted(left, key=lambda token: (-left[token], token))
    shown = some([f"{token} ({left[token]:,})" for token in most], _SHOWN)
    return (
        "names that are words of job records, numbers or very short were replaced only where text names somebody; "
        f"tokens, and how often the word was left: {shown}; the anonymizer's option `strong` replaces "
        "such a name everywhere"
    )
