"""The names of variables and options whose value is a secret: ``DB_PASSWORD``, ``apiKey``, ``--auth``."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from functools import cached_property

import attrs

from anonkit_std.options.secrets import SecretsOptions

__all__ = ["NAME", "Kind", "SecretNames", "words"]

NAME = r"[^\W\d][\w.-]*"
"""A name as a regular expression, without the dashes of an option."""

# A word of a name: capitals, letters of which the first may be a capital, digits, or letters outside ASCII.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
# After the word of a secret, these say that the value is none, but a place, a switch or a property: `token_lifetime`.
_PROPERTIES = frozenset([
    "file", "files", "filename", "path", "paths", "dir", "dirs", "directory", "folder", "location", "url", "urls",
    "uri", "uris", "endpoint", "server", "host", "port", "name", "type", "kind", "method", "methods", "mode",
    "enable", "enabled", "disable", "disabled", "required", "needed", "group", "groups", "scope", "scopes", "issuer",
    "subject", "audience", "lifetime", "ttl", "expiry", "expiration", "expires", "timeout", "time", "age", "size",
    "length", "len", "count", "num", "number", "limit", "max", "min", "provider", "service", "services", "socket",
    "sock", "agent", "cmd", "command", "script", "prog", "program", "helper", "store", "storage", "class", "format",
    "version", "prefix", "suffix", "policy", "rule", "user", "username", "account", "domain", "realm", "plugin",
    "handler", "module", "config", "conf", "jar",
])  # fmt: skip
# At the beginning of a name, these say that there is no secret: `no_password`.
_NEGATIONS = frozenset({"no", "ask", "without"})
# The values of these are often a path to the secret, or say whether there is one.
_MAY_BE_PLACES = frozenset({
    "token", "privatekey", "privkey", "credential", "cred", "auth", "authorization", "bearer", "encryptionkey",
    "signingkey", "accountkey", "servicekey", "clientkey", "storagekey", "masterkey", "deploykey", "sshkey", "authz",
    "cookie", "askpass",
})  # fmt: skip
# The values of these are often numbers: `pass` may count passes over data.
_MAY_BE_NUMBERS = frozenset({"pass", "pwd"})
# Beside `token`, these say that tokens are counted, as language models do: `max_tokens`.
_QUANTITIES = frozenset({"max", "min", "num", "number", "n", "count", "total", "limit", "budget", "per", "batch"})
# Variables of the working folder, which end in `PWD` as passwords do.
_FOLDERS = frozenset({"PWD", "OLDPWD", "INITPWD", "pwd"})
# Words that end in `pass` and announce no password: English ones, and those of data taking and of filters.
_NO_PASS = frozenset({
    "bypass", "compass", "trespass", "overpass", "underpass", "surpass", "encompass", "lowpass", "highpass",
    "bandpass", "allpass", "multipass", "singlepass", "firstpass", "subpass", "prepass", "postpass",
})  # fmt: skip
# Values that name a way to authenticate, and are no secret.
_AUTH_METHODS = frozenset({
    "fs", "fs_remote", "ssl", "gsi", "kerberos", "krb5", "gssapi", "token", "tokens", "idtoken", "idtokens",
    "scitoken", "scitokens", "password", "munge", "claimtobe", "anonymous", "ntssp", "basic", "digest", "ntlm",
    "negotiate", "bearer", "oauth", "oauth2", "oidc", "x509", "voms", "userpass", "ldap", "sss", "unix", "host",
    "ztn", "pwd", "required", "optional", "preferred", "never", "always", "auto", "default", "cert", "certificate",
    "tls", "plain", "sspi", "simple", "sasl", "login", "peer", "trust", "ident", "pam", "radius", "jwt", "saml",
    "iam", "aws", "apikey", "ssh", "publickey", "mfa", "proxy", "grid", "keytab", "rsa", "gss",
})  # fmt: skip
# A word may end in a phrase without a separator, as `dbpassword` does, if the phrase has six letters or is `token`.
_SHORTEST_ENDING, _TOKEN, _PASS = 6, "token", "pass"
# Kinds are remembered for names and words up to this length, and for this many of them.
_LONGEST_REMEMBERED = 256
_MOST_REMEMBERED = 20_000

# The endings of files that hold secrets.
_ENDINGS = "use|token|scitoken|idtoken|jwt|pem|crt|key|json|txt|cred|conf|cfg|ini"
# The place of a secret: an absolute path (a token may be its first folder), a relative path, a file, or a URL.
_PLACE = re.compile(
    r"(?:~?/(?:[a-z][a-z0-9_.-]*|Users|[A-Z]{2,3}_?[0-9]+)(?:/[\w.@%+-]*)+|\.{1,2}[a-z_]*/[\w./@%+-]+"
    rf"|[\w./@%+-]+\.(?:{_ENDINGS})|(?i:file|https?)://?.+)\Z"
)
# A character that no name of a variable has.
_NOT_OF_NAME = re.compile(r"[^\w.-]")
# Between the elements of a list of paths; the `:` of `https://` is not such a separator.
_SEPARATOR = re.compile(r"[,:;\s]+(?!//)")
_SWITCH = re.compile(r"(?:true|false|yes|no|on|off|none|null|[0-9]{1,4})\Z", re.IGNORECASE)
# A number or a version, alone or before the options of a command line.
_NUMBER = re.compile(r"(?:pass|p|v)?[+-]?[0-9][0-9._]*[a-z]?(?:\Z|\s+--?[a-z])", re.IGNORECASE)
# The beginning of a path, of Windows as well.
_FOLDER = re.compile(r"[/~.]|[A-Za-z]:\\")
# `$NAME`, `$$NAME`, `${name}`, `$(command)`.
_REFERENCE = re.compile(r"\${1,2}(?:[A-Z_][A-Z0-9_]*|\{\w+\}|\([\w. /-]+\))\Z")
# Placeholders of manuals and templates: `{{ name }}`, `<name>`, `%(name)s`, `%NAME%`, `xxxx`, `changeme`.
_TEMPLATE = re.compile(
    r"(?:\$?\{\{[\w. -]*\}\}|<[\w. -]{0,40}>|%\(\w+\)s|%[A-Z_]+%|([*xX.])\1{2,}|changeme)\Z", re.IGNORECASE | re.ASCII
)


class Kind(enum.Enum):
    """The sort of value that a name announces."""

    SECRET = "secret"
    """Always a secret."""
    SECRET_OR_PLACE = "secret or place"
    """A secret, unless it is a path or a switch, or names a way to authenticate."""
    SECRET_OR_NUMBER = "secret or number"
    """A secret, unless it is one of those or a number."""
    SECRET_OR_FOLDER = "secret or folder"
    """A secret, unless it is a path."""


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in snake, kebab or camel case, in lower case."""
    return tuple(word.lower() for word in _WORD.findall(name))


