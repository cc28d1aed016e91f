"""Every form of a name is found where it stands; what only looks like one is not."""

from __future__ import annotations

import base64
import pickle
import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

from anonkit.auditing.exclusions import Labels, Tokens
from anonkit.auditing.patterns import Known, Variant, patterns
from anonkit.auditing.searching import Search, Window
from anonkit.auditing.streams import Stream
from anonkit.auditing.windows import scan
from anonkit.plugin.contracts import Boundary, Place

NAME = "annakowal"
PLACES = (Place("/"), Place("(?:^|[^A-Z])b=? ?", "[@. ]"))
PREFIXES = Tokens(("UR_", "UR", "IP", "EX_"))


def known(name: str, rule: Boundary = Boundary.ANYWHERE, kind: str = "user", token: str = "UR_1") -> Known:
    short = tuple((name[:size], Boundary.END) for size in range(8, len(name)) if kind == "user")
    return Known(kind, token, name, ((name, rule), *short), 1 + len(short), PLACES)


@cache
def search(*everybody: Known) -> Search:
    """Return a search for them, which takes a while to make."""
    return Search(patterns(everybody), PREFIXES)


def found(text: str | bytes, *everybody: Known, labels: Labels | None = None) -> list[tuple[int, Variant]]:
    data = text.encode() if isinstance(text, str) else text
    ready = search(*everybody)
    scanned = scan(ready, Stream(("file",), lambda: iter((data,))), labels or Labels())
    return [(hit.offset, hit.variant) for hit in scanned.hits]


def encoded(name: str) -> list[tuple[str, Variant]]:
    raw = name.encode()
    percent = "".join(f"%{byte:02x}" for byte in raw)
    return [
        (name, Variant.PLAIN),
        (name.upper(), Variant.PLAIN),
        (percent, Variant.ENCODED),
        (percent.upper(), Variant.ENCODED),
        (quote(percent), Variant.ENCODED),
        (f"{name[:3]}%{ord(name[3]):02X}{name[4:]}", Variant.ENCODED),
        ("".join(f"&#{ord(sign)};" for sign in name), Variant.ENCODED),
        ("".join(f"&#x{ord(sign):X};" for sign in name), Variant.ENCODED),
        (f"&#{'0' * 30}{ord(name[0])};{name[1:]}", Variant.ENCODED),
        (f"&#x{'0' * 30}{ord(name[0]):x};{name[1:]}", Variant.ENCODED),
        (f"\\u{{{'0' * 30}{ord(name[0]):x}}}{name[1:]}", Variant.ENCODED),
        ("".join(f"\\u{ord(sign):04x}" for sign in name), Variant.ENCODED),
        ("".join(f"\\x{byte:02x}" for byte in raw), Variant.ENCODED),
        (f"{name[:2]}\\u{ord(name[2]):04X}{name[3:]}", Variant.ENCODED),
        (f"{name[:4]}'{name[4:]}", Variant.SPLIT),
        (f'{name[:4]}"\\{name[4:]}', Variant.SPLIT),
        (f"{name[:4]}\n      {name[4:]}", Variant.SPLIT),
        (f"{name[:4]}\r\n{name[4:]}", Variant.SPLIT),
        (f"{name[:4]}\\n  {name[4:]}", Variant.SPLIT),
        (raw.hex(), Variant.HEX),
        (raw.hex().upper(), Variant.HEX),
        (name[::-1], Variant.REVERSED),
        (name[:8], Variant.CUT),
    ]


@pytest.mark.parametrize(("text", "variant"), encoded(NAME))
@pytest.mark.parametrize("before", ["", "x ", "— ", "ü: ", "\n" * 5000])
def test_every_form_is_found_at_its_place(text: str, variant: Variant, before: str) -> None:
    assert found(f"{before}{text} end", known(NAME)) == [(len(before.encode()), variant)]


def test_a_name_cut_short_anywhere_is_found_if_its_tokenizer_says_so() -> None:
    name = "tixlzwxuqaoyhubfdlphmrdshaxgnify"
    for size in range(8, len(name)):
        assert found(f"x {name[:size]} y", known(name)) == [(2, Variant.CUT)]
        assert found(f"x {name[:size]} y", known(name, kind="host")) == []


