"""Handles in command lines: values of options of users, and accounts on other machines: ``ssh annak@node1``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonkit_std.tokenizers.finding.handles import Found
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["WHOLE_TEXTS", "in_commands"]

_HANDLE = rb"([A-Za-z][A-Za-z0-9_-]{2,31}(?:\.[A-Za-z][A-Za-z0-9_-]{2,31})?)"
_ENDS = rb"""(?=["'\s,;|&)]|\Z)"""
_VALUE = re.compile(rb"""(?:name)?(?:=| {1,3})["']?""" + _HANDLE + _ENDS)
_NEXT = re.compile(rb"""["']?""" + _HANDLE + _ENDS)
_ACCOUNT = re.compile(rb"""(?:^|[\s"'/])""" + _HANDLE + rb"\Z")
_BEFORE_LOGIN = re.compile(rb"(?:-l |.{1,60}\s-l )", re.DOTALL)
# Of these the option is a switch: `pip install --user numpy`.
_SWITCHED = re.compile(rb"(?:install|systemctl|systemd-run|setup\.py|pip3?|gem|flatpak)\b")
_OPTIONS = (b"--user", b"--owner", b"--submitter")
# Keys with values, in submit files, in options, in JSON, and in the output of `id`.
_ASSIGNED = {
    b"accounting_group_user": re.compile(rb"""["']? {0,2}= {0,2}["']?""" + _HANDLE + _ENDS),
    b"--credkey": re.compile(rb"[= ]" + _HANDLE + rb"""(?=[/"'\s]|\Z)"""),
    b'"user"': re.compile(rb""" ?: ?["']""" + _HANDLE + rb"""(?=["'])"""),
    b'"owner"': re.compile(rb""" ?: ?["']""" + _HANDLE + rb"""(?=["'])"""),
    b'"username"': re.compile(rb""" ?: ?["']""" + _HANDLE + rb"""(?=["'])"""),
    b"uid=": re.compile(rb"[0-9]{1,10}\(" + _HANDLE + rb"(?=\))"),
}
_BEFORE_USER = (b"sudo -u ", b"squeue -u ", b"qstat -u ", b"condor_q ", b"condor_rm ", b"runas /user:", b"su - ")
_LOGINS = (b"ssh ", b"scp ", b"sftp ", b"rsync ", b"ssh://")
WHOLE_TEXTS = (
    "--user", "--owner", "--submitter", "accounting_group_user", '"user"', '"owner"', '"username"', "sudo ", "squeue ",
    "qstat ", "condor_q ", "condor_rm ", "runas ", "su ", "ssh ", "scp ", "sftp ", "rsync ",
)  # fmt: skip
"""Marks of texts in which a handle follows a blank."""
_REACH = 160


def in_commands(scan: Scan) -> Found:
    """Return the handles that options and commands name."""
    return Found.from_pairs((row, handle.decode()) for row, handle in _handles(scan))


def _handles(scan: Scan) -> Iterator[tuple[int, bytes]]:
    for mark in _OPTIONS:
        for row, before, behind in scan.around(mark):
            value = _VALUE.match(behind)
            if value and not (behind[:1] == b" " and _SWITCHED.search(before[-60:])):
                yield row, value[1]
    for mark, assigned in _ASSIGNED.items():
        for row, _, behind in scan.around(mark):
            if value := assigned.match(behind):
                yield row, value[1]
    for mark in _BEFORE_USER:
        for row, before, behind in scan.around(mark):
            following = _NEXT.match(behind)
            if following and not before[-1:].isalnum():
                yield row, following[1]
    for mark in _LOGINS:
        for row, before, behind in scan.around(mark):
            if not before[-1:].isalnum() and (login := _login(behind[:_REACH])):
                yield row, login


def _login(behind: bytes) -> bytes | None:
    """Return the account in what follows a command: before the first at sign, or after ``-l``."""
    before, sign, _ = behind.partition(b"@")
    account = _ACCOUNT.search(before) if sign else None
    if account is None:
        option = _BEFORE_LOGIN.match(behind)
        account = _NEXT.match(behind, option.end()) if option else None
    return account[1] if account else None
