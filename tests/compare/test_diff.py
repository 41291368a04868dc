"""The family of differences between two schemas."""

from __future__ import annotations

from trueup.compare.diff import (
    CheckAdded,
    CheckRemoved,
    ColumnAdded,
    ColumnChanged,
    ColumnRemoved,
    ForeignKeyAdded,
    ForeignKeyChanged,
    ForeignKeyRemoved,
    IndexAdded,
    IndexRemoved,
    IndexRenamed,
    TableAdded,
    TableRemoved,
    diff,
)
from trueup.model.schema import Check, Column, ForeignKey, Index, Schema, Table
from trueup.structs import replace

ID = Column("id", "bigint unsigned", auto_increment=True)
NAME = Column("name", "varchar(50)", default="'x'")
KEY = ForeignKey("k", ("id",), "users", ("id",))
TABLE = Table("goods", (ID, NAME), (Index("by_name", ("name",)),), (KEY,), (Check("c", "(`id` > 0)"),))


def schema(*tables: Table) -> Schema:
    return Schema("mysql", tables)


def changed(column: Column) -> tuple[object, ...]:
    return diff(schema(TABLE), schema(replace(TABLE, columns=(ID, column))), comments=True)


def test_nothing() -> None:
    assert diff(schema(TABLE), schema(TABLE), names=True, comments=True) == ()


def test_tables() -> None:
    other = Table("others")
    assert diff(schema(TABLE), schema(other)) == (TableRemoved(TABLE), TableAdded(other))


def test_columns() -> None:
    label = Column("label", "text")
    assert diff(schema(TABLE), schema(replace(TABLE, columns=(ID, label)))) == (
        ColumnRemoved("goods", NAME),
        ColumnAdded("goods", label),
    )


def test_aspects_of_a_column() -> None:
    new = replace(
        NAME,
        type="varchar(80)",
        nullable=True,
        default="'y'",
        comment="of the maker",
        on_update="CURRENT_TIMESTAMP",
    )
    assert changed(new) == (
        ColumnChanged("goods", "type", "varchar(50)", "varchar(80)", NAME, new),
        ColumnChanged("goods", "nullable", "NOT NULL", "NULL", NAME, new),
        ColumnChanged("goods", "default", "'x'", "'y'", NAME, new),
        ColumnChanged("goods", "on update", "none", "CURRENT_TIMESTAMP", NAME, new),
        ColumnChanged("goods", "comment", "none", "of the maker", NAME, new),
    )


def test_what_could_not_be_read_is_no_difference() -> None:
    assert changed(replace(NAME, type="?", default="?", unknown=("type", "default"))) == ()


def test_defaults_by_meaning() -> None:
    price = Column("price", "decimal(10,2)", default="0.00")
    before, after = replace(TABLE, columns=(price,)), replace(TABLE, columns=(replace(price, default="'0'"),))
    assert diff(schema(before), schema(after)) == ()


def test_indexes_by_what_they_do() -> None:
    renamed, unique = Index("other", ("name",)), Index("by_name", ("name",), unique=True)
    assert diff(schema(TABLE), schema(replace(TABLE, indexes=(renamed,)))) == ()
    assert diff(schema(TABLE), schema(replace(TABLE, indexes=(renamed,))), names=True) == (
        IndexRenamed("goods", TABLE.indexes[0], renamed),
    )
    assert diff(schema(TABLE), schema(replace(TABLE, indexes=(unique,)))) == (
        IndexRemoved("goods", TABLE.indexes[0]),
        IndexAdded("goods", unique),
    )


def test_implied_indexes_are_the_server_s_affair() -> None:
    implied = Index("k", ("id",), implied=True)
    assert diff(schema(TABLE), schema(replace(TABLE, indexes=(*TABLE.indexes, implied)))) == ()


def test_foreign_keys() -> None:
    cascade, other = replace(KEY, on_delete="cascade"), ForeignKey("n", ("name",), "users", ("name",))
    assert (
        diff(schema(TABLE), schema(replace(TABLE, foreign_keys=(replace(KEY, on_delete="restrict"),)))) == ()
    )
    assert diff(schema(TABLE), schema(replace(TABLE, foreign_keys=(cascade,)))) == (
        ForeignKeyChanged("goods", KEY, cascade),
    )
    assert diff(schema(TABLE), schema(replace(TABLE, foreign_keys=(other,)))) == (
        ForeignKeyRemoved("goods", KEY),
        ForeignKeyAdded("goods", other),
    )


def test_checks() -> None:
    other = Check("c", "id > 1")
    assert diff(schema(TABLE), schema(replace(TABLE, checks=(other,)))) == (
        CheckRemoved("goods", TABLE.checks[0]),
        CheckAdded("goods", other),
    )


def test_across_servers_types_are_compared_by_meaning() -> None:
    pgsql = replace(
        TABLE,
        columns=(
            Column("id", "bigint", auto_increment=True),
            Column("name", "character varying(50)", default="'x'::text"),
        ),
        foreign_keys=(KEY,),
    )
    assert diff(schema(TABLE), Schema("pgsql", (pgsql,))) == ()
