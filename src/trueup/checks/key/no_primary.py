"""KEY011: a table without a primary key."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import doubt_about_contents, is_framework_table, paired_tables
from trueup.checks.subjects import unsure as cannot_tell
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity
from trueup.model.schema import Table

EXAMPLES = (
    failing(
        "Rows that nothing tells apart",
        given(migration="Schema::create('notes', fn (Blueprint $table) => $table->string('text'));"),
        Expected("warning", "`notes` has no primary key.", table="notes"),
    ),
    failing(
        "A unique index tells rows apart",
        given(
            migration="Schema::create('settings', fn (Blueprint $table) => $table->string('name', 50)->unique());"
        ),
        Expected("info", "`settings` has no primary key.", table="settings"),
    ),
    clean("A key", given(migration="Schema::create('notes', fn (Blueprint $table) => $table->id());")),
)


@check(
    code="KEY011",
    title="A table without a primary key",
    severity="warning",
    category="key",
    why="""Single rows can't be changed or deleted; row-based replication of MySQL reads the whole table for each changed row, and a
        server with `sql_require_primary_key` (group replication, hosted MySQL) refuses the table.""",
    fix="Add `$table->id()`, or make the columns that tell rows apart the primary key.",
    examples=EXAMPLES,
)
def no_primary(facts: Facts) -> Iterator[Verdict]:
    judged = {p.existing.name for p in paired_tables(facts) if p.required.primary_key is not None}
    for table in facts.schema.tables:
        if (
            table.primary_key is not None
            or table.name in judged
            or is_framework_table(table.name)
            or not table.columns
        ):
            continue
        gap = doubt_about_contents(facts, table)
        if gap is not None:
            yield cannot_tell("KEY011", table.name, gap, table.name)
        else:
            yield _finding(table)


def _tells_apart(table: Table) -> bool:
    """A unique index over columns that are never NULL does most of what a primary key does; so do two keys of a pivot."""
    nullable = {c.name.lower() for c in table.columns if c.nullable}
    unique = any(
        i.unique and i.columns and not i.where and not nullable & {c.lower() for c in i.columns}
        for i in table.indexes
    )
    return unique or _is_pivot(table)


def _is_pivot(table: Table) -> bool:
    """Two keys of other tables and little else."""
    keys = {c.lower() for c in (c for k in table.foreign_keys for c in k.columns)}
    keys |= {c.name.lower() for c in table.columns if c.name.lower().endswith(("_id", "_type"))}
    others = [c for c in table.columns if c.name.lower() not in keys | {"created_at", "updated_at"}]
    return len(keys) >= 2 and len(others) <= 1


def _finding(table: Table) -> Finding:
    apart = _tells_apart(table)
    severity: Severity = "info" if apart else "warning"
    return Finding(
        "KEY011",
        severity,
        "key",
        f"{code(table.name)} has no primary key.",
        table=table.name,
        expected="a primary key",
        found="a unique index or a pair of keys" if apart else "none",
        locations=places(table.at),
        recommendation="Make the columns that tell rows apart the primary key."
        if apart
        else "Add `$table->id();` in a migration.",
        effort="M",
    )
