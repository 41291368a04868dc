"""Carries out PHP: the evaluator's public face."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.model.locations import Gap
from trueup.sources.php.host import Host
from trueup.sources.php.parse import PhpFile
from trueup.sources.php.throwables import PhpThrow
from trueup.sources.php.values import Args, Value


@dataclass(frozen=True, slots=True)
class Budget:
    """What one run may use. Exceeding any ends the run with a gap of kind "limit" on the line. Lengths in characters."""

    statements: int = 2_000_000
    calls: int = 200
    iterations: int = 1_000_000
    string: int = 16_000_000
    array: int = 1_000_000
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: with a value, with an uncaught exception, or (`limit`) by running out of its budget. `gaps` are all that
    were recorded during the run, in order, `limit` included. What was done before the end stays done."""

    value: Value = None
    thrown: PhpThrow | None = None
    limit: Gap | None = None
    gaps: tuple[Gap, ...] = ()
    stopped: bool = False
    """By `exit`."""


class Interpreter:
    """One PHP process: classes, static properties and constants live as long as it. It is the `Context` that hosts get.
    A budget counts per run (`run`, `run_method`, `run_static`)."""

    def __init__(self, host: Host, budget: Budget | None = None) -> None:
        raise NotImplementedError

    def run(self, file: PhpFile) -> Outcome:
        """A file's statements; the value is that of its `return` (a migration's anonymous class, a config file's array)."""
        raise NotImplementedError

    def run_new(self, cls: str, args: Args | None = None) -> Outcome:
        """`new Cls(...)`."""
        raise NotImplementedError

    def run_method(self, target: Value, method: str, args: Args | None = None) -> Outcome:
        """`$target->method(...)`."""
        raise NotImplementedError

    def run_static(self, cls: str, method: str, args: Args | None = None) -> Outcome:
        raise NotImplementedError
