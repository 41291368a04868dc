"""LIV008: indexes and unique keys that the migrations build and the live database lacks."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given
from trueup.checks.live._drift import FIRST, MIGRATION, ORDERS, drifted, server
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.compare.diff import IndexAdded
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Index

_BARE = "CREATE TABLE orders (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, status varchar(20) NOT NULL);"

EXAMPLES = (
    failing(
        "An index was dropped by hand",
        given(migration=MIGRATION, live=GivenLive(_BARE, (FIRST,))),
        Expected(
            "warning",
            "The live table `orders` lacks the index `orders_status_index` (status), which migrations that have run there build.",
            table="orders",
            index="orders_status_index",
        ),
    ),
    clean("It is there under another name", given(migration=MIGRATION, live=GivenLive(
        ORDERS.replace("orders_status_index", "by_status"), (FIRST,)))),
)  # fmt: skip


@check(
    code="LIV008",
    title="An index is missing from the live database",
    severity="warning",
    category="live",
    why="""Queries that are quick everywhere else read the whole table there. Without a unique key the server takes rows that the
        code thinks impossible.""",
    fix="A new migration that makes the index where it is missing; for a unique key ask `trueup preflight` for doubles first.",
    examples=EXAMPLES,
)
def index_not_live(facts: Facts) -> Iterator[Verdict]:
    found = drifted(facts)
    for difference in found.differences if found else ():
        if isinstance(difference, IndexAdded):
            yield _finding(facts, difference.table, difference.index)


def _finding(facts: Facts, table: str, index: Index) -> Finding:
    kind = "primary key" if index.primary else "unique key" if index.unique else "index"
    columns = ", ".join((*index.columns, *index.expressions))
    return Finding(
        "LIV008",
        "warning",
        "live",
        f"The live table {code(table)} lacks the {kind} {code(index.name)} ({columns}), "
        "which migrations that have run there build.",
        table=table,
        index=index.name,
        expected=f"{kind} ({columns})",
        found="no index that does the same",
        locations=places(index.at, server(facts)),
        recommendation=f"Make the {kind} again by a new migration.",
    )
