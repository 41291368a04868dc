"""LIV011: indexes that the live database has never read by."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given, unsure
from trueup.checks.live._drift import FIRST, MIGRATION, ORDERS, server
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.live import Live
from trueup.model.schema import Index, Table

ENOUGH = 1000
"""Reads of the table below which nothing can be said of its indexes."""
_UNREAD = GivenLive(ORDERS, (FIRST,), (("orders", 5200), ("orders.orders_status_index", 0)))

EXAMPLES = (
    failing(
        "The table is read, the index never",
        given(migration=MIGRATION, live=_UNREAD),
        Expected(
            "info",
            "The live database has never read by the index `orders_status_index` of `orders` since 2026-01-01, "
            "in 5,200 reads of the table.",
            table="orders",
            index="orders_status_index",
        ),
    ),
    clean(
        "The index is read",
        given(
            migration=MIGRATION,
            live=GivenLive(ORDERS, (FIRST,), (("orders", 5200), ("orders.orders_status_index", 12))),
        ),
    ),
    clean(
        "Hardly anybody has read the table since the server counts",
        given(
            migration=MIGRATION,
            live=GivenLive(ORDERS, (FIRST,), (("orders", 40), ("orders.orders_status_index", 0))),
        ),
    ),
    unsure(
        "The server does not count reads",
        given(migration=MIGRATION, live=GivenLive(ORDERS, (FIRST,))),
    ),
)


@check(
    code="LIV011",
    title="An index that the live database never reads by",
    severity="info",
    category="live",
    why="""Every insert and most updates pay for it, and it takes room in memory. Counted by the server itself since the day that is
        told; replicas count for themselves, and a yearly report may be the one that needs it. Primary and unique keys and the index
        behind a foreign key are not asked: they have work to do besides being read.""",
    fix="Ask replicas and rare jobs, then drop it by a migration; MySQL can make it invisible first, to try.",
    examples=EXAMPLES,
)
def unused_index(facts: Facts) -> Iterator[Verdict]:
    live = facts.live
    if live is None:
        return
    reason = live.why_untold("reads")
    if reason:
        yield CannotTell("LIV011", "which indexes are read", reason, live.at)
        return
    for table in live.schema.tables:
        reads = live.size(table.name).reads
        if reads is None or reads < ENOUGH:
            continue
        for index in table.indexes:
            if live.use(table.name, index.name).reads == 0 and not _has_other_work(table, index):
                yield _finding(facts, live, table, index, reads)


def _has_other_work(table: Table, index: Index) -> bool:
    if index.unique or index.primary:
        return True
    return any(index.columns[: len(k.columns)] == k.columns for k in table.foreign_keys)


def _finding(facts: Facts, live: Live, table: Table, index: Index, reads: int) -> Finding:
    built = facts.schema.table(table.name)
    made = next((i for i in built.indexes if i.name.lower() == index.name.lower()), None) if built else None
    size = live.use(table.name, index.name).size
    return Finding(
        "LIV011",
        "info",
        "live",
        f"The live database has never read by the index {code(index.name)} of {code(table.name)}"
        + (f" since {live.since}" if live.since else "")
        + f", in {reads:,} reads of the table.",
        table=table.name,
        index=index.name,
        expected="an index that queries read by",
        found="0 reads" + (f", {size:,} bytes" if size is not None else ""),
        locations=places(made.at if made else None, built.at if built else None, server(facts)),
        recommendation="Ask replicas and rare jobs, then drop it by a migration.",
    )
