"""The options of the blanking of secrets."""

from __future__ import annotations

import re

import attrs

from anonkit.api import option

__all__ = ["SecretsOptions"]

NAMES = (
    "password", "passwd", "passphrase", "secret", "token", "api_key", "access_key", "private_key", "credential", "auth",
    "authorization", "bearer", "encryption_key", "signing_key", "account_key", "storage_key", "db_pass", "db_pwd",
    "mysql_pwd", "passcode", "psw", "pswd", "pass", "pwd", "db_pw", "bindpw", "rootpw", "userpw", "cred", "authz",
    "cookie", "session_key", "service_key", "client_key", "priv_key", "master_key", "deploy_key",
    "license_key", "hmac_key", "webhook", "webhook_url", "signature", "pin_value", "user_pin", "mac_key", "jsessionid",
    "phpsessid", "gitlab_session", "kaggle_key", "db_key", "database_key", "contrasena", "passwort",
    "kennwort",
)  # fmt: skip
_NAME = re.compile(r"[^\W\d_]+([ _-][^\W\d_]+){0,2}\Z")
# Nothing that means something in a command line, an environment or JSON.
_PLACEHOLDER = re.compile(r"[\w()<>.*#!+-]{1,40}\Z")


@attrs.frozen(kw_only=True)
class SecretsOptions:
    """`[anonymizers.secrets]`."""

    names: tuple[str, ...] = option(NAMES, help="words that say of a variable or an option that its value is a secret")
    more_names: tuple[str, ...] = option((), help="such words besides names; their values are blanked even if paths")
    keep: tuple[str, ...] = option(
        ("JOB_TOKENS",), help="variables and options that keep their value, whatever their name", adds=True
    )
    formats: bool = option(True, help="blank what has the form of a known sort of token or key, anywhere in text")
    placeholder: str = option("(secret)", help="what is written instead")

    def __attrs_post_init__(self) -> None:
        for name in (*self.names, *self.more_names):
            if not _NAME.match(name):
                raise ValueError(
                    f"names: expected a word, or up to three with _ between, such as api_key, found {name!r}"
                )
        if not _PLACEHOLDER.match(self.placeholder):
            raise ValueError(
                f"placeholder: expected up to 40 letters, digits and ()<>.*#!+-_, without blanks and quotes, "
                f"found {self.placeholder!r}"
            )