@attrs.frozen(slots=False)
class SecretNames:
    """Tells from a name, by the options, whether its value is a secret."""

    options: SecretsOptions

    def kind(self, name: str) -> Kind | None:
        """Return the sort of value that a name announces; None for a name that announces no secret."""
        return _remembered(self._kind_of_names, name, self._find_kind)

    def is_secret(self, name: str, value: str) -> bool:
        """Return whether the value of a name is a secret.

        References to variables, placeholders of templates and the placeholder of the options are none.
        """
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
        """The kind of each name of the options; the names are without separators, in singular and plural."""
        given = {"".join(words(name)) for name in self.options.more_names}
        known = {"".join(words(name)) for name in self.options.names}
        kinds = {phrase: Kind.SECRET if phrase in given else _kind_of(phrase) for phrase in known | given}
        return kinds | {f"{phrase}s": kind for phrase, kind in kinds.items()}

    @cached_property
    def _endings(self) -> tuple[str, ...]:
        """The phrases in which a longer word may end."""
        return tuple(
            sorted(
                phrase
                for phrase in self._phrases
                if len(phrase.removesuffix("s")) >= _SHORTEST_ENDING or phrase.removesuffix("s") == _TOKEN
            )
        )

    @cached_property
    def _keep(self) -> frozenset[str]:
        return frozenset(name.strip("-").casefold() for name in self.options.keep)

    @cached_property
    def _kind_of_words(self) -> dict[str, Kind | None]:
        return {}

    @cached_property
    def _kind_of_names(self) -> dict[str, Kind | None]:
        return {}

    def _find_kind(self, name: str) -> Kind | None:
        """Return the kind of a name: the first in the order of `Kind` that one, two or three of its words announce."""
        # In an environment a name may be a path; the names of its folders do not count.
        last = _NOT_OF_NAME.split(name)[-1]
        parts = words(last)
        if not parts or parts[0] in _NEGATIONS or last.strip("-").casefold() in self._keep:
            return None
        if last in _FOLDERS:
            return Kind.SECRET_OR_FOLDER if "pwd" in self._phrases else None
        # A phrase counts only if it ends at the last property, as `webhook_url` does, or after it.
        last_property = max((place for place, part in enumerate(parts) if part in _PROPERTIES), default=-1)
        found = {
            kind
            for first in range(len(parts))
            for end in range(max(first, last_property) + 1, min(first + 3, len(parts)) + 1)
            if (kind := self._kind_of_phrase("".join(parts[first:end]))) is not None
        }
        if found and Kind.SECRET not in found and not _QUANTITIES.isdisjoint(parts):
            return Kind.SECRET_OR_NUMBER
        return next((kind for kind in Kind if kind in found), None)

    def _kind_of_phrase(self, phrase: str) -> Kind | None:
        return _remembered(self._kind_of_words, phrase, self._find_kind_of_word)

    def _find_kind_of_word(self, word: str) -> Kind | None:
        """Return the kind of words without separators: of a phrase of the options, or of the phrase at their end."""
        if word in self._phrases:
            return self._phrases[word]
        if word.endswith(_PASS) and word not in _NO_PASS and _PASS in self._phrases:
            return Kind.SECRET_OR_PLACE
        if not word.endswith(self._endings):
            return None
        return next(self._phrases[phrase] for phrase in self._endings if word.endswith(phrase))


def _remembered(known: dict[str, Kind | None], text: str, find: Callable[[str], Kind | None]) -> Kind | None:
    """Return `find(text)`, or what `known` holds for it; long texts are not stored, and too many are dropped."""
    if len(text) > _LONGEST_REMEMBERED:
        return find(text)
    if text not in known:
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        known[text] = find(text)
    return known[text]


def _kind_of(phrase: str) -> Kind:
    if phrase in _MAY_BE_NUMBERS:
        return Kind.SECRET_OR_NUMBER
    return Kind.SECRET_OR_PLACE if phrase in _MAY_BE_PLACES else Kind.SECRET


def _is_place(value: str) -> bool:
    """Return whether a value is a switch, a path or a list of paths, or names ways to authenticate."""
    parts = _SEPARATOR.split(value)
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
