"""The steps of a method → the places where two requests can overtake each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from trueup.model.enforcement import CheckedInsert, CounterUpdate, Guard, LimitCheck
from trueup.model.locations import Location
from trueup.model.queries import QuerySite
from trueup.model.schema import Schema
from trueup.sources.laravel.enforcement.trace import Step, Test, Trace, name_of, path_of
from trueup.sources.php import tree as php
from trueup.sources.php.tree.node import Shown
from trueup.sources.php.walk import children
from trueup.sources.sql.types import parse_type

_SAVES = frozenset(
    {"save", "savequietly", "saveorfail", "push", "pushquietly", "update", "updatequietly", "updateorfail"}
)
_LOOKS = frozenset({"exists", "doesntexist", "first", "count", "value", "find"})
_MADE = frozenset({"create", "make", "replicate", "forcecreate", "newinstance", "createquietly", "factory"})
_NUMERIC = frozenset({"integer", "decimal", "float"})
_ORDER = frozenset({"<", "<=", ">", ">="})
_LIMITS = re.compile(
    r"limit|quota|budget|balance|credit|stock|inventory|remaining|available|allowance|maximum|\bmax|cap(acity)?\b|usage",
    re.I,
)
_REFUSALS = re.compile(
    r"limit|quota|budget|insufficient|exceed|balance|credit|stock|toomany|exhausted|notenough|soldout|capacity",
    re.I,
)
Tables = Mapping[str, frozenset[str]]
"""Lower-case numeric columns by lower-case table."""


def numeric_columns(schema: Schema) -> Tables:
    return {
        t.name.lower(): frozenset(
            c.name.lower() for c in t.columns if parse_type(c.type, schema.driver).family in _NUMERIC
        )
        for t in schema.tables
    }


def guard_of(step: Step) -> Guard:
    if step.cache_lock:
        return "cache lock"
    return "transaction" if step.transaction else ""


def table_of(step: Step) -> str:
    """The one table that the step's queries are about, "" where there are several or none."""
    found = {s.table.rsplit(".", 1)[-1].lower() for s in step.sites if s.table}
    return next(iter(found)) if len(found) == 1 and not any(s.ambiguous for s in step.sites) else ""


# Counters


def counters(trace: Trace, tables: Tables) -> Iterator[CounterUpdate]:
    """Columns that are read, changed in PHP and written back: by a property that is then saved, or in the array of an update."""
    for step in trace.steps:
        changed = _changed(step.node) or _changed_before(trace, step)
        if changed is not None and not step.locked:
            yield from _saved(trace, tables, step, *changed)
        if step.sites and isinstance(step.node, php.MethodCall | php.StaticCall) and not step.locked:
            yield from _in_array(trace, tables, step, step.node)


def _changed(node: Shown) -> tuple[str, str, str] | None:
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
    if _was_set(trace, step, base, column) or _is_new(trace, step, base):
        return
    for later in trace.steps[step.index + 1 :]:
        node = later.node
        if later.owner != step.owner and not base.startswith("this"):
            continue
        if isinstance(node, php.Assign) and path_of(node.target) == base:
            return
        if isinstance(node, php.MethodCall) and name_of(node) in _SAVES and path_of(node.base) == base:
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


def _is_new(trace: Trace, step: Step, base: str) -> bool:
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
        if sign and not _is_new(trace, step, base):
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
    if name_of(node) not in _SAVES:
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


# Inserts of what was not found


def fresh_looks(trace: Trace) -> Iterator[Location]:
    """Places where rows are looked for by a value of an object that was made right before: nobody else can have such rows."""
    for step in trace.steps:
        if _looked_for(step) and any(_is_new(trace, step, base) for base in _asked_by(step.node)):
            yield step.at


def _asked_by(node: Shown) -> Iterator[str]:
    """The paths of the objects whose values a chain of `where()` is given."""
    while isinstance(node, php.MethodCall | php.StaticCall):
        if name_of(node).startswith("where"):
            for argument in node.args:
                base = path_of(argument.value).rpartition("->")[0]
                if base:
                    yield base
        if isinstance(node, php.StaticCall):
            return
        node = node.base


