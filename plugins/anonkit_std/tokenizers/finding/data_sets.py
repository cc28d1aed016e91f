"""Handles in the names of data sets, of tasks and of requests for a production.

These are ``user.annak:user.annak.raw``, ``231231_200812:annak_crab_reco``, ``annak_task_RECO-2__v1_T_231231_200812_7``.
"""

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
_OPTION = re.compile(rb"""[ =]["']?user\.(""" + _HANDLE + rb""")(?=["'\s]|\Z)""")
_IN_SCOPE = re.compile(rb"(" + _HANDLE + rb")[.]")
_DATA_SET = re.compile(rb"(" + _HANDLE + rb"):(?=[A-Za-z0-9*])")
_IN_NAMES = re.compile(rb"[A-Za-z0-9_.$-]\Z")
# Settings of programs are named alike: `user.name`.
_SETTINGS = frozenset(
    (b"name", b"email", b"dir", b"home", b"language", b"country", b"timezone", b"info", b"signingkey")
)
# A request begins with the person, and ends in its time and a number.
_REQUESTED = (b"_task_", b"_ACDC", b"_RVCMSSW_")
_REQUESTOR = re.compile(rb"(?<![A-Za-z0-9_.-])(" + _HANDLE + rb")\Z")
_REQUEST = re.compile(rb"[\w-]{1,200}_[0-9]{6}_[0-9]{6}_[0-9]{1,6}(?![0-9A-Za-z])", re.ASCII)
# A request for what is asked for elsewhere has the name of that before its version: `annak_HIG-0001__v1_T_231231_…`.
_PREPARED = re.compile(rb"(" + _HANDLE + rb")_[A-Z]")
_OF_A_REQUEST = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"
_VERSION = re.compile(rb"[0-9]{1,4}_T_[0-9]{6}_[0-9]{6}_[0-9]{1,6}(?![0-9A-Za-z])")
_OUTPUT = re.compile(rb"""[ =]{1,3}["']?user\.(""" + _HANDLE + rb")[.]")


def in_data_sets(scan: Scan) -> Found:
    """Return the handles of the people that data sets and tasks are named after."""
    return Found.from_pairs((row, handle.decode()) for row, handle in _handles(scan))


def _handles(scan: Scan) -> Iterator[tuple[int, bytes]]:
    for which, row, before, after in scan.around_marks(MARKS):
        if handle := _READERS[which](before, after):
            yield row, handle


def _of_task(before: bytes, after: bytes) -> bytes | None:
    task = _TASK.search(before)
    return task[1] if task else None


def _of_data_set(before: bytes, after: bytes) -> bytes | None:
    scope, name = _SCOPE.search(before), _IN_SCOPE.match(after)
    # This mark covers the next one, `user.`, which begins a scope as well.
    return scope[1] if scope and name and scope[1] == name[1] else _in_scope(b"", after)


def _in_scope(before: bytes, after: bytes) -> bytes | None:
    scope = _DATA_SET.match(after)
    return scope[1] if scope and scope[1] not in _SETTINGS and not _IN_NAMES.search(before) else None


def _of_option(before: bytes, after: bytes) -> bytes | None:
    scope = _OPTION.match(after)
    return scope[1] if scope else None


def _of_request(before: bytes, after: bytes) -> bytes | None:
    requestor = _REQUESTOR.search(before)
    return requestor[1] if requestor and _REQUEST.match(after) else None


def _of_prepared(before: bytes, after: bytes) -> bytes | None:
    requestor = _PREPARED.match(before, len(before.rstrip(_OF_A_REQUEST)))
    return requestor[1] if requestor and _VERSION.match(after) else None


def _of_output(before: bytes, after: bytes) -> bytes | None:
    output = _OUTPUT.match(after)
    return output[1] if output else None


# How the handle is read from the text before and after each mark.
_READ_AT = {
    b"_crab_": _of_task,
    b":user.": _of_data_set,
    b"user.": _in_scope,
    b"--scope": _of_option,
    **dict.fromkeys(_REQUESTED, _of_request),
    b"__v": _of_prepared,
    **dict.fromkeys((b"outDS", b"outds", b"inDS", b"inds"), _of_output),
}
MARKS, _READERS = tuple(_READ_AT), tuple(_READ_AT.values())
"""Every text with such a name holds one of these."""
