import pytest
from anonkit_web_logs import VisitorOptions
from anonkit_web_logs.tokenizer import VisitorTokenizer

from anonkit.testing import TokenizerContract


class TestVisitor(TokenizerContract):
    cells = ("192.0.2.7", "client.example.org", None, "Annak")

    @pytest.fixture
    def tokenizer(self) -> VisitorTokenizer:
        return VisitorTokenizer(VisitorOptions())
