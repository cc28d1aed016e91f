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
    it is, none at all as ``(none)``. Text without its quotes and escapes, or with line breaks, goes through `garble`,
    since an identity may come to light.
    """
    if not len(environments):
        return pa.array([], pa.large_string())
    variables = Variables.from_segments(environments, garble)
    lines = _wrapped(variables, width, garble).cast(pa.large_string()).take(pa.array(variables.segments.codes))
    ends = pa.py_buffer(value_ends(lines)[variables.segments.ends])
    return pa.LargeStringArray.from_buffers(len(environments), ends, lines.buffers()[2])


def _wrapped(variables: Variables, width: int, garble: Garble) -> pa.Array:
    """Return the lines of each text, in one string.

    A line of a text without blanks is a run of its bytes, so all texts, which are one block of bytes, are cut at once.
    """
    margins = _margins(variables, width)
    lengths = np.diff(value_ends(variables.texts))
    sizes = 1 + np.maximum(0, -((width - INDENT - lengths) // (width - margins)))
    uneven = _uneven(variables.texts, np.flatnonzero(sizes > 1))
    sizes[uneven] = 1
    first_lines = totals(sizes)
    singly = garble(pa.array(_wrapped_singly(variables, uneven, width), pa.string()))
    lines = replaced(_cut(variables.texts, sizes, margins, width, garble), first_lines[uneven], singly)
    return strings(value_ends(lines)[first_lines], lines.buffers()[2])


def _cut(texts: pa.Array, sizes: Positions, margins: Positions, width: int, garble: Garble) -> pa.Array:
    """Return the lines of all texts, with indents and line ends; a text has as many lines as `sizes` gives."""
    offsets = value_ends(texts)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    nth = np.arange(len(owner)) - totals(sizes)[owner]
    starts = offsets[owner] + np.where(nth == 0, 0, width - INDENT + (nth - 1) * (width - margins[owner]))
    pieces = strings(np.append(starts, offsets[-1]), texts.buffers()[2])
    broken = np.flatnonzero(np.repeat(sizes > 1, sizes))
    pieces = replaced(pieces, broken, garble(pieces.take(pa.array(broken))))
    indents = pa.array([" " * indent for indent in range(width)])
    return pc.binary_join_element_wise(
        indents.take(pa.array(np.where(nth == 0, INDENT, margins[owner]))), pieces, "\n", ""
    )


def _margins(variables: Variables, width: int) -> Positions:
    """Return the indent of continuation lines of each variable: below its value, if there is room."""
    margins = INDENT + variables.names + 1
    return np.where(width - margins >= least_room(width), margins, HANGING)


def _uneven(texts: pa.Array, long: Positions) -> Positions:
    """Return those of the long texts that cannot be cut at any byte: they hold blanks, or more than ASCII."""
    uneven = pc.match_substring_regex(texts.take(pa.array(long)), "[^!-~]")
    flags: npt.NDArray[np.bool_] = uneven.to_numpy(zero_copy_only=False)
    return long[flags]


def _wrapped_singly(variables: Variables, places: Positions, width: int) -> list[str]:
    texts = variables.texts.take(pa.array(places)).to_pylist()
    named = (variables.names[places] >= 0).tolist()
    parts = (text.partition("=") if has_name else ("", "", text) for text, has_name in zip(texts, named, strict=True))
    return [wrap(name + equals, value, width=width, indent=INDENT) for name, equals, value in parts]
