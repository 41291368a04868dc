"""COL010: booleans with a third value."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import paired_columns
from trueup.checks.wording import listed, places
from trueup.compare.domains import Boolean, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Column, Table

_MIGRATION = "Schema::create('users', fn (Blueprint $table) => [$table->id(), $table->boolean('active')%s]);"

EXAMPLES = (
    failing(
        "Neither active nor not",
        given(migration=_MIGRATION % "->nullable()"),
        Expected("info", "`users.active` is a boolean that may be NULL.", table="users"),
    ),
    clean("One or the other", given(migration=_MIGRATION % "->default(true)")),
)


@check(
    code="COL010",
    title="A boolean that may be NULL",
    severity="info",
    category="column",
    why="`where('active', false)` and `where('active', true)` both leave the rows with NULL out; PHP takes NULL for false.",
    fix="Make it NOT NULL with a default, or say in a comment what NULL means.",
    examples=EXAMPLES,
)
def nullable_boolean(facts: Facts) -> Iterator[Verdict]:
    judged = {(c.table.existing.name, c.existing.name) for c in paired_columns(facts) if c.required.nullable}
    for table in facts.schema.tables:
        columns = [c for c in table.columns if (table.name, c.name) not in judged and _is_threefold(facts, c)]
        if columns:
            yield _finding(table, columns)


def _is_threefold(facts: Facts, column: Column) -> bool:
    if not column.nullable or {"type", "nullable"} & set(column.unknown):
        return False
    boolean = column.type.lower() == "tinyint(1)" or isinstance(
        domain_of(column.type, facts.schema.driver), Boolean
    )
    return boolean and not column.comment


def _finding(table: Table, columns: list[Column]) -> Finding:
    names = [f"{table.name}.{c.name}" for c in columns]
    text = "is a boolean that may" if len(names) == 1 else "are booleans that may"
    return Finding(
        "COL010",
        "info",
        "column",
        f"{listed(names)} {text} be NULL.",
        table=table.name,
        expected="NOT NULL with a default",
        found="nullable",
        locations=places(*(c.at for c in columns)),
        recommendation="Make them NOT NULL with a default, after filling the rows that have NULL.",
    )
