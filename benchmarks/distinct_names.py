"""A script: rows of which each names another user, address, host or certificate, in a column of its own and in text."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["KINDS", "main", "table"]

_GIVEN = ("Anna", "Bjarne", "Carlota", "Dagny", "Emilio", "Frieda", "Gustavo", "Helmi", "Ingvar", "Jolanta")
_SYLLABLES = ("bek", "dov", "gur", "hal", "jor", "kul", "lun", "mik", "nak", "pov", "rik", "sto", "tov", "wal", "zan")

# Shares no divisor with the number of words, so neighbours differ in every syllable.
_STEP = 7919

KINDS = ("user", "address", "host", "certificate")


def main(kind: str, rows: int, folder: Path) -> None:
    """Write a file with as many names of a kind as rows."""
    folder.mkdir(parents=True)
    pq.write_table(table(kind, rows), folder / "jobs.parquet")


def table(kind: str, rows: int) -> pa.Table:
    """Return the jobs; what is not of the kind is alike in all of them."""
    column, value, in_text = _MADE[kind]
    names = [value(row) for row in range(rows)]
    texts = [in_text.format(name.partition("@")[0]) for name in names]
    alike = {
        "User": ["tarnispro@example.org"] * rows,
        "JobsubClientIpAddress": ["192.0.2.1"] * rows,
        "MATCH_EXP_JOB_Site": ["FermiGrid"] * rows,
        "NumJobStarts": ["1"] * rows,
        "NumJobCompletions": ["1"] * rows,
        "Cmd": [f"/srv/jobs/run.sh --number {row} --from {text}" for row, text in enumerate(texts)],
        "Environment": [f"NUMBER={row} FROM={text} MODE=batch" for row, text in enumerate(texts)],
    }
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in {**alike, column: names}.items()})


def _user(row: int) -> str:
    return f"{_word(row)}@example.org"


def _address(row: int) -> str:
    """Return an IPv4 address of the networks for benchmarks; every fourth time one of IPv6."""
    if row % 4 == 3:
        return str(ipaddress.IPv6Address("2001:db8::") + row * 40_503)
    return str(ipaddress.IPv4Address("198.18.0.0") + row)


def _host(row: int) -> str:
    return f"{_word(row)[:6]}{row}.node.example.org"


def _certificate(row: int) -> str:
    person = f"{_GIVEN[row % len(_GIVEN)]} {_word(row).capitalize()}"
    return f"/DC=org/DC=example/OU=People/CN={person}"


def _word(row: int) -> str:
    """Return a word that no other row has, of four syllables."""
    base, parts = len(_SYLLABLES), list[str]()
    left = row * _STEP % base**4
    for _ in range(4):
        left, place = divmod(left, base)
        parts.append(_SYLLABLES[place])
    return "".join(parts)


_MADE: dict[str, tuple[str, Callable[[int], str], str]] = {
    "user": ("User", _user, "/home/{}/in.root"),
    "address": ("JobsubClientIpAddress", _address, "http://[{}]/in.root"),
    "host": ("RemoteHost", _host, "root://{}/in.root"),
    "certificate": ("x509userproxysubject", _certificate, "'{}'"),
}
"""By kind: the column of the names, the name of a row, and how it is in text."""

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
