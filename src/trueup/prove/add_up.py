"""Add up: whether sums are exact, and how long they take as the table grows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from trueup.model.proofs import Proof
from trueup.prove._alter import indexed
from trueup.prove._answers import Answer, listed, unbound
from trueup.prove._plans import plan, seconds, told
from trueup.prove._record_money import EXACT
from trueup.prove._seeding import seed_to, sizes
from trueup.prove._sql import Value
from trueup.prove.bench import USERS, Bench
from trueup.prove.registry import probe

_EXACT_ROWS = 100_000
"""Rows that are read back to be added up here: enough for any rounding to show."""
_SLOW = 0.1
"""Seconds that a request may wait for the sum that its limit is held against."""
_MONTH = ("2025-11-01 00:00:00", "2025-12-01 00:00:00")


@probe(
    name="add-up",
    about="Compares sums by user, day, month, provider and model with exact arithmetic, and times them from a thousand rows up.",
    seconds=60,
)
def add_up(bench: Bench) -> Iterator[Proof]:
    missing = bench.missing_record()
    if missing:
        table = bench.binding.record.table if bench.binding.record else None
        for code, capability in ((EXACT_CODE, EXACT_SUMS), (SPEND_CODE, SPEND)):
            yield unbound("add-up", code, capability, missing, table)
        return
    spend, reports = Answer("add-up", SPEND_CODE, SPEND), Answer("add-up", "PRF203", REPORTS)
    for number in sizes(bench.workload.rows):
        seed_to(bench, number)
        if number == min(_EXACT_ROWS, bench.workload.rows):
            yield _exact(bench)
        _time(bench, spend, reports)
    yield _spend_verdict(bench, spend)
    yield _reports_verdict(bench, reports)


EXACT_CODE, EXACT_SUMS = "PRF201", "add up costs exactly"
SPEND_CODE, SPEND = "PRF202", "tell at once what a user has spent in a period"
REPORTS = "report costs by day, month, provider and model"


def _groups(bench: Bench) -> Iterator[tuple[str, str]]:
    """What costs are added up by: its name and the expression for it."""
    record = bench.record
    for role in ("user", "provider", "model"):
        if name := getattr(record, role):
            yield role, bench.sql.name(name)
    if record.time:
        column = bench.sql.name(record.time)
        match bench.driver:
            case "sqlite":
                days, months = f"substr({column}, 1, 10)", f"substr({column}, 1, 7)"
            case "pgsql":
                days, months = f"to_char({column}, 'YYYY-MM-DD')", f"to_char({column}, 'YYYY-MM')"
            case _:
                days, months = f"DATE_FORMAT({column}, '%Y-%m-%d')", f"DATE_FORMAT({column}, '%Y-%m')"
        yield "day", days
        yield "month", months


def _exact(bench: Bench) -> Proof:
    answer = Answer("add-up", EXACT_CODE, EXACT_SUMS)
    column, table = bench.sql.name(bench.record.amount), bench.sql.name(bench.record.table.name)
    wrong, worst = [], Decimal(0)
    for what, key in _groups(bench):
        statement = f"SELECT {key}, SUM({column}) FROM {table} GROUP BY {key}"
        added = {str(k): bench.read(v) for k, v in bench.sql.rows(statement)}
        true: dict[str, Decimal] = defaultdict(Decimal)
        for k, v in bench.sql.rows(f"SELECT {key}, {column} FROM {table}"):
            true[str(k)] += bench.read(v)
        off = max((abs(added.get(k, Decimal(0)) - v) for k, v in true.items()), default=Decimal(0))
        worst = max(worst, off)
        said = f"off by {off:f} at most" if off else "exact"
        answer.saw(f"by {what}", f"{len(true):,} sums of {bench.seeded:,} rows {said}", statement)
        wrong += [what] if off else []
    if (
        bench.driver == "sqlite"
        and bench.type_of(bench.record.table, bench.record.amount).family != "integer"
    ):
        return _in_doubles(bench, answer, worst)
    if not wrong:
        return answer.proof(
            "carried", f"sums by {listed(k for k, _ in _groups(bench))} are exact to the last digit"
        )
    kind = bench.column(bench.record.table, bench.record.amount).type
    answer.blame(
        bench.record.table,
        bench.record.amount,
        f"SUM of `{bench.record.amount}` ({kind}) is off by up to {worst:.3e}.",
        broken=True,
        expected=EXACT,
        found=kind,
        recommendation="Make the column a decimal.",
    )
    words = f"SUM of {bench.amount_label} adds binary fractions: off by up to {worst:.3e} on {bench.seeded:,} rows"
    return answer.proof("not carried", words)


def _in_doubles(bench: Bench, answer: Answer, worst: Decimal) -> Proof:
    """SQLite has no decimals: SUM adds doubles, and how far off it is depends on the rows."""
    off = f"off by up to {worst:.1e}" if worst else "exact to 15 digits"
    words = f"SUM adds doubles: {off} on {bench.seeded:,} rows; exact if whole units are added, as trueup.ledger does"
    answer.blame(
        bench.record.table,
        bench.record.amount,
        f"SUM of `{bench.record.amount}` adds doubles.",
        broken=False,
        expected=EXACT,
        found=bench.column(bench.record.table, bench.record.amount).type,
        recommendation="Add whole units: SUM(CAST(ROUND(amount * 1e10) AS INTEGER)).",
    )
    return answer.proof("carried with conditions", words)


def _spend(bench: Bench) -> tuple[str, list[Value]]:
    """What a limit is held against: the sum of a user since the period began."""
    record, name = bench.record, bench.sql.name
    where: list[str] = []
    values: list[Value] = []
    if record.user:
        where.append(f"{name(record.user)} = %s")
        values.append(bench.users(USERS)[3])
    if record.time:
        where.append(f"{name(record.time)} >= %s AND {name(record.time)} < %s")
        values += _MONTH
    text = f"SELECT SUM({name(record.amount)}) FROM {name(record.table.name)}"
    return f"{text} WHERE {' AND '.join(where)}" if where else text, values


def _time(bench: Bench, spend: Answer, reports: Answer) -> None:
    statement, values = _spend(bench)
    how = plan(bench.sql, statement, values)
    took = seconds(bench.sql, statement, values)
    spend.saw(f"at {bench.seeded:,} rows", f"{told(took)}; {how.text}", bench.sql.shown(statement, values))
    column, table = bench.sql.name(bench.record.amount), bench.sql.name(bench.record.table.name)
    for what, key in _groups(bench):
        if what != "user":
            query = f"SELECT {key}, SUM({column}) FROM {table} GROUP BY {key}"
            reports.saw(f"by {what} at {bench.seeded:,} rows", told(seconds(bench.sql, query)), query)


def _spend_verdict(bench: Bench, answer: Answer) -> Proof:
    record = bench.record
    if not (record.user and record.time):
        missing = "user" if not record.user else "time"
        answer.blame(record.table, "", f"`{record.table.name}` has no column for the {missing}.", broken=True)
        return answer.proof("not carried", f"no column of {record.table.name} tells the {missing}")
    statement, values = _spend(bench)
    how, took = plan(bench.sql, statement, values), seconds(bench.sql, statement, values)
    if not how.scans:
        return answer.proof("carried", f"{told(took)} at {bench.seeded:,} rows, by an index")
    answer.change(
        "a user's costs of a period are found by an index",
        indexed(record.table, (record.user, record.time), bench.driver),
    )
    answer.blame(
        record.table, record.user, f"What a user has spent is found by reading all of `{record.table.name}`.", broken=False,
        expected=f"an index on ({record.user}, {record.time})", found="none that serves it",
        recommendation=f"Add an index on ({record.user}, {record.time}).",
    )  # fmt: skip
    words = f"{told(took)} at {bench.seeded:,} rows, and growing with the table: no index serves it"
    return answer.proof("carried with conditions" if took < _SLOW else "not carried", words)


def _reports_verdict(bench: Bench, answer: Answer) -> Proof:
    last = [e for e in answer.evidence if e.what.endswith(f" {bench.seeded:,} rows")]
    if not last:
        return answer.proof("not carried", f"{bench.record.table.name} has no column to report by")
    return answer.proof(
        "carried", f"at {bench.seeded:,} rows: " + ", ".join(f"{e.what.split()[1]} {e.result}" for e in last)
    )
