import pyarrow as pa
import pytest
from anonkit_batch_groups import BatchGroupsTransformOptions
from anonkit_batch_groups.transform import BatchGroupsTransform

from anonkit.testing import TransformContract


class TestTransform(TransformContract):
    @pytest.fixture
    def transform(self) -> BatchGroupsTransform:
        return BatchGroupsTransform(BatchGroupsTransformOptions())

    @pytest.fixture
    def batch(self) -> pa.RecordBatch:
        return pa.record_batch({"User": ["UR_1", None, "UR_2"], "RequestMemory": [2000, None, 511]})


def test_numbers_are_rounded_down() -> None:
    batch = pa.record_batch({"RequestMemory": [2000, None, 511]})
    made = BatchGroupsTransform(BatchGroupsTransformOptions(step=500))
    assert made(batch).column(0).to_pylist() == [2000, None, 500]
