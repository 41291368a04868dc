"""Writers against one limit: as the specification has it, and by the ledger."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from trueup.ledger import Ledger, UnfitColumn
from trueup.ledger.capabilities import carried, unfilled
from trueup.ledger.entries import UserId
from trueup.model.roles import COLUMN_ROLES, Binding, Period
from trueup.prove._jobs import Done, Job, Statement, Way
from trueup.prove._sql import Value
from trueup.prove.bench import Bench
from trueup.structs import Struct, replace

COST = Decimal("0.25")
FITS = 20
"""Costs that fit under the limit of a race."""
TRIES = 12
PAUSE = 0.005
"""Seconds between asking for the limit and recording, in which a real program waits for the model: a hundred times as long."""
_SECONDS = 20.0
_LONGEST: tuple[Period, ...] = ("total", "yearly", "monthly", "weekly", "daily")


class Race(Struct, frozen=True):
    """What `writers` did to a limit. `overspend` is what is stored above it; negative where it was not reached."""

    writers: int
    limit: Decimal
    spent: Decimal
    done: Done

    @property
    def overspend(self) -> Decimal:
        return self.spent - self.limit

    def __str__(self) -> str:
        words = f"limit {dollars(self.limit)}, spent {dollars(self.spent)}: "
        if self.overspend <= 0:
            return words + "not overspent"
        return words + f"overspent by {dollars(self.overspend)} ({self.overspend / self.limit:.0%})"

    @property
    def rate(self) -> float:
        """Charges a second."""
        return self.done.stored / self.done.span if self.done.span else 0.0

    def percentile(self, share: float) -> float:
        """Seconds within which this share of the tries ended."""
        times = sorted(self.done.seconds)
        if len(times) < 2:
            return times[0] if times else 0.0
        return statistics.quantiles(times, n=100, method="inclusive")[min(98, max(0, round(share * 100) - 1))]


class Limits(Struct):
    """One user, one limit, and the writers who charge it. `missing`: why the ledger can't be run on the schema, "" where it can."""

    bench: Bench
    user: UserId
    binding: Binding
    period: Period
    missing: tuple[str, ...]
    ledger: Ledger | None
    runs: int = 0

    def check_then_insert(self, writers: int) -> Race:
        """Every writer asks for the sum, then writes its cost if it fits: two statements, as specified."""
        self._fresh()
        inserts = tuple(self._insert() for _ in range(writers * TRIES))
        job = replace(
            self._job("check then insert", FITS * COST), check=self._check(), inserts=inserts, pause=PAUSE
        )
        return self._race(job, writers)

    def charge(self, writers: int) -> Race:
        """Every writer charges by the ledger until it is refused."""
        self._fresh()
        self.set_limit(FITS * COST)
        return self._race(self._job("ledger", FITS * COST), writers)

    def hurry(self, writers: int, seconds: float) -> Race:
        """Every writer charges by the ledger as often as it can, below a limit that is far away."""
        self._fresh()
        limit = COST * 3_000
        self.set_limit(limit)
        job = replace(self._job("ledger", limit), tries=4_000, seconds=seconds)
        return self._race(job, writers)

    def once(self, writers: int, check: Statement, inserts: tuple[Statement, ...]) -> Done:
        """Every writer asks whether an alert is stored, then stores it if not."""
        job = self._job("alert", FITS * COST)
        return self.bench.crew.work(replace(job, tries=1, check=check, inserts=inserts, pause=PAUSE), writers)

    def job(self, limit: Decimal) -> Job:
        """Charges by the ledger, to be changed."""
        return self._job("ledger", limit)

    def set_limit(self, limit: Decimal) -> None:
        """Makes the user's budget anew."""
        assert self.ledger is not None
        budget = self.binding.budget
        assert budget is not None
        row = self.bench.rows.filled(budget.table, {budget.user: self.user})
        played = {getattr(budget, role) for role in COLUMN_ROLES["budget"]} | {c for _, c in budget.limits}
        if self.ledger.enforcement != "running total":  # then the ledger leaves these alone
            played -= {budget.spent, budget.period_start, budget.period_end}
        filled = {name for name, _ in budget.fill}
        fill = {k: v for k, v in row.items() if k not in played | filled}
        self.ledger.set_budget(self.user, self.period, limit, extra=fill)

    def spent(self) -> Decimal:
        """What is stored for the user."""
        sql, record = self.bench.sql, self.bench.record
        column, table = sql.name(record.amount), sql.name(record.table.name)
        where = f" WHERE {sql.name(record.user)} = %s"
        values = [v for (v,) in sql.rows(f"SELECT {column} FROM {table}{where}", [self.user])]
        return sum((self.bench.read(v) for v in values), Decimal(0))

    def _race(self, job: Job, writers: int) -> Race:
        done = self.bench.crew.work(job, writers)
        return Race(writers, job.limit, self.spent(), done)

    def _fresh(self) -> None:
        self.bench.clear()
        self.runs += 1

    def _job(self, way: Way, limit: Decimal) -> Job:
        record = self.bench.record
        fits = any(c.capability == "idempotency" and c.carried for c in carried(self.binding))
        return Job(
            way, self.bench.scratch.address, self.binding, self.user, COST, limit, 0, TRIES, _SECONDS,
            named=f"r{self.runs}-" if fits and record.request_id else "", fresh=_fresh_columns(self.binding),
        )  # fmt: skip

    def _check(self) -> Statement:
        sql, record = self.bench.sql, self.bench.record
        amount, table = sql.name(record.amount), sql.name(record.table.name)
        since = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d %H:%M:%S}"
        where = f"{sql.name(record.user)} = %s AND {sql.name(record.time)} >= %s"
        return f"SELECT SUM({amount}) FROM {table} WHERE {where}", (self.user, since)

    def _insert(self) -> Statement:
        now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
        row = self.bench.cost_row({"user": self.user, "time": now, "amount": self.bench.sent(COST)})
        sql, values = self.bench.sql.insert(self.bench.record.table.name, row)
        return sql, tuple(values)

    def shown(self) -> str:
        """The check, as it may be shown."""
        sql, values = self._check()
        return self.bench.sql.shown(sql, values)


