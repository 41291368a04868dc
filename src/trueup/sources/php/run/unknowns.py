"""Calls of code that nobody here knows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from trueup.sources.php.values import Args, Closure, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


class UnknownCall(Unknown):
    """The result of code that is not known. Where a statement does nothing else than to call it, that is a gap: it may have
    changed something."""

    __slots__ = ()


def call_on_unknown(run: Runner, receiver: Unknown, name: str, args: Args) -> Value:
    """A method call on something unknown: unknown again. A gap where it is given a name and what is to be done with something:
    nothing tells what is made under that name."""
    mind_closures(run, args, f"{name}() of {receiver.reason}")
    match args.positional:
        case [str() as named, Closure() as closure] if closure.function.params:
            run.gap(f"what {name}('{named}') of {receiver.reason} does is not known", "unknown-call")
    return receiver


def mind_closures(run: Runner, args: Args, receiver: str) -> None:
    """A closure that is handed to unknown code may be run or not: a gap, if running it would have an effect."""
    closures = [a for a in (*args.positional, *args.named.values()) if isinstance(a, Closure)]
    for closure in closures if run.trials < run.budget.trials else ():
        inputs = [run.unknown(f"what {receiver} passes") for p in closure.function.params if not p.variadic]
        if run.would_change(partial(run.invoke, closure, inputs)):
            run.gap(f"whether {receiver} runs this closure is not known", "unknown-call")
