"""The contract "ai-costs": cost records, budgets with a running total, alerts that can't be stored twice.

What it promises beyond the tables' names, and by what:

- an amount is exact: DECIMAL(20,10), finer than any price of one token in use, up to ten thousand million;
- a request is counted once: UNIQUE (request_id);
- a limit holds, whatever the number of writers: `spent_amount` of the period that began at `period_start`, in the row of the limit;
- a period has one limit for each user and currency: UNIQUE (user_id, period_type, currency);
- an alert is sent once a period: UNIQUE (budget_id, period_start, alert_type, threshold_percentage);
- a cost outlives its user: no foreign key on user_id. An alert goes with its budget.

The definition is told once, in the words of Laravel's Blueprint; every format is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from trueup.model.names import Driver
from trueup.model.roles import (
    AlertRoles,
    Binding,
    BudgetRoles,
    Period,
    RecordRoles,
    TableChoice,
)
from trueup.model.schema import Check, Column, ForeignKey, Index, Schema, Table
from trueup.structs import Struct

CONTRACT_NAMES = ("ai-costs",)

Kind = Literal["id", "big", "small", "string", "money", "json", "datetime", "boolean"]


class ContractColumn(Struct, frozen=True):
    """`length` of strings. `default` is a Python value, None for none."""

    name: str
    kind: Kind
    length: int = 0
    nullable: bool = False
    default: str | int | bool | None = None
    unsigned: bool = True


class ContractKey(Struct, frozen=True):
    """An index or unique key; `parent` makes it a foreign key to that table's id that is deleted along."""

    columns: tuple[str, ...]
    unique: bool = False
    parent: str = ""
    short: str = ""
    """A name of its own where Laravel's would be longer than the 64 characters that MySQL allows."""

    def name(self, table: str) -> str:
        """The name that Laravel gives it, or its own."""
        if self.short:
            return self.short
        kind = "foreign" if self.parent else "unique" if self.unique else "index"
        return "_".join((table, *self.columns, kind))


class ContractTable(Struct, frozen=True):
    name: str
    columns: tuple[ContractColumn, ...]
    keys: tuple[ContractKey, ...]


MONEY_DIGITS, MONEY_SCALE = 20, 10
PERIOD_NAMES: tuple[Period, ...] = ("per_request", "daily", "weekly", "monthly", "yearly", "total")

RECORDS = ContractTable(
    "ai_cost_records",
    (
        ContractColumn("id", "id"),
        ContractColumn("request_id", "string", 64, nullable=True),
        ContractColumn("user_id", "big"),
        ContractColumn("conversation_id", "string", 64, nullable=True),
        ContractColumn("provider", "string", 50),
        ContractColumn("model", "string", 150),
        ContractColumn("input_tokens", "big", default=0),
        ContractColumn("output_tokens", "big", default=0),
        ContractColumn("cost", "money"),
        ContractColumn("currency", "string", 3, default="USD"),
        ContractColumn("status", "string", 10, default="settled"),
        ContractColumn("metadata", "json", nullable=True),
        ContractColumn("created_at", "datetime"),
    ),
    (
        ContractKey(("request_id",), unique=True),
        ContractKey(("user_id", "created_at")),
        ContractKey(("provider", "model", "created_at")),
        ContractKey(("conversation_id",)),
        ContractKey(("status", "created_at")),
    ),
)

BUDGETS = ContractTable(
    "ai_user_budgets",
    (
        ContractColumn("id", "id"),
        ContractColumn("user_id", "big"),
        ContractColumn("period_type", "string", 20),
        ContractColumn("limit_amount", "money"),
        ContractColumn("currency", "string", 3, default="USD"),
        ContractColumn("spent_amount", "money", default=0),
        ContractColumn("period_start", "datetime", nullable=True),
        ContractColumn("alert_thresholds", "json", nullable=True),
        ContractColumn("is_active", "boolean", default=True),
        ContractColumn("created_at", "datetime", nullable=True),
        ContractColumn("updated_at", "datetime", nullable=True),
    ),
    (ContractKey(("user_id", "period_type", "currency"), unique=True),),
)

ALERTS = ContractTable(
    "ai_budget_alerts",
    (
        ContractColumn("id", "id"),
        ContractColumn("budget_id", "big"),
        ContractColumn("user_id", "big"),
        ContractColumn("alert_type", "string", 20),
        ContractColumn("threshold_percentage", "small"),
        ContractColumn("period_type", "string", 20),
        ContractColumn("period_start", "datetime"),
        ContractColumn("current_spend", "money"),
        ContractColumn("budget_limit", "money"),
        ContractColumn("currency", "string", 3, default="USD"),
        ContractColumn("sent_at", "datetime"),
    ),
    (
        ContractKey(
            ("budget_id", "period_start", "alert_type", "threshold_percentage"),
            unique=True,
            short="ai_budget_alerts_once_unique",
        ),
        ContractKey(("user_id", "sent_at")),
        ContractKey(("budget_id",), parent="ai_user_budgets"),
    ),
)

TABLES = (RECORDS, BUDGETS, ALERTS)

