"""Carries out PHP: the evaluator's public face."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from trueup.model.locations import Gap
from trueup.sources.php.host import Host
from trueup.sources.php.parse import PhpFile
from trueup.sources.php.run import expressions, operators, statements  # noqa: F401  # they fill the tables of what can be evaluated
from trueup.sources.php.run.budget import Budget
from trueup.sources.php.run.runner import Runner
from trueup.sources.php.run.signals import Exited, LimitExceeded
from trueup.sources.php.throwables import PhpThrow
from trueup.sources.php.values import Args, Value
from trueup.structs import Struct

_FRAMES = 30_000
"""Python frames that a run may have on the stack. Python code takes no C stack for them."""


class Outcome(Struct, frozen=True):
    """How a run ended: with a value, with an uncaught exception, by `exit` (`stopped`), or by running out of its budget (`limit`).
    `gaps` are all that were recorded during the run, in order, `limit` included. What was done before the end stays done."""

    value: Value = None
    thrown: PhpThrow | None = None
    limit: Gap | None = None
    gaps: tuple[Gap, ...] = ()
    stopped: bool = False


class Interpreter(Runner):
    """One PHP process: classes, static properties and constants live as long as it does. It is the `Context` that hosts get. A
    budget counts per run. None of the `run` methods raises for anything that PHP code does."""

    def __init__(self, host: Host, budget: Budget | None = None) -> None:
        super().__init__(host, budget or Budget())

    def run(self, file: PhpFile) -> Outcome:
        """A file's statements; the value is that of its `return` (a migration's anonymous class, a config file's array)."""
        return self.guarded(lambda: self.include(file))

    def run_new(self, cls: str, args: Args | None = None) -> Outcome:
        """`new Cls(...)`."""
        return self.guarded(lambda: self.instantiate(cls, args or ()))

    def run_method(self, target: Value, method: str, args: Args | None = None) -> Outcome:
        """`$target->method(...)`."""
        return self.guarded(lambda: self.call_method(target, method, args or ()))

    def run_static(self, cls: str, method: str, args: Args | None = None) -> Outcome:
        """`Cls::method(...)`."""
        return self.guarded(lambda: self.call_static(cls, method, args or ()))

    def run_closure(self, function: Value, args: Args | None = None) -> Outcome:
        """`$function(...)`."""
        return self.guarded(lambda: self.invoke(function, args or ()))

    def guarded(self, work: Callable[[], Value]) -> Outcome:
        """Anything that evaluates PHP, with a budget of its own; within another run (a host that reads a configuration file when
        it is asked for a setting) it uses that one's."""
        frame, depth, recorded = self.frame, self.depth, self.recorded
        silence, trials, journal = self.silence, self.trials, self.journal
        self.recorded = []
        if frame is None:
            self.start()
        try:
            return self._ended(work)
        finally:
            self.frame, self.depth, self.recorded = frame, depth, recorded
            self.silence, self.trials, self.journal = silence, trials, journal

    def _ended(self, work: Callable[[], Value]) -> Outcome:
        try:
            with _deep():
                return Outcome(work(), gaps=tuple(self.recorded))
        except PhpThrow as thrown:
            return Outcome(thrown=thrown, gaps=tuple(self.recorded))
        except LimitExceeded as limit:
            return Outcome(limit=limit.gap, gaps=(*self.recorded, limit.gap))
        except Exited:
            return Outcome(stopped=True, gaps=tuple(self.recorded))
        except (RecursionError, MemoryError):
            gap = Gap(self.at, "evaluation stopped here: nested too deeply", "limit")
            return Outcome(limit=gap, gaps=(*self.recorded, gap))


@contextmanager
def _deep() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


__all__ = ["Budget", "Interpreter", "Outcome"]
