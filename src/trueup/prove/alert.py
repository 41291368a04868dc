"""Alert: whether each threshold of a limit is told once, when many writers pass it together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from trueup.ledger import carried
from trueup.ledger.capabilities import alert_key
from trueup.model.proofs import Proof
from trueup.model.roles import AlertRoles
from trueup.prove._alter import added, indexed
from trueup.prove._answers import Answer, listed, unbound
from trueup.prove._jobs import Statement
from trueup.prove._limits import COST, FITS, Limits, limits_for
from trueup.prove._sql import Value
from trueup.prove.bench import Bench
from trueup.prove.enforce import missing_for_limits
from trueup.prove.registry import probe

ONCE = "send each alert once"
CODE = "PRF401"
_THRESHOLD = 50


@probe(
    name="alert",
    about="Lets many writers pass the thresholds of a limit together, and counts the alerts that are stored.",
    seconds=15,
)
def alert(bench: Bench) -> Iterator[Proof]:
    reason = missing_for_limits(bench)
    roles = bench.binding.alert
    if not reason and roles is None:
        reason = "no table holds alerts"
    if not reason and roles is not None and roles.table.name not in bench.built:
        reason = f"the server did not make {roles.table.name}"
    if reason or roles is None:
        yield unbound("alert", CODE, ONCE, reason, roles.table if roles else None)
        return
    bench.tell(f"{bench.workload.writers} writers pass thresholds")
    yield _once(bench, limits_for(bench), roles)
    bench.clear()


def _once(bench: Bench, limits: Limits, roles: AlertRoles) -> Proof:
    answer = Answer("alert", CODE, ONCE)
    missing = next(c.missing for c in carried(limits.binding) if c.capability == "alerts")
    if limits.binding.alert is None:
        missing = (
            f"exact type for the amounts in {roles.table.name}: binary floating point can't hold every cent",
        )
    if missing or limits.missing:
        words = f"this is missing: {listed(missing or limits.missing)}"
        answer.blame(
            roles.table,
            "",
            f"Alerts can't be kept in `{roles.table.name}`: {words}.",
            broken=True,
            expected="owner, threshold, period and its start",
            recommendation="Make the tables that `trueup contract ai-costs` shows.",
        )
        return answer.proof("not carried", words)
    wrong = _by_ledger(bench, limits, answer, roles)
    doubled = _by_looking(bench, limits, answer, roles)
    if wrong:
        answer.blame(roles.table, "", f"Alerts are stored {wrong}.", broken=True)
        return answer.proof("not carried", f"alerts are stored {wrong}")
    if alert_key(roles):
        return answer.proof("carried", f"a unique key of {roles.table.name} lets no alert be stored twice")
    return _without_key(bench, answer, roles, doubled)


def _by_ledger(bench: Bench, limits: Limits, answer: Answer, roles: AlertRoles) -> str:
    """All writers charge by the ledger until they are refused; what is wrong with the alerts then, "" for nothing."""
    writers = bench.workload.writers
    race = limits.charge(writers)
    sql, table = bench.sql, bench.sql.name(roles.table.name)
    column = sql.name(roles.threshold)
    query = f"SELECT {column} FROM {table}"
    stored = Counter(int(float(str(v))) for (v,) in sql.rows(query))
    said = ", ".join(f"{t} %: {n}" for t, n in sorted(stored.items())) or "none"
    answer.saw(
        f"{writers} writers pass all thresholds by the ledger", f"alerts stored, {said}; {race}", query
    )
    if race.done.failures:
        return f"not at all: {race.done.failures[0][0]}"
    if any(count > 1 for count in stored.values()):
        return "more than once"
    return "" if {50, 75, 90} <= set(stored) else "not for every threshold"


def _by_looking(bench: Bench, limits: Limits, answer: Answer, roles: AlertRoles) -> int:
    """As programs do it: ask whether the alert is there, store it if not. How often it is there then."""
    writers = bench.workload.writers
    bench.clear()
    limits.set_limit(FITS * COST)
    row = _row(bench, limits, roles)
    known = [c for c in (roles.budget, roles.user, roles.threshold, roles.period_start) if c and c in row]
    sql = bench.sql
    where = " AND ".join(f"{sql.name(c)} = %s" for c in known)
    values = tuple(row[c] for c in known)
    table = sql.name(roles.table.name)
    check: Statement = (f"SELECT COUNT(*) FROM {table} WHERE {where}", values)
    inserts = tuple(_statement(bench, limits, roles) for _ in range(writers))
    done = limits.once(writers, check, inserts)
    there = int(sql.one(*check))
    failures = "".join(f"; {count} × {what}" for what, count in done.failures)
    answer.saw(
        f"{writers} writers, each looking for the alert of {_THRESHOLD} % before storing it",
        f"it is stored {there} times{failures}",
        sql.shown(*check),
    )
    return there


def _statement(bench: Bench, limits: Limits, roles: AlertRoles) -> Statement:
    sql, values = bench.sql.insert(roles.table.name, _row(bench, limits, roles))
    return sql, tuple(values)


def _row(bench: Bench, limits: Limits, roles: AlertRoles) -> dict[str, Value]:
    """An alert of the user's budget, as an application would store it."""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
    day = f"{datetime.now(UTC):%Y-%m-01}"
    budget = limits.binding.budget
    values: dict[str, Value] = {
        "user": limits.user,
        "kind": dict(roles.kind_values).get("threshold", "threshold"),
        "threshold": _THRESHOLD,
        "period": dict(roles.period_values).get(limits.period, limits.period),
        "period_start": day,
        "spent": "2.50",
        "limit": "5.00",
        "currency": "USD",
        "time": now,
    }
    if roles.budget and budget is not None and budget.id:
        name = bench.sql.name
        query = f"SELECT {name(budget.id)} FROM {name(budget.table.name)} WHERE {name(budget.user)} = %s"
        values["budget"] = bench.sql.one(query, [limits.user])
    row = {getattr(roles, role): v for role, v in values.items() if getattr(roles, role)}
    return bench.rows.filled(roles.table, row)


def _without_key(bench: Bench, answer: Answer, roles: AlertRoles, doubled: int) -> Proof:
    table = roles.table
    owner = (roles.budget,) if roles.budget else tuple(filter(None, (roles.user, roles.period)))
    start = roles.period_start or "period_start"
    if not roles.period_start:
        answer.change("the period that an alert is of", added(table, start, "date", bench.driver))
    columns = (*owner, start, *filter(None, (roles.kind,)), roles.threshold)
    answer.change("an alert is stored once a period", indexed(table, columns, bench.driver, unique=True))
    answer.blame(
        table,
        "",
        f"`{table.name}` lets the same alert be stored more than once a period.",
        broken=False,
        expected=f"a unique key over {listed(columns)}",
        found="none",
        recommendation=f"Add a unique key over {listed(columns)}.",
    )
    words = f"once behind the lock of the budget's row only: {table.name} has no unique key over {listed(columns)}"
    naive = f", and writers who look first store an alert {doubled} times" if doubled > 1 else ""
    return answer.proof("carried with conditions", words + naive)
