"""TBL002: a required table that exists under another name."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import PairedTable, paired_tables
from trueup.checks.wording import code, counted, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_SQL = """
    CREATE TABLE shipping_invoices (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        parcel_code VARCHAR(40) NOT NULL,
        weight_grams INT UNSIGNED NOT NULL,
        carrier VARCHAR(60) NOT NULL,
        freight DECIMAL(10,2) NOT NULL
    );
"""
_COLUMNS = """
        $table->id();
        $table->string('parcel_code', 40);
        $table->unsignedInteger('weight_grams');
        $table->string('carrier', 60);
        $table->decimal('freight', 10, 2);
    });
"""

EXAMPLES = (
    failing(
        "The same columns in a table of another name",
        given(
            sql=_SQL, migration="Schema::create('parcel_bills', function (Blueprint $table) {\n" + _COLUMNS
        ),
        Expected(
            "warning",
            "The required table `shipping_invoices` exists under another name, `parcel_bills`.",
            table="shipping_invoices",
        ),
    ),
    clean(
        "The name is the required one",
        given(
            sql=_SQL,
            migration="Schema::create('shipping_invoices', function (Blueprint $table) {\n" + _COLUMNS,
        ),
    ),
)


@check(
    code="TBL002",
    title="A required table exists under another name",
    severity="warning",
    category="table",
    why="""Whoever writes code, reports or a migration by the specification meets an unknown table, and may well make a second one
        beside it, so that the data is split.""",
    fix="""Decide which name holds. Rename the table with `Schema::rename()` and change the code that names it, or correct the
        specification. Indexes and foreign keys keep their old names.""",
    examples=EXAMPLES,
)
def renamed_table(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        if table.pair.status == "renamed":
            yield _finding(facts, table)


def _finding(facts: Facts, table: PairedTable) -> Finding:
    old, name = table.existing.name, table.name
    uses = sum(u.table.lower() == old.lower() for u in facts.eloquent.uses)
    code_too = f" and change the {counted(uses, 'place')} in the code that name it" if uses else ""
    return Finding(
        "TBL002",
        "warning",
        "table",
        f"The required table {code(name)} exists under another name, {code(old)}.",
        table=name,
        expected=name,
        found=f"{old} ({_reasons(table)})",
        locations=places(table.required.at, table.existing.at),
        recommendation=f"Rename it with `Schema::rename('{old}', '{name}')`{code_too}, or put {code(old)} into the specification.",
        effort="M",
    )


def _reasons(table: PairedTable) -> str:
    """How sure the pairing is, what makes it so, and which tables come next."""
    candidates = table.pair.candidates
    own = next((c for c in candidates if c.table == table.existing.name), None)
    others = ", ".join(f"{c.table} {c.score:.2f}" for c in candidates if c is not own)
    reasons = f": {', '.join(own.reasons)}" if own else ""
    return f"score {table.pair.score:.2f}{reasons}" + (f"; next {others}" if others else "")
