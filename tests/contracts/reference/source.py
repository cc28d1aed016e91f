"""What the source says of a name: the members of a class in order, and the texts after attributes and constants."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import attrs

__all__ = ["Member", "constant_text", "members"]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@attrs.frozen
class Member:
    """A method or an attribute of a class."""

    signature: str
    text: str
    is_abstract: bool = False


def members(value: type[Any]) -> Iterator[Member]:
    """Yield the public members that a class defines, those of a private base first."""
    for base in value.__bases__:
        if base.__name__.startswith("_") and base.__module__.startswith("anonkit"):
            yield from members(base)
    tree = ast.parse(textwrap.dedent(inspect.getsource(value)))
    definition = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    for node, text in _with_texts(definition.body):
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield _method(node)
        elif (name := _assigned(node)) and not name.startswith("_"):
            yield Member(_attribute(node, name), text)


def constant_text(module: str, name: str) -> str:
    """Return the text after the assignment of a module's name, wherever the module has it from."""
    tree = _tree(module)
    for node, text in _with_texts(tree.body):
        if _assigned(node) == name:
            return _required(text, f"{module}.{name}")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any((alias.asname or alias.name) == name for alias in node.names):
            return constant_text(node.module or "", name)
    raise LookupError(f"{module} does not define {name}")


def _required(text: str, name: str) -> str:
    if not text:
        raise LookupError(f"{name} is public and has no text after it")
    return text


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(import_module(module)))


def _with_texts(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    for node, after in zip(body, (*body[1:], ast.Pass()), strict=True):
        is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        yield node, inspect.cleandoc(str(after.value.value)) if is_text else ""


def _assigned(node: ast.stmt) -> str:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""


def _attribute(node: ast.stmt, name: str) -> str:
    assert isinstance(node, ast.AnnAssign | ast.Assign)
    kind = f": {ast.unparse(node.annotation)}" if isinstance(node, ast.AnnAssign) else ""
    default = "" if node.value is None or isinstance(node.value, ast.Call) else f" = {ast.unparse(node.value)}"
    return f"{name}{kind}{default}"


def _method(node: Function) -> Member:
    marks = {ast.unparse(mark).rpartition(".")[2].partition("(")[0] for mark in node.decorator_list}
    returned = ast.unparse(node.returns) if node.returns else ""
    is_attribute = bool(marks & {"property", "cached_property", "fixture"})
    arguments = "" if is_attribute else f"({ast.unparse(node.args).removeprefix('self').removeprefix(', ')})"
    arrow = ": " if is_attribute else " -> "
    signature = f"{node.name}{arguments}{arrow}{returned}" if returned else f"{node.name}{arguments}"
    return Member(signature, ast.get_docstring(node) or "", "abstractmethod" in marks)
