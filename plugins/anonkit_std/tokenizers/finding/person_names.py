"""Names of people in common names and name variables: with titles, numbers, handles and remarks beside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import attrs

__all__ = [
    "IN_ASCII", "PARTICLES", "PersonName", "is_derived", "is_dotted_name", "is_handle", "is_likely_surname",
    "person_name",
]  # fmt: skip

_ADDRESS = re.compile(r"<?([\w.+%'-]{1,64})@([\w.-]{1,128})>?", re.ASCII)
_REMARK = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_LABELLED = re.compile(r"(?<!\w)(?:UID|uid|userid|e-?mail(?:Address)?)\s*[:=]\s*(\S+)", re.IGNORECASE)
# Of a text with single blanks.
_DASH = re.compile(r"\s[-–—|]\s|\s[–—]|:\s")
_WORD = re.compile(r"[^\W\d_]+(?:['’.?-]+[^\W\d_]+)*[.?]?")
_SEPARATORS_ALONE = re.compile(r"[_.]+")
_HUMPS = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_HOST = re.compile(r"[\w*-]+(?:\.[\w-]+)+", re.ASCII)
_DOMAINS = frozenset(("local", "internal", "localdomain", "novalocal", "cluster", "cloud", "domain", "intern"))
# `host/…`, `http/…`, `PN: …` of a pseudonym, `GRP: …` of a group.
_SORT_OF_HOLDER = re.compile(r"[A-Za-z][\w-]*/|(?:PN|GRP|EXT)\s*[:-]")
_ROBOT = re.compile(r"robot\b\s*[:–—-]*\s*", re.IGNORECASE)
_HANDLE = re.compile(r"(?![0-9]+\()(?=.*[^\W\d_])[\w.$+'()-]{2,64}")
_CODE = re.compile(r"[A-Za-z]{1,2}[0-9]{4,8}")
# What some issuers write after a name to tell people apart, in letters of both cases: `aBcDeFgHiJkLmNoP`.
_OPAQUE = re.compile(r"(?:[A-Z0-9_-]*[a-z0-9_-]+[A-Z]+){3}[A-Za-z0-9_-]*")
_PLAIN_HANDLE = re.compile(r"[a-z][a-z0-9_.-]{1,31}")
_TITLES = frozenset(
    (
        "dr", "prof", "mr", "mrs", "ms", "miss", "ing", "dipl", "dipl-ing", "mgr", "rndr", "judr", "phdr", "mudr",
        "bc", "doc", "dott", "sir", "drs", "ir", "drrernat", "rer", "nat", "hon", "eng", "dr-ing", "mag",
    )
)  # fmt: skip
_SUFFIXES = frozenset(
    ("jr", "sr", "ii", "iii", "iv", "phd", "msc", "bsc", "csc", "drsc", "dis", "ma", "ba", "md", "esq", "mba", "mph")
)
# A name that is nothing but these, or ends in one of the second sort, is that of an account or an authority.
_OFFICES = frozenset(
    (
        "account", "accounts", "admin", "administrator", "analysis", "cert", "certificate", "computing", "cron",
        "data", "experiment", "grid", "group", "host", "job", "jobs", "limited", "manager", "management", "monte",
        "carlo", "operations", "operator", "operators", "ops", "personal", "pilot", "pilots", "pool", "pro",
        "production", "proxy", "robot", "robots", "role", "server", "service", "services", "shared", "simulation",
        "submit", "support", "system", "systems", "team", "test", "testing", "tokens", "transfer", "user", "users",
        "virtual", "client", "daemon", "monitoring", "factory", "frontend", "batch",
    )
)  # fmt: skip
_NO_SURNAMES = frozenset(
    (
        "authority", "ca", "certificate", "daemon", "factory", "frontend", "management", "monitoring", "production",
        "proxy", "robot", "robots", "server", "service", "services", "systems",
    )
)  # fmt: skip
PARTICLES = frozenset((
        "van", "von", "der", "den", "de", "la", "le", "di", "da", "del", "du", "dos", "ter", "ten", "zu", "al", "el",
        "bin", "ibn", "abu", "y", "i", "e",
    )
)  # fmt: skip
# What letters are written as where only ASCII will do, and no accent is on them.
IN_ASCII = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae", "ı": "i", "œ": "oe"}
)


@attrs.frozen
class PersonName:
    """Whom a common name names."""

    names: tuple[str, ...] = ()
    """Full names, parts between single blanks, the given name first."""
    handles: tuple[str, ...] = ()
    """Handles and local parts of addresses beside the names, or alone."""
    addresses: tuple[str, ...] = ()
    """Addresses with a number as their local part, and codes that an issuer gives to one person."""

    def __bool__(self) -> bool:
        return bool(self.names or self.handles or self.addresses)


def is_handle(text: str) -> bool:
    """Return whether a user id can be a handle."""
    return _HANDLE.fullmatch(text) is not None


def is_likely_surname(text: str) -> bool:
    """Return whether a word in the place of a surname is one, and not a common word."""
    return len(text) > 4 and _WORD.fullmatch(text) is not None and text.casefold() not in _OFFICES


def is_dotted_name(text: str) -> bool:
    """Return whether a text is a full name with dots between its parts, ``anna.k.example``, and no office's."""
    parts = text.split(".")
    are_words = len(parts) > 1 and all(map(str.isalpha, parts)) and len(parts[-1]) > 2
    return are_words and not any(part.casefold() in _OFFICES for part in parts)


