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


def read_bars(text: str) -> list[str] | None:
    pieces = [piece for piece in text.split("|") if piece.strip(BLANKS)]
    names = [piece.split("=")[0] for piece in pieces]
    good = all(name.replace(".", "_").isidentifier() and name.isascii() and name[0] != "." for name in names)
    return pieces if pieces and "|" in text and good else None


def read(text: str) -> list[tuple[str, str]] | None:
    new, old, bars = named(read_v2(text)), named(read_v1(text)), named(read_bars(text))
    if new is not None and "'" in text:
        return new
    readings = [reading for reading in (new, old, bars) if reading is not None]
    return next((reading for reading in readings if len(reading) == max(map(len, readings))), None)


def write_v2(variables: list[tuple[str, str]]) -> str:
    return " ".join(f"""{name}='{value.replace("'", "''")}'""" for name, value in variables)
