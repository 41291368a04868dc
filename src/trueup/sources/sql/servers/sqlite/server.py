"""SQLite: which statement does what."""

from __future__ import annotations

import re
from typing import ClassVar, assert_never

from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.schema import ForeignKey, Index, Schema
from trueup.sources.sql.ddl import (
    Action,
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddTypeValue,
    AlterColumn,
    AlterTable,
    CommentOn,
    CreateIndex,
    CreateTable,
    CreateType,
    DataStatement,
    DropColumn,
    DropConstraint,
    DropForeignKey,
    DropIndex,
    DropIndexStatement,
    DropTable,
    DropType,
    IndexDef,
    ModifyColumn,
    Noted,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameIndexStatement,
    RenameTable,
    RenameTo,
    TableOption,
)
from trueup.sources.sql.expressions import names_in
from trueup.sources.sql.reader.refusals import unknown_function
from trueup.sources.sql.servers.base import Server
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.servers.sqlite import columns
from trueup.sources.sql.servers.sqlite.build import add_check, build_table, foreign_keys, refused
from trueup.sources.sql.servers.sqlite.mismatch import check_dropped, check_updated, check_written
from trueup.sources.sql.servers.sqlite.notes import check_schema, rename_in_notes
from trueup.sources.sql.words import word_set
from trueup.structs import replace

_AFFINITIES = (
    ("int", "int"),
    ("char", "text"),
    ("clob", "text"),
    ("text", "text"),
    ("blob", ""),
    ("real", "real"),
    ("floa", "real"),
    ("doub", "real"),
)

_EXPRESSION_WORDS = word_set(
    """and or not in is null isnull notnull like glob between case when then else end true false current_timestamp current_date
    current_time collate nocase binary rtrim cast as integer text real blob numeric escape distinct exists select from where asc
    desc rowid oid"""
)
_WRITTEN: dict[type, str] = {
    ModifyColumn: "MODIFY",
    AlterColumn: "ALTER",
    DropIndex: "INDEX",
    DropForeignKey: "FOREIGN",
    RenameIndex: "INDEX",
    RenameConstraint: "CONSTRAINT",
    TableOption: "option",
}


