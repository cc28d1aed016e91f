"""Finding IP addresses in a column of text without looking at each row.

Most text holds none. So NumPy first looks, over the bytes of all rows at once, for what every address has: three dots
with one to three bytes between them, or two colons in a row, or seven colons close together. Only those places are read
as an address.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Mentions

__all__ = ["find_addresses", "normalised"]

Positions = npt.NDArray[np.int64]
Text = npt.NDArray[np.uint8]

# A number that cannot be in an address must not hide the address after it: `500.192.0.2.1`.
_OCTET = "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})"
_DOTTED = rf"{_OCTET}(?:\.{_OCTET}){{3}}(?![0-9])"
# In reverse DNS the address is written back to front (RFC 1035, 3.5; RFC 3596, 2.5).
_QUAD = re.compile(
    rf"(?:[0-9A-Fa-f]\.){{32}}(?i:ip6\.arpa)|(?<![0-9]){_DOTTED}(?:(?i:\.in-addr\.arpa)(?![0-9A-Za-z]))?".encode()
)

_VERSION_BEFORE = re.compile(rb"(?i:(?<![A-Za-z0-9])v|\.so\.|(?<![A-Za-z])version[=:\"']{1,3})\Z")
_VERSION_AFTER = re.compile(
    rb"(?i:[.-]?(?:rc|beta|alpha|dev|post|pre)[0-9]|-[0-9]{1,4}\.(?:el|fc|osg)[0-9]"
    rb"|[.-](?:tar|tgz|zip|rpm|deb|jar|whl|egg|so)(?![A-Za-z0-9]))"
)
# Software that is released in versions of four numbers, before one: `openssl@1.0.2.11`, `gcc/9.3.0.1`, `ROOT=6.22.8.1`.
_SOFTWARE_BEFORE = re.compile(
    rb"(?i:(?<![A-Za-z])(?:openssl|libssl|root|geant4?|gcc|g\+\+|clang|llvm|python|py|java|jdk|jre|openjdk|cmake|boost|perl"
    rb"|ruby|node|glibc|kernel|cuda|cudnn|condor|htcondor|glidein|jobsub|jobsub_lite|jobsub_client|singularity|apptainer"
    rb"|docker|numpy|scipy|pandas|torch|tensorflow|keras|sklearn|hdf5|netcdf|openmpi|mpich|intel|icc|mkl|curl|git|ups"
    rb"|spack|larsoft|art|ifdhc|xrootd|gfal2?|voms|slurm|dask|pyarrow|duckdb|sqlite|postgres(?:ql)?|mysql|oracle|qt"
    rb"|version|ver|release|rel)[0-9]{0,2}(?:[_ -]?(?:version|ver|release))?(?:[@/_:=-]|[=~<>!]=|: ?| )[\"']?)\Z"
)
# A requirement of a package: `name==1.21.0.4`.
_REQUIREMENT_BEFORE = re.compile(rb"(?<![A-Za-z])[A-Za-z][A-Za-z0-9_.-]{1,14}(?:[~<>!]=|==)\Z")
_NUMBER_BEFORE = re.compile(rb"[0-9]\.\Z")
_NUMBER_AFTER = re.compile(rb"\.[0-9]{1,3}(?![0-9])")

_GROUP = "[0-9A-Fa-f]{1,4}"
# An IPv4 address may replace the last two groups; its numbers are not groups.
_LAST = rf"{_GROUP}(?!\.[0-9]+\.[0-9])"


def _groups(most: int) -> str:
    """Return the pattern of up to so many groups at an address's end."""
    dotted = f"(?:{_GROUP}:){{0,{most - 2}}}{_DOTTED}|" if most > 1 else ""
    return f"(?:{dotted}(?:{_GROUP}:){{0,{most - 1}}}{_LAST})"


def _shortened(before: int) -> str:
    """Return the pattern of an address with `::` after so many groups; it replaces at least one of the eight."""
    last_groups = f"{_groups(7 - before)}?" if before < 7 else ""
    return f"(?:{_GROUP}(?::{_GROUP}){{{before - 1}}})::{last_groups}" if before else f"::{last_groups}"


