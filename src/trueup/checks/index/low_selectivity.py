"""IDX007: indexes on a flag alone."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, counted, listed, places
from trueup.compare.domains import Boolean, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Index, Table

_TABLE = """
    Schema::create('members', function (Blueprint $table) {
        $table->id();
        $table->boolean('is_active')%s;
        $table->timestamp('joined_at');
        %s
    });
"""

EXAMPLES = (
    failing(
        "Half of the table, found by an index",
        given(migration=_TABLE % ("->index()", "")),
        Expected("info", "1 index of `members` is on a boolean alone: `is_active`.", table="members"),
    ),
    clean(
        "Behind the flag, what narrows down",
        given(migration=_TABLE % ("", "$table->index(['is_active', 'joined_at']);")),
    ),
    clean(
        "A partial index of the few",
        given(
            migration=(_TABLE % ("", ""))
            + "    DB::statement('CREATE INDEX members_gone ON members (is_active) WHERE is_active = false');\n",
            driver="pgsql",
        ),
    ),
)


@check(
    code="IDX007",
    title="An index on a boolean alone",
    severity="info",
    category="index",
    why="""Of two values each stands for a good part of the rows: to read the table from end to end is faster than to fetch half
        of it by an index, so the server seldom takes it, and every write pays for it. It helps only where one of the values is
        rare and is the one that is looked for.""",
    fix="Drop it, or put a column that narrows down behind the flag; on PostgreSQL and SQLite, a partial index of the rare value.",
    examples=EXAMPLES,
)
def low_selectivity(facts: Facts) -> Iterator[Verdict]:
    for table in facts.schema.tables:
        flags = [i for i in table.indexes if _is_flag(i, table, facts)]
        if flags:
            yield _finding(table, flags)


def _is_flag(index: Index, table: Table, facts: Facts) -> bool:
    plain = not (index.unique or index.primary or index.where or index.expressions or index.implied)
    if not plain or len(index.columns) != 1 or index.kind not in {"btree", ""}:
        return False
    column = table.column(index.columns[0])
    if column is None or "type" in column.unknown:
        return False
    return isinstance(domain_of(column.type, facts.schema.driver), Boolean)


def _finding(table: Table, flags: list[Index]) -> Finding:
    drops = " ".join(f"$table->dropIndex('{i.name}');" for i in flags)
    return Finding(
        "IDX007",
        "info",
        "index",
        f"{counted(len(flags), 'index', 'indexes')} of {code(table.name)} {'is' if len(flags) == 1 else 'are'} on a boolean "
        f"alone: {listed(i.columns[0] for i in flags)}.",
        table=table.name,
        expected="a column that narrows the rows down",
        found="a column of two values",
        locations=places(*(i.at for i in flags), table.at),
        recommendation=f"Where neither value is rare, drop {'it' if len(flags) == 1 else 'them'}: {code(drops)}.",
    )
