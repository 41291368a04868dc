"""Which table and column play which part in cost tracking: the cost record, the budget, the alert. Nouns only.

A role that no column plays is "" (or an empty tuple). A ledger works on whatever is bound and says what it can't do without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from trueup.model.names import Driver
from trueup.model.schema import Table
from trueup.structs import Struct

Period = Literal["per_request", "daily", "weekly", "monthly", "yearly", "total"]
PERIODS: tuple[Period, ...] = get_args(Period)
"""The periods of a budget. "per_request" limits one request, "total" all that was ever spent."""

TableRole = Literal["record", "budget", "alert"]
TABLE_ROLES: tuple[TableRole, ...] = get_args(TableRole)

FillValue = str | int | bool
"""What a column gets that has to have a value and plays no role. The text "@now" is the server's time."""


class RecordRoles(Struct, frozen=True):
    """Columns of the table with one row for each request. `amount` is the whole cost of the request; `time` when it was made;
    `status` tells reservations from settled costs; `digits` is how far an integer `amount` is shifted (2: cents, 6: millionths);
    `scale` the digits after the point where the type itself does not say (SQLite's "numeric"). `fill` are values of columns
    that must have one and play no role."""

    table: Table
    id: str = ""
    user: str = ""
    amount: str = ""
    time: str = ""
    currency: str = ""
    provider: str = ""
    model: str = ""
    input_tokens: str = ""
    output_tokens: str = ""
    conversation: str = ""
    metadata: str = ""
    request_id: str = ""
    status: str = ""
    digits: int = 0
    scale: int | None = None
    fill: tuple[tuple[str, FillValue], ...] = ()


class BudgetRoles(Struct, frozen=True):
    """Columns of the table of limits. Either each row is the limit of one period: `limit` and `period` (with `period_values`,
    how the table spells each period); or one row has several: `limits`, a column for each period. `spent` is the running total
    of the period that began at `period_start`. `thresholds` holds the percentages to alert at, as JSON. `digits` and `scale`
    as of the record, here of `limit`, `limits` and `spent`."""

    table: Table
    id: str = ""
    user: str = ""
    limit: str = ""
    period: str = ""
    period_values: tuple[tuple[Period, str], ...] = ()
    limits: tuple[tuple[Period, str], ...] = ()
    spent: str = ""
    period_start: str = ""
    period_end: str = ""
    currency: str = ""
    active: str = ""
    thresholds: str = ""
    digits: int = 0
    scale: int | None = None
    fill: tuple[tuple[str, FillValue], ...] = ()


class AlertRoles(Struct, frozen=True):
    """Columns of the table of alerts. `kind` tells a threshold from an exceeded limit, spelled as `kind_values` say;
    `threshold` is in percent."""

    table: Table
    id: str = ""
    user: str = ""
    budget: str = ""
    kind: str = ""
    kind_values: tuple[tuple[str, str], ...] = ()
    threshold: str = ""
    period: str = ""
    period_values: tuple[tuple[Period, str], ...] = ()
    period_start: str = ""
    spent: str = ""
    limit: str = ""
    currency: str = ""
    time: str = ""
    fill: tuple[tuple[str, FillValue], ...] = ()


AnyRoles = RecordRoles | BudgetRoles | AlertRoles

_NO_COLUMNS = ("table", "digits", "scale", "fill", "period_values", "kind_values", "limits")

COLUMN_ROLES: Mapping[TableRole, tuple[str, ...]] = {
    "record": tuple(n for n in RecordRoles.__struct_fields__ if n not in _NO_COLUMNS),
    "budget": tuple(n for n in BudgetRoles.__struct_fields__ if n not in _NO_COLUMNS),
    "alert": tuple(n for n in AlertRoles.__struct_fields__ if n not in _NO_COLUMNS),
}
"""The roles that one column plays, in order. A budget's `limits` is one more: a column for each period."""


class RoleChoice(Struct, frozen=True):
    """How a role was given to a column. `score` 0..1; `why` is short ("the required `cost`, renamed", "trueup.toml:12")."""

    table_role: TableRole
    role: str
    column: str
    score: float
    why: str


class MissingRole(Struct, frozen=True):
    """A role that nothing plays, and what can't be done for it. `role` "" means the whole table. `needed`: no ledger without it."""

    table_role: TableRole
    role: str
    table: str
    why: str
    needed: bool = False


class TableChoice(Struct, frozen=True):
    """How a table was given its role; `runners_up` are the next best tables with their scores."""

    table_role: TableRole
    table: str
    score: float
    why: str
    runners_up: tuple[tuple[str, float], ...] = ()


class Binding(Struct, frozen=True):
    """The roles of one schema on the server of `driver`. A table role that nothing plays is None."""

    driver: Driver
    record: RecordRoles | None = None
    budget: BudgetRoles | None = None
    alert: AlertRoles | None = None
    tables: tuple[TableChoice, ...] = ()
    choices: tuple[RoleChoice, ...] = ()
    missing: tuple[MissingRole, ...] = ()

    def roles(self, table_role: TableRole) -> AnyRoles | None:
        """The roles of one of the three tables."""
        return {"record": self.record, "budget": self.budget, "alert": self.alert}[table_role]


class SetRoles(Struct, frozen=True):
    """What trueup.toml says of one table's roles, unchecked against any schema. `columns`: role → column (a budget's limits as
    "limits.daily"); `values`: how periods and kinds are spelled ("period.daily" → "day"); `where` places each for messages."""

    table_role: TableRole
    table: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    fill: tuple[tuple[str, FillValue], ...] = ()
    digits: int | None = None
    where: str = ""
