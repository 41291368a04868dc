"""What a binding carries, and the columns and keys that are in the way of the rest. Looks at names, types and keys only."""

from __future__ import annotations

from collections.abc import Iterable

from trueup.ledger.clock import time_column
from trueup.ledger.entries import CAPABILITIES, Capability, Carried
from trueup.ledger.errors import UnfitColumn
from trueup.ledger.money import money_column
from trueup.model.names import Driver
from trueup.model.roles import AlertRoles, Binding, BudgetRoles, RecordRoles
from trueup.model.schema import Column, Table
from trueup.sources.sql.types import parse_type

STATUSES = ("settled", "reserved", "released")
"""What `status` of a cost record says."""


def carried(binding: Binding, *, given: Iterable[str] = ()) -> tuple[Carried, ...]:
    """Each capability in the order of CAPABILITIES, with what is missing for it. `given`: columns of cost records that come with
    each entry."""
    found: dict[Capability, tuple[str, ...]] = {}
    found["record"] = _record(binding, tuple(given))
    found["spend"] = _amount_and_time(binding) + _user_of_record(binding)
    found["enforce"] = found["record"] + _user_of_record(binding) + _limits(binding)
    found["running total"] = found["enforce"] + _running_total(binding)
    found["alerts"] = found["enforce"] + _alerts(binding)
    found["alerts by key"] = found["alerts"] + _alert_key(binding)
    found["reservations"] = found["record"] + _reservations(binding)
    found["idempotency"] = found["record"] + _idempotency(binding)
    return tuple(Carried(c, not found[c], tuple(dict.fromkeys(found[c]))) for c in CAPABILITIES)


def unfilled(table: Table, given: Iterable[str]) -> tuple[str, ...]:
    """The columns of `table` that must have a value, have no default, and are not among `given`."""
    known = {name.lower() for name in given}
    return tuple(c.name for c in table.columns if c.name.lower() not in known and must_be_given(c))


def must_be_given(column: Column) -> bool:
    """Whether an INSERT that leaves the column out is refused."""
    return not (column.nullable or column.auto_increment or column.default is not None or column.generated)


def unique_over(table: Table, needed: frozenset[str], allowed: frozenset[str]) -> bool:
    """Whether a unique key of the table has all columns `needed` and no others than `allowed`."""
    return any(
        index.unique
        and index.where is None
        and not index.expressions
        and not any(index.prefix_lengths)
        and needed <= frozenset(index.columns) <= allowed
        for index in table.indexes
    )


def generated_id(table: Table, name: str, driver: Driver) -> bool:
    """Whether the key `name` is a text or UUID that the writer has to make."""
    column = table.column(name)
    if column is None or not must_be_given(column):
        return False
    return parse_type(column.type, driver).family in ("string", "uuid", "text")


def _record(binding: Binding, extra: tuple[str, ...]) -> tuple[str, ...]:
    missing = _amount_and_time(binding)
    record = binding.record
    if record is None:
        return missing
    given = [*record_columns(record), *(name for name, _ in record.fill), *extra]
    if generated_id(record.table, record.id, binding.driver):
        given.append(record.id)
    return missing + tuple(
        f"a value for {record.table.name}.{name}, which must have one and plays no role"
        for name in unfilled(record.table, given)
    )


def record_columns(record: RecordRoles) -> tuple[str, ...]:
    """The columns that recording a cost gives a value to, `id` apart."""
    played = (
        record.user, record.amount, record.time, record.currency, record.provider, record.model, record.input_tokens,
        record.output_tokens, record.conversation, record.metadata, record.request_id, record.status,
    )  # fmt: skip
    return tuple(name for name in played if name)


def _amount_and_time(binding: Binding) -> tuple[str, ...]:
    record = binding.record
    if record is None:
        return ("a table of cost records",)
    found: list[str] = []
    if not record.amount:
        found.append(f"a column for the cost in {record.table.name}")
    else:
        found += _unfit_money(record.table, record.amount, binding, record)
    if not record.time:
        found.append(f"a column for the time in {record.table.name}")
    else:
        found += _unfit_time(record.table, record.time, binding.driver)
    return tuple(found)


def _user_of_record(binding: Binding) -> tuple[str, ...]:
    record = binding.record
    return (f"a column for the user in {record.table.name}",) if record and not record.user else ()


def _limits(binding: Binding) -> tuple[str, ...]:
    budget = binding.budget
    if budget is None:
        return ("a table of budgets",)
    found: list[str] = []
    if not budget.user:
        found.append(f"a column for the user in {budget.table.name}")
    columns = [c for _, c in budget.limits] or ([budget.limit] if budget.limit else [])
    if not columns:
        found.append(f"a column for the limit in {budget.table.name}")
    for column in columns:
        found += _unfit_money(budget.table, column, binding, budget)
    if budget.limit and not budget.limits and not budget.period and len(budget.period_values) != 1:
        found.append(f"a column for the period in {budget.table.name}")
    if budget.period and not budget.limits and not budget.period_values:
        found.append(f"the spelling of the periods in {budget.table.name}.{budget.period}")
    return tuple(found)


