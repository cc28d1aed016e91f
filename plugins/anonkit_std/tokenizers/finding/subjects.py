"""Finding certificate subjects and names of people in text: quoted or not, in environments, flattened into paths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import cycle, islice, product
from urllib.parse import unquote_plus

import numpy as np

from anonkit.arrow.offsets import Positions
from anonkit_std.tokenizers.finding.certificates import Subject, subjects
from anonkit_std.tokenizers.finding.person_names import PARTICLES, is_handle, person_name
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["MARKS", "WHOLE_TEXTS", "in_name_variables", "in_text"]

WHOLE_TEXTS = (
    "CN=", "cn=", "Cn=", "CN =", "cn =", "commonName", "2.5.4.3", "UID=", "uid=", "UserID=", "USERID=", "userid=",
    "GN=", "GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "FULL_NAME", "FULLNAME", "USER_FULL_NAME", "USER_FULLNAME",
    "REAL_NAME", "REALNAME", "USER_REAL_NAME", "DISPLAY_NAME", "DISPLAYNAME", "AUTHOR_NAME", "OWNER_NAME",
    "SUBMITTER_NAME", "GITLAB_USER_NAME", "PERSON_NAME", "CONTACT_NAME", "DEBFULLNAME", "USER_NAME", "JOB_OWNER_NAME",
    "PI_NAME", "COMMITTER_NAME", "AUTHOR_EMAIL", "REQUESTEDFOREMAIL", "CREATOR_EMAIL", "CONTACT_EMAIL", "USER_EMAIL",
    "SUBMITTER_EMAIL", "OWNER_EMAIL", "MAINTAINER_EMAIL",
)  # fmt: skip
"""Marks of texts that may hold a subject or a name variable: their values may hold blanks."""

_TYPES = (
    "CN|OU|O|C|DC|L|ST|S|UID|USERID|SN|GN|G|E|T|emailAddress|email|mail|serialNumber|commonName|givenName|surname|title|"
    "postalCode|street|businessCategory|dnQualifier|pseudonym|initials|unstructuredName|0\\.9\\.2342\\.19200300\\.100\\.1\\.1|"
    "1\\.2\\.840\\.113549\\.1\\.9\\.1|2\\.5\\.4\\.[0-9]{1,2}"
)
_MARKS = (
    *(
        b"CN=",
        b"cn=",
        b"Cn=",
        b"CN =",
        b"cn =",
        b"UID=",
        b"uid=",
        b"commonName",
        b"2.5.4.3",
        b"GN=",
        b"CN%3D",
        b"CN%3d",
    ),
    *(b"_CN_", b"/CN_", b"USERID="),
)

_NAME, _MAIL = b"NAME", b"EMAIL"
MARKS = (*_MARKS, _NAME, _MAIL)
"""Every text with a subject or a name variable holds one of these."""
_SIZES = np.array([len(mark) for mark in _MARKS], np.int64)
_ARE_WORDS = np.array([mark[:1].isalnum() and b"%" not in mark for mark in _MARKS], np.bool_)
_IN_WORDS = np.isin(
    np.arange(256), np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", np.uint8)
)
# Values hold no such bytes, or they are escaped.
_OUTSIDE = np.isin(np.arange(256), np.frombuffer(b"\t\n\r\0|<>{}`;", np.uint8))
_BEFORE, _AFTER = 500, 1500
_STOPS = re.compile(
    r"""="(?:[^"\\]|\\.){0,300}"|((?<!\\)\\*"|(?<![A-Za-zÀ-ɏ])'|'(?![A-Za-zÀ-ɏ])"""
    rf"""|(?<![,+])\s(?=(?!(?:{_TYPES})\s?=)[A-Za-z_][A-Za-z0-9_]{{0,60}}=)|\s{{2}}|\s(?=--?[A-Za-z])|\s(?=[&|>])"""
    r"""|\s(?=[a-z]+_[a-z_]+(?:\s|\Z)))"""
)
_NAME_WORD = r"[^\W\d_a-z][^\W\d_]*(?:['’.-][^\W\d_]+)*\.?"
_PARTICLE = rf"(?:{'|'.join(sorted(PARTICLES))})(?!\w)"
_IN_SENTENCE = re.compile(
    rf"(?<=/)(CN=(?:{_NAME_WORD})(?: (?:{_PARTICLE}|{_NAME_WORD})){{1,4}})(?: (?!{_PARTICLE})[a-z(]|, \w+:)"
)
_BEGINS = re.compile(rf"(?:(?<=/)|(?<![A-Za-z0-9_.-]))(?:{_TYPES})\s?=", re.IGNORECASE)
_ENCODED = re.compile(r"(?<![\w%.+~*'()!-])[\w%.+~*'()!-]*%3[Dd][\w%.+~*'()!-]*")
_FLAT = re.compile(r"(?:(?<=_)|(?<=/))CN_((?:(?!CN_)[^\W_]{1,40}[.'-]?_){0,12}(?!CN_)[^\W_]{1,40})")
# A person's number, and the role in which a job was sent.
_BEHIND_NAME = re.compile(r"(?<=[^\W\d_])_(?:[0-9]{3,12}_.*|(?:[a-z][a-z0-9.-]{1,30}_)?Role_.*)")
_FLAT_ID = re.compile(r"UID_(\w{2,32}?)(?=_CN_|[^\w]|\Z)")
# The value of a variable of a name, or an address: quoted, in JSON, or up to the next variable.
_NAMED = (
    r"""\\?["']?\s?[=:]\s?(?:\\?"([^"\\]{2,120})|'((?:[^']|(?<=[^\W\d_])'(?=[^\W\d_])){2,120})"""
    r"""|([^\s'";,|]{2,60}(?:\s(?!-)[^\s'";,|=]{1,60}(?![^\s'";,|]*=)){0,4}))"""
)
_NAME_VALUE, _OTHER_VALUE = re.compile(f"NAME{_NAMED}"), re.compile(_NAMED)
_MAIL_VALUE = re.compile(r"MAIL\\?[\"']?\s?[=:]\s?\\?[\"']?<?([\w.+-]{1,64})@")
# An apostrophe inside quotes of HTCondor's, and escapes of JSON.
_DOUBLED = re.compile(r"(?<=[^\W\d_])''(?=[^\W\d_])")
_JSON_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\([\\\"/])")
_LONGEST_NAME = 60
_PREFIX = re.compile(r"(?<![A-Z0-9])(?<![A-Z0-9]_)[A-Z0-9]+(?:_[A-Z0-9]+)*_?\Z")
_FIRST_OF_WORD = re.compile(r"(?<![A-Z0-9])[A-Z0-9]")
_LAST_OF_NAME = re.compile(r"""[A-Z0-9](?=\\?["']?\s?[=:])""")
# A person has a few addresses; a text with many in one variable, and many names, is not read pair by pair.
_MOST_PAIRS, _OF_EACH = 16, 2
# Variables with a person's name as their value, whatever is beside them.
_OF_PEOPLE = frozenset(
    (
        "GIT_AUTHOR", "GIT_COMMITTER", "FULL", "REAL", "USER_FULL", "USER_REAL", "DISPLAY", "AUTHOR", "OWNER",
        "SUBMITTER", "GITLAB_USER", "PERSON", "CONTACT", "DEBFULL", "JOB_OWNER", "USER_DISPLAY", "PI",
    )
)  # fmt: skip
# What the name of such a variable may end in.
_ENDS_OF_PEOPLE = (
    "_AUTHOR",
    "_COMMITTER",
    "_SUBMITTER",
    "_AUTHOR_DISPLAY",
    "_USER_DISPLAY",
    "_USER_FULL",
    "_USER_REAL",
)


def in_text(scan: Scan) -> Iterator[tuple[int, Subject]]:
    """Yield row and holder of each subject."""
    which, stops = scan.find(_MARKS)
    begins = ~_ARE_WORDS[which] | ~_IN_WORDS[scan.bytes_at(stops - _SIZES[which] - 1)]
    stops = stops[begins]
    if not stops.size:
        return
    starts, ends = _merged(scan.run_before(stops, ~_OUTSIDE, _BEFORE), scan.run_after(stops, ~_OUTSIDE, _AFTER))
    encoded = scan.slices(starts, ends).dictionary_encode()
    found = [[*_in_window(data.decode("utf-8", "replace"))] for data in encoded.dictionary.to_pylist()]
    for row, code in zip(scan.rows(starts).tolist(), encoded.indices.to_pylist(), strict=True):
        for subject in found[code]:
            yield row, subject


def _merged(starts: Positions, ends: Positions) -> tuple[Positions, Positions]:
    """Return the stretches that overlapping ones come to; ends ascend."""
    begins = np.concatenate(([True], starts[1:] >= ends[:-1]))
    first = np.flatnonzero(begins)
    return np.minimum.reduceat(starts, first), ends[np.append(first[1:], len(ends)) - 1]


def _in_window(text: str) -> Iterator[Subject]:
    texts = dict.fromkeys((text, _DOUBLED.sub("'", text), _JSON_ESCAPE.sub(_character, text)))
    yield from dict.fromkeys(subject for each in texts for subject in _found(each))


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else escape[2]


def _found(text: str) -> Iterator[Subject]:
    text = text.replace("\\/", "/")
    for part in _parts(text):
        begins = _BEGINS.search(part)
        if begins:
            start = begins.start() - (part[begins.start() - 1 : begins.start()] == "/")
            people = [*map(_shortened, subjects(part[start:]))]
            yield from people
            # Where a sentence goes on, the text after the name may spoil it.
            known = {name for person in people for name in person.names}
            if following := _IN_SENTENCE.search(part, start):
                found = subjects(part[start : following.end(1)])
                yield from (person for person in found if not known.issuperset(person.names))
    for encoded in _ENCODED.finditer(text):
        yield from subjects(unquote_plus(encoded[0]).lstrip("=")[_offset(unquote_plus(encoded[0])) :])
    if "CN_" in text:
        yield from _flattened(text)


def _offset(text: str) -> int:
    begins = _BEGINS.search(text)
    return max(begins.start() - 1, 0) if begins and text[begins.start() - 1 : begins.start()] == "/" else 0


def _parts(text: str) -> Iterator[str]:
    """Yield what is between quotes, options and variables."""
    start = 0
    for found in _STOPS.finditer(text):
        if found[1]:
            yield text[start : found.start()]
            start = found.end()
    yield text[start:]


def _shortened(subject: Subject) -> Subject:
    """Return the subject with names cut before small letters as well: ``Anna Example submitted this``."""
    names = list(subject.names)
    for name in subject.names:
        words = name.split(" ")
        count = next((place for place, word in enumerate(words) if word[:1].islower()), len(words))
        if 2 <= count < len(words):
            names.append(" ".join(words[:count]))
    return Subject(subject.handle, tuple(names), subject.others)


def _flattened(text: str) -> Iterator[Subject]:
    """Yield the holders of subjects in which signs became underscores: ``_CN_Anna_Example_123``."""
    user = _FLAT_ID.search(text)
    handles = [user[1]] if user and is_handle(user[1]) else []
    flat = (_BEHIND_NAME.sub("", found[1]) for found in _FLAT.finditer(text) if not found[1].startswith("UID_"))
    common = [value for value in flat if value]
    for place, value in enumerate(common):
        follows = common[place + 1] if place + 1 < len(common) else ""
        if follows.isdecimal() and is_handle(value) and "_" not in value:
            handles.append(value)
    names = [name for value in common if "_" in value for name in person_name(value.replace("_", " ")).names]
    if names or handles:
        yield Subject(handles[0] if handles else None, tuple(dict.fromkeys(names)), tuple(handles[1:]))


def in_name_variables(scan: Scan) -> Iterator[tuple[int, Subject]]:
    """Yield row and person of each variable of a name, with the local part of the address beside it for a handle."""
    for row, data in scan.texts_with(_NAME):
        text = _DOUBLED.sub("'", data.decode("utf-8", "replace"))
        addresses = {_prefix(text, found.start()): found[1] for found in _MAIL_VALUE.finditer(text)}
        for found in _NAME_VALUE.finditer(text):
            prefix = _prefix(text, found.start())
            if prefix in _OF_PEOPLE or prefix in addresses or prefix.endswith(_ENDS_OF_PEOPLE):
                yield from ((row, person) for person in _in_value(found, addresses.get(prefix)))
    for row, data in scan.texts_with(_MAIL):
        for value, handle in _beside_addresses(_DOUBLED.sub("'", data.decode("utf-8", "replace"))):
            yield from ((row, person) for person in _in_value(value, handle))


def _beside_addresses(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield the value of each variable beside an address, with the address's local part: of AUTHOR and AUTHOR_EMAIL.

    The text is read once, whatever the number of addresses.
    """
    handles: dict[str, dict[str, None]] = {}
    for address in _MAIL_VALUE.finditer(text):
        handles.setdefault(_prefix(text, address.start()), {})[address[1]] = None
    values: dict[str, dict[str, re.Match[str]]] = {name: {} for name in handles if len(name) > 1}
    for end in (last.end() for last in _LAST_OF_NAME.finditer(text)) if values else ():
        for first in _FIRST_OF_WORD.finditer(text, max(end - _LONGEST_NAME, 0), end):
            found = values.get(text[first.start() : end])
            if found is not None and (value := _OTHER_VALUE.match(text, end)):
                found.setdefault(value[0], value)
    for name, found in values.items():
        yield from _pairs([*found.values()], [*handles[name]])


def _pairs(values: Sequence[re.Match[str]], handles: Sequence[str]) -> Iterator[tuple[re.Match[str], str]]:
    """Return every pair of a value and a handle; of very many, so few that each value and each handle is in one."""
    most = max(len(values), len(handles))
    if len(values) * len(handles) <= max(_MOST_PAIRS, _OF_EACH * most):
        return product(values, handles)
    return islice(zip(cycle(values), cycle(handles)), most)


def _in_value(found: re.Match[str], handle: str | None) -> Iterator[Subject]:
    value = found[1] or found[2] or found[3]
    names = person_name(value).names
    if names and "  " in value:
        names = (*names, value)
    if names:
        yield Subject(handle if handle and is_handle(handle) else None, names)


def _prefix(text: str, end: int) -> str:
    """Return the beginning of a variable's name that ends there, without ``_`` and ``E``: of EMAIL, MAIL is the end."""
    found = _PREFIX.search(text[max(end - _LONGEST_NAME, 0) : end])
    return found[0].removesuffix("E").rstrip("_") if found else ""
