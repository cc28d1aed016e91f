"""Addresses in text: compared, row by row, with every piece of the row that `ipaddress` accepts."""

from __future__ import annotations

import ipaddress
import re

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.addresses import find_addresses, normalised
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

NOTHING: frozenset[str] = frozenset()
HEX = frozenset("0123456789abcdefABCDEF")

V4 = ("192.0.2.1", "198.51.100.254", "203.0.113.77", "192.000.002.010")
V6 = (
    "2001:db8::1", "2001:DB8::A:b", "2001:db8:0:0:1:2:3:4", "2001:0db8:0000:0000:0000:0000:0000:0001", "::1", "fe80::",
    "::ffff:192.0.2.9", "2001:db8::192.0.2.9", "2001:db8:0:0:0:0:192.0.2.9", "2001:db8:1:2::3:4:5", "1:2:3:4:5:6:7::",
)  # fmt: skip
NOISE = (
    "conVersion=",
    "v", "-v", "Version=", ".so.", ".rc13", "-5.el7", ".tar.gz", "1.2.3.4", "1.02.3.4", "10.1.2.3", ".9",
    "v09_75_03", "1.2.3.4.5", "500.", "12:34:56", "T12:34:56::", "std::abs", "a::b", "0123456789abcdef0123", "x", "e",
    "5", ".", "..", ":", "::", "[", "]:", "%eth0", ":8080", "/24", "aa:bb:cc:dd:ee:ff", "aa:bb:cc:dd:ee:ff:00:11:22:33",
    "=", " ", "é", "\0", "\n", "999.1.1.1", "1.2.3", "256.1.1.1",
)  # fmt: skip
rows_of_text = st.lists(
    st.none() | st.lists(st.sampled_from((*V4, *V6, *NOISE)), max_size=4).map("".join)
    | st.text("0123456789abcdfx:.. ", max_size=30),
    max_size=6,
)  # fmt: skip


def found(texts: pa.Array, ignored: frozenset[str] = NOTHING) -> list[tuple[int, str]]:
    mentions = find_addresses(texts, ignored)
    assert mentions.rows.type == pa.int64()
    assert mentions.spellings.type == pa.string()
    return list(zip(mentions.rows.to_pylist(), mentions.spellings.to_pylist(), strict=True))


def in_row(row: str, ignored: frozenset[str] = NOTHING) -> set[str]:
    return {spelling for _, spelling in found(pa.array([row], pa.string()), ignored)}


