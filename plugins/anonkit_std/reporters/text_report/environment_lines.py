"""The environments of a batch as lines of the text report, built column by column."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Positions, totals, value_ends
from anonkit.arrow.segments import Segments
from anonkit.arrow.strings import replaced, strings
from anonkit_std.environment.variables import Variables
from anonkit_std.reporters.text_report.plain_text import HANGING, Garble, least_room, wrap

__all__ = ["environment_lines"]

INDENT = 2


def environment_lines(environments: Segments, *, width: int, garble: Garble) -> pa.Array:
    """Return for each environment its lines, each ended (large_string); no nulls.

    A line is ``NAME=value``, wrapped; they are sorted by name without regard to case. Text in no known form is shown as
    it is, none at all as ``(none)``. What undoing quotes and escapes, or a new line, may bring to light goes through
    `garble`.
    """
    if not len(environments):
        return pa.array([], pa.large_string())
    variables = Variables.from_segments(environments, garble)
    lines = _wrapped(variables, width, garble).cast(pa.large_string()).take(pa.array(variables.segments.codes))
    ends = pa.py_buffer(value_ends(lines)[variables.segments.ends])
    return pa.LargeStringArray.from_buffers(len(environments), ends, lines.buffers()[2])


def _wrapped(variables: Variables, width: int, garble: Garble) -> pa.Array:
    """Return the lines of each text, in one string.

    A line of a text without blanks is a stretch of its bytes. So the texts, which lie in one block, are cut by offsets.
    """
    offsets = value_ends(variables.texts)
    lengths, first = np.diff(offsets), width - INDENT
    margins = _margins(variables, width)
    pieces = 1 + np.maximum(0, -((first - lengths) // (width - margins)))
    uneven = _uneven(variables.texts, np.flatnonzero(pieces > 1))
    pieces[uneven] = 1
    first_lines = totals(pieces)
    owner = np.repeat(np.arange(len(pieces)), pieces)
    nth = np.arange(len(owner)) - first_lines[owner]
    starts = offsets[owner] + np.where(nth == 0, 0, first + (nth - 1) * (width - margins[owner]))
    indents = pa.array([" " * indent for indent in range(width)]).take(
        pa.array(np.where(nth == 0, INDENT, margins[owner]))
    )
    windows = strings(np.append(starts, offsets[-1]), variables.texts.buffers()[2])
    broken = np.flatnonzero(np.repeat(pieces > 1, pieces))
    windows = replaced(windows, broken, garble(windows.take(pa.array(broken))))
    lines = pc.binary_join_element_wise(indents, windows, "\n", "")
    singly = garble(pa.array(_wrapped_singly(variables, uneven, width), pa.string()))
    lines = replaced(lines, first_lines[uneven], singly)
    return strings(value_ends(lines)[first_lines], lines.buffers()[2])


def _margins(variables: Variables, width: int) -> Positions:
    """Return the indent of continuation lines of each variable: below its value, if there is room."""
    margins = INDENT + variables.names + 1
    return np.where(width - margins >= least_room(width), margins, HANGING)


def _uneven(texts: pa.Array, long: Positions) -> Positions:
    """Return those of the long texts that cannot be cut by the byte: they hold blanks, or more than ASCII."""
    uneven = pc.match_substring_regex(texts.take(pa.array(long)), "[^!-~]")
    flags: npt.NDArray[np.bool_] = uneven.to_numpy(zero_copy_only=False)
    return long[flags]


def _wrapped_singly(variables: Variables, places: Positions, width: int) -> list[str]:
    texts = variables.texts.take(pa.array(places)).to_pylist()
    named = (variables.names[places] >= 0).tolist()
    parts = (text.partition("=") if has_name else ("", "", text) for text, has_name in zip(texts, named, strict=True))
    return [wrap(name + equals, value, width=width, indent=INDENT) for name, equals, value in parts]
