"""Grow: what a year of requests needs, and what it costs to be rid of a month."""

from __future__ import annotations

import time
from collections.abc import Iterator

from trueup.model.proofs import Proof
from trueup.prove._alter import indexed, retyped
from trueup.prove._answers import Answer, unbound
from trueup.prove._plans import plan, told
from trueup.prove._seeding import seed_to
from trueup.prove.bench import Bench
from trueup.prove.registry import probe

_YEAR = 365 * 86_400
_YEARS = 5.0
"""How long a key should last at least."""
SPACE, PURGE = "hold a year of requests", "purge a month"


@probe(
    name="grow",
    about="Measures bytes a row and its indexes, and how long it takes to delete a month.",
    seconds=30,
)
def grow(bench: Bench) -> Iterator[Proof]:
    missing = bench.missing_record()
    if missing:
        table = bench.binding.record.table if bench.binding.record else None
        yield unbound("grow", "PRF601", SPACE, missing, table)
        yield unbound("grow", "PRF602", PURGE, missing, table)
        return
    seed_to(bench, max(bench.workload.rows, bench.seeded))
    bench.tell("measuring sizes")
    yield _space(bench)
    bench.tell("deleting a month")
    yield _purge(bench)
    bench.clear()


def _bytes(bench: Bench) -> tuple[int, int]:
    """Bytes of the table and of its indexes, as the server tells them."""
    table = bench.record.table.name
    match bench.driver:
        case "pgsql":
            name = bench.sql.name(table)
            row = bench.sql.rows("SELECT pg_table_size(%s), pg_indexes_size(%s)", (name, name))[0]
            return int(row[0]), int(row[1])
        case "sqlite":
            pages = bench.sql.rows("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name")
            whole = {str(name): int(size) for name, size in pages}
            own = bench.sql.rows(
                "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = %s", (table,)
            )
            return whole.get(table, 0), sum(whole.get(str(name), 0) for (name,) in own)
        case _:
            row = bench.sql.rows(
                "SELECT data_length, index_length FROM information_schema.tables"
                " WHERE table_schema = DATABASE() AND table_name = %s",
                (table,),
            )[0]
            return int(row[0]), int(row[1])


def _space(bench: Bench) -> Proof:
    answer = Answer("grow", "PRF601", SPACE)
    data, index = _bytes(bench)
    number = bench.seeded
    a_year = bench.workload.load * _YEAR
    gigabytes = (data + index) / number * a_year / 1e9
    answer.saw(f"{number:,} rows", f"{data / number:.0f} bytes a row, {index / number:.0f} more in indexes")
    answer.saw(
        f"at {bench.workload.load:g} requests a second", f"{a_year:,.0f} rows and {gigabytes:.1f} GB a year"
    )
    words = f"{(data + index) / number:.0f} bytes a request: {gigabytes:.1f} GB a year at {bench.workload.load:g} a second"
    years = _key_lasts(bench, a_year)
    if years >= _YEARS:
        return answer.proof("carried", words)
    table = bench.record.table
    column = bench.column(table, bench.record.id)
    answer.change(
        "keys do not run out",
        retyped(
            table,
            column,
            bench.driver,
            "bigint unsigned" if bench.driver in ("mysql", "mariadb") else "bigint",
        ),
    )
    answer.blame(
        table, column.name, f"`{column.name}` ({column.type}) runs out after {years:.1f} years.", broken=True,
        expected="bigint", found=column.type, recommendation="Widen the key to bigint.",
    )  # fmt: skip
    words += f"; the key {column.name} ({column.type}) lasts {years:.1f} years"
    return answer.proof("not carried" if years < 1 else "carried with conditions", words)


def _key_lasts(bench: Bench, a_year: float) -> float:
    """Years until a whole number that counts rows is used up; a large number for keys that are none."""
    record = bench.record
    if not record.id:
        return 1e9
    found = bench.type_of(record.table, record.id)
    if found.family != "integer" or bench.driver == "sqlite":
        return 1e9
    return float(2 ** ((found.bits or 64) - (0 if found.unsigned else 1)) - 1) / a_year


def _purge(bench: Bench) -> Proof:
    answer, record = Answer("grow", "PRF602", PURGE), bench.record
    if not record.time:
        return answer.proof(
            "not carried", f"no column of {record.table.name} tells which rows are of a month"
        )
    column, table = bench.sql.name(record.time), bench.sql.name(record.table.name)
    values = ("2025-02-01 00:00:00",)
    statement = f"DELETE FROM {table} WHERE {column} < %s"
    how = plan(bench.sql, statement, values)
    start = time.perf_counter()
    gone = bench.sql.run(statement, values)
    took = time.perf_counter() - start
    answer.saw(
        f"January of {bench.seeded:,} rows",
        f"{gone:,} rows in {told(took)}; {how.text}",
        bench.sql.shown(statement, values),
    )
    indexes = [i for i in record.table.indexes if i.columns[:1] == (record.time,)]
    words = f"{gone:,} of {bench.seeded:,} rows in {told(took)}"
    if indexes or not how.scans:
        return answer.proof("carried", words)
    answer.change("a month is found by an index", indexed(record.table, (record.time,), bench.driver))
    locks = ", and every row is locked meanwhile" if bench.driver in ("mysql", "mariadb") else ""
    answer.blame(
        record.table, record.time, f"A purge by `{record.time}` reads all of `{record.table.name}`{locks}.", broken=False,
        expected=f"an index that begins with {record.time}", found="none", recommendation=f"Add an index on ({record.time}).",
    )  # fmt: skip
    return answer.proof("carried with conditions", f"{words}, by reading the whole table{locks}")
