"""The values of a column that may hold a secret, found by one search of the column's bytes.

Every value that `SecretValues` would change must be found; a value found in vain only costs time. Names have many
spellings (`apiKey`, `API_KEY`), so they are searched for in lower case and without the characters between their words.
The text around each hit is then checked by the rules of `SecretValues`.
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

# Standard variables of every job, with the path of a token or a switch. A secret in their value is found by its own
# words.
_HARMLESS = ("BEARER_TOKEN_FILE", "IDTOKENS_FILE", "TOKEN_FILE", "TOKEN_ENABLE")
# How many bytes before and after a hit are read to judge it: of a name, of a URL's `://`, of the option `-u`.
_BEFORE, _AFTER = 24, 16
_LOGIN = 80
_FLAG_BEFORE, _FLAG_AFTER = 10, 120

# A whole name, with the dashes of an option.
_RUN = re.compile(r"[\w.-]+")
# Bytes that may continue a name.
_PART_OF_A_NAME = np.zeros(256, np.bool_)
# Quotes and backslashes are among them: V2 has quotes within names, JSON has escapes.
_PART_OF_A_NAME[[byte for byte in range(256) if byte >= 0x80 or chr(byte).isalnum() or chr(byte) in "_.-'\\"]] = True
# ASCII letters and digits.
_OF_A_WORD = np.zeros(256, np.bool_)
_OF_A_WORD[[byte for byte in range(128) if chr(byte).isalnum()]] = True
# Between a name and its value: an equals sign, a colon or the end of a tag (group 1); or a blank or a list's comma.
_FOLLOWS = re.compile(r"""[\\"']*\s*([=:>])|[\\"']*[\s,]""")
# The end of a segment that is a command such as `setenv `: the name and its value are the next two words.
_SETTER = r"(?:^|[^A-Za-z0-9_-])(?:set|setenv|modify|create)\s+$"
# The same before a name within a text, with the arguments that may be between command and name.
_SETS = re.compile(r"(?:(?<![a-z])set(?:env)?\s+\S*|modify\s.*|create\s.*|:)\Z", re.DOTALL)
# Only quotes, backslashes and blanks up to the cut: whether a value follows cannot be seen.
_NOTHING = re.compile(r"""[\\"'\s]*\Z""")
# A quote or an escape inside a name: after the hit, and before it.
_GOES_ON = re.compile(r"'+[\w.-]|\\+u")
_WENT_ON = re.compile(r"(?:[\w.-]'+|\\)\Z")
# A name that is itself a value of JSON: it may belong to a key `name`, with the secret in `value` beside it.
_ENDS_A_VALUE = re.compile(r"""\\*"\s*(?:[,}]|\Z)""")
# The authority of a URL: user, password, host and port.
_HOST = re.compile(rb"[^\s/\"']*")
# Where several words begin at one place, the search finds the first of this list: longer programs come first.
_FORMS = (*TRIGGERS, *FLAGS, *sorted(PROGRAMS, key=len, reverse=True))
_URL, _FIRST_FLAG, _FIRST_PROGRAM = TRIGGERS.index(URL), len(TRIGGERS), len(TRIGGERS) + len(FLAGS)
# Other spellings of a name's letters: JSON escapes of ASCII and of the Kelvin sign, and the Kelvin sign itself, whose
# lower case is an ASCII k.
_ODD = (*(f"\\u00{digit}" for digit in range(2, 8)), "\\u212", "\u212a")
# The first byte of each blank in UTF-8, those outside ASCII included.
_BLANKS = np.frombuffer(b" \t\n\r\f\v\x1c\x1d\x1e\x1f\xc2\xe1\xe2\xe3", np.uint8)


class Triggers:
    """A search for values that may hold a secret, by the names and options of `SecretNames`.

    It cannot be pickled, so each worker builds its own.
    """

    def __init__(self, names: SecretNames) -> None:
        options = names.options
        self._names = names
        self._keep = tuple(dict.fromkeys(name.strip("-") for name in options.keep))
        self._as_they_are = [name.encode() for name in (*_HARMLESS, *self._keep)]
        self._schemes = SCHEMES if options.formats else ()
        spelled = chain.from_iterable(map(_spellings, (*options.names, *options.more_names)))
        exact = (plain(name.decode()) for name in self._as_they_are)
        self._words = PlainWords(chain(exact, self._schemes, dict.fromkeys(spelled)))
        # When a name has letters outside ASCII, any JSON escape may be one of them.
        odd = _ODD if "".join((*options.names, *options.more_names)).isascii() else ("\\u", *_ODD)
        self._forms = Words((*(_FORMS if options.formats else ()), *odd))

    def suspects(self, texts: pa.Array) -> Positions:
        """Return the positions, ascending, of the texts (string) that may hold a secret."""
        places = np.concatenate((self._names_in(texts), self._forms_in(texts)))
        rows: Positions = np.unique(rows_of(texts, places))
        return rows

    def suspects_in(self, segments: Segments) -> Positions:
        """Return the positions, ascending, of the values in segments that may hold a secret.

        The segments were cut after blanks and semicolons.
        A word and its value are mostly in one segment, so each distinct segment is searched once. A value is searched
        as a whole where they may be in several: a segment begins with a blank (between a name and its equals sign), or
        ends with a semicolon after a URL (which may go on), or ends with a command that sets the next word to the word
        after it.
        """
        rows = np.union1d(segments.find_values(self.suspects(segments.distinct)), self._logins_across(segments))
        others = np.setdiff1d(np.flatnonzero(segments.contains_any(_unclear(segments.distinct))), rows)
        if not others.size:
            return rows
        return np.union1d(rows, others[self.suspects(segments.take(others).to_strings())])

    def _names_in(self, texts: pa.Array) -> Positions:
        """Return the positions in the texts' bytes of names that may be those of secrets, and of schemes."""
        first_kept = len(_HARMLESS)
        hits = self._words.find(texts)
        first_scheme = first_kept + len(self._keep)
        first_name = first_scheme + len(self._schemes)
        # A name to keep is passed over only when it is whole and spelled exactly so.
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
        """Return the positions in the texts' bytes of words of known forms, and of escapes within names."""
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
        """Return the positions of the values in which a segment ends with ``-u`` and the next begins with a login."""
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
        """Return which hits may be the name of a secret, judged by the bytes around them."""
        return hits_in_context(texts, hits, _BEFORE, _AFTER, self._may_be_secret)

    def _may_be_secret(self, segment: bytes, place: int, cut_before: bool, cut_after: bool) -> bool:
        """Return whether the name at `place` in an excerpt of a text may be the name of a secret.

        The excerpt is UTF-8; `cut_before` and `cut_after` say whether the text goes on before and after it.
        """
        # A cut may be within a character.
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
            # After a blank a value follows only an option, whose dashes are in the run, or a name that a command sets.
            # The command may be before the cut.
            is_option = text.startswith("-", start) or cut_before or _SETS.search(text, 0, start)
            if follows is None or (follows[1] is None and not is_option):
                return False
        if not cut_before or start:
            kind = self._names.kind(run[0])
            # `PWD=/…` is the working folder, which many environments have, and no secret.
            return kind is not None and not (kind is Kind.SECRET_OR_FOLDER and text.startswith("=/", end))
        # The first word of the run is cut off and is not judged, unless the hit is in it. `x_` replaces that word.
        start = max(text.rfind(separator, 0, place) for separator in "_.-") + 1
        return not start or self._names.kind(f"x_{text[start:end]}") is not None


def _unclear(segments: pa.Array) -> Flags:
    """Return which segments begin with a blank, or end with a command that sets a name or a semicolon after a URL."""
    offsets, data = value_ends(segments), data_of(segments)
    unclear: Flags = pc.match_substring_regex(segments, _SETTER).to_numpy(zero_copy_only=False).copy()
    (filled,) = np.nonzero(np.diff(offsets))
    unclear[filled] |= np.isin(data[offsets[filled]], _BLANKS)
    finished = filled[data[offsets[filled + 1] - 1] == ord(";")]
    unclear[finished] |= pc.match_substring(segments.take(pa.array(finished)), "://").to_numpy(zero_copy_only=False)
    return unclear


def _may_be_login(segment: bytes, place: int, cut_before: bool, cut_after: bool) -> bool:
    """Return whether the URL whose ``://`` is at `place` in an excerpt may name a user before its host."""
    host = _HOST.match(segment, place + 3)
    return host is None or b"@" in host[0] or (cut_after and host.end() == len(segment))


def _is_login(segment: bytes, place: int, cut_before: bool, cut_after: bool) -> bool:
    """Return whether an option ``-u`` in the excerpt has a user and a password."""
    return LOGIN.search(segment.decode("utf-8", "ignore")) is not None


def _are_words(texts: pa.Array, hits: Hits) -> Flags:
    """Return which hits have no ASCII letter or digit on either side; after a dash that ends a hit, one may follow."""
    data, rows, offsets = data_of(texts), rows_of(texts, hits.starts), value_ends(texts)
    if not data.size:
        return np.zeros(0, np.bool_)
    begins = (hits.starts == offsets[rows]) | ~_OF_A_WORD[data[hits.starts - 1]]
    last = data[hits.stops - 1] == ord("-")
    ends = (hits.stops == offsets[rows + 1]) | ~_OF_A_WORD[data[np.minimum(hits.stops, data.size - 1)]] | last
    words_: Flags = begins & ends
    return words_


def _are_whole(texts: pa.Array, hits: Hits) -> Flags:
    """Return which hits are whole names: no character of a name is before or after them."""
    data, rows, offsets = data_of(texts), rows_of(texts, hits.starts), value_ends(texts)
    if not data.size:
        return np.zeros(0, np.bool_)
    begins = (hits.starts == offsets[rows]) | ~_PART_OF_A_NAME[data[hits.starts - 1]]
    whole: Flags = begins & _end_whole(texts, hits)
    return whole


def _end_whole(texts: pa.Array, hits: Hits) -> Flags:
    """Return which hits have no character of a name after them."""
    data, rows, offsets = data_of(texts), rows_of(texts, hits.starts), value_ends(texts)
    if not data.size:
        return np.zeros(0, np.bool_)
    ends: Flags = (hits.stops == offsets[rows + 1]) | ~_PART_OF_A_NAME[data[np.minimum(hits.stops, data.size - 1)]]
    return ends


def _spellings(name: str) -> Iterable[str]:
    """Return the words to search for a name with, as `plain` writes them.

    They are all the same for a name in ASCII. Lower case of other letters is not known to the search, so such a name is
    searched for in its usual spellings.
    """
    joined = "".join(words(name))
    return map(plain, (joined, joined.upper(), joined.capitalize(), "".join(map(str.capitalize, words(name)))))
