"""Whether amounts come back as they were sent: one by one, and a million added up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice

from trueup.model.proofs import Proof
from trueup.prove._alter import retyped
from trueup.prove._answers import Answer
from trueup.prove._prices import Request, requests, single_requests
from trueup.prove._sql import Value
from trueup.prove.bench import Bench

EXACT = "numeric(20,10)"
SAMPLE = 20_000
"""Requests stored to measure the drift, unless there are to be fewer rows."""
SMALL = Decimal("0.001")
"""A drift of less than a thousandth of what was spent is a condition, more is a loss."""
_MILLION = 1_000_000


def amounts(bench: Bench, code: str, capability: str) -> Proof:
    """Each amount by itself: stored, read back, compared."""
    answer = Answer("record", code, capability)
    refused, changed = [], []
    for what, cost in single_requests():
        row = bench.cost_row({"amount": bench.sent(cost)})
        sql, values = bench.sql.insert(bench.record.table.name, row)
        reason, stored = _stored(bench, sql, values)
        if reason:
            refused.append(what)
            answer.saw(f"{what}: ${cost:f}", f"refused: {reason}", bench.sql.shown(sql, values))
        elif stored != cost:
            changed.append(what)
            answer.saw(f"{what}: ${cost:f}", f"read back as {stored:f}", bench.sql.shown(sql, values))
        else:
            answer.saw(f"{what}: ${cost:f}", "read back the same")
    if not refused and not changed:
        return answer.proof("carried", f"{bench.amount_label} gives back every amount as it was sent")
    _wider(bench, answer)
    lost = [*(f"refuses {w}" for w in refused[:1]), *(f"changes {w}" for w in changed[:1])]
    reason = f"{bench.amount_label} {' and '.join(lost)}"
    _blame(bench, answer, f"`{bench.record.amount}` {' and '.join(lost)}.", broken=bool(refused))
    return answer.proof("not carried" if refused else "carried with conditions", reason)


def _stored(bench: Bench, sql: str, values: Sequence[Value]) -> tuple[str, Decimal]:
    """Why the server refuses the row, or "", and the amount that it keeps. The row is undone."""
    from sqlalchemy.exc import DBAPIError

    from trueup.scratch.building import words_of

    table, column = (bench.sql.name(n) for n in (bench.record.table.name, bench.record.amount))
    with bench.sql.engine.connect() as connection:
        try:
            bench.sql.run(sql, values, connection)
            found = bench.sql.one(f"SELECT {column} FROM {table}", (), connection)
        except DBAPIError as problem:
            return words_of(problem)[0], Decimal(0)
        connection.rollback()
    return "", bench.read(found)


def drift(bench: Bench, code: str, capability: str) -> Proof:
    """Requests as they come, stored and read back one by one in sum; told for a million of them."""
    answer = Answer("record", code, capability)
    number = min(SAMPLE, bench.workload.rows)
    sample = list(requests(number, bench.workload.seed))
    true = sum((r.cost for r in sample), Decimal(0))
    free, stored = _keep(bench, sample)
    lost = (stored - true) * _MILLION / number
    share = abs(stored - true) / true
    answer.saw(
        f"{number:,} requests as they come (seed {bench.workload.seed}), ${true:f} in all",
        f"stored as ${stored:f}: {lost:+,.6f} dollars for a million requests; {free:,} of {number:,} cost nothing as stored",
        f"SELECT {bench.sql.name(bench.record.amount)} FROM {bench.sql.name(bench.record.table.name)}",
    )
    if stored == true and not free:
        return answer.proof("carried", "not a fraction of a cent is lost on a million requests")
    _wider(bench, answer)
    whole = true * _MILLION / number
    side = "short" if lost < 0 else "over"
    words = f"a million requests of ${whole:,.2f} are stored {abs(lost):,.6f} dollars {side}"
    words += f", and {free * 100 / number:.1f} % of them as free" if free else ""
    _blame(bench, answer, f"`{bench.record.amount}` rounds: {words}.", broken=share >= SMALL)
    return answer.proof("carried with conditions" if share < SMALL else "not carried", words)


def _keep(bench: Bench, sample: list[Request]) -> tuple[int, Decimal]:
    """Stores the requests; how many that cost something cost nothing as stored, and the sum of what is stored."""
    name = bench.record.table.name
    rows = iter(sample)
    with bench.sql.engine.begin() as connection:
        while batch := list(islice(rows, 250)):
            made = [bench.cost_row({"amount": bench.sent(r.cost)}) for r in batch]
            bench.sql.insert_many(name, made, connection)
    column = bench.sql.name(bench.record.amount)
    found = [bench.read(v) for (v,) in bench.sql.rows(f"SELECT {column} FROM {bench.sql.name(name)}")]
    bench.clear()
    return sum(1 for amount in found if not amount), sum(found, Decimal(0))


def _wider(bench: Bench, answer: Answer) -> None:
    table = bench.record.table
    column = bench.column(table, bench.record.amount)
    kind = EXACT if bench.driver == "pgsql" else EXACT.replace("numeric", "decimal")
    answer.change(
        "ten digits after the point hold any price of one token, ten before it any month",
        retyped(table, column, bench.driver, kind),
    )


def _blame(bench: Bench, answer: Answer, message: str, *, broken: bool) -> None:
    table = bench.record.table
    found = bench.column(table, bench.record.amount).type
    answer.blame(
        table,
        bench.record.amount,
        message,
        broken=broken,
        expected="decimal(20,10)",
        found=found,
        recommendation="Widen the column to decimal(20,10).",
    )
