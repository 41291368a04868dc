"""Rows: the servers themselves say whether constraints hold; what they can't say is counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.evidence.schemas import DRIVERS, shop, url_of
from trueup.evidence.columns import Known
from trueup.evidence.load import load
from trueup.evidence.rows import Filling, Later, Row, Unfilled, Wanted
from trueup.evidence.sizes import Scale, bytes_per_row, steps_up_to
from trueup.model.names import Driver
from trueup.model.schema import Column, ForeignKey, Index, Schema, Table
from trueup.scratch import build, open_scratch

NAMES = ("customers", "order_tag", "orders", "plans", "profiles", "settings")
ROWS = 500


def filling_of(schema: Schema, rows: int = ROWS, seed: int = 1) -> Filling:
    known = {("order_tag", "tag"): Known(("new", "sale"))}
    wanted = Wanted(NAMES, frozenset({"plans"}), known=known)
    return Filling(schema, wanted, Scale(rows), seed)


def all_rows(filling: Filling) -> dict[str, list[Row]]:
    return {f.table.name: [row for chunk in f.chunks for row in chunk] for f in filling}


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_server_takes_all_rows_with_every_constraint(driver: Driver, tmp_path: Path) -> None:
    """Foreign keys are asked for afterwards, where they were not while loading."""
    schema = shop(driver, tmp_path)
    with open_scratch(url_of(driver)) as scratch:
        built = build(scratch, schema)
        assert (built.tables, built.refused) == (NAMES, ())
        loaded = load(scratch, filling_of(schema), frozenset(built.tables), lambda _: None)
        with scratch.engine.connect() as connection:
            counted = {n: connection.exec_driver_sql(f"SELECT COUNT(*) FROM {n}").scalar() for n in NAMES}
            orphans = connection.exec_driver_sql(
                "SELECT COUNT(*) FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE c.id IS NULL"
            ).scalar()
            parents = connection.exec_driver_sql(
                "SELECT COUNT(*) FROM orders o JOIN orders p ON p.id = o.parent_id"
            ).scalar()
            states = connection.exec_driver_sql("SELECT DISTINCT state FROM orders ORDER BY 1").fetchall()
    assert loaded.refused == ()
    assert counted == loaded.rows
    # Customers are owners of 500 rows; a profile is one to one; four settings are all that UNIQUE allows.
    expected = {
        "customers": 126,
        "order_tag": 500,
        "orders": 126,
        "plans": 40,
        "profiles": 126,
        "settings": 4,
    }
    assert counted == expected
    assert (orphans, parents) == (0, counted["orders"] - counted["orders"] // 10)
    assert sorted(str(row[0]) for row in states) == ["open", "paid", "sent"]


def test_the_same_seed_makes_the_same_rows_and_another_seed_others(tmp_path: Path) -> None:
    schema = shop("pgsql", tmp_path)
    first, again, other = (all_rows(filling_of(schema, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first["orders"] != other["orders"]


def test_a_new_column_changes_no_other_columns_values(tmp_path: Path) -> None:
    schema = shop("pgsql", tmp_path)
    table = schema.table("customers")
    assert table is not None
    wider = Table(table.name, (Column("nick", "text"), *table.columns), table.indexes, table.foreign_keys)
    changed = Schema("pgsql", tuple(wider if t.name == "customers" else t for t in schema.tables))
    before, after = all_rows(filling_of(schema))["customers"], all_rows(filling_of(changed))["customers"]
    assert [row[1:] for row in after] == before


def test_some_owners_have_many_rows_and_most_have_few(tmp_path: Path) -> None:
    schema = shop("pgsql", tmp_path)
    orders = [row[2] for row in all_rows(filling_of(schema, 20_000))["order_tag"]]
    counts = sorted(Counter(orders).values(), reverse=True)
    assert len(orders) > 5_000
    assert counts[0] > 5 * counts[len(counts) // 2]


def test_a_minority_is_soft_deleted_and_rows_come_in_the_order_of_time(tmp_path: Path) -> None:
    filled = {
        f.table.name: (f.columns, [r for c in f.chunks for r in c])
        for f in filling_of(shop("pgsql", tmp_path))
    }
    columns, rows = filled["orders"]
    deleted = [row[columns.index("deleted_at")] for row in rows]
    assert 0 < sum(value is not None for value in deleted) < len(rows) / 5
    created = [str(row[columns.index("created_at")]) for row in rows]
    assert created == sorted(created)
    assert (created[0][:10], created[-1][:10]) == ("2025-06-07", "2025-06-30")


def test_values_that_the_code_compares_with_are_among_the_rows(tmp_path: Path) -> None:
    rows = all_rows(filling_of(shop("pgsql", tmp_path)))["order_tag"]
    assert {"new", "sale"} <= {row[1] for row in rows}


def test_a_table_that_cannot_be_filled_is_named_with_its_reason() -> None:
    place = Table("places", (Column("id", "bigint", auto_increment=True), Column("at", "geometry")))
    pair = Table(
        "pairs",
        (Column("id", "bigint", auto_increment=True), Column("other_id", "bigint")),
        (Index("pairs_pkey", ("id",), True, True),),
        (ForeignKey("k", ("other_id",), "pairs", ("id",)),),
    )
    filling = Filling(Schema("pgsql", (pair, place)), Wanted(("pairs", "places")), Scale(100))
    assert all_rows(filling) == {}
    assert filling.unfilled == [
        Unfilled("pairs", "its rows need rows of pairs, which has none yet"),
        Unfilled("places", "no values of type geometry can be made for at"),
    ]


def test_in_a_circle_the_table_comes_first_whose_key_may_stay_null() -> None:
    def table(name: str, other: str, *, optional: bool) -> Table:
        columns = (Column("id", "bigint", auto_increment=True), Column("other_id", "bigint", optional))
        return Table(name, columns, foreign_keys=(ForeignKey("k", ("other_id",), other, ("id",)),))

    schema = Schema(
        "pgsql", (table("ports", "servers", optional=True), table("servers", "ports", optional=False))
    )
    filling = Filling(schema, Wanted(("ports",)), Scale(200))
    rows = all_rows(filling)
    assert list(rows) == ["ports", "servers"]
    assert {row[1] for row in rows["ports"]} == {None}
    assert filling.later == [Later("ports", "other_id", "id", "servers")]
    assert [filling.later[0].value(n, 3) for n in (1, 2, 3, 10)] == [2, 3, 1, None]


def test_sizes_are_powers_of_ten_up_to_the_one_that_is_asked_for() -> None:
    assert [steps_up_to(n) for n in (500, 1_000, 20_000, 1_000_000)] == [
        (500,),
        (1_000,),
        (1_000, 10_000, 20_000),
        (1_000, 10_000, 100_000, 1_000_000),
    ]


def test_a_product_grows_by_users_and_by_days() -> None:
    assert [(Scale(n).owners, Scale(n).days) for n in (1_000, 1_000_000)] == [(200, 30), (20_000, 300)]


def test_the_estimate_of_disk_counts_columns_and_indexes(tmp_path: Path) -> None:
    table = Table(
        "t",
        (Column("id", "bigint"), Column("name", "varchar(20)"), Column("note", "text")),
        (Index("t_pkey", ("id",), True, True), Index("t_name", ("name",))),
    )
    assert bytes_per_row(table) == 30 + (8 + 16 + 40) + round((24 + 32) * 1.4)
