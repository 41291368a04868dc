"""Blueprint statements that recommendations give."""

from __future__ import annotations

import pytest

from trueup.checks.wording import blueprint_call, counted, listed, shown_type
from trueup.model.names import Driver
from trueup.model.spec import RequiredColumn

CALLS: list[tuple[RequiredColumn, Driver | None, str]] = [
    (RequiredColumn("id", "BIGINT UNSIGNED", False, auto_increment=True), "mysql", "$table->bigIncrements('id');"),
    (RequiredColumn("a", "VARCHAR(50)", True), "mysql", "$table->string('a', 50)->nullable();"),
    (RequiredColumn("a", "VARCHAR(255)", False), "mysql", "$table->string('a');"),
    (RequiredColumn("a", "CHAR(3)", False, "'USD'", True), "mysql", "$table->char('a', 3)->default('USD');"),
    (RequiredColumn("a", "DECIMAL(10,6)", False, "0", True), "mysql", "$table->decimal('a', 10, 6)->default(0);"),
    (RequiredColumn("a", "INT UNSIGNED", False), "mysql", "$table->unsignedInteger('a');"),
    (RequiredColumn("a", "BOOLEAN", False, "TRUE", True), "mysql", "$table->boolean('a')->default(true);"),
    (RequiredColumn("a", "TIMESTAMP", None, "now()", True), "pgsql", "$table->timestamp('a')->useCurrent();"),
    (RequiredColumn("a", "TIMESTAMPTZ", True), "pgsql", "$table->timestampTz('a')->nullable();"),
    (RequiredColumn("a", "JSON", None, "'[]'", True), "mysql", "$table->json('a')->default(DB::raw(\"('[]')\"));"),
    (RequiredColumn("a", "ENUM('x','y')", False), "mysql", "$table->enum('a', ['x', 'y']);"),
    (RequiredColumn("a", "UUID", False, "uuid()", True), "pgsql", "$table->uuid('a')->default(DB::raw('(uuid())'));"),
    (RequiredColumn("a"), None, "$table->string('a');"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "dialect", "statement"), CALLS)
def test_blueprint_call(column: RequiredColumn, dialect: Driver | None, statement: str) -> None:
    assert blueprint_call(column, dialect) == statement


def test_display_widths_are_not_shown() -> None:
    assert [shown_type(t) for t in ("int(11)", "bigint(20) unsigned", "tinyint(1)", "varchar(20)")] == [
        "int",
        "bigint unsigned",
        "tinyint(1)",
        "varchar(20)",
    ]


def test_lists() -> None:
    assert listed(["a"]) == "`a`"
    assert listed(["a", "b", "c"]) == "`a`, `b` and `c`"
    assert listed(["a", "b", "c"], most=2) == "`a`, `b` and 1 more"
    assert (counted(1, "index", "indexes"), counted(2, "index", "indexes")) == ("1 index", "2 indexes")
