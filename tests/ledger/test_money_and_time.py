"""Amounts against Decimal arithmetic, and the edges of periods against the calendar."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.ledger import NotRepresentable, UnfitColumn
from trueup.ledger.clock import time_column, window
from trueup.ledger.money import SQLITE_DIGITS, MoneyColumn, money_column, units_for
from trueup.model.names import Driver
from trueup.model.roles import Period
from trueup.model.schema import Column, Table


def held(type_: str, driver: Driver, digits: int = 0, scale: int | None = None) -> MoneyColumn:
    return money_column(Table("t", (Column("cost", type_),)), "cost", driver, digits, scale)


AMOUNTS = st.lists(
    st.integers(0, 10**SQLITE_DIGITS - 1).map(lambda n: Decimal(n).scaleb(-10)), min_size=1, max_size=30
)


@given(AMOUNTS)
def test_sqlite_keeps_and_adds_up_fifteen_digits_exactly(amounts: list[Decimal]) -> None:
    column = held("numeric", "sqlite", scale=10)
    units = units_for(column)
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (cost NUMERIC)")
        connection.executemany("INSERT INTO t VALUES (?)", [(column.write(column.fit(a)),) for a in amounts])
        stored = [column.read(row[0]) for row in connection.execute("SELECT cost FROM t ORDER BY rowid")]
        total = connection.execute("SELECT SUM(CAST(ROUND(cost * 1e10) AS INTEGER)) FROM t").fetchone()[0]
    connection.close()
    assert stored == amounts
    assert units.read(total) == sum(amounts)


@given(st.decimals(min_value=0, max_value=10**6, places=12))
def test_rounding_is_up_to_the_next_amount_or_refused(amount: Decimal) -> None:
    column = held("decimal(20,10)", "mariadb")
    up = column.fit(amount, "up")
    assert up - Decimal("0.0000000001") < amount <= up
    if up == amount:
        assert column.fit(amount) == amount
    else:
        with pytest.raises(NotRepresentable, match=r"t\.cost can't hold .* exactly: it keeps 10 digits"):
            column.fit(amount)


@pytest.mark.parametrize(
    ("type_", "driver", "digits", "scale", "largest"),
    [
        ("decimal(10,6)", "mysql", 0, 6, "9999.999999"),
        ("numeric(20,10)", "pgsql", 0, 10, "9999999999.9999999999"),
        ("numeric", "pgsql", 0, None, None),
        ("decimal", "mysql", 0, 0, "9999999999"),
        ("integer", "pgsql", 2, 2, "21474836.47"),
        ("bigint unsigned", "mysql", 6, 6, "18446744073709.551615"),
        ("numeric", "sqlite", 0, 8, "9999999.99999999"),
    ],
)
def test_what_columns_hold(
    type_: str, driver: Driver, digits: int, scale: int | None, largest: str | None
) -> None:
    column = held(type_, driver, digits)
    assert (column.scale, column.most) == (scale, None if largest is None else Decimal(largest))
    if column.most is not None:
        assert column.read(column.write(column.fit(column.most))) == column.most


@pytest.mark.parametrize(
    ("type_", "driver"), [("double", "mysql"), ("real", "pgsql"), ("varchar(20)", "mysql")]
)
def test_columns_that_hold_no_money(type_: str, driver: Driver) -> None:
    with pytest.raises(UnfitColumn, match=r"t\.cost"):
        held(type_, driver)


@pytest.mark.parametrize(
    ("moment", "zone", "period", "start", "end"),
    [
        ("2026-11-27T23:59:59.999999", "UTC", "daily", "2026-11-27T00:00", "2026-11-28T00:00"),
        ("2026-11-28T00:00", "UTC", "daily", "2026-11-28T00:00", "2026-11-29T00:00"),
        # The days on which the clocks change in Berlin have 23 and 25 hours.
        ("2026-03-29T12:00", "Europe/Berlin", "daily", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("2026-10-25T12:00", "Europe/Berlin", "daily", "2026-10-24T22:00", "2026-10-25T23:00"),
        # In São Paulo the clocks skipped midnight in 2018: the day began at 01:00.
        ("2018-11-04T12:00", "America/Sao_Paulo", "daily", "2018-11-04T03:00", "2018-11-05T02:00"),
        ("2026-01-01T02:00", "America/New_York", "monthly", "2025-12-01T05:00", "2026-01-01T05:00"),
        ("2024-02-29T12:00", "UTC", "monthly", "2024-02-01T00:00", "2024-03-01T00:00"),
        ("2026-11-29T12:00", "UTC", "weekly", "2026-11-23T00:00", "2026-11-30T00:00"),
        ("2026-12-31T23:30", "Asia/Kolkata", "yearly", "2026-12-31T18:30", "2027-12-31T18:30"),
    ],
)  # fmt: skip
def test_the_edges_of_periods(moment: str, zone: str, period: Period, start: str, end: str) -> None:
    found = window(datetime.fromisoformat(moment), ZoneInfo(zone))
    assert found.edges[period] == (datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert found.holds(datetime.fromisoformat(moment))


def test_a_moment_is_never_rounded_into_the_next_period() -> None:
    late = datetime(2026, 11, 27, 23, 59, 59, 999_999)
    cases: list[tuple[str, Driver, str]] = [
        ("timestamp(0) without time zone", "pgsql", "2026-11-27 23:59:59"),
        ("timestamp with time zone", "pgsql", "2026-11-27 23:59:59.999999+00:00"),
        ("datetime(3)", "mysql", "2026-11-27 23:59:59.999000"),
        ("timestamp", "mariadb", "2026-11-27 23:59:59"),
        ("datetime", "sqlite", "2026-11-27 23:59:59"),
    ]
    for type_, driver, written in cases:
        column = time_column(Table("t", (Column("at", type_),)), "at", driver)
        assert str(column.write(late, ZoneInfo("UTC"))) == written