@pytest.mark.parametrize("text", ["/cvmfs/EX_1.example.org/lib", "/x/IP1.example.org", "lab-UR_12/x"])
def test_a_name_that_begins_or_ends_in_a_token_is_none(text: str) -> None:
    names = (known("1.example.org", Boundary.WORD, "host"), known("lab-ur", Boundary.PREFIX))
    assert found(text, *names) == []
    assert [hit for hit, _ in found(f"{text} 1.example.org lab-ur", *names)] == [len(text) + 1, len(text) + 15]


def test_a_name_that_folds_to_more_letters_is_not_found_where_it_is_cut_shorter_than_its_aliases() -> None:
    assert found("x strassen y", known("stra\u00dfenmann")) == []


@pytest.mark.parametrize("form", ["m\u00fcllerj", "mu\u0308llerj", "M\u00dcLLERJ", "\uff4d\u00fcllerj"])
def test_letters_beyond_ascii_are_found_in_every_case_and_normal_form(form: str) -> None:
    assert found(f"/{form}/", known("m\u00fcllerj")) == [(1, Variant.PLAIN)]


@pytest.mark.parametrize("form", ["m%C3%BCllerj", "m%FCllerj", "m&uuml;llerj", "m\\u00fcllerj", "m%25C3%25BCllerj"])
def test_letters_beyond_ascii_are_found_encoded(form: str) -> None:
    assert found(f"/{form}/", known("m\u00fcllerj")) == [(1, Variant.ENCODED)]


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("name", [NAME, "o>>>?~brien"])
def test_base64_is_found_wherever_the_name_begins(before: str, encode: object, name: str) -> None:
    assert callable(encode)
    text = encode(f"{before}{name}:secret".encode())
    assert [variant for _, variant in found(b"auth " + text, known(name))] == [Variant.BASE64]


@pytest.mark.parametrize("atom", ["\\\\n", "\\n", "'", "\n \n ", "\\"])
@pytest.mark.parametrize("last", ["kowal", "' kowal", "xkowal"])
def test_a_gap_of_any_length_is_read_once(atom: str, last: str) -> None:
    # With a regular expression the time doubled with each three characters of the first gap.
    hits = found(f"x anna{atom * 2000}{last} y", known(NAME))
    assert [variant for _, variant in hits] == ([Variant.SPLIT] if last == "kowal" else [])


def test_a_weak_name_in_a_place_that_holds_a_token_is_none() -> None:
    places = (Place(r"group_\w+\."), Place(r"(?:^|[^\w])user="), Place(r"/home/(?:\w+/)?"))
    weak = Known("user", "UR_7", "data", (("data", Boundary.NAMED),), 1, places)
    # The originals may have been `group_node-1.data`, `o'brienuser=data` and `/home/zoë/data`.
    assert found("group_EX_1.data UR_1user=data UR_1'user=data /home/UR_3/data", weak) == []
    for text in ("UR_1 user=data", "UR_1 group_a.data", "/home/UR_3/home/data", "/home/UR_/data"):
        assert [variant for _, variant in found(text, weak)] == [Variant.PLAIN]
    assert len(found("/UR_3/datastore", known("datastore", token="UR_4"))) == 1


def test_a_part_that_is_split_and_touches_a_token_but_for_a_line_break_is_none() -> None:
    part = known("novaplus", Boundary.PART, "experiment", "EX_1")
    assert found("/CN=UR_2\n no'vaplus.sh", part) == []
    assert found("x no'vaplus.sh", part) == [(2, Variant.SPLIT)]
    assert found("/CN=UR_2\n .no'vaplus.sh", part) == [(11, Variant.SPLIT)]


