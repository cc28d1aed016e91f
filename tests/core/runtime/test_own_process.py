"""Each in a process of its own: what is imported cannot be undone."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib.util import find_spec

import pytest

START = "import sys; from anonkit.runtime.own_process import postpone_pandas; postpone_pandas(); import pyarrow as pa;"


def told_by(script: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


needs_pandas = pytest.mark.skipif(
    find_spec("pandas") is None, reason="nothing to postpone where pandas is not installed"
)


def test_arrow_takes_the_memory_of_the_c_library() -> None:
    script = "from anonkit.runtime.own_process import set_up_arrow; import pyarrow as pa; set_up_arrow(); "
    assert told_by(script + "print(pa.default_memory_pool().backend_name)") == "system"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not that of GNU")
def test_freed_memory_is_kept_for_the_next_batch() -> None:
    script = (
        "import ctypes, resource; from anonkit.runtime.own_process import set_up_arrow\n"
        "library = ctypes.CDLL(None); library.malloc.restype = ctypes.c_void_p\n"
        "def fill():\n"
        "    block = library.malloc(40 << 20)\n"
        "    ctypes.memset(block, 1, 40 << 20)\n"
        "    library.free(ctypes.c_void_p(block))\n"
        "def faults(): return resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "{}\n"
        "fill(); before = faults(); [fill() for _ in range(5)]; print(faults() - before < 5000)"
    )
    assert told_by(script.format("set_up_arrow()")) == "True"
    assert told_by(script.format("")) == "False"


@needs_pandas
def test_pyarrow_alone_imports_pandas() -> None:
    assert told_by("import sys, pyarrow as pa; pa.array(['a']); print('pandas' in sys.modules)") == "True"


@needs_pandas
def test_it_is_not_imported() -> None:
    assert told_by(START + "pa.array(['a']); print('pandas' in sys.modules)") == "False"


@needs_pandas
def test_twice_is_once() -> None:
    assert told_by(START + "before = [*sys.meta_path]; postpone_pandas(); print(before == sys.meta_path)") == "True"


@needs_pandas
def test_once_it_is_imported_pyarrow_knows_its_types() -> None:
    script = START + (
        "import pandas as pd;"
        "frame = pd.DataFrame({'a': pd.Series(['x', float('nan')], dtype=object), 'b': pd.Categorical(['u', 'v'])});"
        "print(pa.array(frame['a']).to_pylist(), pa.types.is_dictionary(pa.array(frame['b']).type),"
        " pa.table(frame).to_pandas().equals(pa.Table.from_pandas(frame).to_pandas()))"
    )
    assert told_by(script) == "['x', None] True True"


@needs_pandas
def test_what_was_imported_before_stays() -> None:
    script = "import pandas;" + START + "print(pa.array(pandas.Series([1.0, float('nan')])).null_count)"
    assert told_by(script) == "1"


@needs_pandas
def test_the_module_is_found_where_it_always_was() -> None:
    script = START + "import pandas; print(pandas.__spec__.origin == pandas.__file__, len(pandas.Series([1])))"
    assert told_by(script) == "True 1"