def _v4(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", text)) and all(int(part) < 256 for part in text.split("."))


def _v6(text: str) -> bool:
    dotted = re.search(r"[0-9.]*\.[0-9.]*\Z", text)
    if dotted:
        text = text[: dotted.start()] + ("0.0.0.0" if _v4(dotted.group()) else "?")
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


def _alone(row: str, low: int, high: int) -> bool:
    """Whether no letter or digit touches the piece."""
    return not re.search(r"[0-9A-Za-z]\Z", row[:low]) and not re.match(r"[0-9A-Za-z]", row[high:])


def _glued(row: str, low: int, high: int) -> bool:
    """Whether letters may touch the piece: it begins with four hexadecimal digits and a lone colon."""
    before, after, piece = row[low - 1 : low], row[high : high + 1], row[low:high]
    apart = not before.isdigit() if piece[0].isdigit() else before not in HEX
    return apart and after not in HEX and bool(re.match(r"[0-9A-Fa-f]{4}:[0-9A-Fa-f]", piece))


def _whole(row: str, low: int, high: int) -> bool:
    """Whether what follows is not more of the same: of a fingerprint, or of a dotted number."""
    if re.search(r":[0-9A-Fa-f]+\Z", row[low:high]) and re.match(r"\.[0-9]+\.[0-9]", row[high:]):
        return False
    if "::" in row[low:high]:
        return True
    return not re.match(":[0-9A-Fa-f]", row[high:]) and not re.search(
        r"(?<![0-9A-Za-z_])[0-9A-Fa-f]{1,4}:\Z", row[:low], re.ASCII
    )


def _longest(row: str, low: int) -> int:
    """Return where the longest IPv6 address that begins at `low` ends, and 0 when none does."""
    ends = [
        high for high in range(low + 2, min(low + 46, len(row) + 1)) if _v6(row[low:high]) and _whole(row, low, high)
    ]
    for free in (_alone, _glued):
        allowed = [high for high in ends if free(row, low, high)]
        if allowed:
            return allowed[-1]
    return 0


def _is_version(row: str, low: int, high: int) -> bool:
    """Whether a mark of versions is beside four numbers, or a fifth number beside small ones."""
    before, behind, numbers = row[:low].lower(), row[high:].lower(), row[low:high].split(".")
    if re.search(r"(^|[^a-z0-9])v\Z|\.so\.\Z|(?<![a-z])version[=:\"']{1,3}\Z", before):
        return True
    if re.match(r"[.-]?(rc|beta|alpha|dev|post|pre)\d|-\d{1,4}\.(el|fc|osg)\d", behind, re.ASCII):
        return True
    if re.match(r"[.-](tar|tgz|zip|rpm|deb|jar|whl|egg|so)(?![a-z0-9])", behind):
        return True
    if any(len(number) == 2 and number[0] == "0" for number in numbers):
        return True
    fifth = re.search(r"[0-9]\.\Z", before) or re.match(r"\.[0-9]{1,3}(?![0-9])", behind)
    return bool(fifth) and max(map(int, numbers)) < 100


def reference(row: str) -> set[str]:
    spellings = set()
    at = 0
    for match in re.finditer(r"(?<![0-9])(?=([0-9]{1,3}(?:\.[0-9]{1,3}){3})(?![0-9]))", row):
        if match.start() >= at and _v4(match[1]):
            if not _is_version(row, match.start(), match.end(1)):
                spellings.add(match[1])
            at = match.end(1)
    at = 0
    while at < len(row):
        end = _longest(row, at)
        if end:
            spellings.add(row[at:end])
        at = max(end, at + 1)
    return spellings


@many_examples
@given(rows_of_text)
def test_equals_the_reference(texts: list[str | None]) -> None:
    expected = {(row, spelling) for row, text in enumerate(texts) for spelling in reference(text or "")}
    assert set(found(pa.array(texts, pa.string()))) == expected


@many_examples
@given(rows_of_text, st.integers(0, 4), st.integers(0, 4))
def test_a_slice_is_read_like_the_rows_it_shows(texts: list[str | None], skip: int, drop: int) -> None:
    whole = pa.array(texts, pa.string())
    part = whole.slice(skip, max(len(whole) - skip - drop, 0))
    assert set(found(part)) == set(found(pa.array(part.to_pylist(), pa.string())))


@many_examples
@given(rows_of_text)
def test_all_that_is_found_is_an_address_of_its_row(texts: list[str | None]) -> None:
    for row, spelling in found(pa.array(texts, pa.string())):
        assert spelling in str(texts[row])
        assert normalised(spelling) is not None


@pytest.mark.parametrize("address", [*V4, *V6])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""), (" ", " "), ("[", "]:8080"), ("[", "]"), ("<", ">"), ("(", ")."), ('"', '"'), ("'", "',"), ("=", ";"),
        ("//", "/24"), ("@", "%eth0"), ("é", "é"), ("\0", "\0"), ("\n", "\n"), ("ip-", "-x"), ("_", "_"), ("...", "."),
        ("a.", ".example.org"), ("log_500.", ".txt"), ("addr:", ","), ("x y " * 50, " z" * 50),
    ],
)  # fmt: skip
def test_text_around_an_address_is_no_part_of_it(address: str, before: str, after: str) -> None:
    assert address in in_row(before + address + after)


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "2001:db8:1:2:3:4:5:6", "2001:db8::192.0.2.9"])
@pytest.mark.parametrize(("before", "after"), [("host", ""), ("", "host"), ("x", "x"), ("node", "z")])
def test_an_address_beside_letters_is_found(address: str, before: str, after: str) -> None:
    assert address in in_row(before + address + after)


@pytest.mark.parametrize(
    "text",
    [
        "v09_75_03", "2023-12-31T12:34:56.789", "T12:34:56::ERROR", "std::abs", "std::vector<int>::size_type",
        "aa:bb:cc:dd:ee:ff", ":".join(["ab"] * 16), ":".join(["ab"] * 20), ":".join(["ab"] * 32),
        "0123456789abcdef" * 4, "1.2.3", "1.2.3.256", "1.2.3.", "1..2.3.4", "1.2.3.4444", "192,0,2,1", "192.0.2",
        "1.2.6.2.1", "v1.2.3.4", "1.3.0.1.rc13", "1.2.3.4-5.el7", "lib.so.1.2.3.4", "--version=1.2.3.4", "6.22.08.1",
        "pkg_1.2.3.4.tar.gz", "1.3.6.1.4.1", "1.2.3.4rc1", "OPENSSL=1.0.2.11", "ROOT_VERSION=6.22.8.1",
        "/opt/openssl/1.0.2.11/lib", "/cvmfs/x/gcc/9.3.0.1/bin", "spack openssl@1.1.1.20", "numpy==1.21.0.4",
        "some-package>=1.21.0.4", "gcc_9.3.0.1", "java: 11.0.12.7", "version 11.0.12.7", "python3 3.9.18.2",
        "a.b.c.d", "1:2:3:4:5:6:7", "", " ", ":", "...", "::g", "g::", "deadbeef::", "١٩٢.0.2.1",
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    assert in_row(text) == set()


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("1.2.3.4.5", set()),
        ("1.2.3.4.50000", {"1.2.3.4"}),
        ("HOST=11.0.12.7", {"11.0.12.7"}),
        ("openssl@10.0.2.11", {"10.0.2.11"}),
        ("gcc/192.0.2.1", {"192.0.2.1"}),
        ("restart 1.0.2.11", {"1.0.2.11"}),
        ("run.500.192.0.2.1.log", {"192.0.2.1"}),
        ("192.0.2.1.192.0.2.2", {"192.0.2.1", "192.0.2.2"}),
        ("192.0.2.1,192.0.2.2;192.0.2.1", {"192.0.2.1", "192.0.2.2"}),
        ("[2001:db8::1]:443,[2001:db8::2]:443", {"2001:db8::1", "2001:db8::2"}),
        ("2001:db8::1-2001:db8::2", {"2001:db8::1", "2001:db8::2"}),
        ("2001:db8:1:2::3:4:5:8080", {"2001:db8:1:2::3:4:5"}),
        ("2001:db8::1::", {"2001:db8::1"}),
        ("<192.0.2.1:9618?addrs=192.0.2.1-9618+[2001-db8--1]-9618>", {"192.0.2.1", "2001-db8--1"}),
        ("[2001-db8-1-2-3-4-5-6]-9618 [fe80--1]-80", {"2001-db8-1-2-3-4-5-6", "fe80--1"}),
        ("[2023-12-31]-1 [a--b--c]-2 [--]-4 [2023--1]x x--1]-3 [2001-db8--1] [2001-db8--1]", set()),
        ("::ffff:192.000.002.001", {"::ffff:192.000.002.001", "192.000.002.001"}),
        (":::8080", {"::"}),
    ],
)
def test_which_of_several_readings(text: str, addresses: set[str]) -> None:
    assert in_row(text) == addresses


