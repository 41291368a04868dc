"""The steps of a method → counters that are changed in PHP and written back."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.enforcement import CounterUpdate
from trueup.model.locations import Location
from trueup.sources.laravel.enforcement.subjects import Tables, guard_of, table_of
from trueup.sources.laravel.enforcement.trace import Step, Trace, name_of, path_of
from trueup.sources.php import tree as php
from trueup.sources.php.tree.node import Shown
from trueup.sources.php.walk import children

SAVES = frozenset(
    {"save", "savequietly", "saveorfail", "push", "pushquietly", "update", "updatequietly", "updateorfail"}
)
_MADE = frozenset({"create", "make", "replicate", "forcecreate", "newinstance", "createquietly", "factory"})


def counters(trace: Trace, tables: Tables) -> Iterator[CounterUpdate]:
    """Columns that are read, changed in PHP and written back: by a property that is then saved, or in the array of an update."""
    for step in trace.steps:
        changed = changed_by(step.node) or _changed_before(trace, step)
        if changed is not None and not step.locked:
            yield from _saved(trace, tables, step, *changed)
        if step.sites and isinstance(step.node, php.MethodCall | php.StaticCall) and not step.locked:
            yield from _in_array(trace, tables, step, step.node)


def changed_by(node: Shown) -> tuple[str, str, str] | None:
    """The path of the object, the column, and the statement in short, where a property is changed by an amount."""
    target: Shown | None = None
    sign = ""
    if isinstance(node, php.AssignOp) and node.op in ("+", "-"):
        target, sign = node.target, f"{node.op}= …"
    elif isinstance(node, php.IncDec):
        target, sign = node.target, node.op
    elif isinstance(node, php.Assign):
        found = _sum_with(node.value, path_of(node.target))
        target, sign = (node.target, f"= ${path_of(node.target)} {found} …") if found else (None, "")
    if not isinstance(target, php.Property) or not isinstance(target.name, str):
        return None
    base = path_of(target.base)
    return (
        (base, target.name, f"${base}->{target.name} {sign}".replace(" ++", "++").replace(" --", "--"))
        if base
        else None
    )


def _changed_before(trace: Trace, step: Step) -> tuple[str, str, str] | None:
    """`$new = $budget->spent + $cost; … $budget->spent = $new;`."""
    node = step.node
    if not isinstance(node, php.Assign) or not isinstance(node.value, php.Variable):
        return None
    target, made = node.target, None
    for earlier in trace.steps[: step.index]:
        before = earlier.node
        if earlier.owner == step.owner and isinstance(before, php.Assign):
            made = before if path_of(before.target) == node.value.name else made
    if made is None or not isinstance(target, php.Property) or not isinstance(target.name, str):
        return None
    base, sign = path_of(target.base), _sum_with(made.value, path_of(target))
    shown = f"${node.value.name} = ${path_of(target)} {sign} …"
    return (base, target.name, shown) if base and sign else None


def _sum_with(value: Shown, path: str) -> str:
    """The sign where the value is the path's own plus or minus something: `$a->n + 1`, `($a->n ?? 0) - $x`."""
    if not path or not isinstance(value, php.Binary) or value.op not in ("+", "-"):
        return ""
    left = value.left
    while isinstance(left, php.Binary) and left.op in ("+", "-"):
        left = left.left
    if isinstance(left, php.Coalesce):
        left = left.left
    if isinstance(left, php.Cast):
        left = left.operand
    right = value.right if value.op == "+" else None
    return value.op if path_of(left) == path or (right is not None and path_of(right) == path) else ""


def _saved(
    trace: Trace, tables: Tables, step: Step, base: str, column: str, text: str
) -> Iterator[CounterUpdate]:
    if _was_set(trace, step, base, column) or is_new(trace, step, base):
        return
    for later in trace.steps[step.index + 1 :]:
        node = later.node
        if later.owner != step.owner and not base.startswith("this"):
            continue
        if isinstance(node, php.Assign) and path_of(node.target) == base:
            return
        if isinstance(node, php.MethodCall) and name_of(node) in SAVES and path_of(node.base) == base:
            table = table_of(later)
            if column.lower() in tables.get(table, ()) and not later.locked:
                yield CounterUpdate(
                    step.at, later.at, table, column, text, trace.names[step.owner], guard_of(step)
                )
            return


def _was_set(trace: Trace, step: Step, base: str, column: str) -> bool:
    """Whether the column was given a value of its own before, so that nothing of the stored one is left in it."""
    path = f"{base}->{column}"
    for earlier in trace.steps[: step.index]:
        node = earlier.node
        if earlier.owner == step.owner and isinstance(node, php.Assign) and path_of(node.target) == path:
            return True
        if isinstance(node, php.Assign) and isinstance(node.target, php.ArrayLiteral):
            continue
        targets = [node.value] if isinstance(node, php.Assign) and isinstance(node.value, php.Assign) else []
        if any(path_of(t.target) == path for t in targets):
            return True
    return False


def is_new(trace: Trace, step: Step, base: str) -> bool:
    """Whether the object was made here, or read under a lock."""
    loads = [
        s
        for s in trace.steps[: step.index]
        if isinstance(s.node, php.Assign) and path_of(s.node.target) == base and s.owner in (step.owner, 0)
    ]
    if base.startswith("this->"):
        loads = [
            s
            for s in trace.steps[: step.index]
            if isinstance(s.node, php.Assign) and path_of(s.node.target) == base
        ]
    if not loads:
        return False
    value: Shown = loads[-1].node.value if isinstance(loads[-1].node, php.Assign) else loads[-1].node
    if loads[-1].locked:
        return True
    while isinstance(value, php.MethodCall) and name_of(value) not in _MADE:
        value = value.base
    made = isinstance(value, php.MethodCall | php.StaticCall) and name_of(value) in _MADE
    return made or isinstance(value, php.New | php.Clone)


def _in_array(
    trace: Trace, tables: Tables, step: Step, node: php.MethodCall | php.StaticCall
) -> Iterator[CounterUpdate]:
    """`$order->update(['paid' => $order->paid + $amount])`."""
    array = _array_of(node)
    if array is None:
        return
    table = table_of(step)
    for item in array.items:
        key = item.key.value if item is not None and isinstance(item.key, php.Literal) else None
        if item is None or not isinstance(key, str) or key.lower() not in tables.get(table, ()):
            continue
        path = _property_named(item.value, key)
        sign = _sum_with(item.value, path) if path else ""
        base = path.rpartition("->")[0]
        if sign and not is_new(trace, step, base):
            text = f"'{key}' => ${path} {sign} …"
            yield CounterUpdate(
                Location(step.at.file, item.line),
                step.at,
                table,
                key,
                text,
                trace.names[step.owner],
                guard_of(step),
            )


def _array_of(node: php.MethodCall | php.StaticCall) -> php.ArrayLiteral | None:
    """What `update([...])` and `fill([...])->save()` write."""
    if name_of(node) not in SAVES:
        return None
    filling = node.base if not node.args and isinstance(node, php.MethodCall) else None
    if isinstance(filling, php.MethodCall) and name_of(filling) in ("fill", "forcefill"):
        node = filling
    first = node.args[0].value if node.args else None
    return first if isinstance(first, php.ArrayLiteral) else None


def _property_named(value: Shown, column: str) -> str:
    """The path of the property of that name in an expression."""
    if isinstance(value, php.Property) and value.name == column:
        return path_of(value)
    return next((found for child in children(value) if (found := _property_named(child, column))), "")
