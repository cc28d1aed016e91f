import pytest
from anonkit_batch_groups import BatchGroupsEncoderOptions
from anonkit_batch_groups.encoder import BatchGroupsEncoder

from anonkit.testing import EncoderContract


class TestEncoder(EncoderContract):
    output = "report.txt"

    @pytest.fixture
    def encoder(self) -> BatchGroupsEncoder:
        return BatchGroupsEncoder(BatchGroupsEncoderOptions())