def dollars(amount: Decimal) -> str:
    """ "$5.00", "$0.00000015"."""
    text = f"{amount:.2f}"
    return f"${text}" if Decimal(text) == amount else f"${amount.normalize():f}"


def _fresh_columns(binding: Binding) -> tuple[str, ...]:
    record = binding.record
    if record is None:
        return ()
    names = {name for name, _ in record.fill}
    return tuple(
        sorted(
            i.columns[0]
            for i in record.table.indexes
            if i.unique and len(i.columns) == 1 and i.columns[0] in names
        )
    )


def limits_for(bench: Bench) -> Limits:
    """A user with a limit. Columns that must have a value and play no role are filled."""
    binding = filled_binding(bench)
    missing = _built(bench, binding) or next(
        (c.missing for c in carried(binding) if c.capability == "enforce"), ()
    )
    if missing:
        return Limits(bench, _owner(bench.users(2)[-1]), binding, _period(binding), missing, None)
    try:
        ledger = Ledger(bench.sql.engine, binding)
    except UnfitColumn:  # of the alerts: a limit does not hang on them
        binding = replace(binding, alert=None)
        ledger = Ledger(bench.sql.engine, binding)
    return Limits(bench, _owner(bench.users(2)[-1]), binding, _period(binding), (), ledger)


def _built(bench: Bench, binding: Binding) -> tuple[str, ...]:
    budget = binding.budget
    if budget is not None and budget.table.name not in bench.built:
        return (f"the table {budget.table.name}, which the server did not make",)
    return ()


def _period(binding: Binding) -> Period:
    """The longest period that the budgets know: the less likely one of them ends while we look."""
    budget = binding.budget
    known = [p for p, _ in budget.limits or budget.period_values] if budget else []
    return next((p for p in _LONGEST if p in known), "daily")


def filled_binding(bench: Bench) -> Binding:
    """The binding, with a value for every column of its tables that must have one and plays no role."""
    from trueup.ledger.capabilities import alert_columns, record_columns

    binding = bench.binding
    record, alert = binding.record, binding.alert
    if record is not None:
        played = [*record_columns(record), record.id]
        spare = bench.rows.filled(record.table, dict.fromkeys(filter(None, played)))
        wanted = unfilled(record.table, [*played, *(n for n, _ in record.fill)])
        record = replace(record, fill=(*record.fill, *((n, _plain(spare[n])) for n in wanted)))
    if alert is not None and alert.table.name in bench.built:
        played = [*alert_columns(alert), alert.id]
        wanted = unfilled(alert.table, [*played, *(n for n, _ in alert.fill)])
        values = {c.name: bench.rows.value(alert.table, c) for c in alert.table.columns if c.name in wanted}
        alert = replace(alert, fill=(*alert.fill, *((n, _plain(values[n])) for n in wanted)))
    return replace(binding, record=record, alert=alert)


def _owner(value: Value) -> UserId:
    return value if isinstance(value, int | str) else str(value)


def _plain(value: Value) -> str | int | bool:
    return value if isinstance(value, str | int | bool) else str(value)
