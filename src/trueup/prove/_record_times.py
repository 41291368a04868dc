"""Whether a record says when a request was made, and whether it can be without what it is for."""

from __future__ import annotations

from trueup.model.proofs import Proof, ProofVerdict
from trueup.prove._alter import required
from trueup.prove._answers import Answer, listed
from trueup.prove.bench import Bench
from trueup.structs import Struct

ZONE = "Europe/Berlin"


def nulls(bench: Bench, code: str, capability: str) -> Proof:
    """NULL where a sum, an owner or a period is needed."""
    answer, record = Answer("record", code, capability), bench.record
    let_in = []
    for role in ("amount", "user", "time"):
        name = getattr(record, role)
        if not name:
            answer.saw(f"no {role}", "there is no such column")
            continue
        sql, values = bench.sql.insert(record.table.name, bench.cost_row({role: None}))
        reason = bench.sql.refusal(sql, values)
        answer.saw(
            f"NULL for {name}", f"refused: {reason}" if reason else "let in", bench.sql.shown(sql, values)
        )
        if not reason:
            let_in.append(role)
            column = bench.column(record.table, name)
            answer.change(_WHY[role], required(record.table, column, bench.driver))
            answer.blame(
                record.table,
                name,
                f"`{name}` may be NULL: {_WHY[role]}.",
                broken=role == "amount",
                expected="not null",
                found="null",
                recommendation="Make the column NOT NULL.",
            )
    if not let_in:
        return answer.proof("carried", f"{record.table.name} takes no record without {_wanted(bench)}")
    names = listed(getattr(record, role) for role in let_in)
    verdict: ProofVerdict = "not carried" if "amount" in let_in else "carried with conditions"
    return answer.proof(
        verdict,
        f"{record.table.name} takes records in which {names} {'is' if len(let_in) == 1 else 'are'} NULL",
    )


_WHY = {
    "amount": "a cost that is NULL is in no sum, and a limit does not count it",
    "user": "a cost without a user counts towards nobody's limit",
    "time": "a cost without a time is in no period",
}


def _wanted(bench: Bench) -> str:
    record = bench.record
    return listed(name for name in (record.amount, record.user, record.time) if name)


class _Moment(Struct, frozen=True):
    """`sent` is a time in UTC as text; `month` the month that a report must find it in. `often`: every application sends such
    times; others are a condition only."""

    what: str
    sent: str
    month: str
    often: bool = True


MOMENTS = (
    _Moment("the hour that clocks skip in Berlin", "2025-03-30 01:30:00", "2025-03"),
    _Moment("the first of two equal hours in Berlin", "2025-10-26 00:30:00", "2025-10"),
    _Moment("the second of two equal hours in Berlin", "2025-10-26 01:30:00", "2025-10"),
    _Moment("six tenths of a second before February", "2025-01-31 23:59:59.600", "2025-01", often=False),
    _Moment("a leap day", "2028-02-29 12:00:00", "2028-02"),
    _Moment("after January 2038", "2040-01-01 00:00:00", "2040-01", often=False),
)


def moments(bench: Bench, code: str, capability: str) -> Proof:
    """Times around clock changes and period edges, sent in UTC."""
    answer, record = Answer("record", code, capability), bench.record
    if not record.time:
        answer.blame(record.table, "", f"`{record.table.name}` has no column for the time.", broken=True)
        return answer.proof("not carried", f"no column of {record.table.name} says when a request was made")
    column = bench.column(record.table, record.time)
    label = f"{record.table.name}.{record.time} ({column.type})"
    wrong = [m for m in MOMENTS if not _keeps(bench, answer, m)]
    if not _has_zone(bench):
        answer.saw(
            f"both hours in the local time of {ZONE}",
            "are one text, 2025-10-26 02:30:00, for which this column has no zone: applications must write UTC",
        )
    if not wrong:
        return answer.proof(
            "carried", f"{label} keeps every moment in its period, if the application writes UTC"
        )
    for moment in wrong:
        answer.blame(
            record.table,
            record.time,
            f"`{record.time}` ({column.type}) does not keep {moment.what}.",
            broken=moment.often,
            found=column.type,
            expected="datetime" if bench.driver in ("mysql", "mariadb") else "timestamp",
        )
    words = [f"does not keep {m.what}" for m in wrong]
    bad = [m for m in wrong if m.often]
    return answer.proof("not carried" if bad else "carried with conditions", f"{label} {listed(words)}")


def _keeps(bench: Bench, answer: Answer, moment: _Moment) -> bool:
    from sqlalchemy.exc import DBAPIError

    from trueup.scratch.building import words_of

    record = bench.record
    sql, values = bench.sql.insert(record.table.name, bench.cost_row({"time": moment.sent}))
    column, table = bench.sql.name(record.time), bench.sql.name(record.table.name)
    with bench.sql.engine.connect() as connection:
        try:
            bench.sql.run(sql, values, connection)
            found = str(bench.sql.one(f"SELECT {column} FROM {table}", (), connection))
        except DBAPIError as problem:
            answer.saw(
                f"{moment.what}: {moment.sent}",
                f"refused: {words_of(problem)[0]}",
                bench.sql.shown(sql, values),
            )
            return False
        connection.rollback()
    same = found.startswith(moment.sent[:16]) and found.startswith(moment.month)
    answer.saw(
        f"{moment.what}: {moment.sent}", f"read back as {found}", "" if same else bench.sql.shown(sql, values)
    )
    return same


def _has_zone(bench: Bench) -> bool:
    return bench.type_of(bench.record.table, bench.record.time).time_zone
