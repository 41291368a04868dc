"""Generators, run to their end when first asked for a value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from trueup.sources.php.run.frame import Frame
from trueup.sources.php.tree import FunctionDecl, Yield
from trueup.sources.php.values import MISSING, Args, HostObject, Missing, Unknown, Value
from trueup.sources.php.walk import contains

if TYPE_CHECKING:
    from trueup.sources.php.host import Context
    from trueup.sources.php.run.runner import Runner

_KNOWN: dict[int, tuple[FunctionDecl, bool]] = {}


def is_generator(function: FunctionDecl) -> bool:
    known = _KNOWN.get(id(function))
    if known is None or known[0] is not function:
        known = _KNOWN[id(function)] = (function, contains(function.body, Yield))
    return known[1]


class Generator(HostObject):
    """What calling a function with `yield` gives. `send()` and the rest of a two-way talk are not known."""

    __slots__ = ("frame", "position", "produced", "result")

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.produced: list[tuple[Value, Value]] | None = None
        self.result: Value = None
        self.position = 0

    @property
    def php_class(self) -> str:
        return "Generator"

    def ancestors(self) -> tuple[str, ...]:
        return ("Iterator", "Traversable")

    def pairs(self, run: Runner) -> list[tuple[Value, Value]]:
        """Everything that it yields."""
        if self.produced is None:
            self.produced = self.frame.yields = []
            outer, run.frame = run.frame, self.frame
            run.depth += 1
            try:
                if run.depth > run.budget.calls:
                    run.exceeded(f"more than {run.budget.calls} calls inside one another")
                self.result = run_body(run, self.frame)
            finally:
                run.frame = outer
                run.depth -= 1
        return self.produced

    def iterate(self, ctx: Context) -> Iterable[tuple[Value, Value]] | None:
        return self.pairs(cast("Runner", ctx))

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:  # a hook
        pairs = self.pairs(cast("Runner", ctx))
        here = pairs[self.position] if self.position < len(pairs) else None
        match method.lower():
            case "current":
                return here[1] if here else None
            case "key":
                return here[0] if here else None
            case "valid":
                return here is not None
            case "next":
                self.position += 1
                return None
            case "rewind":
                return None
            case "getreturn":
                return self.result
            case "send" | "throw":
                return Unknown(f"what Generator::{method}() gives", ctx.at)
            case _:
                return MISSING


def run_body(run: Runner, frame: Frame) -> Value:
    from trueup.sources.php.run.statements import (
        execute,  # statements call functions and functions may be generators
    )

    flow = execute(run, frame, frame.body)
    return flow.value if flow is not None else None
