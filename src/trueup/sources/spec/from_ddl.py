"""Schema statements → required tables: one CREATE TABLE is a definition, what follows it (ALTER, CREATE INDEX, COMMENT ON)
changes it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.spec import (
    RequiredCheck,
    RequiredColumn,
    RequiredForeignKey,
    RequiredIndex,
    RequiredTable,
    SpecKind,
)
from trueup.sources.spec.setting import Setting
from trueup.sources.sql import ddl
from trueup.sources.sql.types import parse_type
from trueup.structs import replace

_IN_LIST = re.compile(
    r"\(*+\s*+[`\"\[]?(\w++)[`\"\]]?\s++in\s*+\(((?:\s*+'(?:[^']++|'')*+'\s*+,?)++)\s*+\)\s*+\)*+",
    re.IGNORECASE,
)


def required_table(
    statement: ddl.CreateTable, kind: SpecKind, dialect: Driver | None, setting: Setting
) -> RequiredTable:
    """The definition that one CREATE TABLE gives."""
    columns = tuple(required_column(c, setting, dialect) for c in statement.columns)
    indexes = [i for c in statement.columns for i in _column_indexes(c)]
    keys = [foreign_key(c.references, (c.name,)) for c in statement.columns if c.references]
    checks = [check(c.check, c.name, c.at) for c in statement.columns if c.check]
    table = RequiredTable(
        name=bare_name(statement.table),
        kind=kind,
        columns=columns,
        indexes=(*indexes, *(required_index(i) for i in statement.indexes)),
        foreign_keys=(*keys, *(foreign_key(k, k.columns) for k in statement.foreign_keys)),
        checks=(*checks, *(_named_check(c) for c in statement.checks)),
        at=statement.at,
        dialect=dialect,
        comment=statement.comment,
        section=setting.section,
        existing=setting.role == "current",
        missing_reported=setting.missing and setting.role != "current",
    )
    return key_columns_not_null(table)


def key_columns_not_null(table: RequiredTable) -> RequiredTable:
    """A primary key's columns are never NULL, whether that is written or not."""
    key = table.primary_key
    if key is None:
        return table
    names = {c.lower() for c in key.columns}
    columns = (
        replace(c, nullable=False) if c.nullable is None and c.name.lower() in names else c
        for c in table.columns
    )
    return replace(table, columns=tuple(columns))


def required_column(column: ddl.ColumnDef, setting: Setting, dialect: Driver | None) -> RequiredColumn:
    """What is not written stays unknown: no NULL clause, no DEFAULT clause, no AUTO_INCREMENT."""
    none = column.default is not None and column.default.strip().upper() == "NULL"
    parsed = parse_type(column.type, dialect)
    counted = column.auto_increment or column.identity is not None or parsed.auto_increment
    return RequiredColumn(
        name=bare_name(column.name),
        type=column.type,
        nullable=column.nullable,
        default=None if none else column.default,
        default_known=column.default is not None,
        auto_increment=True if counted else None,
        at=column.at,
        comment=column.comment,
        on_update=column.on_update,
        values=parsed.values,
        written=setting.written(column.at.line),
    )


def _column_indexes(column: ddl.ColumnDef) -> list[RequiredIndex]:
    found = []
    if column.primary:
        found.append(RequiredIndex((bare_name(column.name),), column.primary_name, True, True, column.at))
    if column.unique and not column.primary:
        found.append(RequiredIndex((bare_name(column.name),), column.unique_name, True, False, column.at))
    return found


def required_index(index: ddl.IndexDef) -> RequiredIndex:
    kind = (
        index.kind if index.kind in ("fulltext", "spatial", "vector") else (index.method or "btree").lower()
    )
    primary = index.kind == "primary"
    columns = tuple(bare_name(p.column) for p in index.parts if p.column is not None)
    return RequiredIndex(
        columns, index.name, primary or index.kind == "unique", primary, index.at, index.where, kind
    )


def foreign_key(key: ddl.ForeignKeyDef, columns: tuple[str, ...]) -> RequiredForeignKey:
    return RequiredForeignKey(
        tuple(bare_name(c) for c in columns),
        bare_name(key.foreign_table),
        tuple(bare_name(c) for c in key.foreign_columns),
        key.on_delete.lower() if key.on_delete else None,
        key.on_update.lower() if key.on_update else None,
        key.name,
        key.at,
    )


def check(expression: str, column: str, at: Location, name: str | None = None) -> RequiredCheck:
    """A CHECK; `values` where it lists the allowed values of one column."""
    listed = _IN_LIST.fullmatch(expression.strip())
    if listed is None:
        return RequiredCheck(expression, (column,) if column else (), (), name, at)
    values = tuple(v.replace("''", "'") for v in re.findall(r"'((?:[^']|'')*)'", listed[2]))
    return RequiredCheck(expression, (listed[1],), values, name, at)


def _named_check(written: ddl.CheckDef) -> RequiredCheck:
    return check(written.expression, "", written.at, written.name)


# What follows a definition


