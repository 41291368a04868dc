"""KEY015: uniqueness over a flag, which allows one row of each kind."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.compare.domains import Boolean, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Column, Index, Table

_TABLE = """
    Schema::create('addresses', function (Blueprint $table) {
        $table->id();
        $table->unsignedBigInteger('user_id');
        $table->boolean('is_default')%s;
        %s
    });
"""

EXAMPLES = (
    failing(
        "One default each, and one other",
        given(migration=_TABLE % ("", "$table->unique(['user_id', 'is_default']);")),
        Expected(
            "warning",
            "`addresses` allows only one row with `is_default` true, and only one with it false, for each (user_id).",
            table="addresses",
            index="addresses_user_id_is_default_unique",
        ),
    ),
    clean(
        "NULL for all others: any number of them",
        given(migration=_TABLE % ("->nullable()", "$table->unique(['user_id', 'is_default']);")),
    ),
    clean(
        "A partial index: only the defaults are kept apart",
        given(
            migration=(_TABLE % ("", ""))
            + "    DB::statement('CREATE UNIQUE INDEX one_default ON addresses (user_id) WHERE is_default');\n",
            driver="pgsql",
        ),
    ),
)


@check(
    code="KEY015",
    title="A unique constraint forbids legitimate rows",
    severity="warning",
    category="key",
    why="""It was meant to allow one row that is marked, and allows one that is not marked as well: the second insert of an
        unmarked row fails.""",
    fix="""On PostgreSQL and SQLite, make it a partial unique index (`WHERE is_default`). On MySQL and MariaDB let the flag
        be NULL instead of false, which is never equal to itself, or put the uniqueness on a generated column that is NULL
        for the others.""",
    examples=EXAMPLES,
)
def unique_flag(facts: Facts) -> Iterator[Verdict]:
    for table in facts.schema.tables:
        for index in table.indexes:
            flag = _flag(index, table, facts)
            if flag is not None:
                yield _finding(table, index, flag, facts)


def _flag(index: Index, table: Table, facts: Facts) -> Column | None:
    """The flag of a unique index whose other columns are not unique without it anyway."""
    if not index.unique or index.primary or index.where or index.expressions:
        return None
    found = [table.column(c) for c in index.columns]
    flags = [
        c
        for c in found
        if c is not None
        and "type" not in c.unknown
        and not c.nullable
        and not c.generated
        and isinstance(domain_of(c.type, facts.schema.driver), Boolean)
    ]
    return flags[0] if len(flags) == 1 and len(index.columns) <= 3 else None


def _finding(table: Table, index: Index, flag: Column, facts: Facts) -> Finding:
    others = [c for c in index.columns if c.lower() != flag.name.lower()]
    each = f", for each ({', '.join(others)})" if others else " in the whole table"
    partial = (
        f"`CREATE UNIQUE INDEX ... ON {table.name} ({', '.join(others) or flag.name}) WHERE {flag.name}`"
    )
    return Finding(
        "KEY015",
        "warning",
        "key",
        f"{code(table.name)} allows only one row with {code(flag.name)} true, and only one with it false{each}.",
        table=table.name,
        index=index.name,
        expected="uniqueness of the marked rows alone",
        found=f"UNIQUE ({', '.join(index.columns)})",
        locations=places(index.at, flag.at, table.at),
        recommendation=f"Where there may be several unmarked rows, replace it by {partial}."
        if facts.schema.driver in {"pgsql", "sqlite"}
        else f"Where there may be several unmarked rows, let {code(flag.name)} be NULL for them.",
        effort="M",
    )
