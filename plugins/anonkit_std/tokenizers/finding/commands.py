"""Handles in command lines: values of options of users, and accounts on other machines: ``ssh annak@node1``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from anonkit_std.tokenizers.finding.handles import Found
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["MARKS", "WHOLE_TEXTS", "in_commands"]

_HANDLE = rb"([A-Za-z][A-Za-z0-9_-]{2,31}(?:\.[A-Za-z][A-Za-z0-9_-]{2,31})?)"
_ENDS = rb"""(?=["'\s,;|&)]|\Z)"""
_VALUE = re.compile(rb"""(?:name)?(?:=| {1,3})["']?""" + _HANDLE + _ENDS)
_NEXT = re.compile(rb"""["']?""" + _HANDLE + _ENDS)
_ACCOUNT = re.compile(rb"""(?:^|[\s"'/])""" + _HANDLE + rb"\Z")
_BEFORE_LOGIN = re.compile(rb"(?:-l |.{1,60}\s-l )", re.DOTALL)
# Of these the option is a switch: `pip install --user numpy`.
_SWITCHED = re.compile(rb"(?:install|systemctl|systemd-run|setup\.py|pip3?|gem|flatpak)\b")
_OPTIONS = (b"--user", b"--owner", b"--submitter", b"--run-as-user")
# Keys with values, in submit files, in options, in JSON, and in the output of `id`.
_ASSIGNED = {
    b"accounting_group_user": re.compile(rb"""["']? {0,2}= {0,2}["']?""" + _HANDLE + _ENDS),
    b"--credkey": re.compile(rb"[= ]" + _HANDLE + rb"""(?=[/"'\s]|\Z)"""),
    b'"user"': re.compile(rb""" ?: ?["']""" + _HANDLE + rb"""(?=["'])"""),
    b'"owner"': re.compile(rb""" ?: ?["']""" + _HANDLE + rb"""(?=["'])"""),
    b'"username"': re.compile(rb""" ?: ?["']""" + _HANDLE + rb"""(?=["'])"""),
    b"uid=": re.compile(rb"[0-9]{1,10}\(" + _HANDLE + rb"(?=\))"),
}
_BEFORE_USER = (
    b"sudo -u ", b"squeue -u ", b"qstat -u ", b"condor_q ", b"condor_rm ", b"runas /user:", b"su - ", b"su -l ",
    b"sudo -iu ", b"crontab -u ", b"getent passwd ", b"kinit ", b"curl -u ", b"mysql -u ", b"psql -U ",
)  # fmt: skip
_WITH_COMMAND = re.compile(_HANDLE + rb"(?= -c )")
_LOGINS = (b"ssh ", b"scp ", b"sftp ", b"rsync ", b"ssh://")
WHOLE_TEXTS = (
    "--user", "--owner", "--submitter", "accounting_group_user", '"user"', '"owner"', '"username"', "sudo ", "squeue ",
    "qstat ", "condor_q ", "condor_rm ", "runas ", "su ", "ssh ", "scp ", "sftp ", "rsync ",
    "crontab ", "getent ", "kinit ", "curl ", "mysql ", "psql ", "--run-as-user",
)  # fmt: skip
"""Marks of texts in which a handle follows a blank."""
_REACH = 160


def in_commands(scan: Scan) -> Found:
    """Return the handles that options and commands name."""
    return Found.from_pairs((row, handle.decode()) for row, handle in _handles(scan))


def _handles(scan: Scan) -> Iterator[tuple[int, bytes]]:
    for which, row, before, behind in scan.around_marks(MARKS):
        if handle := _READERS[which](before, behind):
            yield row, handle


def _after_option(before: bytes, behind: bytes) -> bytes | None:
    value = _VALUE.match(behind)
    is_switch = behind[:1] == b" " and _SWITCHED.search(before[-60:])
    return value[1] if value and not is_switch else None


def _assigned(pattern: re.Pattern[bytes], before: bytes, behind: bytes) -> bytes | None:
    value = pattern.match(behind)
    return value[1] if value else None


def _after_command(before: bytes, behind: bytes) -> bytes | None:
    following = _NEXT.match(behind)
    return following[1] if following and not before[-1:].isalnum() else None


def _before_command(before: bytes, behind: bytes) -> bytes | None:
    account = _WITH_COMMAND.match(behind)
    return account[1] if account and not before[-1:].isalnum() else None


def _login(before: bytes, behind: bytes) -> bytes | None:
    """Return the account in what follows a command: before the first at sign, or after ``-l``."""
    if before[-1:].isalnum():
        return None
    behind = behind[:_REACH]
    destination, sign, _ = behind.partition(b"@")
    account = _ACCOUNT.search(destination) if sign else None
    if account is None:
        option = _BEFORE_LOGIN.match(behind)
        account = _NEXT.match(behind, option.end()) if option else None
    return account[1] if account else None


# How the handle is read from the text before and behind each mark.
_READ_AT: Mapping[bytes, Callable[[bytes, bytes], bytes | None]] = {
    **dict.fromkeys(_OPTIONS, _after_option),
    **{mark: partial(_assigned, pattern) for mark, pattern in _ASSIGNED.items()},
    **dict.fromkeys(_BEFORE_USER, _after_command),
    b"su ": _before_command,
    **dict.fromkeys(_LOGINS, _login),
}
MARKS, _READERS = tuple(_READ_AT), tuple(_READ_AT.values())
"""Every text with an option or a command that names a handle holds one of these."""
