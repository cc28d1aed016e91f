"""Passwords in command lines, known by the program: ``curl -u annak:…``, ``sshpass -p …``, ``echo … | kinit``.

The options of a program are looked for up to the next program's name, so the time is in proportion to the text.
"""

from __future__ import annotations

import re
from functools import cache

from ahocorasick_rs import AhoCorasick

__all__ = ["FLAGS", "FLAG_AT_END", "LOGIN", "PAIR_AT_BEGIN", "PROGRAMS", "blank_logins", "may_have_login"]

# A value, with or without an opening quote.
_VALUE = r"""(?P<quote>\\?["']?)(?P<value>[^\s"'\\]+)"""
FLAGS = ("-u", "-U")
"""Any text with a `LOGIN` has one of these."""
# A user, and the sign before the password: no URL, no numbers of a user and a group, no path.
_PAIR = r"""(?!\w+://)(?![0-9]+:[0-9]+\b)[^\s:%"'\\/=]{1,64}[:%](?![/:$])"""
# An option `-u` or `--user` with user and password; the text before the password, then the password.
LOGIN = re.compile(
    r"""((?<![\w-])(?:-[uU]|--(?:proxy-)?user)(?:[\s=]{1,8}|["']\s{0,4},\s{0,4}(?=["']))?\\?["']?"""
    rf"""{_PAIR})([^\s"'\\,;|&]{{3,}})"""
)
FLAG_AT_END = r"""(?:^|[^\w-])(?:-[uU]|--(?:proxy-)?user)["']?,?[\s=]*["']?$"""
PAIR_AT_BEGIN = r"""^["']?[^\s:%"'/=]+[:%]"""
"""Patterns for Arrow: a text with a `LOGIN` that is cut after a blank matches the first before the cut, and the second
after it."""
# An option with its value in the same word: `-psecret`.
_JOINED = r"-p(?!\s)"
# For each program, a pattern of what is before the password; empty: the password is a word of its own.
_OPTIONS = {
    "sshpass": r"-p", **dict.fromkeys(
        ("mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlshow", "mariadb", "mariadb-dump", "mariadb-admin"),
        _JOINED,
    ),
    **dict.fromkeys(("ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami", "kadmin"), r"-w"),
    "ldappasswd": r"-[ws]", **dict.fromkeys(("7z", "7za", "rar", "unrar"), _JOINED), "lftp": r"-u\s+[^\s,]{1,64},",
    "zip": r"-P", "unzip": r"-P", "redis-cli": r"-a", "mongo": r"-p", "mongosh": r"-p", "mongodump": r"-p",
    "sqlcmd": r"-P", "tsql": r"-P", "bcp": r"-P", "ipmitool": r"-P", "condor_store_cred": r"-p", "twine": r"-p",
    **dict.fromkeys(("ncftp", "ncftpput", "ncftpget", "rdesktop", "useradd", "usermod"), r"-p"),
    **dict.fromkeys(("snmpget", "snmpwalk", "snmpset"), r"-[AX]"), "xfreerdp": r"/p:",
    **dict.fromkeys(("plink", "pscp", "psftp"), r"-pw"), "ssh-keygen": r"-[NP]", "wbinfo": r"-a\s+[^\s%]{1,64}%",
    "htpasswd": r"-(?:nb|bn)\w*\s+[^\s-]\S{0,64}\s|-\w*b\w*\s+[^\s-]\S{0,250}\s+[^\s-]\S{0,64}\s",
    **dict.fromkeys(("sqlplus", "impdp", "expdp", "sqlldr"), r"[\w.-]{1,64}/(?=[^\s@]+@)"),
    **dict.fromkeys(("docker login", "podman login", "apptainer remote login", "az login", "oc login"), r"-p"),
    "vault login": r"", "vault token lookup": r"", "wandb login": r"", "openssl enc": r"-k",
    "curl": r"(?:-E|--cert)\s+[^\s:]{1,250}:",
    "alias set": r"\S{1,64}\s+http\S{1,250}\s+\S{1,128}\s",
}  # fmt: skip
# Programs that read a password from their input: what is before a bar, or after `<<<`. An option says so of others.
_PASSWORD_READERS = ("kinit", "myproxy-", "voms-proxy-init", "grid-proxy-init", "sudo", "chpasswd")
_STDIN = (
    r"(?:--password-stdin|--with-token|-pwstdin|--?stdin_pass|--pass-stdin|-pass(?:in|out)?\s+stdin|login\s+-(?!\S))"
)
PROGRAMS = (
    *(program for program in _OPTIONS if " " not in program), "login", "lookup", "openssl", "alias", "grid-proxy-init",
    "password-stdin", "with-token", "pwstdin", "stdin", *_PASSWORD_READERS,
)  # fmt: skip
"""Any other text with a password has one of these as a word."""
# A program with a password option, as a word.
_PROGRAM = re.compile(rf"(?<![\w.-])({'|'.join(map(re.escape, sorted(_OPTIONS, key=len, reverse=True)))})(?=[\s\"'])")
# For each program, the option and its value; a value that has no option has a digit and eight characters or more.
_OPTION_OF = {
    program: re.compile(rf"""(?<=[\s"'])(?:{option})(?:[\s=]+|["']\s*,\s*)?{_VALUE}""")
    if option
    else re.compile(r"""(?<=[\s"',])(?P<value>(?=[A-Za-z_.~+/-]{0,64}[0-9])[A-Za-z0-9][\w.~+/-]{7,})(?![\w=.])""")
    for program, option in _OPTIONS.items()
}
# Of curl's cookies the names stay: `-b sid=…`, `--cookie "sid=…; key=…"`.
_COOKIES = re.compile(
    r"""((?<![\w-])(?:-b|--cookie)(?:[\s=]{1,8}|["']\s{0,4},\s{0,4})\\?)"""
    r"""("[^"\\]*=[^"\\]*|'[^'\\]*=[^'\\]*|[\w.-]{1,64}=[^\s"'\\|&;]+)"""
)
_COOKIE = re.compile(r"=[^;\s]+")
# The rest of a command, up to the next one.
_COMMAND = re.compile(r"[^|;&\n]{0,1024}")
# After a bar: a program that reads a password, or an option that says so.
_READER = rf"(?:(?:{'|'.join(_PASSWORD_READERS)})|[^|\n]{{0,160}}?{_STDIN})"
# A password that is piped to a program: the command before it, then the password.
_PIPED = re.compile(
    r"""((?<![\w-])(?:echo|printf|cat\s+<<<)\s+(?:-[a-zA-Z]+\s+)?(?:["']?%s(?:\\n)?["']?\s+)?["']?)([^\s"'|]+)"""
    rf"""(?=["']?\s*\|\s*{_READER})"""
)
# A password after `<<<`: the command before it, then the password.
_HERE = re.compile(
    rf"""((?:(?<![\w-])(?:{"|".join(_PASSWORD_READERS)})|{_STDIN})[^|;&\n<]{{0,160}}<<<\s{{0,8}}["']?)([^\s"'|]+)"""
)


