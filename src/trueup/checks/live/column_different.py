"""LIV007: columns that are otherwise on the live database than the migrations build them."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given
from trueup.checks.live._drift import FIRST, MIGRATION, ORDERS, drifted, server
from trueup.checks.registry import check
from trueup.checks.wording import code, places, shown_type
from trueup.compare.diff import ColumnChanged
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

EXAMPLES = (
    failing(
        "A shorter type",
        given(migration=MIGRATION, live=GivenLive(ORDERS.replace("varchar(20)", "varchar(10)"), (FIRST,))),
        Expected(
            "warning",
            "`orders.status` is otherwise on the live database: type `varchar(10)` where migrations build `varchar(20)`.",
            table="orders",
            column="status",
        ),
    ),
    failing(
        "It may be NULL there",
        given(
            migration=MIGRATION,
            live=GivenLive(ORDERS.replace("varchar(20) NOT NULL", "varchar(20) NULL"), (FIRST,)),
        ),
        Expected(
            "warning",
            "`orders.status` is otherwise on the live database: nullable `NULL` where migrations build `NOT NULL`.",
            table="orders",
            column="status",
        ),
    ),
    clean("The same", given(migration=MIGRATION, live=GivenLive(ORDERS, (FIRST,)))),
)


@check(
    code="LIV007",
    title="A column is otherwise on the live database",
    severity="warning",
    category="live",
    why="""Values that every test accepts are cut or refused there, or the other way round. A change by hand or an edited
        migration is the usual cause.""",
    fix="A new migration that changes the column to what is meant; `trueup preflight` says whether today's rows survive it.",
    examples=EXAMPLES,
)
def column_other_live(facts: Facts) -> Iterator[Verdict]:
    found = drifted(facts)
    changed: dict[tuple[str, str], list[ColumnChanged]] = {}
    for difference in found.differences if found else ():
        if isinstance(difference, ColumnChanged):
            changed.setdefault((difference.table, difference.new.name), []).append(difference)
    for (table, column), aspects in changed.items():
        told = "; ".join(
            f"{a.aspect} {code(shown_type(a.before))} where migrations build {code(shown_type(a.after))}"
            for a in aspects
        )
        yield Finding(
            "LIV007",
            "warning",
            "live",
            f"{code(f'{table}.{column}')} is otherwise on the live database: {told}.",
            table=table,
            column=column,
            expected="; ".join(f"{a.aspect}: {shown_type(a.after)}" for a in aspects),
            found="; ".join(f"{a.aspect}: {shown_type(a.before)}" for a in aspects),
            locations=places(aspects[0].new.at, server(facts)),
            recommendation="Decide which is meant and write a migration that makes it so; ask `trueup preflight` before.",
        )
