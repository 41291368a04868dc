"""The ledger: costs, budgets and alerts on the tables of any schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from trueup.contracts import contract_binding
from trueup.ledger.alerting import Alerter
from trueup.ledger.bound import bound
from trueup.ledger.budgets import BudgetKeeper, NewBudget, state_of
from trueup.ledger.capabilities import carried, unfilled
from trueup.ledger.clock import Window, day_edges, month_edges
from trueup.ledger.entries import (
    Alert,
    BudgetState,
    Capability,
    Carried,
    Charge,
    Entry,
    RecordId,
    Reservation,
    Spend,
    UserId,
)
from trueup.ledger.errors import CapabilityMissing, InvalidEntry, UnknownReservation
from trueup.ledger.guarding import Guard
from trueup.ledger.money import Rounding
from trueup.ledger.reading import AlertReader
from trueup.ledger.recording import Recorder
from trueup.ledger.retrying import RetryPolicy
from trueup.ledger.running import Runner, driver_of, now
from trueup.ledger.session import Session
from trueup.ledger.spending import Group, Question, Spending
from trueup.ledger.writing import Writer
from trueup.model.roles import PERIODS, Binding, Period, RecordRoles
from trueup.structs import replace

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Engine

Enforcement = Literal["running total", "locked row", "none"]
Overrun = Literal["refuse", "record"]
THRESHOLDS = (50, 75, 90)


class Ledger:
    """Records costs and keeps budgets on one engine. Safe to share between threads; each process makes its own.

    binding: which tables and columns play which part; None: the tables of the contract "ai-costs". currency: of entries that
    name none, and of schemas without a column for it. time_zone: an IANA name; a day begins at its midnight. rounding: "refuse"
    raises NotRepresentable for an amount that the columns can't hold exactly, "up" stores the next larger one that they can.
    thresholds: percentages of a limit, for budgets that store none of their own. require_budget: a charge to a user without an
    active budget raises NoBudget; False: it is recorded unchecked.

    Raises CapabilityMissing where the schema can't record costs at all."""

    def __init__(
        self,
        engine: Engine,
        binding: Binding | None = None,
        *,
        currency: str = "USD",
        time_zone: str = "UTC",
        rounding: Rounding = "refuse",
        thresholds: Sequence[int] = THRESHOLDS,
        require_budget: bool = True,
        retry: RetryPolicy | None = None,
    ) -> None:
        self.binding = contract_binding(driver_of(engine)) if binding is None else binding
        self.currency = currency
        self.rounding = rounding
        self.require_budget = require_budget
        self.zone = ZoneInfo(time_zone)
        record = self.binding.record
        # Columns that play no role and must have a value may come with each entry: asked for then, not here.
        given = unfilled(record.table, ()) if record else ()
        self._missing = {c.capability: c.missing for c in carried(self.binding, given=given)}
        if record is None or self._missing["record"]:
            raise CapabilityMissing("record", " and ".join(self._missing["record"]))
        self._runner = Runner(engine, self.binding.driver, retry or RetryPolicy())
        self._make_parts(record, engine.dialect, tuple(sorted(set(thresholds))))

    def _make_parts(self, record: RecordRoles, dialect: Dialect, thresholds: tuple[int, ...]) -> None:
        carries = {capability: not missing for capability, missing in self._missing.items()}
        parts = bound(
            self.binding,
            record,
            running_total=carries["running total"],
            alerts=carries["alerts"],
            enforce=carries["enforce"],
        )
        budgets, alerts = parts.budgets, parts.alerts
        self._parts = parts
        self._recorder = Recorder(parts, dialect, self.zone, self.currency)
        self._spending = Spending(parts, dialect, self.zone)
        self._guard = Guard(parts, budgets, dialect, self.zone, thresholds) if budgets else None
        self._keeper = BudgetKeeper(parts, budgets, dialect, self.zone) if budgets else None
        alerter = Alerter(parts, alerts, budgets, dialect, self.zone) if budgets and alerts else None
        self._writer = Writer(
            self._runner, self._recorder, self._guard, alerter, self.zone, self.require_budget
        )
        self._alerts = AlertReader(alerts, dialect, self.zone) if alerts else None
        self._money = [parts.records.money]
        if budgets and budgets.spent:
            self._money.append(budgets.spent)

    # What the schema carries.

    @property
    def enforcement(self) -> Enforcement:
        """How limits are kept: what the schema offers decides."""
        if self._guard is None:
            return "none"
        return "running total" if self._guard.keeps_total else "locked row"

    def capabilities(self) -> tuple[Carried, ...]:
        """What the schema carries, and what is missing for the rest."""
        return carried(self.binding)

    # Costs.

    def record(self, entry: Entry) -> Charge:
        """Stores a cost that has been incurred, whatever the limits. Running totals and alerts follow; the cost of a correction
        may be negative. Raises InvalidEntry, NotRepresentable, RequestConflict, WriteRefused, RetriesExhausted,
        OutcomeUnknown."""
        return self._write(entry, "settled", enforce=False)

    def charge(self, entry: Entry) -> Charge:
        """Checks the cost against every active budget of the user and stores it, in one transaction: all or nothing, and never
        more than the limit. A request id that is known already is not charged again: its record is the answer.

        Raises LimitExceeded, NoBudget, CurrencyMismatch, CapabilityMissing, and all that `record` raises."""
        self._need("enforce")
        _not_negative(entry.cost)
        return self._write(entry, "settled", enforce=True)

    def reserve(self, entry: Entry) -> Reservation:
        """Sets `entry.cost`, the most that the request can cost, aside, as `charge` would charge it. `settle` or `release` must
        follow; see `release_expired` for those whose process has died. Raises what `charge` raises."""
        self._need("reservations")
        self._need("enforce")
        _not_negative(entry.cost)
        made = self._write(entry, "reserved", enforce=True)
        return Reservation(made.id, entry.user, made.cost, made.currency, made.time, made.alerts)

    def settle(
        self, reservation: Reservation | RecordId, cost: Decimal, *, overrun: Overrun = "refuse"
    ) -> Charge:
        """Replaces a reservation by what the request has really cost, in the period in which it was reserved. A cost above the
        reservation must fit under the limits too: else LimitExceeded, and the reservation stays; overrun="record" stores it all the
        same, over the limit, with an alert. Raises UnknownReservation where it is not open (any more)."""
        _not_negative(cost)
        return self._end(reservation, cost, "settled", enforce=overrun == "refuse")

    def release(self, reservation: Reservation | RecordId) -> None:
        """Gives the money of a reservation back; its record stays, with a cost of 0. Raises UnknownReservation."""
        self._end(reservation, Decimal(0), "released", enforce=False)

    def release_expired(self, older_than: timedelta) -> tuple[RecordId, ...]:
        """Releases the reservations that have been open for longer, by the server's clock; answers their ids."""
        self._need("reservations")
        old = self._runner.read(lambda session: self._older(session, older_than))
        released = []
        for id_ in old:
            try:
                self.release(id_)
            except UnknownReservation:  # settled meanwhile
                continue
            released.append(id_)
        return tuple(released)

    def _older(self, session: Session, age: timedelta) -> list[RecordId]:
        return self._recorder.reserved_before(session, now(session, self.binding.driver) - age)

    # Budgets.

    def set_budget(
        self,
        user: UserId,
        period: Period,
        limit: Decimal,
        *,
        currency: str = "",
        active: bool = True,
        thresholds: Sequence[int] | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        """Makes the user's limit for a period, or changes it; what is spent stays. `thresholds` None leaves them as they are;
        `extra` are further columns of a new row. Raises CapabilityMissing, NotRepresentable, WriteRefused."""
        keeper, _ = self._keeping()
        self._runner.transact(
            lambda session: keeper.put(
                session,
                NewBudget(
                    user, period, limit, currency or self.currency, active,
                    None if thresholds is None else tuple(thresholds), dict(extra or {}),
                ),
                self._held(session)[0],
            )
        )  # fmt: skip

    def budgets(self, user: UserId) -> tuple[BudgetState, ...]:
        """The user's budgets, those that are switched off included, by period and currency."""
        _, guard = self._keeping()

        def read(session: Session) -> list[BudgetState]:
            held, edges = self._held(session)
            values = {"user": user, **edges}
            found = []
            for active, rows in guard.look(session, values, held):
                _, standings = guard.add_up(session, values, rows)
                found += [state_of(user, s, active, self.currency) for s in standings]
            return found

        states = self._runner.read(read)
        return tuple(sorted(states, key=lambda s: (PERIODS.index(s.period), s.currency, not s.active)))

    def alerts(self, user: UserId | None = None, *, since: datetime | None = None) -> tuple[Alert, ...]:
        """The stored alerts, oldest first: of one user, from `since` (aware) on. Raises CapabilityMissing."""
        self._need("alerts")
        reader = self._alerts
        assert reader is not None
        bound_ = None if since is None else _utc(since)
        return tuple(self._runner.read(lambda session: reader.read(session, user, bound_)))

    # Sums.

    def spend(
        self,
        user: UserId | None = None,
        *,
        period: Period | None = None,
        day: date | None = None,
        month: date | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        provider: str | None = None,
        model: str | None = None,
        conversation: UserId | None = None,
        currency: str = "",
        reserved: bool = False,
    ) -> Decimal:
        """The sum of the costs that match, exact. `period`: the one that holds the server's time; `day`, `month` (any day of it):
        in the ledger's time zone; `since` (included) and `until` (not): aware. One currency at a time; without one, the ledger's.
        `reserved`: open reservations count too. Raises CapabilityMissing where the schema has no column for a filter."""
        self._need("spend")
        question = Question(currency or self.currency, user, provider, model, conversation, reserved=reserved)

        def add_up(session: Session) -> Decimal:
            bounds = self._bounds(session, period, day, month, since, until)
            return self._spending.total(session, replace(question, since=bounds[0], until=bounds[1]))

        return self._runner.read(add_up)

    def spend_by(
        self,
        *groups: Group,
        user: UserId | None = None,
        period: Period | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        provider: str | None = None,
        model: str | None = None,
        currency: str = "",
        reserved: bool = False,
    ) -> tuple[Spend, ...]:
        """A breakdown by "user", "provider", "model", "conversation", "currency", "day" or "month"; one line for each combination
        that has records, sorted by key. Days and months need a `period`, or `since` and `until`. Filters as in `spend`."""
        self._need("spend")
        question = Question(currency or self.currency, user, provider, model, reserved=reserved)

        def add_up(session: Session) -> list[Spend]:
            bounds = self._bounds(session, period, None, None, since, until)
            asked = replace(question, since=bounds[0], until=bounds[1])
            return self._spending.lines(session, asked, groups)

        return tuple(self._runner.read(add_up))

    def _bounds(
        self,
        session: Session,
        period: Period | None,
        day: date | None,
        month: date | None,
        since: datetime | None,
        until: datetime | None,
    ) -> tuple[datetime | None, datetime | None]:
        given = sum(x is not None for x in (period, day, month)) + (since is not None or until is not None)
        if given > 1:
            raise ValueError("give a period, a day, a month, or since and until: one of them")
        if day is not None:
            return day_edges(day, self.zone)
        if month is not None:
            return month_edges(month, self.zone)
        if period is not None and period not in ("total", "per_request"):
            return self._held(session)[0].edges[period]
        return (None if since is None else _utc(since)), (None if until is None else _utc(until))

    # The rest.

    def _end(
        self, reservation: Reservation | RecordId, cost: Decimal, status: str, *, enforce: bool
    ) -> Charge:
        self._need("reservations")
        id_ = reservation.id if isinstance(reservation, Reservation) else reservation
        return self._writer.end(id_, self._fit(cost), status, enforce=enforce)

    def _write(self, entry: Entry, status: str, *, enforce: bool) -> Charge:
        if entry.request_id:
            self._need("idempotency")
        currency = entry.currency or self.currency
        record = self._parts.records.roles
        if currency != self.currency and not record.currency:
            raise CapabilityMissing(
                f"costs in {currency}", f"a column for the currency in {record.table.name}"
            )
        return self._writer.write(entry, self._fit(entry.cost), currency, status, enforce=enforce)

    def _held(self, session: Session) -> tuple[Window, dict[str, Any]]:
        """The periods that hold the server's time."""
        return self._writer.clock.at(now(session, self.binding.driver))

    def _fit(self, amount: Decimal) -> Decimal:
        """The amount that every column on its way holds."""
        if not isinstance(amount, Decimal):
            raise InvalidEntry(f"a cost is a Decimal, not {type(amount).__name__}: {amount!r}")
        for money in self._money:
            amount = money.fit(amount, self.rounding)
        return amount

    def _need(self, capability: Capability) -> None:
        if self._missing[capability]:
            raise CapabilityMissing(capability, " and ".join(self._missing[capability]))

    def _keeping(self) -> tuple[BudgetKeeper, Guard]:
        self._need("enforce")
        assert self._keeper is not None
        assert self._guard is not None
        return self._keeper, self._guard


def _not_negative(cost: Decimal) -> None:
    if isinstance(cost, Decimal) and cost.is_finite() and cost < 0:
        raise InvalidEntry(f"a cost of {cost} is no charge: corrections are recorded")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: give an aware datetime")
    return moment.astimezone(UTC).replace(tzinfo=None)
