"""Score anonkit and its peers: `python -m benchmarks.accuracy --document docs/accuracy.md`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.corpus import make_corpus
from benchmarks.accuracy.document import page
from benchmarks.accuracy.scoring import by_shape, total
from benchmarks.accuracy.systems import PEERS, anonkit_results

__all__ = ["main"]

RECALL, PRECISION = 1.0, 0.999


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or print the page; return 1 when anonkit misses a mention, or replaces too much."""
    given = _parser().parse_args(arguments)
    corpus = make_corpus(given.seed, given.times)
    systems = {"anonkit": anonkit_results(corpus)}
    for name, results in PEERS.items():
        print(name, file=sys.stderr)
        systems[name] = results(corpus)
    text = page(corpus, given.seed, systems)
    if given.document:
        given.document.write_text(text)
    else:
        print(text)
    score = total(by_shape(systems["anonkit"]))
    print(f"recall {score.recall:.5f}, precision {score.precision:.5f}", file=sys.stderr)
    return 0 if score.recall >= RECALL and score.precision >= PRECISION and not score.strange else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--times", type=int, default=24, help="how often each shape is used")
    parser.add_argument("--document", type=Path, help="the file to write, instead of printing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
