from __future__ import annotations

import pyarrow as pa
import pytest

from anonkit.offsets import value_ends


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string()])
def test_where_values_begin_and_end(type_: pa.DataType) -> None:
    array = pa.array(["ab", None, "é", ""], type_)
    assert value_ends(array).tolist() == [0, 2, 2, 4, 4]
    assert value_ends(array[1:3]).tolist() == [2, 2, 4]
    assert value_ends(array[:0]).tolist() == [0]
    assert value_ends(pa.array([], type_)).tolist() == [0]
