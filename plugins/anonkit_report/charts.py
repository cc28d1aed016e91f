"""Pictures as SVG: bars side by side and bars below each other, drawn in colours that the page's style sets."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from anonkit_report.markup import element, safe

__all__ = ["Bar", "bars", "columns"]

_WIDTH = 400
_LABEL = 130
_ROW = 18
_HEIGHT = 150
_LONGEST = 20


@attrs.frozen
class Bar:
    """One bar: its label, its length, the part of it that is marked, and its value as text."""

    label: str
    value: float
    marked: float = 0.0
    text: str = ""


def bars(rows: Sequence[Bar], about: str) -> str:
    """Return a picture of bars below each other, with labels on their left."""
    longest = max((bar.value for bar in rows), default=0) or 1
    room = _WIDTH - _LABEL - 60
    drawn = []
    for place, bar in enumerate(rows):
        top = place * _ROW
        width = bar.value / longest * room
        drawn += [
            element("text", _cut(bar.label), x=_LABEL - 6, y=top + 13, class_="label"),
            _rect(_LABEL, top + 3, width, _ROW - 6, "bar"),
            _rect(_LABEL, top + 3, bar.marked / longest * room, _ROW - 6, "marked"),
            element("text", safe(bar.text), x=_number(_LABEL + width + 4), y=top + 13, class_="value"),
        ]
    return _svg(drawn, max(len(rows) * _ROW, _ROW), about)


def columns(rows: Sequence[Bar], about: str) -> str:
    """Return a picture of bars side by side; of their labels as many are shown as there is room for."""
    highest = max((bar.value for bar in rows), default=0) or 1
    step = (_WIDTH - 8) / max(len(rows), 1)
    every = max(1, -(-len(rows) // 4))
    drawn = [
        element("text", safe(next((bar.text for bar in rows if bar.value == highest), "")), x=4, y=10, class_="value")
    ]
    for place, bar in enumerate(rows):
        left, height = 4 + place * step, bar.value / highest * (_HEIGHT - 36)
        low = bar.marked / highest * (_HEIGHT - 36)
        drawn.append(_rect(left, _HEIGHT - 20 - height, max(step * 0.9, 0.5), height, "bar"))
        drawn.append(_rect(left, _HEIGHT - 20 - low, max(step * 0.9, 0.5), low, "marked"))
        if place % every == 0:
            drawn.append(element("text", safe(bar.label), x=_number(left), y=_HEIGHT - 6, class_="axis"))
    return _svg(drawn, _HEIGHT, about)


def _svg(drawn: Sequence[str], height: int, about: str) -> str:
    return element("svg", *drawn, viewBox=f"0 0 {_WIDTH} {height}", role="img", aria_label=about)


def _rect(x: float, y: float, width: float, height: float, name: str) -> str:
    if width <= 0 or height <= 0:
        return ""
    return element("rect", x=_number(x), y=_number(y), width=_number(width), height=_number(height), class_=name)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _cut(label: str) -> str:
    return safe(label) if len(label) <= _LONGEST else safe(label[: _LONGEST - 1]) + "…"
