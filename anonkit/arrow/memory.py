"""Which memory pool Arrow uses in a process that belongs to anonkit: the command, or a worker."""

from __future__ import annotations

__all__ = ["use_system_memory"]


def use_system_memory() -> None:
    """Have Arrow allocate with the C library's allocator in this process, instead of the pool that pyarrow prefers."""
    # Imported here, since `anonkit.api` must not import pyarrow.
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
