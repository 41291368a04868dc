"""The steps of a method → inserts of what was not found, and limits, that two requests can pass at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.enforcement import CheckedInsert, LimitCheck
from trueup.model.locations import Location
from trueup.model.queries import QuerySite
from trueup.sources.laravel.enforcement.counting import SAVES, changed_by, is_new
from trueup.sources.laravel.enforcement.subjects import Tables, guard_of, table_of, text_of
from trueup.sources.laravel.enforcement.trace import Step, Test, Trace, name_of, path_of
from trueup.sources.php import tree as php
from trueup.sources.php.tree.node import Shown
from trueup.sources.php.walk import children

_LOOKS = frozenset({"exists", "doesntexist", "first", "count", "value", "find"})
_ORDER = frozenset({"<", "<=", ">", ">="})
_LIMITS = re.compile(
    r"limit|quota|budget|balance|credit|stock|inventory|remaining|available|allowance|maximum|\bmax|cap(acity)?\b|usage",
    re.I,
)
_REFUSALS = re.compile(
    r"limit|quota|budget|insufficient|exceed|balance|credit|stock|toomany|exhausted|notenough|soldout|capacity",
    re.I,
)


# Inserts of what was not found


def fresh_looks(trace: Trace) -> Iterator[Location]:
    """Places where rows are looked for by a value of an object that was made right before: nobody else can have such rows."""
    for step in trace.steps:
        if _looked_for(step) and any(is_new(trace, step, base) for base in _asked_by(step.node)):
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
            if table and not is_new(trace, write, base):
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
    if isinstance(node, php.MethodCall) and name_of(node) in SAVES and path_of(node.base) == base:
        before = (s for s in trace.steps[: step.index] if s.owner == step.owner)
        changed = any(
            found[:2] == (base, column) for s in before if (found := changed_by(s.node)) is not None
        )
        return table if changed and column.lower() in tables.get(table, ()) else ""
    return ""
