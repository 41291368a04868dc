"""Charging, refusing, reserving, settling and adding up, whole answers, on every server and in both ways of keeping a limit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from tests.ledger.places import build_contract, build_plain
from trueup.ledger import (
    CapabilityMissing,
    Charge,
    CurrencyMismatch,
    Entry,
    InvalidEntry,
    Ledger,
    LimitExceeded,
    NoBudget,
    NotRepresentable,
    RequestConflict,
    Spend,
    UnknownReservation,
    WriteRefused,
)
from trueup.model.names import Driver


def entry(cost: str, user: int = 7, **more: object) -> Entry:
    return Entry(user, Decimal(cost), "openai", "gpt-4o", 10, 20, **more)  # type: ignore[arg-type]  # fields by name


def standing(ledger: Ledger, user: int = 7) -> dict[str, tuple[Decimal, Decimal]]:
    return {b.period: (b.spent, b.limit) for b in ledger.budgets(user)}


def alerts(ledger: Ledger, user: int = 7) -> list[tuple[str | None, int]]:
    return sorted((a.period or "", int(a.threshold or 0)) for a in ledger.alerts(user))


def budgeted(
    ledger: Ledger, daily: str = "1", monthly: str = "20", request: str = "0.7", user: int = 7
) -> Ledger:
    if ledger.enforcement == "locked row":  # all three stand in one row
        extra = {"daily_limit": daily, "monthly_limit": monthly}
        ledger.set_budget(user, "per_request", Decimal(request), extra=extra)
        return ledger
    ledger.set_budget(user, "daily", Decimal(daily))
    ledger.set_budget(user, "monthly", Decimal(monthly))
    ledger.set_budget(user, "per_request", Decimal(request))
    return ledger


@pytest.fixture(params=["running total", "locked row"])
def any_ledger(request: pytest.FixtureRequest, engine: Engine, driver: Driver) -> Ledger:
    made = Ledger(
        engine, (build_contract if request.param == "running total" else build_plain)(engine, driver)
    )
    assert made.enforcement == request.param
    return budgeted(made)


def test_what_fits_is_charged_and_what_does_not_leaves_no_trace(any_ledger: Ledger) -> None:
    charge = any_ledger.charge(entry("0.600001"))
    assert (charge.cost, charge.currency, charge.duplicate) == (Decimal("0.600001"), "USD", False)
    with pytest.raises(LimitExceeded) as refused:
        any_ledger.charge(entry("0.4"))
    error = refused.value
    assert (error.period, error.limit, error.spent, error.amount, error.remaining) == (
        "daily", Decimal(1), Decimal("0.600001"), Decimal("0.4"), Decimal("0.399999"),
    )  # fmt: skip
    any_ledger.charge(entry("0.399999"))
    with pytest.raises(LimitExceeded):
        any_ledger.charge(entry("0.000001"))
    assert standing(any_ledger) == {
        "per_request": (Decimal(0), Decimal("0.7")),
        "daily": (Decimal(1), Decimal(1)),
        "monthly": (Decimal(1), Decimal(20)),
    }
    assert any_ledger.spend(7) == Decimal(1)


def test_one_request_has_a_limit_of_its_own(any_ledger: Ledger) -> None:
    with pytest.raises(LimitExceeded) as refused:
        any_ledger.charge(entry("0.700001"))
    assert (refused.value.period, refused.value.limit) == ("per_request", Decimal("0.7"))
    assert any_ledger.spend(7) == 0
    assert alerts(any_ledger) == []


def test_alerts_come_once_a_period_and_each_threshold_for_itself(any_ledger: Ledger) -> None:
    first = any_ledger.charge(entry("0.6"))
    second = any_ledger.charge(entry("0.3"))
    assert [(a.period, a.threshold) for a in first.alerts] == [("daily", 50)]
    assert [(a.period, a.threshold) for a in second.alerts] == [("daily", 75), ("daily", 90)]
    for number in range(2):
        with pytest.raises(LimitExceeded) as refused:
            any_ledger.charge(entry("0.2"))
        told = [(a.kind, a.period, a.threshold, a.spent) for a in refused.value.alerts]
        assert told == ([("limit_exceeded", "daily", 100, Decimal("0.9"))] if number == 0 else [])
    assert alerts(any_ledger) == [("daily", 50), ("daily", 75), ("daily", 90), ("daily", 100)]


def test_alerts_are_not_repeated_by_another_process(any_ledger: Ledger, engine: Engine) -> None:
    any_ledger.charge(entry("0.6"))
    another = Ledger(engine, any_ledger.binding)  # it remembers nothing
    assert another.charge(entry("0.1")).alerts == ()
    assert alerts(any_ledger) == [("daily", 50)]


def test_what_has_been_incurred_is_recorded_whatever_the_limit(any_ledger: Ledger) -> None:
    made = any_ledger.record(entry("3"))
    assert [(a.kind, a.threshold) for a in made.alerts] == [
        ("threshold", 50), ("threshold", 75), ("threshold", 90), ("limit_exceeded", 100),
    ]  # fmt: skip
    any_ledger.record(entry("-2.5"))
    assert standing(any_ledger)["daily"] == (Decimal("0.5"), Decimal(1))
    any_ledger.charge(entry("0.5"))
    with pytest.raises(LimitExceeded):
        any_ledger.charge(entry("0.1"))


def test_without_a_budget_nothing_is_charged_unless_that_is_wanted(
    any_ledger: Ledger, engine: Engine
) -> None:
    with pytest.raises(NoBudget, match="user 8 has no active budget"):
        any_ledger.charge(entry("0.1", user=8))
    free = Ledger(engine, any_ledger.binding, require_budget=False)
    free.charge(entry("0.1", user=8))
    assert (free.spend(8), free.spend(7), free.spend()) == (Decimal("0.1"), Decimal(0), Decimal("0.1"))


def test_a_budget_that_is_switched_off_limits_nothing(any_ledger: Ledger, engine: Engine) -> None:
    for period in ("daily", "monthly", "per_request"):
        any_ledger.set_budget(7, period, Decimal("0.01"), active=False)
    with pytest.raises(NoBudget):
        any_ledger.charge(entry("0.1"))
    assert {b.active for b in any_ledger.budgets(7)} == {False}


def test_costs_that_are_none(any_ledger: Ledger) -> None:
    with pytest.raises(InvalidEntry, match="a cost is a Decimal, not float"):
        any_ledger.charge(Entry(7, 0.1, "x", "y"))  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(InvalidEntry, match="corrections are recorded"):
        any_ledger.charge(entry("-0.1"))
    with pytest.raises(NotRepresentable, match="it is no number"):
        any_ledger.record(entry("NaN"))
    assert any_ledger.spend() == 0


def test_what_a_column_can_not_hold_is_refused_or_rounded_up(plain: Ledger, engine: Engine) -> None:
    budgeted(plain)
    with pytest.raises(NotRepresentable, match=r"costs.cost can't hold 0.0000001 exactly: it keeps 6 digits"):
        plain.charge(entry("0.0000001"))
    up = Ledger(engine, plain.binding, rounding="up")
    assert up.charge(entry("0.0000001")).cost == Decimal("0.000001")
    with pytest.raises(NotRepresentable, match="it holds at most"):
        up.record(entry("1" + "0" * 12))
    assert plain.spend(7) == Decimal("0.000001")


def test_a_request_is_charged_once(ledger: Ledger) -> None:
    budgeted(ledger)
    first = ledger.charge(entry("0.6", request_id="r1"))
    # There would be no room for it a second time.
    again = ledger.charge(entry("0.6", request_id="r1"))
    assert again == Charge(first.id, Decimal("0.6"), "USD", first.time, duplicate=True)
    with pytest.raises(RequestConflict, match=r"request r1 is known as settled: 0\.60* USD of user 7"):
        ledger.charge(entry("0.1", request_id="r1"))
    assert (ledger.spend(7), standing(ledger)["daily"][0]) == (Decimal("0.6"), Decimal("0.6"))


def test_reservations_hold_money_until_they_end(ledger: Ledger) -> None:
    budgeted(ledger)
    held = ledger.reserve(entry("0.6"))
    assert standing(ledger)["daily"][0] == Decimal("0.6")
    assert (ledger.spend(7), ledger.spend(7, reserved=True)) == (Decimal(0), Decimal("0.6"))
    with pytest.raises(LimitExceeded):
        ledger.charge(entry("0.5"))
    assert ledger.settle(held, Decimal("0.25")).cost == Decimal("0.25")
    assert (ledger.spend(7), standing(ledger)["daily"][0]) == (Decimal("0.25"), Decimal("0.25"))
    with pytest.raises(UnknownReservation):
        ledger.settle(held.id, Decimal("0.25"))
    with pytest.raises(UnknownReservation):
        ledger.release(held)
    other = ledger.reserve(entry("0.7"))
    ledger.release(other)
    assert (ledger.spend(7, reserved=True), standing(ledger)["daily"][0]) == (
        Decimal("0.25"),
        Decimal("0.25"),
    )


def test_a_cost_beyond_its_reservation_must_fit_or_be_recorded_knowingly(ledger: Ledger) -> None:
    budgeted(ledger, request="5")
    held = ledger.reserve(entry("0.6"))
    ledger.charge(entry("0.3"))
    with pytest.raises(LimitExceeded) as refused:
        ledger.settle(held, Decimal("0.71"))
    assert refused.value.amount == Decimal("0.11")
    made = ledger.settle(held, Decimal("0.71"), overrun="record")
    assert [(a.kind, a.period) for a in made.alerts] == [("limit_exceeded", "daily")]
    assert (ledger.spend(7), standing(ledger)["daily"][0]) == (Decimal("1.01"), Decimal("1.01"))


def test_a_reservation_whose_process_died_is_released_by_age(ledger: Ledger) -> None:
    budgeted(ledger)
    held = ledger.reserve(entry("0.6"))
    assert ledger.release_expired(timedelta(hours=1)) == ()
    assert ledger.release_expired(timedelta(seconds=-2)) == (held.id,)
    assert standing(ledger)["daily"][0] == 0


def test_currencies_are_never_added_up(ledger: Ledger) -> None:
    budgeted(ledger)
    with pytest.raises(CurrencyMismatch, match="budget of user 7 is in USD, not EUR"):
        ledger.charge(entry("0.1", currency="EUR"))
    ledger.record(entry("0.1", currency="EUR"))
    ledger.record(entry("0.2"))
    assert (ledger.spend(7), ledger.spend(7, currency="EUR")) == (Decimal("0.2"), Decimal("0.1"))
    assert standing(ledger)["daily"][0] == Decimal("0.2")


def test_sums_by_everything(ledger: Ledger) -> None:
    for user, provider, model, cost in (
        (1, "openai", "a", "0.1"), (1, "openai", "b", "0.02"), (1, "xai", "a", "0.003"), (2, "xai", "a", "0.0004"),
    ):  # fmt: skip
        ledger.record(Entry(user, Decimal(cost), provider, model, 1, 2, conversation=f"c{user}"))
    today = datetime.now(UTC).date()
    assert ledger.spend_by("provider", "model") == (
        Spend(("openai", "a"), Decimal("0.1"), 1, 1, 2),
        Spend(("openai", "b"), Decimal("0.02"), 1, 1, 2),
        Spend(("xai", "a"), Decimal("0.0034"), 2, 2, 4),
    )
    assert [(s.keys, s.cost) for s in ledger.spend_by("user", "month", period="yearly")] == [
        ((1, today.isoformat()[:7]), Decimal("0.123")),
        ((2, today.isoformat()[:7]), Decimal("0.0004")),
    ]
    assert ledger.spend(1, provider="openai", model="b", period="daily") == Decimal("0.02")
    assert ledger.spend(conversation="c1", month=today) == Decimal("0.123")
    assert ledger.spend(1, day=date(2020, 1, 1)) == 0
    assert (
        ledger.spend(1, since=datetime(2020, 1, 1, tzinfo=UTC), until=datetime(2021, 1, 1, tzinfo=UTC)) == 0
    )


def test_what_the_schema_does_not_carry_is_named(plain: Ledger) -> None:
    budgeted(plain)
    for work, words in (
        (
            lambda: plain.charge(entry("0.1", request_id="r")),
            "idempotency needs a column for the request id in costs",
        ),
        (lambda: plain.reserve(entry("0.1")), "reservations needs a column for the status in costs"),
        (
            lambda: plain.charge(entry("0.1", currency="EUR")),
            "costs in EUR needs a column for the currency in costs",
        ),
        (
            lambda: plain.spend(conversation="c"),
            "spending by conversation needs a column for the conversation in costs",
        ),
        (lambda: plain.set_budget(7, "weekly", Decimal(1)), "a weekly budget needs a place for it"),
    ):
        with pytest.raises(CapabilityMissing, match=words):
            work()


def test_what_the_server_refuses_leaves_no_trace(ledger: Ledger, driver: Driver) -> None:
    budgeted(ledger)
    refused = entry("0.1") if driver == "sqlite" else Entry(7, Decimal("0.1"), "p" * 51, "m")
    extra = Entry(7, Decimal("0.1"), "p", "m", extra={"provider": None}) if driver == "sqlite" else refused
    with pytest.raises(WriteRefused):
        ledger.charge(extra)
    assert (ledger.spend(7), standing(ledger)["daily"][0]) == (Decimal(0), Decimal(0))
