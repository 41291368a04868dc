"""COL001: a required column that the table does not have."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given, unsure
from trueup.checks.registry import check
from trueup.checks.subjects import PairedTable, doubt_about_contents, paired_tables
from trueup.checks.subjects import unsure as cannot_tell
from trueup.checks.wording import blueprint_call, code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.spec import RequiredColumn

_SQL = "CREATE TABLE invoices (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, issued_on DATE NOT NULL);"

EXAMPLES = (
    failing(
        "The migration leaves a column out",
        given(
            sql=_SQL, migration="Schema::create('invoices', function (Blueprint $table) { $table->id(); });"
        ),
        Expected("error", "`invoices` has no column `issued_on`.", table="invoices", column="issued_on"),
    ),
    clean(
        "A later migration adds it",
        given(
            sql=_SQL,
            migration="Schema::create('invoices', function (Blueprint $table) { $table->id(); });",
            migrations={
                "2024_02_01_000000_add": "Schema::table('invoices', fn (Blueprint $t) => $t->date('issued_on'));"
            },
        ),
    ),
    unsure(
        "A column whose name cannot be read may be the one",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->date(file_get_contents('name.txt'));
                });
            """,
        ),
    ),
)


@check(
    code="COL001",
    title="A required column is missing",
    severity="error",
    category="column",
    why="Writes that name the column fail, and what it should hold is not recorded.",
    fix="""Add the column in a new migration. On a table that has rows it needs a default or must be nullable until it has been
        filled.""",
    examples=EXAMPLES,
)
def missing_column(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        lacking = [p.required for p in table.pair.columns if p.existing is None]
        doubt = doubt_about_contents(facts, table.existing) if lacking else None
        for column in lacking:
            if doubt is not None:
                yield cannot_tell("COL001", f"{table.shown}.{column.name}", doubt, table.name)
            else:
                yield _finding(table, column)


def _finding(table: PairedTable, column: RequiredColumn) -> Finding:
    statement = blueprint_call(column, table.required.dialect)
    filled = not column.nullable and not column.default
    first = " (nullable first and filled, if the table has rows)" if filled else ""
    return Finding(
        "COL001",
        "error",
        "column",
        f"{code(table.shown)} has no column {code(column.name)}.",
        table=table.name,
        column=column.name,
        expected=" ".join(p for p in (column.name, column.type) if p),
        found="no such column",
        locations=places(column.at, table.required.at, table.existing.at),
        recommendation=f"Add {code(statement)} to {code(table.shown)} in a new migration{first}.",
        effort="S",
    )