def may_have_login(text: str) -> bool:
    """Return whether a text may hold a password that `blank_logins` finds; it does not when this is False."""
    return bool(_words().find_matches_as_indexes(text))


@cache
def _words() -> AhoCorasick:
    return AhoCorasick((*FLAGS, *PROGRAMS))


def blank_logins(text: str, placeholder: str) -> str:
    """Return the text with the placeholder in place of each password."""
    text = LOGIN.sub(lambda found: found[1] + placeholder, text)
    text = _PIPED.sub(lambda found: found[1] + placeholder, text)
    text = _HERE.sub(lambda found: found[1] + placeholder, text) if "<<<" in text else text
    if "curl" in text:
        text = _COOKIES.sub(lambda found: found[1] + _COOKIE.sub(lambda _: f"={placeholder}", found[2]), text)
    return _blank_options(text, placeholder)


def _blank_options(text: str, placeholder: str) -> str:
    """Return the text with the placeholder in place of the values of programs' password options."""
    pieces, done = [], 0
    programs = list(_PROGRAM.finditer(text))
    ends = (*(following.start() for following in programs[1:]), len(text))
    for program, end in zip(programs, ends, strict=False):
        command = _COMMAND.match(text, program.end(), end)
        option = command and _OPTION_OF[program[1]].search(text, *command.span())
        while option and not option["value"].startswith("$") and option["value"] != placeholder:
            pieces += [text[done : option.start("value")], placeholder]
            done = option.end("value")
            option = command and _OPTION_OF[program[1]].search(text, done, command.end())
    return "".join((*pieces, text[done:]))