class SqliteServer(Server):
    """Names ignore case; indexes and tables share their names; foreign keys bind only when the session says so."""

    driver: ClassVar[Driver] = "sqlite"
    default_foreign_key_checks: ClassVar[bool] = False

    def table_key(self, name: str) -> str:
        return name.lower()

    # Tables

    def create_table(self, statement: CreateTable) -> None:
        name = statement.table
        if name.lower().startswith("sqlite_"):
            raise refused(f"object name reserved for internal use: {name}")
        if self._taken(statement):
            return
        state = build_table(statement) if statement.as_select is None else self._of_query(statement)
        self._check_names(state)
        key = self.table_key(name)
        self.catalog.add_table(key, state)
        self.catalog.claim(key, "table", key)
        for index in state.indexes.values():
            if index.name != "primary":
                self.catalog.claim(index.name.lower(), "index", key)
        for name_of_key, foreign in foreign_keys(statement, state):
            self.add_key(state, name_of_key, foreign)

    def _taken(self, statement: CreateTable) -> bool:
        """Is the name in use (and may it be)?"""
        name, key = statement.table, self.table_key(statement.table)
        if self.has_view(name):
            if not statement.if_not_exists:
                raise refused(f"view {name} already exists")
            return True
        relation = self.catalog.names.get(key)
        if relation is None or (
            statement.temporary and relation.kind == "table" and not self.catalog.tables[key].temporary
        ):
            return False
        if relation.kind == "index":
            raise refused(f"there is already an index named {name}")
        if not statement.if_not_exists:
            raise refused(f"table {name} already exists")
        return True

    def _of_query(self, statement: CreateTable) -> TableState:
        """CREATE TABLE AS SELECT keeps names and affinities, no constraints."""
        state = TableState(statement.table, at=statement.at, temporary=statement.temporary)
        if statement.select_from is None:
            state.unknown_columns = True
            return state
        source = self.needed(statement.select_from)
        for name in statement.select_columns or tuple(c.name for c in source.columns.values()):
            column = source.columns.get(name.lower())
            if column is None:
                raise refused(f"no such column: {name}")
            kind = next(
                (affinity for word, affinity in _AFFINITIES if word in column.type),
                "num" if column.type else "",
            )
            plain = replace(
                column,
                type=kind,
                nullable=True,
                default=None,
                auto_increment=False,
                generated=None,
                stored=False,
            )
            state.columns[name.lower()] = replace(plain, at=statement.at)
        state.unknown_columns = source.unknown_columns
        state.extra["rows"] = source.extra.get("rows", "")
        return state

    def _check_names(self, state: TableState) -> None:
        """Checks and generated columns name columns of the table (double quotes make a string of an unknown one)."""
        for check in state.checks.values():
            self.check_expression(state, check.expression)
        for column in state.columns.values():
            if column.generated is not None:
                self.check_expression(state, column.generated)

    def check_expression(self, state: TableState, expression: str, *, calls: bool = True) -> None:
        missing = unknown_function(expression, "sqlite", self.version)
        if calls and missing is not None:
            raise refused(f"no such function: {missing}")
        bare = re.sub(r"\"[^\"]*\"|'[^']*'", " ", expression)
        for name in re.findall(r"(?<![\w$.])([A-Za-z_][\w$]*)(?!\s*\(|[\w$.])", bare):
            if (
                name.lower() not in state.columns
                and name.upper() not in _EXPRESSION_WORDS
                and not state.unknown_columns
            ):
                raise refused(f"no such column: {name}")

    def drop_table(self, statement: DropTable) -> None:
        state = self.table(statement.table)
        if state is None:
            if self.has_view(statement.table):
                raise refused(f"use DROP VIEW to delete view {statement.table}")
            if statement.if_exists:
                return
            raise self.no_table(statement.table)
        key = self.table_key(statement.table)
        if self.foreign_key_checks:
            check_dropped(self, state)
            filled = (
                c for c in self.catalog.children(key) if c != key and self.catalog.tables[c].extra.get("rows")
            )
            if state.extra.get("rows") and any(self._holds(child, key) for child in filled):
                raise refused("FOREIGN KEY constraint failed")
        for index in state.indexes.values():
            self.catalog.release(index.name.lower())
        self.forget_keys(state)
        self.catalog.drop_table(key)
        self.catalog.release(key)
        for kind, name in [
            n for n, note in self.catalog.notes.items() if n[0] == "trigger" and note.table.lower() == key
        ]:
            self.catalog.drop_note(kind, name)

    def rename_table(self, statement: RenameTable) -> None:
        old, new = statement.table, statement.to
        self._needed_for_alter(old)
        if self.table_key(new) in self.catalog.names or self.has_view(new):
            raise refused(f"there is already another table or index with this name: {new}")
        if new.lower().startswith("sqlite_"):
            raise refused(f"object name reserved for internal use: {new}")
        check_schema(self)
        old_key, new_key = self.table_key(old), self.table_key(new)
        state = self.change(old, statement.at)
        self.catalog.drop_table(old_key)
        self.catalog.release(old_key)
        self._rename_automatic(state, new)
        state.name = new
        self.catalog.add_table(new_key, state)
        self.catalog.claim(new_key, "table", new_key)
        for index in state.indexes.values():
            if index.name != "primary":
                self.catalog.claim(index.name.lower(), "index", new_key)
        for key in state.keys.values():
            self.catalog.refer(old_key, self.table_key(key.foreign_table), -1)
            self.catalog.refer(new_key, self.table_key(key.foreign_table), 1)
        self.follow_rename(old, new)
        rename_in_notes(self, old, new)

    def _rename_automatic(self, state: TableState, new: str) -> None:
        """Automatic indexes carry their table's name."""
        prefix = f"sqlite_autoindex_{state.name}_"
        renamed: dict[str, Index] = {}
        for key, index in state.indexes.items():
            if index.name.startswith(prefix):
                self.catalog.release(key)
                index = replace(index, name=f"sqlite_autoindex_{new}_{index.name[len(prefix) :]}")
            renamed[index.name.lower()] = index
        state.indexes = renamed

    def data(self, statement: DataStatement) -> None:
        """While foreign keys bind, a change of a table whose keys point nowhere fails."""
        super().data(statement)
        state = self.table(statement.tables[0]) if statement.tables else None
        if state is None or not self.foreign_key_checks:
            return
        if statement.kind == "insert":
            check_written(self, state, several=len(statement.tables) > 1)
        elif statement.kind == "delete":
            check_written(self, state, several=True)
        elif statement.kind == "update":
            check_updated(self, state, (column for _, column in statement.columns))

    def _needed_for_alter(self, name: str) -> TableState:
        if self.has_view(name):
            raise refused(f"view {name} may not be altered")
        return self.needed(name)

    # ALTER

    def alter_table(self, statement: AlterTable) -> None:
        self._needed_for_alter(statement.table)
        for action in statement.actions:
            self._carry_out(action, statement.table, statement.at)

    def _carry_out(self, action: Action, table: str, at: Location) -> None:
        match action:
            case AddColumn():
                columns.add(self, self.change(table, at), action.column)
            case DropColumn():
                columns.drop(self, self.change(table, at), action.name)
            case RenameColumn():
                columns.rename(self, self.change(table, at), action.name, action.to)
            case RenameTo():
                self.rename_table(RenameTable(table, action.name, at=at))
            case AddCheck() if self.version >= (3, 53):
                add_check(self.change(table, at), action.check)
            case DropConstraint() if self.version >= (3, 53):
                self._drop_check(self.change(table, at), action)
            case AlterColumn() if self.version >= (3, 53) and action.action in (
                "set not null",
                "drop not null",
            ):
                columns.set_nullable(
                    self, self.change(table, at), action.name, action.action == "drop not null"
                )
            case AddCheck() | AddIndex() | AddForeignKey() | DropConstraint():
                raise refused('near "CONSTRAINT": syntax error')
            case (
                ModifyColumn()
                | AlterColumn()
                | DropIndex()
                | DropForeignKey()
                | RenameIndex()
                | RenameConstraint()
                | TableOption()
            ):
                raise refused(f'near "{_WRITTEN[type(action)]}": syntax error')
            case _:
                assert_never(action)

    def _drop_check(self, state: TableState, action: DropConstraint) -> None:
        found = [
            key for key, check in state.checks.items() if (check.name or "").lower() == action.name.lower()
        ]
        if not found:
            raise refused(f"no such constraint: {action.name}")
        del state.checks[found[0]]

    # Indexes

    def create_index(self, statement: CreateIndex) -> None:
        name, key = statement.index.name or "", (statement.index.name or "").lower()
        state = self.table(statement.table)
        if state is None:
            raise refused(f"no such table: main.{statement.table}")
        relation = self.catalog.names.get(key)
        if relation is not None and relation.kind == "table":
            raise refused(f"there is already a table named {name}")
        if relation is not None:
            if statement.if_not_exists:
                return
            raise refused(f"index {name} already exists")
        index = self._index(state, statement.index, name)
        self.change(statement.table, statement.at).indexes[key] = index
        self.catalog.claim(key, "index", self.table_key(statement.table))

    def _index(self, state: TableState, written: IndexDef, name: str) -> Index:
        if not written.parts:
            raise refused('near ")": syntax error')
        names: list[str] = []
        expressions: list[str] = []
        for part in written.parts:
            column = state.columns.get((part.column or "").lower())
            if column is not None:
                names.append(column.name)
            elif part.expression is not None:
                self.check_expression(state, part.expression)
                expressions.append(part.expression)
            elif part.quoted or state.unknown_columns:
                expressions.append(f'"{part.column}"')
            else:
                raise refused(f"no such column: {part.column}")
        if written.where is not None:
            self.check_expression(state, written.where)
        return Index(
            name,
            tuple(names),
            written.kind == "unique",
            False,
            written.at,
            "btree",
            written.where,
            tuple(expressions),
        )

    def _holds(self, child: str, parent: str) -> bool:
        """Dropping a table deletes its rows first: keys that cascade or set null let that happen."""
        return any(
            self.table_key(k.foreign_table) == parent and k.on_delete in ("no action", "restrict")
            for k in self.catalog.tables[child].keys.values()
        )

    def drop_index(self, statement: DropIndexStatement) -> None:
        key = statement.name.lower()
        relation = self.catalog.names.get(key)
        if relation is None or relation.kind != "index":
            if statement.if_exists:
                return
            raise refused(f"no such index: {statement.name}")
        if key.startswith("sqlite_autoindex_"):
            raise refused("index associated with UNIQUE or PRIMARY KEY constraint cannot be dropped")
        del self.change(relation.table, statement.at).indexes[key]
        self.catalog.release(key)

    # What SQLite does not know

    def rename_index(self, statement: RenameIndexStatement) -> None:
        raise Refused('near "INDEX": syntax error', "HY000", statement.at)

    def comment_on(self, statement: CommentOn) -> None:
        raise Refused('near "COMMENT": syntax error', "HY000", statement.at)

    def create_type(self, statement: CreateType) -> None:
        raise Refused('near "TYPE": syntax error', "HY000", statement.at)

    def drop_type(self, statement: DropType) -> None:
        raise Refused('near "TYPE": syntax error', "HY000", statement.at)

    def add_type_value(self, statement: AddTypeValue) -> None:
        raise Refused('near "TYPE": syntax error', "HY000", statement.at)

    # Answers

    def no_table(self, name: str) -> Refused:
        return refused(f"no such table: {name}")

    def no_column(self, table: str, column: str, statement: DataStatement) -> Refused:
        if statement.kind == "insert":
            return refused(f"table {table} has no column named {column}")
        return refused(f"no such column: {column}")

    def check_note(self, statement: Noted, key: str) -> None:
        exists = (statement.kind, key) in self.catalog.notes
        if "if not exists" in statement.text.lower():
            return
        if statement.kind == "view" and (exists or key in self.catalog.names):
            kind = "view" if exists else "table"
            raise refused(f"{kind} {statement.name} already exists")
        if statement.kind == "trigger":
            if exists:
                raise refused(f"trigger {statement.name} already exists")
            if not self.has_table(statement.table) and not self.has_view(statement.table):
                raise refused(f"no such table: main.{statement.table}")
        if statement.kind not in ("view", "trigger"):
            raise refused(f'near "{statement.kind.upper()}": syntax error')

    def check_note_missing(self, statement: Noted) -> None:
        raise refused(f"no such {statement.kind}: {statement.name}")

    def freeze(self) -> Schema:
        """Foreign keys without columns point to the primary key, as far as their table is there."""
        schema = super().freeze()
        tables = tuple(
            replace(t, foreign_keys=tuple(self._resolved(k) for k in t.foreign_keys))
            if any(not k.foreign_columns for k in t.foreign_keys)
            else t
            for t in schema.tables
        )
        return replace(schema, tables=tables)

    def _resolved(self, key: ForeignKey) -> ForeignKey:
        parent = self.table(key.foreign_table)
        if key.foreign_columns or parent is None or "primary" not in parent.extra:
            return key
        return replace(key, foreign_columns=tuple(parent.extra["primary"].split("\0")))

    def index_problem(self) -> tuple[str, str] | None:
        """(index, column) of an index, of any table, that names a column that is not there."""
        for state in self.catalog.tables.values():
            for index in state.indexes.values() if not state.unknown_columns else ():
                missing = [name for name in self.index_names(index) if name not in state.columns]
                if missing:
                    return index.name, missing[0]
        return None

    def index_names(self, index: Index) -> list[str]:
        """Lower-cased names of all that an index stands on."""
        found = [c.lower() for c in index.columns]
        texts = (*index.expressions, index.where or "")
        return found + [n for t in texts for n in sorted(names_in(t)) if n.upper() not in _EXPRESSION_WORDS]
