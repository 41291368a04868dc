"""LIV012: indexes of the live database whose work another one does."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given
from trueup.checks.live._drift import FIRST, MIGRATION, ORDERS, server
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.live import Live
from trueup.model.schema import Index, Table

EXAMPLES = (
    failing(
        "A longer index that begins with the same columns",
        given(
            migration=MIGRATION,
            live=GivenLive(f"{ORDERS}\nCREATE INDEX longer ON orders (status, id);", (FIRST,)),
        ),
        Expected(
            "info",
            "On the live database the index `orders_status_index` (status) of `orders` does nothing that `longer` (status, id) "
            "does not do.",
            table="orders",
            index="orders_status_index",
        ),
    ),
    failing(
        "The same twice",
        given(
            migration=MIGRATION,
            live=GivenLive(f"{ORDERS}\nCREATE INDEX twice ON orders (status);", (FIRST,)),
        ),
        Expected(
            "info",
            "On the live database the index `twice` (status) of `orders` does nothing that `orders_status_index` (status) "
            "does not do.",
            table="orders",
            index="twice",
        ),
    ),
    clean(
        "A unique key is not replaced by a longer index",
        given(
            migration=MIGRATION,
            live=GivenLive(
                "CREATE TABLE orders (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, status varchar(20) NOT NULL, "
                "UNIQUE KEY once (status), KEY longer (status, id));",
                (FIRST,),
            ),
        ),
    ),
)


@check(
    code="LIV012",
    title="An index of the live database whose work another one does",
    severity="info",
    category="live",
    why="""Each insert and update writes both, and only one is read by. Of equal indexes the later name is told; unique keys
        count as doing more than an index of the same columns; partial, prefix and special indexes are not compared.""",
    fix="Drop it by a migration, after a look at hints that name it (`USE INDEX`).",
    examples=EXAMPLES,
)
def duplicate_index(facts: Facts) -> Iterator[Verdict]:
    live = facts.live
    for table in live.schema.tables if live else ():
        for index in table.indexes:
            other = _doing_more(table, index)
            if live is not None and other is not None:
                yield _finding(facts, live, table, index, other)


def _plain(index: Index) -> bool:
    whole = not any(index.prefix_lengths) and not index.expressions and index.where is None
    return whole and index.kind in ("btree", "") and bool(index.columns)


def _doing_more(table: Table, index: Index) -> Index | None:
    """An index that makes this one needless. Of two equal ones the first by name stays."""
    if index.primary or not _plain(index):
        return None
    for other in sorted(table.indexes, key=lambda i: (not i.primary, not i.unique, i.name)):
        if other is index or not _plain(other) or other.columns[: len(index.columns)] != index.columns:
            continue
        same = other.columns == index.columns
        if index.unique and not (same and other.unique and (other.primary or other.name < index.name)):
            continue
        if not same or other.unique or other.name < index.name:
            return other
    return None


def _finding(facts: Facts, live: Live, table: Table, index: Index, other: Index) -> Finding:
    built = facts.schema.table(table.name)
    made = next((i for i in built.indexes if i.name.lower() == index.name.lower()), None) if built else None
    size = live.use(table.name, index.name).size
    return Finding(
        "LIV012",
        "info",
        "live",
        f"On the live database the index {code(index.name)} ({', '.join(index.columns)}) of {code(table.name)} does nothing that "
        f"{code(other.name)} ({', '.join(other.columns)}) does not do.",
        table=table.name,
        index=index.name,
        expected="one index for this work",
        found=f"{index.name} and {other.name}" + (f", {size:,} bytes" if size is not None else ""),
        locations=places(made.at if made else None, built.at if built else None, server(facts)),
        recommendation=f"Drop {code(index.name)} by a migration.",
    )
