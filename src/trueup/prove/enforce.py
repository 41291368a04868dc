"""Enforce: whether a limit holds against many writers, and what a killed writer or a lost connection does to it."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.ledger import carried
from trueup.model.proofs import Proof
from trueup.prove._alter import added
from trueup.prove._answers import Answer, listed, unbound
from trueup.prove._faults import faults
from trueup.prove._limits import COST, PAUSE, Limits, Race, dollars, limits_for
from trueup.prove._plans import told
from trueup.prove.bench import Bench
from trueup.prove.registry import probe

HOLD = "hold a limit, whatever the number of writers"
WHOLE = "lose and double nothing when writers die or connections are lost"
_HURRY = 1.0


@probe(
    name="enforce",
    about="Lets up to 64 writers, in processes and threads, charge one limit: by check-then-insert and by the ledger.",
    seconds=90,
)
def enforce(bench: Bench) -> Iterator[Proof]:
    reason = missing_for_limits(bench)
    if reason:
        table = bench.binding.record.table if bench.binding.record else None
        yield unbound("enforce", "PRF301", HOLD, reason, table)
        yield unbound("enforce", "PRF302", WHOLE, reason, table)
        return
    limits = limits_for(bench)
    yield _hold(bench, limits)
    bench.tell("killing a writer, losing connections")
    yield faults(bench, limits, "PRF302", WHOLE)
    bench.clear()


def missing_for_limits(bench: Bench) -> str:
    """Why no limit can be tried at all; "" where it can."""
    reason = bench.missing_record()
    if reason:
        return reason
    record = bench.record
    for role in ("user", "time"):
        if not getattr(record, role):
            return f"no column of {record.table.name} tells the {role} of a cost"
    return ""


def writers_of(most: int) -> tuple[int, ...]:
    """2, 4, 8 … up to `most`, and `most` itself."""
    counts = [n for n in (2, 4, 8, 16, 32, 64) if n < most]
    return (*counts, most)


def _hold(bench: Bench, limits: Limits) -> Proof:
    answer = Answer("enforce", "PRF301", HOLD)
    naive = [_naive(bench, limits, answer, n) for n in writers_of(bench.workload.writers)]
    worst = max(naive, key=lambda race: race.overspend)
    if limits.missing:
        return _not_held(bench, limits, answer, worst)
    races: list[Race] = []
    for number in writers_of(bench.workload.writers):
        bench.tell(f"{number} writers by the ledger")
        race = limits.charge(number)
        races.append(race)
        if race.done.failures:  # more writers would only fail longer
            answer.saw(f"{number} writers by the ledger", f"{race}{_failures(race)}")
            break
        rush = limits.hurry(number, _HURRY)
        answer.saw(
            f"{number} writers by the ledger ({limits.ledger.enforcement if limits.ledger else ''})",
            f"{race}; far below a limit {rush.rate:,.0f} charges a second, "
            f"p50 {told(rush.percentile(0.5))}, p99 {told(rush.percentile(0.99))}{_failures(race)}{_failures(rush)}",
        )
    return _verdict(bench, limits, answer, races, worst)


def _naive(bench: Bench, limits: Limits, answer: Answer, number: int) -> Race:
    bench.tell(f"{number} writers by check-then-insert")
    race = limits.check_then_insert(number)
    answer.saw(
        f"{number} writers, each asking for the sum and then, {PAUSE * 1000:.0f} ms later, writing ${COST}",
        f"{race}{_failures(race)}",
        limits.shown(),
    )
    return race


def _failures(race: Race) -> str:
    return "".join(f"; {count} × {what}" for what, count in race.done.failures)


def _not_held(bench: Bench, limits: Limits, answer: Answer, worst: Race) -> Proof:
    budget = limits.binding.budget
    table = budget.table if budget else bench.record.table
    answer.blame(
        table,
        "",
        f"No limit can be enforced: there is no {listed(limits.missing)}.",
        broken=True,
        expected="a table of budgets with user, period and limit",
        recommendation="Make the tables that `trueup contract ai-costs` shows.",
        effort="M",
    )
    naive = f"check-then-insert lets {worst.writers} writers spend {dollars(worst.spent)} of {dollars(worst.limit)}"
    words = f"there is no {listed(limits.missing)}; {naive}"
    return answer.proof("not carried", words)


def _verdict(bench: Bench, limits: Limits, answer: Answer, races: list[Race], worst: Race) -> Proof:
    over = max(races, key=lambda race: race.overspend)
    if over.overspend > 0:
        answer.blame(
            bench.record.table, "", f"The ledger overspent by {dollars(over.overspend)}.", broken=True
        )
        return answer.proof(
            "not carried", f"{over.writers} writers overspent by {dollars(over.overspend)} by the ledger"
        )
    if any(race.done.failures for race in races):
        failure = next(f for race in races for f in race.done.failures)
        answer.blame(bench.record.table, "", f"Charges fail: {failure[0]}.", broken=True)
        return answer.proof("not carried", f"the server refuses charges: {failure[0]}")
    over_by = dollars(max(worst.overspend, 0 * COST))
    naive = f"check-then-insert by {worst.writers} writers overspends {dollars(worst.limit)} by {over_by}"
    held = f"{races[-1].writers} writers in {bench.crew.processes} processes spend by the ledger what the limit allows"
    assert limits.ledger is not None
    if limits.ledger.enforcement == "running total":
        return answer.proof("carried", f"{held}; {naive}")
    return _by_locked_row(limits, answer, f"{held}; {naive}")


def _by_locked_row(limits: Limits, answer: Answer, words: str) -> Proof:
    budget = limits.binding.budget
    assert budget is not None
    driver = limits.bench.driver
    missing = next(c.missing for c in carried(limits.binding) if c.capability == "running total")
    kind = "numeric(20,10)" if driver in ("pgsql", "sqlite") else "decimal(20,10)"
    if not budget.spent and not budget.limits:
        answer.change(
            "a running total makes charging as quick with a million costs",
            added(budget.table, "spent_amount", kind, driver),
        )
    if not budget.period_start and not budget.limits:
        moment = "timestamp" if driver == "pgsql" else "datetime"
        answer.change("the period that the total is of", added(budget.table, "period_start", moment, driver))
    answer.blame(
        budget.table,
        "",
        f"`{budget.table.name}` keeps no running total: every charge adds up the period, behind the lock of the budget's row.",
        broken=False,
        expected="an amount spent and the start of its period",
        recommendation=f"Add {listed(missing)}.",
    )
    return answer.proof(
        "carried with conditions",
        f"{words}; only behind the lock of the budget's row, adding up the period each time",
    )
