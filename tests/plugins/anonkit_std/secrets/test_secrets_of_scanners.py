"""Secrets of the families that public secret scanners look for, and of further commands. All are made up."""

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
S, L, H = "x9Kd2mQ7vLp4", "q8Zr5tWc1nYb7mKe3xUd", "0123456789abcdef" * 4
U, D = "AB2CD3EF" * 5, "q8z5t2c1n7b4m3k6" * 4

FORMS = [
    f"A3-{U[:6]}-{U[:6]}-{U[:5]}-{U[:5]}-{U[:5]}-{U[:5]}", f"A3T{U[:17]}", f"ABSK{L * 6}", f"bedrock-api-key-{L}",
    f"4b1d{L}{L[:18]}", f"v1.0-{H[:24]}-{H * 2}{H[:18]}", f"cfut_{L * 2}{H[:8]}", f"cmVmd{L * 3}", f"p8e-{D[:32]}",
    f"duffel_live_{D[:43]}", f"EZAK{L * 2}{S}xY", f"EAAA{L * 3}", f"EAAM{L * 6}", f"FLWSECK_TEST-{H[:32]}-X",
    f"fio-u-{L * 3}", f"eyJrIjoi{L * 4}", f"pat.{L}ab.{H[:24]}.{L}", f"HRKU-AA{L * 3}", f"ico-{L}{S}",
    f"s-s4t2ud-{H}", f"API-{U[:26]}", f"rdme_{D}{D[:6]}", f"tk-us-{L * 2}", f"sm_pat_{L}", f"shippo_live_{H[:40]}",
    f"sgp_{H[:16]}_{H[:40]}", f"slk_{H}", f"dnkey-{L}-{L * 2}", f"figp_{L * 2}", f"CFPAT-{L * 2}", f"ATCTT3xFfG{L * 3}",
    f"BBDC-{L * 2}", f"NRII-{L}abcde", f"aio_{L}abcdefgh", f"apify_api_{L}{S}", f"bkua_{D[:40]}", f"ddp_{L}{S}abcd",
    f"lsv2_pt_{H[:32]}_{H[:10]}", f"nvapi-{L * 3}", f"pat-na1-{H[:8]}-{H[:4]}-{H[:4]}-{H[:4]}-{H[:12]}",
    f"pcsk_5abcd_{L * 3}", f"phx_{L * 2}", f"rootly_{H}", f"sbp_{H[:40]}", f"secret_{L * 2}abc", f"tskey-auth-{L}",
    f"rzp_live_{S}Ab", f"SK{H[:32]}", f"a1B2c3_{L}{S[:9]}_mmk", f"pscale_pw_{L}=.{L}", f"dp.ct.{L * 2}",
    f"access-production-{H[:8]}-{H[:4]}-{H[:4]}-{H[:4]}-{H[:12]}", f"ewogICJ{L}.ewo{L}.{L}", f"eyAiYWxn{L}.eyA{L}.{L}",
    f"sc_abc12de.abcde.acc-{D[:20]}.{L * 2}", f"3MVG9{L * 4}", f"5AEP861{L * 4}",
]  # fmt: skip


@pytest.mark.parametrize("secret", FORMS)
def test_a_secret_of_a_known_form_is_found_and_replaced(secret: str) -> None:
    for around in ("A=1 X={} B=2", "x {} y", '{{"q": "{}"}}'):
        assert BLANK(around.format(secret)) == around.format("(secret)")
        assert TRIGGERS.suspects(pa.array([around.format(secret)])).tolist() == [0]


