"""Handles in the names of data sets and of tasks: ``user.annak:user.annak.raw``, ``231231_200812:annak_crab_reco``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonkit_std.tokenizers.finding.handles import Found
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["MARKS", "in_data_sets"]

_HANDLE = rb"[a-z][a-z0-9-]{2,31}"
# A task is named after its time, the person that submitted it and the request.
_TASK = re.compile(rb"(?<![0-9])[0-9]{6}_[0-9]{6}(?::|%3[Aa])(" + _HANDLE + rb")\Z")
# A data set is named with its scope before it, or is the output that a job asks for.
_SCOPE = re.compile(rb"(?<![A-Za-z0-9_.-])user\.(" + _HANDLE + rb")\Z")
_IN_SCOPE = re.compile(rb"(" + _HANDLE + rb")[.]")
_OUTPUT = re.compile(rb"""[ =]{1,3}["']?user\.(""" + _HANDLE + rb")[.]")


def in_data_sets(scan: Scan) -> Found:
    """Return the handles of the people that data sets and tasks are named after."""
    return Found.from_pairs((row, handle.decode()) for row, handle in _handles(scan))


def _handles(scan: Scan) -> Iterator[tuple[int, bytes]]:
    for which, row, before, behind in scan.around_marks(MARKS):
        if handle := _READERS[which](before, behind):
            yield row, handle


def _of_task(before: bytes, behind: bytes) -> bytes | None:
    task = _TASK.search(before)
    return task[1] if task else None


def _of_data_set(before: bytes, behind: bytes) -> bytes | None:
    scope, name = _SCOPE.search(before), _IN_SCOPE.match(behind)
    return scope[1] if scope and name and scope[1] == name[1] else None


def _of_output(before: bytes, behind: bytes) -> bytes | None:
    output = _OUTPUT.match(behind)
    return output[1] if output else None


# How the handle is read from the text before and behind each mark.
_READ_AT = {
    b"_crab_": _of_task,
    b":user.": _of_data_set,
    **dict.fromkeys((b"outDS", b"outds", b"inDS", b"inds"), _of_output),
}
MARKS, _READERS = tuple(_READ_AT), tuple(_READ_AT.values())
"""Every text with such a name holds one of these."""
