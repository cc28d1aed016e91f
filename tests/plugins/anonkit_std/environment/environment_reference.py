"""The forms of an environment read the slow and obvious way, a character at a time; and written."""

from __future__ import annotations

BLANKS = " \t\r\n"


def read_v2(text: str) -> list[str] | None:
    """The entries, as HTCondor splits them; None when a quote is left open."""
    entries, entry, started, at = [], "", False, 0
    while at < len(text):
        if text[at] == "'":
            started, at = True, at + 1
            while True:
                if at == len(text):
                    return None
                if text[at : at + 2] == "''":
                    entry, at = entry + "'", at + 2
                elif text[at] == "'":
                    at += 1
                    break
                else:
                    entry, at = entry + text[at], at + 1
        elif text[at] in BLANKS:
            if started:
                entries.append(entry)
            entry, started, at = "", False, at + 1
        else:
            entry, started, at = entry + text[at], True, at + 1
    return [*entries, entry] if started else entries


def read_v1(text: str) -> list[str]:
    entries, entry = [], ""
    for character in text + ";":
        if character in ";\n":
            if entry:
                entries.append(entry)
            entry = ""
        elif entry or character not in BLANKS:
            entry += character
    return entries


def named(entries: list[str] | None) -> list[tuple[str, str]] | None:
    if entries is None:
        return None
    found = [(entry.split("=", 1)[0], entry.split("=", 1)[1]) for entry in entries if "=" in entry]
    good = all(name and not set(name) & set(BLANKS + ";'\"") for name, _ in found)
    return found if good and len(found) == len(entries) else None


def read(text: str) -> list[tuple[str, str]] | None:
    new, old = named(read_v2(text)), named(read_v1(text))
    if new is None or old is None:
        return old if new is None else new
    return old if len(old) > len(new) and "'" not in text else new


def write_v2(variables: list[tuple[str, str]]) -> str:
    return " ".join(f"""{name}='{value.replace("'", "''")}'""" for name, value in variables)
