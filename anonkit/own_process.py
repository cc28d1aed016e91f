"""Arrow in processes that are anonkit's own: the command, and workers.

With the first array that it makes out of Python, pyarrow imports pandas if that is installed, to know its types when it
meets them: 0.3 s and 40 MB in each process, for nothing in most runs. So it is made to look when pandas is hidden; once
a plugin imports pandas, pyarrow is told. And the memory pool that pyarrow prefers gives memory back to the system, and
asks for it again, with every batch; that of the C library keeps it, and takes a third less at its peak.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

__all__ = ["postpone_pandas", "set_up_arrow"]


def set_up_arrow() -> None:
    """Set Arrow up for this process, which must be anonkit's own; what is set up already stays."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    postpone_pandas()


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
