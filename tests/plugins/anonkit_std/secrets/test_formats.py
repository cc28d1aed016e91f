"""Made-up secrets of known forms, put together here so that no scanner takes them for real ones."""

from __future__ import annotations

import pytest
from anonkit_std.secrets.formats import SCHEMES, TRIGGERS, blank_formats, may_have_form
from hypothesis import given
from hypothesis import strategies as st

X = "x1Y2" * 12
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{X}\n{X}==\n-----END RSA PRIVATE KEY-----"
WHOLE = [
    f"eyJ{X}.eyJ{X}.{X}-_", f"eyJ{X}.{X}", "AKIA" + "ABCD1234" * 2, "ASIA" + "ABCD1234" * 2, f"ghp_{X}", f"gho_{X}",
    f"ghs_{X}",
    f"ghu_{X}", f"github_pat_{X}", f"glpat-{X}", f"xoxb-12-{X}", f"AIza{X}", f"ya29.{X}", f"MDAx{X}{X}", PEM,
    PEM.replace("\n", "\\n"), PEM.replace("\n", "\\\\n"), f"-----BEGIN CERTIFICATE-----\n{X}",
]  # fmt: skip


@pytest.mark.parametrize("secret", WHOLE)
@pytest.mark.parametrize("around", ["{}", "A={};B=1", "'{}'", '{{"a": "{}"}}', "/x/{}", "a,{},b"])
def test_a_secret_is_replaced_as_a_whole(secret: str, around: str) -> None:
    text = around.format(secret)
    assert blank_formats(text, "(secret)") == around.format("(secret)")
    assert any(trigger in text for trigger in TRIGGERS)


@pytest.mark.parametrize(
    ("text", "blanked"),
    [
        ("curl -H 'Authorization: Bearer hunter2' x", "curl -H 'Authorization: Bearer (secret)' x"),
        ('"authorization": "Basic aGVsbG8="', '"authorization": "Basic (secret)"'),
        ('"Authorization": {"x": 1}', '"Authorization": {"x": 1}'),
        ("AUTHORIZATION=hunter2;A=1", "AUTHORIZATION=(secret);A=1"),
        (f"-H Bearer {X}", "-H Bearer (secret)"),
        ("https://annak:hunter2@example.org:80/x", "https://annak:(secret)@example.org:80/x"),
        ("http://:p@ss:w@example.org", "http://:(secret)@example.org"),
        (f"<IP3:9618?addrs=x>#1703980800#12#{X}", "<IP3:9618?addrs=x>#1703980800#12#(secret)"),
        (f'<192.0.2.1:1>#1#2#[Encryption="YES";CryptoMethods="AES";]{X} b', "<192.0.2.1:1>#1#2#(secret) b"),
    ],
)
def test_text_before_a_secret_stays(text: str, blanked: str) -> None:
    assert blank_formats(text, "(secret)") == blanked
    assert blank_formats(blanked, "(secret)") == blanked
    assert any(trigger in text for trigger in TRIGGERS) or any(scheme in text.lower() for scheme in SCHEMES)


@pytest.mark.parametrize(
    "text",
    ["", "keyJobs.first.second", "eyJ.a.b", "AKIA1234", f"XAKIA{'A' * 16}", "https://example.org:8080/a@b",
    "ssh://git@example.org",
     "<192.0.2.1:9618>#1703980800#12#...", "schedd#12.0#1703980800", "basic rules", "a bearer of news", "MDAx",
     "xoxo-love",
     "basic /usr/local/share/something"],
)  # fmt: skip
def test_text_that_only_looks_like_a_secret_stays(text: str) -> None:
    assert blank_formats(text, "(secret)") == text


def without_a_character(word: str, place: int) -> str:
    place %= len(word)
    return word[:place] + word[place + 1 :]


WORDS = st.sampled_from((*TRIGGERS, *SCHEMES, "Bearer ", "BASIC%20", "Cookie: ", "machine ", "-pass:", "?key=", "://"))
PARTS = st.one_of(
    WORDS,
    st.builds(without_a_character, WORDS, st.integers(0, 20)),
    st.sampled_from(
        (X, "annak", "a=hunter2", "@example.org", ":", "/", " ", '"', "'", ".", "\n", "login x password y")
    ),
)


@given(st.lists(PARTS, max_size=6).map("".join))
def test_a_text_without_a_trigger_does_not_change(text: str) -> None:
    assert may_have_form(text) or blank_formats(text, "(secret)") == text
