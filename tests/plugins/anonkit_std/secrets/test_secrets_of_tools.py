"""Passwords, tokens and keys as tools prescribe them: names of variables, forms, URLs, options. All are made up."""

from __future__ import annotations

import pyarrow as pa
import pytest
from anonkit_std.options.secrets import SecretsOptions
from anonkit_std.secrets.names import SecretNames
from anonkit_std.secrets.triggers import Triggers
from anonkit_std.secrets.values import SecretValues

NAMES = SecretNames(SecretsOptions())
TRIGGERS = Triggers(NAMES)
BLANK = SecretValues(NAMES, formats=True, placeholder="(secret)")
S, H = "x9Kd2mQ7vLp4", "0123456789abcdef" * 4

VARIABLES = [
    "SSHPASS", "MQ_PASS", "KEYSTORE_PASS", "SCITOKEN", "IDTOKEN", "PASS", "DB_PW", "LDAP_BINDPW", "ENV_TSQL_PSWD",
    "REDISCLI_AUTH", "MYSQL_PWD", "SNOWFLAKE_PWD", "PGPASSWORD", "GH_TOKEN", "WANDB_API_KEY", "AWS_SESSION_TOKEN",
    "AZURE_CLIENT_SECRET", "AZURE_STORAGE_KEY", "BEARER_TOKEN", "_CONDOR_TOKEN", "X509_USER_KEY_PASS", "SESSION_KEY",
    "AUTH_KEY", "RSYNC_PASSWORD", "creds", "CREDENTIALS", "COOKIE", "WEBHOOK", "DBI_PASSWORD", "userpw", "ADMIN_PASS",
    "ROOT_PASSWD", "HTTP_AUTH", "OIDC_ENCRYPTION_PASSWORD", "CI_JOB_TOKEN", "DOCKER_PASSWORD", "CONSUL_HTTP_TOKEN",
    "PWD", "KEY_PASS", "RABBITMQ_DEFAULT_PASS",
]  # fmt: skip


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("around", ["{}", "A=1 {} B=2", "A=1;{};B=2", "A=1|{}|B=2|C=3", '["{}", "B=2"]', "export {}"])
def test_the_value_of_a_secret_variable_is_found_and_replaced(name: str, around: str) -> None:
    text = around.format(f"{name}={S}")
    assert BLANK(text) == around.format(f"{name}=(secret)")
    assert TRIGGERS.suspects(pa.array([text])).tolist() == [0]


@pytest.mark.parametrize("name", VARIABLES)
def test_the_value_of_a_secret_key_is_found_and_replaced(name: str) -> None:
    for text in (f'{{"{name}": "{S}", "B": "2"}}', f'[{{"name": "{name}", "value": "{S}"}}]'):
        assert BLANK(text) == text.replace(S, "(secret)")
        assert TRIGGERS.suspects(pa.array([text])).tolist() == [0]


