"""The blocks of code in the documents."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path

__all__ = ["DOCUMENTS", "ROOT", "commands", "indented_blocks", "python_blocks"]

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    {path.relative_to(ROOT) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*.md"))}
)
_FENCED = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:\A|\n)\n((?: {4}.*\n|\n(?= {4}))+)")
_PYTHON = re.compile(r"(?:from \S+ import |import |@hookimpl|class |def |jobs = )")


def indented_blocks(text: str) -> list[str]:
    """Return the indented blocks of a document."""
    return [textwrap.dedent(block).strip("\n") for block in _INDENTED.findall(text)]


def python_blocks(text: str) -> list[str]:
    """Return the blocks of Python: those that say so, and indented ones that begin like it."""
    return [*_FENCED.findall(text), *(block for block in indented_blocks(text) if _PYTHON.match(block))]


def commands(text: str) -> Iterator[str]:
    """Yield each command line of anonkit in the indented blocks: to its end, or to the next program."""
    for block in indented_blocks(text):
        for line in block.replace("\\\n", " ").splitlines():
            if re.match(r"(\$ )?(\w.*\| )?anonkit ", line):
                yield from _of_anonkit(_words(line.removeprefix("$ ")))


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&<>;")
    lexer.whitespace_split = True
    return list(lexer)


def _of_anonkit(words: list[str]) -> Iterator[str]:
    begins = [place for place, word in enumerate(words) if word == "anonkit"][:1]
    for begin in begins:
        ends = [place for place, word in enumerate(words) if place > begin and word in ("|", "&&", ">", "<", ";")]
        yield shlex.join(words[begin : ends[0] if ends else None])
