"""KEY010: a foreign key between columns of different types."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places, shown_type
from trueup.compare.domains import Domain, Integer, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity
from trueup.model.schema import Column, ForeignKey, Table

_MIGRATION = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('orders', function (Blueprint $table) {
        $table->id();
        $table->%s('user_id');
        $table->foreign('user_id')->references('id')->on('users');
    });
"""

EXAMPLES = (
    failing(
        "PostgreSQL takes an integer that refers to a bigint",
        given(migration=_MIGRATION % "integer", driver="pgsql"),
        Expected(
            "warning",
            "The foreign key `orders.user_id` (integer) refers to `users.id` (bigint).",
            table="orders",
            column="user_id",
        ),
    ),
    clean("The same type", given(migration=_MIGRATION % "foreignId", driver="pgsql")),
)


@check(
    code="KEY010",
    title="A foreign key of another type than what it refers to",
    severity="warning",
    category="key",
    why="""A narrower column can't hold every key: beyond 2 147 483 647 inserts fail. Types that differ cost a conversion in every
        join. MySQL and MariaDB refuse such a key, so that the migration fails there.""",
    fix="Give both columns one type; `foreignId()` fits `id()`.",
    examples=EXAMPLES,
)
def foreign_type(facts: Facts) -> Iterator[Verdict]:
    for table in facts.schema.tables:
        for key in table.foreign_keys:
            target = facts.schema.table(key.foreign_table)
            for name, other in zip(key.columns, key.foreign_columns, strict=False):
                column, referred = table.column(name), target.column(other) if target is not None else None
                if column is None or referred is None or "type" in (*column.unknown, *referred.unknown):
                    continue
                mine, its = (domain_of(c.type, facts.schema.driver) for c in (column, referred))
                if _differ(mine, its):
                    yield _finding(table, key, column, referred, _is_narrower(mine, its))


def _differ(mine: Domain, its: Domain) -> bool:
    if isinstance(mine, Integer) and isinstance(its, Integer):
        return mine.bits != its.bits
    return type(mine) is not type(its)


def _is_narrower(mine: Domain, its: Domain) -> bool:
    return isinstance(mine, Integer) and isinstance(its, Integer) and (mine.bits or 64) < (its.bits or 64)


def _finding(table: Table, key: ForeignKey, column: Column, referred: Column, narrower: bool) -> Finding:
    wider = (
        not narrower
        and isinstance(domain_of(column.type), Integer)
        and isinstance(domain_of(referred.type), Integer)
    )
    severity: Severity = "info" if wider else "warning"
    mine, its = f"{table.name}.{column.name}", f"{key.foreign_table}.{referred.name}"
    return Finding(
        "KEY010",
        severity,
        "key",
        f"The foreign key {code(mine)} ({shown_type(column.type)}) refers to {code(its)} ({shown_type(referred.type)}).",
        table=table.name,
        column=column.name,
        expected=shown_type(referred.type),
        found=shown_type(column.type),
        locations=places(column.at, key.at, referred.at),
        recommendation=f"Change {code(mine)} to {shown_type(referred.type)} in a migration.",
        effort="M",
        key=its,
    )
