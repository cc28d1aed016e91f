"""Which characters of a text were replaced: found by laying what came out over what went in."""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from benchmarks.accuracy.labels import Cell, Span

__all__ = ["TOKEN", "Replaced", "aligned"]

TOKEN = re.compile(r"UR_\d+|EX_\d+|HO_\d+|EM_\d+|IP\d+|\(secret\)|\(withheld\)")
_KINDS = {"UR": "user", "EX": "experiment", "HO": "host", "EM": "email", "IP": "ip", "(s": "secret", "(w": "withheld"}
_NEVER = 10**9


@attrs.frozen
class Replaced:
    """A token or placeholder, and the characters whose place it took."""

    start: int
    end: int
    kind: str
    token: str


def aligned(cell: Cell, output: str) -> tuple[Replaced, ...] | None:
    """Return what was replaced, in order; None when what is between the tokens is not what was there before.

    Where several readings are possible, the one that agrees best with the labels is taken.
    """
    tokens = TOKEN.findall(output)
    literals = TOKEN.split(output)
    if not cell.text.startswith(literals[0]):
        return None
    cost, spans = _Search(cell, literals).best(1, len(literals[0]))
    if cost >= _NEVER:
        return None
    return tuple(
        Replaced(start, end, _KINDS[token[:2]], token) for (start, end), token in zip(spans, tokens, strict=True)
    )


def _as_read(literal: str) -> tuple[str, ...]:
    """Return the text after a token, with and without the sign that parts a token from a digit."""
    return (literal, literal[1:]) if re.match(r"_[0-9]", literal) else (literal,)


@attrs.define
class _Search:
    cell: Cell
    literals: Sequence[str]
    known: dict[Span, tuple[int, tuple[Span, ...]]] = attrs.field(factory=dict)

    def best(self, place: int, start: int) -> tuple[int, tuple[Span, ...]]:
        """Return the cost of the cheapest reading from there on, and what is replaced in it."""
        if (place, start) not in self.known:
            self.known[place, start] = self._best(place, start)
        return self.known[place, start]

    def _best(self, place: int, start: int) -> tuple[int, tuple[Span, ...]]:
        text = self.cell.text
        if place == len(self.literals):
            return (0 if start == len(text) else _NEVER), ()
        cheapest: tuple[int, tuple[Span, ...]] = (_NEVER, ())
        for literal in _as_read(self.literals[place]):
            end = text.find(literal, start + 1)
            while end >= 0:
                cost, rest = self.best(place + 1, end + len(literal))
                cost += self._cost(start, end)
                if cost < cheapest[0]:
                    cheapest = cost, ((start, end), *rest)
                end = text.find(literal, end + 1) if end < len(text) else -1
        return cheapest

    def _cost(self, start: int, end: int) -> int:
        """Return how many characters too many are replaced, and how many of a label are not."""
        inside = sum(max(0, min(end, label.end) - max(start, label.start)) for label in self.cell.labels)
        missed = sum(
            label.end - label.start - max(0, min(end, label.end) - max(start, label.start))
            for label in self.cell.labels
            if label.start < end and start < label.end
        )
        return end - start - inside + missed
