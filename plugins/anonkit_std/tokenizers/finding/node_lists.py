"""Lists of hosts as batch systems write them: ``node[01-04,07],login1``, ``node12/0+node13/1``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["WHOLE_TEXTS", "entries", "in_text", "is_node_list", "nodes"]

WHOLE_TEXTS = ("--nodelist ",)
"""Marks of texts in which a list follows a blank."""

_RANGE = r"[0-9]{1,9}(?:-[0-9]{1,9})?"
_RANGES = re.compile(rf"\[({_RANGE}(?:,{_RANGE})*)\]")
_NODES = re.compile(rf"(?=[A-Za-z])(?:[\w.-]{{0,63}}\[{_RANGE}(?:,{_RANGE}){{0,4095}}\]){{1,4}}[\w.-]{{0,128}}")
_ENTRY = re.compile(r"(?:[^,+\[]|\[[^\[\]]*\]?)+")
_MARKS = (b"NODELIST", b"NodeList", b"nodelist", b"exec_host", b"exec_vnode")
_LISTED = re.compile(rb"""\\{0,3}["']?(?: ?[=:] ?| )\\{0,3}["']?([A-Za-z(][A-Za-z0-9_.,+/*:=()\[\]-]{1,4096})""")
# An address of HTCondor's, which holds these signs for itself, and names with `.dot,` for a dot.
_OTHERS = re.compile(r"[<>?&]|\.dot,")
# Of a longer list, which is known as a whole, not every node is known by itself.
_MOST = 1024


def entries(cell: str) -> list[str]:
    """Return the hosts and lists in brackets of a cell that names several; the cell alone if it names one."""
    return [cell] if _OTHERS.search(cell) else [entry.strip() for entry in _ENTRY.findall(cell)]


def in_text(scan: Scan) -> Iterator[tuple[int, str]]:
    """Yield row and text of each host, and of each list in brackets, in a variable or an option that lists nodes."""
    for _, row, _, after in scan.around_marks(_MARKS):
        listed = _LISTED.match(after)
        for entry in entries(listed[1].decode("ascii")) if listed else ():
            yield row, entry.lstrip("(").rstrip(")")


def is_node_list(entry: str) -> bool:
    """Return whether a text is a list in brackets: ``node[01-04,07]``."""
    return "[" in entry and _NODES.fullmatch(entry) is not None


def nodes(entry: str) -> Iterator[str]:
    """Yield the names of the nodes of a list in brackets, the first 1,024: of ``node[01-02]`` node01 and node02."""
    parts = [_numbers(part) if place % 2 else (part,) for place, part in enumerate(_RANGES.split(entry))]
    yield from islice(map("".join, product(*parts)), _MOST)


def _numbers(ranges: str) -> tuple[str, ...]:
    """Return the numbers of ``01-04,07``, with their zeros before them."""
    return tuple(islice((number for part in ranges.split(",") for number in _of_range(part)), _MOST))


def _of_range(part: str) -> Iterator[str]:
    first, _, last = part.partition("-")
    for number in range(int(first), int(last or first) + 1):
        yield str(number).zfill(len(first))