def changed_table(table: RequiredTable, statement: ddl.AlterTable, setting: Setting) -> RequiredTable:
    """The definition after an ALTER TABLE."""
    for action in statement.actions:
        table = _acted(table, action, statement.at, setting)
    return key_columns_not_null(table)


def _acted(table: RequiredTable, action: ddl.Action, at: Location, setting: Setting) -> RequiredTable:
    match action:
        case ddl.AddColumn(column=column):
            return _with_column(table, column, setting)
        case ddl.ModifyColumn(name=name, column=column):
            return _with_column(_without_column(table, name, keep_keys=True), column, setting)
        case ddl.AlterColumn():
            return _altered_column(table, action)
        case ddl.DropColumn(name=name):
            return _without_column(table, name)
        case ddl.RenameColumn(name=name, to=to):
            return _renamed_column(table, name, to)
        case ddl.AddIndex(index=index):
            return replace(table, indexes=(*table.indexes, _placed(required_index(index), at)))
        case ddl.AddForeignKey(key=key):
            made = foreign_key(key, key.columns)
            return replace(
                table, foreign_keys=(*table.foreign_keys, made if made.at.line else replace(made, at=at))
            )
        case ddl.AddCheck(check=written):
            return replace(table, checks=(*table.checks, _named_check(written)))
        case ddl.DropIndex(name=name) | ddl.DropConstraint(name=name) | ddl.DropForeignKey(name=name):
            return _without_constraint(table, name)
        case ddl.TableOption(name=name, value=value) if name.lower() == "comment":
            return replace(table, comment=value)
        case ddl.RenameTo(name=name):
            return replace(table, name=bare_name(name))
    return table


def _placed(index: RequiredIndex, at: Location) -> RequiredIndex:
    return index if index.at.line else replace(index, at=at)


def _with_column(table: RequiredTable, column: ddl.ColumnDef, setting: Setting) -> RequiredTable:
    made = required_column(column, setting, table.dialect)
    others = tuple(c for c in table.columns if c.name.lower() != made.name.lower())
    keys = [foreign_key(column.references, (column.name,))] if column.references else []
    checks = [check(column.check, column.name, column.at)] if column.check else []
    return replace(
        table,
        columns=(*others, made),
        indexes=(*table.indexes, *_column_indexes(column)),
        foreign_keys=(*table.foreign_keys, *keys),
        checks=(*table.checks, *checks),
    )


def _without_column(table: RequiredTable, name: str, keep_keys: bool = False) -> RequiredTable:
    lowered = bare_name(name).lower()
    columns = tuple(c for c in table.columns if c.name.lower() != lowered)
    if keep_keys:
        return replace(table, columns=columns)
    indexes = tuple(i for i in table.indexes if lowered not in (c.lower() for c in i.columns))
    keys = tuple(k for k in table.foreign_keys if lowered not in (c.lower() for c in k.columns))
    return replace(table, columns=columns, indexes=indexes, foreign_keys=keys)


def _renamed_column(table: RequiredTable, name: str, to: str) -> RequiredTable:
    old, new = bare_name(name).lower(), bare_name(to)

    def renamed(columns: Iterable[str]) -> tuple[str, ...]:
        return tuple(new if c.lower() == old else c for c in columns)

    return replace(
        table,
        columns=tuple(replace(c, name=new) if c.name.lower() == old else c for c in table.columns),
        indexes=tuple(replace(i, columns=renamed(i.columns)) for i in table.indexes),
        foreign_keys=tuple(replace(k, columns=renamed(k.columns)) for k in table.foreign_keys),
    )


def _altered_column(table: RequiredTable, action: ddl.AlterColumn) -> RequiredTable:
    lowered = bare_name(action.name).lower()
    changes: dict[str, RequiredColumn] = {}
    for column in table.columns:
        if column.name.lower() == lowered:
            changes[column.name] = _altered(column, action, table.dialect)
    return replace(table, columns=tuple(changes.get(c.name, c) for c in table.columns))


def _altered(column: RequiredColumn, action: ddl.AlterColumn, dialect: Driver | None) -> RequiredColumn:
    match action.action:
        case "type" if action.value:
            return replace(column, type=action.value, values=parse_type(action.value, dialect).values)
        case "set default":
            return replace(column, default=action.value, default_known=True)
        case "drop default":
            return replace(column, default=None, default_known=True)
        case "set not null" | "drop not null":
            return replace(column, nullable=action.action == "drop not null")
        case "add identity" | "drop identity":
            return replace(column, auto_increment=action.action == "add identity")
    return column


def _without_constraint(table: RequiredTable, name: str) -> RequiredTable:
    lowered = name.lower()
    primary = lowered == "primary"
    return replace(
        table,
        indexes=tuple(
            i for i in table.indexes if (i.name or "").lower() != lowered and not (primary and i.primary)
        ),
        foreign_keys=tuple(k for k in table.foreign_keys if (k.name or "").lower() != lowered),
        checks=tuple(c for c in table.checks if (c.name or "").lower() != lowered),
    )


def bare_name(name: str) -> str:
    """Without quotes and without the schema before the point ("public.users" → "users")."""
    return name.strip().rsplit(".", 1)[-1].strip("`\"[]' ")
