"""Passwords of command lines that no name announces: ``curl -u annak:…``, ``sshpass -p …``, ``echo … | kinit``.

What follows a program's name is looked at up to the next one, so the time is in proportion to the text.
"""

from __future__ import annotations

import re

__all__ = ["FLAGS", "FLAG_AT_END", "LOGIN", "PAIR_AT_BEGIN", "PROGRAMS", "blank_logins"]

# The value is the last group: in quotes, or without.
_VALUE = r"""(?P<quote>\\?["']?)(?P<value>[^\s"'\\]+)"""
FLAGS = ("-u", "-U")
"""Any text with a `LOGIN` has one of these."""
# A user and a password, neither a number (of a group), nor a part of a URL, nor a path.
_PAIR = r"""(?!\w+://)(?![0-9]+:[0-9]+\b)[^\s:%"'\\/=]{1,64}[:%](?![/:$])"""
LOGIN = re.compile(
    r"""((?<![\w-])(?:-[uU]|--(?:proxy-)?user)(?:[\s=]{1,8}|["']\s{0,4},\s{0,4}(?=["']))?\\?["']?"""
    rf"""{_PAIR})([^\s"'\\,;|&]{{3,}})"""
)
FLAG_AT_END = r"""(?:^|[^\w-])(?:-[uU]|--(?:proxy-)?user)["']?,?[\s=]*["']?$"""
PAIR_AT_BEGIN = r"""^["']?[^\s:%"'/=]+[:%]"""
"""A `LOGIN` that is cut after a blank ends with the first, and goes on with the second; as Arrow reads patterns."""
_OPTIONS = {
    "sshpass": r"-p", "mysql": r"-p(?!\s)", "mysqldump": r"-p(?!\s)", "mysqladmin": r"-p(?!\s)", "mariadb": r"-p(?!\s)",
    "ldapsearch": r"-w", "ldapadd": r"-w", "ldapmodify": r"-w", "ldapwhoami": r"-w", "7z": r"-p(?!\s)",
    "7za": r"-p(?!\s)", "lftp": r"-u\s+[^\s,]{1,64},",
    "zip": r"-P", "unzip": r"-P", "redis-cli": r"-a", "mongo": r"-p", "mongosh": r"-p", "sqlcmd": r"-P", "tsql": r"-P",
    "ipmitool": r"-P", "docker login": r"-p", "podman login": r"-p", "apptainer remote login": r"-p", "az login": r"-p",
}  # fmt: skip
_PASSWORD_READERS = ("kinit", "myproxy-", "voms-proxy-init", "sudo")
PROGRAMS = (*(program for program in _OPTIONS if " " not in program), "login", "curl", *_PASSWORD_READERS)
"""Any other text with a password has one of these as a word."""
_PROGRAM = re.compile(rf"(?<![\w.-])({'|'.join(map(re.escape, sorted(_OPTIONS, key=len, reverse=True)))})(?=[\s\"'])")
_OPTION_OF = {
    program: re.compile(rf"""(?<=[\s"']){option}(?:[\s=]+|["']\s*,\s*)?{_VALUE}""")
    for program, option in _OPTIONS.items()
}
# Of curl's cookies the names stay: `-b sid=…`, `--cookie "sid=…; key=…"`.
_COOKIES = re.compile(
    r"""((?<![\w-])(?:-b|--cookie)(?:[\s=]{1,8}|["']\s{0,4},\s{0,4})\\?)"""
    r"""("[^"\\]*=[^"\\]*|'[^'\\]*=[^'\\]*|[\w.-]{1,64}=[^\s"'\\|&;]+)"""
)
_COOKIE = re.compile(r"=[^;\s]+")
_COMMAND = re.compile(r"[^|;&\n]{0,1024}")
_PIPED = re.compile(
    r"""((?<![\w-])(?:echo|printf)\s+(?:-[a-z]+\s+)?["']?)([^\s"'|]+)"""
    r"""(?=["']?\s*\|\s*(?:kinit|myproxy-|voms-proxy-init|docker\s+login|sudo\s))"""
)


def blank_logins(text: str, placeholder: str) -> str:
    """Return the text with the placeholder instead of each password."""
    text = LOGIN.sub(lambda found: found[1] + placeholder, text)
    text = _PIPED.sub(lambda found: found[1] + placeholder, text)
    if "curl" in text:
        text = _COOKIES.sub(lambda found: found[1] + _COOKIE.sub(lambda _: f"={placeholder}", found[2]), text)
    pieces, done = [], 0
    programs = list(_PROGRAM.finditer(text))
    ends = (*(following.start() for following in programs[1:]), len(text))
    for program, end in zip(programs, ends, strict=False):
        command = _COMMAND.match(text, program.end(), end)
        option = command and _OPTION_OF[program[1]].search(text, *command.span())
        if option and not option["value"].startswith("$") and option["value"] != placeholder:
            pieces += [text[done : option.start("value")], placeholder]
            done = option.end("value")
    return "".join((*pieces, text[done:]))
