"""The secrets of one text replaced by a placeholder; the text is an environment in any form, or any other text."""

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

# A name that begins a word, with the dashes of an option.
_NAMED = re.compile(rf"(?<![\w.-])(?P<dashes>-{{0,2}})(?P<name>{NAME})")
# Between a name and its value: an equals sign, a colon or an arrow, the end of an option, the end of a tag.
_EQUALS = re.compile(r"""(?:\\*["'])?(?:=(?!>)| = )(?! )""")
_COLON = re.compile(r"""(?P<quote>\\*["'])?\s*(?::=?|=>)\s*""")
_BLANK = re.compile(r"""\s+(?![-<|>&;])|\\*["']\s*,\s*(?!\\*["']-)""")
_ELEMENT = re.compile(r">(?![<>])")
# Before a name that a command sets to the word after it: `setenv TOKEN …`, `aws configure set aws_session_token …`.
_SETS = re.compile(
    r"(?<![\w-])(?:setenv|config(?:ure)?\s+set|modify\s+\S{1,64}|config\s+create\s+\S{1,64}\s+\S{1,32})\s+(?:[^\s:]{0,128}:)?\Z"
)
_SETS_REACH = 200
# The beginning of a random value, which has digits among letters. After a colon anything else may be a word.
_RANDOM = re.compile(
    r"(?=[A-Za-z+/=~_.-]{0,40}[0-9])(?=[a-z0-9+/=~_.-]{0,40}[A-Z])(?=[A-Z0-9+/=~_.-]{0,40}[a-z])[\w+/=~.-]{16}"
    r"|(?=[a-z]{0,20}[0-9])(?=[0-9]{0,20}[a-z])[a-z0-9]{20}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-"
)
# A value without quotes around it. A doubled quote of V2 is a part of it, a backslash before a quote is not.
_PLAIN = re.compile(r"""(?:[^\s'"\\]|''|\\+(?![\\"']))+""")
# The rest of a value that begins with quotes: `"abc"def`.
_REST = re.compile(r"""[^\s'"\\,;:)}\]&|<>]+""")
# An opening quote with the backslashes before it.
_QUOTE = re.compile(r"""(\\*)(["'])""")
# A value in doubled quotes, as V2 writes quotes inside quotes.
_DOUBLED = re.compile(r"""''([^'\s][^']*)''""")
# The value after a quote that nothing closes.
_UNCLOSED = re.compile(r"""[^"'\n\\]*""")
# From the first byte after an opening quote to its closing quote.
_TO_SINGLE = re.compile(r"""(?:[^']|'')*'""")
_TO_DOUBLE = re.compile(r"""(?:\\.|[^"\\])*\"""", re.DOTALL)
# Where the next name begins: in a URL's query, a connection string, an environment in V1.
_NEXT = re.compile(r"""[&;|,](?=[A-Za-z_][\w.-]{0,63}=)|[;,]\Z""")
# A command or a variable of a shell or a template, which may hold blanks.
_SUBSTITUTION = re.compile(r"\$\([\w. /-]{0,200}\)|\$?\{\{[\w. -]{0,100}\}\}")
# The text of an XML element, up to its end tag.
_CONTENT = re.compile(r"[^<>]+(?=</)")
# The end of a value in the query of a URL.
_QUERY_END = re.compile(r"[&#;]")
# A quote with more backslashes before it is taken as not closed.
_MOST_ESCAPES = 16


