"""The machine that the figures come from, without its name or any path."""

from __future__ import annotations

import os
import platform
import re
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["machine", "memory"]

LIBRARIES = (
    "anonkit",
    "pyarrow",
    "numpy",
    "ahocorasick-rs",
    "orjson",
    "pandas",
    "polars",
    "dask",
    "distributed",
)


def machine() -> tuple[tuple[str, str], ...]:
    """Return what is worth knowing of this machine and what is installed, as label and text."""
    load = os.getloadavg()[0]
    return (
        ("processor", _processor()),
        ("cores", str(_cores())),
        ("memory", f"{memory() / 2**30:.0f} GiB"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("libraries", ", ".join(_libraries())),
        ("measured", f"{time.strftime('%Y-%m-%d', time.gmtime())}, load average before: {load:.1f}"),
    )


def memory() -> int:
    """Return the bytes of memory that there are."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", info.read_text(), re.MULTILINE) if info.exists() else None
    return found[1].strip() if found else platform.processor() or "unknown"


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _libraries() -> list[str]:
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found
