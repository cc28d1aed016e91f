"""Arrow's memory pool, set in a process of its own."""

from __future__ import annotations

import subprocess
import sys


def test_arrow_uses_the_allocator_of_the_c_library() -> None:
    script = (
        "import pyarrow as pa; from anonkit.arrow.memory import use_system_memory; use_system_memory(); "
        "print(pa.default_memory_pool().backend_name)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout == "system\n"
