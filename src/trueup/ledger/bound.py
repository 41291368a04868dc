"""A binding made ready for work: the columns with their codecs, and SQL compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, column, table

from trueup.ledger.clock import ROLLING, TimeColumn, time_column
from trueup.ledger.money import MoneyColumn, Units, money_column, units_for
from trueup.ledger.session import Rows, Session
from trueup.model.names import Driver
from trueup.model.roles import AlertRoles, Binding, BudgetRoles, Period, RecordRoles
from trueup.model.schema import Table
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement, Dialect, TableClause
    from sqlalchemy.sql import ClauseElement

_PREFIX = "v_"  # SQLAlchemy keeps the names of a table's columns for itself in INSERT and UPDATE
Values = Mapping[str, Any]  # what a driver takes and gives: of any type the server knows


class Statement:
    """SQL compiled once for one dialect, run by the driver itself: compiling anew would cost more than the server's answer."""

    __slots__ = ("_columns", "_constants", "_names", "_order", "sql")

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._order = tuple(map(_key, compiled.positiontup)) if compiled.positional else None
        self._names = tuple((name, _key(name)) for name in compiled.params)
        self._constants = {_key(n): value for n, value in compiled.params.items() if value is not None}
        self._columns: tuple[str, ...] | None = None

    def run(self, session: Session, values: Values) -> Rows:
        """Runs it; `values` may have more than is asked for."""
        rows = session.execute(self.sql, self._sent(values), self._columns)
        self._columns = rows.names
        return rows

    def _sent(self, values: Values) -> object:
        constants = self._constants
        if self._order is not None:
            return tuple(values[n] if n in values else constants[n] for n in self._order)
        return {name: values[n] if n in values else constants[n] for name, n in self._names}


def bind(name: str) -> BindParameter[Any]:
    """A value given with each run, of whatever type the driver sends."""
    return bindparam(_PREFIX + name)


def constant(name: str, value: object) -> BindParameter[Any]:
    """A value that is always the same; as untyped as those given with each run, so that it suits an enum too."""
    from sqlalchemy.types import NullType

    return bindparam(_PREFIX + name, value, type_=NullType())


def _key(name: str) -> str:
    return name.removeprefix(_PREFIX)


def clause(noun: Table) -> TableClause:
    """The table for building statements; "schema.table" is a table in a schema."""
    schema, _, name = noun.name.rpartition(".")
    return table(name, *(column(c.name) for c in noun.columns), schema=schema or None)


class Records(Struct, frozen=True):
    roles: RecordRoles
    clause: TableClause
    money: MoneyColumn
    time: TimeColumn


class Budgets(Struct, frozen=True):
    """`limits`: how each period's limit is held; a table with one limit a row has the same for all its periods. `spent` and `start`
    only where a running total is kept."""

    roles: BudgetRoles
    clause: TableClause
    limits: Mapping[Period, MoneyColumn]
    spent: MoneyColumn | None
    start: TimeColumn | None
    end: TimeColumn | None
    periods: tuple[Period, ...]
    is_wide: bool
    active: object
    meanings: Mapping[str, Period]
    """Values of the period column → the period that they mean."""

    def spelled(self, period: Period) -> str:
        return dict(self.roles.period_values).get(period, period)

    def meant(self, value: object) -> Period | None:
        """The period that a value of the period column means; None: none that is known."""
        if not self.roles.period:
            return self.periods[0]
        return self.meanings.get(str(value))

    @property
    def rolling(self) -> tuple[Period, ...]:
        return tuple(p for p in ROLLING if p in self.periods)


class Alerts(Struct, frozen=True):
    roles: AlertRoles
    clause: TableClause
    spent: MoneyColumn | None
    limit: MoneyColumn | None
    time: TimeColumn | None
    start: TimeColumn | None


class Bound(Struct, frozen=True):
    """`units` suit all amounts that are compared or added up together."""

    driver: Driver
    records: Records
    budgets: Budgets | None
    alerts: Alerts | None
    units: Units


def bound(binding: Binding, record: RecordRoles, running_total: bool, alerts: bool, enforce: bool) -> Bound:
    """The columns of what the binding carries."""
    driver = binding.driver
    money = money_column(record.table, record.amount, driver, record.digits, record.scale)
    records = Records(record, clause(record.table), money, time_column(record.table, record.time, driver))
    budgets = _budgets(binding.budget, driver, running_total) if binding.budget and enforce else None
    compared = [money]
    if budgets:
        compared += [*budgets.limits.values(), *([budgets.spent] if budgets.spent else [])]
    kept = _alerts(binding.alert, driver, record.scale) if binding.alert and alerts else None
    return Bound(driver, records, budgets, kept, units_for(*compared))


def _budgets(roles: BudgetRoles, driver: Driver, running_total: bool) -> Budgets:
    noun = roles.table

    def held(name: str) -> MoneyColumn:
        return money_column(noun, name, driver, roles.digits, roles.scale)

    if roles.limits:
        limits = {period: held(name) for period, name in roles.limits}
    else:
        one = held(roles.limit)
        limits = dict.fromkeys((p for p, _ in roles.period_values), one)
    total = running_total and not roles.limits
    return Budgets(
        roles,
        clause(noun),
        limits,
        held(roles.spent) if total else None,
        time_column(noun, roles.period_start, driver, days=True) if total else None,
        time_column(noun, roles.period_end, driver, days=True) if total and roles.period_end else None,
        tuple(limits),
        bool(roles.limits),
        _true(noun, roles.active, driver),
        {value: period for period, value in reversed(roles.period_values)},
    )


def _true(noun: Table, name: str, driver: Driver) -> object:
    found = noun.column(name) if name else None
    return driver != "pgsql" or found is None or parse_type(found.type, driver).family == "boolean" or 1


def _alerts(roles: AlertRoles, driver: Driver, scale: int | None) -> Alerts:
    noun = roles.table
    return Alerts(
        roles,
        clause(noun),
        money_column(noun, roles.spent, driver, 0, scale) if roles.spent else None,
        money_column(noun, roles.limit, driver, 0, scale) if roles.limit else None,
        time_column(noun, roles.time, driver) if roles.time else None,
        time_column(noun, roles.period_start, driver, days=True) if roles.period_start else None,
    )


def is_active(budgets: Budgets) -> ColumnElement[bool] | None:
    """The condition that a budget holds; None where the table can't switch it off."""
    if not budgets.roles.active:
        return None
    return budgets.clause.c[budgets.roles.active] == constant("active", budgets.active)
