from __future__ import annotations

import signal
import threading

import pytest

from anonkit.runtime.signals import interrupts_deferred


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_comes_when_the_block_is_over(sent: signal.Signals) -> None:
    done: list[str] = []
    before = signal.signal(sent, lambda number, frame: done.append("interrupted"))
    try:
        with interrupts_deferred():
            signal.raise_signal(sent)
            signal.raise_signal(sent)
            done.append("in the block")
    finally:
        signal.signal(sent, before)
    assert done == ["in the block", "interrupted"]


def test_in_another_thread_there_is_nothing_to_do() -> None:
    handlers: list[object] = []

    def work() -> None:
        with interrupts_deferred():
            handlers.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert handlers == [signal.getsignal(signal.SIGINT)]