@pytest.mark.parametrize(
    "text",
    [
        f"T=hvs.{S}{S}",
        f"T=dckr_pat_{S}{S}",
        f"T=sk-{S}{S}",
        f"T=npm_{S}{S}{S}",
        f"T=pypi-AgEIcHlwaS5vcmc{S}{S}",
        f"T=pypi-{S}{S}",
        f"T=glpat-{S}{S}",
        f"T=ghp_{S}{S}{S}",
        f"T=xoxb-123-{S}",
        "T=AKIAABCDEFGHIJ234567",
        f"H=https://hooks.slack.com/services/T0001/B0001/{S}",
        f"H=https://discord.com/api/webhooks/123456789012345678/{S}{S}",
        f"H=https://x.webhook.office.com/webhookb2/a@b/IncomingWebhook/{H[:32]}/c",
        f"SAS=https://x.blob.core.windows.net/c?sv=2020&sig={S}%3D",
        f"U=https://s3.example.org/b/k?X-Amz-Algorithm=AWS4&X-Amz-Credential=AKIA{S}%2F20&X-Amz-Signature={H}&X-Amz-Date=2",
        f"U=https://x.example.org/?X-Goog-Signature={H}",
        f"U=https://x.example.org/f?key={S}&a=b",
        f"U=root://x.example.org//f?authz=Bearer%20{S}{S}",
        f"/x -u annak:{S}",
        f"curl -u annak:{S} https://x",
        f'curl -u "annak:{S}" https://x',
        f"curl --user annak:{S}",
        f"curl --user=annak:{S} x",
        f"/x --pass {S}",
        f"/x --passwd={S}",
        f"/x --cookie {S}",
        f"curl -b sid={S} x",
        f'["curl", "--cookie", "sid={S}"]',
        f"H=https://HO_1/services/T0001ABCD/B0001ABCD/{S}",
        f"H=https://HO_1/api/webhooks/123456789012345678/{S}{S}",
        f"H=https://HO_1/webhookb2/a@b/IncomingWebhook/{H[:32]}/c",
        f"curl -H 'Cookie: sid={S}; a={S}' x",
        f"C=Server=db;Uid=annak;Pwd={S};Database=x",
        f'C="Server=db;Password={S};"',
        f"curl -H 'Authorization: Basic {S}'",
        f"curl -H 'X-Auth-Token: {S}'",
        f"sshpass -p {S} ssh x",
        f"sshpass -p{S} ssh x",
        f"mysql -uannak -p{S} db",
        f"ldapsearch -x -w {S} -b dc",
        f"smbclient -U annak%{S} //x",
        f"openssl enc -pass pass:{S}",
        f"echo {S} | kinit annak",
        f"machine h login annak password {S}",
        f"redis://:{S}@h:1",
        f"https://oauth2:{S}@h/x",
        f"https://{S}{S}@h/x",
        f"T=eyJ{S}.eyJ{S}.{S}",
        f"123456789:AA{S}{S}{S}",
        f"unzip -P {S} x.zip",
        f"docker login -u annak -p {S} r",
        f'["-u", "annak:{S}"]',
        f"-----BEGIN PRIVATE KEY----- {S} -----END PRIVATE KEY-----",
        f"K=-----BEGIN OPENSSH PRIVATE KEY-----\\n{S}\\n-----END OPENSSH PRIVATE KEY-----",
        f"--access-token={S}",
        f"--client-secret {S}",
        f"AccountKey={S};x=1",
        f"db://x?password={S}&y=1",
        f"A=1;DB_PASSWORD={S};B=2",
        f"PROXY_PASSWORD: {S}",
        f"X=refresh_token={S}&scope=x",
        f"api_key: {S}",
        f'"token": "{S}"',
        f"lftp -u annak,{S} x",
        f"zip -r -P {S} a",
        f"--http-passwd={S}",
        f"passphrase={S}",
    ],
)
def test_a_secret_of_a_tool_is_found_and_replaced(text: str) -> None:
    blanked = BLANK(text)
    assert "(secret)" in blanked
    assert not any(secret in blanked for secret in (S, H[:32]))
    assert BLANK(blanked) == blanked
    assert TRIGGERS.suspects(pa.array([text])).tolist() == [0]


