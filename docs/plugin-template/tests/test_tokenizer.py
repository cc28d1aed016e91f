import pytest
from anonkit_batch_groups import BatchGroupsTokenizerOptions
from anonkit_batch_groups.tokenizer import BatchGroupsTokenizer

from anonkit.testing import TokenizerContract


class TestTokenizer(TokenizerContract):
    cells = ("group_tarnis.annak", "Group_Tarnis", "group_skim.bo", None)

    @pytest.fixture
    def tokenizer(self) -> BatchGroupsTokenizer:
        return BatchGroupsTokenizer(BatchGroupsTokenizerOptions())
