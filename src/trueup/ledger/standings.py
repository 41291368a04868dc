"""The budgets of one user at one moment, as rows of the table tell them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from trueup.ledger.bound import Budgets
from trueup.ledger.clock import Window
from trueup.ledger.entries import UserId
from trueup.ledger.errors import CurrencyMismatch, LedgerError, LimitExceeded, NotRepresentable, UnfitColumn
from trueup.model.roles import Period

NOTHING = Decimal(0)
LASTING = (None, None)


class Standing(NamedTuple):
    """One limit and what is spent of it in its period. `budget` is the row's id, None where the table has none. `began`: the period
    that the row's running total is of, None without one. `currency` "" where the table has none."""

    budget: UserId | None
    period: Period
    limit: Decimal
    spent: Decimal
    currency: str
    thresholds: tuple[int, ...]
    start: datetime | None
    end: datetime | None
    began: datetime | None = None

    def refuses(
        self, user: UserId, amount: Decimal, currency: str, most: Decimal | None
    ) -> LedgerError | None:
        """The reason why `amount` can't be charged to this budget. `most` is the largest running total that can be held."""
        if self.currency and self.currency != currency:
            return CurrencyMismatch(
                f"the {self.period} budget of user {user} is in {self.currency}, not {currency}"
            )
        if self.spent + amount > self.limit:
            return LimitExceeded(user, self.period, self.limit, self.spent, amount, currency)
        if most is not None and self.spent + amount > most and self.start is not None:
            return NotRepresentable(self.spent + amount, "the running total", f"it holds at most {most:f}")
        return None

    def counts(self, currency: str) -> bool:
        """Whether costs in `currency` are charged to it."""
        return self.currency in ("", currency)

    @property
    def is_of_its_period(self) -> bool:
        """False where the row's running total is of another period than the one looked at."""
        return self.began is None or self.start is None or self.began == self.start

    def after(self, amount: Decimal) -> Standing:
        """The same with `amount` more spent; one request's limit has nothing spent of it."""
        return self if self.start is None else self._replace(spent=self.spent + amount)


def read_standings(
    rows: Iterable[Mapping[str, Any]],
    budgets: Budgets,
    window: Window,
    zone: ZoneInfo,
    thresholds: tuple[int, ...],
) -> list[Standing]:
    """What the rows of the table say. `spent` is the running total where one is kept, else 0: the sums are still to come."""
    found = []
    for row in rows:
        for period, limit in _limits(row, budgets):
            start, end = window.edges.get(period, LASTING)
            began = budgets.start.read(row["began"], zone) if budgets.start else None
            known = budgets.spent is not None and start is not None and began is not None and began >= start
            spent = budgets.spent.read(row["spent"]) if budgets.spent and known else NOTHING
            stored = row.get("thresholds")
            found.append(
                Standing(
                    row.get("id"),
                    period,
                    limit,
                    spent,
                    str(row["currency"]).strip() if budgets.roles.currency else "",
                    thresholds if stored is None else _percentages(stored, budgets),
                    start,
                    end,
                    began,
                )
            )
    return found


def _limits(row: Mapping[str, Any], budgets: Budgets) -> Iterable[tuple[Period, Decimal]]:
    """The limits of a row; NULL is none."""
    if budgets.is_wide:
        for period in budgets.periods:
            value = row[f"limit_{period}"]
            if value is not None:
                yield period, budgets.limits[period].read(value)
        return
    meant = budgets.meant(row.get("period"))
    if meant is None:
        label = f"{budgets.roles.table.name}.{budgets.roles.period}"
        raise UnfitColumn(label, f"'{row.get('period')}' is no period that the roles name")
    if row["limit"] is not None:
        yield meant, budgets.limits[meant].read(row["limit"])


def _percentages(stored: object, budgets: Budgets) -> tuple[int, ...]:
    try:
        found: Any = json.loads(stored) if isinstance(stored, str | bytes) else stored
        return tuple(sorted(int(item) for item in found if 0 < int(item) < 100))
    except (ValueError, TypeError) as problem:
        label = f"{budgets.roles.table.name}.{budgets.roles.thresholds}"
        raise UnfitColumn(label, f"{stored!r} is no list of percentages") from problem
