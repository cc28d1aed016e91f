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

__all__ = ["MARKS", "NO_PEOPLE", "NO_VALUES", "WHOLE_TEXTS", "in_keys"]

_HANDLE = rb"([A-Za-z][A-Za-z0-9_-]{2,31}(?:\.[A-Za-z][A-Za-z0-9_-]{2,31})?)"
# Slurm writes a number after the handle, Windows a domain before it: ``UserId=annak(5012)``, ``EXAMPLE\annak``.
_ENDS = rb"""(?=\\{0,3}["'\s,;|&)\]}]|@|\([0-9]|\Z)"""
_PLAIN = re.compile(rb"""\\{0,3}["']?(?:[A-Z][A-Z0-9.-]{1,20}\\{1,4})?""" + _HANDLE + _ENDS)
# What is there may be a full name instead.
_FULL_NAME = re.compile(rb"""\\{0,3}["']?[A-Z][a-z'-]{1,30} [A-Z][a-z'-]{1,30}(?![\w=])""")
_IN_TAG = re.compile(_HANDLE + rb"(?:@[\w.-]{1,128})?</")
_OPENED = re.compile(rb"<(?:\w{1,12}:)?\w{0,12}\Z")
# Of `owner: annak`, which may be the beginning of a sentence.
_LISTED = re.compile(rb"""["']?""" + _HANDLE + rb"""(?=["'](?!\w)|@|[,;)\]}]|\s*(?:\Z|\n|[A-Za-z_]{1,40}:))""")
_AFTER_SENTENCE = re.compile(rb"""["']?""" + _HANDLE + rb"""(?=["'\s,;|&):@]|\.?\Z)""")
_QUOTED = re.compile(rb"""\\{0,3}["']""" + _HANDLE + rb"""(?=\\{0,3}["']|@)""")
# The ends of names of keys, in each case that is in use.
_KEYS = (
    b"user", b"User", b"USER", b"owner", b"Owner", b"OWNER", b"login", b"LOGIN", b"submitter", b"Submitter",
    b"SUBMITTER", b"resubmitter", b"requestor", b"REQUESTOR", b"requester", b"REQUESTER", b"username", b"Username",
    b"UserName", b"userName", b"USERNAME", b"user_name", b"USER_NAME", b"UserId", b"userId", b"user_id", b"USER_ID",
    b"USERID", b"submitted_by", b"SUBMITTED_BY", b"submittedBy", b"created_by", b"CREATED_BY", b"createdBy",
    b"launched_by", b"LAUNCHED_BY", b"launchedBy", b"started_by", b"STARTED_BY", b"startedBy", b"_AUTHOR",
    b"PrincipalName",
)  # fmt: skip
_JSON_KEYS = (*_KEYS, b"eppn", b"upn", b'"sub', b"uid", b"UserHN", b"unix_name", b"nickname")
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
    b"metacat auth login -m password ", b"metacat auth login -m token ", b"ubmitted by user ", b"nickname = ",
)  # fmt: skip
_TAGS = tuple(
    key + b">"
    for key in (b"user", b"User", b"owner", b"Owner", b"username", b"UserName", b"login", b"UserId", b"LocalUser")
)
# LSF writes values in angle brackets: `Job <5>, User <annak>, Project <x>`, `from host <node1> by user <annak>`.
_BRACKETED = re.compile(_HANDLE + rb"(?=>)")
_IN_BRACKETS = (b", User <", b"by user <")
_LISTS = (
    b"owner: ", b"Owner: ", b"user: ", b"User: ", b"username: ", b"Username: ", b"submitter: ", b"Submitter: ",
    b"UserId: ", b"LocalUser: ",
)  # fmt: skip
# Of the record of how a job ended; without a domain it says who did it in words.
_ENDED_BY = (b'Who = "', b'Who="', b'"Who": "', b'"Who":"', b"'Who': '")
_WITH_DOMAIN = re.compile(_HANDLE + rb"(?=@)")
# The pattern of the value after each mark, and its marks.
_SORTS: tuple[tuple[re.Pattern[bytes], tuple[bytes, ...]], ...] = (
    (_PLAIN, _ASSIGNED), (_QUOTED, (*_COMPARED, *_IN_JSON)), (_IN_TAG, _TAGS), (_LISTED, _LISTS),
    (_AFTER_SENTENCE, _SENTENCES), (_WITH_DOMAIN, _ENDED_BY), (_BRACKETED, _IN_BRACKETS),
)  # fmt: skip
_VALUE_MARKS = tuple(mark for _, marks in _SORTS for mark in marks)
_VALUES = tuple(value for value, marks in _SORTS for _ in marks)
_BATCH = b"batch "
MARKS = (*_VALUE_MARKS, _BATCH, b"://")
"""Every text with a handle as the value of a key, in a sentence or in a URL holds one of these."""
NO_VALUES = frozenset(
    (
        b"any", b"auto", b"current", b"false", b"none", b"null", b"only", b"other", b"owner", b"self", b"that", b"this",
        b"true", b"undefined", b"unset", b"yes", b"not",
    )
)  # fmt: skip
"""The values of keys of users that say something else, or nothing."""
_BEFORE_HOST = re.compile(rb"""://([A-Za-z][A-Za-z0-9_-]{2,31})(?::[^\s@/"']{0,128})?@(?=[A-Za-z0-9\[])""")
_OF_BATCH = re.compile(rb"[a-z]{2,8} " + _HANDLE + rb"@(?=[A-Za-z0-9])")
_ENDS_IN_WORD = re.compile(rb"\w\Z")
# Accounts of services, in place of which a token is given.
NO_PEOPLE = frozenset((b"git", b"oauth2", b"oauth", b"token", b"x-access-token", b"gitlab-ci-token", b"svn", b"hg"))
WHOLE_TEXTS = (
    *(f"{key.decode()} " for key in _KEYS),
    *(mark.decode() for mark in _LISTS),
    *(f"{key.decode()}{quote.decode()}: " for key, quote in product(_JSON_KEYS, _QUOTES)),
    "(by ", "opened ", "closed ", "publickey ", "password ", "gssapi-with-mic ", "keyboard-interactive/pam ",
    "setfacl ",
    "chown ", "quota ", "owner: ", "--accounting-group-user ", "scancel ", "bjobs ", "qdel ", "dirac-admin-get-proxy ",
    "batch ", "sacct ", "sshare ", "metacat ", "ubmitted ", "nickname ",
    "Who ", '"Who": ', "'Who': ", "User ", "user ",
)  # fmt: skip
"""Marks of texts in which a handle follows a blank."""


def in_keys(scan: Scan) -> Found:
    """Return the handles that keys, sentences and URLs name."""
    return Found.from_pairs((row, handle.decode()) for row, handle in _handles(scan))


def _handles(scan: Scan) -> Iterator[tuple[int, bytes]]:
    for which, row, before, after in scan.around_marks(_VALUE_MARKS):
        pattern = _VALUES[which]
        value = pattern.match(after)
        if value is None or value[1].lower() in NO_VALUES:
            continue
        is_other = _FULL_NAME.match(after) if pattern is _PLAIN else pattern is _IN_TAG and not _OPENED.search(before)
        if not is_other:
            yield row, value[1]
    for row, _, found in scan.matches(_BEFORE_HOST):
        handle = found[3:].partition(b"@")[0].partition(b":")[0]
        if handle.lower() not in NO_PEOPLE:
            yield row, handle
    for row, before, after in scan.around(_BATCH):
        batch = _OF_BATCH.match(after)
        if batch and not _ENDS_IN_WORD.search(before):
            yield row, batch[1]