def checked_inserts(trace: Trace) -> Iterator[CheckedInsert]:
    for test in trace.tests:
        if _compares(test.node.condition):
            continue
        for read in test.reads:
            columns = _looked_for(read)
            if not columns or read.locked:
                continue
            for write in trace.steps[test.condition : test.until]:
                if write.index > read.index and _inserts(write, table_of(read), columns) and not write.locked:
                    yield CheckedInsert(
                        read.at,
                        write.at,
                        table_of(read),
                        columns,
                        f"{_shown(read)}()",
                        f"{_shown(write)}()",
                        trace.names[test.owner],
                        guard_of(read) if guard_of(read) == guard_of(write) else "",
                        tuple(
                            sorted({c.column.lower() for c in write.sites[0].columns if c.role == "write"})
                        ),
                    )
                    break


def _compares(condition: Shown) -> bool:
    """A comparison with something other than none: a limit, not a search for doubles."""
    if isinstance(condition, php.Binary) and condition.op in (*_ORDER, "==", "===", "!=", "!=="):
        none = (0, 1) if condition.op in _ORDER else (0, None, False, True, "")
        sides = [s.value for s in (condition.left, condition.right) if isinstance(s, php.Literal)]
        return not any(value in none for value in sides)
    return any(_compares(c) for c in children(condition) if not isinstance(c, php.ClosureExpr))


def _looked_for(step: Step) -> tuple[str, ...]:
    """The columns whose values the row is looked for by, where all of them are compared by equality and known."""
    if not table_of(step) or _shown(step).lower() not in _LOOKS or len(step.sites) != 1:
        return ()
    site = step.sites[0]
    filters = [c for c in site.columns if c.role in ("filter", "match")]
    plain = all(
        c.operator in ("=", "implicit")
        and c.certain
        and not c.json_path
        and not c.function
        and not c.alternative
        for c in filters
    )
    if site.open or not plain or not filters or len(site.tables) != 1 or _is_by_key(site):
        return ()
    return tuple(sorted({c.column.lower() for c in filters if c.operator == "=" or c.column.endswith("_id")}))


def _is_by_key(site: QuerySite) -> bool:
    return any(c.column.lower() in ("id", "uuid", "ulid") for c in site.columns if c.role == "filter")


def _inserts(step: Step, table: str, columns: tuple[str, ...]) -> bool:
    if table_of(step) != table or len(step.sites) != 1:
        return False
    site = step.sites[0]
    written = {c.column.lower() for c in site.columns if c.role == "write"}
    bound = {c.column.lower() for c in site.columns if c.operator == "implicit"}
    return site.kind == "insert" and set(columns) <= written | bound


def _shown(step: Step) -> str:
    node = step.node
    if isinstance(node, php.MethodCall | php.StaticCall) and isinstance(node.name, str):
        return node.name
    return name_of(node) if isinstance(node, php.Call) else ""


# Limits


def limit_checks(trace: Trace, tables: Tables) -> Iterator[LimitCheck]:
    """A sum that only other methods may add to comes without a place where it is written."""
    for test in trace.tests:
        comparison = _comparison(test.node.condition) or _returned(trace, test)
        if comparison is None:
            continue
        sums = [r for r in test.reads if _is_sum(r) and table_of(r) and not r.locked]
        for read in sums[:1]:
            yield from _of_sum(trace, test, read, comparison)
        if not sums:
            yield from _of_column(trace, tables, test, comparison)


def _returned(trace: Trace, test: Test) -> php.Binary | None:
    """The comparison in what a method that the condition calls returns: `if (! $this->fits($cost))`."""
    called = (value for index, value in trace.returns if test.start < index <= test.condition)
    return next((found for value in called if (found := _comparison(value)) is not None), None)


def _comparison(condition: Shown) -> php.Binary | None:
    if isinstance(condition, php.Binary) and condition.op in _ORDER:
        return condition
    found = (_comparison(c) for c in children(condition) if not isinstance(c, php.ClosureExpr))
    return next((c for c in found if c is not None), None)


def _is_sum(step: Step) -> bool:
    return any(s.kind == "aggregate" and s.terminal.lower() in ("sum", "count") for s in step.sites)


