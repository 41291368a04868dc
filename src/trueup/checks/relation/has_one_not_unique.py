"""REL005: a one-to-one relation whose column may hold a value twice."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.relation._examples import HAS_ONE, pair, tables
from trueup.checks.relation._links import Told, is_constrained, is_unique, relations
from trueup.checks.wording import code, listed, php_list, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Table
from trueup.model.wanted import Wanted

EXAMPLES = (
    failing(
        "Two rows for one user",
        given(migration=tables("$table->foreignId('user_id')->constrained();"), files=pair(user=HAS_ONE)),
        Expected(
            "info",
            "`User::costRecord` is one to one, but `user_id` of `cost_records` may hold a value more than once.",
            table="cost_records",
            model="App\\Models\\User",
        ),
    ),
    clean(
        "A unique index",
        given(
            migration=tables("$table->foreignId('user_id')->unique()->constrained();"),
            files=pair(user=HAS_ONE),
        ),
    ),
    clean(
        "The latest of many",
        given(
            migration=tables("$table->foreignId('user_id')->constrained();"),
            files=pair(user=HAS_ONE.replace("(CostRecord::class)", "(CostRecord::class)->latestOfMany()")),
        ),
    ),
)


@check(
    code="REL005",
    title="A one-to-one relation without a unique index",
    severity="info",
    category="key",
    why="Two requests at once each make a row; which of the two the relation gives from then on is chance.",
    fix="Make the key unique, or say which row is meant: `latestOfMany()`.",
    examples=EXAMPLES,
)
def has_one_not_unique(facts: Facts) -> Iterator[Verdict]:
    for told in relations(facts):
        r, table = told.relation, told.related_table
        if r.kind not in {"hasOne", "morphOne"} or r.one_of_many or table is None:
            continue
        columns = [c for c in ((r.foreign_key,) if r.kind == "hasOne" else (r.morph_type, r.morph_id)) if c]
        known = columns and all(table.column(c) is not None for c in columns)
        if known and not is_unique(table, frozenset(columns)) and not is_constrained(facts, r):
            yield _finding(told, table, columns)


def _finding(told: Told, table: Table, columns: list[str]) -> Finding:
    hold = "may hold a value" if len(columns) == 1 else "may hold the same values"
    column = table.column(columns[-1])
    return Finding(
        "REL005",
        "info",
        "key",
        f"{code(told.name)} is one to one, but {listed(columns)} of {code(table.name)} {hold} more than once.",
        table=table.name,
        model=told.model.name,
        expected=f"a unique index on {', '.join(columns)}",
        found="none",
        locations=places(told.relation.at, column.at if column else None, table.at),
        recommendation=f"Add `$table->unique({php_list(columns)});`, or `latestOfMany()` to the relation.",
        key=told.relation.method,
        wants=(Wanted("unique", tuple(columns)),),
    )
