"""Loading on the servers themselves: what it changes for speed is as it was afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.schemas import DRIVERS, shop, url_of
from trueup.evidence import load as loading
from trueup.evidence import rows
from trueup.evidence.load import load
from trueup.evidence.rows import Filling, Wanted
from trueup.evidence.sizes import Scale
from trueup.model.names import Driver
from trueup.model.schema import Index, Schema
from trueup.scratch import Scratch, build, open_scratch
from trueup.structs import replace

OWN = (Index("orders_weight_index", ("weight",)), Index("orders_state_index", ("state", "paid")))


def indexed_shop(driver: Driver, folder: Path) -> Schema:
    schema = shop(driver, folder)
    tables = [replace(t, indexes=(*t.indexes, *OWN)) if t.name == "orders" else t for t in schema.tables]
    return replace(schema, tables=tuple(tables))


def indexes(scratch: Scratch) -> set[tuple[str, tuple[str, ...]]]:
    from sqlalchemy import inspect

    found = inspect(scratch.engine).get_indexes("orders")
    return {(str(i["name"]), tuple(str(c) for c in i["column_names"])) for i in found}


@pytest.mark.parametrize("driver", DRIVERS)
def test_indexes_of_large_tables_are_made_after_the_rows(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_LARGE", 100)
    schema = indexed_shop(driver, tmp_path)
    told: list[str] = []
    with open_scratch(url_of(driver)) as scratch:
        built = build(scratch, schema)
        before = indexes(scratch)
        loaded = load(
            scratch, Filling(schema, Wanted(("orders",)), Scale(500)), frozenset(built.tables), told.append
        )
        after = indexes(scratch)
    assert loaded.refused == ()
    assert loaded.rows["orders"] == 126
    assert {(i.name, i.columns) for i in OWN} <= before
    assert after == before
    assert told.count("indexing orders") == (2 if driver == "mariadb" else 4)  # there two are a foreign key's


def test_an_index_that_is_not_there_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_LARGE", 100)
    schema = shop("pgsql", tmp_path)
    wider = indexed_shop("pgsql", tmp_path / "wider")
    with open_scratch(url_of("pgsql")) as scratch:
        built = build(scratch, schema)
        before = indexes(scratch)
        filling = Filling(wider, Wanted(("orders",)), Scale(500))
        loaded = load(scratch, filling, frozenset(built.tables), lambda _: None)
        assert (loaded.refused, loaded.rows["orders"]) == ((), 126)
        assert indexes(scratch) == before


def test_statistics_of_mariadb_are_the_same_on_every_run(tmp_path: Path) -> None:
    """Of 20 pages, as is usual, they would be others each time."""
    schema = shop("mariadb", tmp_path)
    asked = "SELECT create_options FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'orders'"
    with open_scratch(url_of("mariadb")) as scratch:
        built = build(scratch, schema)
        load(
            scratch, Filling(schema, Wanted(("orders",)), Scale(100)), frozenset(built.tables), lambda _: None
        )
        with scratch.engine.connect() as connection:
            options = str(connection.exec_driver_sql(asked).scalar()).lower()
    assert {"stats_persistent=1", "stats_auto_recalc=0", "stats_sample_pages=1000"} <= set(options.split())


def test_rows_of_a_refused_table_go_although_they_were_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """InnoDB would take long to undo a large fill in one transaction; so that it is done in several."""
    monkeypatch.setattr(loading, "_COMMIT_EVERY", 1)
    schema = shop("mariadb", tmp_path)
    commits: list[int] = []
    with open_scratch(url_of("mariadb")) as scratch:
        built = build(scratch, schema)
        with scratch.engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER few BEFORE INSERT ON orders FOR EACH ROW"
                " IF NEW.id > 30 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'too many'; END IF"
            )

        def count_others(_: str) -> None:
            with scratch.engine.connect() as connection:
                commits.append(int(connection.exec_driver_sql("SELECT COUNT(*) FROM orders").scalar() or 0))

        monkeypatch.setattr(loading, "_TELL_EVERY", 1)
        monkeypatch.setattr(rows, "CHUNK", 10)
        filling = Filling(schema, Wanted(("orders",)), Scale(500))
        loaded = load(scratch, filling, frozenset(built.tables), count_others)
        count_others("at the end")
    assert [unfilled.table for unfilled in loaded.refused] == ["orders"]
    assert loaded.rows["orders"] == 0
    assert {10, 20, 30} <= set(commits)
    assert commits[-1] == 0
