"""The variables of a batch's environments, as one column of `NAME=value`.

Nearly every environment is in one of HTCondor's own forms, V2 and V1, without control characters. These are split by
kernels over the whole column: as V2, and as V1 where the text may be either. The others are parsed one at a time.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Positions, ranges, totals, value_ends
from anonkit.arrow.segments import Segments
from anonkit.arrow.strings import bytes_in_rows, cut_after, heads, matching, places_of, rows_of
from anonkit_std.environment.forms import parse_environment
from anonkit_std.environment.quotes import outside, unquoted
from anonkit_std.reporters.text_report.plain_text import Garble, escape_column

__all__ = ["NONE", "Variables"]

NONE = "(none)"
"""The text that represents an environment without variables."""

# A bar and a name with its equals sign. Bars separate variables (V1 of Windows) only in text that matches.
_AFTER_BAR = r"\|[A-Za-z_][A-Za-z0-9_.]*="

# The bits of `_Signs`: the segment holds a single quote, an odd number of them, a semicolon, or ends with a blank.
QUOTE, ODD_QUOTES, SEMICOLON, BLANK_LAST = 1, 2, 4, 8

Rows = npt.NDArray[np.bool_]


@attrs.frozen(eq=False)
class Variables:
    """The variables of some rows.

    Jobs of one submission share nearly all of their variables, so each distinct text is stored and worked on once.
    """

    segments: Segments
    """Each variable as ``NAME=value``, escaped. Text in no known form is one variable without a name; so is `NONE`."""
    names: Positions
    """For each distinct text, the length of its name in bytes; -1 when it has no name."""

    @classmethod
    def from_segments(cls, environments: Segments, garble: Garble) -> Variables:
        """Return the variables of each row, sorted by name without regard to case; at least one for each row.

        The forms and the choice between them are those of `parse_environment`. Text whose quotes or escapes were undone
        goes through `garble`, since undoing them may reveal an identity. Segments that were cut after the separators of
        variables cost least.
        """
        signs = _Signs.from_segments(environments)
        quoted, even = signs.having(QUOTE), signs.even()
        v2 = cls._v2(environments, signs, even)
        simple = ~v2.segments.contains_any(bytes_in_rows(v2.texts, lambda data: data < ord(" ")) > 0)
        simple &= ~environments.contains_any(matching(environments.distinct, _AFTER_BAR, "|"))
        v2_sizes = v2._sizes() * (simple & even & v2._well_named())
        v1 = cls._v1(environments, simple & ~quoted & signs.having(SEMICOLON))
        in_v1 = v1._sizes() > v2_sizes
        in_v2 = ~in_v1 & (v2_sizes > 0)
        parsed = cls._parsed(environments, ~(in_v1 | in_v2), garble)
        return cls._coalesced([v2._in(in_v2)._shown(garble), v1._in(in_v1)._shown(garble), *parsed])._in_order()

    @property
    def texts(self) -> pa.Array:
        """The distinct texts (string)."""
        return self.segments.distinct

    @classmethod
    def _v2(cls, environments: Segments, signs: _Signs, even: Rows) -> Variables:
        """Return the variables of environments read as V2, with their quotes.

        The result of a row whose number of quotes is not `even` is arbitrary.
        """
        goes_on = signs.lack(BLANK_LAST) | signs.in_quotes(even)
        runs = environments.merge_adjacent(np.flatnonzero(goes_on))
        places = places_of(runs.distinct, "'")
        owners = rows_of(runs.distinct, places)
        balanced = np.bincount(owners, minlength=len(runs.distinct)) % 2 == 0
        return cls._cut(runs, outside(places_of(runs.distinct, " "), places[balanced[owners]]), " ")

    @classmethod
    def _v1(cls, environments: Segments, rows: Rows) -> Variables:
        """Return the variables of the given rows, read as V1; no variables for a row that is not V1."""
        chosen = environments.empty_except(rows).drop_unused()
        runs = chosen.merge_adjacent(np.flatnonzero(~_ends_with(chosen.distinct, ";")[chosen.codes]))
        found = cls._cut(runs, places_of(runs.distinct, ";"), ";")
        return found._in(found._well_named())

    @classmethod
    def _cut(cls, runs: Segments, places: Positions, separator: str) -> Variables:
        """Return the variables between separators, not escaped yet; empty ones are left out.

        `places` are the positions of the separators in the bytes of the distinct segments. A segment of `runs` ends
        with a separator, unless it is the last of its row.
        """
        parts, owners = cut_after(runs.distinct, places)
        encoded = parts.dictionary_encode()
        texts = pc.ascii_ltrim(pc.ascii_rtrim(encoded.dictionary, separator), " ")
        which = encoded.indices.to_numpy().astype(np.int64)
        filled = (np.diff(value_ends(texts)) > 0)[which]
        ends = totals(np.bincount(owners[filled], minlength=len(runs.distinct)))
        return cls._named(runs.subdivide(Segments(texts, which[filled], ends)))

    @classmethod
    def _parsed(cls, environments: Segments, rows: Rows, garble: Garble) -> tuple[Variables, Variables]:
        """Return the variables of the given rows, parsed one at a time, and a text for each of them without variables.

        The text is the environment itself when it is in no known form, and `NONE` when it is empty. Both results cover
        every row of the batch; rows that were not given have nothing in them.
        """
        texts: list[str] = []
        owners: list[int] = []
        others: dict[int, str] = {}
        places = np.flatnonzero(rows)
        for row, text in zip(places.tolist(), environments.take(places).to_strings().to_pylist(), strict=True):
            variables = parse_environment(text) if text else []
            if variables:
                # Name and value are garbled as one text, because a handle may hold an equals sign.
                texts += [f"{name}={value}" for name, value in variables]
                owners += [row] * len(variables)
            else:
                others[row] = text if variables is None else NONE
        named = _in_rows(escape_column(garble(pa.array(texts, pa.string()))), owners, len(rows))
        unnamed = _in_rows(escape_column(pa.array(others.values(), pa.string())), list(others), len(rows))
        return cls._named(named), cls(unnamed, np.full(len(others), -1))

    @classmethod
    def _named(cls, segments: Segments) -> Variables:
        """Return the segments as variables: the name of each ends before its first equals sign."""
        return cls(segments, pc.find_substring(segments.distinct, "=").to_numpy().astype(np.int64))

    @classmethod
    def _coalesced(cls, parts: Sequence[Variables]) -> Variables:
        """Return, for each row, the variables from the only part that has any for it."""
        return cls(Segments.coalesce([part.segments for part in parts]), np.concatenate([part.names for part in parts]))

    def _in(self, rows: Rows) -> Variables:
        """Return the variables of the given rows; no variables for the others."""
        return self._named(self.segments.empty_except(rows).drop_unused())

    def _shown(self, garble: Garble) -> Variables:
        """Return the variables as they are written to a report: quotes undone and garbled again, then escaped."""
        texts, quoted = self.texts, pc.match_substring(self.texts, "'")
        if pc.any(quoted).as_py():
            texts = pc.replace_with_mask(texts, quoted, garble(unquoted(texts.filter(quoted))))
        return self._named(attrs.evolve(self.segments, distinct=escape_column(texts)))

    def _distinct_names(self) -> tuple[pa.Array, Positions]:
        """Return the distinct names (string), and for each distinct text the position of its name among them."""
        names = heads(self.texts, np.maximum(self.names, 0)).dictionary_encode()
        return names.dictionary, names.indices.to_numpy().astype(np.int64)

    def _sizes(self) -> Positions:
        """Return the number of variables of each row."""
        return np.diff(self.segments.ends)

    def _well_named(self) -> Rows:
        """Return the rows in which every variable has a valid name; a row without variables is among them.

        A name with quotes is not valid here: the parser, which undoes quotes, then reads the row. It reads JSON for the
        same reason, since JSON has quotes before each equals sign.
        """
        names, which = self._distinct_names()
        good = _flags(pc.match_substring_regex(names, """^[^ ;'"]+$"""))
        return ~self.segments.contains_any(~good[which])

    def _in_order(self) -> Variables:
        """Return the same variables, sorted by name within each row, without regard to case."""
        names, which = self._distinct_names()
        folded = [name.casefold() for name in names.to_pylist()]
        ranks = {name: rank for rank, name in enumerate(sorted(set(folded)))}
        rank_of = np.array([ranks[name] for name in folded], np.int32)[which]
        order = _sorted_in_rows(rank_of[self.segments.codes], self._sizes())
        return attrs.evolve(self, segments=attrs.evolve(self.segments, codes=self.segments.codes[order]))


@attrs.frozen(eq=False)
class _Signs:
    """The characters that decide the form of an environment, as bits of each segment.

    `bits` has an element for each segment of the column, in order. Each distinct segment is searched once.
    """

    segments: Segments
    bits: npt.NDArray[np.uint8]

    @classmethod
    def from_segments(cls, segments: Segments) -> _Signs:
        quotes = pc.count_substring(segments.distinct, "'").to_numpy()
        bits = (quotes > 0) * QUOTE | quotes % 2 * ODD_QUOTES
        bits |= _flags(pc.match_substring(segments.distinct, ";")) * SEMICOLON
        bits |= _ends_with(segments.distinct, " ") * BLANK_LAST
        return cls(segments, bits.astype(np.uint8)[segments.codes])

    def having(self, sign: int) -> Rows:
        """Return which rows have a segment with the bit `sign`."""
        found = np.zeros(len(self.segments), np.bool_)
        found[self.segments.parent_indices(self._places(sign))] = True
        return found

    def lack(self, sign: int) -> npt.NDArray[np.bool_]:
        """Return which segments of the column lack the bit `sign`."""
        lacking: npt.NDArray[np.bool_] = self.bits & sign == 0
        return lacking

    def even(self) -> Rows:
        """Return which rows have an even number of quotes."""
        rows = self.segments.parent_indices(self._places(ODD_QUOTES))
        even: Rows = np.bincount(rows, minlength=len(self.segments)) % 2 == 0
        return even

    def in_quotes(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Return which segments of the column end within quotes.

        Only segments of the given `rows` are looked at, and these must have an even number of quotes.
        """
        places = self._places(ODD_QUOTES)
        places = places[rows[self.segments.parent_indices(places)]]
        turns = np.zeros(self.bits.size, np.int8)
        turns[places[::2]], turns[places[1::2]] = 1, -1
        return np.cumsum(turns, dtype=np.int8) > 0

    def _places(self, sign: int) -> Positions:
        """Return the positions in the column of the segments with the bit `sign`, ascending."""
        return np.flatnonzero(self.bits & sign)


def _sorted_in_rows(ranks: npt.NDArray[np.int32], sizes: Positions) -> Positions:
    """Return the positions of `ranks` in the order that sorts each row; equal ranks of a row keep their order.

    `ranks` holds the rows one after another, and `sizes` the number of ranks of each. Most rows have the same variables
    in the same order as another row: each such pattern is sorted once.
    """
    first = totals(sizes)
    ends = pa.py_buffer((first * ranks.itemsize).astype(np.int32))
    patterns = pa.Array.from_buffers(pa.binary(), len(sizes), [None, ends, pa.py_buffer(ranks)]).dictionary_encode()
    pattern = patterns.indices.to_numpy().astype(np.int64)
    _, examples = np.unique(pattern, return_index=True)
    lengths = sizes[examples]
    begins = totals(lengths)
    shown = ranks[ranges(first[examples], lengths)]
    owners = np.repeat(np.arange(len(lengths)), lengths)
    within = np.lexsort((shown, owners)) - begins[owners]
    return np.repeat(first[:-1], sizes) + within[ranges(begins[pattern], sizes)]


def _flags(array: pa.Array) -> Rows:
    """Return a bool array without nulls as a NumPy array."""
    flags: Rows = array.to_numpy(zero_copy_only=False)
    return flags


def _ends_with(texts: pa.Array, character: str) -> Rows:
    """Return which texts end with the character or are empty."""
    return _flags(pc.or_(pc.ends_with(texts, character), pc.equal(texts, "")))


def _in_rows(texts: pa.Array, owners: Sequence[int], rows: int) -> Segments:
    """Return a column of `rows` rows, in which text i is a segment of row `owners[i]`; `owners` ascends."""
    counts = np.bincount(np.array(owners, np.int64), minlength=rows)
    return Segments(texts, np.arange(len(texts)), totals(counts))
