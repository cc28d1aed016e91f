"""Handles in the names of data sets and of tasks: ``user.annak:user.annak.raw``, ``231231_200812:annak_crab_reco``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonkit_std.tokenizers.finding.handles import Found
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["in_data_sets"]

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
    for row, before, _ in scan.around(b"_crab_"):
        if task := _TASK.search(before):
            yield row, task[1]
    for row, before, behind in scan.around(b":user."):
        scope, name = _SCOPE.search(before), _IN_SCOPE.match(behind)
        if scope and name and scope[1] == name[1]:
            yield row, scope[1]
    for _, row, _, behind in scan.around_marks((b"outDS", b"outds", b"inDS", b"inds")):
        if output := _OUTPUT.match(behind):
            yield row, output[1]
