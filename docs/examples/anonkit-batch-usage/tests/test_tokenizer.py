import pytest
from anonkit_batch_usage import BatchOptions
from anonkit_batch_usage.tokenizer import BatchTokenizer

from anonkit.testing import TokenizerContract


class TestBatch(TokenizerContract):
    cells = ("annas-thesis-plots", "  reco run 7", "annas-thesis-plots", None, " ")

    @pytest.fixture
    def tokenizer(self) -> BatchTokenizer:
        return BatchTokenizer(BatchOptions())