@attrs.frozen
class SecretValues:
    """Replaces each secret of a text by a placeholder.

    A secret is the value of a name that `names` says so of; if `formats` is true, also a value of a known form.
    """

    names: SecretNames
    formats: bool
    placeholder: str

    def __call__(self, text: str) -> str:
        """Return the text with its secrets replaced.

        An environment stays an environment with the same names and, apart from secrets, the same values.
        """
        found = read_environment(text)
        if found is None:
            return self._in_text(text)
        form, entries = found
        if form is Form.JSON:
            return blank_json(text, is_secret=self.names.is_secret, placeholder=self.placeholder, in_text=self._in_text)
        if form is Form.V2:
            return self._in_v2(text)
        changed = V1_ENTRIES[form].sub(lambda entry: self._in_v1_entry(entry[0]), text)
        changed_entries = [self._in_v1_entry(f"{name}={value}") for name, value in entries]
        if [f"{name}={value}" for name, value in parse_environment(changed) or ()] == changed_entries:
            return changed
        # Only the secret showed that the text is V1; without it the text would be read as V2. As JSON it stays clear.
        return json.dumps(changed_entries, ensure_ascii=False)

    def _in_v2(self, text: str) -> str:
        """Return an environment in V2 with its secrets replaced, still in V2."""
        changed = change_entries(text, self._in_v2_entry)
        if changed == text:
            return text
        found = read_environment(changed)
        if "'" in text or (found is not None and found[0] is Form.V2):
            return changed
        # Without its secrets the text would be read as V1. Quotes, which V1 does not have, keep it V2.
        return change_entries(text, lambda entry: f"'{self._in_v2_entry(entry)}'")

    def _in_v2_entry(self, entry: str) -> str:
        """Return an entry of a V2 environment with its secrets replaced; quotes stay, since they show the form."""
        name, equals, value = unquoted_entry(entry).partition("=")
        # A name with a question mark is a URL, and its query follows.
        if not equals or "?" in name or not self.names.is_secret(name, value):
            changed = self._in_text(entry)
            if changed.count("'") % 2:
                quoted = self._in_text(unquoted_entry(entry)).replace("'", "''")
                changed = f"'{quoted}'"
            return changed
        quote = "'" if "'" in entry else ""
        return f"{name}={quote}{self.placeholder}{quote}"

    def _in_v1_entry(self, entry: str) -> str:
        """Return an entry of a V1 environment with its secrets replaced."""
        name, equals, value = entry.partition("=")
        if not equals or "?" in name or not self.names.is_secret(name.strip(), value):
            return self._in_text(entry)
        return f"{name}={self.placeholder}"

    def _in_text(self, text: str) -> str:
        """Return text in no known form, or a part of an environment, with its secrets replaced."""
        if self.formats:
            text = blank_formats(text, self.placeholder) if may_have_form(text) else text
            text = blank_logins(text, self.placeholder) if may_have_login(text) else text
        pieces, done, next_name = [], 0, 0
        for named in _NAMED.finditer(text):
            kind = None if named.start() < next_name else self.names.kind(named["name"])
            start = None if kind is None else self._value_start(text, named)
            if start is None or (kind is Kind.SECRET_OR_FOLDER and text.startswith(("/", "~", "."), start)):
                continue
            before = text[named.start() - 1 : named.start()]
            start, stop = _value(text, start, in_query=before in ("?", "&"), in_element=before == "<")
            value = text[start:stop].strip("\"'")
            if self.names.is_secret(named["name"], value):
                pieces += [text[done:start], self.placeholder]
                done = next_name = stop
            elif not self.names.is_reference(value):
                # A harmless value is a path, a number or the like, and holds no name: each value is judged once.
                next_name = max(next_name, stop)
        return "".join((*pieces, text[done:]))

    def _value_start(self, text: str, named: re.Match[str]) -> int | None:
        """Return where the value of a secret's name begins; None when no value follows the name."""
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
    """Return where the value at `start` begins and ends, without the quotes around it; both are `start` for no value.

    `in_query`: it is in the query of a URL; `in_element`: it is the text of an XML element.
    """
    if in_element and (content := _CONTENT.match(text, start)):
        return content.span()
    if doubled := _DOUBLED.match(text, start):
        return doubled.span(1)
    if substitution := _SUBSTITUTION.match(text, start):
        return substitution.span()
    if opening := _QUOTE.match(text, start):
        return _quoted_value(text, opening, in_query=in_query)
    plain = _PLAIN.match(text, start)
    return start, _end(text, start, plain.end(), in_query=in_query) if plain else start


def _quoted_value(text: str, opening: re.Match[str], *, in_query: bool) -> tuple[int, int]:
    """Return where the value after an opening quote begins and ends.

    The quotes are left out unless more of the value follows them, as in `"abc"def`.
    """
    within, escapes, quote = opening.end(), len(opening[1]), opening[2]
    if escapes > _MOST_ESCAPES:
        closing = None
    elif escapes:
        closing = re.compile(rf"(?<!\\)\\{{{escapes}}}{quote}").search(text, within)
    else:
        closing = _TO_SINGLE.match(text, within) if quote == "'" else _TO_DOUBLE.match(text, within)
    if closing is None:
        return within, _UNCLOSED.match(text, within).end()  # type: ignore[union-attr]  # it also matches an empty text
    if rest := _REST.match(text, closing.end()):
        return opening.start(), _end(text, closing.end(), rest.end(), in_query=in_query)
    return within, closing.start() if escapes else closing.end() - 1


def _end(text: str, start: int, stop: int, *, in_query: bool) -> int:
    """Return where a value from `start` ends: at the next name or sign of a query, at `stop` if there is none."""
    found = (_QUERY_END if in_query else _NEXT).search(text, start, stop)
    return found.start() if found else stop
