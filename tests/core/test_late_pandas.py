"""Each in a process of its own: what is imported cannot be undone."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("pandas", reason="nothing to postpone where pandas is not installed")

START = "import sys; from anonkit.late_pandas import postpone_pandas; postpone_pandas(); import pyarrow as pa;"


def told_by(script: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


def test_pyarrow_alone_imports_pandas() -> None:
    assert told_by("import sys, pyarrow as pa; pa.array(['a']); print('pandas' in sys.modules)") == "True"


def test_it_is_not_imported() -> None:
    assert told_by(START + "pa.array(['a']); print('pandas' in sys.modules)") == "False"


def test_twice_is_once() -> None:
    assert told_by(START + "before = [*sys.meta_path]; postpone_pandas(); print(before == sys.meta_path)") == "True"


def test_once_it_is_imported_pyarrow_knows_its_types() -> None:
    script = START + (
        "import pandas as pd;"
        "frame = pd.DataFrame({'a': pd.Series(['x', float('nan')], dtype=object), 'b': pd.Categorical(['u', 'v'])});"
        "print(pa.array(frame['a']).to_pylist(), pa.types.is_dictionary(pa.array(frame['b']).type),"
        " pa.table(frame).to_pandas().equals(pa.Table.from_pandas(frame).to_pandas()))"
    )
    assert told_by(script) == "['x', None] True True"


def test_what_was_imported_before_stays() -> None:
    script = "import pandas;" + START + "print(pa.array(pandas.Series([1.0, float('nan')])).null_count)"
    assert told_by(script) == "1"


def test_the_module_is_found_where_it_always_was() -> None:
    script = START + "import pandas; print(pandas.__spec__.origin == pandas.__file__, len(pandas.Series([1])))"
    assert told_by(script) == "True 1"