# Eight groups out of more are a piece of a fingerprint.
_NO_GROUP_BEFORE = "".join(rf"(?<!\b[0-9A-Fa-f]{{{length}}}:)" for length in (1, 2, 3, 4))
_FULL = f"{_NO_GROUP_BEFORE}(?:{_GROUP}:){{6}}(?:{_GROUP}:{_LAST}|{_DOTTED})(?!:[0-9A-Fa-f])"
_WORD = f"(?<![0-9A-Za-z])(?:{_FULL}|{'|'.join(map(_shortened, range(8)))})(?![0-9A-Za-z])"
# Glued to letters, as in `x2001:db8::1`, an address has to begin like one that is in use, or `std::abs` would be one.
_GLUED = (
    "(?:(?<![0-9])(?=[0-9])|(?<![0-9A-Fa-f]))(?=[0-9A-Fa-f]{4}:[0-9A-Fa-f])"
    f"(?:{_FULL}|{'|'.join(map(_shortened, range(2, 8)))})(?![0-9A-Fa-f])"
)
# HTCondor writes colons as dashes in lists of addresses: `addrs=192.0.2.1-9618+[2001-db8--1]-9618`.
_DASHED = re.compile(rb"(?<=\[)[0-9A-Fa-f]{4}-[0-9A-Fa-f-]{0,33}[0-9A-Fa-f](?=\]-[0-9])")

# The longest spelling of an address is 45 characters; 72 in reverse DNS.
_REACH = 96


@cache
def _v6() -> re.Pattern[bytes]:
    """Compile the pattern where it is first needed: that takes 15 ms, and few texts have anything like it."""
    return re.compile(f"{_WORD}|{_GLUED}".encode())


# What most texts that are asked for have a sign outside of.
_LIKE_AN_ADDRESS = re.compile(
    r"(?s:[0-9A-Fa-f:.]*[.:][0-9A-Fa-f:.]*(?:%.*)?|[0-9A-Fa-f]{1,4}-[0-9A-Fa-f-]*|.*\.(?i:arpa).*)"
)


def normalised(text: str) -> str | None:
    """Return the address as `ipaddress` writes it, or None when the text is none.

    A zone (``%eth0``) means something on one host only and is dropped. Zeros before a number are read as decimal, as
    accounting records mean them. An IPv4 address mapped into IPv6 (RFC 4291, 2.5.5.2) is the IPv4 address: it is the
    same host.
    """
    return _normalised(text) if _LIKE_AN_ADDRESS.fullmatch(text) else None