ADDRESS_FORMS = [
    ("192.0.2.1", "192.0.2.1", Variant.PLAIN),
    ("192.0.2.1", "192.000.002.001", Variant.SPELLED),
    ("192.0.2.1", "3221225985", Variant.NUMBER),
    ("192.0.2.1", "C0000201", Variant.HEX_NUMBER),
    ("192.0.2.1", "0xc0000201", Variant.HEX_NUMBER),
    ("192.0.2.1", "192-0-2-1", Variant.DASHED),
    ("192.0.2.1", "1.2.0.192.in-addr.arpa", Variant.REVERSE_DNS),
    ("2001:db8::1", "2001:DB8::1", Variant.PLAIN),
    ("2001:db8::1", "2001:0db8:0:0::1", Variant.SPELLED),
    ("2001:db8::1", "2001:0db8:0000:0000:0000:0000:0000:0001", Variant.SPELLED),
    ("2001:db8::1", "2001-db8--1", Variant.DASHED),
    ("2001:db8::1", "1." + "0." * 23 + "8.b.d.0.1.0.0.2.ip6.arpa", Variant.REVERSE_DNS),
]


@pytest.mark.parametrize(("address", "form", "variant"), ADDRESS_FORMS)
def test_every_form_of_an_address_is_found(address: str, form: str, variant: Variant) -> None:
    who = known(address, Boundary.NUMBER, "ip", "IP1")
    assert found(f"from <{form}>", who) == [(6, variant)]


@pytest.mark.parametrize("form", ["::ffff:192.0.2.1", "::ffff:c000:201", "::FFFF:C000:0201"])
def test_an_address_mapped_into_ipv6_is_found(form: str) -> None:
    assert found(f"from [{form}]", known("192.0.2.1", Boundary.NUMBER, "ip", "IP1"))


@pytest.mark.parametrize(
    ("text", "name", "rule"),
    [
        ("annakowax", NAME, Boundary.ANYWHERE),  # goes on otherwise: another word
        ("annakow", NAME, Boundary.ANYWHERE),  # seven characters are too few
        ("jobsub", "bo", Boundary.WORD),
        ("bo1 1bo ébo boé", "bo", Boundary.WORD),
        ("xnova 1nova", "nova", Boundary.PREFIX),
        ("an'na", "anna", Boundary.ANYWHERE),  # too short to be looked for split
        (b"abba".hex(), "abba", Boundary.ANYWHERE),  # of four bytes
        ("abban", "nabba", Boundary.ANYWHERE),  # of five characters, reversed
        ("annaanna", "xannaann", Boundary.ANYWHERE),
        ("obrien", "o'brien", Boundary.ANYWHERE),
        ("1192.0.2.1 192.0.2.11", "192.0.2.1", Boundary.NUMBER),
        ("13221225985", "192.0.2.1", Boundary.NUMBER),
        ("xc0000201 c00002011", "192.0.2.1", Boundary.NUMBER),
        ("2001:db8::12 12001:db8::1", "2001:db8::1", Boundary.NUMBER),
    ],
)
def test_near_misses_are_none(text: str, name: str, rule: Boundary) -> None:
    assert found(text, known(name, rule)) == []


def test_a_palindrome_is_found_as_a_plain_name() -> None:
    assert found("annanna", known("annanna")) == [(0, Variant.PLAIN)]


def test_tokens_are_no_find() -> None:
    users = [known("ur", Boundary.WORD), known("ur_1", Boundary.PREFIX), known("ip", Boundary.PREFIX), known("ex_12")]
    assert found("UR_1@x IP7 EX_12 [UR1]", *users) == []
    assert found("ur@x", *users) == [(0, Variant.PLAIN)]


LABELS = Labels.from_texts(["\nEnvironment:\n", '"User":', "\nTotal rows: "], [r"  [A-Z]+="])


@pytest.mark.parametrize("text", ["Environment:\n", "\nEnvironment:\n", '{"User":1}', "Total rows: 4"])
@pytest.mark.parametrize("name", ["environment", "user", "total"])
def test_a_name_inside_a_label_is_no_find(text: str, name: str) -> None:
    assert found(text, known(name), labels=LABELS) == []


def test_a_name_that_begins_in_the_label_of_a_file_name_is_no_find() -> None:
    labels = Labels.from_texts(["\njobs_at_", '"file":"jobs_at_', '"User":'])
    user = known("jobs_at_site")
    for text in ("jobs_at_SiteA.json", '{"file":"jobs_at_SiteA.csv"}'):
        assert found(text, user, labels=labels) == []
        assert len(found(text, known("sitea"), labels=labels)) == 1
    for text in ("/jobs_at_SiteA.json", "jobs_at_jobs_at_site.json", '"jobs_at_site"'):
        assert len(found(text, user, labels=labels)) == 1


