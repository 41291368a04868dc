"""COL005: a column that takes NULL where it must not, or refuses it where it may be left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import PairedColumn, paired_columns, unread
from trueup.checks.wording import code, places
from trueup.compare.defaults import parse_default
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity
from trueup.model.wanted import Wanted

_SQL = """
    CREATE TABLE invoices (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        issued_on DATE NOT NULL,
        paid_on DATE NULL
    );
"""

EXAMPLES = (
    failing(
        "Both ways at once",
        given(
            sql=_SQL,
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->date('issued_on')->nullable();
                    $table->date('paid_on');
                });
            """,
        ),
        Expected(
            "error",
            "`invoices.paid_on` may be left out by the specification, but is NOT NULL without default.",
            table="invoices",
            column="paid_on",
        ),
        Expected(
            "warning",
            "`invoices.issued_on` accepts NULL, which the specification forbids.",
            table="invoices",
            column="issued_on",
        ),
    ),
    clean(
        "As written; and a default makes a stricter column harmless",
        given(
            sql="CREATE TABLE invoices (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, currency VARCHAR(3) DEFAULT 'USD');",
            migration="""
                Schema::create('invoices', function (Blueprint $table) {
                    $table->id();
                    $table->string('currency', 3)->default('USD');
                });
            """,
        ),
    ),
)


@check(
    code="COL005",
    title="Nullability differs",
    severity="error",
    category="column",
    why="""Where NULL is refused but may be left out by the specification, inserts fail. Where NULL is accepted but forbidden, rows
        without a value come in, and every sum and comparison over them goes wrong in silence.""",
    fix="""`->nullable()` with `change()`, or without it once the NULLs are filled. On Laravel 11 and later `change()` drops every
        attribute that it does not repeat.""",
    examples=EXAMPLES,
)
def nullability(facts: Facts) -> Iterator[Verdict]:
    for column in paired_columns(facts):
        if column.required.nullable is None or column.existing.generated or _in_primary_key(column):
            continue
        unknown = unread("COL005", column, "nullable")
        if unknown is not None:
            yield unknown
        elif not column.required.nullable and column.existing.nullable:
            yield _accepts_null(column)
        elif column.required.nullable and not column.existing.nullable:
            yield from _refuses_null(column)


def _in_primary_key(column: PairedColumn) -> bool:
    """A primary key's columns are NOT NULL whether the document says so or not."""
    key = column.table.required.primary_key
    return key is not None and column.required.name.lower() in (c.lower() for c in key.columns)


def _accepts_null(column: PairedColumn) -> Finding:
    return _finding(
        column,
        "warning",
        f"{code(column.shown)} accepts NULL, which the specification forbids.",
        "NOT NULL",
        "NULL",
        f"Fill the NULLs, then repeat the column's definition without `nullable()` and with `change()` in a migration "
        f"of {code(column.table.shown)}.",
    )


def _refuses_null(column: PairedColumn) -> Iterator[Finding]:
    """An insert that leaves the column out fails without a default; with one, only an explicit NULL does."""
    existing = column.existing
    if existing.counts or (existing.default is not None and not _null_is_written(column)):
        return
    if existing.default is None:
        message = (
            f"{code(column.shown)} may be left out by the specification, but is NOT NULL without default."
        )
    else:
        message = f"{code(column.shown)} refuses the NULL that the specification allows."
    yield _finding(
        column,
        "error" if existing.default is None else "info",
        message,
        "NULL",
        "NOT NULL" + (f" DEFAULT {existing.default}" if existing.default is not None else ""),
        f"Repeat the column's definition with `nullable()` and `change()` in a migration of {code(column.table.shown)}.",
    )


def _null_is_written(column: PairedColumn) -> bool:
    """Whether the document says NULL in so many words, rather than by not saying NOT NULL."""
    written = column.required.written
    explicit = re.search(
        r"(?<!not )\bnull(able)?\b", re.sub(r"default\s+null", "", written, flags=re.I), re.I
    )
    return bool(explicit) and parse_default(column.required.default).kind == "none"


def _finding(
    column: PairedColumn, severity: Severity, message: str, expected: str, found: str, advice: str
) -> Finding:
    return Finding(
        "COL005",
        severity,
        "column",
        message,
        table=column.table.name,
        column=column.required.name,
        expected=expected,
        found=found,
        locations=places(column.required.at, column.existing.at),
        recommendation=advice,
        effort="S",
        wants=(Wanted("not null", (column.required.name,)),) if expected == "NOT NULL" else (),
    )
