"""What the analysis has worked out for other states of one project, while several are looked at that differ in few tables.

Everything is kept under the very objects that it was made of: a table that a change leaves alone stays one object from state to
state, so that what hangs on it alone need not be worked out again. The objects are held, so that none takes another's place."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TypeVar, cast

from trueup.model.eloquent import Eloquent

Made = TypeVar("Made")


class Memory:
    """Of states with these models; others are worked out afresh."""

    def __init__(self, eloquent: Eloquent) -> None:
        self.eloquent = eloquent
        self._known: dict[tuple[object, ...], tuple[tuple[object, ...], object]] = {}

    def recall(
        self, what: str, parts: tuple[object, ...], values: tuple[object, ...], make: Callable[[], Made]
    ) -> Made:
        """What `make` makes of `parts`, which count by identity, and of `values`, which count by equality."""
        key = (what, *map(id, parts), *values)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (parts, make())
        return cast(Made, known[1])


_current: ContextVar[Memory | None] = ContextVar("memory of the index analysis", default=None)


@contextlib.contextmanager
def remembering(eloquent: Eloquent) -> Iterator[None]:
    """What is analysed inside of this shares what it has in common."""
    token = _current.set(Memory(eloquent))
    try:
        yield
    finally:
        _current.reset(token)


def memory_for(eloquent: Eloquent) -> Memory | None:
    """The memory of states with these models, where there is one."""
    memory = _current.get()
    return memory if memory is not None and memory.eloquent is eloquent else None
