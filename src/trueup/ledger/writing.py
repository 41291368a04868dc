"""How a cost is written: charged, refused, settled, each in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from trueup.ledger.alerting import Alerter, Sent
from trueup.ledger.clock import Window, window
from trueup.ledger.entries import AlertNotice, Charge, Entry, RecordId, UserId
from trueup.ledger.errors import (
    LedgerError,
    LimitExceeded,
    NoBudget,
    RequestConflict,
    RetriesExhausted,
    UnknownReservation,
    WriteRefused,
)
from trueup.ledger.guarding import Guard
from trueup.ledger.recording import Recorder, Stored
from trueup.ledger.running import Runner, TryAgain, now
from trueup.ledger.session import Session
from trueup.ledger.standings import Standing
from trueup.structs import Struct

Noticed = tuple[list[AlertNotice], list[Sent]]


class _Refused(Exception):
    """The quick way has not charged everything: the reason is found behind the lock."""


class Writing(Struct, frozen=True):
    """An entry made ready: `values` are what every attempt sends."""

    entry: Entry
    amount: Decimal
    currency: str
    status: str
    values: dict[str, Any]
    enforce: bool


class Clock:
    """The periods that hold the server's time, as far as it was heard last. Every transaction hears it again before it commits."""

    def __init__(self, zone: ZoneInfo, guard: Guard | None) -> None:
        self.zone = zone
        self._guard = guard
        self._held: tuple[Window, dict[str, Any]] | None = None

    def at(self, moment: datetime) -> tuple[Window, dict[str, Any]]:
        """The periods that hold `moment`, and their edges as the statements name them."""
        held = self._held
        if held is None or not held[0].holds(moment):
            held = self._of(moment)
            self._held = held
        return held

    def believed(self, session: Session, runner: Runner) -> tuple[Window, dict[str, Any]]:
        """The periods last heard of: to be confirmed."""
        return self._held or self.at(now(session, runner.driver))

    def confirm(self, held: Window, moment: datetime) -> None:
        """Raises TryAgain where a period has ended since."""
        if not held.holds(moment):
            self.at(moment)
            raise TryAgain("a new period has begun")

    def _of(self, moment: datetime) -> tuple[Window, dict[str, Any]]:
        found = window(moment, self.zone)
        return found, self._guard.values(found) if self._guard else {}