def test_many_addresses_without_a_blank_between_are_all_found() -> None:
    """However long the run, each address begins where the one before it ended."""
    addresses = [f"192.0.2.{last}" for last in range(100)]
    assert in_row(".".join(addresses)) == set(addresses)
    shortened = [f"2001:db8::{last:x}" for last in range(1, 100)]
    assert in_row(",".join(shortened)) == set(shortened)


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "2001:db8:1:2:3:4:5:6"])
def test_no_address_is_read_across_two_rows(address: str) -> None:
    for cut in range(1, len(address)):
        rows = [address[:cut], address[cut:]]
        expected = {(row, spelling) for row, text in enumerate(rows) for spelling in reference(text)}
        assert set(found(pa.array(rows, pa.string()))) == expected
    assert found(pa.array(["1", address, "2", None, address, ""], pa.string()))
    assert set(found(pa.array(["1", address, "2", None, address, "", "a"]))) == {(1, address), (4, address)}


@pytest.mark.parametrize("texts", [[], [None], [""], [None, ""], ["no address"]])
def test_nothing_to_find(texts: list[str | None]) -> None:
    assert found(pa.array(texts, pa.string())) == []


def test_ignored_addresses_are_left_out_however_they_are_spelled() -> None:
    ignored = frozenset({"127.0.0.1", "::1"})
    assert in_row("127.0.0.1 127.000.000.001 ::ffff:127.0.0.1 ::1 0:0:0:0:0:0:0:1 192.0.2.1", ignored) == {"192.0.2.1"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.000.002.001", "192.0.2.1"),
        ("0.0.0.0", "0.0.0.0"),
        ("2001:DB8:0::00A", "2001:db8::a"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::FFFF:c000:0201", "192.0.2.1"),
        ("2001-db8--1", "2001:db8::1"),
        ("2001-db8-1-2-3-4-5-6", "2001:db8:1:2:3:4:5:6"),
        ("2023-12-31", None),
        ("::ffff:192.000.002.001", "192.0.2.1"),
        ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
        ("192.0.2", None),
        ("192.0.2.1.", None),
        ("192.0.2.256", None),
        ("192.0.2.-1", None),
        ("192.0.2.1:80", None),
        ("2001:db8", None),
        ("%eth0", None),
        ("", None),
        (".", None),
        ("...", None),
        ("example.org", None),
        ("١٩٢.0.2.1", None),
    ],
)
def test_normalised(text: str, address: str | None) -> None:
    assert normalised(text) == address


@many_examples
@given(st.ip_addresses(v=6) | st.ip_addresses(v=4))
def test_every_spelling_of_an_address_is_normalised_alike(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    for spelling in (str(address), str(address).upper(), address.exploded):
        assert normalised(spelling) == str(mapped or address)


@many_examples
@given(st.lists(st.ip_addresses(), min_size=1, max_size=3), st.sampled_from([" ", ",", "\n"]))
def test_reverse_names_are_addresses(addresses: list[object], between: str) -> None:
    names = [str(getattr(address, "reverse_pointer")) for address in addresses]  # noqa: B009  # of either sort
    said = find_addresses(pa.array([between.join(names)]), NOTHING).spellings.to_pylist()
    assert said == names
    mapped = [getattr(address, "ipv4_mapped", None) or address for address in addresses]
    assert [normalised(name.upper()) for name in names] == [str(address) for address in mapped]


@pytest.mark.parametrize(
    "text", ["2.0.192.in-addr.arpa", "ip6.arpa", "1.0.ip6.arpa", "a.b.c.d.in-addr.arpa", ".in-addr.arpa", ".arpa"]
)
def test_other_names_of_reverse_dns_are_no_addresses(text: str) -> None:
    assert found(pa.array([text])) == []
    assert normalised(text) is None
