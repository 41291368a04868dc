"""MIG009: a column that must not be NULL, added without default to a table that may have rows."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.migration._history import on_existing_tables
from trueup.checks.registry import check
from trueup.checks.wording import code, places, shown_type
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_GOODS = "Schema::create('goods', fn (Blueprint $table) => $table->id());"


def _adding(column: str) -> dict[str, str]:
    return {
        "2024_01_01_000000_goods": _GOODS,
        "2024_02_01_000000_maker": f"Schema::table('goods', fn (Blueprint $table) => {column});",
    }


EXAMPLES = (
    failing(
        "What do the rows that are there get?",
        given(migrations=_adding("$table->string('maker')"), driver="pgsql"),
        Expected(
            "warning",
            "`2024_02_01_000000_maker` adds `goods.maker` NOT NULL without default to a table that may have rows.",
            table="goods",
            column="maker",
        ),
    ),
    clean(
        "A default for them",
        given(migrations=_adding("$table->string('maker')->default('unknown')"), driver="pgsql"),
    ),
)

_CONSEQUENCE = {
    "pgsql": "fails as soon as there is a row",
    "sqlite": "fails",
    "mysql": "gives the rows that are there an empty text, 0 or a zero date in silence",
    "mariadb": "gives the rows that are there an empty text, 0 or a zero date in silence",
}


@check(
    code="MIG009",
    title="NOT NULL without default on a table with rows",
    severity="warning",
    category="migration",
    why="""It works on an empty database and in the tests. In production PostgreSQL refuses it, and MySQL invents a value for every
        row that is there.""",
    fix="Add the column nullable, fill it, and make it NOT NULL in a later step; or give it a default.",
    examples=EXAMPLES,
)
def not_null_on_rows(facts: Facts) -> Iterator[Verdict]:
    for migration, change in on_existing_tables(facts, "add column"):
        column = change.after
        if (
            column is None
            or column.nullable
            or column.default is not None
            or column.auto_increment
            or column.generated
        ):
            continue
        if {"nullable", "default"} & set(column.unknown):
            continue
        yield Finding(
            "MIG009",
            "warning",
            "migration",
            f"{code(migration.name)} adds {code(f'{change.table}.{column.name}')} NOT NULL without default to a table that may "
            "have rows.",
            table=change.table,
            column=column.name,
            expected="nullable, or a default",
            found=f"{shown_type(column.type)} NOT NULL: {_CONSEQUENCE[facts.schema.driver]}",
            locations=places(change.at),
            recommendation="Add it nullable, fill it, and make it NOT NULL in a later step; or give it a default.",
            effort="S",
            key=migration.name,
        )
