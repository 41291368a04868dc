"""TYP004: money in binary floating point, whatever a document says."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import paired_columns
from trueup.checks.wording import code, places
from trueup.compare.domains import Approximate, domain_of
from trueup.compare.names import words
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MONEY = frozenset(
    {"price", "cost", "balance", "fee", "salary", "subtotal", "tax", "refund", "revenue", "spend", "spending"}
)
_NOT_MONEY = frozenset(
    {"per", "percentage", "rate", "ratio", "factor", "score", "multiplier", "change", "saving", "average"}
)

EXAMPLES = (
    failing(
        "A price in DOUBLE",
        given(
            migration="Schema::create('goods', fn (Blueprint $table) => [$table->id(), $table->double('price')]);"
        ),
        Expected(
            "warning",
            "`goods.price` keeps money in binary floating point (double).",
            table="goods",
            column="price",
        ),
    ),
    clean(
        "A price in DECIMAL, and a rate in DOUBLE",
        given(
            migration="""
                Schema::create('goods', function (Blueprint $table) {
                    $table->id();
                    $table->decimal('price', 10, 2);
                    $table->double('price_change_percentage');
                });
            """
        ),
    ),
)


@check(
    code="TYP004",
    title="Money in floating point",
    severity="warning",
    category="type",
    why="""0.1 has no exact binary form: sums of many small amounts drift, and amounts that are equal on paper compare unequal.
        Columns whose required type is known are judged by TYP001 and TYP002 instead.""",
    fix="Use `decimal()` with the digits that the currency and the smallest amount need, or whole minor units in `bigInteger()`.",
    examples=EXAMPLES,
)
def money_in_floats(facts: Facts) -> Iterator[Verdict]:
    judged = {(c.table.existing.name, c.existing.name) for c in paired_columns(facts) if c.required.type}
    if facts.schema.driver == "sqlite":
        return
    for table in facts.schema.tables:
        for column in table.columns:
            parts = frozenset(words(column.name))
            if (
                (table.name, column.name) in judged
                or not parts & _MONEY
                or parts & _NOT_MONEY
                or "type" in column.unknown
            ):
                continue
            if isinstance(domain_of(column.type, facts.schema.driver), Approximate):
                yield Finding(
                    "TYP004",
                    "warning",
                    "type",
                    f"{code(f'{table.name}.{column.name}')} keeps money in binary floating point ({column.type}).",
                    table=table.name,
                    column=column.name,
                    expected="an exact type",
                    found=column.type,
                    locations=places(column.at),
                    recommendation=f"Change it with `$table->decimal('{column.name}', 16, 6)->change();`, or with the digits that "
                    "are needed.",
                    effort="S",
                )