def person_name(value: str, *, is_of_people: bool = False) -> PersonName:
    """Return the person of a common name; a false value for a host, a service and a number.

    `is_of_people` says that the name is certain to be a person's, however it reads.
    """
    value = " ".join(value.split())
    if _SORT_OF_HOLDER.match(value):
        return PersonName()
    robot = _ROBOT.match(value)
    rest = value[robot.end() :] if robot else value
    transcribed = _transcribed(rest)
    handles, addresses, rest = _beside(rest)
    names: list[str] = []
    before = ""
    for place, part in enumerate(part for part in _DASH.split(rest) if part):
        found = _Part.from_text(part)
        if found.is_name(is_of_people=is_of_people, is_robot=robot is not None, is_later=place > 0):
            names.append(" ".join(found.words))
            handles += [before] if is_derived(before, found.words) else []
            handles += found.handles
            addresses += found.codes
        elif names and robot is None and _PLAIN_HANDLE.fullmatch(part):
            handles.append(part)
        before = part
    names += transcribed if names else ()
    return PersonName(tuple(dict.fromkeys(names)), tuple(dict.fromkeys(handles)), tuple(dict.fromkeys(addresses)))


def _transcribed(value: str) -> list[str]:
    """Return the names in brackets where they or the name before them are in a script without letter case."""
    before, bracket, _ = value.partition("(")
    remarks = [" ".join(_given_first(found[1])) for found in _REMARK.finditer(value)] if bracket else []
    return [
        remark
        for remark in remarks
        if _is_without_case("".join(before.split())) != _is_without_case("".join(remark.split()))
        and all(map(_WORD.fullmatch, remark.split()))
    ]


def _beside(value: str) -> tuple[list[str], list[str], str]:
    """Return the handles and the addresses in a common name, and the value without them and without remarks."""
    handles, addresses = [], []
    for found in _ADDRESS.finditer(value):
        if found[1].casefold() in _OFFICES:
            continue
        if any(map(str.isalpha, found[1])):
            handles.append(found[1])
        else:
            addresses.append(f"{found[1]}@{found[2]}")
    labelled = (found[1] for found in _LABELLED.finditer(value))
    handles += [handle for handle in labelled if "@" not in handle and is_handle(handle)]
    handles += [found[1] for found in _REMARK.finditer(value) if _PLAIN_HANDLE.fullmatch(found[1])]
    rest = _REMARK.sub(" ", _ADDRESS.sub(" ", _LABELLED.sub(" ", value)))
    # A sign between the name and what is left out belongs to neither: `Anna Example - annak@example.org`.
    return handles, addresses, " ".join(rest.split()).strip(" -–—|/:;,")


