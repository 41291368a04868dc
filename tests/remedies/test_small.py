"""A small shop's remedies, those that destroy included, on real servers: as migrations and as SQL, with rows in the tables."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.project.trees import make
from tests.remedies.small import FILES, ROWS
from tests.support.remedying import (
    Rows,
    carried_out,
    carried_out_as_sql,
    migrations_of,
    offered,
    proved,
    proved_as_sql,
    written,
    wrong_php,
)
from trueup.model.names import Driver
from trueup.model.remedies import Fix

DRIVERS: tuple[Driver, ...] = ("sqlite", "mysql", "pgsql")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Fix]:
    project = make(tmp_path_factory.mktemp("shop"), FILES)
    return project, offered(project, allow_destructive=True)


def test_all_are_offered(shop: tuple[Path, Fix]) -> None:
    assert [r.title for r in shop[1].remedies if not r.offered] == []
    assert [r.title for r in shop[1].remedies] == [
        "Change the type of shop_orders.freight",
        "Number the rows of tags",
        "Let a relation of Order go by a key that exists",
        "Write the factory of Customer",
        "Write the factory of Order",
        "Rename the table shop_orders to sales_orders",
    ]


def test_what_breaks_code_waits_for_leave(shop: tuple[Path, Fix]) -> None:
    made = offered(shop[0])
    assert [(r.title, r.withheld) for r in made.remedies if not r.offered] == [
        (
            "Rename the table shop_orders to sales_orders",
            "5 places in the code ask for shop_orders (app/Models/Customer.php:14, app/Models/Order.php:9, "
            "app/Services/Orders.php:12, …), which fail between the migration and the deployment; "
            "`--allow-destructive` renames it and patches them",
        )
    ]


def test_the_php_is_right(shop: tuple[Path, Fix], tmp_path: Path) -> None:
    _, whole = written(*shop, tmp_path)
    assert wrong_php(shop[1], whole) == []
    assert "'shop_orders'" not in (whole / "app/Services/Orders.php").read_text()


@pytest.mark.parametrize("driver", DRIVERS)
def test_they_run_mend_and_go_back(shop: tuple[Path, Fix], driver: Driver, tmp_path: Path) -> None:
    proved(*shop, driver, tmp_path)


@pytest.mark.parametrize("driver", DRIVERS)
def test_their_sql_does_the_same(shop: tuple[Path, Fix], driver: Driver, tmp_path: Path) -> None:
    proved_as_sql(*shop, driver, tmp_path)


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("way", ["migrations", "sql"])
def test_no_row_is_lost(shop: tuple[Path, Fix], driver: Driver, way: str, tmp_path: Path) -> None:
    project, made = shop
    if way == "sql":
        reality = carried_out_as_sql(project, made, driver, tmp_path, ROWS)
    else:
        reality = carried_out(project, migrations_of(made), driver, tmp_path, ROWS)
    assert (reality.new_failed, reality.back_failed) == ({}, {})
    assert _freights(reality.rows_after, "sales_orders") == ["1.25", "2.5"]
    assert _freights(reality.rows_back, "shop_orders") == ["1.25", "2.5"]
    assert "shop_orders" not in reality.rows_after
    assert "sales_orders" not in reality.rows_back
    numbered = driver != "sqlite"
    assert [set(row) for row in reality.rows_after["tags"]] == [{"id", "word"} if numbered else {"word"}] * 2
    assert [row["word"] for row in reality.rows_back["tags"]] == ["new", "old"]


def _freights(rows: Rows, table: str) -> list[str]:
    """In the order of the ids, without the zeros that the type adds."""
    ordered = sorted(rows[table], key=lambda row: str(row["id"]))
    return [f"{Decimal(str(row['freight'])).normalize():f}" for row in ordered]
