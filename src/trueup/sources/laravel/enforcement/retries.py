"""Writes that happen again when a job or a `retry()` is tried again, and amounts cut to whole units."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.enforcement import MoneyCast, RetriedWrite
from trueup.model.locations import Location
from trueup.sources.laravel.classes import Classes
from trueup.sources.laravel.enforcement.subjects import table_of, text_of
from trueup.sources.laravel.enforcement.trace import Step, Trace, name_of, path_of
from trueup.sources.php import tree as php
from trueup.sources.php.tree import ClassDecl
from trueup.sources.php.tree.node import Shown

_QUEUED = "illuminate\\contracts\\queue\\shouldqueue"
_COUNTS = frozenset({"increment", "decrement", "incrementeach", "decrementeach"})
_OUTSIDE = frozenset({
    "charge", "post", "put", "patch", "send", "sendnow", "request", "capture", "refund", "payout", "transfer", "notify",
})  # fmt: skip
_PAYS = frozenset({"charge", "capture", "refund", "payout"})
_POSTS = frozenset({"post", "put", "patch"})
_PAYERS = re.compile(
    r"client|gateway|stripe|paypal|braintree|adyen|mollie|provider|processor|payments?$", re.I
)
_CLIENTS = re.compile(r"http|guzzle|client$|gateway$|api$", re.I)
_REPEATABLE = re.compile(r"idempoten", re.I)
_WRITES = ("insert", "update", "delete", "upsert")
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


def repeated_calls(trace: Trace, tries: Location | None) -> Iterator[RetriedWrite]:
    """Calls of another service that are made again: no transaction undoes them. In a transaction that is tried again after a
    deadlock, in `retry()`, and, where they move money, in a job that is tried again."""
    for step in trace.steps:
        if not _is_outside(step, step.node) or _REPEATABLE.search(text_of(step.node)):
            continue
        how, retry_at, later = _tried_again(trace, step, tries)
        if retry_at is not None and later is not None:
            shown, owner = f"{_name(step)}()", trace.names[step.owner]
            yield RetriedWrite(step.at, "", shown, how, retry_at, later.at, f"{_name(later)}()", owner)


def _tried_again(
    trace: Trace, step: Step, tries: Location | None
) -> tuple[str, Location | None, Step | None]:
    """How, where that is said, and the step whose failure brings it about."""
    after = trace.steps[step.index + 1 :]
    writes = (s for s in after if any(q.kind in _WRITES for q in s.sites))
    if step.transaction and step.attempts > 1:
        ends = (s for s in writes if s.transaction == step.transaction)
        return "transaction", trace.transactions.get(step.transaction), next(ends, None)
    if step.retry:
        return "retry()", step.retry, next((s for s in writes if s.retry == step.retry), None)
    return "job", tries if _name(step).lower() in _PAYS else None, next(writes, None)


def _is_outside(step: Step, node: Shown) -> bool:
    """Money that is moved by what is called a gateway or a client, and requests that change something there."""
    if step.sites or not isinstance(node, php.MethodCall | php.StaticCall):
        return False
    name = name_of(node)
    while isinstance(node, php.MethodCall) and not path_of(node.base):
        node = node.base
    if isinstance(node, php.StaticCall):
        cls = node.cls.full.lower() if isinstance(node.cls, php.Name) else ""
        posts = cls.rsplit("\\", 1)[-1] == "http" and name in _POSTS
        return posts or (cls.startswith("stripe\\") and name in ("create", "capture"))
    last = path_of(node.base).rsplit("->", 1)[-1] if isinstance(node, php.MethodCall) else ""
    known = _PAYERS if name in _PAYS else _CLIENTS if name in _POSTS else None
    return known is not None and known.search(last) is not None


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
    if any(s.kind in _WRITES for s in step.sites):
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
