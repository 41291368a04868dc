"""What was spent: sums by user, provider, model, conversation, day and month, added up by the server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import func, literal_column, select

from trueup.ledger.bound import Bound, Statement, bind, constant
from trueup.ledger.clock import day_edges, month_edges
from trueup.ledger.entries import Spend, UserId
from trueup.ledger.errors import CapabilityMissing
from trueup.ledger.session import Session
from trueup.structs import Struct

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Select

Group = Literal["user", "provider", "model", "conversation", "currency", "day", "month"]
_ROLES = ("user", "provider", "model", "conversation", "currency")


class Question(Struct, frozen=True):
    """What is asked. Times are UTC without a zone; None: no bound, no filter. `reserved`: open reservations count too."""

    currency: str
    user: UserId | None = None
    provider: str | None = None
    model: str | None = None
    conversation: UserId | None = None
    since: datetime | None = None
    until: datetime | None = None
    reserved: bool = False


class Spending:
    """Answers questions about what was spent."""

    def __init__(self, bound: Bound, dialect: Dialect, zone: ZoneInfo) -> None:
        self.bound = bound
        self.zone = zone
        self._dialect = dialect
        self._statements: dict[tuple[object, ...], Statement] = {}

    def lines(self, session: Session, question: Question, by: Sequence[Group]) -> list[Spend]:
        """One line for each combination of the groups that has records, sorted. Days and months need `since` and `until`."""
        buckets = self._buckets(question, by)
        roles = tuple(group for group in by if group in _ROLES)
        found: dict[tuple[Any, ...], Spend] = {}
        for label, start, end in buckets:
            for row in self._ask(session, question, roles, start, end):
                keys = iter(row[: len(roles)])
                named = tuple(label if group in ("day", "month") else _key(next(keys)) for group in by)
                cost, count, given, made = row[len(roles) :]
                if count:
                    found[named] = Spend(
                        named, self.bound.units.read(cost), int(count), _whole(given), _whole(made)
                    )
        return [found[key] for key in sorted(found, key=lambda key: tuple((k is None, str(k)) for k in key))]

    def total(self, session: Session, question: Question) -> Decimal:
        rows = self._ask(session, question, (), question.since, question.until)
        return self.bound.units.read(rows[0][0])

    def _buckets(
        self, question: Question, by: Sequence[Group]
    ) -> list[tuple[str, datetime | None, datetime | None]]:
        """The days or months between the bounds, each with its part of that time."""
        if "day" not in by and "month" not in by:
            return [("", question.since, question.until)]
        if question.since is None or question.until is None:
            raise ValueError("days and months are asked for between two moments: give since and until")
        by_day = "day" in by
        edges = day_edges if by_day else month_edges
        found: list[tuple[str, datetime | None, datetime | None]] = []
        day = question.since.replace(tzinfo=UTC).astimezone(self.zone).date()
        while True:
            start, end = edges(day, self.zone)
            if start >= question.until:
                return found
            label = day.isoformat() if by_day else day.isoformat()[:7]
            found.append((label, max(start, question.since), min(end, question.until)))
            day = _following(day, by_day)

    def _ask(
        self,
        session: Session,
        question: Question,
        roles: tuple[str, ...],
        start: datetime | None,
        end: datetime | None,
    ) -> list[tuple[Any, ...]]:
        records = self.bound.records
        filters = [r for r in _ROLES if getattr(question, r) not in (None, "")]
        if not records.roles.currency:
            filters.remove("currency")
        key = (roles, tuple(filters), start is None, end is None, question.reserved)
        if key not in self._statements:
            query = self._query(roles, filters, start is None, end is None, question.reserved)
            self._statements[key] = Statement(query, self._dialect)
        values: dict[str, Any] = {role: getattr(question, role) for role in filters}
        values["since"] = None if start is None else records.time.write(start, self.zone)
        values["until"] = None if end is None else records.time.write(end, self.zone)
        return [tuple(row) for row in self._statements[key].run(session, values).rows]

    def _query(
        self, roles: tuple[str, ...], filters: Sequence[str], no_start: bool, no_end: bool, reserved: bool
    ) -> Select[Any]:
        records = self.bound.records
        c = records.clause.c
        keys: list[Any] = [c[self._column(role)] for role in roles]
        tokens: list[Any] = [
            func.sum(c[name]) if name else literal_column("NULL")
            for name in (records.roles.input_tokens, records.roles.output_tokens)
        ]
        amount = self.bound.units.of(records.money, c[records.roles.amount])
        query = select(*keys, func.sum(amount), func.count(), *tokens).select_from(records.clause)
        for role in filters:
            query = query.where(c[self._column(role)] == bind(role))
        moment = c[records.roles.time]
        if not no_start:
            query = query.where(moment >= bind("since"))
        if not no_end:
            query = query.where(moment < bind("until"))
        if records.roles.status and not reserved:
            query = query.where(c[records.roles.status] != constant("open", "reserved"))
        return query.group_by(*keys) if keys else query

    def _column(self, role: str) -> str:
        name: str = getattr(self.bound.records.roles, role)
        if not name:
            raise CapabilityMissing(
                f"spending by {role}", f"a column for the {role} in {self.bound.records.roles.table.name}"
            )
        return name


def _following(day: date, by_day: bool) -> date:
    return day + timedelta(days=1) if by_day else (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _key(value: object) -> str | int | None:
    return value if value is None or isinstance(value, int) else str(value)


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value))
