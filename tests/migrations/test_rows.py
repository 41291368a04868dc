"""Rows over snapshots: shared until somebody asks for them."""

from __future__ import annotations

from trueup.sources.laravel.runtime.rows import Row, Rows


def test_snapshot_keeps_rows_that_are_changed_afterwards() -> None:
    rows = Rows()
    rows.insert("t", {"a": 1}, "id")
    saved = rows.snapshot()
    rows.insert("t", {"a": 2}, "id")
    stored = rows.peek("t")
    assert stored is not None
    assert [r["id"] for r in stored.rows] == [1, 2]
    stored.rows[0]["a"] = "changed"
    rows.restore(saved)
    again = rows.peek("t")
    assert again is not None
    assert again.rows == [{"a": 1, "id": 1}]
    again.rows[0]["a"] = "changed once more"
    rows.restore(saved)
    assert rows.of("t").rows == [{"a": 1, "id": 1}]


def test_insert_after_a_snapshot_copies_no_rows() -> None:
    rows = Rows()
    first: Row = {"a": 1}
    rows.insert("t", first, None)
    rows.snapshot()
    rows.insert("t", {"a": 2}, None)
    assert rows.tables["t"].rows[0] is first


def test_dropped_table_comes_back() -> None:
    rows = Rows()
    rows.insert("t", {"a": 1}, None)
    saved = rows.snapshot()
    rows.drop("t")
    rows.insert("u", {"a": 1}, None)
    rows.restore(saved)
    assert sorted(rows.tables) == ["t"]
