"""What every transform has to keep, as a test class."""

from __future__ import annotations

from abc import ABC, abstractmethod

import pyarrow as pa
import pytest

from anonkit.plugin.contracts import Transform
from anonkit.testing.contract import Contract, broken, check_options, pickled

__all__ = ["TransformContract"]


class TransformContract(Contract, ABC):
    """What becomes of a row depends on nothing but the row, and is what the transform declares."""

    @pytest.fixture
    @abstractmethod
    def transform(self) -> Transform:
        """The transform to test."""

    @pytest.fixture
    @abstractmethod
    def batch(self) -> pa.RecordBatch:
        """Anonymized rows, as different as they come; nulls among them."""

    @pytest.fixture
    def taught(self, transform: Transform, batch: pa.RecordBatch) -> Transform:
        """The transform that has seen all rows, if it learns from them."""
        return _taught(transform, [batch])

    def test_the_schema_is_as_declared(self, taught: Transform, batch: pa.RecordBatch) -> None:
        """As many rows, of the declared schema, in valid arrays."""
        changed = taught(batch)
        if not isinstance(changed, pa.RecordBatch):
            broken(f"it gave a {type(changed).__name__}, not a record batch")
        try:
            changed.validate(full=True)
        except pa.ArrowInvalid as error:
            broken(f"it gave arrays that are not valid: {error}")
        if len(changed) != len(batch):
            broken(f"it gave {len(changed)} rows for {len(batch)}: a transform neither drops nor adds rows")
        if not changed.schema.equals(taught.schema(batch.schema), check_metadata=True):
            broken(
                "it gave another schema than its method schema declares (names, types, nullability and metadata "
                f"count):\n  declared {taught.schema(batch.schema)}\n  found    {changed.schema}"
            )

    def test_a_row_is_changed_by_itself(self, taught: Transform, batch: pa.RecordBatch) -> None:
        """Neither a row's neighbours nor the slice it is in matter."""
        whole = taught(batch).to_pylist()
        for row in range(len(batch)):
            if taught(batch.slice(row, 1)).to_pylist() != whole[row : row + 1]:
                broken(
                    f"row {row} comes out otherwise alone than among others: what becomes of a row depends on "
                    "nothing but the row, and rows keep their order"
                )

    def test_no_rows_are_fine(self, taught: Transform, batch: pa.RecordBatch) -> None:
        """A batch may be empty, and a column nothing but nulls."""
        if len(taught(batch.slice(0, 0))):
            broken("it gave rows for a batch without any")
        nulls = [pa.nulls(2, field.type) for field in batch.schema]
        changed = taught(pa.RecordBatch.from_arrays(nulls, schema=batch.schema))
        if len(changed) != 2:
            broken("it gave another number of rows for a batch of nulls")

    def test_the_rows_given_stay_as_they_are(self, taught: Transform, batch: pa.RecordBatch) -> None:
        """Others may have the same memory."""
        before = batch.to_pylist()
        first = taught(batch)
        if batch.to_pylist() != before:
            broken("it changes the batch that it is given, which others get too")
        if not taught(batch).equals(first):
            broken("it gives another result the second time; what is random is drawn in the factory")

    def test_what_is_changed_is_told(self, taught: Transform, batch: pa.RecordBatch) -> None:
        """Each column although its cells come out otherwise, or do not come out, is in `changes`, with a few words."""
        changes = taught.changes(batch.schema)
        changed = taught(batch)
        others = {
            name
            for name in batch.schema.names
            if name not in changed.schema.names or not changed.column(name).equals(batch.column(name))
        }
        if missing := sorted(others - changes.keys()):
            broken(f"changes does not name {', '.join(missing)}, although its cells come out otherwise")
        if unknown := sorted(changes.keys() - {*batch.schema.names, *changed.schema.names}):
            broken(f"changes names {', '.join(unknown)}, and there is no such column")
        if not all(changes.values()):
            broken("changes gives an empty text for a column: say in a few words what is done to it")

    def test_a_copy_does_the_same(self, taught: Transform, batch: pa.RecordBatch) -> None:
        """It is picklable, and what was drawn at random goes with it."""
        copy = pickled(taught, "the transform")
        assert isinstance(copy, type(taught))
        if not copy(batch).equals(taught(batch)):
            broken("a copy in another process changes rows otherwise: what was drawn at random must be an attribute")

    def test_learning_does_not_depend_on_cuts(self, transform: Transform, batch: pa.RecordBatch) -> None:
        """What two parts tell, in whatever order, is what all rows tell."""
        if not transform.learned_columns(batch.schema):
            return
        expected = _taught(transform, [batch])(batch)
        half = len(batch) // 2
        parts = [batch.slice(0, half), batch.slice(half)]
        for order in (parts, parts[::-1]):
            if not _taught(transform, order)(batch).equals(expected):
                broken("learn and merge tell something else for parts of the rows than for all, or depend on order")

    def test_options_are_documented(self, transform: Transform) -> None:
        """Each has a type, a default and a help."""
        check_options(transform)


def _taught(transform: Transform, batches: list[pa.RecordBatch]) -> Transform:
    names = list(transform.learned_columns(batches[0].schema))
    if not names:
        return transform
    learned = [pickled(transform.learn(batch.select(names)), "what learn returns") for batch in batches]
    merged = learned[0]
    for other in learned[1:]:
        merged = transform.merge(merged, other)
    return transform.with_learned(merged)
