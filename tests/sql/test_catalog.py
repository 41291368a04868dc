"""Looks at a catalog: what changed between two of them, and that an earlier one stays as it was."""

from __future__ import annotations

import pytest

from trueup.model.schema import Column
from trueup.sources.sql.servers.catalog import Catalog, Look, TableState


def _catalog(*names: str) -> Catalog:
    catalog = Catalog()
    catalog.begin()
    for name in names:
        catalog.add_table(name.lower(), TableState(name))
    return catalog


def _changed(catalog: Catalog, before: Look) -> list[str]:
    return catalog.changed(before, catalog.look())


def _add_column(catalog: Catalog, key: str) -> None:
    catalog.change(key).columns["id"] = Column("id", "int")


def test_nothing_changed() -> None:
    catalog = _catalog("a", "b")
    assert _changed(catalog, catalog.look()) == []


def test_table_is_changed() -> None:
    catalog = _catalog("A", "b")
    before = catalog.look()
    catalog.begin()
    _add_column(catalog, "a")
    after = catalog.look()
    assert catalog.changed(before, after) == ["A"]
    assert (before.tables["A"].columns, len(after.tables["A"].columns)) == ((), 1)


def test_two_tables_change_names() -> None:
    catalog = _catalog("a", "b")
    before = catalog.look()
    catalog.begin()
    one, two = catalog.change("a"), catalog.change("b")
    catalog.drop_table("a")
    catalog.drop_table("b")
    one.name, two.name = "b", "a"
    catalog.add_table("b", one)
    catalog.add_table("a", two)
    after = catalog.look()
    assert catalog.changed(before, after) == ["a", "b"]
    assert sorted(after.tables) == ["a", "b"]


def test_temporary_tables_are_not_seen() -> None:
    catalog = _catalog("a")
    before = catalog.look()
    catalog.add_table("t", TableState("t", temporary=True))
    assert _changed(catalog, before) == []


@pytest.mark.parametrize("back", ["undo", "restore"])
def test_what_is_taken_back_is_as_before(back: str) -> None:
    catalog = _catalog("a", "b", "c")
    catalog.begin()
    snapshot, before = catalog.snapshot(), catalog.look()
    _add_column(catalog, "a")
    catalog.drop_table("b")
    catalog.add_table("d", TableState("d"))
    during = catalog.look()
    assert catalog.changed(before, during) == ["a", "b", "d"]
    if back == "undo":
        catalog.undo()
    else:
        catalog.restore(snapshot)
    after = catalog.look()
    assert catalog.changed(during, after) == ["a", "b", "d"]
    assert after.tables == before.tables


def test_a_snapshot_can_be_taken_up_after_an_earlier_one() -> None:
    catalog = _catalog("a")
    first = catalog.snapshot()
    catalog.begin()
    _add_column(catalog, "a")
    second, changed = catalog.snapshot(), catalog.look()
    catalog.restore(first)
    between = catalog.look()
    catalog.restore(second)
    after = catalog.look()
    assert catalog.changed(between, after) == ["a"]
    assert after.tables == changed.tables != between.tables
