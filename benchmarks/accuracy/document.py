"""The scores as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmarks.accuracy.corpus import Corpus
from benchmarks.accuracy.scoring import Score, by_kind, by_shape, total
from benchmarks.accuracy.systems import Results

__all__ = ["page"]

_INTRODUCTION = """\
# Accuracy

`make accuracy` makes a corpus of job records with invented names in {shapes} shapes, {mentions:,} mentions, each of
them labelled, and writes this page. Seed {seed}.

*Recall* is the share of mentions of which no letter or digit is left. *Precision* is the share of replacements that
took nothing but a mention and what belongs to it (a domain, a title, the other half of an escape). Hosts and addresses
of mail are replaced as well. Names are learnt from the same records; nothing is given beforehand.

Peers get the same texts: Presidio, a general-purpose recogniser, with spaCy's small English model for names, and
FlashText, which replaces the words of a list: every name in the identity columns. A dash: there is nothing to count.
"""


def page(corpus: Corpus, seed: int, systems: Mapping[str, Results]) -> str:
    """Return the page: the sums, then by kind, then by shape."""
    shapes = {name: by_shape(results) for name, results in systems.items()}
    kinds = {name: by_kind(results) for name, results in systems.items()}
    counted = len({cell.shape for cell in corpus.cells})
    parts = [
        _INTRODUCTION.format(shapes=counted, mentions=corpus.mentions, seed=seed),
        "\n".join(_table("", {name: {"all": total(scores)} for name, scores in shapes.items()})),
        "## By kind\n",
        "\n".join(_table("kind", kinds)),
        "## By shape\n",
        "\n".join(_table("shape", shapes)),
    ]
    return "\n".join(parts) + "\n"


def _table(heading: str, systems: Mapping[str, Mapping[str, Score]]) -> Iterator[str]:
    names = list(systems)
    yield f"| {heading} | mentions | " + " | ".join(f"{name}: recall | precision" for name in names) + " |"
    yield "|---|---:|" + "---:|---:|" * len(names)
    for row, score in systems[names[0]].items():
        cells = (_share(value) for name in names for value in _pair(systems[name][row]))
        yield f"| {row} | {score.mentions:,} | " + " | ".join(cells) + " |"
    yield ""


def _pair(score: Score) -> tuple[float | None, float | None]:
    return score.recall if score.mentions else None, score.precision if score.replacements else None


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}".rstrip("0").ljust(3, "0") if value < 1 else "1"
