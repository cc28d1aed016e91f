"""Rows with text in segments read like others, and a column is merged only when it is asked for."""

from __future__ import annotations

from typing import Any, cast

import attrs
import pyarrow as pa
import pytest

from anonkit.arrow.rows import Rows
from anonkit.arrow.segments import is_segmented, merge_segments
from anonkit.plugin.contracts import Batch
from anonkit.text.segmentation import SEPARATORS, segment_text

TEXTS = [f"run --n {number % 3}; ls -a {number}" if number % 7 else None for number in range(300)]
FIELDS = [pa.field("n", pa.int64()), pa.field("Cmd", pa.string(), metadata={b"anonkit.numeric": b"mixed"})]
PLAIN = pa.record_batch([pa.array(range(300)), pa.array(TEXTS, pa.string())], schema=pa.schema(FIELDS))


@pytest.fixture
def segmented() -> pa.RecordBatch:
    segments = segment_text(PLAIN.column("Cmd"), SEPARATORS)
    assert segments is not None
    lists = segments.to_lists(PLAIN.column("Cmd"))
    fields = [FIELDS[0], FIELDS[1].with_type(lists.type)]
    return pa.RecordBatch.from_arrays([PLAIN.column("n"), lists], schema=pa.schema(fields))


@attrs.frozen
class Merge:
    """Merges segments, and notes the sizes of the columns that it is given."""

    sizes: list[int] = attrs.field(factory=list)

    def __call__(self, array: pa.Array) -> pa.Array:
        if is_segmented(array.type):
            self.sizes.append(len(array))
        return merge_segments(array)


def test_they_read_like_others(segmented: pa.RecordBatch) -> None:
    rows = Rows(segmented)
    assert len(rows) == 300
    assert rows.data.equals(PLAIN, check_metadata=True)
    assert rows.column("Cmd").equals(PLAIN.column("Cmd"))
    taken = pa.array([5, 0, 7])
    assert rows.take(taken, ["Cmd"]).equals(PLAIN.select(["Cmd"]).take(taken), check_metadata=True)
    for some in (rows, Rows(PLAIN)):
        assert some.segments("Cmd").to_strings(PLAIN.column("Cmd")).equals(PLAIN.column("Cmd"))
        assert some.segments("Cmd").ends[:2].tolist() == [0, 0]


def test_a_column_is_merged_once(segmented: pa.RecordBatch) -> None:
    merge = Merge()
    rows = Rows.wrap(Rows(segmented, merge))
    rows.column("n")
    rows.segments("Cmd")
    assert merge.sizes == []
    rows.take(pa.array([3, 4]), ["n", "Cmd"])
    assert merge.sizes == [2]
    rows.column("Cmd")
    assert rows.data.column("Cmd") is not None
    assert merge.sizes == [2, 300]


def test_no_such_column(segmented: pa.RecordBatch) -> None:
    for ask in (Rows(segmented).column, Rows(segmented).segments):
        with pytest.raises(KeyError, match="Environment"):
            ask("Environment")


def test_a_batch_takes_both(segmented: pa.RecordBatch) -> None:
    merge = Merge()
    shared = Rows(segmented, merge)
    batches = [
        Batch(data=data, first_row=0, identities={}, context=cast(Any, None))
        for data in (PLAIN, segmented, shared, shared)
    ]
    for batch in batches:
        assert len(batch) == 300
        assert batch.data.equals(PLAIN)
        assert batch.column("Cmd").equals(PLAIN.column("Cmd"))
        assert batch.take(pa.array([2]), ["n"]).to_pydict() == {"n": [2]}
        assert len(batch.segments("Cmd")) == 300
    assert merge.sizes == [300]