@pytest.mark.parametrize("text", ["a environment:\n", "/environment/", '"environment":', '"x":"environment"'])
def test_the_same_name_is_found_beside_a_label(text: str) -> None:
    assert len(found(f"{text}\nEnvironment:\n", known("environment"), labels=LABELS)) == 1


def test_a_label_in_every_row_hides_nothing_between_them() -> None:
    rows = "\nEnvironment:\n  A=1" * 1000
    text = f"{rows}\n  B=/environment/{rows}"
    assert found(text, known("environment"), labels=LABELS) == [(text.index("/env") + 1, Variant.PLAIN)]


def test_lines_that_continue_nothing_are_not_joined() -> None:
    assert found("  A=anna\n  KOWAL=1", known("annakowal"), labels=LABELS) == []
    assert found("  A=anna\n    KOWAL=1", known("annakowal"), labels=LABELS) == [(4, Variant.SPLIT)]


@pytest.mark.parametrize("text", ['{"a":3221225985}', '["UR1", 3221225985, true]', "Port: 3221225985\n", '"a": true,'])
def test_a_bare_value_is_no_finding(text: str) -> None:
    users = [known("192.0.2.1", Boundary.NUMBER, "ip", "IP1"), known("true", Boundary.PREFIX)]
    assert found(text, *users) == []


@pytest.mark.parametrize("text", ['{"a":"3221225985"}', "x=3221225985", '"a": "true"'])
def test_the_same_in_text_does(text: str) -> None:
    users = [known("192.0.2.1", Boundary.NUMBER, "ip", "IP1"), known("true", Boundary.PREFIX)]
    assert len(found(text, *users)) == 1


def test_spellings_in_text_have_no_encoded_forms() -> None:
    is_tentative = Known("user", "UR_1", NAME, ((NAME, Boundary.WORD),), 0)
    assert found(NAME.encode().hex(), is_tentative) == []
    assert found(f"/{NAME}/", is_tentative) == [(1, Variant.PLAIN)]


def test_a_search_can_be_sent() -> None:
    sent = pickle.loads(pickle.dumps(search(known(NAME))))
    assert [hit.offset for hit in sent(Window(f"x {NAME}".encode(), 0, 0, 99), Labels())] == [2]


@pytest.mark.parametrize(("text", "variant"), encoded(NAME))
def test_chunks_of_a_stream_do_not_show(text: str, variant: Variant) -> None:
    data = f"{'.' * 20_000}{text} {'.' * 20_000}".encode()
    chunks = [data[place : place + 777] for place in range(0, len(data), 777)]
    scanned = scan(search(known(NAME)), Stream(("file",), lambda: iter(chunks)), Labels(), chunk_bytes=64)
    assert [(hit.offset, hit.variant) for hit in scanned.hits] == [(20_000, variant)]


def slow(text: str, name: str, rule: Boundary) -> list[int]:
    """Return where a name stands as it is, in any letter case, from the words of the rules."""
    low = text.lower()
    is_part = str.isdigit if rule is Boundary.NUMBER else str.isalnum
    glued = rule in (Boundary.PART, Boundary.PART_PREFIX) and len(name) >= 3
    before = rule not in (Boundary.ANYWHERE, Boundary.END)
    behind = rule not in (Boundary.ANYWHERE, Boundary.PREFIX, Boundary.PART_PREFIX)
    return [
        len(low[:at].encode())
        for at in range(len(low))
        if low.startswith(name, at)
        and not (before and is_part(low[at - 1 : at] if at else "") and not (glued and new_part(text, at)))
        and not (behind and is_part(low[at + len(name) :][:1]) and not (glued and new_part(text, at + len(name))))
        and (rule is not Boundary.NAMED or named(text[:at], text[at + len(name) :]))
    ]


