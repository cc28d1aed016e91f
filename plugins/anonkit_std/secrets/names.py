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
# Behind the word they say that the value is something else: a place, a switch, a property.
_OTHERS = frozenset([
    "file", "files", "filename", "path", "paths", "dir", "dirs", "directory", "folder", "location", "url", "urls",
    "uri", "uris", "endpoint", "server", "host", "port", "name", "type", "kind", "method", "methods", "mode",
    "enable", "enabled", "disable", "disabled", "required", "needed", "group", "groups", "scope", "scopes", "issuer",
    "subject", "audience", "lifetime", "ttl", "expiry", "expiration", "expires", "timeout", "time", "age", "size",
    "length", "len", "count", "num", "number", "limit", "max", "min", "provider", "service", "services", "socket",
    "sock", "agent", "cmd", "command", "script", "prog", "program", "helper", "store", "storage", "class", "format",
    "version", "prefix", "suffix", "policy", "rule", "user", "username", "account", "domain", "realm", "plugin",
    "handler", "module", "config", "conf",
])  # fmt: skip
_BEFORE = frozenset({"no", "ask", "without"})
# Their values are often no secret but the place where it is kept, or say whether there is one.
_MAY_BE_PLACES = frozenset({
    "token", "privatekey", "credential", "auth", "authorization", "bearer", "encryptionkey", "signingkey", "accountkey",
    "storagekey",
})  # fmt: skip
_GLUED = 6
_MOST_KNOWN = 20_000

_ENDINGS = "use|token|scitoken|idtoken|jwt|pem|crt|key|json|txt|cred|conf|cfg|ini"
_PLACE = re.compile(
    r"(?:~?/(?:[a-z][a-z0-9_.-]*|Users|[A-Z]{2,3}_?[0-9]+)(?:/[\w.@%+-]*)+|\.{1,2}[a-z_]*/[\w./@%+-]+"
    rf"|[\w./@%+-]+\.(?:{_ENDINGS})|(?i:file|https?)://?.+)\Z"
)
_NO_PART = re.compile(r"[^\w.-]")
_PARTS = re.compile(r"[,:;\s]+(?!//)")
_SWITCH = re.compile(r"(?:true|false|yes|no|on|off|none|null|[0-9]{1,4})\Z", re.IGNORECASE)
_REFERENCE = re.compile(r"\${1,2}(?:[A-Z_][A-Z0-9_]*|\{\w+\}|\([\w. /-]+\))\Z")


class Kind(enum.Enum):
    """What a name says of its value."""

    SECRET = "secret"
    """It is a secret."""
    SECRET_OR_PLACE = "secret or place"
    """It is a secret, unless it looks like a path or a switch."""


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in snake, kebab or camel case, in lower case."""
    return tuple(word.lower() for word in _WORD.findall(name))


@attrs.frozen(slots=False)
class SecretNames:
    """The names that the options mean."""

    options: SecretsOptions

    def kind(self, name: str) -> Kind | None:
        """Return what the name says of its value; None when nothing."""
        if name not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[name] = self._kind(name)
        return self._known[name]

    def is_secret(self, name: str, value: str) -> bool:
        """Return whether the value of that name is to be blanked; a reference to a variable is not."""
        kind, bare = self.kind(name), value.strip()
        if kind is None or not bare or bare == self.options.placeholder or _REFERENCE.match(bare):
            return False
        return kind is Kind.SECRET or not (_SWITCH.match(bare) or all(map(_PLACE.match, _PARTS.split(bare))))

    @cached_property
    def _phrases(self) -> Mapping[str, Kind]:
        """What the names are without separators, in singular and plural."""
        given = {"".join(words(name)) for name in self.options.more_names}
        known = {"".join(words(name)) for name in self.options.names}
        kinds = {one: Kind.SECRET_OR_PLACE if one in _MAY_BE_PLACES - given else Kind.SECRET for one in known | given}
        return kinds | {f"{one}s": kind for one, kind in kinds.items()}

    @cached_property
    def _glued(self) -> tuple[str, ...]:
        return tuple(sorted(phrase for phrase in self._phrases if len(phrase.removesuffix("s")) >= _GLUED))

    @cached_property
    def _keep(self) -> frozenset[str]:
        return frozenset(name.strip("-").casefold() for name in self.options.keep)

    @cached_property
    def _known(self) -> dict[str, Kind | None]:
        return {}

    def _kind(self, name: str) -> Kind | None:
        # An environment may have paths for names; what is in their folders' names is not meant.
        last = _NO_PART.split(name)[-1]
        parts = words(last)
        if not parts or parts[0] in _BEFORE or last.strip("-").casefold() in self._keep:
            return None
        found: set[Kind | None] = set()
        for first in range(len(parts)):
            for behind in range(first + 1, min(first + 3, len(parts)) + 1):
                kind = self._says("".join(parts[first:behind]))
                if kind is not None and not _OTHERS.intersection(parts[behind:]):
                    found.add(kind)
        return Kind.SECRET if Kind.SECRET in found else next(iter(found), None)

    def _says(self, word: str) -> Kind | None:
        """Return what a word says; a long phrase may be glued to what is before it."""
        if word in self._phrases:
            return self._phrases[word]
        if not word.endswith(self._glued):
            return None
        return next(self._phrases[phrase] for phrase in self._glued if word.endswith(phrase))
