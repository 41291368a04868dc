"""COL007: ON UPDATE CURRENT_TIMESTAMP that the table does not have."""

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
        changed_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
    );
"""

EXAMPLES = (
    failing(
        "Only the default is there",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->timestamp('changed_at')->nullable()->useCurrent();
                });
            """,
        ),
        Expected(
            "warning",
            "`invoices.changed_at` does not follow updates of its row.",
            table="invoices",
            column="changed_at",
        ),
    ),
    clean(
        "The server keeps it",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->timestamp('changed_at')->nullable()->useCurrent()->useCurrentOnUpdate();
                });
            """,
        ),
    ),
)


@check(
    code="COL007",
    title="ON UPDATE is missing",
    severity="warning",
    category="column",
    why="""The column keeps the time of the first write. Eloquent writes `updated_at` by itself, so there only updates past the
        models are missed. PostgreSQL and SQLite have no such clause, so this is asked of MySQL and MariaDB.""",
    fix="`->useCurrentOnUpdate()` on the column's full definition, with `change()`.",
    examples=EXAMPLES,
)
def on_update(facts: Facts) -> Iterator[Verdict]:
    if facts.schema.driver not in ("mysql", "mariadb"):
        return
    for column in paired_columns(facts):
        if column.required.on_update and not column.existing.on_update:
            yield Finding(
                "COL007",
                "info" if column.is_kept_by_eloquent else "warning",
                "column",
                f"{code(column.shown)} does not follow updates of its row.",
                table=column.table.name,
                column=column.required.name,
                expected=f"ON UPDATE {column.required.on_update}",
                found="no ON UPDATE",
                locations=places(column.required.at, column.existing.at),
                recommendation="Repeat the column's definition with `useCurrentOnUpdate()` and `change()`.",
                effort="S",
            )
