"""The memory pool of Arrow in a process of anonkit: the command, or a worker."""

from __future__ import annotations

__all__ = ["use_system_memory"]


def use_system_memory() -> None:
    """Have Arrow allocate with the C library's allocator in this process, instead of the pool that pyarrow prefers."""
    # Measured on 2,000,000 demo rows with two workers, twice in turn with mimalloc, which pyarrow prefers: a worker
    # peaks at 248 to 277 MB instead of 263 to 293, all processes together at 540 to 557 MB instead of 554 to 577.
    # pyarrow is imported here, since `anonkit.api` must not import it.
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