COMMANDS = [
    f"https://{S}@git.example.org/a", f"https://{L}:@example.org/a", f"https://{L}:x-oauth-basic@example.org/a",
    f"vault login {S}", f"vault token lookup {L}", f"wandb login {H[:40]}", f"oc login -u annak -p {S}",
    f'printf "%s" {S} | podman login --password-stdin r', f"cat <<< '{S}' | docker login --password-stdin",
    f"docker login --password-stdin <<< {S}", f'echo "{S}" | helm registry login --password-stdin x',
    f"echo {S} | gh auth login --with-token", f"gh auth login --with-token <<< {L}", f"kinit annak <<< {S}",
    f"echo {S} | grid-proxy-init -pwstdin", f"echo -n {S} | openssl enc -pass stdin", f"echo annak:{S} | chpasswd",
    f"myproxy-logon -l annak --stdin_pass <<< {S}", f"curl -H 'authorization: ApiKey {L}'",
    f"curl -E cert.pem:{S} x", f"aws configure set aws_session_token {L}", f"setenv DB_PASSWORD {S}",
    f"npm config set //registry.example.org/:_authToken {L}", f"dvc remote modify x password {S}",
    f"rclone config create x s3 secret_access_key {L}", f'mysqldump -u annak -p"{S}" x', f"mysqlimport -p{S} x",
    f"mariadb-dump -p{S} x", f"machine example.org password {S} login annak", f"bcp x in y -U annak -P {S}",
    f"machine example.org login annak account x password {S}", f"ncftpput -u annak -p {S} h", f"ldappasswd -s {S} x",
    f"xfreerdp /u:annak /p:{S} /v:h", f"sqlplus annak/{S}@DB", f"kadmin -p annak -w {S}", f"wbinfo -a annak%{S}",
    f"openssl enc -k {S} -in x", f"rar x -p{S} a.rar", f"ssh-keygen -N {S} -f k", f"snmpget -v3 -A {S} -X {L} h",
    f"htpasswd -b file annak {S}", f"htpasswd -nb annak {S}", f"useradd -p {S} annak", f"plink -pw {S} h",
    f"mc alias set x https://example.org ACCESS12 {L}", f"twine upload -u a -p {S} x", f"condor_store_cred add -p {S}",
    f"oracle://annak/{S}@db", f"jdbc:oracle:thin:annak/{S}@h:1521:x", f"token: {L}", f"user_token: {H[:32]}",
    f"'password' => '{S}'", f"password := {S}", f"IDENTIFIED BY '{S}'", f"<password>{S}</password>",
    f"sig={L}%3D&se=1", f"_gitlab_session={L}", f"JSESSIONID={L}", f"KAGGLE_KEY={H[:32]}",
]  # fmt: skip


@pytest.mark.parametrize("text", COMMANDS)
def test_a_secret_of_a_command_is_found_and_replaced(text: str) -> None:
    blanked = BLANK(text)
    assert "(secret)" in blanked
    assert not any(secret in blanked for secret in (S, L, H[:32]))
    assert BLANK(blanked) == blanked
    assert TRIGGERS.suspects(pa.array([text])).tolist() == [0]


@pytest.mark.parametrize(
    "text",
    [
        "token: ring", "the token: is", "pass: 3", "vault login -method=oidc", "vault login", "docker login -u annak",
        "docker login registry.example.org", "docker login --password-stdin", "mysql -p db", "sshpass -e",
        "https://annak2023@example.org/x", "echo hello | tee x", "echo done | mail x", "token: $TOKEN", "plink -P 22 h",
        "docker run -p 8080:80 x", "mysql -P 3306", "openssl x509 -in k", "tokens: 512", "API-GATEWAY-V2", "pat.x",
        "secret_santa", "access-production", "token: /run/user/1/bt", "bearer: token", "auth: kerberos",
        "jdbc:oracle:thin:@h:1521:x", "IDENTIFIED EXTERNALLY", "token: eval_20231231_200812", "aws configure list",
        "aws configure set region us-east-1", "wandb login notebook", "machine learning with password", "a <b> c",
        "sum = 0 => 1", "<token>", "<password></password>", "echo x | tee y",
    ],
)  # fmt: skip
def test_text_without_a_secret_stays(text: str) -> None:
    assert BLANK(text) == text
