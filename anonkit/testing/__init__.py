"""A test kit for plugin authors, used by anonkit's own plugins as well.

Derive a class from `ReporterContract`, `TokenizerContract`, `TransformContract`, `EncoderContract` or `ReaderContract`,
say in a fixture what is to be tested, and pytest runs what every plugin has to keep:

    class TestWaiting(ReporterContract):
        @pytest.fixture
        def reporter(self) -> Waiting:
            return Waiting(WaitingOptions(top=3))

`run_plugins` runs plugin objects over a folder of parquet files and gives back what they wrote.
"""

from anonkit.testing.contracts import EncoderContract, ReporterContract, TokenizerContract, TransformContract
from anonkit.testing.readers import ReaderContract
from anonkit.testing.runs import run_plugins

__all__ = [
    "EncoderContract",
    "ReaderContract",
    "ReporterContract",
    "TokenizerContract",
    "TransformContract",
    "run_plugins",
]
