"""COL002: a required column that exists under another name."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import paired_columns
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_SQL = """
    CREATE TABLE invoices (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        current_spend DECIMAL(10,2) NOT NULL
    );
"""

EXAMPLES = (
    failing(
        "The same words in other forms",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->decimal('current_spending', 10, 2);
                });
            """,
        ),
        Expected(
            "warning",
            "The required column `current_spend` is called `current_spending` in `invoices`.",
            table="invoices",
            column="current_spend",
        ),
    ),
    clean(
        "A column that only ends alike is no renamed one",
        given(
            sql="CREATE TABLE invoices (id BIGINT UNSIGNED PRIMARY KEY, alert_type VARCHAR(20) NOT NULL);",
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->string('payment_type', 20);
                });
            """,
        ),
    ),
)


@check(
    code="COL002",
    title="A required column exists under another name",
    severity="warning",
    category="column",
    why="""Code that is written to the specification names a column that does not exist. On SQLite such a query does not even
        fail: an unknown name in double quotes is taken for a text.""",
    fix="""Decide which name holds: rename the column with `renameColumn()` and change the code, or correct the specification. The
        pairing is by words, type and role, and its score is shown; where it is wrong, the column is missing.""",
    examples=EXAMPLES,
)
def renamed_column(facts: Facts) -> Iterator[Verdict]:
    for column in paired_columns(facts):
        if not column.pair.renamed:
            continue
        wanted, found = column.required.name, column.existing.name
        yield Finding(
            "COL002",
            "warning",
            "column",
            f"The required column {code(wanted)} is called {code(found)} in {code(column.table.shown)}.",
            table=column.table.name,
            column=wanted,
            expected=wanted,
            found=f"{found} (score {column.pair.score:.2f}: {', '.join(column.pair.reasons)})",
            locations=places(column.required.at, column.existing.at),
            recommendation=f"Rename it with `$table->renameColumn('{found}', '{wanted}')` and in the code, or correct the "
            "specification.",
            effort="M",
        )
