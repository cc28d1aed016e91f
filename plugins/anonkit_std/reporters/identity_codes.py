"""The identities of the rows of a batch, as numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Codes", "codes_in_rows", "pairs_in_rows"]

Codes = npt.NDArray[np.int64]


def codes_in_rows(codes: pa.Array) -> tuple[Codes, Codes]:
    """Return (row, identity) for each identity of each row, ordered by row, from one kind of `Batch.identities`."""
    rows: Codes = pc.list_parent_indices(codes).to_numpy().astype(np.int64)
    return rows, pc.list_flatten(codes).to_numpy().astype(np.int64)


def pairs_in_rows(left: pa.Array, right: pa.Array) -> tuple[Codes, Codes]:
    """Return (left identity, right identity) for each pair of identities of one row; no pair twice for a row."""
    left_rows, left_codes = codes_in_rows(left)
    right_rows, right_codes = codes_in_rows(right)
    firsts = np.searchsorted(right_rows, left_rows, side="left")
    counts = np.searchsorted(right_rows, left_rows, side="right") - firsts
    nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(left_codes, counts), right_codes[np.repeat(firsts, counts) + nth]
