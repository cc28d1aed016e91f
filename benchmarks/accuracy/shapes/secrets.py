"""Secrets: by the name of a variable or an option, by their form, in URLs and headers."""

from __future__ import annotations

from benchmarks.accuracy.shapes.shape import Shape, shapes

__all__ = ["SECRETS"]

VARIABLES = tuple(
    Shape(f"secret variable, {name}", f"A=yes {name}=«s.» B=no", "Environment")
    for name in (
        "DB_PASSWORD", "SSHPASS", "MQ_PASS", "KEYSTORE_PASS", "SCITOKEN", "IDTOKEN", "BEARER_TOKEN", "PGPASSWORD",
        "MYSQL_PWD", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "HF_TOKEN", "WANDB_API_KEY", "REDISCLI_AUTH",
        "LDAP_BINDPW", "GPG_PASSPHRASE", "AZURE_CLIENT_SECRET", "SESSION_COOKIE", "VAULT_TOKEN", "ROOTPW",
    )
)  # fmt: skip
STORED = (
    Shape("secret variable, old form", "A=yes;DB_PASSWORD=«s.»;B=no", "Environment"),
    Shape("secret variable, bars", "A=yes|DB_PASSWORD=«s.»|B=no", "Environment"),
    Shape("secret variable, quoted", "A=yes DB_PASSWORD='«s.»' B=no", "Environment"),
    Shape("secret variable, JSON", '{"DB_PASSWORD": "«s.»", "B": "no"}', "Environment"),
    Shape("secret variable, JSON list", '["DB_PASSWORD=«s.»", "B=no"]', "Environment"),
    Shape("secret variable, struct", "DB_PASSWORD=«s.» B=no", "Environment", "struct"),
    Shape("secret variable, map", "DB_PASSWORD=«s.» B=no", "Environment", "map"),
    Shape("secret variable, list", "DB_PASSWORD=«s.» B=no", "Environment", "list"),
)
OPTIONS = shapes(
    "secret option",
    "text",
    """
    password: run --password «s.» -v
    password, equals: run --password=«s.» -v
    pass: run --pass «s.» -v
    token: run --token «s.» -v
    api key: run --api-key «s.» -v
    curl: curl -u «~reader»:«s.» https://data.example.org/x
    curl, long: curl --user «~reader»:«s.» https://data.example.org/x
    cookie: curl -b session=«s.» https://data.example.org/x
    sshpass: sshpass -p «s.» ssh x
    header: curl -H 'Authorization: Bearer «s.»' https://data.example.org/x
    private token header: curl -H 'PRIVATE-TOKEN: «s.»' https://data.example.org/x
    openssl: openssl rsa -passin pass:«s.» -in x
    connection string: Server=x;Uid=«~reader»;Pwd=«s.»;
    """,
)
FORMS = shapes(
    "secret form",
    "text",
    """
    vault: x «~hvs.CAES»«s.» y
    docker: x «~dckr_pat_»«s.» y
    model service: x «~sk-proj-»«s.»«~T3BlbkFJ»«s.» y
    npm: x «~npm_»«s.»«~Abcd» y
    pypi: x «~pypi-AgEIcHlwaS5vcmc»«s.»«s.» y
    GitHub: x «~ghp_»«s.»«~Abcd» y
    GitLab: x «~glpat-»«s.» y
    Slack: x «~xoxb-123456789012-»«s.» y
    AWS key: x «~AKIA»«k.» y
    model hub: x «~hf_»«s.»«~Abc» y
    SendGrid: x «~SG.Z7abcdefghijklmnopqrst.»«s.»«~abcdefghijk» y
    JWT: x «~eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.»«s.» y
    webhook: https://hooks.slack.com/services/«~T0001ABCD/B0001ABCD»/«s.»
    chat webhook: https://discord.com/api/webhooks/«~123456789012345678»/«s.»«s.»
    signed URL: https://x.blob.core.windows.net/c?sv=2020&sig=«s.»«~%3D»
    signed storage: https://s3.example.org/b/k?X-Amz-Date=20230101T000000Z&X-Amz-Signature=«s.»
    password in a URL: https://«n.handle»:«s.»@«~data.example.org»/x
    token in a URL: https://data.example.org/x?access_token=«s.»
    macaroon in a URL: davs://door.example.org/x?authz=«~MDAx»«s.»«s.»
    """,
)
SECRETS = (*VARIABLES, *STORED, *OPTIONS, *FORMS)
