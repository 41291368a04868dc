"""LIV003: tables that the migrations build and the live database lacks."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given
from trueup.checks.live._drift import FIRST, MIGRATION, ORDERS, drifted, server
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.compare.diff import TableAdded
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

EXAMPLES = (
    failing(
        "The migration ran, the table is gone",
        given(migration=MIGRATION, live=GivenLive("", (FIRST,))),
        Expected(
            "error",
            "The live database has no table `orders`, which migrations that have run there build.",
            table="orders",
        ),
    ),
    clean("The migration is still to run", given(migration=MIGRATION, live=GivenLive("", ()))),
    clean("The table is there", given(migration=MIGRATION, live=GivenLive(ORDERS, (FIRST,)))),
)


@check(
    code="LIV003",
    title="A table is missing from the live database",
    severity="error",
    category="live",
    why="""Every query of it fails. The framework will not make it again, because its migration counts as run: it was dropped or
        renamed by hand, or the migration was changed after it had run.""",
    fix="A new migration that makes the table where it is missing (`Schema::hasTable`), or the backup.",
    examples=EXAMPLES,
)
def table_not_live(facts: Facts) -> Iterator[Verdict]:
    found = drifted(facts)
    for difference in found.differences if found else ():
        if isinstance(difference, TableAdded):
            table = difference.table
            yield Finding(
                "LIV003",
                "error",
                "live",
                f"The live database has no table {code(table.name)}, which migrations that have run there build.",
                table=table.name,
                expected=f"TABLE {table.name} ({len(table.columns)} columns)",
                found="no such table",
                locations=places(table.at, server(facts)),
                recommendation=f"Find out who dropped or renamed {code(table.name)}; a new migration can make it again.",
                effort="M",
            )
