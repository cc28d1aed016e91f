"""Transforms, each with one thing wrong."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from anonkit.api import Transform
from anonkit.testing import TransformContract

SCHEMA = pa.schema([pa.field("n", pa.int64(), metadata={"unit": "s"}), ("User", pa.string())])


class Tens(Transform):
    """Rounds `n` down to tens: nothing is wrong."""

    words: ClassVar[str] = ""

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        return {"n": "rounded down to tens"}

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.set_column(0, batch.schema.field(0), self.rounded(batch.column(0)))

    def rounded(self, numbers: pa.Array) -> pa.Array:
        return pc.multiply(pc.divide(numbers, 10), 10)


class DropsNullRows(Tens):
    words = "it gave 3 rows for 4"

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return super().__call__(batch.filter(pc.is_valid(batch.column(0))))


class Sorts(Tens):
    words = "comes out otherwise alone than among others"

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return super().__call__(batch.sort_by("n"))


class ShiftsRows(Tens):
    words = "comes out otherwise alone than among others"

    def rounded(self, numbers: pa.Array) -> pa.Array:
        return pa.concat_arrays([numbers.slice(1), numbers.slice(0, 1)])


class SubtractsTheFirst(Tens):
    words = "comes out otherwise alone than among others"

    def rounded(self, numbers: pa.Array) -> pa.Array:
        return pc.subtract(numbers, numbers[0]) if len(numbers) else numbers


class LosesMetadata(Tens):
    words = "it gave another schema than its method schema declares"

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.set_column(0, "n", self.rounded(batch.column(0)))


class ChangesTheType(Tens):
    words = "it gave another schema than its method schema declares"

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.set_column(0, "n", self.rounded(batch.column(0)).cast(pa.float64()))


class TellsNothing(Tens):
    words = "changes does not name n"

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        return {}


class TellsOfNoColumn(Tens):
    words = "changes names Cmd, and there is no such column"

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        return {"n": "rounded", "Cmd": "rounded"}


class DrawsEachTime(Tens):
    words = "it gives another result the second time"
    numbers: ClassVar[Iterable[int]] = itertools.count()

    def rounded(self, numbers: pa.Array) -> pa.Array:
        return pc.add(numbers, next(iter(self.numbers)) if len(numbers) > 3 else 0)


class DrawsInTheProcess(Tens):
    words = "a copy in another process changes rows otherwise"

    def __init__(self) -> None:
        self.offset = 5

    def __setstate__(self, state: Any) -> None:
        self.offset = 6

    def rounded(self, numbers: pa.Array) -> pa.Array:
        return pc.add(numbers, self.offset)


class CannotBeSent(Tens):
    words = "the transform cannot be sent to another process"

    def __init__(self) -> None:
        self.step: Callable[[], int] = lambda: 10


class Learns(Tens):
    """Takes away the least number: nothing is wrong."""

    least = 0

    def learned_columns(self, schema: pa.Schema) -> Sequence[str]:
        return ["n"]

    def learn(self, batch: pa.RecordBatch) -> Any:
        return pc.min(batch.column("n")).as_py()

    def merge(self, left: Any, right: Any) -> Any:
        return min(left, right)

    def with_learned(self, learned: Any) -> Transform:
        taught = type(self)()
        taught.least = learned
        return taught

    def rounded(self, numbers: pa.Array) -> pa.Array:
        return pc.subtract(numbers, self.least)


class LearnsTheFirstPart(Learns):
    words = "learn and merge tell something else for parts of the rows than for all"

    def merge(self, left: Any, right: Any) -> Any:
        return left


TRANSFORMS = [
    Tens, DropsNullRows, Sorts, ShiftsRows, SubtractsTheFirst, LosesMetadata, ChangesTheType, TellsNothing,
    TellsOfNoColumn, DrawsEachTime, DrawsInTheProcess, CannotBeSent, Learns, LearnsTheFirstPart,
]  # fmt: skip


class TestTransforms(TransformContract):
    @pytest.fixture(params=TRANSFORMS, ids=lambda plugin: plugin.__name__)
    def transform(self, request: pytest.FixtureRequest) -> Transform:
        made: Transform = request.param()
        return made

    @pytest.fixture
    def batch(self) -> pa.RecordBatch:
        rows = [{"n": 17, "User": "UR_1"}, {"n": 4, "User": "UR_2"}, {"n": None, "User": None}, {"n": 31, "User": "x"}]
        return pa.RecordBatch.from_pylist(rows, SCHEMA)
