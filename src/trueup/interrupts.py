"""Interruptions that wait until what must not be cut in half is done."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_NUMBERS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def held_back() -> Iterator[None]:
    """Ctrl-C, SIGTERM and SIGHUP that come meanwhile are delivered when the block has ended, the first of them alone. Only for
    short work; the main thread is the one that Python interrupts, so that elsewhere there is nothing to hold back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in _NUMBERS}
    own = {number: handler for number, handler in before.items() if handler not in (None, signal.SIG_IGN)}
    for number in own:
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in own.items():
            signal.signal(number, handler)
        if came:
            os.kill(os.getpid(), came[0])
