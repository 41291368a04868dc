"""IDX008: many indexes on a table that is written all the time."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.queried import analysis, growth_by_table
from trueup.checks.registry import check
from trueup.checks.wording import code, counted, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Index, Table
from trueup.model.shapes import Growth

MOST = 7
"""Indexes beside the primary key that a table which is written all the time may have without a word."""

_TABLE = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('hits', function (Blueprint $table) {{
        $table->id();
        $table->foreignId('user_id')->constrained();
        foreach ([{}] as $column) {{
            $table->string($column, 40)->index();
        }}
    }});
"""
_LISTENER = {
    "app/Listeners/CountHit.php": "<?php\nnamespace App\\Listeners;\nclass CountHit { public function handle($event) "
    "{ \\DB::table('hits')->insert(['user_id' => $event->user]); } }"
}

EXAMPLES = (
    failing(
        "A listener writes nine index entries each time",
        given(migration=_TABLE.format("'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'"), files=_LISTENER),
        Expected(
            "warning", "`hits`, which is written all the time, has 9 indexes beside its key.", table="hits"
        ),
    ),
    clean("A few", given(migration=_TABLE.format("'a', 'b', 'c'"), files=_LISTENER)),
    clean(
        "Many, on a table that nothing writes all the time",
        given(migration=_TABLE.format("'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'")),
    ),
)


@check(
    code="IDX008",
    title="Too many indexes on a table that is written all the time",
    severity="warning",
    category="index",
    why="""Each insert writes one entry into each index, at a random place of most: the pages must be in memory, or each is read
        first. The inserts of listeners and jobs get slower with every index, whether a query uses it or not.""",
    fix="Drop what no query uses and what another index does as well; `trueup queries --table NAME` tells which serve.",
    examples=EXAMPLES,
)
def too_many(facts: Facts) -> Iterator[Verdict]:
    growth = growth_by_table(facts)
    serving = {(u.table, u.index) for s in analysis(facts).served for u in s.uses}
    for table in facts.schema.tables:
        secondary = [i for i in table.indexes if not i.primary]
        of = growth.get(table.name.lower())
        if of is not None and of.rate == "hot" and len(secondary) > MOST:
            idle = [i for i in secondary if not i.unique and (table.name, i.name) not in serving]
            yield _finding(table, len(secondary), [i for i in idle if not _for_key(i, table)], of)


def _for_key(index: Index, table: Table) -> bool:
    return any(index.columns[: len(k.columns)] == k.columns for k in table.foreign_keys)


def _finding(table: Table, number: int, idle: list[Index], growth: Growth) -> Finding:
    unused = (
        f"No query of the code was seen that {counted(len(idle), 'of them serves', 'of them serve')}: "
        f"{listed(i.name for i in idle)}."
        if idle
        else "Each of them serves a query or a key; ask whether each query needs its own."
    )
    return Finding(
        "IDX008",
        "warning",
        "index",
        f"{code(table.name)}, which is written all the time, has {number} indexes beside its key.",
        table=table.name,
        expected=f"at most {MOST}",
        found=str(number),
        locations=places(table.at, *(i.at for i in idle[:8])),
        recommendation=f"{unused} The table is hot: {growth.why}.",
        effort="M",
    )
