"""LIV009: indexes of the live database that no migration builds."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given
from trueup.checks.live._drift import FIRST, MIGRATION, ORDERS, doubt, drifted, server
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.compare.diff import IndexRemoved
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Index


def _with(index: str) -> GivenLive:
    return GivenLive(f"{ORDERS}\n{index}", (FIRST,))


EXAMPLES = (
    failing(
        "An index made by hand",
        given(migration=MIGRATION, live=_with("CREATE INDEX by_hand ON orders (status, id);")),
        Expected(
            "info",
            "The live table `orders` has the index `by_hand` (status, id) that no migration builds.",
            table="orders",
            index="by_hand",
        ),
    ),
    failing(
        "A unique key made by hand refuses rows",
        given(migration=MIGRATION, live=_with("CREATE UNIQUE INDEX once ON orders (status);")),
        Expected(
            "warning",
            "The live table `orders` has the unique key `once` (status) that no migration builds.",
            table="orders",
            index="once",
        ),
    ),
    clean("The same indexes", given(migration=MIGRATION, live=GivenLive(ORDERS, (FIRST,)))),
)


@check(
    code="LIV009",
    title="An index of the live database that no migration builds",
    severity="warning",
    category="live",
    why="""Somebody mended a slow query on this server only: a new installation does not have the index, and a rebuilt table loses
        it. A unique key made by hand refuses rows that are right everywhere else.""",
    fix="Write a migration that makes it where it is missing, or drop it.",
    examples=EXAMPLES,
)
def index_only_live(facts: Facts) -> Iterator[Verdict]:
    found = drifted(facts)
    for difference in found.differences if found else ():
        if isinstance(difference, IndexRemoved):
            table, index = difference.table, difference.index
            subject = f"{table} index {index.name}"
            yield doubt("LIV009", facts, table, subject) or _finding(facts, table, index)


def _finding(facts: Facts, table: str, index: Index) -> Finding:
    kind = "primary key" if index.primary else "unique key" if index.unique else "index"
    columns = ", ".join((*index.columns, *index.expressions))
    built = facts.schema.table(table)
    return Finding(
        "LIV009",
        "warning" if index.unique else "info",
        "live",
        f"The live table {code(table)} has the {kind} {code(index.name)} ({columns}) that no migration builds.",
        table=table,
        index=index.name,
        expected="an index that a migration makes",
        found=f"{kind} {index.name} ({columns})",
        locations=places(built.at if built else None, server(facts)),
        recommendation=f"Write a migration for the {kind}, or drop it.",
    )
