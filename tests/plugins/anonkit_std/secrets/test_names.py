from __future__ import annotations

import pytest
from anonkit_std.options.secrets import SecretsOptions
from anonkit_std.secrets.names import Kind, SecretNames, words

NAMES = SecretNames(SecretsOptions())


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("DB_PASSWORD", ("db", "password")), ("apiKey", ("api", "key")), ("APIKey2", ("api", "key", "2")),
        ("--auth-token", ("auth", "token")), ("x.y", ("x", "y")), ("__", ()), ("Schlüssel", ("schl", "ü", "ssel")),
    ],
)  # fmt: skip
def test_a_name_is_split_into_words(name: str, parts: tuple[str, ...]) -> None:
    assert words(name) == parts


@pytest.mark.parametrize(
    "name",
    ["PASSWORD", "DB_PASSWORD", "db-passwd", "PGPASSWORD", "passphrase", "CLIENT_SECRET", "secrets", "api_key",
    "apiKey",
     "APIKEY", "X-Api-Key", "AWS_SECRET_ACCESS_KEY", "accessKey", "MYAPIKEY", "password2", "PASSWORD_PROD",
     "DB_URL_PASSWORD", "DB_PASS", "MYSQL_PWD", "dbPwd"],
)  # fmt: skip
def test_a_name_of_a_secret_makes_any_value_a_secret(name: str) -> None:
    assert NAMES.kind(name) is Kind.SECRET
    assert NAMES.is_secret(name, "/etc/x")


@pytest.mark.parametrize(
    "name",
    [
        "TOKEN",
        "GITHUB_TOKEN",
        "tokens",
        "AUTH",
        "PRIVATE_KEY",
        "credentials",
        "BEARER_TOKEN",
        "SIGNING_KEY",
        "AccountKey",
    ],
)
def test_a_name_of_a_secret_or_its_place_makes_other_values_secrets(name: str) -> None:
    assert NAMES.kind(name) is Kind.SECRET_OR_PLACE
    assert NAMES.is_secret(name, "hunter2")


@pytest.mark.parametrize(
    "name",
    ["", "_", "BEARER_TOKEN_FILE", "IDTOKENS_FILE", "IFDH_TOKEN_ENABLE", "TOKEN_URL", "password-file",
    "SSH_AUTH_SOCK", "AUTHOR",
     "AUTHENTICATION", "KEY", "MONKEY", "TOKENIZER", "SECRETARY", "no-password", "PASSWORD_MIN_LENGTH", "JOB_TOKENS",
     "job_tokens", "HOME", "PASSTHROUGH", "PASSES",
      "COMPASS", "BYPASS", "GIT_ASKPASS_FILE", "COOKIE_JAR_FILE", "keyword", "STORAGE_KEY_FILE", "KEY_STORAGE"],
)  # fmt: skip
def test_a_name_of_anything_else_makes_no_value_a_secret(name: str) -> None:
    assert NAMES.kind(name) is None
    assert not NAMES.is_secret(name, "hunter2")


@pytest.mark.parametrize(
    "value",
    ["", " ", "(secret)", "$TOKEN", "${TOKEN}", "$(cat x)", "$$(TOKEN)", "true", "0", "1234", "/tmp/x509up_u1000",
     "~/x/y", "/home/annak/t", ".condor_creds/x_production_6795daa7dc.use", "./t", "a.use,b.scitoken", "/a/b:/c/d",
     "https://example.org/t", "file:///x", "/nashome/U/UR_1/x", "/EX_1/app"],
)  # fmt: skip
def test_a_switch_a_path_or_a_reference_is_no_token(value: str) -> None:
    assert not NAMES.is_secret("TOKEN", value)


@pytest.mark.parametrize(
    "value", ["12345", "hunter2", "/tmp/x hunter2", "aB3/x+y", "/aB3d/x", "abc/def", "x.use,hunter2", "$ecret", "-"]
)
def test_any_other_value_is_a_token(value: str) -> None:
    assert NAMES.is_secret("TOKEN", value)


def test_options_replace_add_and_keep_names() -> None:
    names = SecretNames(SecretsOptions(names=("pin",), more_names=("token", "door_code"), keep=("--MY-PIN",)))
    assert [names.is_secret(name, "/tmp/x") for name in ("PIN", "TOKEN", "doorCode", "PASSWORD", "my-pin")] == [
        True, True, True, False, False
    ]  # fmt: skip


@pytest.mark.parametrize(
    "names", [{"names": ("a b c d",)}, {"more_names": ("",)}, {"names": ("1",)}, {"names": ("a=b",)}]
)
def test_an_option_that_is_no_name_is_refused(names: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(
        ValueError, match="names: expected a word, or up to three with _ between, such as api_key, found"
    ):
        SecretsOptions(**names)


@pytest.mark.parametrize("placeholder", ["", "a b", "it's", '"', "a;b", "x" * 41, "a\\n", "a,b", "[x]"])
def test_a_placeholder_that_would_break_text_is_refused(placeholder: str) -> None:
    with pytest.raises(ValueError, match="placeholder: expected up to 40 letters"):
        SecretsOptions(placeholder=placeholder)


# What real jobs have in their environment; none of it is a secret.
REAL = [
    "BEARER_TOKEN_FILE",
    "CAMPAIGN",
    "CLEAN",
    "CLUSTER",
    "CM1",
    "CONDOR_EXEC",
    "CONDOR_TMP",
    "DAGMANJOBID",
    "EXPERIMENT",
    "GRID_USER",
    "IDTOKENS_FILE",
    "IFDH_PROXY_ENABLE",
    "IFDH_TOKEN_ENABLE",
    "JOB_TOKENS",
    "JOBSUBJOBID",
    "POMS4_CAMPAIGN_ID",
    "SAM_EXPERIMENT",
    "TMPDIR",
    "X509_USER_PROXY",
]


@pytest.mark.parametrize("name", REAL)
def test_names_in_environments_of_real_jobs_announce_no_secret(name: str) -> None:
    assert NAMES.kind(name) is None
