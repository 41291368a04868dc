"""Writes that happen again when a job or a `retry()` is tried again, and amounts cut to whole units."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.enforcement import MoneyCast, RetriedWrite
from trueup.model.locations import Location
from trueup.sources.laravel.classes import Classes
from trueup.sources.laravel.enforcement.hazards import table_of
from trueup.sources.laravel.enforcement.trace import Step, Trace, name_of, path_of
from trueup.sources.php import tree as php
from trueup.sources.php.tree import ClassDecl
from trueup.sources.php.tree.node import Shown

_QUEUED = "illuminate\\contracts\\queue\\shouldqueue"
_COUNTS = frozenset({"increment", "decrement", "incrementeach", "decrementeach"})
_OUTSIDE = frozenset({
    "charge", "post", "put", "patch", "send", "sendnow", "request", "capture", "refund", "payout", "transfer", "notify",
})  # fmt: skip
_WHOLE = (100, 1000, 10000, 1000000)
_MONEY_WORDS = (
    "amount",
    "price",
    "total",
    "cost",
    "fee",
    "balance",
    "value",
    "sum",
    "paid",
    "tax",
    "discount",
    "rate",
    "subtotal",
)


def tries_at(classes: Classes, decl: ClassDecl) -> Location | None:
    """Where a queued class says that it is tried more than once; None where it does not."""
    if not any(a.lower() == _QUEUED for a in classes.ancestors(decl.name)):
        return None
    for owner in classes.lineage(decl.name):
        member = owner.properties.get("tries")
        if member is not None:
            value = member.default.value if isinstance(member.default, php.Literal) else None
            return Location(owner.file, member.line) if isinstance(value, int) and value != 1 else None
    for name in ("tries", "retryUntil"):
        found = classes.method(decl.name, name)
        if found is not None:
            return Location(found[0].file, found[1].line)
    return None


def retried_writes(trace: Trace, tries: Location | None) -> Iterator[RetriedWrite]:
    """Counts that were raised and committed before something that can fail, in what is tried again as a whole."""
    for step in trace.steps:
        retry_at = step.retry or tries
        if retry_at is None or step.transaction or step.loops or not _counts(step):
            continue
        later = next(
            (s for s in trace.steps[step.index + 1 :] if _can_fail(s) and s.retry == step.retry), None
        )
        if later is not None:
            yield RetriedWrite(
                step.at,
                table_of(step),
                f"{name_of(step.node)}()" if isinstance(step.node, php.MethodCall | php.StaticCall) else "",
                "retry()" if step.retry else "job",
                retry_at,
                later.at,
                f"{_name(later)}()",
                trace.names[step.owner],
            )


def _name(step: Step) -> str:
    node = step.node
    if isinstance(node, php.MethodCall | php.StaticCall) and isinstance(node.name, str):
        return node.name
    return name_of(node) if isinstance(node, php.Call) else ""


def _counts(step: Step) -> bool:
    node = step.node
    return (
        isinstance(node, php.MethodCall | php.StaticCall)
        and name_of(node) in _COUNTS
        and table_of(step) != ""
    )


def _can_fail(step: Step) -> bool:
    """A further write, or a call of something outside."""
    node = step.node
    if any(s.kind in ("insert", "update", "delete", "upsert") for s in step.sites):
        return True
    return isinstance(node, php.MethodCall | php.StaticCall) and name_of(node) in _OUTSIDE


# Casts


def money_casts(trace: Trace) -> Iterator[MoneyCast]:
    """`(int) ($amount * 100)`, `intval($price * 100)`: 19.99 * 100 is 1998.9999999999998, and the cast cuts it to 1998."""
    for step in trace.steps:
        node = step.node
        operand: Shown | None = None
        if isinstance(node, php.Cast) and node.type == "int":
            operand = node.operand
        elif isinstance(node, php.Call) and name_of(node) == "intval" and node.args:
            operand = node.args[0].value
        factor = _scaled(operand)
        if factor and isinstance(operand, php.Binary):
            amount = operand.left if not isinstance(operand.left, php.Literal) else operand.right
            named = _named(amount)
            if named:
                shown = (
                    f"(int) (${named} * {factor})"
                    if isinstance(node, php.Cast)
                    else f"intval(${named} * {factor})"
                )
                yield MoneyCast(step.at, shown, trace.names[step.owner], str(factor))


def _scaled(node: Shown | None) -> int:
    """The power of ten by which a value is multiplied, 0 for anything else."""
    if not isinstance(node, php.Binary) or node.op != "*":
        return 0
    for side in (node.left, node.right):
        if isinstance(side, php.Literal) and isinstance(side.value, int) and side.value in _WHOLE:
            return side.value
    return 0


def _named(node: Shown) -> str:
    """The path of a value whose last name says that it is an amount of money."""
    while isinstance(node, php.Cast):
        node = node.operand
    path = path_of(node)
    last = path.rsplit("->", 1)[-1].lower()
    return path if any(word in last for word in _MONEY_WORDS) and "rate" not in last else ""
