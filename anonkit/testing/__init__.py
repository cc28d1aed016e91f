"""A test kit for plugin authors, used by anonkit's own plugins as well.

Derive a class from `ReporterContract`, `TokenizerContract`, `TransformContract`, `EncoderContract`, `ReaderContract`,
`ExecutorContract` or `PackageContract`, say in a fixture what is to be tested, and pytest runs what every plugin has to
keep:

    class TestWaiting(ReporterContract):
        @pytest.fixture
        def reporter(self) -> Waiting:
            return Waiting(WaitingOptions(top=3))

`run_plugins` runs plugin objects over a folder of parquet files and gives back what they wrote.
"""

from anonkit.testing.encoders import EncoderContract
from anonkit.testing.executors import ExecutorContract
from anonkit.testing.outputs import MemoryOutputs
from anonkit.testing.packages import PackageContract
from anonkit.testing.readers import ReaderContract
from anonkit.testing.reporters import ReporterContract
from anonkit.testing.runs import run_plugins
from anonkit.testing.tokenizers import TokenizerContract
from anonkit.testing.transforms import TransformContract

__all__ = [
    "EncoderContract",
    "ExecutorContract",
    "MemoryOutputs",
    "PackageContract",
    "ReaderContract",
    "ReporterContract",
    "TokenizerContract",
    "TransformContract",
    "run_plugins",
]