def _of_sum(trace: Trace, test: Test, read: Step, comparison: php.Binary) -> Iterator[LimitCheck]:
    table, site = table_of(read), read.sites[0]
    column = next((c.column for c in site.columns if c.role == "aggregate"), "")
    if any(isinstance(s, php.Literal) and s.value in (0, 1) for s in (comparison.left, comparison.right)):
        return  # whether there is any at all is no limit
    shown = f"{site.terminal}('{column}')" if column else f"{site.terminal}()"
    writes = [
        s
        for s in trace.steps[test.condition : test.until]
        if s.index > read.index and table_of(s) == table and any(q.kind == "insert" for q in s.sites)
    ]
    refusal = test.thrown.rsplit("\\", 1)[-1]
    limited = bool(_LIMITS.search(text_of(comparison)) or _REFUSALS.search(refusal))
    if writes and limited and not writes[0].locked:
        yield LimitCheck(
            read.at, test.at, table, column, shown, trace.names[test.owner], writes[0].at, f"{_shown(writes[0])}()", (), refusal,
            guard_of(read) if guard_of(read) == guard_of(writes[0]) else "", read.cached,
        )  # fmt: skip
    elif not writes and site.terminal.lower() == "sum" and _refuses(test, limited):
        yield LimitCheck(
            read.at, test.at, table, column, shown, trace.names[test.owner], None, "", (), refusal, guard_of(read), read.cached,
        )  # fmt: skip


def _refuses(test: Test, limited: bool) -> bool:
    """Whether the first branch turns the caller away: an exception, or `return false` from what compares with a limit."""
    last = test.node.then[-1] if test.node.then else None
    says_no = (
        isinstance(last, php.Return) and isinstance(last.value, php.Literal) and last.value.value is False
    )
    return limited and (test.exits == "throw" or says_no)


def _of_column(trace: Trace, tables: Tables, test: Test, comparison: php.Binary) -> Iterator[LimitCheck]:
    """`if ($account->balance < $amount) throw …; $account->decrement('balance', $amount)`."""
    for side in (comparison.left, comparison.right):
        path = path_of(side)
        base, _, column = path.rpartition("->")
        if not base or not _LIMITS.search(column):
            continue
        for write in trace.steps[test.condition : test.until]:
            if write.owner != test.owner or write.locked:
                continue
            table = _lowers(trace, tables, write, base, column)
            if table and not _is_new(trace, write, base):
                yield LimitCheck(
                    test.at, test.at, table, column, f"${path}", trace.names[test.owner], write.at, _shown(write) + "()", (),
                    test.thrown.rsplit("\\", 1)[-1], guard_of(write),
                )  # fmt: skip
                return


def _lowers(trace: Trace, tables: Tables, step: Step, base: str, column: str) -> str:
    """The table whose column the step lowers or raises by an amount on this object; "" for any other step."""
    node = step.node
    table = table_of(step)
    if (
        isinstance(node, php.MethodCall)
        and name_of(node) in ("decrement", "increment")
        and path_of(node.base) == base
    ):
        first = node.args[0].value if node.args else None
        same = isinstance(first, php.Literal) and first.value == column
        return table if same and column.lower() in tables.get(table, ()) else ""
    if isinstance(node, php.MethodCall) and name_of(node) in _SAVES and path_of(node.base) == base:
        before = (s for s in trace.steps[: step.index] if s.owner == step.owner)
        changed = any(found[:2] == (base, column) for s in before if (found := _changed(s.node)) is not None)
        return table if changed and column.lower() in tables.get(table, ()) else ""
    return ""


def text_of(node: Shown) -> str:
    """The names in an expression."""
    words: list[str] = []
    pending: list[Shown] = [node]
    while pending:
        one = pending.pop()
        named = isinstance(
            one, php.Variable | php.Property | php.MethodCall | php.StaticCall | php.ClassConstant
        )
        name: object = (
            getattr(one, "name", "") if named else one.value if isinstance(one, php.Literal) else ""
        )
        words.append(name if isinstance(name, str) else "")
        pending.extend(children(one))
    return " ".join(words)
