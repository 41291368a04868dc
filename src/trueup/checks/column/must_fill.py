"""COL003: a column beyond the specification that every insert must fill."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import paired_tables
from trueup.checks.wording import code, places, shown_type
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.schema import Column

_SQL = "CREATE TABLE invoices (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, issued_on DATE NOT NULL);"

EXAMPLES = (
    failing(
        "Not null, and no default",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->date('issued_on');
                    $table->string('severity', 20);
                });
            """,
        ),
        Expected(
            "warning",
            "`invoices.severity` is not in the specification and must be filled by every insert.",
            table="invoices",
            column="severity",
        ),
    ),
    clean(
        "It has a default",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->date('issued_on');
                    $table->string('severity', 20)->default('low');
                });
            """,
        ),
    ),
)


@check(
    code="COL003",
    title="A column beyond the specification must be filled",
    severity="warning",
    category="column",
    why="An insert that names just the specified columns fails: the column is NOT NULL and has no default.",
    fix="Give it a default or make it nullable, or put it into the specification.",
    examples=EXAMPLES,
)
def column_to_fill(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        for column in table.pair.extra_columns:
            if {"nullable", "default"} & set(column.unknown):
                reason = "whether it may be left out could not be read"
                yield CannotTell("COL003", f"{table.shown}.{column.name}", reason, column.at, table.name)
            elif must_be_filled(column):
                yield Finding(
                    "COL003",
                    "warning",
                    "column",
                    f"{code(f'{table.shown}.{column.name}')} is not in the specification and must be filled by every insert.",
                    table=table.name,
                    column=column.name,
                    expected="no such column, or one that may be left out",
                    found=f"{shown_type(column.type)} NOT NULL without default",
                    locations=places(column.at, table.required.at),
                    recommendation=f"Put `{column.name} {shown_type(column.type)}` into the specification, or make the column "
                    "nullable or give it a default.",
                    effort="S",
                )


def must_be_filled(column: Column) -> bool:
    return not (column.nullable or column.default is not None or column.counts or column.generated)
