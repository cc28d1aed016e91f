"""Environments stay environments; of other text the secret goes and the rest stays."""

from __future__ import annotations

import json

import pytest
from anonkit_std.environment.forms import Form, parse_environment, read_environment
from anonkit_std.options.secrets import SecretsOptions
from anonkit_std.secrets.names import SecretNames
from anonkit_std.secrets.values import SecretValues
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

NAMES = SecretNames(SecretsOptions())
BLANK = SecretValues(NAMES, formats=True, placeholder="(secret)")

VARIABLES = st.tuples(
    st.sampled_from(["A", "B_C", "DB_PASSWORD", "apiKey", "TOKEN", "TOKEN_FILE", "--secret", "my-auth", "x"]),
    st.text("ab1 ;='\"\\/\n\té{}[],:-$(", max_size=8) | st.sampled_from(["/tmp/x", "true", "eyJ", "it's", "a b"]),
)
ENVIRONMENTS = st.lists(VARIABLES, max_size=5)


def expected(text: str) -> list[tuple[str, str]] | None:
    found = parse_environment(text)
    if found is None:
        return None
    return [(name, "(secret)" if NAMES.is_secret(name, value) else value) for name, value in found]


def quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def in_v2(name: str, value: str, how: int) -> str:
    if how == 0 and value and not set(value) & set(" \t\r\n'"):
        return f"{name}={value}"
    return quoted(f"{name}={value}") if how == 1 else f"{name}={quoted(value)}"


@many_examples
@given(st.lists(st.tuples(VARIABLES, st.integers(0, 2)), max_size=5))
def test_v2_without_secrets_has_the_same_other_variables(entries: list[tuple[tuple[str, str], int]]) -> None:
    text = " ".join(in_v2(name, value, how) for (name, value), how in entries)
    assert parse_environment(BLANK(text)) == expected(text)


@many_examples
@given(ENVIRONMENTS, st.sampled_from([";", "\n", "; "]))
def test_v1_without_secrets_has_the_same_other_variables(entries: list[tuple[str, str]], separator: str) -> None:
    text = separator.join(f"{name}={value}" for name, value in entries)
    found = read_environment(text)
    assume(found is not None and found[0] is Form.V1)
    assert parse_environment(BLANK(text)) == expected(text)


@many_examples
@given(
    ENVIRONMENTS, st.sampled_from(["object", "list", "pairs", "reversed"]), st.booleans(), st.sampled_from([None, 1])
)
def test_json_without_secrets_has_the_same_other_variables(
    entries: list[tuple[str, str]], form: str, escaped: bool, indent: int | None
) -> None:
    content = {
        "object": dict(entries),
        "list": [f"{name}={value}" for name, value in entries],
        "pairs": [{"name": name, "value": value} for name, value in entries],
        "reversed": [{"value": value, "name": name} for name, value in entries],
    }[form]
    text = json.dumps(content, ensure_ascii=escaped, indent=indent)
    assert parse_environment(BLANK(text)) == expected(text)


@pytest.mark.parametrize(
    ("text", "blanked"),
    [
        ('["DB_PASSWORD=\\n"]', '["DB_PASSWORD=\\n"]'),
        ('["x --password hunter2 TOKEN=\\n "]', '["x --password (secret) TOKEN=\\n "]'),
        ('["TOKEN="]', '["TOKEN="]'),
    ],
)
def test_a_blank_value_is_no_secret(text: str, blanked: str) -> None:
    assert BLANK(text) == blanked


@many_examples
@given(st.text("aAT_OKEN=' ;\"\\{}[]:,-\n()$", max_size=30))
def test_any_value_is_replaced_once(text: str) -> None:
    blanked = BLANK(text)
    before, after = parse_environment(text), parse_environment(blanked)
    if before is not None:
        assert after is not None
        assert [name for name, _ in after] == [name for name, _ in before]
    assert BLANK(blanked) == blanked


@pytest.mark.parametrize(
    ("text", "blanked"),
    [
        ("A=1 DB_PASSWORD=a;b B=2", "A=1 DB_PASSWORD=(secret) B=2"),
        ("A=1 'DB_PASSWORD=it''s mine' B=2", "A=1 DB_PASSWORD='(secret)' B=2"),
        ("DB_PASSWORD= B=2", "DB_PASSWORD= B=2"),
        ("A=1;DB_PASSWORD=a b;B=2", "A=1;DB_PASSWORD=(secret);B=2"),
        ("A='x --password hunter2 y' B=2", "A='x --password (secret) y' B=2"),
        ("A='x --password ''hunter 2'' y' B=2", "A='x --password ''(secret)'' y' B=2"),
        ("BEARER_TOKEN_FILE=.condor_creds/x.use TOKEN=/tmp/x", "BEARER_TOKEN_FILE=.condor_creds/x.use TOKEN=/tmp/x"),
        ('{"DB_PASSWORD": "a\\"b", "A": "1"}', '{"DB_PASSWORD": "(secret)", "A": "1"}'),
        ('{"PASSWORD": 1234, "A": {"password": "x"}}', '{"PASSWORD": "(secret)", "A": {"password": "(secret)"}}'),
        ('{"passwords": ["a", "b"], "B": null}', '{"passwords": ["(secret)", "(secret)"], "B": null}'),
        ('["A=1", "DB_PASSWORD=a b"]', '["A=1", "DB_PASSWORD=(secret)"]'),
        ('[{"value": "x", "name": "TOKEN"}]', '[{"value": "(secret)", "name": "TOKEN"}]'),
        ('{"A": "{\\"password\\": \\"hunter2\\"}"}', '{"A": "{\\"password\\": \\"(secret)\\"}"}'),
        ("run --password hunter2 --x", "run --password (secret) --x"),
        ("run -password 'a b' x", "run -password '(secret)' x"),
        ('run --api-key="a b"c x', "run --api-key=(secret) x"),
        ("run --api-key=hunter2 x", "run --api-key=(secret) x"),
        ("run --password-file /x/y z", "run --password-file /x/y z"),
        ("run --token --next x", "run --token --next x"),
        ("run --token $TOKEN x", "run --token $TOKEN x"),
        ('run ["--token", "hunter2"] x', 'run ["--token", "(secret)"] x'),
        ("curl -H 'PRIVATE-TOKEN: hunter2' x", "curl -H 'PRIVATE-TOKEN: (secret)' x"),
        ("curl https://example.org/?token=hunter2 x", "curl https://example.org/?token=(secret) x"),
        ("password = hunter2", "password = (secret)"),
        ("password: hunter2", "password: (secret)"),
        ("the token: it is gone", "the token: it is gone"),
        ('say "password=hunter2" x', 'say "password=(secret)" x'),
        ("the secret of success", "the secret of success"),
        ("password='it is", "password=(secret)"),
        ("x password='it is", "x password='(secret)"),
        ("", ""),
    ],
)
def test_secrets_in_text_are_replaced(text: str, blanked: str) -> None:
    assert BLANK(text) == blanked


def test_forms_stay_when_the_option_is_off() -> None:
    text = "A=https://annak:hunter2@example.org TOKEN=hunter2"
    assert (
        SecretValues(NAMES, formats=False, placeholder="***")(text) == "A=https://annak:hunter2@example.org TOKEN=***"
    )
    assert SecretValues(NAMES, formats=True, placeholder="***")(text) == "A=https://annak:***@example.org TOKEN=***"
