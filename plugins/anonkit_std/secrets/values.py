"""Blanking the secrets of one text: an environment in any of its forms, a command line, or anything else."""

from __future__ import annotations

import json
import re

import attrs

from anonkit_std.environment.forms import (
    V1_ENTRIES,
    Form,
    change_entries,
    parse_environment,
    read_environment,
    unquoted_entry,
)
from anonkit_std.secrets.formats import blank_formats, may_have_form
from anonkit_std.secrets.json_values import blank_json
from anonkit_std.secrets.logins import blank_logins, may_have_login
from anonkit_std.secrets.names import NAME, Kind, SecretNames

__all__ = ["SecretValues"]

_NAMED = re.compile(rf"(?<![\w.-])(?P<dashes>-{{0,2}})(?P<name>{NAME})")
_EQUALS = re.compile(r"""(?:\\*["'])?(?:=(?!>)| = )(?! )""")
_COLON = re.compile(r"""(?P<quote>\\*["'])?\s*(?::=?|=>)\s*""")
_BLANK = re.compile(r"""\s+(?![-<|>&;])|\\*["']\s*,\s*(?!\\*["']-)""")
_ELEMENT = re.compile(r">(?![<>])")
# A blank parts name and value where one is set: `setenv TOKEN …`, `aws configure set aws_session_token …`.
_SETS = re.compile(
    r"(?<![\w-])(?:setenv|config(?:ure)?\s+set|modify\s+\S{1,64}|config\s+create\s+\S{1,64}\s+\S{1,32})\s+(?:[^\s:]{0,128}:)?\Z"
)
_SETS_REACH = 200
# After a colon words may follow; what has digits among letters of both cases is none.
_RANDOM = re.compile(
    r"(?=[A-Za-z+/=~_.-]{0,40}[0-9])(?=[a-z0-9+/=~_.-]{0,40}[A-Z])(?=[A-Z0-9+/=~_.-]{0,40}[a-z])[\w+/=~.-]{16}"
    r"|(?=[a-z]{0,20}[0-9])(?=[0-9]{0,20}[a-z])[a-z0-9]{20}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-"
)
# In HTCondor's own quoting a doubled quote is one; a backslash before a quote belongs to the quote.
_PLAIN = re.compile(r"""(?:[^\s'"\\]|''|\\+(?![\\"']))+""")
_GLUED = re.compile(r"""[^\s'"\\,;:)}\]&|<>]+""")
_QUOTE = re.compile(r"""(\\*)(["'])""")
_DOUBLED = re.compile(r"""''([^'\s][^']*)''""")
_UNENDED = re.compile(r"""[^"'\n\\]*""")
_TO_SINGLE = re.compile(r"""(?:[^']|'')*'""")
_TO_DOUBLE = re.compile(r"""(?:\\.|[^"\\])*\"""", re.DOTALL)
# Where another name begins: of a URL's query, a connection string, an old environment.
_NEXT = re.compile(r"""[&;|,](?=[A-Za-z_][\w.-]{0,63}=)|[;,]\Z""")
# What a shell or a template puts in, of several words.
_FILLED_IN = re.compile(r"\$\([\w. /-]{0,200}\)|\$?\{\{[\w. -]{0,100}\}\}")
_CONTENT = re.compile(r"[^<>]+(?=</)")
_QUERY_END = re.compile(r"[&#;]")
# Closing quotes are looked for with so many backslashes at most.
_MOST_ESCAPES = 16


