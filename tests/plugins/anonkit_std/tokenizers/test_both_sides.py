"""Replacer and audit find the same forms: what the one leaves the other does not find, on random and mutated texts."""

from __future__ import annotations

import base64
import os
from random import Random
from urllib.parse import quote

import pyarrow as pa
import pytest
from anonkit_std.options.tokenizers import EmailOptions, ExperimentOptions, HostOptions, UserOptions
from anonkit_std.tokenizers.email import EmailTokenizer
from anonkit_std.tokenizers.experiment import ExperimentTokenizer
from anonkit_std.tokenizers.host import HostTokenizer
from anonkit_std.tokenizers.user import UserTokenizer

from anonkit.api import Tokenizer
from anonkit.auditing.exclusions import Labels, Tokens
from anonkit.auditing.known import known_in_run
from anonkit.auditing.patterns import patterns
from anonkit.auditing.searching import Search, Window
from anonkit.identities.kind_survey import IdentityFacts
from anonkit.identities.token_table import TokenTable, literals, number
from anonkit.text.replace import TextReplacer

# Of each of ten tests. A million texts are tried with 100000.
TEXTS = int(os.environ.get("BOTH_SIDES_TEXTS", "300"))

USERS = (
    "annak",
    "ann",
    "bob2",
    "data",
    "2023",
    "k",
    "stra\u00dfenmann",
    "ivanovskaja",
    "o'brien",
    "m\u00fcller",
    "path",
    "dana.ejemplo",
)
EXPERIMENTS = ("gm2", "mu2e", "novaplus", "prod", "e93", "des")
HOSTS = ("gfactory-2.example.org", "wn7.lab.example.org", "knotennode12.example.org")
EMAILS = ("production@example.org", "jean-luc.moro@example.org", "carla.provetta@example.org")
PLACES = (
    "",
    "/home/",
    "USER=",
    "EXPERIMENT=",
    "group_",
    "/CN=",
    "krb5cc_",
    "x",
    "X",
    "run",
    "7",
    "_",
    "\u00e9",
    "LD_LIBRARY_",
    " ",
)
AFTER = ("", "@example.org", "/x", ".sh", "s", "S", "Data", "2", "_1", "\u00e9", " ", ";", "/Role=A")


@pytest.fixture(scope="module")
def sides() -> tuple[TextReplacer, Search, list[str]]:
    tokenizers: list[Tokenizer] = [
        UserTokenizer(UserOptions()),
        ExperimentTokenizer(ExperimentOptions()),
        HostTokenizer(HostOptions()),
        EmailTokenizer(EmailOptions()),
    ]
    names = [USERS, EXPERIMENTS, HOSTS, EMAILS]
    table: TokenTable = {
        one.kind: number(one, {name: IdentityFacts(row) for row, name in enumerate(held)}, {})
        for one, held in zip(tokenizers, names, strict=True)
    }
    replacer = TextReplacer(literals(tokenizers, table))
    search = Search(patterns(known_in_run(tokenizers, table)), Tokens(("UR_", "EX_", "HO_", "EM_")))
    return replacer, search, [name for held in names for name in held]


def _changed(name: str, random: Random) -> str:
    ways = (
        str, str, str, str.upper, str.title, quote, lambda text: text.encode().hex(), lambda text: text[::-1],
        lambda text: base64.b64encode(text.encode()).decode(), lambda text: text[: random.randrange(1, len(text) + 1)],
        lambda text: text[:1] + "\u200b" + text[1:], lambda text: text[:2] + "'" + text[2:],
        lambda text: text.replace("\u00df", "ss"), lambda text: text.replace("-", ""),
        lambda text: f"&#{ord(text[0])};{text[1:]}", lambda text: f"\\u{ord(text[0]):04x}{text[1:]}",
        lambda text: text[:3] + "\n  " + text[3:],
    )  # fmt: skip
    part = random.choice((name, name, name.partition("@")[0], name.partition(".")[0]))
    return random.choice(ways)(part)


def _text(names: list[str], random: Random) -> str:
    parts = (
        random.choice(PLACES) + _changed(random.choice(names), random) + random.choice(AFTER)
        for _ in range(random.randrange(1, 4))
    )
    return random.choice((" ", "", ";", "\n")).join(parts)


def _found(search: Search, text: str) -> bool:
    data = f"\n{text}\n".encode()
    return bool(search(Window(data, 0, 0, len(data)), Labels()))


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(10))
def test_the_audit_finds_nothing_in_replaced_text(sides: tuple[TextReplacer, Search, list[str]], seed: int) -> None:
    replacer, search, names = sides
    random = Random(seed)
    texts = [_text(names, random) for _ in range(TEXTS)]
    replaced = replacer(pa.array(texts, pa.string())).to_pylist()
    for text, written in zip(texts, replaced, strict=True):
        assert not _found(search, written), (text, written)
        assert written != text or not _found(search, text), text