class Writer:
    """Writes costs on a bound schema."""

    def __init__(
        self,
        runner: Runner,
        recorder: Recorder,
        guard: Guard | None,
        alerter: Alerter | None,
        zone: ZoneInfo,
        require_budget: bool,
    ) -> None:
        self.runner = runner
        self.recorder = recorder
        self.guard = guard
        self.alerter = alerter
        self.zone = zone
        self.clock = Clock(zone, guard)
        self.require_budget = require_budget

    def write(self, entry: Entry, amount: Decimal, currency: str, status: str, *, enforce: bool) -> Charge:
        """Stores an entry once. `enforce`: only where it fits into every budget."""
        values = self.recorder.values(entry, amount, status)
        if self.guard:
            values.update(self.guard.amounts(amount))
        work = Writing(entry, amount, currency, status, values, enforce)
        try:
            return self._until_done(work)
        except WriteRefused:
            found = self.runner.read(lambda session: self.recorder.by_request(session, entry.request_id))
            if found is None:
                raise
            return _known(found, work)

    def _until_done(self, work: Writing) -> Charge:
        """A refusal is only believed behind the lock, where it is made an alert as well."""
        for _ in range(self.runner.policy.attempts):
            try:
                made, sent = self.runner.transact(
                    lambda session: self._attempt(session, work), repeatable=bool(work.entry.request_id)
                )
            except _Refused:
                outcome, sent = self.runner.transact(lambda session: self._examine(session, work))
                self._remember(sent)
                if isinstance(outcome, LedgerError):
                    raise outcome from None
                if outcome is not None:
                    return _known(outcome, work)
                continue
            self._remember(sent)
            return made
        raise RetriesExhausted(self.runner.policy.attempts, "the user's budgets changed with every attempt")

    def _attempt(self, session: Session, work: Writing) -> tuple[Charge, list[Sent]]:
        moment, standings = self._charged(session, work)
        id_ = self.recorder.write(session, work.entry, dict(work.values), moment)
        notices, sent = self._reached(session, work.entry.user, work.currency, standings, moment)
        kept = self.recorder.records.time.kept(moment)
        return Charge(id_, work.amount, work.currency, kept, alerts=tuple(notices)), sent

    def _charged(self, session: Session, work: Writing) -> tuple[datetime, list[Standing]]:
        """The server's time, and the user's budgets with the amount charged to them. Raises _Refused, TryAgain."""
        guard = self.guard
        if guard is None:
            return now(session, self.runner.driver), []
        held, edges = self.clock.believed(session, self.runner)
        values = {**work.values, **edges, "currency": work.currency}
        if guard.keeps_total:
            heard, standings, charged = guard.charge(session, values, held, work.enforce, work.currency)
            moment = now(session, self.runner.driver) if heard is None else heard
            self.clock.confirm(held, moment)
            if not charged:
                raise (
                    _Refused if work.enforce else TryAgain("the running total is of a later period, or full")
                )
            checked = [s for s in standings if s.start is None or not s.counts(work.currency)]
        else:
            rows = guard.lock(session, values, held)
            moment, checked = guard.add_up(session, values, rows)
            self.clock.confirm(held, moment)
            standings = [s.after(work.amount) for s in checked]
        if work.enforce:
            refusing = any(
                s.refuses(work.entry.user, work.amount, work.currency, guard.most) for s in checked
            )
            if refusing or (self.require_budget and not standings):
                raise _Refused
        return moment, standings

    def _examine(self, session: Session, work: Writing) -> tuple[LedgerError | Stored | None, list[Sent]]:
        """Behind the lock: why the entry can't be charged, or its record where it was charged before; None: it can be now."""
        guard, user = self.guard, work.entry.user
        assert guard is not None
        found = self.recorder.by_request(session, work.entry.request_id)
        if found is not None:
            return found, []
        held, edges = self.clock.believed(session, self.runner)
        values = {**work.values, **edges, "currency": work.currency}
        moment, standings = guard.add_up(session, values, guard.lock(session, values, held))
        self.clock.confirm(held, moment)
        if not standings and self.require_budget:
            return NoBudget(f"user {user} has no active budget"), []
        for standing in standings:
            reason = standing.refuses(user, work.amount, work.currency, guard.most)
            if isinstance(reason, LimitExceeded) and self.alerter and standing.start is not None:
                notices, sent = self.alerter.refused(session, user, standing, moment)
                reason.alerts = tuple(notices)
                return reason, sent
            if reason is not None:
                return reason, []
        if any(s.began and s.start and s.began > s.start for s in standings):
            raise TryAgain("the running total is of a later period than the server's time")
        return None, []

    # Reservations.

    def end(self, id_: RecordId, amount: Decimal, status: str, *, enforce: bool) -> Charge:
        """Settles or releases a reservation, once. `enforce`: what exceeds the reservation must fit."""
        tried: list[int] = []

        def work(session: Session) -> tuple[Charge, list[Sent]]:
            tried.append(1)
            found = self.recorder.by_id(session, id_)
            if found is None or found.status != "reserved":
                # A connection lost in COMMIT: what this call has done is what it finds.
                if found and len(tried) > 1 and (found.status, found.amount) == (status, amount):
                    return Charge(id_, amount, found.currency, found.time.replace(tzinfo=UTC)), []
                raise UnknownReservation(f"there is no open reservation {id_}")
            return self._ended(session, found, amount, status, enforce)

        made, sent = self.runner.transact(work)
        self._remember(sent)
        return made

    def _ended(
        self, session: Session, found: Stored, amount: Decimal, status: str, enforce: bool
    ) -> tuple[Charge, list[Sent]]:
        """The budget's row is locked before the record's: in the order of every charge."""
        difference = amount - found.amount
        moment, standings = now(session, self.runner.driver), []
        if self.guard:
            then = window(found.time, self.zone)
            values = {"user": found.user, "currency": found.currency, **self.guard.values(then)}
            rows = self.guard.lock(session, values, then)
            moment, all_of_them = self.guard.add_up(session, values, rows)
            standings = [s for s in all_of_them if s.counts(found.currency) and s.is_of_its_period]
            if enforce and difference > 0:
                _refuse_overrun(standings, found, amount, self.guard.most)
            self.guard.shift(session, values, then, difference)
            standings = [s.after(difference) for s in standings]
        if not self.recorder.end(session, found.id, amount, status):
            raise UnknownReservation(f"reservation {found.id} has just been ended by somebody else")
        notices, sent = self._reached(session, found.user, found.currency, standings, moment)
        kept = found.time.replace(tzinfo=UTC)
        return Charge(found.id, amount, found.currency, kept, alerts=tuple(notices)), sent

    def _reached(
        self,
        session: Session,
        user: UserId,
        currency: str,
        standings: Sequence[Standing],
        moment: datetime,
    ) -> Noticed:
        if self.alerter is None:
            return [], []
        return self.alerter.reached(session, user, [s for s in standings if s.counts(currency)], moment)

    def _remember(self, sent: Sequence[Sent]) -> None:
        if self.alerter and sent:
            self.alerter.remember(sent)


def _refuse_overrun(
    standings: Sequence[Standing], found: Stored, amount: Decimal, most: Decimal | None
) -> None:
    for standing in standings:
        more = amount if standing.start is None else amount - found.amount
        reason = standing.refuses(found.user, more, found.currency, most)
        if reason is not None:
            raise reason


def _known(found: Stored, work: Writing) -> Charge:
    """The answer for a request id that is known. Raises RequestConflict where it was something else."""
    entry = work.entry
    same = (
        found.status == work.status
        and found.amount == work.amount
        and found.currency == work.currency
        and found.user in ("", entry.user, str(entry.user))
    )
    if not same:
        raise RequestConflict(
            f"request {entry.request_id} is known as {found.status}: {found.amount} {found.currency} of user {found.user}"
        )
    return Charge(found.id, found.amount, found.currency, found.time.replace(tzinfo=UTC), duplicate=True)
