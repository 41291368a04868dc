"""SQLite's tables built anew by the framework, 11 and later (`BlueprintState`, `compileAlter`).

The state is what `Schema::getColumns()` and kin report: CHECKs, partial and expression indexes and index order are not in it, so
the new table has none of them. An index without a readable column is an index over nothing, which SQLite refuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trueup.model.locations import Location
from trueup.model.schema import Column, Table
from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.fluent import ColumnDefinition, Command, Expression, php_text
from trueup.sources.sql import ddl

if TYPE_CHECKING:
    from trueup.sources.laravel.migrations.grammar.sqlite import SQLiteGrammar


class TableState:
    """Columns, primary key, indexes and foreign keys of one table, as commands are about to leave it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.columns: list[ColumnDefinition] = []
        self.primary: Command | None = None
        self.indexes: list[Command] = []
        self.foreign_keys: list[Command] = []

    @classmethod
    def read(cls, grammar: SQLiteGrammar, blueprint: Blueprint) -> TableState:
        name = grammar.table_of(blueprint)
        state = cls(name)
        table = grammar.live.table(name)
        if table is not None:
            state._take(table)
        return state

    def _take(self, table: Table) -> None:
        self.columns = [_read_column(c) for c in table.columns]
        for index in table.indexes:
            kind = "primary" if index.primary else "unique" if index.unique else "index"
            columns: list[object] = list(index.columns) or [""]
            command = Command(kind, {"index": index.name, "columns": columns}, index.at)
            if index.primary and self.primary is None:
                self.primary = command
            elif not index.primary:
                self.indexes.append(command)
        for key in table.foreign_keys:
            attributes: dict[str, object] = {
                "columns": list(key.columns),
                "on": Expression(key.foreign_table),
                "references": list(key.foreign_columns),
                "onUpdate": key.on_update,
                "onDelete": key.on_delete,
            }
            self.foreign_keys.append(Command("foreign", attributes, key.at))

    def update(self, command: Command) -> None:
        """`BlueprintState::update`."""
        name = command.name
        if name == "add":
            self.columns.append(_column(command))
        elif name == "change":
            changed = _column(command)
            self.columns = [changed if c.name == changed.name else c for c in self.columns]
        elif name == "renameColumn":
            self._rename(command.text("from"), command.text("to"))
        elif name == "dropColumn":
            gone = {php_text(c) for c in command.names()}
            self.columns = [c for c in self.columns if c.name not in gone]
        elif name in ("primary", "dropPrimary"):
            self.primary = command if name == "primary" else None
        else:
            self._update_keys(command)

    def _update_keys(self, command: Command) -> None:
        name = command.name
        if name in ("unique", "index"):
            self.indexes.append(command)
        elif name == "foreign":
            self.foreign_keys.append(command)
        elif name in ("dropIndex", "dropUnique"):
            self.indexes = [i for i in self.indexes if i.get("index") != command.get("index")]
        elif name == "dropForeign":
            self.foreign_keys = [k for k in self.foreign_keys if k.names() != command.names()]
        elif name == "renameIndex":
            for index in self.indexes:
                if index.get("index") == command.get("from"):
                    index.attributes["index"] = command.get("to")
                    break

    def _rename(self, old: str, new: str) -> None:
        """Column names are replaced as text, also inside longer names: `str_replace`, as the framework has it."""
        for column in self.columns:
            if column.name == old:
                column.attributes["name"] = new
                break
        keys = [*self.indexes, *self.foreign_keys] + ([self.primary] if self.primary else [])
        for key in keys:
            key.attributes["columns"] = [php_text(c).replace(old, new) for c in key.names()]


def rebuild(grammar: SQLiteGrammar, state: TableState, at: Location) -> Iterable[ddl.Statement]:
    """`compileAlter`: the new table beside the old, the rows over, the old one gone, the name taken, the indexes again."""
    temporary = _beside(state.name)
    enforced = grammar.live.foreign_keys_enforced
    if enforced:
        yield ddl.Session("foreign_keys", "0", at=at)
    if not state.columns:
        # Of a table that is not there nothing is known: `create table "__temp__x" ()`.
        yield ddl.Refusal('near ")": syntax error', "HY000", at=at)
    yield _new_table(grammar, state, temporary, at)
    yield _copy(state, temporary, at)
    yield ddl.DropTable(state.name, at=at)
    yield ddl.RenameTable(temporary, state.name, at=at)
    for index in state.indexes:
        if not index.text("index").startswith("sqlite_"):
            yield grammar.create_index(state.name, index, "unique" if index.name == "unique" else "index")
    if enforced:
        yield ddl.Session("foreign_keys", "1", at=at)


def _beside(name: str) -> str:
    schema, dot, table = name.rpartition(".")
    return f"{schema}{dot}__temp__{table}"


def _new_table(grammar: SQLiteGrammar, state: TableState, name: str, at: Location) -> ddl.CreateTable:
    columns = tuple(grammar.column_def(c, _full_type(c)) for c in state.columns)
    increments = any(c.truthy("autoIncrement") for c in state.columns)
    primary: tuple[ddl.IndexDef, ...] = ()
    if state.primary is not None and not increments:
        primary = (ddl.IndexDef("primary", grammar.key_parts(state.primary.names()), at=state.primary.at),)
    keys = tuple(grammar.foreign_key(k, named=False) for k in state.foreign_keys)
    return ddl.CreateTable(name, columns, primary, keys, at=at)


def _copy(state: TableState, temporary: str, at: Location) -> ddl.DataStatement:
    names = [
        c.name
        for c in state.columns
        if not any(c.has(a) for a in ("virtualAs", "storedAs", "virtualAsJson", "storedAsJson"))
    ]
    listed = ", ".join(f'"{n}"' for n in names)
    text = f'insert into "{temporary}" ({listed}) select {listed} from "{state.name}"'
    return ddl.DataStatement(
        "insert", (temporary, state.name), tuple((temporary, n) for n in names), text, at=at
    )


def _full_type(column: ColumnDefinition) -> str | None:
    return column.text("full_type_definition") if column.has("full_type_definition") else None


def _column(command: Command) -> ColumnDefinition:
    column = command.get("column")
    assert isinstance(column, ColumnDefinition)
    return column


def _read_column(column: Column) -> ColumnDefinition:
    """A column as the state has it. The default comes back in parentheses, as an expression."""
    word = column.type.split("(", 1)[0]
    attributes: dict[str, object] = {
        "name": column.name,
        "type": word,
        "full_type_definition": column.type,
        "nullable": column.nullable,
        "default": None if column.default is None else Expression(_in_parentheses(column.default)),
        "autoIncrement": column.auto_increment,
        "collation": column.collation,
        "comment": column.comment,
        "virtualAs": column.generated if column.generated is not None and not column.stored else None,
        "storedAs": column.generated if column.generated is not None and column.stored else None,
    }
    return ColumnDefinition(attributes, column.at)


def _in_parentheses(text: str) -> str:
    """`Str::wrap($default, '(', ')')`."""
    return f"({text})"
