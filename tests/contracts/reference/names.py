"""The pages of names: those that a plugin may use, and the functions for a notebook, with signatures and docstrings."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

import anonkit
from anonkit import api
from anonkit.plugin import hooks
from tests.contracts.public_surface import signature
from tests.contracts.reference.source import Member, constant_text, members

__all__ = ["api_page", "python_page"]

_API = """\
# The API of plugins

Made from the code by `make reference`: `anonkit.api`, `anonkit.arrow` and `anonkit.testing`, which are all that a
plugin may import.
A method that is marked *required* has to be written; every other has a default.
"""
_PYTHON = """\
# From Python

Made from the code by `make reference`: the functions of `anonkit`, those that its plugins add included.
[In a notebook or a pipeline](../how-to/python.md) shows their use.
"""
_TITLES = {
    "hooks": "Specifications",
    "options": "Options",
    "quantities": "Options",
    "tokenizer": "Tokenizers",
    "forms": "Tokenizers",
    "transform": "Transforms",
    "operation": "Transforms",
    "reporter": "Reporters",
    "batch": "Reporters",
    "encoder": "Output encoders",
    "reader": "Readers",
    "roles": "Columns and roles",
    "attributes": "Columns and roles",
    "classes": "Columns and roles",
    "errors": "Errors",
}
_OTHER = "More"


def api_page() -> str:
    """Return the page of names for plugins."""
    lines = [_API, *_hooks()]
    groups: dict[str, list[str]] = {title: [] for title in (*_TITLES.values(), _OTHER)}
    for name in api.__all__:
        module = getattr(getattr(api, name), "__module__", None) or ""
        groups[_TITLES.get(module.rpartition(".")[2], _OTHER)].append(name)
    for title, names in groups.items():
        lines += [f"## {title}\n", *_entries("anonkit.api", names)]
    for module in ("anonkit.arrow.segments", "anonkit.arrow.offsets", "anonkit.testing"):
        lines += [f"## `{module}`\n", *_entries(module, import_module(module).__all__)]
    return "\n".join(lines)


def python_page() -> str:
    """Return the page of functions for notebooks."""
    return "\n".join((_PYTHON, *_entries("anonkit", dir(anonkit), level=2)))


def _hooks() -> Iterator[str]:
    yield "## Hooks\n\n| hook | |\n|---|---|"
    for name, value in inspect.getmembers(hooks, inspect.isfunction):
        if name.startswith("register_"):
            yield f"| `{name}` | {_documentation(value).partition(chr(10))[0]} |"
    yield ""


def _entries(module: str, names: Iterable[str], level: int = 3) -> Iterator[str]:
    for name in names:
        value = getattr(import_module(module), name)
        yield f"{'#' * level} `{name}`\n"
        if inspect.isclass(value):
            yield from _class(name, value)
        elif inspect.isfunction(inspect.unwrap(value)):
            yield f"{_code(f'{name}{signature(value)}')}\n\n{_documentation(value)}\n"
        else:
            yield f"{constant_text(module, name)}\n"


def _class(name: str, value: type[Any]) -> Iterator[str]:
    public = [base.__name__ for base in value.__bases__ if base is not object and not base.__name__.startswith("_")]
    if bases := [name for name in public if name not in ("ABC", "Generic", "Protocol")]:
        yield f"Inherits from {', '.join(f'`{base}`' for base in bases)}.\n"
    yield f"{_documentation(value)}\n"
    rows = [_member(member) for member in members(value)]
    if rows:
        yield "\n".join((*rows, ""))


def _member(member: Member) -> str:
    mark = " *required*" if member.is_abstract else ""
    text = f": {textwrap.indent(member.text, '  ').lstrip()}" if member.text else ""
    return f"- `{member.signature}`{mark}{text}"


def _documentation(value: Any) -> str:
    text = inspect.getdoc(value)
    if not text:
        raise LookupError(f"{value} is public and has no docstring")
    return text


def _code(text: str) -> str:
    wrapped = textwrap.wrap(text, 110, subsequent_indent="    ", break_long_words=False)
    return "```python\n" + "\n".join(wrapped) + "\n```"
