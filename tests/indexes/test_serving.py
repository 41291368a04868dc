"""Which index serves a shape, by table: the index, how far it goes, the grade."""

from __future__ import annotations

import pytest

from trueup.indexes.grading import served
from trueup.indexes.selectivity import Statistics
from trueup.model.names import Driver
from trueup.model.queries import TableRef
from trueup.model.schema import Column, Index, Schema, Table
from trueup.model.shapes import Grade, Predicate, QueryShape, Sort

COLUMNS = (
    Column("id", "bigint unsigned", auto_increment=True),
    Column("user_id", "bigint unsigned"),
    Column("token", "varchar(64)"),
    Column("status", "varchar(20)"),
    Column("is_open", "tinyint(1)"),
    Column("created_at", "timestamp", nullable=True),
)
PRIMARY = Index("primary", ("id",), unique=True, primary=True)


def eq(column: str, operator: str = "=") -> Predicate:
    return Predicate("t", column, operator)


def after(column: str) -> Predicate:
    return Predicate("t", column, ">=", "range")


def shape(*predicates: Predicate, sort: str = "", limited: bool = False, **more: bool) -> QueryShape:
    sorts = (Sort("t", sort, True),) if sort else ()
    return QueryShape("select", (TableRef("t"),), predicates, sorts=sorts, limited=limited, **more)  # type: ignore[arg-type]  # flags only


def index(*columns: str, unique: bool = False, where: str | None = None) -> Index:
    return Index("_".join(columns), columns, unique=unique, where=where)


CASES: dict[str, tuple[QueryShape, tuple[Index, ...], Grade, str]] = {
    "by the primary key": (shape(eq("id")), (), "served", "primary"),
    "by a code, with its index": (shape(eq("token")), (index("token"),), "served", "token"),
    "by a code, without": (shape(eq("token")), (), "unserved", ""),
    "(a, b) does not find rows by b": (shape(eq("token")), (index("status", "token"),), "unserved", ""),
    "an owner's rows, whatever else is asked": (
        shape(eq("user_id"), eq("status")),
        (index("user_id"),),
        "served",
        "user_id",
    ),
    "equality before the range": (
        shape(eq("status"), after("created_at")),
        (index("created_at"), index("status", "created_at")),
        "served",
        "status_created_at",
    ),
    "a range that stands first ends the search": (
        shape(after("created_at")),
        (index("created_at", "status"),),
        "served",
        "created_at_status",
    ),
    "a page of an order": (
        shape(sort="created_at", limited=True),
        (index("created_at"),),
        "served",
        "created_at",
    ),
    "a page of an order behind what is fixed": (
        shape(eq("status"), sort="created_at", limited=True),
        (index("status", "created_at"),),
        "served",
        "status_created_at",
    ),
    "a page without its order": (shape(sort="created_at", limited=True), (), "unserved", ""),
    "behind a list of values there is no order": (
        shape(eq("status", "in"), sort="created_at", limited=True),
        (index("status", "created_at"),),
        "partly",
        "status_created_at",
    ),
    "a flag narrows nothing down": (shape(eq("is_open")), (), "unbounded", ""),
    "all rows": (shape(), (), "unbounded", ""),
    "some rows, any": (shape(limited=True), (), "served", ""),
    "a function over the column": (
        shape(Predicate("t", "created_at", "=", "other", False, "date")),
        (index("created_at"),),
        "unserved",
        "",
    ),
    "a partial index without its condition": (
        shape(eq("token")),
        (index("token", where="created_at is null"),),
        "unserved",
        "",
    ),
    "a partial index with its condition": (
        shape(eq("token"), eq("created_at", "is null")),
        (index("token", where="created_at is null"),),
        "served",
        "token",
    ),
    "conditions that may not hold": (
        shape(Predicate("t", "token", "=", certain=False), certain=False),
        (index("token"),),
        "cannot tell",
        "",
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("driver", ["mysql", "mariadb", "pgsql", "sqlite"])
def test_the_index_that_serves(case: str, driver: Driver) -> None:
    asked, indexes, grade, name = CASES[case]
    found = served(asked, Statistics(Schema(driver, (Table("t", COLUMNS, (PRIMARY, *indexes)),))))
    assert (found.grade, next((u.index for u in found.uses), "")) == (grade, name)


def test_the_key_that_innodb_adds_gives_an_order() -> None:
    """An index ends in the primary key on InnoDB and in the row number on SQLite; not on PostgreSQL."""
    asked = shape(eq("status"), sort="id", limited=True)

    def grade(driver: Driver) -> Grade:
        primary = Index("primary", ("id",), unique=True, primary=True)
        schema = Schema(driver, (Table("t", COLUMNS, (primary, index("status"))),))
        found = served(asked, Statistics(schema))
        own = next(u for u in found.uses if u.index == "status") if found.uses[0].index == "status" else None
        return found.grade if own is not None else "unserved"

    assert [grade(d) for d in ("mysql", "sqlite")] == ["served", "served"]


def _filled(*indexes: Index, asked: QueryShape) -> dict[Driver, tuple[Grade, str]]:
    found: dict[Driver, tuple[Grade, str]] = {}
    for driver in DRIVERS:
        schema = Schema(driver, (Table("t", COLUMNS, (PRIMARY, *indexes)),))
        one = served(asked, Statistics(schema))
        found[driver] = one.grade, next((u.index for u in one.uses if u.filled), "")
    return found


DRIVERS: tuple[Driver, ...] = ("mysql", "mariadb", "pgsql", "sqlite")
FILLED = Predicate("t", "created_at", "is not null", "other")


def test_rows_that_have_a_value_are_a_range_of_an_index() -> None:
    """As EXPLAIN says: range on MySQL and MariaDB, Index Cond on PostgreSQL; SQLite, without STAT4, reads the whole table."""
    partly = ("partly", "created_at")
    assert _filled(index("created_at"), asked=shape(FILLED)) == {
        "mysql": partly,
        "mariadb": partly,
        "pgsql": partly,
        "sqlite": ("unbounded", ""),
    }


def test_rows_that_have_a_value_behind_an_equality_are_a_range_on_each_server() -> None:
    found = _filled(index("user_id", "created_at"), asked=shape(eq("user_id"), FILLED))
    assert found == dict.fromkeys(DRIVERS, ("served", "user_id_created_at"))


def test_a_value_that_is_always_there_narrows_nothing_down() -> None:
    asked = shape(Predicate("t", "status", "is not null", "other"))
    assert _filled(index("status"), asked=asked) == dict.fromkeys(DRIVERS, ("unbounded", ""))


def test_what_an_index_does_for_rows_that_have_a_value_is_not_left() -> None:
    schema = Schema("mariadb", (Table("t", COLUMNS, (PRIMARY, index("created_at"))),))
    found = served(shape(FILLED, eq("status")), Statistics(schema))
    assert (found.left, found.why) == (
        ("status = ?",),
        "created_at finds rows that have a created_at; what is left is done row by row",
    )
