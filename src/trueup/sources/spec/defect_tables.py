"""A table as a document's statements leave it, for the rules that judge it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.spec import SpecDefect
from trueup.model.types import ColumnType
from trueup.sources.spec.from_ddl import bare_name
from trueup.sources.sql import ddl
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct, field, replace


class JudgedTable(Struct):
    """One table as its statements leave it. `known` False: its CREATE TABLE is not in the document's SQL, so columns may exist
    that are not seen."""

    name: str
    at: Location
    known: bool
    driver: Driver | None
    by_name: dict[str, ddl.ColumnDef] = field(default_factory=dict)
    """The columns, by their bare names in lower case."""
    indexes: list[ddl.IndexDef] = field(default_factory=list)
    keys: list[ddl.ForeignKeyDef] = field(default_factory=list)
    twice: list[ddl.ColumnDef] = field(default_factory=list)
    checks: list[ddl.CheckDef] = field(default_factory=list)

    def column(self, name: str) -> ddl.ColumnDef | None:
        return self.by_name.get(_key(name))

    @property
    def columns(self) -> tuple[ddl.ColumnDef, ...]:
        return tuple(self.by_name.values())

    def defect(self, kind: str, at: Location, message: str, column: str = "") -> SpecDefect:
        return SpecDefect(kind, at if at.line else self.at, message, self.name, column)

    def about(self, column: ddl.ColumnDef, kind: str, text: str) -> SpecDefect:
        return self.defect(kind, column.at, f"{column.name}: {text}", column.name)


def gathered(statements: Sequence[ddl.Statement], driver: Driver | None) -> list[JudgedTable]:
    tables: dict[str, JudgedTable] = {}
    order: list[JudgedTable] = []

    def of(name: str, at: Location) -> JudgedTable:
        key = _key(name)
        if key not in tables:
            tables[key] = JudgedTable(bare_name(name), at, False, driver)
            order.append(tables[key])
        return tables[key]

    for statement in statements:
        match statement:
            case ddl.CreateTable():
                whole = not statement.like and statement.as_select is None
                made = JudgedTable(bare_name(statement.table), statement.at, whole, driver)
                tables[made.name.lower()] = made
                order.append(made)
                for column in statement.columns:
                    _add_column(made, column)
                made.indexes += statement.indexes
                made.keys += statement.foreign_keys
                made.checks += statement.checks
            case ddl.AlterTable(actions=actions, at=at):
                for action in actions:
                    _act(of(statement.table, at), action)
            case ddl.CreateIndex(index=index, at=at):
                of(statement.table, at).indexes.append(index)
    return order


def _key(name: str) -> str:
    return bare_name(name).lower()


def _add_column(table: JudgedTable, column: ddl.ColumnDef) -> None:
    if table.column(column.name):
        table.twice.append(column)
    else:
        table.by_name[_key(column.name)] = column


def _act(table: JudgedTable, action: ddl.Action) -> None:
    match action:
        case ddl.AddColumn(column=column):
            _add_column(table, column)
        case ddl.ModifyColumn(name=name, column=column):
            table.by_name.pop(_key(name), None)
            table.by_name[_key(column.name)] = column
        case ddl.DropColumn(name=name):
            table.by_name.pop(_key(name), None)
        case ddl.RenameColumn(name=name, to=to):
            table.known = table.known and table.column(to) is None
            if before := table.by_name.pop(_key(name), None):
                table.by_name[_key(to)] = replace(before, name=to)
        case ddl.AddIndex(index=index):
            table.indexes.append(index)
        case ddl.AddForeignKey(key=key):
            table.keys.append(key)


# What rules ask of it


def own_key(column: ddl.ColumnDef) -> ddl.ForeignKeyDef:
    key = column.references
    assert key is not None
    return ddl.ForeignKeyDef(
        (column.name,),
        key.foreign_table,
        key.foreign_columns,
        key.name,
        key.on_delete,
        key.on_update,
        at=key.at if key.at.line else column.at,
    )


def all_indexes(table: JudgedTable) -> list[ddl.IndexDef]:
    inline = [
        ddl.IndexDef("primary" if c.primary else "unique", (ddl.KeyPart(c.name),), at=c.at)
        for c in table.columns
        if c.primary or c.unique
    ]  # fmt: skip
    return inline + table.indexes


def type_of(column: ddl.ColumnDef, driver: Driver | None) -> ColumnType:
    return parse_type(column.type, driver)


def is_blob(column: ddl.ColumnDef, driver: Driver | None) -> bool:
    found = type_of(column, driver)
    return found.family in ("text", "json", "geometry") or (found.family == "binary" and "blob" in found.name)


def is_literal(default: str | None) -> bool:
    if default is None or default.strip().upper() == "NULL":
        return False
    return bool(re.fullmatch(r"(?:_?[a-z0-9]+\s*)?'.*'|[-+]?\d[\d.e+-]*", default.strip(), re.I | re.S))
