"""COL009: a key that must count by itself and does not."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import paired_columns
from trueup.checks.wording import code, places, shown_type
from trueup.compare.domains import Integer, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_SQL = "CREATE TABLE invoices (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, issued_on DATE NOT NULL);"

EXAMPLES = (
    failing(
        "A plain number as key",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->unsignedBigInteger('id')->primary();
                    $table->date('issued_on');
                });
            """,
        ),
        Expected("error", "`invoices.id` does not number its rows by itself.", table="invoices", column="id"),
    ),
    clean(
        "id() counts",
        given(
            sql=_SQL,
            migration="Schema::create('invoices', fn (Blueprint $table) => [$table->id(), $table->date('issued_on')]);",
        ),
    ),
)


@check(
    code="COL009",
    title="A key does not count by itself",
    severity="error",
    category="column",
    why="Inserts that leave the key to the server, as Eloquent's do, fail, or all get the key 0.",
    fix="Use `$table->id()` or `->autoIncrement()`.",
    examples=EXAMPLES,
)
def auto_increment(facts: Facts) -> Iterator[Verdict]:
    for column in paired_columns(facts):
        if not column.required.auto_increment or column.existing.counts or column.existing.generated:
            continue
        if isinstance(domain_of(column.existing.type, facts.schema.driver), Integer):
            yield Finding(
                "COL009",
                "error",
                "column",
                f"{code(column.shown)} does not number its rows by itself.",
                table=column.table.name,
                column=column.required.name,
                expected="AUTO_INCREMENT",
                found=f"{shown_type(column.existing.type)} without it",
                locations=places(column.required.at, column.existing.at),
                recommendation=f"Define it as `$table->id('{column.existing.name}')`.",
                effort="S",
            )