@attrs.frozen
class _Part:
    """A common name, or a part of it between two dashes: words of a name, and the rest."""

    words: tuple[str, ...]
    handles: tuple[str, ...]
    codes: tuple[str, ...]

    @classmethod
    def from_text(cls, part: str) -> _Part:
        words = _given_first(part)
        if len(words) == 1:
            words = _apart(words[0])
        handles: list[str] = []
        codes: list[str] = []
        count = next((place for place, word in enumerate(words) if not any(map(str.isdigit, word))), len(words))
        words = words[count:]
        # The number of a proxy is followed by no name, but by the rest of a sentence: `CN=123 is not authorized`.
        if count and all(map(str.islower, words)):
            words = []
        while words and any(map(str.isdigit, words[-1])):
            last = words.pop()
            handles += [last] if is_derived(last, words) else []
            codes += [last] if _is_code(last) and last not in handles else []
        if len(words) > 2 and _is_code(words[-1]):
            codes.append(words.pop())
        words = _without_titles(words)
        if len(words) > 2 and is_derived(words[-1], words[:-1]):
            handles.append(words.pop())
        return cls(tuple(words), tuple(handles), tuple(codes))

    def is_name(self, *, is_of_people: bool, is_robot: bool, is_later: bool) -> bool:
        """Return whether the words are a person's name; one word is, in a script without letter case.

        `is_later`: another part of the subject's name is before them.
        """
        words = self.words
        if not words or not all(_WORD.fullmatch(_without_marks(word)) for word in words):
            return False
        if len(words) == 1:
            return _is_without_case(words[0]) and len(words[0]) > 1
        if (is_robot or is_later) and not all(map(_is_like_a_name, words)):
            return False
        return is_of_people or not _is_office(words, is_robot=is_robot and not is_later)


def _is_code(word: str) -> bool:
    return _CODE.fullmatch(word) is not None or (len(word) > 11 and _OPAQUE.fullmatch(word) is not None)


def _given_first(part: str) -> list[str]:
    """Return the words of a name, the given name first: of ``Example, Anna``, of ``Anna Example, PhD``."""
    before, comma, rest = (piece.strip() for piece in part.partition(","))
    if not comma:
        return part.split()
    after = [word for word in rest.replace(",", " ").split() if _plain(word) not in _SUFFIXES]
    return [*after, *before.split()]


def _apart(word: str) -> list[str]:
    """Return the words of a name that other signs than blanks part, or none: ``Anna_Example``, ``AnnaExample``."""
    if _HOST.fullmatch(word) and (word.islower() or word.isupper()):
        parts = word.split(".")
        is_name = len(parts) == 2 and all(map(str.isalpha, parts)) and len(parts[1]) > 4
        return parts if is_name and parts[1].casefold() not in _DOMAINS else [word]
    parts = [part for part in _SEPARATORS_ALONE.split(word) if part]
    if len(parts) == 1:
        parts = _HUMPS.split(word)
    if len(parts) == 1 and word.count("-") == 1:
        parts = word.split("-")
    are_names = len(parts) > 1 and (any(part[:1].isupper() for part in parts) or "_" in word)
    return parts if are_names else [word]


def _without_titles(words: list[str]) -> list[str]:
    first, last = 0, len(words)
    while first < last and _plain(words[first]) in _TITLES:
        first += 1
    while first < last and _plain(words[last - 1]) in _SUFFIXES:
        last -= 1
    # What would leave less than two words is a name.
    return words[first:last] if last - first > 1 else words


def _plain(word: str) -> str:
    return word.casefold().replace(".", "").strip(",")


def is_derived(word: str, names: Sequence[str]) -> bool:
    """Return whether a word in small letters after names that are not is a handle made of them."""
    if not _PLAIN_HANDLE.fullmatch(word) or word in PARTICLES or not all(name[:1].isupper() for name in names):
        return False
    letters = "".join(filter(str.isalpha, word))
    plain = ["".join(filter(str.isalnum, _ascii(name))) for name in names]
    return any(name[:3] in letters for name in plain if len(name) > 2)


def _ascii(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.translate(IN_ASCII)).casefold()
    return "".join(filter(str.isascii, folded))


def _is_office(words: Sequence[str], *, is_robot: bool) -> bool:
    folded = [word.casefold() for word in words]
    unlikely = folded if is_robot else folded[-1:]
    return all(word in _OFFICES for word in folded) or any(word in _NO_SURNAMES for word in unlikely)


def _is_like_a_name(word: str) -> bool:
    """Return whether a word is written like a name, and is not an abbreviation."""
    is_abbreviation = word.isupper() and 1 < len(word) < 5 and "." not in word
    return word in PARTICLES or (word[:1] != word[:1].lower() and not is_abbreviation) or _is_without_case(word)


def _is_without_case(word: str) -> bool:
    return word.lower() == word.upper() and _without_marks(word).isalpha()


def _without_marks(word: str) -> str:
    """Return a word without combining marks: vowels of some scripts, accents of decomposed letters."""
    return (
        word
        if word.isascii()
        else "".join(character for character in word if not unicodedata.category(character).startswith("M"))
    )
