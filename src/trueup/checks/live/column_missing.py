"""LIV005: columns that the migrations build and the live database lacks."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given
from trueup.checks.live._drift import FIRST, MIGRATION, ORDERS, drifted, server
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.compare.diff import ColumnAdded
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

EXAMPLES = (
    failing(
        "The migration was changed after it had run",
        given(
            migration=MIGRATION,
            live=GivenLive(
                "CREATE TABLE orders (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY);", (FIRST,)
            ),
        ),
        Expected(
            "error",
            "The live table `orders` has no column `status`, which migrations that have run there build.",
            table="orders",
            column="status",
        ),
    ),
    clean("The column is there", given(migration=MIGRATION, live=GivenLive(ORDERS, (FIRST,)))),
    clean(
        "A pending migration will add it",
        given(
            migration=MIGRATION,
            migrations={
                "2024_02_01_000000_more": "Schema::table('orders', fn (Blueprint $table) => $table->text('note'));"
            },
            live=GivenLive(ORDERS, (FIRST,)),
        ),
    ),
)


@check(
    code="LIV005",
    title="A column is missing from the live database",
    severity="error",
    category="live",
    why="""Every query that names it fails there and works everywhere else. The usual cause: a migration that was edited after it
        had run, which the framework does not run again.""",
    fix="A new migration that adds the column; a migration that has run is never edited.",
    examples=EXAMPLES,
)
def column_not_live(facts: Facts) -> Iterator[Verdict]:
    found = drifted(facts)
    for difference in found.differences if found else ():
        if isinstance(difference, ColumnAdded):
            table, column = difference.table, difference.column
            yield Finding(
                "LIV005",
                "error",
                "live",
                f"The live table {code(table)} has no column {code(column.name)}, which migrations that have run there build.",
                table=table,
                column=column.name,
                expected=f"{column.name} {column.type}",
                found="no such column",
                locations=places(column.at, server(facts)),
                recommendation=f"Add {code(column.name)} to {code(table)} by a new migration that first asks `Schema::hasColumn`.",
            )
