"""LIV004: tables of the live database that no migration builds."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given, unsure
from trueup.checks.live._drift import FIRST, MIGRATION, ORDERS, doubt, drifted, required, server
from trueup.checks.registry import check
from trueup.checks.subjects import is_framework_table
from trueup.checks.wording import code, places
from trueup.compare.diff import TableRemoved
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Table

_EXTRA = ORDERS + "\nCREATE TABLE order_backup (id bigint unsigned NOT NULL);"

EXAMPLES = (
    failing(
        "A table made by hand",
        given(migration=MIGRATION, live=GivenLive(_EXTRA, (FIRST,))),
        Expected(
            "info",
            "The live database has a table `order_backup` that no migration of the project builds.",
            table="order_backup",
        ),
    ),
    failing(
        "The specification requires a table that only the server has",
        given(
            sql="CREATE TABLE order_backup (id BIGINT UNSIGNED NOT NULL);",
            migration=MIGRATION,
            live=GivenLive(_EXTRA, (FIRST,)),
        ),
        Expected(
            "warning",
            "The live database has the required table `order_backup`, but no migration of the project builds it.",
            table="order_backup",
        ),
    ),
    clean(
        "A table of the framework",
        given(
            migration=MIGRATION,
            live=GivenLive(
                ORDERS + "\nCREATE TABLE telescope_monitoring (tag varchar(255) NOT NULL);", (FIRST,)
            ),
        ),
    ),
    unsure(
        "A migration makes tables whose names could not be told",
        given(
            migration=MIGRATION
            + "    Schema::create(file_get_contents('name.txt'), fn (Blueprint $table) => $table->id());\n",
            live=GivenLive(_EXTRA, (FIRST,)),
        ),
    ),
)


@check(
    code="LIV004",
    title="A table of the live database that no migration builds",
    severity="warning",
    category="live",
    why="""It exists on this server only: a new installation, the tests and the next developer do not have it. It was made by hand,
        by a package, or by a migration that is gone. Where the specification requires it, every other installation breaks it.""",
    fix="Write a migration that makes it where it is missing, or drop it.",
    examples=EXAMPLES,
)
def table_only_live(facts: Facts) -> Iterator[Verdict]:
    found = drifted(facts)
    for difference in found.differences if found else ():
        if isinstance(difference, TableRemoved) and not is_framework_table(difference.table.name):
            table = difference.table
            yield doubt("LIV004", facts, table.name, f"table {table.name}") or _finding(facts, table)


def _finding(facts: Facts, table: Table) -> Finding:
    wanted = required(facts, table.name)
    name = code(table.name)
    message = (
        f"The live database has the required table {name}, but no migration of the project builds it."
        if wanted
        else f"The live database has a table {name} that no migration of the project builds."
    )
    return Finding(
        "LIV004",
        "warning" if wanted else "info",
        "live",
        message,
        table=table.name,
        expected="a migration that builds it" if wanted else "no such table",
        found=f"TABLE {table.name} ({len(table.columns)} columns)",
        locations=places(wanted, server(facts)),
        recommendation=f"Write a migration for {name}, or drop it if nothing uses it.",
        effort="M",
    )
