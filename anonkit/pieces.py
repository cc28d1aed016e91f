"""A text column as pieces that repeat themselves, each distinct one once.

Jobs of one submission share their command and nearly all variables of their environment: a tenth of the bytes of such
columns is new, or less. So only that tenth is searched.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.search import Bytes, Flags, Positions, value_ends

__all__ = ["SEPARATORS", "Pieces", "is_in_pieces", "separators_for"]

SEPARATORS = b" ;"
"""What parts the words of a command and the variables of an environment."""

# Beside these a separator parts nothing: `"NAME": "value"`.
_BINDS = b"=:"

# Behind these neither: the indent of a line that goes on below.
_BLANK = b" \t\r\n"

_LONGEST_ENTITY = 34

# Values looked at to see whether a column repeats itself.
_PROBE = 256


def separators_for(patterns: Iterable[bytes]) -> bytes:
    """Return the separators that are in no pattern: none of these can stand across a cut behind one."""
    used = {byte for pattern in patterns for byte in pattern}
    return bytes(byte for byte in SEPARATORS if byte not in used)


@attrs.frozen(eq=False)
class Pieces:
    """The pieces of a column: whole values, or each value's parts up to a separator, which they hold at their end.

    A separator beside an equals sign or a colon does not part; nor does one behind a blank or a line break, or the
    semicolon at the end of an HTML entity. So a name stays in one piece, however escaped, unless it holds a separator.
    """

    distinct: pa.Array
    """Each piece once (string, no nulls)."""
    codes: Positions
    """For each piece of the column, in order, its position in `distinct`."""
    ends: Positions
    """Where values begin and end among the pieces: one more than values. A null has what lies under it."""

    @classmethod
    def of(cls, array: pa.Array, separators: bytes) -> Pieces | None:
        """Cut a string or large_string array into whole values, or else behind separators, if these repeat themselves.

        None when neither do, as far as the first values tell.
        """
        if len(array) <= _PROBE:
            return None
        for behind in dict.fromkeys((b"", separators)):
            probe = array.slice(0, _PROBE)
            if _repeat_themselves(_strings(probe, _cuts(probe, behind))):
                cuts = _cuts(array, behind)
                encoded = _strings(array, cuts).dictionary_encode()
                return cls(
                    encoded.dictionary.cast(pa.string()),
                    encoded.indices.to_numpy(),
                    np.searchsorted(cuts, value_ends(array)),
                )
        return None

    @classmethod
    def of_lists(cls, lists: pa.Array) -> Pieces:
        """Return the pieces of a column that is `in_lists`."""
        values = lists.values
        return cls(values.dictionary, values.indices.to_numpy(), _list_ends(lists))

    def in_lists(self, array: pa.Array) -> pa.Array:
        """Return the column, which was `array`, as lists of its pieces (list<dictionary<string>>, nulls as they were).

        Each piece is there once: so a column can be stored.
        """
        values = pa.DictionaryArray.from_arrays(pa.array(self.codes), self.distinct)
        validity = pc.is_valid(array).buffers()[1] if array.null_count else None
        ends = pa.py_buffer(self.ends.astype(np.int32))
        return pa.Array.from_buffers(pa.list_(values.type), len(array), [validity, ends], children=[values])

    def joined(self, distinct: pa.Array) -> tuple[Positions, pa.Buffer]:
        """Return where values begin and end, and their bytes, with others for the distinct pieces."""
        pieces = distinct.cast(pa.large_string()).take(pa.array(self.codes))
        return value_ends(pieces)[self.ends], pieces.buffers()[2]

    def values(self, held: Positions) -> Positions:
        """Return the values, ascending, that have one of the distinct pieces `held`."""
        return np.unique(np.searchsorted(self.ends, self._places(held), side="right") - 1)

    def spread(self, held: Positions) -> tuple[Positions, Positions]:
        """Return (values, which): value `values[i]` has the distinct piece `held[which[i]]`; `held` ascends.

        What is found in pieces is so told of the values that have them.
        """
        places = self._places(held)
        codes = self.codes[places]
        repeats = np.bincount(held, minlength=len(self.distinct))[codes]
        within = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        which = np.repeat(np.searchsorted(held, codes), repeats) + within
        return np.repeat(np.searchsorted(self.ends, places, side="right") - 1, repeats), which

    def _places(self, held: Positions) -> Positions:
        """Return where among the pieces of the column, ascending, the distinct pieces `held` are."""
        wanted = np.zeros(len(self.distinct), np.bool_)
        wanted[held] = True
        return np.flatnonzero(wanted.take(self.codes))


def is_in_pieces(type_: pa.DataType) -> bool:
    """Return whether a column of that type is text as `Pieces.in_lists` gives it; no file's column is."""
    return bool(pa.types.is_list(type_) and pa.types.is_dictionary(type_.value_type))


def _list_ends(lists: pa.Array) -> Positions:
    ends = np.frombuffer(lists.buffers()[1], np.int32)[lists.offset : lists.offset + len(lists) + 1]
    return ends.astype(np.int64)


def _cuts(array: pa.Array, separators: bytes) -> Positions:
    """Return where the pieces begin and end in the array's data; some may be empty."""
    ends = value_ends(array)
    if not separators or ends[-1] == ends[0]:
        return ends
    data = np.frombuffer(array.buffers()[2], np.uint8)[ends[0] : ends[-1]]
    places = np.flatnonzero(_among(data, separators))
    parts_nothing = _among(data.take(places - 1, mode="clip"), _BINDS + _BLANK)
    parts_nothing |= _among(data.take(places + 1, mode="clip"), _BINDS)
    parts_nothing |= _end_entities(data, places)
    places = places[~parts_nothing]
    # Two ascending runs, which a stable sort merges.
    return np.sort(np.concatenate((ends, ends[0] + places + 1)), kind="stable")


def _among(data: Bytes, wanted: bytes) -> Flags:
    """Return which bytes are among a few, which is told faster by comparing with each than from a table."""
    found: Flags = data == wanted[0]
    for byte in wanted[1:]:
        found |= data == byte
    return found


def _end_entities(data: Bytes, places: Positions) -> Flags:
    """Return which places (ascending) may be the end of an HTML entity."""
    ends = np.zeros(places.size, np.bool_)
    ampersands = np.flatnonzero(data == ord("&"))
    if ampersands.size:
        first = np.searchsorted(places, ampersands)
        near = np.searchsorted(places, ampersands + _LONGEST_ENTITY, side="right") - first
        which = np.arange(near.sum()) + np.repeat(first - (np.cumsum(near) - near), near)
        ends[which] = data[places[which]] == ord(";")
    return ends


def _strings(array: pa.Array, cuts: Positions) -> pa.Array:
    return pa.Array.from_buffers(pa.large_string(), len(cuts) - 1, [None, pa.py_buffer(cuts), array.buffers()[2]])


def _repeat_themselves(pieces: pa.Array) -> bool:
    """Whether at least half of the bytes have been there before."""
    ends = value_ends(pieces)
    distinct = value_ends(pieces.unique())
    return bool(2 * (distinct[-1] - distinct[0]) < ends[-1] - ends[0])
