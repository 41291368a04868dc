"""CAP004: a lock in the cache as the only guard of a limit or a count."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.capability._examples import MIGRATION, service
from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location

_LOCKED = """
        public function pay(int $id): void
        {
            Cache::lock("budget-$id", 10)->block(5, function () use ($id) {
                $budget = Budget::find($id);
                $budget->calls += 1;
                $budget->save();
            });
        }
"""
_BOTH = """
        public function pay(int $id): void
        {
            Cache::lock("budget-$id", 10)->block(5, function () use ($id) {
                DB::transaction(function () use ($id) {
                    $budget = Budget::whereKey($id)->lockForUpdate()->first();
                    $budget->calls += 1;
                    $budget->save();
                });
            });
        }
"""

EXAMPLES = (
    failing(
        "Nothing but the cache keeps two requests apart",
        given(migration=MIGRATION, files=service(_LOCKED)),
        Expected(
            "info",
            "Only a lock in the cache keeps `Spend::pay` from losing a change of `budgets.calls`.",
            table="budgets",
            column="calls",
        ),
    ),
    clean("The row is locked as well", given(migration=MIGRATION, files=service(_BOTH))),
)


@check(
    code="CAP004",
    title="A lock in the cache is the only guard",
    severity="info",
    category="capability",
    why="""It holds as long as its store does: it ends by itself after its seconds though the work goes on, it is gone when the
        cache is cleared or fails over, each server has its own where the store is `file` or `array`, and code that writes without
        asking for it is not kept out. The database knows nothing of it.""",
    fix="Keep the cache's lock for speed, and add what holds: a row lock in a transaction, a conditional update, a unique key.",
    examples=EXAMPLES,
)
def only_a_cache_lock(facts: Facts) -> Iterator[Verdict]:
    found = facts.enforcement
    for counter in found.counters:
        if counter.guard == "cache lock":
            what = f"losing a change of {code(f'{counter.table}.{counter.column}')}"
            yield _finding(counter.method, what, counter.table, counter.column, counter.at, counter.saved_at)
    for limit in found.limits:
        if limit.guard == "cache lock":
            what = f"passing the limit of {code(limit.table)} twice"
            yield _finding(limit.method, what, limit.table, limit.column, limit.at, limit.write_at)
    for insert in found.inserts:
        table = facts.schema.table(insert.table)
        keys = (
            [{c.lower() for c in i.columns} for i in table.indexes if i.unique or i.primary] if table else []
        )
        if insert.guard == "cache lock" and not any(
            key <= {*insert.columns, *insert.written} for key in keys
        ):
            what = f"inserting a row of {code(insert.table)} twice"
            yield _finding(insert.method, what, insert.table, "", insert.at, insert.write_at)


def _finding(
    method: str, what: str, table: str, column: str, at: Location, write_at: Location | None
) -> Finding:
    return Finding(
        "CAP004",
        "info",
        "capability",
        f"Only a lock in the cache keeps {code(method)} from {what}.",
        table=table,
        column=column,
        expected="a row lock in a transaction, a conditional update or a unique key",
        found=f"A holds the lock longer than its seconds; B gets it and reads at {at} what A has not written yet",
        locations=places(at, write_at),
        recommendation="Keep the lock in the cache, and add one that the database holds.",
        effort="M",
        key=method,
    )
