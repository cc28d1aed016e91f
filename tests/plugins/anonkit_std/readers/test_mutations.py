"""Files that are damaged at random are read as an independent reader reads them, or refused with one clear error."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest
from readings import opened, rows_of

from anonkit.demo.formats import write_rows
from anonkit.errors import DamagedFile, InputError
from anonkit.plugin.guard import debugging

MUTANTS = int(os.environ.get("MUTATED_FILES", "30"))
SECRET = "annakovaleva"
SOME: list[dict[str, Any]] = [
    {"User": SECRET, "Count": 1, "Time": 1.5, "Cmd": 'say "hi"\\n'},
    {"User": "bob, the other", "Count": -(2**60), "Done": True},
    {"User": "carl", "Cmd": "x" * 30},
] * 4
TRACE = [{f"c{place}": place * row - 1 for place in range(18)} for row in range(5)]
PARTS = (
    b"\xef\xbb\xbf", b"\r\n", b"\n\n", b"\0\0", b'""', b'\\"', b"***", b"NaN", b"1e999", b"99999999999999999999",
    b"&x;", b'<!DOCTYPE a [<!ENTITY x "y">]>', b'{"a":', b"-", b"\xed\xa0\x80", b"=", b",", b"|",
    b"\t", b"\\", b'"', b"\xff",
)  # fmt: skip


def mutated(data: bytes, dice: Random) -> bytes:
    """The data with one change or a few."""
    changed = bytearray(data)
    for _ in range(dice.choice([1, 1, 2, 5])):
        place = dice.randrange(len(changed) + 1)
        match dice.randrange(5):
            case 0:
                del changed[place : place + dice.choice([1, 1, 3, 20])]
            case 1:
                changed[place:place] = dice.choice(PARTS)
            case 2:
                start = dice.randrange(len(changed) + 1)
                changed[place:place] = changed[start : start + dice.choice([1, 5, 40])]
            case 3 if dice.random() < 0.3:
                del changed[place:]
            case _ if place < len(changed):
                changed[place] ^= 1 << dice.randrange(8)
    return bytes(changed)


def of_csv(data: bytes, delimiter: str) -> int:
    text = data.decode("utf-8-sig", "replace")
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    return len([record for record in records[1:] if record])


def of_json(data: bytes) -> int:
    text, count = data.decode("utf-8-sig", "replace"), 0
    while text := text.lstrip(" \t\r\n\v\f,[]\ufeff"):
        _, end = json.JSONDecoder(strict=False).raw_decode(text)
        text, count = text[end:], count + 1
    return count


def of_lines(data: bytes) -> int:
    return sum(not line.isspace() for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line)


def of_ads(data: bytes) -> int:
    ads = re.split(rb"^(?:\*\*\*.*|[ \t\r]*)$", data.replace(b"\r\n", b"\n"), flags=re.MULTILINE)
    return sum(bool(ad.strip()) for ad in ads)


def of_new_ads(data: bytes) -> int:
    depth = count = place = 0
    while place < len(data):
        sign = data[place : place + 1]
        if data[place : place + 2] in (b"//", b"/*"):
            end, size = (b"\n", 1) if data[place + 1 : place + 2] == b"/" else (b"*/", 2)
            place = data.find(end, place + 2) + size if end in data[place + 2 :] else len(data)
            continue
        if sign in (b'"', b"'"):
            place += 1
            while data[place : place + 1] != sign:
                place += 2 if data[place : place + 1] == b"\\" else 1
        depth += (sign == b"[") - (sign == b"]")
        count += sign == b"]" and depth == 0
        place += 1
    return count


def of_xml(data: bytes) -> int:
    return len(ElementTree.fromstring(data).findall("c"))


def of_bars(data: bytes) -> int:
    return len([line for line in data.split(b"\n")[1:] if line.strip(b"\r")])


def of_trace(data: bytes) -> int:
    lines = (line.strip() for line in data.replace(b"\r", b" ").replace(b"\t", b" ").split(b"\n"))
    return len([line for line in lines if line and not line.startswith(b";")])


COUNTS: Mapping[str, Callable[[bytes], int]] = {
    "csv": lambda data: of_csv(data, ","),
    "tsv": lambda data: of_csv(data, "\t"),
    "json": of_json,
    "jsonl": of_lines,
    "long": of_ads,
    "history": of_ads,
    "ads": of_new_ads,
    "xml": of_xml,
    "sacct": of_bars,
    "swf": of_trace,
}
"""For each format how many records an independent reader counts."""

NAMES = {"history": "history.20240131", "sacct": "sacct.txt"}
READERS = {"long": "classad", "history": "classad", "ads": "classad_new", "xml": "classad_xml"}


@pytest.mark.fuzz
@pytest.mark.parametrize("form", COUNTS)
def test_a_mutated_file_is_refused_or_has_the_rows_that_an_independent_reader_counts(tmp_path: Path, form: str) -> None:
    path = tmp_path / NAMES.get(form, f"jobs.{form}")
    rows = TRACE if form == "swf" else SOME
    write_rows(path, list(dict.fromkeys(name for row in rows for name in row)), rows, form)
    whole, dice = path.read_bytes(), Random(14)
    refused = 0
    for _ in range(MUTANTS):
        data = mutated(whole, dice)
        path.write_bytes(data)
        refused += not accepted(path, READERS.get(form, form), data, COUNTS[form])
    assert 0 < refused < MUTANTS


def accepted(path: Path, reader: str, data: bytes, count: Callable[[bytes], int]) -> bool:
    """Whether the file is read; then no record is lost, and skipping the bad ones changes nothing."""
    with debugging():
        try:
            found = rows_of(opened(path))
        except InputError as error:
            message = str(error)
            assert SECRET not in message
            assert message.startswith(f"{path.name}: ") or "no reader knows the format of" in message
            if isinstance(error, DamagedFile) and "on_bad_record" in message:
                assert re.match(r"\S+: line \d+", message)
                check_skipping(path, data, count)
            return False
        source = opened(path)
        if source.files[0].format == reader:
            assert len(found) == count(data)
        assert rows_of(opened(path, skip=True)) == found
    return True


def check_skipping(path: Path, data: bytes, count: Callable[[bytes], int]) -> None:
    """Records that are left out are counted: none is lost in silence."""
    try:
        source = opened(path, skip=True)
    except InputError:
        return
    assert source.files[0].contents.bad_records > 0
    assert "left out" in source.warnings[0]
    rows_of(source)