@attrs.frozen
class SecretValues:
    """Writes a placeholder instead of every value that is a secret by its name, or by its form if `formats` is true."""

    names: SecretNames
    formats: bool
    placeholder: str

    def __call__(self, text: str) -> str:
        """Return the text with its secrets blanked.

        What was an environment is one, with the same names and, but for secrets, the same values.
        """
        found = read_environment(text)
        if found is None:
            return self._loosely(text)
        form, entries = found
        if form is Form.JSON:
            return blank_json(text, is_secret=self.names.is_secret, placeholder=self.placeholder, loosely=self._loosely)
        if form is Form.V2:
            return self._v2(text)
        changed = V1_ENTRIES[form].sub(lambda piece: self._piece(piece[0]), text)
        entries_left = [self._piece(f"{name}={value}") for name, value in entries]
        if [f"{name}={value}" for name, value in parse_environment(changed) or ()] == entries_left:
            return changed
        # Without its secret, what only V1 could hold would be read as V2.
        return json.dumps(entries_left, ensure_ascii=False)

    def _v2(self, text: str) -> str:
        changed = change_entries(text, self._entry)
        if changed == text:
            return text
        found = read_environment(changed)
        if "'" in text or (found is not None and found[0] is Form.V2):
            return changed
        # What was taken out of a value may have hidden that the text is V1; so do quotes.
        return change_entries(text, lambda entry: f"'{self._entry(entry)}'")

    def _entry(self, entry: str) -> str:
        """Return an entry of a V2 environment; where quotes were, there are quotes, for they tell the form."""
        name, equals, value = unquoted_entry(entry).partition("=")
        # What has a question mark for a name is a URL and its query.
        if not equals or "?" in name or not self.names.is_secret(name, value):
            changed = self._loosely(entry)
            if changed.count("'") % 2:
                quoted = self._loosely(unquoted_entry(entry)).replace("'", "''")
                changed = f"'{quoted}'"
            return changed
        quote = "'" if "'" in entry else ""
        return f"{name}={quote}{self.placeholder}{quote}"

    def _piece(self, piece: str) -> str:
        """Return an entry of a V1 environment."""
        name, equals, value = piece.partition("=")
        if not equals or "?" in name or not self.names.is_secret(name.strip(), value):
            return self._loosely(piece)
        return f"{name}={self.placeholder}"

    def _loosely(self, text: str) -> str:
        """Return text of no form in particular, or a part of one, with what looks like a secret blanked."""
        if self.formats:
            text = blank_formats(text, self.placeholder) if may_have_form(text) else text
            text = blank_logins(text, self.placeholder) if may_have_login(text) else text
        pieces, done, passed = [], 0, 0
        for named in _NAMED.finditer(text):
            kind = None if named.start() < passed else self.names.kind(named["name"])
            start = None if kind is None else self._value_start(text, named)
            if start is None or (kind is Kind.SECRET_OR_FOLDER and text.startswith(("/", "~", "."), start)):
                continue
            sign = text[named.start() - 1 : named.start()]
            start, stop = _value(text, start, in_query=sign in ("?", "&"), in_element=sign == "<")
            value = text[start:stop].strip("\"'")
            if self.names.is_secret(named["name"], value):
                pieces += [text[done:start], self.placeholder]
                done = passed = stop
            elif not self.names.is_reference(value):
                # It has no names, but only parts that are places: each is looked at once.
                passed = max(passed, stop)
        return "".join((*pieces, text[done:]))

    def _value_start(self, text: str, named: re.Match[str]) -> int | None:
        """Return where the value of a secret's name begins, or None when none follows it."""
        if match := _EQUALS.match(text, named.end()):
            return match.end()
        if match := _COLON.match(text, named.end()):
            header = "-" in named["name"] or self.names.kind(named["name"]) is Kind.SECRET
            return match.end() if match["quote"] or header or _RANDOM.match(text, match.end()) else None
        if text[named.start() - 1 : named.start()] == "<" and (match := _ELEMENT.match(text, named.end())):
            return match.end()
        is_set = named["dashes"] or _SETS.search(text, max(named.start() - _SETS_REACH, 0), named.start())
        match = _BLANK.match(text, named.end()) if is_set else None
        return match.end() if match else None


def _value(text: str, start: int, *, in_query: bool, in_element: bool) -> tuple[int, int]:
    """Return where the value at `start` begins and ends, without the quotes around it; nothing if none is there."""
    if in_element and (content := _CONTENT.match(text, start)):
        return content.span()
    if doubled := _DOUBLED.match(text, start):
        return doubled.span(1)
    if filled := _FILLED_IN.match(text, start):
        return filled.span()
    opened = _QUOTE.match(text, start)
    if opened is None:
        plain = _PLAIN.match(text, start)
        return start, _cut(text, start, plain.end(), in_query=in_query) if plain else start
    within, escapes, quote = opened.end(), len(opened[1]), opened[2]
    if escapes > _MOST_ESCAPES:
        closing = None
    elif escapes:
        closing = re.compile(rf"(?<!\\)\\{{{escapes}}}{quote}").search(text, within)
    else:
        closing = _TO_SINGLE.match(text, within) if quote == "'" else _TO_DOUBLE.match(text, within)
    if closing is None:
        return within, _UNENDED.match(text, within).end()  # type: ignore[union-attr]  # it matches nothing as well
    stop = closing.start() if escapes else closing.end() - 1
    if joined := _GLUED.match(text, closing.end()):
        return start, _cut(text, closing.end(), joined.end(), in_query=in_query)
    return within, stop


def _cut(text: str, start: int, stop: int, *, in_query: bool) -> int:
    """Return where a value without quotes ends: before the next name at the latest."""
    found = (_QUERY_END if in_query else _NEXT).search(text, start, stop)
    return found.start() if found else stop
