"""The DDL of changes that verdicts call for, on the server that was asked. SQLite changes no column in place: it gets a remark."""

from __future__ import annotations

from trueup.model.names import Driver
from trueup.model.schema import Column, Table
from trueup.sources.sql.writing import Writer
from trueup.structs import replace


def retyped(table: Table, column: Column, driver: Driver, kind: str) -> str:
    """The column with another type, all else as it is."""
    writer = Writer(driver)
    named, field = writer.name(table.name), writer.name(column.name)
    match driver:
        case "pgsql":
            return f"ALTER TABLE {named} ALTER COLUMN {field} TYPE {kind}"
        case "sqlite":
            return ""
        case _:
            text = writer.column(table, replace(column, type=kind))
            return f"ALTER TABLE {named} MODIFY {text}"


def required(table: Table, column: Column, driver: Driver) -> str:
    """The column with NOT NULL."""
    writer = Writer(driver)
    named, field = writer.name(table.name), writer.name(column.name)
    match driver:
        case "pgsql":
            return f"ALTER TABLE {named} ALTER COLUMN {field} SET NOT NULL"
        case "sqlite":
            return ""
        case _:
            return f"ALTER TABLE {named} MODIFY {writer.column(table, replace(column, nullable=False))}"


def checked(table: Table, name: str, expression: str, driver: Driver) -> str:
    """The table with a CHECK constraint."""
    if driver == "sqlite":
        return ""
    writer = Writer(driver)
    return f"ALTER TABLE {writer.name(table.name)} ADD CONSTRAINT {writer.name(name)} CHECK ({expression})"


def indexed(table: Table, columns: tuple[str, ...], driver: Driver, *, unique: bool = False) -> str:
    """The table with an index over the columns."""
    writer = Writer(driver)
    name = "_".join((table.name.rpartition(".")[2], *columns, "unique" if unique else "index"))[-60:].lstrip(
        "_"
    )
    kind = "UNIQUE INDEX" if unique else "INDEX"
    return f"CREATE {kind} {writer.name(name)} ON {writer.name(table.name)} ({writer.names(columns)})"


def added(table: Table, name: str, kind: str, driver: Driver) -> str:
    """The table with a new column that may be NULL."""
    writer = Writer(driver)
    return f"ALTER TABLE {writer.name(table.name)} ADD COLUMN {writer.name(name)} {kind} NULL"


def referenced(table: Table, column: str, parent: str, key: str, driver: Driver, action: str) -> str:
    """The table with a foreign key."""
    if driver == "sqlite":
        return ""
    writer = Writer(driver)
    name = f"{table.name.rpartition('.')[2]}_{column}_foreign"[:60]
    return (
        f"ALTER TABLE {writer.name(table.name)} ADD CONSTRAINT {writer.name(name)} FOREIGN KEY ({writer.name(column)}) "
        f"REFERENCES {writer.name(parent)} ({writer.name(key)}) ON DELETE {action.upper()}"
    )
