"""The contract ai-costs: its migrations run in the real framework and in Alembic, its SQL on each server; all build the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, inspect

from tests.ledger.places import Place, build_contract, place
from tests.support.facets import differences, oracle_facets, schema_facets
from tests.support.oracle import Oracle
from tests.support.replaying import replay_texts
from trueup.contracts import contract_binding, contract_schema
from trueup.contracts.alembic import alembic_migration
from trueup.contracts.laravel import laravel_migrations
from trueup.ledger import CAPABILITIES, Ledger, carried
from trueup.model.names import DRIVERS, Driver

TABLES = ["ai_budget_alerts", "ai_cost_records", "ai_user_budgets"]


@pytest.mark.parametrize("on", ["sqlite", "mysql", "pgsql"])
def test_the_real_framework_builds_what_the_contract_says(oracle: Oracle, on: Driver) -> None:
    result = oracle.run(on, laravel_migrations())
    assert result.failed == {}
    told = schema_facets(contract_schema("mariadb" if on == "mysql" else on))
    assert [str(d) for d in differences(told, oracle_facets(result))] == []


@pytest.mark.parametrize("on", DRIVERS)
def test_what_trueup_reads_of_the_migrations_is_what_the_contract_says(tmp_path: Path, on: Driver) -> None:
    read = replay_texts(tmp_path / "app", on, laravel_migrations())
    assert (read.failures, read.gaps) == ((), ())
    assert [str(d) for d in differences(schema_facets(read), schema_facets(contract_schema(on)))] == []


def structure(engine: Engine, *, types: bool) -> dict[str, tuple[object, ...]]:
    """Tables as the server describes them: columns, indexes, keys."""
    seen = inspect(engine)
    return {
        table: (
            [(c["name"], str(c["type"]) if types else "", c["nullable"]) for c in seen.get_columns(table)],
            sorted(
                (i["name"] or "", tuple(i["column_names"]), bool(i["unique"]))
                for i in seen.get_indexes(table)
            ),
            [
                (k["constrained_columns"], k["referred_table"], k["options"].get("ondelete"))
                for k in seen.get_foreign_keys(table)
            ],
            seen.get_pk_constraint(table)["constrained_columns"],
        )
        for table in TABLES
    }


def run_alembic(engine: Engine, function: str) -> None:
    """Runs one direction of the migration with Alembic's own operations."""
    code: dict[str, object] = {}
    with engine.begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            exec(compile(alembic_migration(), "migration", "exec"), code)
            direction = code[function]
            assert callable(direction)
            direction()


def test_alembic_builds_what_the_sql_builds(engine: Engine, driver: Driver, tmp_path: Path) -> None:
    # SQLite's types are hints: Alembic writes them out where Laravel writes the affinity.
    types = driver != "sqlite"
    run_alembic(engine, "upgrade")
    (tmp_path / "other").mkdir()
    with place(driver, tmp_path / "other") as other:
        second = other.engine()
        build_contract(second, driver)
        assert structure(engine, types=types) == structure(second, types=types)
        second.dispose()
    ledger = Ledger(engine, contract_binding(driver))
    assert all(c.carried for c in ledger.capabilities())
    run_alembic(engine, "downgrade")
    assert inspect(engine).get_table_names() == []


@pytest.mark.parametrize("on", DRIVERS)
def test_the_contract_carries_everything(on: Driver) -> None:
    assert [(c.capability, c.missing) for c in carried(contract_binding(on))] == [
        (c, ()) for c in CAPABILITIES
    ]


def test_a_ledger_takes_the_contract_where_it_is_told_nothing(
    here: Place, engine: Engine, driver: Driver
) -> None:
    build_contract(engine, driver)
    assert Ledger(engine).enforcement == "running total"
