"""Finding host names in text.

A file is named like a host, and so are a version and a package of Java. So a name must end as names of hosts do, in
one of the top-level domains that are in use where jobs run and are not file's ending, and name a host before its
domain: three parts, or four where the last two are not one owner's. Below domains that the options name, every name
is a host's. So is every name with a domain, whatever it is, in a column of hosts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cached_property

import attrs

from anonkit_std.tokenizers.finding import node_lists
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["DOT", "HostNames"]

_TOP_LEVEL = (
    "gov edu org net com int mil eu info local localdomain internal lan intra corp cern novalocal openstacklocal maas "
    "science "
    "at au be bg br ca ch cl cn cy cz de dk ee es fi fr gr hk hr hu ie il it jp kr lt lu lv mx nl no nz pt ro ru se sg "
    "si sk th tr tw ua uk us za"
)
# Below a country's domain, the domains that no organisation owns: `example.ac.uk`.
_SHARED = frozenset(("ac", "co", "com", "edu", "go", "gov", "govt", "lg", "ne", "net", "or", "org", "res", "sch"))
# What the name of a package of Java begins with.
_REVERSED = frozenset(("com", "edu", "gov", "io", "java", "javax", "net", "org"))
# In a path of the software archive this comes before the name of a repository.
_REPOSITORY = b"/cvmfs/"

_OF_A_NAME = bytes(byte for byte in range(128) if chr(byte).isalnum()) + b".-"
# The end of an escape looks like the beginning of a name: `host%3Dnode1.example.org`, `\u003dnode1.example.org`.
_IN_A_RUN = _OF_A_NAME + b"%\\"
_ESCAPE = re.compile(rb"%(?:25)*[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|.")
# The number of a job of another batch system, or of its task: `1234567[12].host.example.org`.
_NUMBERS = re.compile(r"(?:[0-9]{1,12}(?:\[[0-9]{0,12}\])?\.)+(?=[A-Za-z0-9_-])")
# In a column of hosts a name may have any domain, an underscore, and letters outside ASCII.
_CELL_LABEL = re.compile(r"\w(?:[\w-]{0,61}\w)?")
# Some pilots write this for a dot.
DOT = ".dot,"
# Nothing, and daemons: the names of these are everywhere.
_NO_HOSTS = frozenset((
    "unknown", "undefined", "none", "null", "error", "n/a", "na", "nan", "local", "localhost", "localhost.localdomain",
    "schedd", "startd", "master", "collector", "negotiator", "condor", "htcondor", "slot", "child", "unmapped",
    "family", "matchsession",
))  # fmt: skip
_OF_A_LABEL = _OF_A_NAME.replace(b".", b"")
_WITH_DOT_AND_COMMA = re.compile(rb"[A-Za-z0-9-]{1,63}(?:\.dot,[A-Za-z0-9-]{1,63}){0,8}")
_LEAST_IN_SLOT = 4
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ALIAS = re.compile(rb"([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?=[&>])")
_LONG = 8


@attrs.frozen(slots=False)
class HostNames:
    """Knows the names of hosts, by domains of the options and by hosts to keep, in which `*` is any text.

    A short name is a host's if it is unlikely to be a word, or `strong`.
    """

    domains: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()

    def in_text(self, scan: Scan) -> Iterator[tuple[int, str]]:
        """Yield row and spelling of every host name in the text."""
        for row, before, ending in scan.matches(self._ending):
            run = _after_escape(before[len(before.rstrip(_IN_A_RUN)) :])
            if run[-1:].isalnum() and not before[: len(before) - len(run)].endswith(_REPOSITORY):
                name = _without_number((run + ending).lstrip(b".-").decode("ascii"))
                if self.is_full(name):
                    yield row, name
        yield from self._with_dot_and_comma(scan)
        # A short name in `<192.0.2.1:9618?addrs=…&alias=node1&…>`.
        for row, before, after in scan.around(b"alias="):
            found = _ALIAS.match(after)
            name = found[1].decode("ascii") if found and before[-1:] in (b"?", b"&") else ""
            if "." not in name and self.is_short(name):
                yield row, name
        for row, entry in node_lists.in_text(scan):
            for name in self._in_entry(entry):
                yield row, name

    def _with_dot_and_comma(self, scan: Scan) -> Iterator[tuple[int, str]]:
        """Yield row and spelling of names with ``.dot,`` for a dot: no other name is written so."""
        for row, before, after in scan.around(DOT.encode()):
            first = before[len(before.rstrip(_OF_A_LABEL)) :]
            rest = _WITH_DOT_AND_COMMA.match(after)
            if first and rest and not before.endswith(DOT.encode() + first):
                name = f"{first.decode('ascii')}{DOT}{rest[0].decode('ascii')}"
                if any(map(str.isalpha, first.decode("ascii"))) and not self._is_kept(_plain(name)):
                    yield row, name

    def in_cells(self, cell: str) -> Iterator[str]:
        """Yield the hosts that a cell of a host column names, and each list of them in brackets as it is written."""
        for entry in node_lists.entries(cell):
            yield from self._in_entry(entry)

    def _in_entry(self, entry: str) -> Iterator[str]:
        """Yield the host of an entry; of ``node[01-04]`` that text and the nodes, unless it stays."""
        if not node_lists.is_node_list(entry):
            name = self.in_cell(entry)
            yield from () if name is None else (name,)
        elif not self._is_kept(entry.casefold()):
            yield entry
            yield from filter(self.in_cell, node_lists.nodes(entry))

    def in_cell(self, cell: str) -> str | None:
        """Return the host that a text alone names: ``slot1_2@node1``, ``node1#123.0#…``; None for none."""
        _, at, place = cell.strip().partition("#")[0].rpartition("//")[2].rpartition("@")
        name = _without_number(re.split(r"[:?/\s<>]", place, maxsplit=1)[0].rstrip("."))
        folded = _plain(name)
        if folded in _NO_HOSTS or self._is_kept(folded) or not any(map(str.isalpha, folded)):
            return None
        if not all(map(_CELL_LABEL.fullmatch, folded.split("."))):
            return None
        in_slot = bool(at) and len(folded) >= _LEAST_IN_SLOT
        return name if "." in folded or in_slot or self._is_telling(folded) else None

    def is_full(self, name: str) -> bool:
        """Return whether a name with a domain is a host's, and not one that stays."""
        folded = name.casefold()
        labels = folded.split(".")
        if not all(map(_LABEL.fullmatch, labels)) or self._is_kept(folded):
            return False
        if folded.endswith(self._own):
            return True
        least = 4 if len(labels[-1]) == 2 and labels[-2:-1] and labels[-2] in _SHARED else 3
        owner = labels[-least + 1] if len(labels) >= least else ""
        return (
            labels[-1] in self._top_level
            and len(owner) > 1
            and any(map(str.isalpha, owner))
            and labels[0] not in _REVERSED
            and any(char.isalpha() or char == "-" for char in labels[0])
        )

    def is_short(self, name: str) -> bool:
        """Return whether a name without a domain is unlikely to be a word, and not one that stays."""
        folded = name.casefold()
        word = _CELL_LABEL.fullmatch(folded) is not None and any(map(str.isalpha, folded))
        return word and folded not in _NO_HOSTS and self._is_telling(folded) and not self._is_kept(folded)

    def _is_telling(self, folded: str) -> bool:
        return len(folded) >= _LONG or any(map(str.isdigit, folded)) or folded in self._strong

    def _is_kept(self, folded: str) -> bool:
        return any(fnmatchcase(folded, pattern.casefold()) for pattern in self.keep)

    @cached_property
    def _strong(self) -> frozenset[str]:
        return frozenset(map(str.casefold, self.strong))

    @cached_property
    def _own(self) -> tuple[str, ...]:
        return tuple(f".{domain.casefold().strip('.')}" for domain in self.domains if domain.strip("."))

    @cached_property
    def _top_level(self) -> frozenset[str]:
        return frozenset(_TOP_LEVEL.split())

    @cached_property
    def _ending(self) -> re.Pattern[bytes]:
        last = sorted(self._top_level | {domain.rpartition(".")[2] for domain in self._own}, key=len, reverse=True)
        pattern = rf"\.(?i:{'|'.join(map(re.escape, last))})(?![A-Za-z0-9_-]|\.[A-Za-z0-9])"
        return re.compile(pattern.encode())


def _plain(name: str) -> str:
    return name.casefold().replace(DOT, ".")


def _after_escape(run: bytes) -> bytes:
    """Return what follows the last escape in a run of letters, percent signs and backslashes."""
    start = max(run.rfind(b"%"), run.rfind(b"\\"))
    escape = _ESCAPE.match(run, start) if start >= 0 else None
    return run[escape.end() :] if escape else run


def _without_number(name: str) -> str:
    """Return a name without the number of a job before it; a domain alone is not a host, so one label more stays."""
    numbers = _NUMBERS.match(name)
    if numbers is None:
        return name
    rest = name[numbers.end() :]
    return name if rest.count(".") == 1 else rest
