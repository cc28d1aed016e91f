"""Pictures as SVG: bars side by side and bars below each other, drawn in colours that the page's style sets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import attrs

from anonkit_report.markup import element, safe

__all__ = ["Bar", "bars", "columns"]

_WIDTH = 400
_LABEL = 130
_VALUE = 62
_ROW = 18
_AXIS = 16
_LEFT, _TOP, _HEIGHT, _BELOW = 40, 18, 110, 34
_LONGEST = 20
_LABELS = 4
"""So many labels fit below bars side by side."""


@attrs.frozen
class Bar:
    """One bar: its label, its length, the part of it that is marked, and its value as text."""

    label: str
    value: float
    marked: float = 0.0
    text: str = ""


def bars(rows: Sequence[Bar], about: str, axis: str = "") -> str:
    """Return a picture of bars below each other, with labels on their left and the title of their axis below."""
    longest = max((bar.value for bar in rows), default=0) or 1
    room = _WIDTH - _LABEL - _VALUE
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
    bottom = len(rows) * _ROW
    if rows:
        drawn.append(element("line", x1=_LABEL, y1=0, x2=_LABEL, y2=bottom, class_="zero"))
        drawn.append(element("text", safe(axis), x=_LABEL, y=bottom + 12, class_="axis"))
    return _svg(drawn, bottom + _AXIS, about)


def columns(rows: Sequence[Bar], about: str, across: str = "", upward: str = "") -> str:
    """Return a picture of bars side by side, with the titles of both axes; first, last and some labels are shown."""
    top = _rounded_up(max((bar.value for bar in rows), default=0))
    step = (_WIDTH - _LEFT) / max(len(rows), 1)
    drawn = [element("text", safe(upward), x=0, y=10, class_="axis"), *_grid(top)]
    for place, bar in enumerate(rows):
        left, width = _LEFT + place * step, max(min(step * 0.88, 40), 0.5)
        for value, name in ((bar.value, "bar"), (bar.marked, "marked")):
            height = value / top * _HEIGHT
            drawn.append(_rect(left + (step - width) / 2, _TOP + _HEIGHT - height, width, height, name))
    for place in _shown_labels(len(rows)):
        middle = _LEFT + (place + 0.5) * step
        anchor = "start" if middle < _WIDTH / 4 else "end" if middle > _WIDTH * 3 / 4 else "middle"
        x = {"start": middle - step / 2, "end": middle + step / 2, "middle": middle}[anchor]
        at = {"x": _number(x), "y": _TOP + _HEIGHT + 13, "class_": f"axis {anchor}"}
        drawn.append(element("text", safe(rows[place].label), **at))
    drawn.append(element("text", safe(across), x=_WIDTH, y=_TOP + _HEIGHT + 29, class_="axis end"))
    return _svg(drawn, _TOP + _HEIGHT + _BELOW, about)


def _grid(top: float) -> Iterator[str]:
    """Yield a line and a number at nothing, half, and all."""
    for part in (0.0, 0.5, 1.0):
        y = _number(_TOP + _HEIGHT * (1 - part))
        yield element("line", x1=_LEFT, y1=y, x2=_WIDTH, y2=y, class_="grid" if part else "zero")
        if part in (0.0, 1.0) or top > 1:
            yield element("text", f"{top * part:,.10g}", x=_LEFT - 5, y=_number(float(y) + 3), class_="axis end")


def _rounded_up(value: float) -> float:
    """Return the next number that is 1, 2, 4, 5 or 10 times a power of ten."""
    if value <= 1:
        return 1
    power = 10 ** math.floor(math.log10(value))
    return next(float(times * power) for times in (1, 2, 4, 5, 10) if times * power >= value)


def _shown_labels(count: int) -> list[int]:
    """Return places of labels, the first and the last among them, with room between."""
    if count <= _LABELS:
        return list(range(count))
    return sorted({round(part * (count - 1) / (_LABELS - 1)) for part in range(_LABELS)})


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
