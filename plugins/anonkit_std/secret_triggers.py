"""Which values of a column may hold a secret: found by searching its bytes, without looking at any value.

The bytes are searched for a few short words, twice for few, which the automaton looks for many bytes at a time, instead
of once for many. What is around a word is mostly the same, so of that each distinct piece is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import chain

import ahocorasick_rs
import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.offsets import value_ends
from anonkit.pieces import Pieces
from anonkit_std.secret_formats import SCHEMES, TRIGGERS
from anonkit_std.secret_names import NAME, SecretNames, words
from anonkit_std.string_buffers import Ints, data_of, rows_of

__all__ = ["Triggers"]

Flags = npt.NDArray[np.bool_]

# The standard variables that say where a token is: every job has them. A secret in their value has words of its own.
_HARMLESS = ("EARER_TOKEN_FILE", "DTOKENS_FILE", "OKEN_FILE", "OKEN_ENABLE")
_BEFORE, _BEHIND = 24, 16
_LOGIN = 80

_RUN = re.compile(rb"[A-Za-z0-9_.\x80-\xff-]+")
_PART_OF_A_NAME = np.zeros(256, np.bool_)
_PART_OF_A_NAME[[byte for byte in range(256) if _RUN.match(bytes([byte]))]] = True
# A value may follow a name behind an equals sign or a colon, or a blank or a quote that ends an option.
_FOLLOWS = re.compile(rb"""[\\"']*\s*([=:])|[\\"']*[\s,]""")
# One that is itself a value may be that of a `name`, whose `value` stands beside it.
_ENDS_A_VALUE = re.compile(rb"""\\*"\s*[,}]""")
_HOST = re.compile(rb"[^\s/\"'<>]*")
_NAME = re.compile(NAME)
_URL = TRIGGERS.index("://")


@attrs.frozen
class _Hits:
    """Words found in the bytes of texts: word `which[i]` from `starts[i]` to `stops[i]`."""

    which: Ints
    starts: Ints
    stops: Ints

    def at(self, chosen: Flags) -> _Hits:
        return _Hits(self.which[chosen], self.starts[chosen], self.stops[chosen])


class _Words:
    """Words to be found."""

    def __init__(self, patterns: Iterable[str]) -> None:
        # Of two words that start in one place the first wins; none is looked for inside another.
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            [pattern.encode() for pattern in patterns], matchkind=ahocorasick_rs.MatchKind.LeftmostFirst
        )

    def find(self, texts: pa.Array) -> _Hits:
        """Return where words are."""
        offsets = value_ends(texts)
        hits = self._found(texts, int(offsets[0]), int(offsets[-1]))
        begins, ends = rows_of(texts, hits.starts), rows_of(texts, hits.stops - 1)
        across = begins < ends
        if not across.any():
            return hits
        # A word of the end of one text and the begin of the next is none, and may hide one: those are searched singly.
        touched = np.zeros(len(texts), np.bool_)
        for first, last in zip(begins[across].tolist(), ends[across].tolist(), strict=True):
            touched[first : last + 1] = True
        singly = [self._found(texts, int(offsets[row]), int(offsets[row + 1])) for row in np.flatnonzero(touched)]
        parts = [hits.at(~touched[begins]), *singly]
        return _Hits(
            np.concatenate([part.which for part in parts]),
            np.concatenate([part.starts for part in parts]),
            np.concatenate([part.stops for part in parts]),
        )

    def _found(self, texts: pa.Array, start: int, stop: int) -> _Hits:
        data = data_of(texts)[start:stop].data
        found = self._automaton.find_matches_as_indexes(data) if data.nbytes else []
        flat = np.fromiter(chain.from_iterable(found), np.int64, count=3 * len(found)).reshape(-1, 3)
        return _Hits(flat[:, 0], flat[:, 1] + start, flat[:, 2] + start)


