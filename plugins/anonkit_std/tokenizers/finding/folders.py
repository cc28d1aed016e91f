"""Handles in paths: home folders and personal folders of every common shape, and caches of credentials.

Places are found in arrays; what follows each is read once for each distinct text. A folder in such a place is only
likely to be a person's: ``/home/X/Y`` may be the person X or the group X with the person Y. Both are returned, Y with X
for its parent. The folder below ``/pnfs`` or ``/exp`` is a group's, and shows that its name is not a person's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from string import digits

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Flags, Positions
from anonkit_std.tokenizers.finding.folder_words import AREAS, EXTENSIONS, OWN_FOLDERS
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["MARKS", "RULES", "FoundInFolders", "Person", "in_folders", "is_below_initials"]

# The longest part of a path that is read, and what ends one.
_REACH = 80
_ENDS = np.isin(np.arange(256), np.frombuffer(bytes(range(0x21)) + b"\"'`,;:)]}>|&?#@\\", np.uint8))

_HANDLE = r"[a-z][a-z0-9_-]{2,31}"
_PERSON = re.compile(_HANDLE)
_DOTTED = re.compile(r"[a-z][a-z0-9_-]{0,31}(?:\.[a-z][a-z0-9_-]{2,31}){1,2}")
# The same as the name of a folder, which is no file's for its last part: `anna.k`.
_DOTTED_FOLDER = re.compile(r"[a-z][a-z-]{1,31}(?:\.[a-z]{1,31}[0-9]{0,3}){1,2}")
_ANY_CASE = re.compile(r"[^\W\d_][\w-]{2,31}(?:\.[^\W\d_][\w-]{0,31}){0,2}")
_WITH_HASH = re.compile(rf"({_HANDLE})(?:\.[0-9a-f]{{6,64}})?")
_DATED = re.compile(r"20[0-9]{2}[-_.]?[01][0-9]")
_BELOW_GROUP = re.compile(r"[a-z]{4,14}[0-9]{0,2}")
_AREA = re.compile(
    r"u?[0-9]{1,6}|[\w-]+(?:\.[\w-]+)*\."
    r"(?:org|net|edu|gov|com|int|local|lan|at|au|be|br|ca|ch|cn|cz|de|dk|es|eu|fi|fr|gr|hu|il|in|it|jp|kr|mx|nl|no|pl|"
    r"pt|ro|ru|se|si|sk|tr|tw|uk|us)",
    re.ASCII,
)
# A group whose name looks like a numbered account's: of `/home/belle2/annak` the second is the person.
# Institutes below a university: of `/home/kit/ikp/annak`, `/home/fr/fr_ph/fr_ak12`, the third is the person.
_INSTITUTE = re.compile(r"kit/[a-z]{2,4}|([a-z]{2})/(?:(?!\1)[a-z]{2,4}|\1_[a-z0-9_-]{2,24})")
_NUMBERED_GROUP = re.compile(r"[a-z]{2,12}[1-9]")
# Where people are below projects and allocations: `/users/PAS1234/annak`, `/work2/01234/annak`.
_PROJECT, _ALLOCATION = re.compile(r"[A-Z]{3}[0-9]{2,5}"), re.compile(r"[0-9]{5,6}")
_POOL_ACCOUNT = re.compile(
    r"(?:alice|atlas|belle|cms|dteam|dune|glow|grid|icecube|lhcb|nova|ops|osg|osgvo|pil|pilot|plt|pool|prd|prod|sgm|"
    r"uscms|usatlas|uboone|virgo|ligo|[a-z]+(?:prd|prod|plt|sgm|pil|pilot|pool))-?[0-9]+"
)


@attrs.frozen
class Person:
    """A name in a path."""

    handle: str
    parent: str | None = None
    """The folder above, which may be the person instead."""
    is_group: bool = False
    """Whether the name is a group's, and no person's."""
    initials: str = ""
    """The folders above that are its first letters, with their slashes: ``a/``."""

    @property
    def below_initials(self) -> str:
        """The handle with the first letters above it, as a path has them."""
        return self.initials + self.handle


Rule = Callable[[str], Iterator[Person]]
"""Reads what follows a mark, up to what ends a path."""


def _components(path: str) -> list[str]:
    """Return the parts of a path that begins with a slash; the last is empty if the path ends with a slash."""
    return path.split("/")[1:] if path.startswith("/") else []


def _is_person(parts: list[str], place: int, pattern: re.Pattern[str] = _PERSON) -> bool:
    """Return whether the part at a place can be a handle: no file, no numbered account."""
    if place >= len(parts):
        return False
    name = parts[place]
    if _POOL_ACCOUNT.fullmatch(name):
        return False
    if pattern.fullmatch(name) and "." not in name:
        return True
    is_last = place == len(parts) - 1
    if pattern is _PERSON:
        pattern = _DOTTED if is_last or _DOTTED.fullmatch(name) else _DOTTED_FOLDER
    return not (is_last and name.rpartition(".")[2] in EXTENSIONS) and pattern.fullmatch(name) is not None


def _initials(parts: list[str]) -> int:
    """Return how many parts are the first letters of the one after them: ``a/annak``, ``an/annak``, ``a/an/annak``."""
    for count in (2, 1):
        name = parts[count] if len(parts) > count else ""
        if name and all(
            1 <= len(initial) <= 2 and name.startswith(initial) and len(name) > 2 for initial in parts[:count]
        ):
            return count
    return 0


def is_below_initials(text: str) -> bool:
    """Return whether a text is a name below its first letters: ``a/annak``."""
    parts = text.split("/")
    return len(parts) > 1 and _initials(parts) == len(parts) - 1


def _person(parts: list[str], place: int) -> Person:
    """Return the person at a place below first letters."""
    return Person(parts[place], initials="".join(f"{initial}/" for initial in parts[:place]))


def _people(path: str) -> Iterator[Person]:
    parts = _components(path)
    parts = parts[1:] if _PROJECT.fullmatch(parts[0] if len(parts) > 1 else "") else parts
    place = _initials(parts)
    if _is_person(parts, place):
        yield _person(parts, place)


def _people_in_any_case(path: str) -> Iterator[Person]:
    parts = _components(path)
    if _is_person(parts, 0, _ANY_CASE):
        yield Person(parts[0])


def _people_or_files(path: str) -> Iterator[Person]:
    """Of a folder that need not be a person's: a person's has something in it, or is below a folder of one letter."""
    parts = _components(path)
    place = _initials(parts)
    if (place or len(parts) > 1) and _is_person(parts, place):
        yield _person(parts, place)


def _people_below_initials(path: str) -> Iterator[Person]:
    """Also below the number of an allocation."""
    parts = _components(path)
    place = _initials(parts)
    if place and _is_person(parts, place):
        yield _person(parts, place)
    elif parts and _ALLOCATION.fullmatch(parts[0]) and _is_person(parts, 1):
        yield Person(parts[1])


def _home(path: str) -> Iterator[Person]:
    parts = _components(path)
    place = _initials(parts)
    while not place and len(parts) > 1 and (parts[0] in AREAS or _AREA.fullmatch(parts[0])):
        parts = parts[1:]
        place = _initials(parts)
    if place == 0 and len(parts) > 2 and _NUMBERED_GROUP.fullmatch(parts[0]) and not _is_person(parts, 0):
        parts = parts[1:]
    if len(parts) > 3 and _INSTITUTE.fullmatch("/".join(parts[:2])):
        if _is_person(parts, 2) and parts[2] not in OWN_FOLDERS:
            yield Person(parts[2])
        return
    if not _is_person(parts, place):
        return
    yield _person(parts, place)
    below = parts[place + 1] if len(parts) > place + 2 and not place else ""
    if _BELOW_GROUP.fullmatch(below) and below.rstrip(digits) not in OWN_FOLDERS and not _POOL_ACCOUNT.fullmatch(below):
        yield Person(below, parts[place])


def _uploads(path: str) -> Iterator[Person]:
    """Of ``/GROUP/annak/2023_12_31…``, or without the group."""
    parts = _components(path)
    if len(parts) > 1 and _DATED.match(parts[1]) and _is_person(parts, 0):
        yield Person(parts[0])
    elif len(parts) > 2 and _is_person(parts, 1):
        yield Person(parts[1])
        yield Person(parts[0], is_group=True)


def _owners(path: str) -> Iterator[Person]:
    """Of ``/annak`` or ``/annak.HASH``."""
    parts = _components(path)
    if parts[:1] == ["rucio"]:
        return
    named = _WITH_HASH.fullmatch(parts[0]) if parts else None
    if named and not _POOL_ACCOUNT.fullmatch(named[1]):
        yield Person(named[1])
    else:
        yield from _people(path)


def _below_group(path: str) -> Iterator[Person]:
    """Of ``/GROUP/annak``."""
    parts = _components(path)
    if len(parts) > 1 and _is_person(parts, 1):
        yield Person(parts[1])


def _group(path: str) -> Iterator[Person]:
    parts = _components(path)
    if parts and re.fullmatch(r"[a-z][a-z0-9_-]{1,31}(?:\.[\w.-]*)?", parts[0]):
        yield Person(parts[0].partition(".")[0], is_group=True)


def _credential(name: str) -> Iterator[Person]:
    """Of ``annak``, ``annak_Role``, ``annak_aB3xyz``; a number is a user's ID, ``voms_nova_Role`` a group's file."""
    found = re.fullmatch(r"([a-z][a-z0-9-]*(?:_[a-z][a-z0-9-]*)*?)(?:_(?=[a-z0-9]*[A-Z0-9])\w+)?(?:\.[\w.]*)?", name)
    if found and 3 <= len(found[1]) <= 32 and not re.fullmatch(r"u?[0-9]+", found[1]):
        yield Person(found[1].removeprefix("voms_"), is_group=found[1].startswith("voms_"))


def _credential_file(path: str) -> Iterator[Person]:
    """Of ``/annak.cred``, and of ``/annak/x.use``."""
    parts = [part.partition(".")[0] for part in _components(path)]
    if _is_person(parts, 0):
        yield Person(parts[0])


def _person_first(path: str) -> Iterator[Person]:
    yield from _people(f"/{path}")


_USERS = (b"ser", b"sers")
RULES: dict[bytes, Rule] = {
    **dict.fromkeys((b"/home", *(b"/home%d" % n for n in range(10)), *(b"/home%02d" % n for n in range(1, 21))), _home),
    **dict.fromkeys((b"/nashome", b"/homes", b"/users", b"/usr/people", b"/rhome", b"/uhome", b"/eos/user"), _people),
    **dict.fromkeys((b"/var/mail", b"/var/spool/mail", b"/var/spool/cron", b"/osgconnect/public"), _people),
    **dict.fromkeys((*(b"/eos/home-%c" % letter for letter in range(97, 123)), b"/3DayLifetime"), _people),
    **dict.fromkeys((b"/star/u", b"/phenix/u", b"/sd", b"/gangadir/workspace"), _people_or_files),
    **dict.fromkeys(
        (b"/oauth_credentials", b"/condor/credentials", b"/condor/credential", b"/krb_credentials"), _credential_file
    ),
    **dict.fromkeys((b"/home$", b"/homes$", b"/users$"), _people),
    **dict.fromkeys((b"/ospool/ap20/data", b"/ospool/ap21/data", b"/ospool/ap22/data", b"/ospool/ap40/data"), _people),
    **dict.fromkeys(
        (b"/sdcc/u", b"/usatlas/u", b"/usatlas+u", b"/uscms_data/d1", b"/uscms_data/d2", b"/uscms_data/d3"), _people
    ),
    **dict.fromkeys((b"/Users",), _people_in_any_case),
    b"/user": _people_or_files,
    b"/u/": lambda path: _people_or_files(f"/{path}"),
    **dict.fromkeys(
        (*(b"/work%d" % n for n in (1, 2, 3)), *(b"/scratch%d" % n for n in (1, 2, 3))), _people_below_initials
    ),
    **dict.fromkeys(
        (b"/sphenix/u", b"/rubin/u", b"/phenix+u", b"/star+u", b"/ospool/PROTECTED", b"/fslhome", b"/userexternal"),
        _people,
    ),
    **dict.fromkeys((b"/expanse/lustre/scratch", b"/oasis/scratch/comet"), _people),
    **dict.fromkeys((b"/expanse/lustre/projects", b"/ocean/projects", b"/rech"), _below_group),
    **dict.fromkeys((b"/work", b"/u1", b"/u2", b"/scratch", b"/staging", b"/pscratch/sd"), _people_below_initials),
    **dict.fromkeys((b"/uploads", b"/dropbox"), _uploads),
    **dict.fromkeys((b"/store/user", b"/store/user/rucio", b"/temp/user"), _owners),
    **dict.fromkeys((b"/pnfs", b"/exp", b"/cvmfs"), _group),
    **dict.fromkeys((b"/oauth/creds", b"/dss/dsshome1"), _below_group),
    **dict.fromkeys((b"x509cc_", b"x509up_", b"krb5cc_"), _credential),
    **dict.fromkeys((b"~", b"%7E", b"%7e", b"pytest-of-", b"hsperfdata_", b"torchinductor_"), _person_first),
}
# The longest mark counts: of `/star/user` that is not `/star/u`.
RULES |= {mark + rest: RULES[b"/u" + rest] for mark in [*RULES] if mark[-2:] == b"/u" for rest in _USERS}
"""For each mark, the names in the path after it."""
# These begin a word, or a path.
_FIRST = frozenset((b"~", b"/u/", b"/exp", b"/pnfs", b"/cvmfs"))
MARKS = tuple(RULES)
"""The texts before names."""
_IN_WORDS = np.isin(
    np.arange(256), np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~", np.uint8)
)
_SIZES = np.array([len(mark) for mark in MARKS], np.int64)
_ARE_FIRST = np.array([mark in _FIRST for mark in MARKS], np.bool_)
_ARE_FOLDERS = np.array([mark[:1] == b"/" != mark[-1:] for mark in MARKS], np.bool_)


@attrs.frozen(eq=False)
class FoundInFolders:
    """Names found in paths of texts, with repeats: `people[codes[i]]` is in the text at `rows[i]`."""

    rows: Positions
    codes: Positions
    people: tuple[Person, ...]


def in_folders(scan: Scan) -> FoundInFolders:
    """Return the names in home folders, personal folders and caches of credentials."""
    which, stops = scan.find(MARKS)
    begins = _begins(scan, which, stops)
    which, stops = which[begins], stops[begins]
    ends = scan.first_after(stops, _ENDS, _REACH)
    people: dict[Person, int] = {}
    rows, codes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for mark in np.unique(which).tolist():
        here = np.flatnonzero(which == mark)
        texts, found = _people_in(scan.slices(stops[here], ends[here]), RULES[MARKS[mark]], people)
        rows.append(scan.rows(stops[here])[texts])
        codes.append(found)
    return FoundInFolders(np.concatenate(rows), np.concatenate(codes), tuple(people))


def _people_in(paths: pa.Array, rule: Rule, people: dict[Person, int]) -> tuple[Positions, Positions]:
    """Return for each name that a rule reads which of the paths (binary) has it, and its number in `people`.

    New people are entered there. Equal paths are read once.
    """
    encoded = paths.dictionary_encode()
    read = (rule(path.decode("utf-8", "replace")) for path in encoded.dictionary.to_pylist())
    numbers = [[people.setdefault(person, len(people)) for person in found] for found in read]
    lists = pa.array(numbers, pa.list_(pa.int64())).take(encoded.indices)
    return pc.list_parent_indices(lists).to_numpy(), pc.list_flatten(lists).to_numpy()


def _begins(scan: Scan, which: Positions, stops: Positions) -> Flags:
    """Return which marks are one: a folder is followed by a slash, and some are at the beginning of a path alone."""
    before = scan.bytes_at(stops - _SIZES[which] - 1)
    after = scan.bytes_at(stops)
    begins: Flags = (~_ARE_FOLDERS[which] | (after == ord("/"))) & ~(_ARE_FIRST[which] & _IN_WORDS[before])
    return begins
