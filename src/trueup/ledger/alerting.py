"""Alerts, each stored once a period: by a unique key where the table has one, else behind the lock of the budget's row."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import insert, literal_column, select
from sqlalchemy.exc import IntegrityError

from trueup.ledger.bound import Alerts, Bound, Budgets, Statement, bind
from trueup.ledger.capabilities import alert_key, generated_id
from trueup.ledger.clock import EPOCH
from trueup.ledger.entries import AlertNotice, UserId
from trueup.ledger.money import MoneyColumn
from trueup.ledger.running import TryAgain
from trueup.ledger.session import Session
from trueup.ledger.standings import Standing

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Select
    from sqlalchemy.sql import ClauseElement

Kind = Literal["threshold", "limit_exceeded"]
Sent = tuple[object, str, datetime | None, int]
REMEMBERED = 20_000


class Alerter:
    """Stores alerts. What it knows to be stored it does not ask for again; that is kept for the last 20,000."""

    def __init__(
        self, bound: Bound, alerts: Alerts, budgets: Budgets, dialect: Dialect, zone: ZoneInfo
    ) -> None:
        self.bound = bound
        self.alerts = alerts
        self.budgets = budgets
        self.zone = zone
        self.by_key = alert_key(alerts.roles)
        # MySQL's ON DUPLICATE KEY can't tell a new row from a known one for a client that counts the rows found.
        self._looks_first = not self.by_key or bound.driver in ("mysql", "mariadb")
        self._makes_id = generated_id(alerts.roles.table, alerts.roles.id, bound.driver)
        self._sent: OrderedDict[Sent, None] = OrderedDict()
        self._insert = Statement(self._inserting(dialect), dialect)
        self._exists = Statement(self._existing(), dialect)

    def reached(
        self, session: Session, user: UserId, standings: Sequence[Standing], moment: datetime
    ) -> tuple[list[AlertNotice], list[Sent]]:
        """Stores an alert for every threshold that the budgets have reached and that has none yet in its period. Answers the new
        ones, and all that are known now to be stored, to be remembered after COMMIT."""
        notices: list[AlertNotice] = []
        sent: list[Sent] = []
        for standing in standings:
            if standing.start is None or standing.limit <= 0:
                continue
            for threshold in standing.thresholds:
                if standing.spent * 100 < standing.limit * threshold:
                    break
                notices += self._store(session, user, "threshold", threshold, standing, moment, sent)
            if standing.spent > standing.limit:
                notices += self._store(session, user, "limit_exceeded", 100, standing, moment, sent)
        return notices, sent

    def refused(
        self, session: Session, user: UserId, standing: Standing, moment: datetime
    ) -> tuple[list[AlertNotice], list[Sent]]:
        """Stores that a charge was refused because it would exceed the limit, once a period."""
        sent: list[Sent] = []
        return list(self._store(session, user, "limit_exceeded", 100, standing, moment, sent)), sent

    def remember(self, sent: Iterable[Sent]) -> None:
        """Called once the alerts are committed."""
        for key in sent:
            self._sent[key] = None
        while len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)

    def _store(
        self,
        session: Session,
        user: UserId,
        kind: Kind,
        threshold: int,
        standing: Standing,
        moment: datetime,
        sent: list[Sent],
    ) -> list[AlertNotice]:
        key: Sent = (standing.budget or (user, standing.currency), standing.period, standing.start, threshold)
        if key in self._sent:
            return []
        sent.append(key)
        values = self._values(user, kind, threshold, standing, moment)
        if self._looks_first and self._exists.run(session, values).first() is not None:
            return []
        try:
            stored = self._insert.run(session, values).rowcount
        except IntegrityError as problem:
            if not self.by_key:
                raise
            raise TryAgain("an alert was stored meanwhile by somebody who does not lock") from problem
        if stored < 1:
            return []
        start = standing.start.replace(tzinfo=UTC) if standing.start else None
        return [
            AlertNotice(
                user,
                kind,
                threshold,
                standing.period,
                start,
                standing.spent,
                standing.limit,
                standing.currency,
            )
        ]

    def _values(
        self, user: UserId, kind: Kind, threshold: int, standing: Standing, moment: datetime
    ) -> dict[str, Any]:
        roles, alerts = self.alerts.roles, self.alerts
        start = standing.start or EPOCH
        values: dict[str, Any] = {
            "user": user,
            "budget": standing.budget,
            "kind": dict(roles.kind_values).get(kind, kind),
            "threshold": threshold,
            "period": dict(roles.period_values).get(standing.period, standing.period),
            "currency": standing.currency,
            "spent": _shown(alerts.spent, standing.spent),
            "limit": _shown(alerts.limit, standing.limit),
            "new_id": str(uuid.uuid4()),
        }
        if alerts.time:
            values["time"] = alerts.time.write(moment, self.zone)
            values["since"] = alerts.time.write(start, self.zone)
        if alerts.start:
            values["period_start"] = alerts.start.write(start, self.zone)
        return values

    def _inserting(self, dialect: Dialect) -> ClauseElement:
        roles = self.alerts.roles
        played = (
            "user",
            "budget",
            "kind",
            "threshold",
            "period",
            "period_start",
            "currency",
            "spent",
            "limit",
            "time",
        )
        given: dict[str, Any] = {getattr(roles, r): bind(r) for r in played if getattr(roles, r)}
        for name, value in roles.fill:
            given.setdefault(name, self._filled(value))
        if self._makes_id:
            given[roles.id] = bind("new_id")
        if self._looks_first:
            return insert(self.alerts.clause).values(given)
        return _insert_once(dialect.name, self.alerts.clause, given)

    def _filled(self, value: object) -> Any:
        from trueup.ledger.recording import filled

        return filled(value, self.bound.driver)

    def _existing(self) -> ClauseElement:
        roles, c = self.alerts.roles, self.alerts.clause.c
        query: Select[Any] = select(literal_column("1")).select_from(self.alerts.clause)
        same = ["user", "budget", "kind", "threshold", "period", "currency"]
        for role in same:
            name = getattr(roles, role)
            if name:
                query = query.where(c[name] == bind(role))
        if roles.period_start:
            query = query.where(c[roles.period_start] == bind("period_start"))
        else:
            query = query.where(c[roles.time] >= bind("since"))
        return query.limit(literal_column("1"))


def _shown(money: MoneyColumn | None, amount: Decimal) -> Any:
    """For the reader of an alert, not for sums: rounded up to the column's scale, and no more than it holds."""
    if money is None:
        return None
    if money.scale is not None:
        amount = amount.quantize(Decimal(1).scaleb(-money.scale), rounding=ROUND_CEILING)
    return money.write(amount if money.most is None else min(amount, money.most))


def _insert_once(dialect: str, clause: Any, given: dict[str, Any]) -> ClauseElement:
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(clause).values(given).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(clause).values(given).on_conflict_do_nothing()
