"""Work shared with forked processes, where that helps and is safe; elsewhere the same work is done here.

A forked process shares what was read so far without copying it and hands its results back as a pickle. Nothing depends on it:
what a process could not deliver, because it died or its result can't be sent, is done here again, so that results and errors are
those of one process."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_INDEX = 2
"""Bytes of an index in the queue; a pipe holds 64 KiB (pipe(7)), and so 32,768 of them."""
_MOST_ITEMS = 30_000


def cores() -> int:
    """Processes that can work at once here; 1 where a fork is not safe: other threads, or a system other than Linux."""
    if sys.platform != "linux" or threading.active_count() > 1 or os.environ.get("TRUEUP_PROCESSES") == "1":
        return 1
    return len(os.sched_getaffinity(0))


class Ahead(Generic[Result]):
    """Work that another process does in the meantime. `result()` waits for it, or does it here where that process failed."""

    def __init__(self, work: Callable[[], Result], *, fork: bool) -> None:
        self._work = work
        self._child = _Child(work) if fork else None

    def result(self) -> Result:
        if self._child is not None:
            delivered = self._child.delivered()
            if delivered is not None:
                return delivered[0]
        return self._work()

    def abandon(self) -> None:
        """Ends the other process; its result is no longer wanted."""
        if self._child is not None:
            self._child.end()


def share_out(items: Sequence[Item], work: Callable[[Item], Result], processes: int) -> list[Result]:
    """`[work(item) for item in items]`, by so many processes; each takes the next item when it is done with one. `work` must not
    depend on what was done before."""
    if processes < 2 or len(items) < 2 or len(items) > _MOST_ITEMS:
        return [work(item) for item in items]
    queue = _queue(len(items))

    def take_turns() -> list[tuple[int, Result]]:
        done = []
        while (index := _next(queue)) is not None:
            done.append((index, work(items[index])))
        return done

    children = [_Child(take_turns) for _ in range(processes - 1)]
    try:
        results = dict(take_turns())
        for child in children:
            delivered = child.delivered()
            results.update(delivered[0] if delivered is not None else ())
    finally:
        os.close(queue)
        for child in children:
            child.end()
    return [results[i] if i in results else work(item) for i, item in enumerate(items)]


def _queue(length: int) -> int:
    """The reading end of a pipe that holds all indexes; reads of so few bytes are whole (pipe(7))."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(i.to_bytes(_INDEX, "big") for i in range(length)))
    os.close(writing)
    return reading


def _next(queue: int) -> int | None:
    taken = os.read(queue, _INDEX)
    return int.from_bytes(taken, "big") if taken else None


class _Child(Generic[Result]):
    """A forked process that does one piece of work."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._reading, writing = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._reading)
            _work_and_leave(work, writing)
        os.close(writing)

    def delivered(self) -> tuple[Result] | None:
        """What it sent, once; None where it failed."""
        with open(self._reading, "rb") as pipe:
            sent = pipe.read()
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        if status != 0:
            return None
        return (pickle.loads(sent),)  # from our own child, over a pipe that nobody else has

    def end(self) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            os.close(self._reading)
            self._pid = 0


def _work_and_leave(work: Callable[[], object], writing: int) -> None:
    """Ends the process: with 0 when the result was sent whole, with 1 otherwise; the other process finds out why."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        sent = pickle.dumps(work(), protocol=pickle.HIGHEST_PROTOCOL)
        with open(writing, "wb") as pipe:
            pipe.write(sent)
        code = 0
    except Exception:
        pass  # whatever it is, it happens again where it can be told
    finally:
        os._exit(code)
