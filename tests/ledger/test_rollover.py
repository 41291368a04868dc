"""Periods that end between and during charges, by the server's clock: midnights of a zone, days of 23 and 25 hours, month ends.

The server's clock is a row of a table here, so that it can be set; everything else is as it always is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import ColumnElement, Engine, literal_column

from tests.ledger.places import build_contract, build_plain
from trueup.ledger import Entry, Ledger, LimitExceeded
from trueup.model.names import Driver
from trueup.model.roles import Period

SetClock = Callable[[str], None]
SHAPES = ("contract", "plain")


@pytest.fixture
def set_clock(engine: Engine, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> SetClock:
    kind = {"sqlite": "text", "pgsql": "timestamp(6)"}.get(driver, "datetime(6)")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE server_clock (moment {kind} NOT NULL)")
        connection.exec_driver_sql("INSERT INTO server_clock VALUES ('2026-01-01 00:00:00.000')")

    def told(_: Driver) -> ColumnElement[object]:
        return literal_column("(SELECT moment FROM server_clock)")

    for module in ("guarding", "running"):
        monkeypatch.setattr(f"trueup.ledger.{module}.server_now", told)

    def put(moment: str) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE server_clock SET moment = '{moment}'")

    return put


def made(engine: Engine, driver: Driver, shape: str, zone: str, period: Period) -> Ledger:
    """A ledger whose user 7 may spend 1 in each period."""
    binding = (build_contract if shape == "contract" else build_plain)(engine, driver)
    ledger = Ledger(engine, binding, time_zone=zone)
    extra = {} if shape == "contract" else {
        "daily_limit": 1000, "monthly_limit": 1000, "per_request_limit": 1000
    }  # fmt: skip
    extra.pop(f"{period}_limit", None)
    ledger.set_budget(7, period, Decimal(1), extra=extra)
    return ledger


def fits(ledger: Ledger, cost: str = "1") -> bool:
    try:
        ledger.charge(Entry(7, Decimal(cost), "openai", "gpt-4o"))
    except LimitExceeded:
        return False
    return True


def spent(ledger: Ledger, period: Period) -> Decimal:
    return {b.period: b.spent for b in ledger.budgets(7)}[period]


CASES: dict[str, tuple[str, Period, tuple[tuple[str, bool], ...]]] = {
    # In Berlin the day of 2026-03-29 begins at 23:00 UTC and has 23 hours.
    "a day of 23 hours": (
        "Europe/Berlin",
        "daily",
        (
            ("2026-03-28 22:59:59.500", True),
            ("2026-03-28 22:59:59.999", False),
            ("2026-03-28 23:00:00.000", True),
            ("2026-03-29 21:59:59.999", False),
            ("2026-03-29 22:00:00.000", True),
        ),
    ),
    "a day of 25 hours": (
        "Europe/Berlin",
        "daily",
        (
            ("2026-10-24 22:00:00.000", True),
            ("2026-10-25 22:30:00.000", False),
            ("2026-10-25 23:00:00.000", True),
        ),
    ),
    # Half an hour off, and the other side of the date line.
    "an offset of half an hour": (
        "Asia/Kolkata",
        "daily",
        (
            ("2026-05-01 18:29:59.999", True),
            ("2026-05-01 18:30:00.000", True),
            ("2026-05-01 23:00:00.000", False),
        ),
    ),
    "months, a leap day and the end of a year": (
        "UTC",
        "monthly",
        (
            ("2028-01-31 23:59:59.999", True),
            ("2028-02-01 00:00:00.000", True),
            ("2028-02-29 23:59:59.999", False),
            ("2028-03-01 00:00:00.000", True),
            ("2028-04-30 12:00:00.000", True),
            ("2028-04-30 23:59:59.999", False),
            ("2028-12-31 23:59:59.999", True),
            ("2029-01-01 00:00:00.000", True),
        ),
    ),
    # The month of Auckland begins while UTC has the day before.
    "a month ahead of UTC": (
        "Pacific/Auckland",
        "monthly",
        (
            ("2026-06-30 11:59:59.999", True),
            ("2026-06-30 12:00:00.000", True),
            ("2026-07-31 11:59:59.999", False),
            ("2026-07-31 12:00:00.000", True),
        ),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", CASES)
def test_a_limit_begins_anew_with_its_period_and_not_before(
    engine: Engine, driver: Driver, set_clock: SetClock, shape: str, case: str
) -> None:
    zone, period, moments = CASES[case]
    set_clock(moments[0][0])
    ledger = made(engine, driver, shape, zone, period)
    for moment, expected in moments:
        set_clock(moment)
        assert fits(ledger) is expected, moment
        assert spent(ledger, period) == 1, moment
    assert ledger.spend(7) == sum(expected for _, expected in moments)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_period_that_ends_while_a_charge_is_under_way(
    engine: Engine, driver: Driver, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch, shape: str
) -> None:
    """The charge was begun for the old day; it counts in the new one, in which it is committed."""
    set_clock("2026-03-28 23:59:59.900")
    ledger = made(engine, driver, shape, "UTC", "daily")
    assert fits(ledger, "0.75")
    guard = ledger._guard
    assert guard is not None
    begun: list[int] = []
    name = "charge" if guard.keeps_total else "lock"
    first = getattr(type(guard), name)

    def late(*given: object) -> object:
        if (
            not begun and driver != "sqlite"
        ):  # where the whole file is locked nobody else can set a clock in it
            set_clock("2026-03-29 00:00:00.000")
        begun.append(1)
        return first(*given)

    if driver == "sqlite":
        set_clock("2026-03-29 00:00:00.000")
    monkeypatch.setattr(type(guard), name, late)
    assert fits(ledger, "0.5")
    assert len(begun) == 2  # the first attempt met the new day
    assert spent(ledger, "daily") == Decimal("0.5")
    days = [datetime(2026, 3, day, tzinfo=UTC).date() for day in (28, 29)]
    assert [ledger.spend(7, day=day) for day in days] == [Decimal("0.75"), Decimal("0.5")]


@pytest.mark.parametrize("shape", SHAPES)
def test_alerts_begin_anew_with_the_period(
    engine: Engine, driver: Driver, set_clock: SetClock, shape: str
) -> None:
    set_clock("2026-01-31 23:00:00.000")
    ledger = made(engine, driver, shape, "UTC", "monthly")

    def told() -> list[int]:
        made = ledger.charge(Entry(7, Decimal("0.8"), "openai", "gpt-4o"))
        return [alert.threshold for alert in made.alerts]

    assert told() == [50, 75]
    set_clock("2026-02-01 00:00:00.000")
    assert told() == [50, 75]
    assert [alert.period for alert in ledger.alerts(7)] == ["monthly"] * 4


def test_a_reservation_is_settled_in_the_period_in_which_it_was_made(
    engine: Engine, driver: Driver, set_clock: SetClock
) -> None:
    set_clock("2026-01-31 23:59:59.000")
    ledger = made(engine, driver, "contract", "UTC", "monthly")
    held = ledger.reserve(Entry(7, Decimal("0.9"), "openai", "gpt-4o"))
    set_clock("2026-02-01 00:00:01.000")
    assert fits(ledger, "1")  # February has nothing spent
    ledger.settle(held, Decimal("0.4"))
    assert spent(ledger, "monthly") == 1
    january, february = (datetime(2026, month, 1, tzinfo=UTC).date() for month in (1, 2))
    assert (ledger.spend(7, month=january), ledger.spend(7, month=february)) == (Decimal("0.4"), Decimal(1))
