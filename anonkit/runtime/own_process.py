"""Arrow and its memory in processes that are anonkit's own: the command, and workers.

With the first array that it makes out of Python, pyarrow imports pandas if that is installed, to know its types when it
meets them: 0.3 s and 40 MB in each process, for nothing in most runs. So it is made to look when pandas is hidden; once
a plugin imports pandas, pyarrow is told. And the memory pool that pyarrow prefers gives memory back to the system, and
asks for it again, with every batch; that of the C library takes a third less at its peak. The C library of GNU does the
same with large blocks, unless it is told to keep them: then a run takes 7 % less CPU time, with the same peak.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

__all__ = ["postpone_pandas", "set_up_arrow"]

# mallopt(3): no block is a mapping of its own, none is given back, and the heap grows by so many bytes at a time.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4
_NEVER = 2**31 - 1
_GROWTH = 16 << 20


def set_up_arrow() -> None:
    """Set Arrow up for this process, which must be anonkit's own; what is set up already stays."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    _keep_freed_memory()
    postpone_pandas()


def _keep_freed_memory() -> None:
    """Have the C library keep for the next batch what the last one has freed, where it is that of GNU."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if set_option is not None:
        set_option(_MMAP_MAX, 0)
        set_option(_TRIM_THRESHOLD, _NEVER)
        set_option(_TOP_PAD, _GROWTH)


def postpone_pandas() -> None:
    """Keep pyarrow from importing pandas by itself in this process; nothing is done when that has happened."""
    if "pandas" in sys.modules or any(isinstance(finder, _PandasFinder) for finder in sys.meta_path):
        return
    finder = _PandasFinder()
    sys.meta_path.insert(0, finder)
    import pyarrow as pa

    # This is where it looks.
    pa.array([])
    finder.hides = False


class _PandasFinder(MetaPathFinder):
    """Finds pandas as always, and tells pyarrow; or hides it."""

    hides = True

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return nothing for other modules than pandas."""
        if fullname != "pandas":
            return None
        if self.hides:
            raise ModuleNotFoundError("hidden from pyarrow", name=fullname)
        sys.meta_path.remove(self)
        spec = find_spec(fullname)
        return spec if spec is None or spec.loader is None else _told(spec)


def _told(spec: ModuleSpec) -> ModuleSpec:
    """Return the spec of pandas with a loader that tells pyarrow when pandas is there."""
    loader = spec.loader
    assert loader is not None
    load = loader.exec_module

    def load_and_tell(module: ModuleType) -> None:
        load(module)
        import pyarrow as pa

        # It cannot do this without, so it looks again.
        pa.array([], pa.int64()).to_pandas()

    loader.exec_module = load_and_tell  # type: ignore[method-assign]
    return spec
