"""The statements that keep a budget: what the schema offers decides which.

A running total: one conditional UPDATE adds the amount where it fits, and the row's lock, which the server holds until COMMIT,
makes the next writer wait and then see the new total. A total of an earlier period starts again at nothing in the same statement.

A locked row: where the budget keeps no total, its row is locked first, then the costs of the period are summed. Whoever holds
the lock sees every cost that is committed, and nobody else can add one meanwhile.

Both are ends of the same rule: look and write in one transaction, behind the lock of the budget's row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, cast, func, literal_column, or_, select, true, update
from sqlalchemy.types import DATE, DATETIME

from trueup.ledger.bound import Bound, Budgets, Statement, bind, constant, is_active
from trueup.ledger.clock import ROLLING, Window, read_now, server_now
from trueup.ledger.running import now
from trueup.ledger.session import Session
from trueup.ledger.standings import Standing, read_standings

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Dialect, Select, Update

Expression = Any  # SQLAlchemy's elements are generic in a type that only the server knows


class Guard:
    """The budgets of a bound schema: reads them, charges them, adds up what was spent."""

    def __init__(
        self, bound: Bound, budgets: Budgets, dialect: Dialect, zone: ZoneInfo, thresholds: tuple[int, ...]
    ):
        self.bound = bound
        self.budgets = budgets
        self.zone = zone
        self.thresholds = thresholds
        self._dialect = dialect
        self._sums: dict[tuple[object, ...], Statement] = {}
        self.locked = Statement(self._locking(), dialect)
        self.seen = Statement(self._rows(active=False), dialect)
        self._one_step = bound.driver == "pgsql" and bool(budgets.roles.id)
        self._charge = self._adding(enforce=True) if budgets.spent else None
        self._add = self._adding(enforce=False) if budgets.spent else None
        self._shift = Statement(self._shifting(), dialect) if budgets.spent else None

    @property
    def keeps_total(self) -> bool:
        return self.budgets.spent is not None

    @property
    def most(self) -> Decimal | None:
        """The largest running total that can be held."""
        return self.budgets.spent.most if self.budgets.spent else None

    def values(self, window: Window) -> dict[str, object]:
        """The edges of the window's periods, as the statements name them."""
        records = self.bound.records.time
        found: dict[str, object] = {}
        for period in self.budgets.rolling:
            start, end = window.edges[period]
            found[f"r_start_{period}"] = records.write(start, self.zone)
            found[f"r_end_{period}"] = records.write(end, self.zone)
            if self.budgets.start:
                found[f"b_start_{period}"] = self.budgets.start.write(start, self.zone)
            if self.budgets.end:
                # A column of days has the last day; one of moments the moment at which the next period begins.
                found[f"b_end_{period}"] = self.budgets.end.write(end, self.zone)
        return found

    def amounts(self, amount: Decimal) -> dict[str, object]:
        """`amount` as the statements name it."""
        spent = self.budgets.spent
        found: dict[str, object] = {"units": self.bound.units.write(amount)}
        if spent:
            found["step"] = spent.step_of(amount)
        return found

    # The running total.

    def charge(
        self, session: Session, values: dict[str, Any], window: Window, enforce: bool, currency: str
    ) -> tuple[datetime | None, list[Standing], bool]:
        """Adds the amount to every budget of the user in its currency that it fits into. Answers the server's time (None: the
        user has no budget), the budgets as they are now, and whether all of them were charged."""
        first, second = (self._charge if enforce else self._add) or (None, None)
        assert first is not None
        if second is None:
            rows = first.run(session, values).dicts()
            count = 0
            for row in rows:
                if row["charged"] is not None:
                    count += 1
                    row["spent"], row["limit"], row["began"] = (
                        row["new_spent"],
                        row["new_limit"],
                        row["new_began"],
                    )
        else:
            count = first.run(session, values).rowcount
            rows = second.run(session, values).dicts()
        if not rows:
            return None, [], True
        standings = self._standings(rows, window)
        asked = sum(1 for s in standings if s.start is not None and s.counts(currency))
        return read_now(rows[0]["now"]), standings, count >= asked

    def shift(self, session: Session, values: dict[str, Any], window: Window, amount: Decimal) -> None:
        """Adds `amount`, which may be negative, to the totals of the periods in `window`, and to no later ones."""
        if self._shift:
            self._shift.run(session, {**values, **self.values(window), **self.amounts(amount)})

    # The locked row.

    def lock(self, session: Session, values: dict[str, Any], window: Window) -> list[Standing]:
        """The user's active budgets, locked until the transaction ends."""
        rows = self.locked.run(session, values).dicts()
        return self._standings(sorted(rows, key=lambda row: row.get("id", 0)), window)

    def add_up(
        self, session: Session, values: dict[str, Any], standings: Sequence[Standing]
    ) -> tuple[datetime, list[Standing]]:
        """The server's time, and the budgets with what is spent of them, summed where no total is kept."""
        periods = tuple(p for p in ROLLING if any(s.period == p for s in standings))
        if self.keeps_total or not periods:
            return now(session, self.bound.driver), list(standings)
        sums: dict[str, dict[str, Decimal]] = {}
        moment: datetime | None = None
        # The longest period need not begin first: a week may have begun before its month.
        first = min(values[f"r_start_{p}"] for p in periods)
        for currency in sorted({s.currency for s in standings}):
            by_currency = bool(self.bound.records.roles.currency and currency)
            statement = self._sum(periods, by_currency)
            row = statement.run(session, {**values, "r_from": first, "currency": currency}).dicts()[0]
            moment = moment or read_now(row["now"])
            sums[currency] = {p: self.bound.units.read(row[f"sum_{p}"]) for p in periods}
        assert moment is not None
        none: dict[str, Decimal] = {}
        return moment, [s.after(sums.get(s.currency, none).get(s.period, Decimal(0))) for s in standings]

    def look(
        self, session: Session, values: dict[str, Any], window: Window
    ) -> list[tuple[bool, list[Standing]]]:
        """The user's budgets without a lock, each row with whether it is active."""
        rows = self.seen.run(session, values).dicts()
        return [(bool(row.get("active", True)), self._standings([row], window)) for row in rows]

    def _standings(self, rows: Sequence[Any], window: Window) -> list[Standing]:
        return read_standings(rows, self.budgets, window, self.zone, self.thresholds)

    # Statements.

    def _rows(self, *, active: bool, charged: Expression = None) -> Select[Any]:
        """The user's budgets in the names that `read_standings` knows."""
        roles, c = self.budgets.roles, self.budgets.clause.c
        wanted: list[Expression] = [server_now(self.bound.driver).label("now")]
        if self.budgets.is_wide:
            wanted += [c[name].label(f"limit_{period}") for period, name in roles.limits]
        else:
            wanted.append(c[roles.limit].label("limit"))
        named = (
            ("id", roles.id), ("period", "" if self.budgets.is_wide else roles.period), ("currency", roles.currency),
            ("thresholds", roles.thresholds), ("began", roles.period_start if self.budgets.start else ""),
            ("spent", roles.spent if self.budgets.spent else ""), ("active", roles.active),
        )  # fmt: skip
        wanted += [c[name].label(label) for label, name in named if name]
        if charged is not None:
            wanted += [charged.c.charged, charged.c.new_spent, charged.c.new_limit, charged.c.new_began]
        query = select(*wanted).where(c[roles.user] == bind("user"))
        condition = is_active(self.budgets) if active else None
        query = query if condition is None else query.where(condition)
        return query.order_by(c[roles.id]) if roles.id else query

    def _locking(self) -> Select[Any]:
        """The active budgets, locked. Without an order on MySQL and MariaDB: to spare the sorting they would walk along the primary
        key, and lock the budgets of every user on the way, until two of them wait for each other."""
        query = self._rows(active=True)
        match self.bound.driver:
            case "sqlite":
                return query
            case "pgsql":
                return query.with_for_update()
            case "mysql" | "mariadb":
                return query.order_by(None).with_for_update()

    def _edge(self, which: str) -> Expression:
        """The start or end of the period of a row, by the period that the row names."""
        roles = self.budgets.roles
        column = self.budgets.start if which == "b_start" else self.budgets.end
        whole_days = column is not None and column.day

        def value(period: str) -> Expression:
            if self.bound.driver in ("mysql", "mariadb"):
                return cast(bind(f"{which}_{period}"), DATE if whole_days else DATETIME(timezone=False))
            return bind(f"{which}_{period}")

        if not roles.period:
            return value(self.budgets.rolling[0])
        spelled = self.budgets.clause.c[roles.period]
        return case(
            *(
                (spelled == constant(f"p_{p}", self.budgets.spelled(p)), value(p))
                for p in self.budgets.rolling
            )
        )

    def _of_user(self) -> ColumnElement[bool]:
        roles, c = self.budgets.roles, self.budgets.clause.c
        conditions: list[Expression] = [c[roles.user] == bind("user")]
        if roles.currency:
            conditions.append(c[roles.currency] == bind("currency"))
        if roles.period:
            spelled = [constant(f"p_{p}", self.budgets.spelled(p)) for p in self.budgets.rolling]
            conditions.append(or_(*(c[roles.period] == s for s in spelled)))
        return and_(*conditions)

    def _adding(self, *, enforce: bool) -> tuple[Statement, Statement | None]:
        """The UPDATE that charges, and, where the server can't tell in the same breath, the SELECT that shows the result."""
        roles, c, spent = self.budgets.roles, self.budgets.clause.c, self.budgets.spent
        assert spent is not None
        statement = self._update(enforce)
        if not self._one_step:
            # Those charged are locked by the UPDATE. To lock the others as well would be to wait for whoever walks over them.
            return Statement(statement, self._dialect), Statement(self._rows(active=True), self._dialect)
        charged = statement.returning(
            c[roles.id].label("charged"),
            c[roles.spent].label("new_spent"),
            c[roles.limit].label("new_limit"),
            c[roles.period_start].label("new_began"),
        ).cte("charged")
        query = self._rows(active=True, charged=charged)
        joined = self.budgets.clause.outerjoin(charged, charged.c.charged == c[roles.id])
        return Statement(query.select_from(joined), self._dialect), None

    def _update(self, enforce: bool) -> Update:
        roles, c, spent, units = (
            self.budgets.roles,
            self.budgets.clause.c,
            self.budgets.spent,
            self.bound.units,
        )
        assert spent is not None
        began, start = c[roles.period_start], self._edge("b_start")
        so_far: Expression = case(
            (began == start, func.coalesce(c[roles.spent], literal_column("0"))), else_=literal_column("0")
        )
        after = units.of(spent, so_far) + bind("units")
        # The total before its period: MySQL carries assignments out from left to right, each with the values of those before.
        assigned: list[Expression] = [(c[roles.spent], spent.stepped(so_far, bind("step"))), (began, start)]
        if roles.period_end:
            assigned.append((c[roles.period_end], self._edge("b_end")))
        condition = is_active(self.budgets)
        limit = self.budgets.limits[self.budgets.periods[0]]
        return (
            update(self.budgets.clause)
            .ordered_values(*assigned)
            .where(self._of_user(), true() if condition is None else condition)
            .where(or_(began.is_(None), began <= start))
            .where(*([after <= units.of(limit, c[roles.limit])] if enforce else []))
            .where(
                *([after <= literal_column(str(units.write(spent.most)))] if spent.most is not None else [])
            )
        )

    def _shifting(self) -> Update:
        """Adds to the totals of the very periods given; one that has begun since has its own total."""
        roles, c, spent = self.budgets.roles, self.budgets.clause.c, self.budgets.spent
        assert spent is not None
        so_far = func.coalesce(c[roles.spent], literal_column("0"))
        return (
            update(self.budgets.clause)
            .ordered_values((c[roles.spent], spent.stepped(so_far, bind("step"))))
            .where(self._of_user(), c[roles.period_start] == self._edge("b_start"))
        )

    def _sum(self, periods: tuple[str, ...], by_currency: bool) -> Statement:
        key = (periods, by_currency)
        if key not in self._sums:
            self._sums[key] = Statement(self._summing(periods, by_currency), self._dialect)
        return self._sums[key]

    def _summing(self, periods: tuple[str, ...], by_currency: bool) -> Select[Any]:
        records = self.bound.records
        c = records.clause.c
        amount = self.bound.units.of(records.money, c[records.roles.amount])
        moment = c[records.roles.time]
        wanted: list[Expression] = [server_now(self.bound.driver).label("now")]
        for period in periods:
            within: Expression = true()
            if period != "total":
                within = and_(moment >= bind(f"r_start_{period}"), moment < bind(f"r_end_{period}"))
            held = amount if period == "total" else case((within, amount))
            wanted.append(func.sum(held).label(f"sum_{period}"))
        query = select(*wanted).where(c[records.roles.user] == bind("user"))
        if by_currency:
            query = query.where(c[records.roles.currency] == bind("currency"))
        return query if "total" in periods else query.where(moment >= bind("r_from"))