class Triggers:
    """The words to look for, by the options. Built where it is used: it cannot be pickled."""

    def __init__(self, names: SecretNames) -> None:
        options = names.options
        self._names = names
        self._keep = tuple(dict.fromkeys(name.strip("-") for name in options.keep))
        self._schemes = SCHEMES if options.formats else ()
        spelled = chain.from_iterable(map(_spellings, (*options.names, *options.more_names)))
        self._words = _Words(dict.fromkeys((*_HARMLESS, *self._keep, *self._schemes, *spelled)))
        self._formats = _Words(TRIGGERS) if options.formats else None

    def suspects(self, texts: pa.Array) -> Ints:
        """Return the positions, ascending, of those of the texts (string) that may hold a secret."""
        places = [self._names_in(texts)]
        if self._formats is not None:
            places.append(_formats_in(texts, self._formats.find(texts)))
        rows: Ints = np.unique(rows_of(texts, np.concatenate(places)))
        return rows

    def suspects_in(self, pieces: Pieces) -> Ints:
        """Return the same of values that are in pieces, which were cut behind blanks and semicolons.

        Words stand in one piece, and what is behind them mostly too. A value of which that may not be so is searched as
        it is: one with a blank at the begin of a piece, which may part a name from its sign, or with a semicolon behind
        what may be a URL that goes on.
        """
        rows = pieces.values(self.suspects(pieces.distinct))
        others = np.setdiff1d(np.flatnonzero(pieces.having(_unclear(pieces.distinct))), rows)
        if not others.size:
            return rows
        return np.union1d(rows, others[self.suspects(pieces.taken(others).joined())])

    def _names_in(self, texts: pa.Array) -> Ints:
        first_kept = len(_HARMLESS)
        hits = self._words.find(texts)
        first_scheme = first_kept + len(self._keep)
        first_name = first_scheme + len(self._schemes)
        harmless = hits.at(hits.which < first_kept)
        kept = hits.at((hits.which >= first_kept) & (hits.which < first_scheme))
        schemes = hits.at((hits.which >= first_scheme) & (hits.which < first_name))
        names = hits.at(hits.which >= first_name)
        # A name that only ends or begins like one to keep is another.
        others = np.concatenate((kept.starts[~_are_whole(texts, kept)], harmless.starts[~_end_whole(texts, harmless)]))
        return np.concatenate((others, schemes.starts, names.starts[self._may_be_secrets(texts, names)]))

    def _may_be_secrets(self, texts: pa.Array, hits: _Hits) -> Flags:
        return _where(texts, hits, _BEFORE, _BEHIND, self._may_be_secret)

    def _may_be_secret(self, piece: bytes, place: int, cut_before: bool, cut_behind: bool) -> bool:
        """Whether the name at a place in a piece of text, which may be cut off, may be that of a secret."""
        run = next((run for run in _RUN.finditer(piece) if run.end() > place), None)
        if run is None:
            return True
        start, follows = run.start(), _FOLLOWS.match(piece, run.end())
        if not _ENDS_A_VALUE.match(piece, run.end()):
            if follows is None:
                return cut_behind and not piece[run.end() :].strip(b"\\\"' \t")
            if follows[1] is None and start and not piece[start:].startswith(b"-"):
                return False
        if cut_before and not start:
            # The word that is cut off says nothing, unless it is the one that was found.
            start = max(piece.rfind(separator, 0, place) for separator in (b"_", b".", b"-")) + 1
            if not start:
                return True
        name = _NAME.search(piece[start : run.end()].decode("utf-8", "replace"))
        return name is None or self._names.kind(name[0]) is not None


def _unclear(pieces: pa.Array) -> Flags:
    """Return which pieces begin with a blank, or hold what may be a URL and end with a semicolon."""
    offsets, data = value_ends(pieces), data_of(pieces)
    unclear = np.zeros(len(pieces), np.bool_)
    (filled,) = np.nonzero(np.diff(offsets))
    unclear[filled] = np.isin(data[offsets[filled]], np.frombuffer(b" \t\n\r\f\v", np.uint8))
    ended = filled[data[offsets[filled + 1] - 1] == ord(";")]
    unclear[ended] |= pc.match_substring(pieces.take(pa.array(ended)), "://").to_numpy(zero_copy_only=False)
    return unclear


