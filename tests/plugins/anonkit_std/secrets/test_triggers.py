"""No text that would be changed is passed over; hardly any other is looked at."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from anonkit_std.options.secrets import NAMES, SecretsOptions
from anonkit_std.secrets.names import SecretNames
from anonkit_std.secrets.triggers import Triggers
from anonkit_std.secrets.values import SecretValues
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

from anonkit.arrow.segments import Segments
from anonkit.text import segmentation as cutting

OPTIONS = SecretsOptions(more_names=("pin", "door_code"))
SECRET_NAMES = SecretNames(OPTIONS)
TRIGGERS = Triggers(SECRET_NAMES)
VALUES = SecretValues(SECRET_NAMES, True, "(secret)")


def spelled(name: str, how: int) -> str:
    parts = name.split("_")
    camel = "".join(part.capitalize() for part in parts)
    return [name, name.upper(), name.replace("_", "-"), name.replace("_", ""), camel, camel[0].lower() + camel[1:]][how]


def oddly_spelled(name: str, place: int, sign: str) -> str:
    """With a sign in the name, or the letter at a place as that sign of JSON, or in another case."""
    place %= len(name)
    if sign == "json":
        return f"{name[:place]}\\u{ord(name[place]):04x}{name[place + 1 :]}"
    if sign == "swap":
        return name[:place].swapcase() + name[place:]
    if sign == "kelvin":
        return name.replace("k", "\u212a")
    return name[:place] + sign + name[place:]


# All that a regular expression takes for a blank, and some that look like one and are none.
BLANKS = [*filter(str.isspace, map(chr, range(0x3001))), "\u200b", "\ufeff"]
NAMED = st.builds(spelled, st.sampled_from((*NAMES, "pin", "door_code")), st.integers(0, 5))
ODD = st.builds(
    oddly_spelled,
    st.sampled_from((*NAMES, "pin", "door_code")),
    st.integers(0, 20),
    st.sampled_from(["json", "swap", "kelvin", "'", "''", "_", "-", ".", "__", "\\u005f", "\u0663", "é"]),
)
PIECES = st.one_of(
    ODD.map("{}=hunter2 ".format),
    ODD.map("A=1;X_{}: hunter2 ".format),
    ODD.map("x --{} hunter2 ".format),
    ODD.map('{{ "{}" : "hunter2" }}'.format),
    st.builds("x --{}{}hunter2 ".format, NAMED, st.sampled_from(BLANKS)),
    st.builds("A{}{}{}=hunter2 ".format, st.sampled_from([*BLANKS, "–", "“", "é"]), NAMED, st.sampled_from(BLANKS)),
    st.builds('"{}"{}: "hunter2"'.format, NAMED, st.integers(0, 30).map(" ".__mul__)),
    st.builds('{{"name": "{}"{}, "value": "hunter2" }}'.format, NAMED, st.integers(0, 30).map(" ".__mul__)),
    st.builds("{}_{}=hunter2 ".format, st.sampled_from(["1no", "ask", "A" * 30 + "_ask", "no", "é"]), NAMED),
    st.sampled_from(
        ['["DB_PASSWORD\\u003dhunter2"]', "https://u:a<hunter2@example.org ", "http://a ", "PASSWORD=a TO", "KEN"]
    ),
    st.sampled_from(
        [
            "-u annak:hunter2 ",
            "x -u ",
            "annak:hunter2 ",
            "'--user', 'annak:hunter2' ",
            "--proxy-user=a:hunter2;",
            "sshpass -p hunter2 ",
            "xsshpass -p hunter2 ",
            "docker ",
            "login ",
            "-p hunter2 ",
            "echo hunter2 | kinit ",
            "Cookie: a=hunter2 ",
            "https://example.org/?key=hunter23&a=b ",
            "PWD=/x ",
            "PWD=hunter2 ",
            "/hooks/" + "a1" * 13,
            "machine h login a password hunter2 ",
            "npm_" + "x1" * 12 + " ",
            "12345:A" + "x1" * 20,
            "A=1|PASS=hunter2|B=2 ",
            "PWD='/x' ",
            "pass:hunter2 ",
            "x -passin pass:hunter2 ",
        ]
    ),
    NAMED.map("{}=hunter2 ".format),
    NAMED.map("MY_{}_2=hunter2;".format),
    NAMED.map("--{} hunter2 ".format),
    NAMED.map('"{}": "hunter2"'.format),
    NAMED.map("{}_FILE=x".format),
    NAMED.map("JOB_{}S=hunter2 ".format),
    st.sampled_from(
        ["https://annak:x@example.org ", "ghp_" + "x1" * 15, "Authorization: Basic x", "BEARER_TOKEN_FILE=/x "]
    ),
    NAMED.map('{{"name": "{}", "value": "hunter2"}}'.format),
    NAMED.map('{{"value": "hunter2", "name": "{}"}}'.format),
    st.sampled_from(["JOB_", "xo", "AKI", "BEARER_", "TOKENS=hunter2 ", "xoxb-123456789012 ", "AKIA" + "A" * 16]),
    st.sampled_from(["setenv ", "set ", "configure set ", "modify a", "config create a b ", "password ", "MY_TOKEN "]),
    st.text("abé /=;'\"-_", max_size=50),
    st.text("a/_", min_size=20, max_size=120),
)


@many_examples
@given(st.lists(st.none() | st.lists(PIECES, max_size=5).map("".join), max_size=6), st.integers(0, 3))
def test_every_text_that_would_change_is_found(texts: list[str | None], start: int) -> None:
    rows = TRIGGERS.suspects(pa.array(texts, pa.string()).slice(start)).tolist()
    assert rows == sorted(set(rows))
    changed = {row for row, text in enumerate(texts[start:]) if text is not None and VALUES(text) != text}
    assert changed <= set(rows)


@many_examples
@given(st.lists(st.none() | st.lists(PIECES, max_size=4).map("".join), max_size=8))
def test_a_text_is_judged_by_itself(texts: list[str | None]) -> None:
    alone = [row for row, text in enumerate(texts) if TRIGGERS.suspects(pa.array([text], pa.string())).size]
    assert TRIGGERS.suspects(pa.array(texts, pa.string())).tolist() == alone


@many_examples
@given(st.lists(st.none() | st.lists(PIECES, max_size=5).map("".join), max_size=6))
def test_changes_are_found_in_segments(texts: list[str | None]) -> None:
    array = pa.array([*(f"{n} {'x' * 200}" for n in range(4)), *texts])
    segments = cutting.segment_text(array, cutting.SEPARATORS, probe=3)
    assert segments is not None
    rows = TRIGGERS.suspects_in(segments).tolist()
    assert rows == sorted(set(rows))
    changed = {row for row, text in enumerate(array.to_pylist()) if text is not None and VALUES(text) != text}
    assert changed <= set(rows)


@pytest.mark.parametrize(
    ("parts", "suspected"),
    [
        (['x="password ', " : hunter2"], True),
        (["https://annak;", "k:hunter2@example.org"], True),
        (["https://example.org;", "A=1;"], False),
        (['x="tokens ', "of mine"], False),
        (["--password ", "hunter2"], True),
        (["BEARER_TOKEN_FILE=x ", "A=1"], False),
        ([" ", "A=1"], False),
        (["Bearer ", "x" * 20], True),
        (["setenv ", "API_TOKEN ", "hunter2"], True),
        (["aws ", "configure ", "set ", "aws_session_token ", "hunter2"], True),
        (["modify ", "annak ", "password ", "hunter2"], True),
        (["reset ", "API_TOKEN ", "hunter2"], False),
    ],
)
def test_a_secret_across_segments_is_found_as_in_the_whole_text(parts: list[str], suspected: bool) -> None:
    segments = Segments(
        pa.array(["A=0 ", *parts]), np.array([0, *range(len(parts) + 1)]), np.array([0, 1, 2 + len(parts)])
    )
    assert TRIGGERS.suspects_in(segments).tolist() == [1] * suspected
    assert bool(TRIGGERS.suspects(segments.to_strings()).size) is suspected


@pytest.mark.parametrize(
    "text",
    ["BEARER_TOKEN_FILE=.condor_creds/x.use", "IDTOKENS_FILE=/a/b", "IFDH_TOKEN_ENABLE=1",
    "JOB_TOKENS='alpha beta' B=1",
     "author=x monkey tokenizer", "a/very/long/path/to/some/credential_1_73e8.idtoken;A=1",
     "http://203.0.113.2:3128", "",
     "https://example.org/a@b"],
)  # fmt: skip
def test_text_of_real_jobs_is_not_found(text: str) -> None:
    assert TRIGGERS.suspects(pa.array([text, None, text])).tolist() == []


@pytest.mark.parametrize(
    ("texts", "suspected"),
    [
        (['[{"name": "DB_PASSWORD", "value": "hunter2"}]'], [0]),
        (['{"value": "hunter2", "name": "DB_PASSWORD"}'], [0]),
        (["X=JOB_", "TOKENS=hunter2 a=b"], [1]),
        (["a xo", "xoxb-123456789012 b"], [1]),
        (["a AKI", "AKIA" + "A" * 16], [1]),
        (["X=J", "O", "B_", "TOKENS=hunter2"], [3]),
        (["MY_TOKEN_FILEX=hunter2"], [0]),
        (["BEARER_TOKEN_FILE=x A=1"], []),
        (["http://a xo", "x", "http://b:c@example.org"], [2]),
        (["PASSWORD=a TO", "KEN", "SECRET=a"], [0, 2]),
        (["x -H 'X-Api-Key: hunter2'"], [0]),
        (["X_Api_Key=hunter2"], [0]),
        (["x --passPhrase hunter2"], [0]),
        (["pass_word=hunter2"], [0]),
        (['["DB_PASSWORD\\u003dhunter2"]'], [0]),
        (['{"api\\u005fkey": "hunter2"}'], [0]),
        (['"password"' + " " * 20 + ': "hunter2"'], [0]),
        (["https://u:a<hunter2@example.org"], [0]),
        (["x --password\x1fhunter2"], [0]),
        (["x --password\u2003hunter2"], [0]),
        (["A=a\u00a0PASSWORD=hunter2"], [0]),
        (["A=1;PASSWORD\x1f=hunter2"], [0]),
        (["1no_PASSWORD=hunter2"], [0]),
        (["A" * 30 + "_askPassword=hunter2"], [0]),
        (["DB_PASS'WORD=hunter2'"], [0]),
        (["x no_authorization=hunter2"], [0]),
        (["x --to\u212aen hunter2"], [0]),
        (["AuThorization: hunter2"], [0]),
        (["modify somebody-with-a-long-name-indeed password hunter2"], [0]),
    ],
)
def test_secrets_that_were_missed_before_are_found(texts: list[str], suspected: list[int]) -> None:
    assert TRIGGERS.suspects(pa.array(["", *texts])).tolist() == [row + 1 for row in suspected]


@pytest.mark.parametrize("closed", ["}", " }", ' , "x": 1}'])
def test_a_name_before_the_end_of_its_object_is_found_in_segments(closed: str) -> None:
    texts = pa.array([f'{{ "i": "{n}", "value": "hunter2", "name": "DB_PASSWORD"{closed}' for n in range(300)])
    segments = cutting.segment_text(texts, cutting.SEPARATORS)
    assert segments is not None
    assert TRIGGERS.suspects_in(segments).tolist() == list(range(300))


@pytest.mark.parametrize(
    "text", ["MY_JOB_TOKENS=hunter2", "JOB_TOKENS2=x", "JOB_TOKENS_X: 1", "JOB_TOKENS='' TOKEN=hunter2"]
)
def test_a_name_that_only_holds_one_to_keep_is_found(text: str) -> None:
    assert TRIGGERS.suspects(pa.array(["", text])).tolist() == [1]


def test_forms_are_not_found_when_the_option_is_off() -> None:
    triggers = Triggers(SecretNames(SecretsOptions(formats=False)))
    texts = pa.array(["https://annak:x@example.org", "PASSWORD=x", "ghp_" + "x1" * 15, "basic x"])
    assert triggers.suspects(texts).tolist() == [1]
    assert TRIGGERS.suspects(texts).tolist() == [0, 1, 2, 3]
