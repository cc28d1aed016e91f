"""Names of any length are known by their first characters, so that a hostile one does not slow a run down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anonkit.plugin.contracts import Boundary

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["LONGEST_NAME", "boundary_of_long", "shortened"]

LONGEST_NAME = 256
"""Characters by which a name is known."""


def shortened(names: pa.Array) -> pa.Array:
    """Return the first characters of each name: string, or list<string>; any other array comes back as it is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_list(names.type):
        values = pc.list_flatten(names)
        if not _any_is_long(values):
            return names
        sizes = pc.fill_null(pc.list_value_length(names), 0)
        ends = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(sizes).cast(pa.int32())])
        return pa.ListArray.from_arrays(ends, shortened(values), mask=names.is_null())
    return pc.utf8_slice_codeunits(names, 0, LONGEST_NAME) if _any_is_long(names) else names


def _any_is_long(names: pa.Array) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    is_text = pa.types.is_string(names.type) or pa.types.is_large_string(names.type)
    return bool(is_text and (pc.max(pc.binary_length(names)).as_py() or 0) > LONGEST_NAME)


def boundary_of_long(name: str, boundary: Boundary) -> Boundary:
    """Return the boundary of a name; a shortened one has no condition on the text after it, which may be its end."""
    if len(name) < LONGEST_NAME:
        return boundary
    return {Boundary.WORD: Boundary.PREFIX, Boundary.PART: Boundary.PART_PREFIX}.get(boundary, boundary)
