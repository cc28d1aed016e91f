"""No regular expression for texts of jobs backtracks.

Each is fed with its own parts, repeated, and the time grows with the length alone.

The parts of a pattern are what is literal in it, alone and joined with the signs that separate; so a pattern that reads
to the end of a run from each place of the run, or splits a run in several ways, meets the text that makes it crawl.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Iterator

import anonkit_std
import pytest

import anonkit

SIZE = 6_000
# The cheapest pattern that reads a run from each of its places takes five times as long for so many characters.
FAST = 0.004
ATTEMPTS = 5
LOOKED_AT = (
    "anonkit.auditing.", "anonkit.text.", "anonkit_std.columns.", "anonkit_std.environment.", "anonkit_std.secrets.",
    "anonkit_std.tokenizers.", "anonkit_std.transforms.",
)  # fmt: skip
# Those that read some dozen bytes beside a finding.
BOUNDED = ("anonkit.auditing.exclusions._BEFORE_VALUE", "anonkit.auditing.views._JUNK_BEFORE")
SIGNS = (*"aA1 \n-_./:=@'\"\\[](){}<>#%,;|&$~+", "::", "1.", "a.", "a-", ">#1#1#[", "''", '\\"', "ab12", "é")


def _patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    for module in (
        *pkgutil.walk_packages(anonkit.__path__, "anonkit."),
        *pkgutil.walk_packages(anonkit_std.__path__, "anonkit_std."),
    ):
        if module.name.startswith(LOOKED_AT):
            loaded = importlib.import_module(module.name)
            source = inspect.getsource(loaded)
            for name, value in vars(loaded).items():
                if _is_searched(name, source) and f"{module.name}.{name}" not in BOUNDED:
                    for place, pattern in enumerate(_inside(value)):
                        yield f"{module.name}.{name}[{place}]", pattern


def _is_searched(name: str, source: str) -> bool:
    """Whether a module uses a pattern of that name from more places of a text than one, for all that can be seen."""
    uses = re.findall(rf"\b{re.escape(name)}\b(?! = )\.?(\w*)", source)
    return not {"match", "fullmatch"}.issuperset(uses)


def _inside(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _inside(item)
    elif isinstance(value, dict):
        yield from _inside(list(value.values()))


PATTERNS = {(pattern.pattern, pattern.flags): (name, pattern) for name, pattern in _patterns()}


def _literals(source: str) -> list[str]:
    """What is literal in a pattern's source, the longest pieces first."""
    plain = re.sub(r"\(\?[aimsx:=!<P]*|\{[0-9,]*\}|\\[AZbBdDsSwW]", "\0", source).replace("\\", "")
    return sorted({*re.findall(r"[\w./:@=>#-]{2,12}", plain)}, key=len, reverse=True)[:8]


def _pumped(source: str, size: int) -> Iterator[str]:
    literals = _literals(source)
    for part in (*SIGNS, *literals, *(sign + literal for literal in literals for sign in "_-")):
        for head in ("", *literals[:1]):
            yield head + part * (size // len(part)) + "\0"


def _seconds(pattern: re.Pattern[str] | re.Pattern[bytes], text: str) -> float:
    subject: str | bytes = text if isinstance(pattern.pattern, str) else text.encode()
    start = time.process_time()
    for _ in pattern.finditer(subject):  # type: ignore[arg-type]
        pass
    pattern.match(subject)  # type: ignore[arg-type]
    return time.process_time() - start


def _grows_faster(pattern: re.Pattern[str] | re.Pattern[bytes], text: str, longer: str) -> bool:
    """Whether the time grows more than twice as much as the length, in each of some attempts."""
    growth = 2 * len(longer) / len(text)
    return all(_seconds(pattern, longer) > growth * max(_seconds(pattern, text), FAST / 8) for _ in range(ATTEMPTS))


@pytest.mark.parametrize(("name", "pattern"), list(PATTERNS.values()), ids=[name for name, _ in PATTERNS.values()])
def test_time_grows_with_the_length(name: str, pattern: re.Pattern[str] | re.Pattern[bytes]) -> None:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    texts = zip(_pumped(source, SIZE), _pumped(source, 4 * SIZE), strict=True)
    slow = [
        text[:40] for text, longer in texts if _seconds(pattern, text) > FAST and _grows_faster(pattern, text, longer)
    ]
    assert slow == []


@pytest.mark.parametrize("source", [r"a*b", r"a+-a+!", r"(?<![0-9])[a-z]*:"])
def test_a_pattern_that_reads_a_run_from_each_place_is_recognised(source: str) -> None:
    # The time of a quadratic pattern grows 64 times; machines vary by more than twice.
    assert _grows_faster(re.compile(source), "a" * 1_000, "a" * 8_000)


def test_a_linear_pattern_is_not_taken_for_one() -> None:
    assert not _grows_faster(re.compile(r"a[b-z]"), "a" * 100_000, "a" * 800_000)
