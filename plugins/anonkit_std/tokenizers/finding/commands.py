"""Handles in command lines: values of options of users, and accounts on other machines: ``ssh annak@node1``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from anonkit_std.tokenizers.finding.handles import Found
from anonkit_std.tokenizers.finding.keyed_handles import NO_PEOPLE
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["MARKS", "WHOLE_TEXTS", "in_commands"]

_HANDLE = rb"([A-Za-z][A-Za-z0-9_-]{2,31}(?:\.[A-Za-z][A-Za-z0-9_-]{2,31})?)"
_ENDS = rb"""(?=["'\s,;|&)]|\Z)"""
_VALUE = re.compile(rb"""(?:name)?(?:=| {1,3})["']?""" + _HANDLE + rb"""(?=["'\s,;|&):]|\Z)""")
_NEXT = re.compile(rb"""["']?""" + _HANDLE + _ENDS)
# A password or nothing after it.
_LOGIN = re.compile(rb"""["']?""" + _HANDLE + rb"""(?=["'\s,;|&):]|\Z)""")
_ACCOUNT = re.compile(rb"""(?:^|[\s"'/])""" + _HANDLE + rb"\Z")
_BEFORE_LOGIN = re.compile(rb"(?:-l |.{1,60}\s-l )", re.DOTALL)
# Of these the option is a switch: `pip install --user numpy`, `tar --numeric-owner`.
_SWITCHED = re.compile(
    rb"(?:install|systemctl|systemd-run|setup\.py|pip3?|gem|flatpak)\b|-(?:no|same|numeric|preserve)(?:-same)?\Z"
)
# Also ends of others: `--mail-user`, `--ssh-username`, `find -user`.
_OPTIONS = (b"-user", b"-owner", b"-submitter", b"--uid", b"--experimenter")
# Before `_user` in the name of an option: `--poms_user annak`.
_OPTION_BEGINS = re.compile(rb"(?:^|[\s\"'])--[a-z][a-z0-9_-]{0,20}\Z")
# Keys with values, in submit files, in options, in JSON, and in the output of `id`.
_ASSIGNED = {
    b"accounting_group_user": re.compile(rb"""["']? {0,2}= {0,2}["']?""" + _HANDLE + _ENDS),
    b"--credkey": re.compile(rb"[= ]" + _HANDLE + rb"""(?=[/"'\s]|\Z)"""),
    b'"user"': re.compile(rb""" ?: ?["']""" + _HANDLE + rb"""(?=["'])"""),
    b'"owner"': re.compile(rb""" ?: ?["']""" + _HANDLE + rb"""(?=["'])"""),
    b'"username"': re.compile(rb""" ?: ?["']""" + _HANDLE + rb"""(?=["'])"""),
    b"AccountingGroup": re.compile(
        rb"""["']? {0,2}[=:] {0,2}["']?group_[\w-]{1,64}(?:\.[\w-]{1,32}){0,2}\.""" + _HANDLE + rb"""(?=["'\s@]|\Z)"""
    ),
    b"uid=": re.compile(rb"[0-9]{1,10}\(" + _HANDLE + rb"(?=\))"),
}
_BEFORE_USER = (
    b"condor_q ", b"condor_rm ", b"condor_hold ", b"condor_release ", b"condor_history ", b"condor_transfer_data ",
    b"runas /user:", b"su - ", b"su -l ", b"sudo -iu ", b"getent passwd ", b"kinit ",
    b"psql -U ", b"samweb -u ",
)  # fmt: skip
# Programs with an option `-u` for a user, other options before it; of `python -u` it is a switch.
_PROGRAMS = (
    "squeue", "sacct", "sshare", "sprio", "scancel", "qstat", "qselect", "qdel", "llq", "bjobs", "bkill", "bhist",
    "sudo", "crontab", "quota", "pkill", "pgrep", "killall", "lsof", "docker", "podman", "condor_vault_storer",
    "samweb", "mongo", "mysql", "curl", "lftp",
)  # fmt: skip
_FOR_USER = re.compile(rb"(?:^|[\s;|&\"'(/])(?:" + "|".join(_PROGRAMS).encode() + rb")(?: [^;|&\n]{1,120})?\Z")
_OF_RUCIO = re.compile(rb"""(?:[^;|&\n]{0,100} )?(?:-a|--account)[= ]["']?""" + _HANDLE + _ENDS)
# A list of access rights: of `fs setacl /afs/x annak rlidwk` the second is the person.
_RIGHTS = re.compile(rb"(?:-dir )?\S{1,100} (?:-acl )?" + _HANDLE + rb" (?:read|write|all|none|[rlidwka]{1,7})(?!\w)")
_WITH_COMMAND = re.compile(_HANDLE + rb"(?= -c )")
_LOGINS = (b"ssh ", b"scp ", b"sftp ", b"rsync ", b"sshfs ", b"ssh-copy-id ", b"ssh://")
WHOLE_TEXTS = (
    "-user", "_user ", "-owner", "-submitter", "--uid", "--experimenter", "accounting_group_user", '"user"', '"owner"',
    '"username"', "condor_q ", "condor_rm ", "condor_hold ", "condor_release ", "condor_history ",
    "condor_transfer_data ", "runas ", "su ", "ssh ", "scp ", "sftp ", "rsync ", "sshfs ", "ssh-copy-id ", "getent ",
    "kinit ", "psql ", "setacl ", "rucio ", "AccountingGroup", *(f"{program} " for program in _PROGRAMS),
)  # fmt: skip
"""Marks of texts in which a handle follows a blank."""
_REACH = 160


def in_commands(scan: Scan) -> Found:
    """Return the handles that options and commands name."""
    return Found.from_pairs((row, handle.decode()) for row, handle in _handles(scan))


def _handles(scan: Scan) -> Iterator[tuple[int, bytes]]:
    for which, row, before, after in scan.around_marks(MARKS):
        if handle := _READERS[which](before, after):
            yield row, handle


def _after_option(before: bytes, after: bytes) -> bytes | None:
    value = _VALUE.match(after)
    is_switch = after[:1] == b" " and _SWITCHED.search(before[-60:])
    return value[1] if value and value[1] not in NO_PEOPLE and not is_switch else None


def _after_long_option(before: bytes, after: bytes) -> bytes | None:
    return _after_option(before, after) if _OPTION_BEGINS.search(before[-24:]) else None


def _assigned(pattern: re.Pattern[bytes], before: bytes, after: bytes) -> bytes | None:
    value = pattern.match(after)
    return value[1] if value else None


def _after_command(before: bytes, after: bytes) -> bytes | None:
    following = _NEXT.match(after)
    return following[1] if following and not before[-1:].isalnum() else None


def _for_user(before: bytes, after: bytes) -> bytes | None:
    following = _LOGIN.match(after)
    return following[1] if following and following[1] not in NO_PEOPLE and _FOR_USER.search(before[-_REACH:]) else None


def _with_rights(before: bytes, after: bytes) -> bytes | None:
    entry = _RIGHTS.match(after)
    return entry[1] if entry and not before[-1:].isalnum() else None


def _before_command(before: bytes, after: bytes) -> bytes | None:
    account = _WITH_COMMAND.match(after)
    return account[1] if account and not before[-1:].isalnum() else None


def _login(before: bytes, after: bytes) -> bytes | None:
    """Return the account in what follows a command: before the first at sign, or after ``-l``."""
    if before[-1:].isalnum():
        return None
    after = after[:_REACH]
    destination, sign, _ = after.partition(b"@")
    account = _ACCOUNT.search(destination) if sign else None
    if account is None:
        option = _BEFORE_LOGIN.match(after)
        account = _NEXT.match(after, option.end()) if option else None
    return account[1] if account and account[1] not in NO_PEOPLE else None


# How the handle is read from the text before and after each mark.
_READ_AT: Mapping[bytes, Callable[[bytes, bytes], bytes | None]] = {
    **dict.fromkeys(_OPTIONS, _after_option),
    b"_user": _after_long_option,
    **{mark: partial(_assigned, pattern) for mark, pattern in _ASSIGNED.items()},
    **dict.fromkeys(_BEFORE_USER, _after_command),
    b"su ": _before_command,
    b" -u ": _for_user,
    b"rucio ": partial(_assigned, _OF_RUCIO),
    b"fs setacl ": _with_rights,
    **dict.fromkeys(_LOGINS, _login),
}
MARKS, _READERS = tuple(_READ_AT), tuple(_READ_AT.values())
"""Every text with an option or a command that names a handle holds one of these."""
