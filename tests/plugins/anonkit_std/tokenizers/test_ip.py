"""The IP tokenizer: cells of its column. Text is `find_addresses`'s, tested beside it."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address

import pyarrow as pa
import pytest
from anonkit_std.options.tokenizers import IpOptions
from anonkit_std.tokenizers.ip import IpTokenizer
from hypothesis import given
from hypothesis import strategies as st

from anonkit import anonymize
from anonkit.api import Alias, Boundary, Roles

TOKENIZER = IpTokenizer()


@pytest.mark.parametrize(
    ("cell", "identities"),
    [
        ("192.0.2.1", ["192.0.2.1"]),
        (" 192.0.2.1\n", ["192.0.2.1"]),
        ("192.000.002.001", ["192.0.2.1"]),
        ("192.0.2.1:8080", ["192.0.2.1"]),
        ("[192.0.2.1]", ["192.0.2.1"]),
        ("2001:DB8:0:0::1", ["2001:db8::1"]),
        ("[2001:db8::1]", ["2001:db8::1"]),
        ("[2001:db8::1]:8080", ["2001:db8::1"]),
        ("[fe80::1%eth0]:8080", ["fe80::1"]),
        ("fe80::1%eth0", ["fe80::1"]),
        ("::ffff:192.0.2.1", ["192.0.2.1"]),
        ("3221225985", ["192.0.2.1"]),
        ("0", ["0.0.0.0"]),
        ("4294967295", ["255.255.255.255"]),
        ("4294967296", ["4294967296"]),
        ("192.0.2.1, 192.0.2.2", ["192.0.2.1", "192.0.2.2"]),
        ("192.0.2.2;192.0.2.1 2001:db8::1", ["192.0.2.2", "192.0.2.1", "2001:db8::1"]),
        (",192.0.2.1,, 192.000.2.1:80", ["192.0.2.1"]),
        ("192.0.2.1, elsewhere", ["192.0.2.1, elsewhere"]),
        (" node7.example.org ", ["node7.example.org"]),
        ("<192.0.2.1:9618?addrs=192.0.2.1-9618&alias=node1.example.org&sock=x>", ["192.0.2.1"]),
        ("<192.0.2.1:9618>", ["192.0.2.1"]),
        ("<[2001:db8::1]:9618?noUDP>", ["2001:db8::1"]),
        ("localhost", []),
        (" - ", []),
        ("192.0.2.256", ["192.0.2.256"]),
        ("[]", ["[]"]),
        ("-1", ["-1"]),
        ("٣", ["٣"]),
        (",", [","]),
        ("", []),
        (" \t", []),
        (None, None),
    ],
)
def test_a_cell_may_hold_several_addresses(cell: str | None, identities: list[str] | None) -> None:
    assert TOKENIZER.identify(pa.array([cell], pa.string())).to_pylist() == [identities]


@pytest.mark.parametrize("type_", [pa.int64(), pa.uint32(), pa.uint64(), pa.float64(), pa.decimal128(20)])
def test_numbers_are_addresses_of_32_bits(type_: pa.DataType) -> None:
    numbers = pa.array([3221225985, None, 3221225984, 0], pa.int64()).cast(type_)
    assert TOKENIZER.identify(numbers).to_pylist() == [["192.0.2.1"], None, ["192.0.2.0"], ["0.0.0.0"]]


@given(st.integers(0, 2**32 - 1))
def test_a_number_and_its_dotted_form_are_one_identity(number: int) -> None:
    cells = [str(number), str(ipaddress.IPv4Address(number))]
    as_text = TOKENIZER.identify(pa.array(cells))
    assert as_text[0] == as_text[1] == TOKENIZER.identify(pa.array([number], pa.int64()))[0]
    assert TOKENIZER.identify(pa.array([number], pa.float64()))[0] == as_text[0]


@given(st.lists(st.none() | st.text("0129:. ,a[]%", max_size=12), max_size=5))
def test_every_identity_is_its_own_identity(cells: list[str | None]) -> None:
    identified = TOKENIZER.identify(pa.array(cells, pa.string()))
    assert identified.type == pa.list_(pa.string())
    assert len(identified) == len(cells)
    flat = identified.flatten()
    assert TOKENIZER.identify(flat).to_pylist() == [[one] for one in flat.to_pylist()]


def test_no_cells_have_no_identities() -> None:
    assert TOKENIZER.identify(pa.array([], pa.string())).to_pylist() == []
    assert TOKENIZER.valid(pa.array([], pa.string())).to_pylist() == []


def test_an_address_is_valid() -> None:
    identities = pa.array(["192.0.2.1", "2001:db8::1", "node7.example.org", "192.0.2.1, elsewhere", "4294967296"])
    assert TOKENIZER.valid(identities).to_pylist() == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("identity", "aliases"),
    [
        (
            "192.0.2.1",
            {
                "192.0.2.1",
                Alias("192-0-2-1", Boundary.NUMBER),
                Alias("3221225985", Boundary.NUMBER),
                Alias("c0000201", Boundary.WORD),
                Alias("0xc0000201", Boundary.WORD),
                Alias("::ffff:c000:201", Boundary.WORD),
                Alias("0000:0000:0000:0000:0000:ffff:c000:0201", Boundary.WORD),
                Alias("1.2.0.192.in-addr.arpa", Boundary.NUMBER),
            },
        ),
        (
            "2001:db8::1",
            {
                "2001:db8::1",
                Alias("2001-db8--1", Boundary.NUMBER),
                Alias("2001:0db8:0000:0000:0000:0000:0000:0001", Boundary.NUMBER),
                Alias("2001-0db8-0000-0000-0000-0000-0000-0001", Boundary.NUMBER),
                Alias(f"1.{'0.' * 23}8.b.d.0.1.0.0.2.ip6.arpa", Boundary.NUMBER),
            },
        ),
        ("node7.example.org", {"node7.example.org"}),
        ("127.0.0.1", set()),
        # A dash is no address, and it is between the words of any command.
        ("-", set()),
        ("??, --", set()),
        ("::1", set()),
    ],
)
def test_an_address_has_all_its_forms_as_aliases(identity: str, aliases: set[str | Alias]) -> None:
    assert set(TOKENIZER.aliases(identity)) == aliases


def test_ignored_addresses_may_be_spelled_in_any_way() -> None:
    tokenizer = IpTokenizer(IpOptions(ignore=("2001:DB8:0::1", "192.000.002.001", "n/a")))
    assert [tuple(tokenizer.aliases(one)) for one in ("2001:db8::1", "192.0.2.1", "n/a")] == [(), (), ()]
    mentions = tokenizer.mentions(pa.array(["192.0.2.1 2001:db8:0::1 127.0.0.1"]), "Cmd", Roles())
    assert mentions.spellings.to_pylist() == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("literal", "rule"),
    [
        ("192.0.2.1", Boundary.NUMBER),
        ("192-0-2-1", Boundary.NUMBER),
        ("192.000.002.001", Boundary.NUMBER),
        ("2001:DB8::1", Boundary.NUMBER),
        ("::ffff:192.0.2.1", Boundary.NUMBER),
        ("node7.example.org", Boundary.WORD),
        ("node-7", Boundary.WORD),
        ("4294967296", Boundary.WORD),
    ],
)
def test_an_address_is_a_number_and_other_text_a_word(literal: str, rule: Boundary) -> None:
    assert TOKENIZER.boundary(literal) is rule


def test_a_column_of_versions_holds_no_addresses() -> None:
    texts = pa.array(["1.2.3.4", "1.2.6.2.1", None, "of 192.0.2.1"])
    assert TOKENIZER.mentions(texts, "JobsubClientVersion", Roles()).spellings.to_pylist() == ["192.0.2.1"]
    assert TOKENIZER.mentions(texts, "Args", Roles()).spellings.to_pylist() == ["1.2.3.4", "192.0.2.1"]


def test_addresses_are_found_in_every_column() -> None:
    for column in ("Cmd", "Environment", "Args"):
        mentions = TOKENIZER.mentions(pa.array([None, "ping 192.0.2.1"]), column, Roles())
        assert (mentions.rows.to_pylist(), mentions.spellings.to_pylist()) == ([1], ["192.0.2.1"])


def test_columns_are_the_role_s_if_there_is_one_and_those_of_the_options() -> None:
    schema = pa.schema([("Client", pa.string()), ("Other", pa.string())])
    tokenizer = IpTokenizer(IpOptions(columns=("Other",)))
    assert tokenizer.columns(schema, Roles(ip="Client")) == ("Client", "Other")
    assert tokenizer.columns(schema, Roles()) == ("Other",)
    assert TOKENIZER.columns(schema, Roles()) == ()


def test_a_cell_is_written_as_its_tokens() -> None:
    tokens = pa.array([["IP1"], ["IP1", "IP2"], None], pa.list_(pa.string()))
    assert TOKENIZER.residual(pa.array(["192.0.2.1"])) is None
    assert TOKENIZER.render_cell(tokens, None).to_pylist() == ["IP1", "IP1, IP2", None]


def test_prefixes_are_options() -> None:
    assert (TOKENIZER.prefix, TOKENIZER.text_prefix) == ("IP", "IP")
    tokenizer = IpTokenizer(IpOptions(prefix="A", text_prefix="A_"))
    assert (tokenizer.prefix, tokenizer.text_prefix) == ("A", "A_")


def test_a_number_too_small_for_an_address_of_a_host_is_a_number() -> None:
    assert {alias.text for alias in TOKENIZER.aliases("0.0.0.7") if isinstance(alias, Alias)} == {
        "0-0-0-7", "::ffff:0:7", "0000:0000:0000:0000:0000:ffff:0000:0007", "7.0.0.0.in-addr.arpa",
    }  # fmt: skip


def test_a_year_and_dashes_are_no_address() -> None:
    assert Alias("2001--", Boundary.NUMBER) not in set(TOKENIZER.aliases("2001::"))


ADDRESSES = st.ip_addresses().map(lambda address: getattr(address, "ipv4_mapped", None) or address)


def written(address: IPv4Address | IPv6Address) -> list[str]:
    """The forms of an address, put together digit by digit, apart from those that are other spellings of the usual."""
    if isinstance(address, IPv4Address):
        octets = list(address.packed)
        digits = "".join(f"{octet:02x}" for octet in octets)
        forms = [".".join(map(str, octets)), "-".join(map(str, octets)), f"::ffff:{digits[:4]}:{digits[4:]}"]
        forms += [f"::ffff:{address}", ".".join(map(str, reversed(octets))) + ".in-addr.arpa"]
        return forms + ([str(int(digits, 16)), digits, f"0x{digits}"] if octets[0] else [])
    groups = [f"{high:02x}{low:02x}" for high, low in zip(address.packed[::2], address.packed[1::2], strict=True)]
    nibbles = ".".join(reversed("".join(groups)))
    return [
        str(address),
        ":".join(groups),
        "-".join(groups),
        f"{nibbles}.ip6.arpa",
        f"[{address}]:80",
        f"{address}%eth0",
    ]


@given(ADDRESSES, st.booleans())
def test_every_form_is_replaced(address: IPv4Address | IPv6Address, upper: bool) -> None:
    """Nothing of it is left, and nobody else is met, whatever the letter case."""
    if str(address) in TOKENIZER.options.ignore:
        return
    text = " ".join(form.upper() if upper else form for form in written(address))
    jobs = pa.table({"JobsubClientIpAddress": [str(address)], "Cmd": [text]})
    off = {"enabled": False}
    config = {"anonymizers": {"user": off, "experiment": off}}
    garbled = anonymize(jobs, config).read_all().to_pylist()[0]
    assert garbled["JobsubClientIpAddress"] == "IP1"
    assert set(garbled["Cmd"].lower().split()) <= {"ip1", "::ffff:ip1", "[ip1]:80", "ip1%eth0"}


@pytest.mark.parametrize("text", ["31221225985", "xc0000201x", "ac0000201", "c00002012", "3221225986", "192-0-2-10"])
def test_text_that_only_looks_like_a_form_stays(text: str) -> None:
    jobs = pa.table({"JobsubClientIpAddress": ["192.0.2.1"], "Cmd": [text]})
    off = {"enabled": False}
    garbled = anonymize(jobs, {"anonymizers": {"user": off, "experiment": off}}).read_all().to_pylist()
    assert garbled[0]["Cmd"] == text
