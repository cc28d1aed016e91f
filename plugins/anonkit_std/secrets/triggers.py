"""Which values of a column may hold a secret: found by searching its bytes, without looking at any value.

No value may be passed over that `SecretValues` would change. Names are looked for in small letters and without what
parts their words, since they are spelled in all ways; then the text around them is judged as by `SecretValues`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Positions, value_ends
from anonkit.arrow.segments import Segments
from anonkit.arrow.strings import data_of, rows_of
from anonkit_std.columns.word_search import Hits, PlainWords, Words, hits_in_context, plain, spelled_exactly
from anonkit_std.secrets.formats import SCHEMES, TRIGGERS, URL
from anonkit_std.secrets.logins import FLAG_AT_END, FLAGS, LOGIN, PAIR_AT_BEGIN, PROGRAMS
from anonkit_std.secrets.names import Kind, SecretNames, words

__all__ = ["Triggers"]

Flags = npt.NDArray[np.bool_]

# Standard variables with the path of a token: every job has them. A secret in their value has words of its own.
_HARMLESS = ("BEARER_TOKEN_FILE", "IDTOKENS_FILE", "TOKEN_FILE", "TOKEN_ENABLE")
_BEFORE, _AFTER = 24, 16
_LOGIN = 80
_FLAG_BEFORE, _FLAG_AFTER = 10, 120

_RUN = re.compile(r"[\w.-]+")
_PART_OF_A_NAME = np.zeros(256, np.bool_)
# After a quote or a backslash it may go on: V2 has quotes anywhere, JSON has escapes.
_PART_OF_A_NAME[[byte for byte in range(256) if byte >= 0x80 or chr(byte).isalnum() or chr(byte) in "_.-'\\"]] = True
_OF_A_WORD = np.zeros(256, np.bool_)
_OF_A_WORD[[byte for byte in range(128) if chr(byte).isalnum()]] = True
# A value may follow a name after an equals sign, a colon or an end of a tag, or a blank or a quote that ends an option.
_FOLLOWS = re.compile(r"""[\\"']*\s*([=:>])|[\\"']*[\s,]""")
# Before a name that is set to the value after a blank; the last word is the end of a segment.
_SETTER = r"(?:^|[^A-Za-z0-9_-])(?:set|setenv|modify|create)\s+$"
_SETS = re.compile(r"(?:(?<![a-z])set(?:env)?\s+\S*|modify\s.*|create\s.*|:)\Z", re.DOTALL)
# These do not show whether a value follows.
_NOTHING = re.compile(r"""[\\"'\s]*\Z""")
# Quotes and escapes within a name.
_GOES_ON = re.compile(r"'+[\w.-]|\\+u")
_WENT_ON = re.compile(r"(?:[\w.-]'+|\\)\Z")
# A name that is itself a value: perhaps that of a key `name`, with the secret in `value` beside it.
_ENDS_A_VALUE = re.compile(r"""\\*"\s*(?:[,}]|\Z)""")
_HOST = re.compile(rb"[^\s/\"']*")
# Of words that begin alike the first is found.
_FORMS = (*TRIGGERS, *FLAGS, *sorted(PROGRAMS, key=len, reverse=True))
_URL, _FIRST_FLAG, _FIRST_PROGRAM = TRIGGERS.index(URL), len(TRIGGERS), len(TRIGGERS) + len(FLAGS)
# Other spellings of a name's letters: escapes of JSON, and the Kelvin sign, which is an ASCII letter in lower case.
_ODD = (*(f"\\u00{digit}" for digit in range(2, 8)), "\\u212", "\u212a")
# The first byte of each blank.
_BLANKS = np.frombuffer(b" \t\n\r\f\v\x1c\x1d\x1e\x1f\xc2\xe1\xe2\xe3", np.uint8)


class Triggers:
    """The words to look for, by the options. Built where it is used: it cannot be pickled."""

    def __init__(self, names: SecretNames) -> None:
        options = names.options
        self._names = names
        self._keep = tuple(dict.fromkeys(name.strip("-") for name in options.keep))
        self._as_they_are = [name.encode() for name in (*_HARMLESS, *self._keep)]
        self._schemes = SCHEMES if options.formats else ()
        spelled = chain.from_iterable(map(_spellings, (*options.names, *options.more_names)))
        exact = (plain(name.decode()) for name in self._as_they_are)
        self._words = PlainWords(chain(exact, self._schemes, dict.fromkeys(spelled)))
        # Any escape may be a letter outside ASCII.
        odd = _ODD if "".join((*options.names, *options.more_names)).isascii() else ("\\u", *_ODD)
        self._forms = Words((*(_FORMS if options.formats else ()), *odd))

    def suspects(self, texts: pa.Array) -> Positions:
        """Return the positions, ascending, of those of the texts (string) that may hold a secret."""
        places = np.concatenate((self._names_in(texts), self._forms_in(texts)))
        rows: Positions = np.unique(rows_of(texts, places))
        return rows

    def suspects_in(self, segments: Segments) -> Positions:
        """Return the same of values that are in segments, which were cut after blanks and semicolons.

        A word is in one segment, and mostly what follows it too. A value in which it may not be is searched whole:
        one with a blank at the begin of a segment, which may part a name from its sign, with a semicolon after a URL
        that may go on, or with a command that sets names to the values after them.
        """
        rows = np.union1d(segments.find_values(self.suspects(segments.distinct)), self._logins_across(segments))
        others = np.setdiff1d(np.flatnonzero(segments.contains_any(_unclear(segments.distinct))), rows)
        if not others.size:
            return rows
        return np.union1d(rows, others[self.suspects(segments.take(others).to_strings())])

    def _names_in(self, texts: pa.Array) -> Positions:
        first_kept = len(_HARMLESS)
        hits = self._words.find(texts)
        first_scheme = first_kept + len(self._keep)
        first_name = first_scheme + len(self._schemes)
        # A name that only ends or begins like one to keep, or is spelled in another way, is another.
        passed = np.zeros(hits.which.size, np.bool_)
        for which, name in enumerate(self._as_they_are):
            (places,) = np.nonzero(hits.which == which)
            found = hits.at(places)
            whole = _end_whole(texts, found) if which < first_kept else _are_whole(texts, found)
            passed[places] = whole & spelled_exactly(texts, found, name)
        schemes = (hits.which >= first_scheme) & (hits.which < first_name)
        names = hits.at(~passed & ~schemes)
        return np.concatenate((hits.starts[schemes], names.starts[self._may_be_secrets(texts, names)]))

    def _forms_in(self, texts: pa.Array) -> Positions:
        hits = self._forms.find(texts)
        if not self._names.options.formats:
            return hits.starts
        urls, programs = hits.which == _URL, (hits.which >= _FIRST_PROGRAM) & (hits.which < len(_FORMS))
        flags = (hits.which >= _FIRST_FLAG) & (hits.which < _FIRST_PROGRAM)
        logins, options, named = hits.at(urls), hits.at(flags), hits.at(programs)
        return np.concatenate(
            (
                hits.starts[~(urls | flags | programs)],
                logins.starts[hits_in_context(texts, logins, 0, _LOGIN, _may_be_login)],
                options.starts[hits_in_context(texts, options, _FLAG_BEFORE, _FLAG_AFTER, _is_login)],
                named.starts[_are_words(texts, named)],
            )
        )

    def _logins_across(self, segments: Segments) -> Positions:
        """Return the positions of values in which ``-u`` ends a segment, and user and password begin the next."""
        if not self._names.options.formats:
            return np.zeros(0, np.int64)
        flags = pc.match_substring_regex(segments.distinct, FLAG_AT_END).to_numpy(zero_copy_only=False)
        if not flags.any():
            return np.zeros(0, np.int64)
        pairs = pc.match_substring_regex(segments.distinct, PAIR_AT_BEGIN).to_numpy(zero_copy_only=False)
        places = np.flatnonzero(flags[segments.codes[:-1]] & pairs[segments.codes[1:]])
        owners = segments.parent_indices(places)
        return np.unique(owners[owners == segments.parent_indices(places + 1)])

    def _may_be_secrets(self, texts: pa.Array, hits: Hits) -> Flags:
        return hits_in_context(texts, hits, _BEFORE, _AFTER, self._may_be_secret)

    def _may_be_secret(self, segment: bytes, place: int, cut_before: bool, cut_after: bool) -> bool:
        """Whether the name at a place in a segment of text, which may be cut off, may be that of a secret."""
        # What is cut may begin or end within a character.
        text, place = segment.decode("utf-8", "ignore"), len(segment[:place].decode("utf-8", "ignore"))
        run = next((run for run in _RUN.finditer(text) if run.end() > place), None)
        if run is None:
            return True
        start, end = run.span()
        if (cut_after and _NOTHING.match(text, end)) or _GOES_ON.match(text, end):
            return True
        if _WENT_ON.search(text, 0, start) or (cut_before and start and not text[:start].strip("'")):
            return True
        if not _ENDS_A_VALUE.match(text, end):
            follows = _FOLLOWS.match(text, end)
            # A blank is before the value of an option, its dashes are a part of the run, or of what a command sets;
            # the words of the command may be far before it.
            is_option = text.startswith("-", start) or cut_before or _SETS.search(text, 0, start)
            if follows is None or (follows[1] is None and not is_option):
                return False
        if not cut_before or start:
            kind = self._names.kind(run[0])
            # The working folder, which is in many environments, is not a secret.
            return kind is not None and not (kind is Kind.SECRET_OR_FOLDER and text.startswith("=/", end))
        # The word that is cut off says nothing, unless it is the one that was found.
        start = max(text.rfind(separator, 0, place) for separator in "_.-") + 1
        return not start or self._names.kind(f"x_{text[start:end]}") is not None


def _unclear(segments: pa.Array) -> Flags:
    """Return which segments begin with a blank, end with a command that sets, or with a semicolon after a URL."""
    offsets, data = value_ends(segments), data_of(segments)
    unclear: Flags = pc.match_substring_regex(segments, _SETTER).to_numpy(zero_copy_only=False).copy()
    (filled,) = np.nonzero(np.diff(offsets))
    unclear[filled] |= np.isin(data[offsets[filled]], _BLANKS)
    finished = filled[data[offsets[filled + 1] - 1] == ord(";")]
    unclear[finished] |= pc.match_substring(segments.take(pa.array(finished)), "://").to_numpy(zero_copy_only=False)
    return unclear


def _may_be_login(segment: bytes, place: int, cut_before: bool, cut_after: bool) -> bool:
    """Whether a user is before the host of the URL with its ``://`` at a place in a segment of text."""
    host = _HOST.match(segment, place + 3)
    return host is None or b"@" in host[0] or (cut_after and host.end() == len(segment))


def _is_login(segment: bytes, place: int, cut_before: bool, cut_after: bool) -> bool:
    """Whether the option ``-u`` at a place in a segment of text has a user and a password."""
    return LOGIN.search(segment.decode("utf-8", "ignore")) is not None


def _are_words(texts: pa.Array, hits: Hits) -> Flags:
    """Return which hits neither follow nor precede a letter or digit."""
    data, rows, offsets = data_of(texts), rows_of(texts, hits.starts), value_ends(texts)
    if not data.size:
        return np.zeros(0, np.bool_)
    begins = (hits.starts == offsets[rows]) | ~_OF_A_WORD[data[hits.starts - 1]]
    last = data[hits.stops - 1] == ord("-")
    ends = (hits.stops == offsets[rows + 1]) | ~_OF_A_WORD[data[np.minimum(hits.stops, data.size - 1)]] | last
    words_: Flags = begins & ends
    return words_


def _are_whole(texts: pa.Array, hits: Hits) -> Flags:
    """Return which hits are a whole name."""
    data, rows, offsets = data_of(texts), rows_of(texts, hits.starts), value_ends(texts)
    if not data.size:
        return np.zeros(0, np.bool_)
    begins = (hits.starts == offsets[rows]) | ~_PART_OF_A_NAME[data[hits.starts - 1]]
    whole: Flags = begins & _end_whole(texts, hits)
    return whole


def _end_whole(texts: pa.Array, hits: Hits) -> Flags:
    """Return which hits end where a name does."""
    data, rows, offsets = data_of(texts), rows_of(texts, hits.starts), value_ends(texts)
    if not data.size:
        return np.zeros(0, np.bool_)
    ends: Flags = (hits.stops == offsets[rows + 1]) | ~_PART_OF_A_NAME[data[np.minimum(hits.stops, data.size - 1)]]
    return ends


def _spellings(name: str) -> Iterable[str]:
    """Return a text that each spelling of a name holds; of a name outside ASCII, the usual spellings."""
    joined = "".join(words(name))
    return map(plain, (joined, joined.upper(), joined.capitalize(), "".join(map(str.capitalize, words(name)))))
