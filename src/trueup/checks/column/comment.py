"""COL008: a comment that the column does not carry."""

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
        total DECIMAL(10,2) NOT NULL COMMENT 'with tax'
    );
"""

EXAMPLES = (
    failing(
        "No comment",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->decimal('total', 10, 2);
                });
            """,
        ),
        Expected(
            "info", "`invoices.total` does not carry the required comment.", table="invoices", column="total"
        ),
    ),
    clean(
        "The comment is there",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->decimal('total', 10, 2)->comment('with tax');
                });
            """,
        ),
    ),
)


@check(
    code="COL008",
    title="A column's comment is missing",
    severity="info",
    category="column",
    why="""Who looks at the database alone does not learn what the column means. SQLite keeps no comments, so it is not asked
        there; nor are comments of column tables and diagrams, which are the document's own.""",
    fix="`->comment('...')` on the column's full definition, with `change()`.",
    examples=EXAMPLES,
)
def comment(facts: Facts) -> Iterator[Verdict]:
    if facts.schema.driver == "sqlite":
        return
    for column in paired_columns(facts):
        wanted, found = column.required.comment, column.existing.comment
        if wanted and not found and column.table.required.kind in ("sql", "php"):
            yield Finding(
                "COL008",
                "info",
                "column",
                f"{code(column.shown)} does not carry the required comment.",
                table=column.table.name,
                column=column.required.name,
                expected=wanted,
                found="no comment",
                locations=places(column.required.at, column.existing.at),
                recommendation=f"Repeat the column's definition with `comment({wanted!r})` and `change()`.",
                effort="S",
            )
