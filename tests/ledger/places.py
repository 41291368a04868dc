"""Databases for the ledger's tests: one a test, on each server, with the tables asked for."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from trueup.contracts import contract_binding, contract_schema
from trueup.ledger import connect
from trueup.model.names import Driver
from trueup.model.roles import AlertRoles, Binding, BudgetRoles, Period, RecordRoles
from trueup.model.schema import Column, Index, Schema, Table
from trueup.report.schema_sql import schema_sql

SERVERS: tuple[Driver, ...] = ("sqlite", "pgsql", "mariadb")


@dataclass(frozen=True, slots=True)
class Place:
    """An empty database that this test has to itself."""

    driver: Driver
    url: str

    def engine(self) -> Engine:
        return connect(self.url)


def server_url(driver: Driver) -> str:
    if driver == "pgsql":
        return os.environ["TRUEUP_TEST_PGSQL_URL"].replace("postgresql://", "postgresql+psycopg://")
    return os.environ["TRUEUP_TEST_MYSQL_URL"].replace("mysql://", "mysql+pymysql://")


@contextmanager
def place(driver: Driver, folder: Path) -> Iterator[Place]:
    """A new database of the server (a new file of SQLite), dropped afterwards."""
    if driver == "sqlite":
        path = folder / "ledger.db"
        sqlite3.connect(path).execute("PRAGMA journal_mode = WAL").close()
        yield Place(driver, f"sqlite:///{path}")
        return
    name = f"trueup_ledger_{uuid.uuid4().hex[:12]}"
    base = server_url(driver)
    admin = create_engine(base + ("postgres" if driver == "pgsql" else ""), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield Place(driver, base + name)
    finally:
        with admin.connect() as connection:
            forced = " WITH (FORCE)" if driver == "pgsql" else ""
            connection.execute(text(f"DROP DATABASE {name}{forced}"))
        admin.dispose()


def build(engine: Engine, schema: Schema) -> None:
    """Makes the tables of a schema."""
    with engine.begin() as connection:
        for statement in statements(schema_sql(schema)):
            connection.exec_driver_sql(statement)


def statements(ddl: str) -> list[str]:
    lines = "\n".join(line for line in ddl.splitlines() if not line.startswith("--"))
    return [part.strip() for part in lines.split(";\n") if part.strip()]


def build_contract(engine: Engine, driver: Driver) -> Binding:
    build(engine, contract_schema(driver))
    return contract_binding(driver)


_WORDS = ("id", "big", "money", "time", "text", "flag")
_SPELLED: dict[Driver, tuple[str, ...]] = {
    "sqlite": ("integer", "integer", "decimal({})", "datetime", "varchar", "tinyint(1)"),
    "pgsql": (
        "bigint",
        "bigint",
        "numeric({})",
        "timestamp with time zone",
        "character varying(50)",
        "boolean",
    ),
    "mariadb": (
        "bigint(20) unsigned",
        "bigint(20)",
        "decimal({})",
        "timestamp(6)",
        "varchar(50)",
        "tinyint(1)",
    ),
}


def plain_schema(driver: Driver) -> Schema:
    """Tables as a plain specification asks for them: one row of limits a user, no running total, no request id, no unique key."""
    kind = dict(zip(_WORDS, _SPELLED[driver], strict=True))

    def table(name: str, *columns: tuple[str, str]) -> Table:
        default = f"nextval('{name}_id_seq'::regclass)" if driver == "pgsql" else None
        made = [Column("id", kind["id"], default=default, auto_increment=True)]
        for column, what in columns:
            word, _, digits = what.partition(" ")
            null = word == "time" and driver == "mariadb"
            given = "true" if driver == "pgsql" and word == "flag" else "'1'" if word == "flag" else None
            made.append(
                Column(column, kind[word].format(digits), nullable=digits == "null" or null, default=given)
            )
        primary = f"{name}_pkey" if driver == "pgsql" else "primary"
        return Table(name, tuple(made), (Index(primary, ("id",), unique=True, primary=True),))

    return Schema(
        driver,
        (
            table("alerts", ("user_id", "big"), ("threshold", "money 5,2"), ("period", "text"), ("spent", "money 10,2"),
                  ("sent_at", "time")),
            table("budgets", ("user_id", "big"), ("daily_limit", "money 10,2"), ("monthly_limit", "money 10,2"),
                  ("per_request_limit", "money 10,2"), ("is_active", "flag")),
            table("costs", ("user_id", "big"), ("provider", "text"), ("model", "text"), ("cost", "money 10,6"),
                  ("created_at", "time")),
        ),
    )  # fmt: skip


def plain_binding(driver: Driver) -> Binding:
    """The roles of `plain_schema`."""
    alerts, budgets, costs = plain_schema(driver).tables
    periods: tuple[tuple[Period, str], ...] = (("daily", "daily"), ("monthly", "monthly"))
    return Binding(
        driver,
        RecordRoles(
            costs,
            id="id",
            user="user_id",
            amount="cost",
            time="created_at",
            provider="provider",
            model="model",
        ),
        BudgetRoles(
            budgets,
            id="id",
            user="user_id",
            limits=(
                ("daily", "daily_limit"),
                ("monthly", "monthly_limit"),
                ("per_request", "per_request_limit"),
            ),
            active="is_active",
        ),
        AlertRoles(
            alerts,
            id="id",
            user="user_id",
            threshold="threshold",
            period="period",
            period_values=periods,
            spent="spent",
            time="sent_at",
        ),
    )


def build_plain(engine: Engine, driver: Driver) -> Binding:
    build(engine, plain_schema(driver))
    return plain_binding(driver)
