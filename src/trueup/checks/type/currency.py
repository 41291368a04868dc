"""TYP006: amounts without their currency, in a project that keeps currencies elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.amounts import is_money
from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, listed, places
from trueup.compare.domains import Approximate, Exact, domain_of
from trueup.compare.names import words
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Column, Table

_MIGRATION = """
    Schema::create('prices', fn (Blueprint $table) => [$table->id(), $table->decimal('price', 10, 4), $table->char('currency', 3)]);
    Schema::create('rollups', fn (Blueprint $table) => [$table->id(), $table->decimal('total_cost', 10, 4)%s]);
"""

EXAMPLES = (
    failing(
        "Prices have one, sums have none",
        given(migration=_MIGRATION % ""),
        Expected("info", "`rollups` keeps `total_cost` without a currency.", table="rollups"),
    ),
    clean("Both have", given(migration=_MIGRATION % ", $table->char('currency', 3)")),
    clean(
        "A project with one currency for all",
        given(
            migration="Schema::create('prices', fn (Blueprint $table) => [$table->id(), $table->decimal('price', 10, 4)]);"
        ),
    ),
)


@check(
    code="TYP006",
    title="An amount without its currency",
    severity="info",
    category="type",
    why="Other tables say which currency an amount is in, so amounts of several come together here and are added up as one.",
    fix="Keep the currency beside the amount, or refer to the row that has it.",
    examples=EXAMPLES,
)
def missing_currency(facts: Facts) -> Iterator[Verdict]:
    with_currency = [t for t in facts.schema.tables if _says_currency(t)]
    if not any(_amounts(facts, t) for t in with_currency):
        return
    known = {t.name.lower() for t in with_currency}
    for table in facts.schema.tables:
        amounts = _amounts(facts, table)
        refers = any(
            k.foreign_table.lower() in known
            for k in table.foreign_keys
            if len(k.columns) == 1 and _is_part(k.columns)
        )
        if amounts and table.name.lower() not in known and not refers:
            yield _finding(table, amounts)


def _says_currency(table: Table) -> bool:
    return any("currency" in words(c.name) or "currencies" in words(c.name) for c in table.columns)


def _is_part(columns: tuple[str, ...]) -> bool:
    """A foreign key to a table with a currency, other than that of the owner: of an order's line to its order."""
    return not any(w in {"user", "owner", "account", "tenant", "team"} for c in columns for w in words(c))


def _amounts(facts: Facts, table: Table) -> list[Column]:
    return [
        c
        for c in table.columns
        if is_money(c.name) and isinstance(domain_of(c.type, facts.schema.driver), (Exact, Approximate))
    ]


def _finding(table: Table, amounts: list[Column]) -> Finding:
    return Finding(
        "TYP006",
        "info",
        "type",
        f"{code(table.name)} keeps {listed(c.name for c in amounts)} without a currency.",
        table=table.name,
        expected="a column for the currency",
        found="none",
        locations=places(amounts[0].at, table.at),
        recommendation="Add `$table->char('currency', 3);` in a migration, filled from where the amounts come from.",
        effort="M",
    )
