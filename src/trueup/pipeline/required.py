"""Required tables as the statements that would make them, so that a document can be compared as a schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from trueup.model.spec import RequiredColumn, RequiredForeignKey, RequiredIndex, RequiredTable
from trueup.sources.sql import ddl


def required_statements(tables: Iterable[RequiredTable]) -> Iterator[ddl.Statement]:
    """CREATE TABLE for each, then the foreign keys, which may refer to any of them. Columns without a type are left out."""
    tables = tuple(tables)
    for table in tables:
        yield _create(table)
    for table in tables:
        for key in table.foreign_keys:
            yield ddl.AlterTable(table.name, (ddl.AddForeignKey(_foreign_key(key)),), at=key.at)


def _create(table: RequiredTable) -> ddl.CreateTable:
    columns = tuple(_column(column) for column in table.columns if column.type is not None)
    known = {column.name.lower() for column in columns}
    indexes = tuple(
        _index(i, table.name) for i in table.indexes if known.issuperset(c.lower() for c in i.columns)
    )
    checks = tuple(ddl.CheckDef(c.expression, c.name, c.at) for c in table.checks)
    return ddl.CreateTable(table.name, columns, indexes, (), checks, comment=table.comment, at=table.at)


def _column(column: RequiredColumn) -> ddl.ColumnDef:
    return ddl.ColumnDef(
        column.name,
        column.type or "",
        nullable=column.nullable,
        default=column.default,
        auto_increment=bool(column.auto_increment),
        comment=column.comment,
        on_update=column.on_update,
        at=column.at,
    )


def _index(index: RequiredIndex, table: str) -> ddl.IndexDef:
    """An index without a name gets the one that Laravel would give it."""
    kind: Literal["primary", "unique", "index"] = (
        "primary" if index.primary else "unique" if index.unique else "index"
    )
    columns = "_".join(index.columns)
    name = None if index.primary else index.name or f"{table}_{columns}_{kind}".lower()
    parts = tuple(ddl.KeyPart(column) for column in index.columns)
    return ddl.IndexDef(kind, parts, name, where=index.where, at=index.at)


def _foreign_key(key: RequiredForeignKey) -> ddl.ForeignKeyDef:
    return ddl.ForeignKeyDef(
        key.columns, key.foreign_table, key.foreign_columns, key.name, key.on_delete, key.on_update, at=key.at
    )
