"""No text of a job stops a publication, makes it crawl, or lets a name survive.

`make fuzz` goes on with further seeds for FUZZ_SECONDS; a failure names the seed and the shortest text that shows it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import attrs
import pytest
from hostile_runs import NAME, Outcome, harmless, run_over
from hostile_texts import HANDLES, KINDS, LONG, hostile_text

pytestmark = pytest.mark.fuzz

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
TEXTS = 8
TIMES_HARMLESS, SECONDS_MORE = 10, 1.0


@attrs.frozen
class Finding:
    """What is wrong with a text, and the text."""

    what: str
    seed: str
    text: str


def batches(kind: str, seed: int) -> Iterator[tuple[str, str, list[str]]]:
    """Yield a label, a column and texts of that kind for it, the shortest first."""
    for column in ("User",) if kind in HANDLES or kind == "long: handle" else ("Cmd", "Environment"):
        label = f"{kind}, {column}, {seed}"
        random = Random(label)
        yield label, column, sorted((hostile_text(kind, random, NAME) for _ in range(TEXTS)), key=len)


def findings(folder: Path, kind: str, seed: int) -> Iterator[Finding]:
    """Run over texts of that kind; when something is wrong, over each by itself until one shows it."""
    for label, column, texts in batches(kind, seed):
        wrong = _wrong(folder, texts, column)
        if wrong:
            alone = ((_wrong(folder, [text], column), text) for text in texts)
            yield next((Finding(what, label, text) for what, text in alone if what), Finding(wrong, label, repr(texts)))


def _wrong(folder: Path, texts: list[str], column: str) -> str:
    outcome = run_over(folder, texts, column)
    if not outcome.fine:
        return outcome.error or f"left: {outcome.left}"
    if outcome.seconds <= SECONDS_MORE:  # whatever a harmless text costs
        return ""
    bound = TIMES_HARMLESS * _harmless(folder, texts, column).seconds + SECONDS_MORE
    return f"{outcome.seconds:.1f} s, harmless {bound:.1f}" if outcome.seconds > bound else ""


def _harmless(folder: Path, texts: list[str], column: str) -> Outcome:
    return run_over(folder, [harmless(len(text)) for text in texts], column)


@pytest.mark.parametrize("kind", sorted({*KINDS, *HANDLES}))
def test_a_hostile_text_changes_nothing(kind: str, tmp_path: Path) -> None:
    assert not list(findings(tmp_path, kind, 0))


@pytest.mark.skipif(not SECONDS, reason="goes on for FUZZ_SECONDS, which `make fuzz` sets")
@pytest.mark.parametrize("kind", sorted({*KINDS, *HANDLES, *LONG}))
def test_more_hostile_texts_change_nothing(kind: str, tmp_path: Path) -> None:
    until, seed = time.monotonic() + SECONDS / len(KINDS | HANDLES | LONG), 0
    while time.monotonic() < until:
        seed += 1
        found = list(findings(tmp_path, kind, seed))
        assert not found, found
    print(f"{kind}: seeds 1 to {seed}")