def _running_total(binding: Binding) -> tuple[str, ...]:
    budget = binding.budget
    if budget is None:
        return ()
    name = budget.table.name
    if budget.limits:
        return (f"one row a period in {name}: a running total beside each limit is not kept",)
    found: list[str] = []
    if not budget.spent:
        found.append(f"a column for the amount spent in {name}")
    else:
        found += _unfit_money(budget.table, budget.spent, binding, budget)
    if not budget.period_start:
        found.append(f"a column in {name} for the start of the period that the amount spent is of")
    else:
        found += _unfit_time(budget.table, budget.period_start, binding.driver, days=True)
    return tuple(found) or _coarser(binding, budget)


def _coarser(binding: Binding, budget: BudgetRoles) -> tuple[str, ...]:
    """A total that can't hold each cost exactly is none."""
    record = binding.record
    if record is None or not record.amount or _amount_and_time(binding):
        return ()
    total = money_column(budget.table, budget.spent, binding.driver, budget.digits, budget.scale)
    cost = money_column(record.table, record.amount, binding.driver, record.digits, record.scale)
    if total.scale is None or (cost.scale is not None and cost.scale <= total.scale):
        return ()
    needed = "any number of" if cost.scale is None else str(cost.scale)
    return (f"{needed} digits after the point in {total.label}, as in {cost.label}: it keeps {total.scale}",)


def _alerts(binding: Binding) -> tuple[str, ...]:
    alert, budget = binding.alert, binding.budget
    if alert is None:
        return ("a table of alerts",)
    name = alert.table.name
    found = [] if alert.user or alert.budget else [f"a column for the user or the budget in {name}"]
    if alert.budget and not (budget and budget.id):
        found.append("a column for the id of a budget")
    if not alert.threshold:
        found.append(f"a column for the threshold in {name}")
    if not (alert.time or alert.period_start):
        found.append(f"a column for the time in {name}")
    for column in filter(None, (alert.time, alert.period_start)):
        found += _unfit_time(alert.table, column, binding.driver, days=column == alert.period_start)
    if not alert.period and not (alert.budget and budget and not budget.limits) and not _one_period(budget):
        found.append(f"a column for the period in {name}")
    given = [*alert_columns(alert), *(column for column, _ in alert.fill)]
    if generated_id(alert.table, alert.id, binding.driver):
        given.append(alert.id)
    found += [
        f"a value for {name}.{c}, which must have one and plays no role" for c in unfilled(alert.table, given)
    ]
    return tuple(found)


def _one_period(budget: BudgetRoles | None) -> bool:
    return budget is not None and len(budget.limits or budget.period_values) == 1


def alert_columns(alert: AlertRoles) -> tuple[str, ...]:
    """The columns that storing an alert gives a value to, `id` apart."""
    played = (
        alert.user, alert.budget, alert.kind, alert.threshold, alert.period, alert.period_start, alert.spent, alert.limit,
        alert.currency, alert.time,
    )  # fmt: skip
    return tuple(name for name in played if name)


def _alert_key(binding: Binding) -> tuple[str, ...]:
    alert = binding.alert
    if alert is None or alert_key(alert):
        return ()
    what = "budget" if alert.budget else "user and period"
    start = "" if alert.period_start else " (there is no column for the start of the period)"
    return (f"a unique key on {alert.table.name} over {what}, start of the period and threshold{start}",)


def alert_key(alert: AlertRoles) -> bool:
    """Whether a unique key of the table lets each alert be stored once a period."""
    allowed = frozenset(
        filter(
            None,
            (
                alert.user,
                alert.budget,
                alert.kind,
                alert.threshold,
                alert.period,
                alert.period_start,
                alert.currency,
            ),
        )
    )
    if not (alert.period_start and alert.threshold):
        return False
    owners = [frozenset({alert.budget})] if alert.budget else []
    owners += [frozenset({alert.user, alert.period})] if alert.user and alert.period else []
    return any(
        unique_over(alert.table, frozenset({alert.period_start, alert.threshold}) | owner, allowed)
        for owner in owners
    )


def _reservations(binding: Binding) -> tuple[str, ...]:
    record = binding.record
    if record is None:
        return ()
    found = [] if record.id else [f"a column for the id in {record.table.name}"]
    column = record.table.column(record.status) if record.status else None
    if column is None:
        found.append(f"a column for the status in {record.table.name}, to tell reserved from settled costs")
    elif column.values and not set(STATUSES) <= set(column.values):
        found.append(f"the values {', '.join(STATUSES)} in {record.table.name}.{record.status}")
    return tuple(found)


def _idempotency(binding: Binding) -> tuple[str, ...]:
    record = binding.record
    if record is None:
        return ()
    if not record.request_id:
        return (f"a column for the request id in {record.table.name}, with a unique key",)
    needed = frozenset({record.request_id})
    if not unique_over(record.table, needed, needed | frozenset({record.user})):
        return (f"a unique key on {record.table.name}.{record.request_id}",)
    return ()


def _unfit_money(table: Table, column: str, binding: Binding, roles: RecordRoles | BudgetRoles) -> list[str]:
    try:
        money_column(table, column, binding.driver, roles.digits, roles.scale)
    except UnfitColumn as problem:
        return [f"a type that holds money exactly: {problem}"]
    return []


def _unfit_time(table: Table, column: str, driver: Driver, *, days: bool = False) -> list[str]:
    try:
        time_column(table, column, driver, days=days)
    except UnfitColumn as problem:
        return [f"a type that holds times: {problem}"]
    return []
