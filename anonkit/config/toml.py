"""TOML: reading a document or a single value, and writing values. Nothing here knows an option.

The standard library reads (tomli before Python 3.11). `write_value` is anonkit's own: `config show` prints its result
on a terminal, so every character that does not print is escaped. tomlkit escapes ASCII controls only and takes 75 ms to
import; no command edits a TOML file, so its strength, keeping comments, has no use here.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

from anonkit.errors import ConfigError
from anonkit.printable import printable
from anonkit.quantities import write_duration

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["parse_document", "parse_value", "read_document", "write_comment", "write_value"]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")
_PLACE = re.compile(r" ?\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)\Z")


def read_document(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; ConfigError when it cannot be read, with line and column for a syntax error."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; `anonkit init {path}` writes one") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or type(error).__name__}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}: line {line}: not UTF-8; save the file in that encoding") from None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: {_located(str(error), text)}") from None


def parse_document(text: str) -> dict[str, Any]:
    """Return the tables of a TOML document that comes with anonkit."""
    return tomllib.loads(text)


def parse_value(text: str) -> Any:
    """Return the value that `text` writes in TOML; ValueError, which quotes no part of `text`, when it is not TOML."""
    try:
        document = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError("not a value in TOML") from error
    if len(document) > 1:
        raise ValueError("more than one value")
    return document["value"]


def write_value(value: Any) -> str:
    """Return a value in TOML, on one line: bool, int, float, str, sequences and mappings of them."""
    if isinstance(value, Enum):
        return write_value(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{"".join(map(_escaped, value))}"'
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, timedelta):
        return write_value(write_duration(value))
    if isinstance(value, PurePath):
        return write_value(str(value))
    if isinstance(value, Mapping):
        items = ", ".join(f"{_key(key)} = {write_value(item)}" for key, item in value.items())
        return f"{{ {items} }}" if items else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(write_value, value))}]"
    raise TypeError(f"no TOML for a {type(value).__name__}")


def write_comment(text: str) -> str:
    """Return a text as a comment on one line."""
    return f"# {printable(text)}"


def _key(key: str) -> str:
    return key if _BARE_KEY.match(key) else write_value(key)


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:  # a surrogate, from a file name that is not UTF-8; TOML cannot write it
        return "\N{REPLACEMENT CHARACTER}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _located(message: str, text: str) -> str:
    """Return a parser's message with line and column first; the parser names the place last, or says "end"."""
    place = _PLACE.search(message)
    if place is None:
        return message
    line, column = place["line"], place["column"]
    if line is None:
        lines = text.split("\n")
        line, column = len(lines), len(lines[-1]) + 1
    return f"line {line}, column {column}: {message[: place.start()]}"
