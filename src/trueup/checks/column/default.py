"""COL006: a default that is missing or gives another value."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import PairedColumn, paired_columns, unread
from trueup.checks.wording import code, default_call, places
from trueup.compare.defaults import parse_default, same_default
from trueup.compare.domains import is_numeric
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity

_SQL = """
    CREATE TABLE invoices (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        currency CHAR(3) NOT NULL DEFAULT 'USD',
        tries INT NOT NULL DEFAULT 0,
        sent_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP
    );
"""

EXAMPLES = (
    failing(
        "None where an insert needs it, none where NULL comes instead, and another value",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->char('currency', 3);
                    $table->integer('tries')->default(3);
                    $table->timestamp('sent_at')->nullable();
                });
            """,
        ),
        Expected(
            "error",
            "`invoices.currency` has no default, so inserts that leave it out fail.",
            table="invoices",
            column="currency",
        ),
        Expected(
            "warning",
            "`invoices.sent_at` has no default, so it stays NULL where it is left out.",
            table="invoices",
            column="sent_at",
        ),
        Expected(
            "warning", "`invoices.tries` has another default than required.", table="invoices", column="tries"
        ),
    ),
    clean(
        "The same values, written otherwise",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->char('currency', 3)->default('USD');
                    $table->integer('tries')->default('0');
                    $table->timestamp('sent_at')->nullable()->useCurrent();
                });
            """,
        ),
    ),
)


@check(
    code="COL006",
    title="A default is missing or different",
    severity="error",
    category="column",
    why="""Writes that count on the default fail, or store NULL or another value. `created_at` and `updated_at` are filled by
        Eloquent, so there only writes past the models suffer.""",
    fix="`->default(...)` or `->useCurrent()` on the column's full definition, with `change()`.",
    examples=EXAMPLES,
)
def default(facts: Facts) -> Iterator[Verdict]:
    for column in paired_columns(facts):
        if not column.required.default_known or column.existing.generated or column.existing.counts:
            continue
        unknown = unread("COL006", column, "default")
        if unknown is not None:
            yield unknown
        elif not _agrees(column):
            yield from _judge(column)


def _agrees(column: PairedColumn) -> bool:
    numeric = is_numeric(column.existing.type) or is_numeric(column.required.type or "")
    return same_default(column.required.default, column.existing.default, numeric=numeric)


def _judge(column: PairedColumn) -> Iterator[Finding]:
    wanted, found = parse_default(column.required.default), parse_default(column.existing.default)
    name = code(column.shown)
    if wanted.kind == "none":
        if column.required.nullable is False and found.kind != "now":
            yield _finding(column, "info", f"{name} has a default that the specification does not give it.")
    elif found.kind != "none":
        yield _finding(column, "warning", f"{name} has another default than required.")
    elif not column.existing.nullable:
        yield _finding(column, "error", f"{name} has no default, so inserts that leave it out fail.")
    else:
        severity: Severity = "info" if column.is_kept_by_eloquent and wanted.kind == "now" else "warning"
        yield _finding(column, severity, f"{name} has no default, so it stays NULL where it is left out.")


def _finding(column: PairedColumn, severity: Severity, message: str) -> Finding:
    call = default_call(column.required, column.dialect)
    add = f"Repeat the column's definition with `{call}` and `change()` in a migration of {code(column.table.shown)}."
    drop = "Drop the default, so that a forgotten value is refused, or put it into the specification."
    return Finding(
        "COL006",
        severity,
        "column",
        message,
        table=column.table.name,
        column=column.required.name,
        expected=f"DEFAULT {column.required.default}" if call else "no default",
        found=f"DEFAULT {column.existing.default}" if column.existing.default is not None else "no default",
        locations=places(column.required.at, column.existing.at),
        recommendation=add if call else drop,
        effort="S",
    )
