"""What plugins may use, as text: `python -m tests.contracts.public_surface` writes it into public_surface.txt."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STORED = Path(__file__).with_name("public_surface.txt")
MODULES = ("anonkit.api", "anonkit.arrow.offsets", "anonkit.arrow.segments", "anonkit.testing")


def surface() -> str:
    """Return each public name of the modules with its signature, and those of its methods."""
    lines: list[str] = []
    for name in MODULES:
        module = importlib.import_module(name)
        lines.append(f"# {name}")
        for public in sorted(module.__all__):
            lines += _lines(public, getattr(module, public))
    return "\n".join(lines) + "\n"


def _lines(name: str, value: Any) -> Iterator[str]:
    if inspect.isclass(value):
        bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
        yield f"class {name}({bases})"
        for member in sorted(dir(value)):
            if not member.startswith("_") and any(member in vars(base) for base in _own_bases(value)):
                yield f"    {_member(member, inspect.getattr_static(value, member))}"
    elif callable(value):
        yield f"def {name}{signature(value)}"
    else:
        yield f"{name}: {type(value).__name__}"


def _own_bases(value: type[Any]) -> list[type[Any]]:
    return [base for base in value.__mro__ if base.__module__.partition(".")[0] == "anonkit"]


def _member(name: str, value: Any) -> str:
    function = getattr(value, "__func__", value)
    return f"{name}{signature(function)}" if inspect.isfunction(function) else name


def signature(value: Any) -> str:
    """Return the parameters of a function and what it returns, as text."""
    try:
        text = str(inspect.signature(value))
    except (TypeError, ValueError):
        return "(…)"
    return re.sub(r" at 0x[0-9a-f]+", "", text.replace("'", ""))


if __name__ == "__main__":
    STORED.write_text(surface(), encoding="utf-8")
