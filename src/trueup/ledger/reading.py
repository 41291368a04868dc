"""Reading the alerts that are stored."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from trueup.ledger.bound import Alerts, Statement, bind
from trueup.ledger.clock import EPOCH
from trueup.ledger.entries import Alert, UserId
from trueup.ledger.errors import CapabilityMissing
from trueup.ledger.session import Session

if TYPE_CHECKING:
    from sqlalchemy import Dialect

_ROLES = ("user", "kind", "threshold", "period", "spent", "limit", "time", "period_start")


class AlertReader:
    """Reads stored alerts."""

    def __init__(self, alerts: Alerts, dialect: Dialect, zone: ZoneInfo) -> None:
        self.alerts = alerts
        self.zone = zone
        self._dialect = dialect

    def read(self, session: Session, user: UserId | None, since: datetime | None) -> list[Alert]:
        """The alerts of a user (None: of all) from a moment on (UTC without a zone), oldest first."""
        roles, c = self.alerts.roles, self.alerts.clause.c
        moment = self.alerts.time or self.alerts.start
        assert moment is not None
        query = select(*(c[getattr(roles, r)].label(r) for r in _ROLES if getattr(roles, r)))
        values: dict[str, Any] = {}
        if user is not None:
            if not roles.user:
                raise CapabilityMissing("alerts of one user", f"a column for the user in {roles.table.name}")
            query = query.where(c[roles.user] == bind("user"))
            values["user"] = user
        if since is not None:
            query = query.where(c[moment.name] >= bind("since"))
            values["since"] = moment.write(since, self.zone)
        query = query.order_by(c[moment.name], *([c[roles.id]] if roles.id else []))
        rows = Statement(query, self._dialect).run(session, values).dicts()
        return [self._alert(row) for row in rows]

    def _alert(self, row: dict[str, Any]) -> Alert:
        alerts, roles = self.alerts, self.alerts.roles
        column = alerts.time or alerts.start
        time = column.read(row["time" if alerts.time else "period_start"], self.zone) if column else None
        kind = next((k for k, v in roles.kind_values if v == str(row.get("kind"))), str(row.get("kind", "")))
        user = row.get("user")
        return Alert(
            user if user is None or isinstance(user, int) else str(user),
            kind,
            None if row.get("threshold") is None else Decimal(str(row["threshold"])),
            next((p for p, v in roles.period_values if v == str(row.get("period"))), None),
            alerts.spent.read(row["spent"]) if alerts.spent else None,
            alerts.limit.read(row["limit"]) if alerts.limit else None,
            (time or EPOCH).replace(tzinfo=UTC),
        )
