"""Text of jobs in a text report: nothing in it can forge a line or drive a terminal, and long values wrap.

Columns are checked with a few passes over their bytes; only rows that need work are touched one by one.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import printable
from anonkit.arrow.offsets import value_ends
from anonkit.arrow.strings import bytes_in_rows, replaced

__all__ = ["HANGING", "Garble", "escape_column", "is_printable", "least_room", "wrap", "wrap_column"]

Garble = Callable[[pa.Array], pa.Array]
HANGING = 4
"""Indent of continuation lines that are not aligned with their value."""


def escape_column(texts: pa.Array) -> pa.Array:
    """Return a string array with each text escaped; null stays null."""
    places = np.flatnonzero(~is_printable(texts))
    chosen = texts.take(pa.array(places)).to_pylist()
    return replaced(texts, places, [None if text is None else printable(text) for text in chosen])


def wrap(label: str, value: str, *, width: int, indent: int) -> str:
    """Return the lines, each ended, of `label` and escaped `value`: `indent` blanks, then both, at most `width` wide.

    Continuation lines are aligned with the value; when the label leaves less than `least_room`, they are indented by
    `HANGING` columns. The lines without their indents are the label and the whole value.
    """
    start = " " * indent + label
    if len(start) + len(value) <= width:
        return f"{start}{value}\n"
    # A label with little room beside it is wrapped like the value, or a long one would overrun the width.
    beside = width - len(start) >= least_room(width)
    first, text, margin = (start, value, len(start)) if beside else (" " * indent, label + value, HANGING)
    return "\n".join(_broken(first, text, margin, width)) + "\n"


def least_room(width: int) -> int:
    """Return the columns that must be left beside a label for continuation lines to be aligned with the value."""
    return min(20, width - HANGING)


def wrap_column(label: str, values: pa.Array, *, width: int, indent: int, garble: Garble) -> pa.Array:
    """Return `wrap` of each escaped value (string); null stays null.

    Text of several lines goes through `garble`: the middle of a word may begin a line, and look like a short name of a
    person.
    """
    lines = pc.binary_join_element_wise(" " * indent + label, values, "\n", "")
    # No line has more characters than bytes.
    long = np.flatnonzero(np.diff(value_ends(lines)) > width + 1)
    chosen = values.take(pa.array(long)).to_pylist()
    wrapped = pa.array([wrap(label, value, width=width, indent=indent) for value in chosen], pa.string())
    return replaced(lines, long, garble(wrapped))


def is_printable(texts: pa.Array) -> npt.NDArray[np.bool_]:
    """Return for each row of a string array whether all of it is printable ASCII; a null is."""
    # Unsigned, so bytes below the blank wrap round to the top.
    others = bytes_in_rows(texts, lambda data: data - np.uint8(ord(" ")) > ord("~") - ord(" "))
    # A null may have bytes in the buffer.
    printable: npt.NDArray[np.bool_] = (others == 0) | texts.is_null().to_numpy(zero_copy_only=False)
    return printable


def _broken(first: str, text: str, margin: int, width: int) -> list[str]:
    if " " in text:
        wrapper = textwrap.TextWrapper(
            width=width,
            initial_indent=first,
            subsequent_indent=" " * margin,
            expand_tabs=False,
            replace_whitespace=False,
            drop_whitespace=False,
            break_on_hyphens=False,
        )
        return wrapper.wrap(text)
    # One word, as most long values are: the wrapper would cut it just so, at fifty times the price.
    head, step = width - len(first), width - margin
    rest = (" " * margin + text[at : at + step] for at in range(head, len(text), step))
    return [first + text[:head], *rest]
