"""Which function evaluates which kind of expression, and which carries out which kind of statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from trueup.sources.php.run.frame import Frame
from trueup.sources.php.run.signals import Flow
from trueup.sources.php.tree import Node
from trueup.sources.php.values import Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner

N = TypeVar("N", bound=Node)
Evaluator = Callable[["Runner", Frame, Node], Value]
Executor = Callable[["Runner", Frame, Node], "Flow | None"]

EVAL: dict[type[Node], Evaluator] = {}
EXEC: dict[type[Node], Executor] = {}


def evaluates(
    kind: type[N],
) -> Callable[[Callable[[Runner, Frame, N], Value]], Callable[[Runner, Frame, N], Value]]:
    """Registers the function that evaluates a kind of expression; two for one kind are an error at import."""

    def register(function: Callable[[Runner, Frame, N], Value]) -> Callable[[Runner, Frame, N], Value]:
        if kind in EVAL:
            raise ValueError(f"two functions evaluate {kind.__name__}")
        EVAL[kind] = cast(Evaluator, function)
        return function

    return register


def executes(
    kind: type[N],
) -> Callable[[Callable[[Runner, Frame, N], Flow | None]], Callable[[Runner, Frame, N], Flow | None]]:
    """As `evaluates`, for a kind of statement."""

    def register(
        function: Callable[[Runner, Frame, N], Flow | None],
    ) -> Callable[[Runner, Frame, N], Flow | None]:
        if kind in EXEC:
            raise ValueError(f"two functions carry out {kind.__name__}")
        EXEC[kind] = cast(Executor, function)
        return function

    return register


def evaluate(run: Runner, frame: Frame, node: Node) -> Value:
    return EVAL[type(node)](run, frame, node)
