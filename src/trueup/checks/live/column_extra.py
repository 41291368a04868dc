"""LIV006: columns of the live database that no migration builds."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given
from trueup.checks.live._drift import FIRST, MIGRATION, ORDERS, doubt, drifted, required, server
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.compare.diff import ColumnRemoved
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location
from trueup.model.schema import Column


def _with(column: str) -> GivenLive:
    return GivenLive(f"{ORDERS}\nALTER TABLE orders ADD {column};", (FIRST,))


EXAMPLES = (
    failing(
        "A column that must be filled, made by hand",
        given(migration=MIGRATION, live=_with("channel varchar(20) NOT NULL")),
        Expected(
            "error",
            "The live table `orders` has a column `channel` that no migration builds and that must be filled: inserts which do not "
            "know it fail.",
            table="orders",
            column="channel",
        ),
    ),
    failing(
        "A column that may stay empty",
        given(migration=MIGRATION, live=_with("channel varchar(20) NULL")),
        Expected(
            "warning",
            "The live table `orders` has a column `channel` that no migration builds.",
            table="orders",
            column="channel",
        ),
    ),
    clean("The same columns", given(migration=MIGRATION, live=GivenLive(ORDERS, (FIRST,)))),
    clean(
        "A pending migration will drop it",
        given(
            migration="Schema::create('notes', function (Blueprint $table) { $table->id(); $table->text('old')->nullable(); });",
            migrations={
                "2024_02_01_000000_less": "Schema::table('notes', fn (Blueprint $table) => $table->dropColumn('old'));"
            },
            live=GivenLive(
                "CREATE TABLE notes (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, old text NULL);",
                (FIRST,),
            ),
        ),
    ),
)


@check(
    code="LIV006",
    title="A column of the live database that no migration builds",
    severity="error",
    category="live",
    why="""It exists on this server only; code that uses it fails elsewhere. One that must be filled and has no default makes
        inserts fail that are right everywhere else (in strict mode).""",
    fix="Write a migration that adds it where it is missing, or drop it.",
    examples=EXAMPLES,
)
def column_only_live(facts: Facts) -> Iterator[Verdict]:
    found = drifted(facts)
    for difference in found.differences if found else ():
        if isinstance(difference, ColumnRemoved):
            table, column = difference.table, difference.column
            subject = f"{table}.{column.name}"
            yield doubt("LIV006", facts, table, subject) or _finding(facts, table, column)


def _finding(facts: Facts, table: str, column: Column) -> Finding:
    wanted = required(facts, table, column.name)
    must = not (column.nullable or column.default is not None or column.auto_increment or column.generated)
    about = "the required column" if wanted else "a column"
    consequence = " and that must be filled: inserts which do not know it fail" if must else ""
    return Finding(
        "LIV006",
        "error" if must else "warning",
        "live",
        f"The live table {code(table)} has {about} {code(column.name)} that no migration builds{consequence}.",
        table=table,
        column=column.name,
        expected="no such column" if wanted is None else "a migration that adds it",
        found=f"{column.name} {column.type}{'' if column.nullable else ' NOT NULL'}",
        locations=places(wanted, _table_at(facts, table), server(facts)),
        recommendation=f"Write a migration that adds {code(column.name)} where it is missing, or drop it there.",
    )


def _table_at(facts: Facts, table: str) -> Location | None:
    built = facts.schema.table(table)
    return built.at if built else None
