"""The leak hunt: survey random rows, number, garble, and look again. Nobody of the table may be found a second time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, quote_plus

import attrs
import pyarrow as pa
import pytest
from anonkit_std.options.tokenizers import ExperimentOptions, IpOptions, UserOptions
from anonkit_std.tokenizers.experiment import ExperimentTokenizer
from anonkit_std.tokenizers.ip import IpTokenizer
from anonkit_std.tokenizers.user import UserTokenizer
from hypothesis import given
from hypothesis import strategies as st

from anonkit.api import Alias, Boundary, Roles, Tokenizer
from anonkit.engine.anonymizer import Anonymizer
from anonkit.identities.kind_survey import KindSurvey, merge
from anonkit.identities.mentions import text_columns
from anonkit.identities.survey import IdentityFinder
from anonkit.identities.token_table import TokenTable, literals, number
from anonkit.input.column_roles import ColumnRoles
from anonkit.text.replace import TextReplacer

ROLES = Roles(user="User", ip="Ip", cmd="Cmd", env="Env")
USERS = UserTokenizer(UserOptions(columns=("Owner",), text_prefix="UR_"))
IPS = IpTokenizer(IpOptions(columns=("Peer",)))
EXPERIMENTS = ExperimentTokenizer(ExperimentOptions(keywords=("nova", "dune")))
TOKENIZERS: tuple[Tokenizer, ...] = (USERS, IPS, EXPERIMENTS)
CLAIMED = ("User", "Owner", "Ip", "Peer")
TEXT = ("Cmd", "Env")

Rows = Mapping[str, Sequence[Any]]


def batch_of(rows: Rows) -> pa.RecordBatch:
    size = max(map(len, rows.values()))
    columns = {name: rows.get(name, [None] * size) for name in (*CLAIMED, *TEXT)}
    whole = {name: all(isinstance(cell, int) for cell in cells) for name, cells in columns.items()}
    return pa.RecordBatch.from_pydict(
        {name: pa.array(cells, pa.int64() if whole[name] else pa.string()) for name, cells in columns.items()}
    )


@attrs.frozen
class Run:
    """What pass one and pass two make of a batch."""

    table: TokenTable
    written: pa.RecordBatch

    @classmethod
    def of(cls, rows: Rows, *, cuts: int = 1, known: Mapping[str | None, int] | None = None) -> Run:
        batch = batch_of(rows)
        layout = ColumnRoles.from_schema(batch.schema, batch.schema.names, TOKENIZERS, ROLES)
        table: TokenTable = {}
        for tokenizer in TOKENIZERS:
            met: KindSurvey = {}
            for first in range(0, len(batch), cuts):
                merge(met, surveyed(tokenizer, batch.slice(first, cuts), layout.identity[tokenizer.kind], first))
            table[tokenizer.kind] = number(tokenizer, met, known or {})
        garbler = TextReplacer(literals(TOKENIZERS, table))
        return cls(table, Anonymizer(TOKENIZERS, (), layout, table, garbler)(batch).data)

    def column(self, name: str) -> list[Any]:
        values: list[Any] = self.written.column(name).to_pylist()
        return values

    @property
    def texts(self) -> list[str]:
        """All that is written beside tokens of the cells themselves."""
        domains = [
            cell[cell.index("@") :] for name in ("User", "Owner") for cell in self.column(name) if cell and "@" in cell
        ]
        return [text for name in TEXT for text in self.column(name) if text is not None] + domains


def surveyed(tokenizer: Tokenizer, batch: pa.RecordBatch, columns: Sequence[str] = (), first: int = 0) -> KindSurvey:
    texts = text_columns((column, batch.column(column)) for column in TEXT)
    return IdentityFinder.from_tokenizer(tokenizer, ROLES).survey(batch, columns, texts, first)


def standing(tokenizer: Tokenizer, identity: str, text: str) -> Iterator[str]:
    """Yield the spellings of an identity that a reader of `text` sees, as far as the rule promises to replace them."""
    for alias in tokenizer.aliases(identity):
        spelling, rule = (
            (alias.text, alias.boundary) if isinstance(alias, Alias) else (alias, tokenizer.boundary(alias))
        )
        if rule is Boundary.NAMED:
            apart = rf"(?<![^\W_]){re.escape(spelling)}(?![^\W_])"
            patterns = [f"(?:{place.before}){apart}(?:{place.after})" for place in tokenizer.places()]
        else:
            before = {Boundary.ANYWHERE: "", Boundary.END: "", Boundary.NUMBER: "(?<![0-9])"}.get(rule, r"(?<![^\W_])")
            after = {Boundary.PREFIX: "", Boundary.ANYWHERE: "", Boundary.NUMBER: "(?![0-9])"}.get(rule, r"(?![^\W_])")
            patterns = [before + re.escape(spelling) + after]
        flags = re.IGNORECASE if spelling.isascii() else 0
        if any(re.search(pattern, text, flags) for pattern in patterns):
            yield spelling


def leaks(run: Run) -> list[tuple[str, str, str]]:
    """Return kind, identity and text of everything of the table that can be found in what was written."""
    seen = [
        (tokenizer.kind, identity, text)
        for tokenizer in TOKENIZERS
        for identity in run.table[tokenizer.kind].identities
        for text in run.texts
        if identity is not None and any(standing(tokenizer, identity, text))
    ]
    texts = pa.RecordBatch.from_pydict({name: pa.array(run.texts, pa.string()) for name in TEXT})
    again = [
        (tokenizer.kind, identity, "found again")
        for tokenizer in TOKENIZERS
        for identity in surveyed(tokenizer, texts)
        if identity is not None and identity in run.table[tokenizer.kind].identities
    ]
    return seen + again


# Letters that no token has, so that what is found is no part of one; `5.` and `a::` make other addresses of addresses.
HANDLES = (
    "ann", "anna", "annab", "annabell", "bella", "b.c", "a+b", "a-b", "(.*)", "l'anna", 'a"b', "a b", "x\\y", "jörn",
    "straße", "çağla", "b" * 40, "192.0.2.1", "nova", "2001", "db8",
)  # fmt: skip
ADDRESSES = (
    "192.0.2.1",
    "192.0.2.10",
    "192.000.002.001",
    "203.0.113.7",
    "2001:db8::1",
    "2001:DB8::1a",
    "::ffff:192.0.2.9",
)
NAMES = ("nova", "NOVA", "dune", "gm2", "GM2", "lbne", "xy", "annab", "héra", "HÉRA")
GLUE = (
    "",
    "",
    " ",
    "/",
    "_",
    "-",
    ".",
    ":",
    ",",
    ";",
    "'",
    '"',
    "x",
    "q",
    "=",
    "@",
    "é",
    "5.",
    "a::",
    "[",
    "]",
    "\n",
    "\\",
)

handles = st.sampled_from(HANDLES)
addresses = st.sampled_from(ADDRESSES)
names = st.sampled_from(NAMES)
glue = st.sampled_from(GLUE)


@st.composite
def texts(draw: st.DrawFn) -> str:
    words = draw(st.lists(handles | addresses | names | handles.map(str.upper) | handles.map(quote), max_size=4))
    whole = draw(glue)
    for word in words:
        # A digit would hide the address that it touches until a token takes its place.
        apart = "" if not whole[-1:].isalnum() or not word[0].isdigit() else " "
        whole += apart + word + draw(glue)
    return whole


def environments() -> st.SearchStrategy[str]:
    pair = st.builds(
        "{}={}".format, st.sampled_from(("EXPERIMENT", "SAM_EXPERIMENT", "A", "MY_EXPERIMENT")), names | texts()
    )
    return st.lists(pair, max_size=3).map(" ".join) | st.dictionaries(
        st.sampled_from(("EXPERIMENT", "A")), names | handles, max_size=2
    ).map(json.dumps)


def users() -> st.SearchStrategy[str | None]:
    domain = st.sampled_from(("", "@example.org", "@", "@ann.example.org", "@annab@example.org"))
    return st.none() | st.builds("{}{}".format, handles | st.just(" "), domain)


def ips() -> st.SearchStrategy[str | None]:
    single = addresses | st.sampled_from(("node7.example.org", "3221225985", "192.0.2.1:80"))
    return st.none() | st.lists(single, min_size=1, max_size=3).map(", ".join)


rows_of_jobs = st.integers(1, 4).flatmap(
    lambda size: st.fixed_dictionaries(
        {
            name: st.lists(cells, min_size=size, max_size=size)
            for name, cells in {
                "User": users(),
                "Owner": users(),
                "Ip": ips(),
                "Peer": ips(),
                "Cmd": st.none() | texts(),
                "Env": st.none() | environments(),
            }.items()
        }
    )
)


@given(rows_of_jobs)
def test_no_identity_is_found_again(rows: dict[str, list[str | None]]) -> None:
    # Numbers so long that none, with the text after it, reads as an address.
    assert leaks(Run.of(rows, known={"\uffff": 90_000})) == []


@given(rows_of_jobs)
def test_claimed_cells_are_tokens(rows: dict[str, list[str | None]]) -> None:
    run = Run.of(rows)
    for name, token in {"User": "UR_[0-9]+(@.*)?", "Owner": "UR_[0-9]+(@.*)?", "Ip": "IP", "Peer": "IP"}.items():
        pattern = "IP[0-9]+(, IP[0-9]+)*" if token == "IP" else token
        for raw, cell in zip(rows[name], run.column(name), strict=True):
            assert (cell is None) == (raw is None)
            assert cell is None or re.fullmatch(pattern, cell, re.DOTALL)


@given(rows_of_jobs)
def test_the_cuts_between_batches_change_nothing(rows: dict[str, list[str | None]]) -> None:
    assert Run.of(rows, cuts=1) == Run.of(rows, cuts=10)


def shown(rows: Rows) -> str:
    """Return the last command that is written."""
    return str(Run.of(rows).column("Cmd")[-1])


@pytest.mark.parametrize(
    ("handle", "text"),
    [
        ("straße", "STRASSE"),
        ("straße", "Strasse"),
        ("STRASSEß", "strasseß"),
        ("STRAẞE", "straße"),
        ("STRAẞE", "strasse"),
        ("STRAẞE", "STRASSE"),
        ("İncix", "i̇ncix"),
        ("ışıkx", "IŞIKX"),
        ("IŞIKX", "işikx"),
        ("νίκος", "ΝΊΚΟΣ"),
        ("ΝΊΚΟΣ", "νίκος"),
        ("ΝΊΚΟΣ", "νίκοσ"),
        ("\u212aelvin", "kelvin"),
        ("\u212aelvin", "KELVIN"),
        ("jérôme", "je\u0301ro\u0302me"),
        ("je\u0301ro\u0302me", "JÉRÔME"),
        ("JÉRÔME", "je\u0301ro\u0302me"),
        ("ΐabcd", "ΐABCD".upper()),
        ("ǆabcd", "ǅabcd"),
        ("ﬁnley", "FINLEY"),
        ("jörnx", json.dumps("jörnx")),
        ('jör"nx', json.dumps('jör"nx', ensure_ascii=False)),
        ("j\\rnx", json.dumps("j\\rnx")),
        ("l'anna", "l''anna"),
        ("jörnx", quote("jörnx")),
        ("jörnx", quote("JÖRNX").lower()),
        ("a/b/c", quote("a/b/c")),
        ("a b+c", quote_plus("a b+c")),
        ("a b+c", quote("a b+c")),
        ("l'ann é", "l'ann%20%C3%A9"),
        ("😀anna", json.dumps("😀anna")),
        ("an\0na", "an\0na"),
        ("an\0na", json.dumps("an\0na")),
        ("an\nna", "an\nna"),
        ("an\nna", json.dumps("an\nna")),
        ("anna" * 2500, "anna" * 2500),
        ("é{}".join(map(str, range(2000))), "É{}".join(map(str, range(2000)))),
    ],
    ids=lambda one: ascii(one)[:40],
)
def test_every_spelling_of_a_handle_is_replaced(handle: str, text: str) -> None:
    run = Run.of({"User": ["ben", f"{handle}@example.org"], "Cmd": [f"/data/x{text}/run {text}", None]})
    written = run.column("Cmd")[0].replace('"', "")
    assert written == "/data/xUR_2/run UR_2"


# Where a row has no address at all, that is the address of number 1.
@pytest.mark.parametrize(
    ("rows", "cmd"),
    [
        ({"User": ["UR_1", "anna"], "Cmd": [None, "UR_1 anna UR_2"]}, "UR_1 UR_2 UR_2"),
        ({"User": ["annab", "UR_1"], "Cmd": [None, "UR_1 annab"]}, "UR_2 UR_1"),
        ({"User": ["IP1"], "Ip": ["192.0.2.1"], "Cmd": ["192.0.2.1 IP1"]}, "IP1 UR_1"),
        ({"User": ["192.0.2.1"], "Ip": ["192.0.2.1"], "Cmd": ["192.0.2.1"]}, "UR_1"),
        ({"User": ["x192.0.2.1"], "Cmd": ["x192.0.2.1 192.0.2.1"]}, "UR_1 IP2"),
        ({"User": ["192"], "Cmd": ["192.0.2.1 192"]}, "IP2 192"),
        ({"User": ["192"], "Cmd": ["192.0.2.1 /home/192/x"]}, "IP2 /home/UR_1/x"),
        ({"User": ["nova"], "Cmd": ["nova"]}, "UR_1"),
        ({"User": ["novapro"], "Cmd": ["novapro nova novaraw"]}, "UR_1 EX_1 EX_1raw"),
        ({"User": ["gm2"], "Env": ["EXPERIMENT=gm2"], "Cmd": ["gm2 gm2gpvm01"]}, "UR_1 UR_1gpvm01"),
        ({"User": ["annabe", "bellab"], "Cmd": [None, "annabellab"]}, "UR_1llab"),
        ({"User": ["root", "Nobody"], "Cmd": [None, "root nobody"]}, "root nobody"),
        ({"User": [" @example.org"], "Cmd": ["@example.org"]}, "@example.org"),
        ({"User": ["ann"], "Cmd": ["ann_1 joann annie /ann/"]}, "UR_1_1 joann annie /UR_1/"),
    ],
)
def test_adjacent_identities_are_all_replaced(rows: Rows, cmd: str) -> None:
    assert shown(rows) == cmd


@pytest.mark.parametrize("column", ["User", "Owner"])
@pytest.mark.parametrize("size", [1, 50])
def test_a_handle_of_the_last_row_and_of_any_column_is_replaced_in_the_first(column: str, size: int) -> None:
    run = Run.of({column: [*["ben"] * size, "annabell@example.org"], "Cmd": ["/home/annabell", *[None] * size]}, cuts=7)
    assert re.fullmatch("/home/UR_[0-9]", run.column("Cmd")[0])


@pytest.mark.parametrize(
    ("ip", "text"),
    [
        ("192.0.2.1", "x192.0.2.1x"),
        ("192.0.2.1", "ip-192-0-2-1.example.org"),
        ("192.0.2.1", "192.000.002.001"),
        ("192.0.2.1", "[::ffff:192.0.2.1]"),
        ("192.0.2.1", "::ffff:c000:201"),
        ("192.0.2.1", "500.192.0.2.1.log"),
        ("192.0.2.1", "é192.0.2.1é"),
        (3221225985, "192.0.2.1"),
        ("192.0.2.7 192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "x2001:DB8::1"),
        ("2001:db8::1", "[2001:db8::1]:80"),
        ("2001:db8::1", "2001:db8:0:0:0:0:0:1."),
        ("2001:db8::1", "...2001:db8::1:"),
        ("2001:db8::1", "2001%3Adb8%3A%3A1"),
        ("2001:db8::1", "2001:0DB8:0000:0000:0000:0000:0000:0001"),
        ("2001:db8::1", "fe80:2001:db8::1"),
        ("node7.example.org", "NODE7.example.org"),
        ("192.0.2.1, node7", "192.0.2.1"),
    ],
)
@pytest.mark.parametrize("column", ["Ip", "Peer"])
def test_every_spelling_of_an_address_is_replaced(column: str, ip: str | int, text: str) -> None:
    garbled = shown({column: [ip], "Cmd": [f"ping {text} {text}"]})
    assert "IP" in garbled
    assert not re.search("192.0*[.-]0*2|c000|2001|node7", garbled.replace("fe80", "").lower())


@pytest.mark.parametrize(
    ("env", "text", "garbled"),
    [
        ("EXPERIMENT=GM2", "gm2gpvm01 Gm2 /pnfs/GM2/", "EX_1gpvm01 EX_1 /pnfs/EX_1/"),
        ("EXPERIMENT='lbne'", "lbnegpvm", "EX_1gpvm"),
        ('{"EXPERIMENT": "lbne"}', "lbne", "EX_1"),
        ("EXPERIMENT=HÉRA", "héra Héra he\u0301ra h%C3%A9ra h\\u00e9ra", "EX_1 EX_1 EX_1 EX_1 EX_1"),
        ("EXPERIMENT=Straße", "strasse STRASSE straße", "EX_1 EX_1 EX_1"),
        ("A=1", "NOvA novaraw", "EX_1 EX_1raw"),
        ("EXPERIMENT=None", "none None", "none None"),
        ("EXPERIMENT=xy", "xy xyz x_xy_ group_xy", "xy xyz x_xy_ group_EX_1"),
        ("EXPERIMENT=xyz", "xyz xyza x_xyz_ runXyzA", "EX_1 xyza x_EX_1_ runEX_1A"),
    ],
)
def test_every_spelling_of_an_experiment_is_replaced(env: str, text: str, garbled: str) -> None:
    assert shown({"Env": [None, "HOME", env], "Cmd": [None, None, text]}) == garbled


def test_the_longest_of_hundreds_of_handles_that_begin_alike_is_replaced() -> None:
    """Up to some thousand letters."""
    every = ["a" + "bc" * length for length in (*range(3, 300), *range(300, 1500, 12))]
    run = Run.of({"User": every, "Cmd": [f"/home/{handle}/" for handle in every]}, cuts=len(every))
    assert run.column("Cmd") == [f"/home/UR_{place}/" for place in range(1, len(every) + 1)]
    assert run.column("User") == [f"UR_{place}" for place in range(1, len(every) + 1)]


def test_thousands_of_addresses_in_one_cell_are_replaced() -> None:
    every = [f"198.51.{place // 256}.{place % 256}" for place in range(2000)]
    run = Run.of({"Ip": [" ".join(every)], "Cmd": [",".join(every)]})
    assert len(run.table["ip"].identities) == 2000
    assert re.fullmatch(r"(IP[0-9]+,){1999}IP[0-9]+", run.column("Cmd")[0])


def test_identities_in_domains_are_replaced() -> None:
    run = Run.of(
        {
            "User": ["annab@annab.example.org", "ben@annab@gm2.example.org", "x@192.0.2.1"],
            "Ip": ["192.0.2.1"] * 3,
            "Env": ["EXPERIMENT=gm2"] * 3,
        }
    )
    assert run.column("User") == ["UR_1@UR_1.example.org", "UR_2@UR_1@EX_1.example.org", "UR_3@IP1"]