def new_part(text: str, at: int) -> bool:
    """Return whether a part of a word begins in a text, in which only ASCII letters change their case, at a place."""
    around = f"  {text}  "[at : at + 4].replace("\u00e9", "e")
    return any(
        re.fullmatch(shape, around)
        for shape in (".[0-9][A-Za-z].", ".[A-Za-z][0-9].", ".[a-z][A-Z].", "[A-Z]{2}[a-z].", ".[A-Z]{2}[a-z]")
    )


def named(before: str, after: str) -> bool:
    if before.endswith("/"):
        return True
    return (
        re.search(r"[^A-Za-z]b=? ?$", before, re.IGNORECASE) is not None
        and after[:1] in ("@", ".", " ")
        and after != ""
    )


@many_examples
@given(
    st.text(st.sampled_from("abAB1_é. -/="), max_size=60),
    st.text(st.sampled_from("ab1"), min_size=1, max_size=5),
    st.sampled_from(list(Boundary)),
)
def test_plain_names_as_a_slow_search_finds_them(text: str, name: str, rule: Boundary) -> None:
    # A number that stands by itself may be a bare value.
    assume(not name.isdigit())
    met = found(text, known(name, rule))
    assert [at for at, variant in met if variant in (Variant.PLAIN, Variant.CUT)] == slow(text, name, rule)


@many_examples
@given(st.data())
def test_names_encoded_in_any_mixture_are_found(data: st.DataObject) -> None:
    ways = [
        lambda sign: sign,
        lambda sign: sign.upper(),
        lambda sign: quote(f"%{ord(sign):02x}") if sign != "%" else sign,
        lambda sign: f"%{ord(sign):02X}",
        lambda sign: f"&#{ord(sign)};",
        lambda sign: f"\\u{ord(sign):04x}",
    ]
    text = "".join(data.draw(st.sampled_from(ways))(sign) for sign in NAME)
    before = data.draw(st.text(st.sampled_from("xy ü&%;\\"), max_size=8)) + " "
    hits = found(f"{before}{text} ", known(NAME))
    assert [at for at, _ in hits] == [len(before.encode())]


@many_examples
@given(
    st.lists(
        st.sampled_from(["", "", "", "'", '"', "\\", "\n", "\r\n   ", "\n\t", "\\n", "''"]), min_size=8, max_size=8
    )
)
def test_names_split_in_any_way_are_found(gaps: list[str]) -> None:
    text = NAME[0] + "".join(gap + sign for gap, sign in zip(gaps, NAME[1:], strict=True))
    # A backslash before an n of the name reads as a line break, too.
    assume(not any(gap.endswith("\\") and sign in "nr" for gap, sign in zip(gaps, NAME[1:], strict=True)))
    assert [at for at, _ in found(f"= {text}=", known(NAME))] == [2]


def test_grep_finds_the_same_plain_names(tmp_path: Path) -> None:
    names = ["annak", "kovalsky", "brightwater", "zedzed"]
    text = "".join(f"row {row} {names[row % 4].title() if row % 7 == 0 else row * 977:x<9}\n" for row in range(3000))
    (tmp_path / "text").write_text(text)
    (tmp_path / "names").write_text("\n".join(names))
    done = subprocess.run(
        ["grep", "-aobiF", "-f", "names", "text"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    by_grep = [int(line.partition(":")[0]) for line in done.stdout.splitlines()]
    assert by_grep
    assert [at for at, _ in found(text, *map(known, names))] == by_grep


@pytest.mark.parametrize("sign", ["é", "%20", "\\u00e9", "&amp;"])
@pytest.mark.parametrize("before", [True, False])
def test_the_edge_of_a_decoded_window_is_no_boundary(sign: str, before: bool) -> None:
    whole = known("ann", Boundary.WORD)
    for distance in range(120):
        between = "x" * distance
        text = f"{sign}{between} annie {'y' * 300}" if before else f"{'y' * 300} joann {between}{sign}"
        assert not found(text, whole)
        assert found(text.replace("annie", "ann").replace("joann", "ann"), whole)


def test_a_count_in_a_table_is_no_finding() -> None:
    three = known("3", Boundary.WORD)
    assert not found("| file | rows |\n| a | 3 |\n", three)
    assert found("| file | rows |\n| run 3 | b |\n", three)
