"""KEY006: a CHECK that is required and not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import PairedTable, doubt_about_contents, paired_tables, unsure
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Check
from trueup.model.spec import RequiredCheck
from trueup.model.wanted import Wanted

_SQL = """
    CREATE TABLE limits (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        amount DECIMAL(10,2) NOT NULL,
        CONSTRAINT amount_positive CHECK (amount > 0)
    );
"""
_TABLE = (
    "Schema::create('limits', fn (Blueprint $table) => [$table->id(), $table->decimal('amount', 10, 2)]);\n"
)

EXAMPLES = (
    failing(
        "Nothing keeps the amount above nothing",
        given(sql=_SQL, migration=_TABLE),
        Expected("warning", "`limits` does not check that amount > 0.", table="limits"),
    ),
    clean(
        "Raw SQL adds the check",
        given(
            sql=_SQL,
            migration=_TABLE
            + "DB::statement('ALTER TABLE limits ADD CONSTRAINT amount_positive CHECK (amount > 0)');",
        ),
    ),
)


@check(
    code="KEY006",
    title="A required CHECK is missing",
    severity="warning",
    category="key",
    why="Values that the specification excludes come in by every way that does not pass the application's own validation.",
    fix="""Laravel has no method for checks: `DB::statement('ALTER TABLE ... ADD CONSTRAINT ... CHECK (...)')`, after looking
        for rows that would violate it. SQLite can have it only in CREATE TABLE.""",
    examples=EXAMPLES,
)
def missing_check(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        for required in table.required.checks:
            if _kept(table, required):
                continue
            doubt = doubt_about_contents(facts, table.existing)
            subject = f"{table.shown} CHECK ({required.expression})"
            yield unsure("KEY006", subject, doubt, table.name) if doubt else _finding(table, required)


def _kept(table: PairedTable, required: RequiredCheck) -> bool:
    """Whether a check of the same name, text or list of values is there; an ENUM of these values does the same."""
    columns = {c.lower() for c in table.here(required.columns)}
    if required.values and any(
        set(c.values) == set(required.values) for c in table.existing.columns if c.name.lower() in columns
    ):
        return True
    return any(_same(required, c) for c in table.existing.checks)


def _same(required: RequiredCheck, found: Check) -> bool:
    if required.name and found.name and required.name.lower() == found.name.lower():
        return True
    if required.values and set(required.values) == set(found.values):
        return {c.lower() for c in required.columns} == {c.lower() for c in found.columns}
    return _squeezed(required.expression) == _squeezed(found.expression)


def _squeezed(expression: str) -> str:
    """The expression without the quotes, casts, parentheses and spaces that servers add."""
    return re.sub(r"::[a-z_ ]+(\(\d+(,\d+)?\))?|[`\"()\s]", "", expression.lower())


def _finding(table: PairedTable, required: RequiredCheck) -> Finding:
    name = required.name or f"{table.shown}_{'_'.join(required.columns) or 'rows'}_check"
    statement = f"ALTER TABLE {table.shown} ADD CONSTRAINT {name} CHECK ({required.expression})"
    return Finding(
        "KEY006",
        "warning",
        "key",
        f"{code(table.shown)} does not check that {required.expression}.",
        table=table.name,
        column=", ".join(required.columns),
        expected=f"CHECK ({required.expression})",
        found=f"no such check{table.why_not}",
        locations=places(required.at, table.existing.at),
        recommendation=f"Look for rows that violate it, then run {code(statement)}.",
        effort="S",
        key=_squeezed(required.expression),
        wants=(Wanted("check", required.columns, values=required.values, expression=required.expression),),
    )
