"""Python looks for garbage seldom while a run works, and as before after it."""

from __future__ import annotations

import gc

from anonkit.runtime.garbage import seldom_collected


def test_garbage_is_looked_for_as_often_as_before_after_the_block() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold() > before
    assert gc.get_threshold() == before