_TYPES: Mapping[Driver, Mapping[Kind, str]] = {
    "mysql": {
        "id": "bigint unsigned",
        "big": "bigint unsigned",
        "small": "smallint unsigned",
        "string": "varchar({})",
        "money": f"decimal({MONEY_DIGITS},{MONEY_SCALE})",
        "json": "json",
        "datetime": "datetime",
        "boolean": "tinyint(1)",
    },
    "mariadb": {
        "id": "bigint(20) unsigned",
        "big": "bigint(20) unsigned",
        "small": "smallint(5) unsigned",
        "string": "varchar({})",
        "money": f"decimal({MONEY_DIGITS},{MONEY_SCALE})",
        "json": "longtext",
        "datetime": "datetime",
        "boolean": "tinyint(1)",
    },
    "pgsql": {
        "id": "bigint",
        "big": "bigint",
        "small": "smallint",
        "string": "character varying({})",
        "money": f"numeric({MONEY_DIGITS},{MONEY_SCALE})",
        "json": "json",
        "datetime": "timestamp(0) without time zone",
        "boolean": "boolean",
    },
    "sqlite": {
        "id": "integer",
        "big": "integer",
        "small": "integer",
        "string": "varchar",
        "money": "numeric",
        "json": "text",
        "datetime": "datetime",
        "boolean": "tinyint(1)",
    },
}


def contract_schema(driver: Driver) -> Schema:
    """The contract's tables as the server of `driver` has them, spelled as `trueup schema` spells them."""
    tables = tuple(_table(table, driver) for table in sorted(TABLES, key=lambda t: t.name))
    return Schema(driver, tables)


def _table(table: ContractTable, driver: Driver) -> Table:
    indexes = [Index(_primary_name(table, driver), ("id",), unique=True, primary=True)]
    indexes += [Index(k.name(table.name), k.columns, unique=k.unique) for k in table.keys if not k.parent]
    keys = tuple(
        ForeignKey(
            None if driver == "sqlite" else k.name(table.name),
            k.columns,
            k.parent,
            ("id",),
            on_delete="cascade",
        )
        for k in table.keys
        if k.parent
    )
    return Table(
        table.name,
        tuple(_column(table, column, driver) for column in table.columns),
        tuple(sorted(indexes, key=lambda i: (not i.primary, i.name))),
        keys,
        tuple(_json_check(c) for c in table.columns if c.kind == "json" and driver == "mariadb"),
    )


def _primary_name(table: ContractTable, driver: Driver) -> str:
    return {"pgsql": f"{table.name}_pkey", "sqlite": "primary"}.get(driver, "primary")


def _json_check(column: ContractColumn) -> Check:
    return Check(column.name, f"json_valid(`{column.name}`)", (column.name,))


def _column(table: ContractTable, column: ContractColumn, driver: Driver) -> Column:
    counted = column.kind == "id"
    default = _default(column, driver)
    if counted and driver == "pgsql":
        default = f"nextval('{table.name}_id_seq'::regclass)"
    type_ = _TYPES[driver][column.kind].format(column.length)
    return Column(column.name, type_, column.nullable, default, auto_increment=counted)


def _default(column: ContractColumn, driver: Driver) -> str | None:
    """As the server reports it."""
    value = column.default
    if value is None:
        return "NULL" if driver == "mariadb" and column.nullable else None
    if isinstance(value, bool):
        return (
            str(value).lower()
            if driver == "pgsql"
            else str(int(value))
            if driver != "sqlite"
            else f"'{int(value)}'"
        )
    if isinstance(value, int):
        if column.kind == "money" and driver in ("mysql", "mariadb"):
            return f"{value}.{'0' * MONEY_SCALE}"
        return f"'{value}'" if driver != "mysql" else str(value)
    return f"'{value}'::character varying" if driver == "pgsql" else f"'{value}'"


def contract_binding(driver: Driver) -> Binding:
    """The roles of the contract's own tables."""
    schema = contract_schema(driver)
    tables = {table.name: table for table in schema.tables}
    record = RecordRoles(
        tables[RECORDS.name],
        id="id",
        user="user_id",
        amount="cost",
        time="created_at",
        currency="currency",
        provider="provider",
        model="model",
        input_tokens="input_tokens",
        output_tokens="output_tokens",
        conversation="conversation_id",
        metadata="metadata",
        request_id="request_id",
        status="status",
        scale=MONEY_SCALE,
    )
    budget = BudgetRoles(
        tables[BUDGETS.name],
        id="id",
        user="user_id",
        limit="limit_amount",
        period="period_type",
        period_values=tuple((p, p) for p in PERIOD_NAMES),
        spent="spent_amount",
        period_start="period_start",
        currency="currency",
        active="is_active",
        thresholds="alert_thresholds",
        scale=MONEY_SCALE,
        fill=(("created_at", "@now"), ("updated_at", "@now")),
    )
    return Binding(driver, record, budget, _alert_roles(tables[ALERTS.name]), tables=_chosen_tables())


def _alert_roles(table: Table) -> AlertRoles:
    return AlertRoles(
        table,
        id="id",
        user="user_id",
        budget="budget_id",
        kind="alert_type",
        kind_values=(("threshold", "threshold"), ("limit_exceeded", "limit_exceeded")),
        threshold="threshold_percentage",
        period="period_type",
        period_values=tuple((p, p) for p in PERIOD_NAMES),
        period_start="period_start",
        spent="current_spend",
        limit="budget_limit",
        currency="currency",
        time="sent_at",
    )


def _chosen_tables() -> tuple[TableChoice, ...]:
    why = "the contract ai-costs"
    return (
        TableChoice("record", RECORDS.name, 1.0, why),
        TableChoice("budget", BUDGETS.name, 1.0, why),
        TableChoice("alert", ALERTS.name, 1.0, why),
    )
