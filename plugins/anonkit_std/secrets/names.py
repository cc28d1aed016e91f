"""Which names of variables and options say that their value is a secret: ``DB_PASSWORD``, ``apiKey``, ``--auth``."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from functools import cached_property

import attrs

from anonkit_std.options.secrets import SecretsOptions

__all__ = ["NAME", "Kind", "SecretNames", "words"]

NAME = r"[^\W\d][\w.-]*"
"""A name as a regular expression, without the dashes of an option."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
# After the word they say that the value is something else: a place, a switch, a property.
_OTHERS = frozenset([
    "file", "files", "filename", "path", "paths", "dir", "dirs", "directory", "folder", "location", "url", "urls",
    "uri", "uris", "endpoint", "server", "host", "port", "name", "type", "kind", "method", "methods", "mode",
    "enable", "enabled", "disable", "disabled", "required", "needed", "group", "groups", "scope", "scopes", "issuer",
    "subject", "audience", "lifetime", "ttl", "expiry", "expiration", "expires", "timeout", "time", "age", "size",
    "length", "len", "count", "num", "number", "limit", "max", "min", "provider", "service", "services", "socket",
    "sock", "agent", "cmd", "command", "script", "prog", "program", "helper", "store", "storage", "class", "format",
    "version", "prefix", "suffix", "policy", "rule", "user", "username", "account", "domain", "realm", "plugin",
    "handler", "module", "config", "conf", "jar",
])  # fmt: skip
_BEFORE = frozenset({"no", "ask", "without"})
# Their values are often no secret but the place where it is stored, or say whether there is one.
_MAY_BE_PLACES = frozenset({
    "token", "privatekey", "privkey", "credential", "cred", "auth", "authorization", "bearer", "encryptionkey",
    "signingkey", "accountkey", "servicekey", "clientkey", "storagekey", "masterkey", "deploykey", "sshkey", "authz",
    "cookie", "askpass",
})  # fmt: skip
# Their values are often numbers: of a pass over the data, of a part of a request.
_MAY_BE_NUMBERS = frozenset({"pass", "pwd"})
# Before or after `token` they say that it is one of those that language models count.
_QUANTITIES = frozenset({"max", "min", "num", "number", "n", "count", "total", "limit", "budget", "per", "batch"})
# Of these every working folder has the name.
_FOLDERS = frozenset({"PWD", "OLDPWD", "INITPWD", "pwd"})
# English words, of data taking and of radio, that end as passwords do.
_NO_PASS = frozenset({
    "bypass", "compass", "trespass", "overpass", "underpass", "surpass", "encompass", "lowpass", "highpass",
    "bandpass", "allpass", "multipass", "singlepass", "firstpass", "subpass", "prepass", "postpass",
})  # fmt: skip
# Ways to authenticate.
_AUTH_METHODS = frozenset({
    "fs", "fs_remote", "ssl", "gsi", "kerberos", "krb5", "gssapi", "token", "tokens", "idtoken", "idtokens",
    "scitoken", "scitokens", "password", "munge", "claimtobe", "anonymous", "ntssp", "basic", "digest", "ntlm",
    "negotiate", "bearer", "oauth", "oauth2", "oidc", "x509", "voms", "userpass", "ldap", "sss", "unix", "host",
    "ztn", "pwd", "required", "optional", "preferred", "never", "always", "auto", "default", "cert", "certificate",
    "tls", "plain", "sspi", "simple", "sasl", "login", "peer", "trust", "ident", "pam", "radius", "jwt", "saml",
    "iam", "aws", "apikey", "ssh", "publickey", "mfa", "proxy", "grid", "keytab", "rsa", "gss",
})  # fmt: skip
_GLUED, _GLUED_TOKEN, _PASS = 6, "token", "pass"
_LONGEST_KNOWN = 256
_MOST_KNOWN = 20_000

_ENDINGS = "use|token|scitoken|idtoken|jwt|pem|crt|key|json|txt|cred|conf|cfg|ini"
_PLACE = re.compile(
    r"(?:~?/(?:[a-z][a-z0-9_.-]*|Users|[A-Z]{2,3}_?[0-9]+)(?:/[\w.@%+-]*)+|\.{1,2}[a-z_]*/[\w./@%+-]+"
    rf"|[\w./@%+-]+\.(?:{_ENDINGS})|(?i:file|https?)://?.+)\Z"
)
_NO_PART = re.compile(r"[^\w.-]")
_PARTS = re.compile(r"[,:;\s]+(?!//)")
_SWITCH = re.compile(r"(?:true|false|yes|no|on|off|none|null|[0-9]{1,4})\Z", re.IGNORECASE)
# Of a command line options may follow.
_NUMBER = re.compile(r"(?:pass|p|v)?[+-]?[0-9][0-9._]*[a-z]?(?:\Z|\s+--?[a-z])", re.IGNORECASE)
_FOLDER = re.compile(r"[/~.]|[A-Za-z]:\\")
_REFERENCE = re.compile(r"\${1,2}(?:[A-Z_][A-Z0-9_]*|\{\w+\}|\([\w. /-]+\))\Z")
# What manuals and templates write where a secret is to be.
_TEMPLATE = re.compile(
    r"(?:\$?\{\{[\w. -]*\}\}|<[\w. -]{0,40}>|%\(\w+\)s|%[A-Z_]+%|([*xX.])\1{2,}|changeme)\Z", re.IGNORECASE | re.ASCII
)


