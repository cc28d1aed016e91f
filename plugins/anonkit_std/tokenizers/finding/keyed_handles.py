"""Handles as values of keys outside of environments, in sentences of logs, and before the host of a URL.

Keys are those of accounting records (``user=annak``), of ClassAds and their expressions (``Owner == "annak"``), and of
JSON (``"tm_username": "annak"``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from anonkit_std.tokenizers.finding.handles import Found
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["MARKS", "WHOLE_TEXTS", "in_keys"]

_HANDLE = rb"([A-Za-z][A-Za-z0-9_-]{2,31}(?:\.[A-Za-z][A-Za-z0-9_-]{2,31})?)"
_ENDS = rb"""(?=\\{0,3}["'\s,;|&)\]}]|@|\Z)"""
_PLAIN = re.compile(rb"""\\{0,3}["']?""" + _HANDLE + _ENDS)
_IN_TAG = re.compile(_HANDLE + rb"(?:@[\w.-]{1,128})?</")
# Of `owner: annak`, which may be the beginning of a sentence.
_LISTED = re.compile(rb"""["']?""" + _HANDLE + rb"""(?=["'](?!\w)|@|[,;)\]}]|\s*(?:\Z|\n|[A-Za-z_]{1,40}:))""")
_AFTER_SENTENCE = re.compile(rb"""["']?""" + _HANDLE + rb"""(?=["'\s,;|&):@]|\.?\Z)""")
_QUOTED = re.compile(rb"""\\{0,3}["']""" + _HANDLE + rb"""(?=\\{0,3}["']|@)""")
# The ends of names of keys, the first letter in either case.
_KEYS = (
    b"user", b"User", b"USER", b"owner", b"Owner", b"login", b"submitter", b"Submitter", b"resubmitter", b"requestor",
    b"requester", b"username", b"Username", b"UserName", b"userName",
)  # fmt: skip
_JSON_KEYS = (*_KEYS, b"eppn", b'"sub', b"uid", b"UserHN", b"LocalUserId")
_SIGNS_BEFORE_QUOTES = (b" = ", b" == ", b" =?= ", b" =!= ", b"==", b"=?=", b"=!=")
_ASSIGNED = tuple(key + b"=" for key in _KEYS)
_COMPARED = tuple(key + sign for key, sign in product(_KEYS, _SIGNS_BEFORE_QUOTES))
# JSON in a value of JSON, in a value of JSON, has three backslashes before its quotes; a shell takes one of them.
_QUOTES = (*(b"\\" * count + b'"' for count in range(4)), b"'")
_IN_JSON = tuple(key + quote + colon for key, quote, colon in product(_JSON_KEYS, _QUOTES, (b": ", b":")))
_SENTENCES = (
    b"(by user ", b"session opened for user ", b"session closed for user ", b"Accepted publickey for ",
    b"Accepted password for ", b"Accepted gssapi-with-mic for ", b"Accepted keyboard-interactive/pam for ",
    b"Failed password for ", b"Failed password for invalid user ", b"setfacl -m u:",
    b"setfacl -m user:", b"chown ", b"chown -R ",
    b"quota -u ",
    b"# owner: ", b"--accounting-group-user ", b"--accounting-group-user=", b"scancel -u ", b"bjobs -u ", b"qdel -u ",
    b"dirac-admin-get-proxy ", b"sacct -u ", b"sshare -u ", b"metacat auth login -m x509 ",
    b"metacat auth login -m password ", b"metacat auth login -m token ",
)  # fmt: skip
_TAGS = tuple(b"<%b>" % key for key in (b"user", b"User", b"owner", b"Owner", b"username", b"UserName", b"login"))
_LISTS = (b"owner: ", b"Owner: ", b"user: ", b"User: ", b"username: ", b"Username: ", b"submitter: ", b"Submitter: ")
# By the pattern of what follows each mark.
_SORTS: tuple[tuple[re.Pattern[bytes], tuple[bytes, ...]], ...] = (
    (_PLAIN, _ASSIGNED), (_QUOTED, (*_COMPARED, *_IN_JSON)), (_IN_TAG, _TAGS), (_LISTED, _LISTS),
    (_AFTER_SENTENCE, _SENTENCES),
)  # fmt: skip
_VALUE_MARKS = tuple(mark for _, marks in _SORTS for mark in marks)
_VALUES = tuple(value for value, marks in _SORTS for _ in marks)
_BATCH = b"batch "
MARKS = (*_VALUE_MARKS, _BATCH, b"://")
"""Every text with a handle as the value of a key, in a sentence or in a URL holds one of these."""
# A value that says something else, or nothing.
_NO_VALUES = frozenset(
    (
        b"any", b"auto", b"current", b"false", b"none", b"null", b"only", b"other", b"owner", b"self", b"that", b"this",
        b"true", b"undefined", b"unset", b"yes", b"not",
    )
)  # fmt: skip
_BEFORE_HOST = re.compile(rb"""://([A-Za-z][A-Za-z0-9_-]{2,31})(?::[^\s@/"']{0,128})?@(?=[A-Za-z0-9\[])""")
_OF_BATCH = re.compile(rb"[a-z]{2,8} " + _HANDLE + rb"@(?=[A-Za-z0-9])")
_ENDS_IN_WORD = re.compile(rb"\w\Z")
# Accounts of services, in place of which a token is given.
_NO_PEOPLE = frozenset((b"git", b"oauth2", b"oauth", b"token", b"x-access-token", b"gitlab-ci-token", b"svn", b"hg"))
WHOLE_TEXTS = (
    *(f"{key.decode()} " for key in _KEYS),
    *(mark.decode() for mark in _LISTS),
    *(f"{key.decode()}{quote.decode()}: " for key, quote in product(_JSON_KEYS, _QUOTES)),
    "(by ", "opened ", "closed ", "publickey ", "password ", "gssapi-with-mic ", "keyboard-interactive/pam ",
    "setfacl ",
    "chown ", "quota ", "owner: ", "--accounting-group-user ", "scancel ", "bjobs ", "qdel ", "dirac-admin-get-proxy ",
    "batch ", "sacct ", "sshare ", "metacat ",
)  # fmt: skip
"""Marks of texts in which a handle follows a blank."""


def in_keys(scan: Scan) -> Found:
    """Return the handles that keys, sentences and URLs name."""
    return Found.from_pairs((row, handle.decode()) for row, handle in _handles(scan))


def _handles(scan: Scan) -> Iterator[tuple[int, bytes]]:
    for which, row, _, behind in scan.around_marks(_VALUE_MARKS):
        value = _VALUES[which].match(behind)
        if value and value[1].lower() not in _NO_VALUES:
            yield row, value[1]
    for row, _, found in scan.matches(_BEFORE_HOST):
        handle = found[3:].partition(b"@")[0].partition(b":")[0]
        if handle.lower() not in _NO_PEOPLE:
            yield row, handle
    for row, before, behind in scan.around(_BATCH):
        batch = _OF_BATCH.match(behind)
        if batch and not _ENDS_IN_WORD.search(before):
            yield row, batch[1]