def _formats_in(texts: pa.Array, hits: _Hits) -> Ints:
    urls = hits.which == _URL
    logins = hits.at(urls)
    return np.concatenate((hits.starts[~urls], logins.starts[_where(texts, logins, 0, _LOGIN, _may_be_login)]))


def _may_be_login(piece: bytes, place: int, cut_before: bool, cut_behind: bool) -> bool:
    """Whether a user stands before the host of the URL whose ``://`` is at a place in a piece of text."""
    host = _HOST.match(piece, place + 3)
    return host is None or b"@" in host[0] or (cut_behind and host.end() == len(piece))


def _are_whole(texts: pa.Array, hits: _Hits) -> Flags:
    """Return which hits are a whole name."""
    data, rows, offsets = data_of(texts), rows_of(texts, hits.starts), value_ends(texts)
    if not data.size:
        return np.zeros(0, np.bool_)
    begins = (hits.starts == offsets[rows]) | ~_PART_OF_A_NAME[data[hits.starts - 1]]
    whole: Flags = begins & _end_whole(texts, hits)
    return whole


def _end_whole(texts: pa.Array, hits: _Hits) -> Flags:
    """Return which hits end where a name does."""
    data, rows, offsets = data_of(texts), rows_of(texts, hits.starts), value_ends(texts)
    if not data.size:
        return np.zeros(0, np.bool_)
    ends: Flags = (hits.stops == offsets[rows + 1]) | ~_PART_OF_A_NAME[data[np.minimum(hits.stops, data.size - 1)]]
    return ends


def _where(
    texts: pa.Array, hits: _Hits, before: int, behind: int, asked: Callable[[bytes, int, bool, bool], bool]
) -> Flags:
    """Return for which hits `asked` says yes of what is around them, so many bytes before and behind, in their text."""
    if not hits.which.size:
        return np.zeros(0, np.bool_)
    offsets, rows = value_ends(texts), rows_of(texts, hits.starts)
    starts, stops = np.maximum(hits.starts - before, offsets[rows]), np.minimum(hits.stops + behind, offsets[rows + 1])
    cuts = np.stack((starts, np.maximum(starts, stops)), axis=1).reshape(-1)
    buffers = [None, pa.py_buffer(cuts.astype(np.int32)), texts.buffers()[2]]
    pieces = pa.Array.from_buffers(pa.binary(), len(cuts) - 1, buffers).take(pa.array(np.arange(0, len(cuts), 2)))
    encoded = pieces.dictionary_encode()
    # A piece, where in it the word is, and whether it goes on: in one number.
    keys = encoded.indices.to_numpy().astype(np.int64) * (before + 1) + (hits.starts - starts)
    keys = keys * 4 + (starts > offsets[rows]) * 2 + (stops < offsets[rows + 1])
    distinct, which = np.unique(keys, return_inverse=True)
    known = encoded.dictionary.to_pylist()
    asked_of = zip(*np.divmod(distinct >> 2, before + 1), distinct & 2, distinct & 1, strict=True)
    answers = [asked(known[code], int(place), bool(left), bool(right)) for code, place, left, right in asked_of]
    return np.array(answers, np.bool_)[which]


def _spellings(name: str) -> Iterable[str]:
    """Return what the name, in snake, kebab or camel case, in small or capital letters, has in it."""
    parts = words(name)
    if len(parts) == 1:
        (word,) = parts
        # Without its first letter a word is the same at the begin of a sentence.
        return (word[1:], word[1:].upper()) if len(word) > 4 else (word, word.upper(), word.capitalize())
    joined = [separator.join(parts)[1:] for separator in ("_", "-", "", ".")]
    camel = "".join(part.capitalize() for part in parts)[1:]
    return (*joined, *(one.upper() for one in joined), camel)