class Kind(enum.Enum):
    """The sort of value that a name announces."""

    SECRET = "secret"
    """It is a secret."""
    SECRET_OR_PLACE = "secret or place"
    """It is a secret, unless it looks like a path or a switch, or names a way to authenticate."""
    SECRET_OR_NUMBER = "secret or number"
    """It is a secret, unless it looks like one of those, or like a number."""
    SECRET_OR_FOLDER = "secret or folder"
    """It is a secret, unless it is a path."""


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in snake, kebab or camel case, in lower case."""
    return tuple(word.lower() for word in _WORD.findall(name))


@attrs.frozen(slots=False)
class SecretNames:
    """The names that the options mean."""

    options: SecretsOptions

    def kind(self, name: str) -> Kind | None:
        """Return the sort of value that a name announces; None for a name that announces no secret."""
        if len(name) > _LONGEST_KNOWN:
            return self._kind(name)
        if name not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[name] = self._kind(name)
        return self._known[name]

    def is_secret(self, name: str, value: str) -> bool:
        """Return whether the value of that name is to be blanked; a reference to a variable, or a template, is not."""
        kind, bare = self.kind(name), value.strip()
        if kind is None or not bare or bare == self.options.placeholder:
            return False
        return not (self.is_reference(bare) or _TEMPLATE.match(bare) or (kind in _HARMLESS and _HARMLESS[kind](bare)))

    @staticmethod
    def is_reference(value: str) -> bool:
        """Return whether a value refers to a variable, or to the output of a command."""
        return _REFERENCE.match(value) is not None

    @cached_property
    def _phrases(self) -> Mapping[str, Kind]:
        """The names of the options without separators, in singular and plural."""
        given = {"".join(words(name)) for name in self.options.more_names}
        known = {"".join(words(name)) for name in self.options.names}
        kinds = {phrase: Kind.SECRET if phrase in given else _kind_of(phrase) for phrase in known | given}
        return kinds | {f"{phrase}s": kind for phrase, kind in kinds.items()}

    @cached_property
    def _glued(self) -> tuple[str, ...]:
        return tuple(
            sorted(
                phrase
                for phrase in self._phrases
                if len(phrase.removesuffix("s")) >= _GLUED or phrase.removesuffix("s") == _GLUED_TOKEN
            )
        )

    @cached_property
    def _keep(self) -> frozenset[str]:
        return frozenset(name.strip("-").casefold() for name in self.options.keep)

    @cached_property
    def _words(self) -> dict[str, Kind | None]:
        return {}

    @cached_property
    def _known(self) -> dict[str, Kind | None]:
        return {}

    def _kind(self, name: str) -> Kind | None:
        # In an environment a name may be a path; the names of its folders do not count.
        last = _NO_PART.split(name)[-1]
        parts = words(last)
        if not parts or parts[0] in _BEFORE or last.strip("-").casefold() in self._keep:
            return None
        if last in _FOLDERS:
            return Kind.SECRET_OR_FOLDER if "pwd" in self._phrases else None
        # Only words after the last one that means something else count.
        last_other = max((place for place, part in enumerate(parts) if part in _OTHERS), default=-1)
        found = {
            kind
            for first in range(len(parts))
            for end in range(max(first, last_other) + 1, min(first + 3, len(parts)) + 1)
            if (kind := self._kind_of_word("".join(parts[first:end]))) is not None
        }
        if found and Kind.SECRET not in found and not _QUANTITIES.isdisjoint(parts):
            return Kind.SECRET_OR_NUMBER
        return next((kind for kind in Kind if kind in found), None)

    def _kind_of_word(self, word: str) -> Kind | None:
        if len(word) > _LONGEST_KNOWN:
            return self._judged(word)
        if word not in self._words:
            if len(self._words) >= _MOST_KNOWN:
                self._words.clear()
            self._words[word] = self._judged(word)
        return self._words[word]

    def _judged(self, word: str) -> Kind | None:
        """Return the sort of value that a word announces, also one that ends in a long phrase or ``pass``."""
        if word in self._phrases:
            return self._phrases[word]
        if word.endswith(_PASS) and word not in _NO_PASS and _PASS in self._phrases:
            return Kind.SECRET_OR_PLACE
        if not word.endswith(self._glued):
            return None
        return next(self._phrases[phrase] for phrase in self._glued if word.endswith(phrase))


def _kind_of(phrase: str) -> Kind:
    if phrase in _MAY_BE_NUMBERS:
        return Kind.SECRET_OR_NUMBER
    return Kind.SECRET_OR_PLACE if phrase in _MAY_BE_PLACES else Kind.SECRET


def _is_place(value: str) -> bool:
    parts = _PARTS.split(value)
    return (
        _SWITCH.match(value) is not None
        or all(map(_PLACE.match, parts))
        or all(part.casefold() in _AUTH_METHODS for part in parts)
    )


def _is_number(value: str) -> bool:
    return _NUMBER.match(value) is not None or _is_place(value)


def _is_folder(value: str) -> bool:
    return _FOLDER.match(value) is not None


_HARMLESS = {
    Kind.SECRET_OR_PLACE: _is_place,
    Kind.SECRET_OR_NUMBER: _is_number,
    Kind.SECRET_OR_FOLDER: _is_folder,
}
