"""How often Python looks for garbage in circles: seldom, while a run builds tables of identities.

These tables are millions of objects without circles. To look through them again after each seven hundred new ones, as
Python does, takes a fifth of a run over twenty thousand users, and a quarter of one over as many certificates.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collect_seldom", "seldom_collected"]

_THRESHOLDS = (50_000, 20, 20)


def collect_seldom() -> None:
    """Look for garbage seldom from now on, in this process."""
    gc.set_threshold(*_THRESHOLDS)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage seldom in a block of code, and as often as before after it."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
