"""Making and changing budgets."""

from __future__ import annotations

import json
import uuid
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, literal_column, update
from sqlalchemy.exc import IntegrityError

from trueup.ledger.bound import Bound, Budgets, Statement, bind
from trueup.ledger.capabilities import generated_id, unfilled
from trueup.ledger.clock import EPOCH, Window
from trueup.ledger.entries import BudgetState, UserId
from trueup.ledger.errors import CapabilityMissing
from trueup.ledger.recording import filled
from trueup.ledger.running import TryAgain
from trueup.ledger.session import Session
from trueup.ledger.standings import Standing
from trueup.model.roles import Period
from trueup.structs import Struct, field

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class NewBudget(Struct, frozen=True):
    """A budget as it shall be. `thresholds` None: as they are."""

    user: UserId
    period: Period
    limit: Decimal
    currency: str
    active: bool
    thresholds: tuple[int, ...] | None = None
    extra: dict[str, object] = field(default_factory=dict)


class BudgetKeeper:
    """Writes budgets."""

    def __init__(self, bound: Bound, budgets: Budgets, dialect: Dialect, zone: ZoneInfo) -> None:
        self.bound = bound
        self.budgets = budgets
        self.zone = zone
        self._dialect = dialect
        self._makes_id = generated_id(budgets.roles.table, budgets.roles.id, bound.driver)

    def put(self, session: Session, budget: NewBudget, held: Window) -> None:
        """Changes the user's budget for the period, or makes it."""
        if budget.period not in self.budgets.limits:
            known = ", ".join(self.budgets.periods)
            raise CapabilityMissing(f"a {budget.period} budget", f"a place for it: {known} are known")
        roles = self.budgets.roles
        if budget.thresholds is not None and not roles.thresholds:
            raise CapabilityMissing("thresholds of a budget", f"a column for them in {roles.table.name}")
        if not budget.active and not roles.active:
            raise CapabilityMissing("switching a budget off", f"a column for it in {roles.table.name}")
        values = self._values(budget, held)
        if Statement(self._updating(budget), self._dialect).run(session, values).rowcount:
            return
        try:
            Statement(self._inserting(budget), self._dialect).run(session, values)
        except IntegrityError as problem:
            if "unique" in str(problem.orig).lower() or "duplicate" in str(problem.orig).lower():
                raise TryAgain("the budget was made meanwhile") from problem
            raise

    def _values(self, budget: NewBudget, held: Window) -> dict[str, Any]:
        budgets = self.budgets
        money = budgets.limits[budget.period]
        start, end = held.edges.get(budget.period, (EPOCH, EPOCH))
        false: Any = 0 if budgets.active == 1 and budgets.active is not True else False
        return {
            "user": budget.user,
            "limit": money.write(money.fit(budget.limit)),
            "period": budgets.spelled(budget.period),
            "currency": budget.currency,
            "active": budgets.active if budget.active else false,
            "thresholds": json.dumps(sorted(budget.thresholds or ())),
            "spent": 0,
            "start": budgets.start.write(start, self.zone) if budgets.start else None,
            "end": budgets.end.write(end, self.zone) if budgets.end else None,
            "new_id": str(uuid.uuid4()),
            **{f"x_{name}": value for name, value in budget.extra.items()},
        }

    def _limit_column(self, period: Period) -> str:
        roles = self.budgets.roles
        return dict(roles.limits)[period] if self.budgets.is_wide else roles.limit

    def _set(self, budget: NewBudget) -> dict[str, Any]:
        roles = self.budgets.roles
        found: dict[str, Any] = {self._limit_column(budget.period): bind("limit")}
        if roles.active:
            found[roles.active] = bind("active")
        if roles.thresholds and budget.thresholds is not None:
            found[roles.thresholds] = bind("thresholds")
        return found

    def _updating(self, budget: NewBudget) -> Any:
        roles, c = self.budgets.roles, self.budgets.clause.c
        statement = update(self.budgets.clause).values(self._set(budget)).where(c[roles.user] == bind("user"))
        if roles.period and not self.budgets.is_wide:
            statement = statement.where(c[roles.period] == bind("period"))
        if roles.currency:
            statement = statement.where(c[roles.currency] == bind("currency"))
        return statement

    def _inserting(self, budget: NewBudget) -> Any:
        roles, budgets = self.budgets.roles, self.budgets
        given = {**self._set(budget), roles.user: bind("user")}
        if roles.period and not budgets.is_wide:
            given[roles.period] = bind("period")
        if roles.currency:
            given[roles.currency] = bind("currency")
        if budgets.spent:
            given[roles.spent] = literal_column("0")
            given[roles.period_start] = bind("start")
        if budgets.end:
            given[roles.period_end] = bind("end")
        if self._makes_id:
            given[roles.id] = bind("new_id")
        for name in budget.extra:
            given[name] = bind(f"x_{name}")
        for name, value in roles.fill:
            given.setdefault(name, filled(value, self.bound.driver))
        lacking = unfilled(roles.table, given)
        if lacking:
            names = ", ".join(f"{roles.table.name}.{name}" for name in lacking)
            raise CapabilityMissing("making a budget", f"a value for {names}: give it as extra or a fill")
        return insert(budgets.clause).values(given)


def state_of(user: UserId, standing: Standing, active: bool, currency: str) -> BudgetState:
    """A budget as the outside sees it."""
    lasting = standing.period in ("total", "per_request")
    start = None if lasting or standing.start is None else standing.start.replace(tzinfo=UTC)
    end = None if lasting or standing.end is None else standing.end.replace(tzinfo=UTC)
    return BudgetState(
        user,
        standing.period,
        standing.limit,
        standing.spent,
        standing.currency or currency,
        active,
        start,
        end,
    )
