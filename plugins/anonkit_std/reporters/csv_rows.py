"""Row records as CSV, which a spreadsheet may open: no text of a job is a formula."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.types as pt

from anonkit_std.columns.cell_text import as_text

__all__ = ["csv_header", "csv_rows"]

_FORMULA = r"^[ ]*[=+\-@\t\r\n＝＋－＠]"
_NUMBER = r"^[+\-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+\-]?[0-9]+)?$"


def csv_header(names: Sequence[str]) -> bytes:
    """Return the line of the column names."""
    shown: list[str] = _without_formulas(pa.array(names, pa.string())).to_pylist()
    return (",".join(f'"{name.replace(chr(34), 2 * chr(34))}"' for name in shown) + "\n").encode()


def csv_rows(rows: pa.RecordBatch) -> memoryview:
    """Return a line for each row (RFC 4180, UTF-8): text between quotes, nothing for null and NaN.

    A text that a spreadsheet would take for a formula begins with an apostrophe. Times are ISO text, lists and structs
    JSON.
    """
    arrays = [_cells(column) for column in rows.columns]
    sink = pa.BufferOutputStream()
    # The batch gets plain names, since Arrow writes none that holds a quote.
    batch = pa.RecordBatch.from_arrays(arrays, [str(place) for place in range(len(arrays))])
    pyarrow.csv.write_csv(batch, sink, pyarrow.csv.WriteOptions(include_header=False))
    return memoryview(sink.getvalue())


def _cells(column: pa.Array) -> pa.Array:
    kind = column.type
    if pt.is_dictionary(kind):
        return _cells(column.dictionary_decode())
    if pt.is_integer(kind) or pt.is_boolean(kind):
        return column
    if pt.is_floating(kind):
        exact = column.cast(pa.float64())
        return pc.if_else(pc.is_nan(exact), pa.scalar(None, pa.float64()), exact)
    return _without_formulas(as_text(column))


def _without_formulas(texts: pa.Array) -> pa.Array:
    """Return texts with an apostrophe before each that could be a formula; a number such as -1 is none."""
    found = pc.and_not(pc.match_substring_regex(texts, _FORMULA), pc.match_substring_regex(texts, _NUMBER))
    if not pc.any(found).as_py():
        return texts
    return pc.if_else(found, pc.binary_join_element_wise("'", texts, ""), texts)
