"""COL004: columns that the specification of the table does not have."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.column.must_fill import must_be_filled
from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import paired_tables
from trueup.checks.wording import code, counted, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_SQL = "CREATE TABLE invoices (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, issued_on DATE NOT NULL);"
_KEPT_BY_ELOQUENT = frozenset({"created_at", "updated_at", "deleted_at"})

EXAMPLES = (
    failing(
        "A note that nobody wrote down",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->date('issued_on');
                    $table->text('note')->nullable();
                });
            """,
        ),
        Expected(
            "info", "`invoices` has 1 column that the specification does not name: `note`.", table="invoices"
        ),
    ),
    clean(
        "Eloquent's own timestamps are no surprise",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->date('issued_on');
                    $table->timestamps();
                });
            """,
        ),
    ),
)


@check(
    code="COL004",
    title="Columns beyond the specification",
    severity="info",
    category="column",
    why="""They do no harm to what is specified, but nobody who reads the specification knows of them. Those that every insert must
        fill are COL003.""",
    fix="Put them into the specification, or drop what no code uses.",
    examples=EXAMPLES,
)
def extra_columns(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        extra = [
            c
            for c in table.pair.extra_columns
            if c.name.lower() not in _KEPT_BY_ELOQUENT and not must_be_filled(c)
        ]
        if extra:
            names = [c.name for c in extra]
            yield Finding(
                "COL004",
                "info",
                "column",
                f"{code(table.shown)} has {counted(len(extra), 'column')} that the specification does not name: {listed(names)}.",
                table=table.name,
                expected=counted(len(table.required.columns), "column"),
                found=", ".join(names),
                locations=places(table.required.at, *(c.at for c in extra)),
                recommendation="Put them into the specification, or drop what no code uses.",
                effort="S",
            )