@lru_cache(maxsize=1 << 16)
def _normalised(text: str) -> str | None:
    text = _with_colons(_forwards(text.partition("%")[0]))
    try:
        address = ipaddress.ip_address(_without_zeros(text) if "." in text else text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if address.version == 6 else None
    return str(mapped or address)


def _forwards(text: str) -> str:
    """Return the address of a name of reverse DNS; any other text unchanged."""
    if text[-5:].casefold() != ".arpa":
        return text
    labels = text.casefold().split(".")
    if labels[-2:] == ["in-addr", "arpa"]:
        return ".".join(labels[-3::-1])
    nibbles = "".join(labels[-3::-1])
    return ":".join(nibbles[place : place + 4] for place in range(0, len(nibbles), 4))


def _with_colons(text: str) -> str:
    """Return an address of eight groups, or with some left out, that dashes part, with colons; other text as it is."""
    is_dashed = ("--" in text or text.count("-") == 7) and ":" not in text and "." not in text
    return text.replace("-", ":") if is_dashed else text


def _without_zeros(text: str) -> str:
    """Return an address that is, or ends in, a dotted one, with the numbers of that as `ipaddress` wants them."""
    head, colon, dotted = text.rpartition(":")
    return head + colon + ".".join(number.lstrip("0") or number[-1:] for number in dotted.split("."))


def find_addresses(text: pa.Array, ignored: frozenset[str]) -> Mentions:
    """Return every address in `text` (string, may hold nulls) as it is spelled there, but for those of `ignored`."""
    whole = pc.fill_null(text, "").cast(pa.large_string())
    buffer = whole.buffers()[2]
    if not len(whole) or buffer is None:
        return Mentions(pa.array([], pa.int64()), pa.array([], pa.string()))
    ends = np.frombuffer(whole.buffers()[1], np.int64)[whole.offset : whole.offset + len(whole) + 1]
    data = np.frombuffer(buffer, np.uint8)[ends[0] : ends[-1]]
    ends = ends - ends[0]
    found = list(_read(data, ends, _quads(data), _QUAD, _is_version))
    if (colons := _colons(data)).size:
        found += _read(data, ends, colons, _v6(), _is_nothing_else)
    found += _read(data, ends, _bracketed(data), _DASHED, _is_nothing_else)
    # What is found in brackets may be no address.
    distinct = {spelling for _, spelling in found}
    wanted = {spelling for spelling in distinct if normalised(spelling) not in {None, *ignored}}
    valid = [(row, spelling) for row, spelling in found if spelling in wanted]
    rows, spellings = zip(*valid, strict=True) if valid else ((), ())
    return Mentions(pa.array(rows, pa.int64()), pa.array(spellings, pa.string()))


def _quads(data: Text) -> Positions:
    """Return the first of any three dots that have one to three bytes between them, a digit on its left."""
    dots = np.flatnonzero(data == ord("."))
    gaps = np.diff(dots)
    close = (gaps >= 2) & (gaps <= 4)
    firsts = dots[:-2][close[:-1] & close[1:]] if dots.size > 2 else dots[:0]
    likely: Positions = firsts[_is_digit(data[np.maximum(firsts - 1, 0)]) & _is_digit(data[firsts + 1])]
    return likely


def _is_digit(data: Text) -> npt.NDArray[np.bool_]:
    digit: npt.NDArray[np.bool_] = (data >= ord("0")) & (data <= ord("9"))
    return digit


def _colons(data: Text) -> Positions:
    """Return the first of any two colons side by side, and of any six with one to four bytes between them."""
    colons = np.flatnonzero(data == ord(":"))
    gaps = np.diff(colons)
    double: Positions = colons[:-1][gaps == 1]
    if colons.size < 6:
        return double
    close = np.concatenate(([0], np.cumsum((gaps >= 2) & (gaps <= 5))))
    likely: Positions = np.union1d(double, colons[:-5][close[5:] - close[:-5] == 5])
    return likely


def _bracketed(data: Text) -> Positions:
    """Return the brackets that close before a dash and a digit."""
    closed = np.flatnonzero(data[:-2] == ord("]"))
    likely: Positions = closed[(data[closed + 1] == ord("-")) & _is_digit(data[closed + 2])]
    return likely


def _read(
    data: Text,
    ends: Positions,
    places: Positions,
    pattern: re.Pattern[bytes],
    is_other: Callable[[bytes, re.Match[bytes]], bool],
) -> Iterator[tuple[int, str]]:
    """Yield row and text of what the pattern reads around the places, each within its row, but for what is another.

    A loop, over the few places that look like an address: 4 µs each. Places close together are read as one stretch, so
    that where one address ends is where the next may begin.
    """
    if not places.size:
        return
    rows = np.searchsorted(ends, places, side="right") - 1
    lows = np.maximum(ends[rows], places - _REACH)
    highs = np.minimum(ends[rows + 1], places + _REACH)
    heads = np.flatnonzero(np.concatenate(([True], (rows[1:] != rows[:-1]) | (lows[1:] > highs[:-1]))))
    tails = np.concatenate((heads[1:], [places.size])) - 1
    for row, low, high in zip(rows[heads].tolist(), lows[heads].tolist(), highs[tails].tolist(), strict=True):
        window = data[low:high].tobytes()
        for match in pattern.finditer(window):
            if not is_other(window, match):
                yield row, match.group().decode("ascii")


def _is_nothing_else(window: bytes, match: re.Match[bytes]) -> bool:
    return False


def _is_version(window: bytes, match: re.Match[bytes]) -> bool:
    """Return whether four numbers are a version, or a part of one.

    That is what a ``v``, a word for it or a library's ending precedes, what a release's mark or an archive's ending
    follows, what has a zero before one digit, and of numbers that are all below 100 those that are more than four, or
    follow the name of some software; none of those is in a private network.
    """
    if match[0][-1:].isalpha():  # of reverse DNS
        return False
    before, after = window[max(match.start() - 32, 0) : match.start()], window[match.end() : match.end() + 16]
    if _VERSION_BEFORE.search(before) or _VERSION_AFTER.match(after):
        return True
    numbers = match[0].split(b".")
    if any(len(number) == 2 and number[:1] == b"0" for number in numbers):
        return True
    is_part = _NUMBER_BEFORE.search(before) or _NUMBER_AFTER.match(after)
    is_released = _SOFTWARE_BEFORE.search(before) or _REQUIREMENT_BEFORE.search(before)
    is_likely = is_part is not None or (is_released is not None and numbers[0] != b"10")
    return is_likely and all(len(number.lstrip(b"0")) < 3 for number in numbers)