@pytest.mark.parametrize(
    ("text", "blanked"),
    [
        (f"https://x.example.org/c?sv=2020&sig={S}%3D&se=1", "https://x.example.org/c?sv=2020&sig=(secret)&se=1"),
        (f"https://x.example.org/c?token={S}&x=1#part", "https://x.example.org/c?token=(secret)&x=1#part"),
        (f"Server=db;Uid=annak;Pwd={S};Database=x", "Server=db;Uid=annak;Pwd=(secret);Database=x"),
        (f"x host=db,password={S},port=1", "x host=db,password=(secret),port=1"),
        (f"curl -H 'Cookie: sid={S}; a={S}' x", "curl -H 'Cookie: sid=(secret); a=(secret)' x"),
        (f"curl -b sid={S} https://x", "curl -b sid=(secret) https://x"),
        (f"curl -b 'sid={S}; a={S}' x", "curl -b 'sid=(secret); a=(secret)' x"),
        ("curl -b jar.txt /opt/services/T1/x /opt/services/TEST/DATA/x", None),
        (f"curl -s -u annak:{S} https://example.org", "curl -s -u annak:(secret) https://example.org"),
        (f"sshpass -p {S} ssh annak@example.org", "sshpass -p (secret) ssh annak@example.org"),
        (f"https://hooks.slack.com/services/T0001/B0001/{S}", "https://hooks.slack.com/services/(secret)"),
    ],
)
def test_only_the_secret_is_replaced(text: str, blanked: str | None) -> None:
    assert BLANK(text) == (blanked or text)


@pytest.mark.parametrize(
    "text",
    [
        "MAX_TOKENS=65536",
        "MAX_TOKENS=10 --tokenizer gpt2 --num-tokens 5",
        "--max-tokens 512",
        "/x --max-tokens 65536",
        "NUM_TOKENS=4",
        "TOKENIZERS_PARALLELISM=false",
        "TOKEN_LIFETIME=3600",
        "BEARER_TOKEN_FILE=/run/user/1/bt_u1",
        "KEYTAB=/etc/x.keytab",
        "/x --auth krb5",
        "CONDOR_AUTH=FS",
        "AUTH_METHODS=FS,SSL",
        "SEC_DEFAULT_AUTHENTICATION=REQUIRED",
        "--key-type rsa",
        "PASS=3",
        "PASSES=10",
        "--pass 2",
        "PASSTHROUGH=1",
        "SECRET_NAME=db-creds",
        "PASSWORD_FILE=/x",
        "TOKEN=$TOKEN",
        "PASSWORD=${DB_PASS}",
        "TOKEN=$(cat f)",
        "PASSWORD=<password>",
        "PASSWORD={{ secret }}",
        "PASSWORD=xxxx",
        "PASSWORD=****",
        "PASSWORD=changeme",
        "SORT_KEY=name",
        "PRIMARY_KEY=id",
        "KEYBOARD=us",
        "MONKEY=1",
        "sig=0.05",
        "--sig 3",
        "SIGMA=2",
        "session=3",
        "COOKIE_JAR=/x",
        "TOKEN_TYPE=bearer",
        "python -u run.py",
        "docker run -u 1000:1000 x",
        "sort -u a",
        "PWD=/home/x",
        "OLDPWD=/x",
        "TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "GIT_COMMIT=0123456789abcdef0123456789abcdef01234567",
        "ID=123e4567-e89b-12d3-a456-426614174000",
        "digest=sha256:0123456789abcdef",
        "COMPASS=1",
        "BYPASS=1",
        "--bypass x",
        "task-something-quite-long-name",
        "disk-0123",
        "curl https://example.org/x?page=2",
        "mysql -p db",
        "PASS=pass2",
        "SSH_ASKPASS=/usr/bin/x",
        "--auth none",
        "UPS_OVERRIDE=-H",
        "--user annak",
        "CREDENTIAL_FILE=/x",
        "IDTOKENS_FILE=/x",
        "https://x/?session=3",
        "curl -u https://a:b",
    ],
)
def test_text_without_a_secret_stays(text: str) -> None:
    assert BLANK(text) == text
    assert BLANK(f"A=1;{text};B=2") == f"A=1;{text};B=2"


def test_any_number_of_blanks_between_option_and_password_is_read_once() -> None:
    # A pattern that divides them between two places takes minutes.
    text = "openssl rsa -passin" + '"' + " " * 200_000
    assert BLANK(f'{text}"pass:{S} x') == f'{text}"pass:(secret) x'
    assert BLANK(f"{text}pass:{S} x").startswith(text)
