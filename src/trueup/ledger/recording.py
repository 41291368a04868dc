"""The table of cost records: writing one, finding one again by its request id, settling and releasing it."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, literal_column, select, update

from trueup.ledger.bound import Bound, Statement, bind, constant
from trueup.ledger.capabilities import generated_id, unfilled
from trueup.ledger.entries import Entry, RecordId, UserId
from trueup.ledger.errors import CapabilityMissing
from trueup.ledger.session import Session
from trueup.model.names import Driver
from trueup.structs import Struct

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Select
    from sqlalchemy.sql import ClauseElement

_OF_ENTRY = ("provider", "model", "input_tokens", "output_tokens", "conversation", "request_id")


class Stored(Struct, frozen=True):
    """A cost record as it is found again."""

    id: RecordId
    user: UserId
    amount: Decimal
    currency: str
    time: datetime
    status: str


class Recorder:
    """Statements on the table of cost records."""

    def __init__(self, bound: Bound, dialect: Dialect, zone: ZoneInfo, currency: str) -> None:
        self.bound = bound
        self.records = bound.records
        self.zone = zone
        self.currency = currency
        self._dialect = dialect
        roles = self.records.roles
        self._makes_id = generated_id(roles.table, roles.id, bound.driver)
        self._inserts: dict[tuple[str, ...], Statement] = {}
        self._found = Statement(self._finding(roles.request_id), dialect) if roles.request_id else None
        self._by_id = Statement(self._finding(roles.id), dialect) if roles.id else None
        self._end = Statement(self._ending(), dialect) if roles.id and roles.status else None
        self._old = Statement(self._outdated(), dialect) if roles.id and roles.status else None

    def values(self, entry: Entry, amount: Decimal, status: str) -> dict[str, Any]:
        """What is stored of an entry, the time apart."""
        values: dict[str, Any] = {name: getattr(entry, name) for name in _OF_ENTRY}
        values["request_id"] = entry.request_id or None
        values["user"] = entry.user
        values["amount"] = self.records.money.write(amount)
        values["currency"] = entry.currency or self.currency
        values["status"] = status
        values["metadata"] = None if entry.metadata is None else json.dumps(entry.metadata, default=str)
        values.update({f"x_{name}": value for name, value in entry.extra.items()})
        return values

    def write(self, session: Session, entry: Entry, values: dict[str, Any], moment: datetime) -> RecordId:
        """Stores an entry; answers its id, "" where the table has none."""
        roles = self.records.roles
        values["time"] = self.records.time.write(moment, self.zone)
        made = str(uuid.uuid4()) if self._makes_id else ""
        result = self._insert(tuple(entry.extra)).run(session, {**values, "new_id": made})
        if made or not roles.id:
            return made
        if self.bound.driver == "pgsql":
            return _as_id(result.rows[0][0])
        return int(result.lastrowid or 0)

    def by_request(self, session: Session, request_id: str) -> Stored | None:
        """The record of a request id."""
        return self._stored(self._found, session, request_id) if request_id else None

    def by_id(self, session: Session, id_: RecordId) -> Stored | None:
        return self._stored(self._by_id, session, id_)

    def end(self, session: Session, id_: RecordId, amount: Decimal, status: str) -> bool:
        """Turns a reservation into a settled or released cost, once: False where it was none any more."""
        assert self._end is not None
        values = {"key": id_, "amount": self.records.money.write(amount), "status": status}
        return self._end.run(session, values).rowcount == 1

    def reserved_before(self, session: Session, moment: datetime) -> list[RecordId]:
        """Reservations made before `moment` that are still open, oldest first."""
        assert self._old is not None
        values = {"before": self.records.time.write(moment, self.zone)}
        return [_as_id(row[0]) for row in self._old.run(session, values).rows]

    def _stored(self, statement: Statement | None, session: Session, key: RecordId) -> Stored | None:
        if statement is None:
            return None
        rows = statement.run(session, {"key": key}).dicts()
        if not rows:
            return None
        row = rows[0]
        roles, records = self.records.roles, self.records
        time = records.time.read(row["time"], self.zone)
        return Stored(
            _as_id(row["id"]) if roles.id else "",
            _as_id(row["user"]) if roles.user else "",
            records.money.read(row["amount"]),
            str(row["currency"]).strip() if roles.currency else self.currency,
            time if time is not None else datetime.min,
            str(row["status"]) if roles.status else "settled",
        )

    def _insert(self, extra: tuple[str, ...]) -> Statement:
        if extra not in self._inserts:
            self._inserts[extra] = Statement(self._inserting(extra), self._dialect)
        return self._inserts[extra]

    def _inserting(self, extra: tuple[str, ...]) -> ClauseElement:
        roles, driver = self.records.roles, self.bound.driver
        played = ("user", "amount", "time", "currency", "status", "metadata", *_OF_ENTRY)
        given: dict[str, Any] = {getattr(roles, r): bind(r) for r in played if getattr(roles, r)}
        for name in extra:
            given[name] = bind(f"x_{name}")
        for name, value in roles.fill:
            given.setdefault(name, filled(value, driver))
        if self._makes_id:
            given[roles.id] = bind("new_id")
        lacking = unfilled(roles.table, given)
        if lacking:
            names = ", ".join(f"{roles.table.name}.{name}" for name in lacking)
            raise CapabilityMissing("record", f"a value for {names}: give it with Entry(extra=...) or a fill")
        statement = insert(self.records.clause).values(given)
        returns = driver == "pgsql" and roles.id and not self._makes_id
        return statement.returning(self.records.clause.c[roles.id]) if returns else statement

    def _finding(self, key: str) -> Select[Any]:
        roles, c = self.records.roles, self.records.clause.c
        named = ("id", "user", "amount", "time", "currency", "status")
        wanted = [c[getattr(roles, role)].label(role) for role in named if getattr(roles, role)]
        return select(*wanted).where(c[key] == bind("key"))

    def _ending(self) -> ClauseElement:
        roles, c = self.records.roles, self.records.clause.c
        return (
            update(self.records.clause)
            .values({roles.amount: bind("amount"), roles.status: bind("status")})
            .where(c[roles.id] == bind("key"), c[roles.status] == constant("open", "reserved"))
        )

    def _outdated(self) -> ClauseElement:
        roles, c = self.records.roles, self.records.clause.c
        return (
            select(c[roles.id])
            .where(c[roles.status] == constant("open", "reserved"), c[roles.time] < bind("before"))
            .order_by(c[roles.time], c[roles.id])
        )


_NUMBERS = count()


def filled(value: object, driver: Driver) -> Any:
    """A fill as an expression; "@now" is the server's time, to the second."""
    if value != "@now":
        # Each has a name of its own: 0, False and "" have one hash, and equal values may go into columns of different types.
        return constant(f"f_{next(_NUMBERS)}", value)
    match driver:
        case "pgsql":
            return literal_column("date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC')")
        case "mysql" | "mariadb":
            return literal_column("UTC_TIMESTAMP()")
        case "sqlite":
            return literal_column("strftime('%Y-%m-%d %H:%M:%S', 'now')")


def _as_id(value: object) -> RecordId:
    return value if isinstance(value, int) else str(value)
