"""PostgreSQL: which statement does what. A refused statement aborts the caller's transaction; the caller restores its snapshot."""

from __future__ import annotations

from typing import ClassVar

from trueup.model.names import Driver
from trueup.model.schema import Note
from trueup.sources.sql.ddl import (
    AddTypeValue,
    AlterTable,
    ColumnDef,
    CommentOn,
    CreateIndex,
    CreateTable,
    CreateType,
    DataStatement,
    DropIndexStatement,
    DropTable,
    DropType,
    IndexDef,
    KeyPart,
    Noted,
    RenameIndexStatement,
    RenameTable,
    TableOption,
)
from trueup.sources.sql.expressions import names_in
from trueup.sources.sql.servers.base import Server
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.pgsql.alter import Alteration
from trueup.sources.sql.servers.pgsql.columns import Columns
from trueup.sources.sql.servers.pgsql.indexes import Indexes, check_parts
from trueup.sources.sql.servers.pgsql.keys import Keys
from trueup.sources.sql.servers.pgsql.names import cut
from trueup.sources.sql.servers.pgsql.types import SERIALS, base_of, spell
from trueup.sources.sql.servers.refused import Refused
from trueup.structs import replace

_RELATIONS = ("view", "materialized view", "sequence")
_EXTENSION_ALIASES = {"pgvector": "vector"}


class PgsqlServer(Server):
    """Names keep their case and are cut at 63 bytes; tables, indexes, sequences and views share their names."""

    driver: ClassVar[Driver] = "pgsql"

    def table_key(self, name: str) -> str:
        return cut(name)

    def column_key(self, name: str) -> str:
        return cut(name)

    # Names of the schema

    def taken(self, name: str) -> bool:
        return name in self.catalog.names

    def check_free(self, name: str) -> None:
        if self.taken(name):
            raise Refused(f'relation "{name}" already exists', "42P07")

    @property
    def types(self) -> dict[str, tuple[str, ...]]:
        return self.catalog.types

    @property
    def extensions(self) -> frozenset[str]:
        return frozenset(
            _EXTENSION_ALIASES.get(n, n) for kind, n in self.catalog.notes if kind == "extension"
        )

    # Tables

    def create_table(self, statement: CreateTable) -> None:
        name = cut(statement.table)
        if self.taken(name) and statement.if_not_exists:
            return
        state = TableState(name, at=statement.at, temporary=statement.temporary)
        self._analyse(statement, state)
        self.check_free(name)
        if statement.like is not None:
            self._like(state, statement)
        if statement.as_select is not None:
            self._of_query(state, statement)
        columns, indexes = Columns(self, state), Indexes(self, state)
        for column in statement.columns:
            columns.add(column)
        self.catalog.add_table(name, state)
        self.catalog.claim(name, "table", name)
        columns.add_checks(statement)
        constraints = [i for c in statement.columns for i in inline_indexes(c)]
        indexes.add_constraints([*constraints, *statement.indexes])
        keys = Keys(self, state)
        for column in statement.columns:
            if column.references is not None:
                keys.add(replace(column.references, columns=(column.name,)))
        for key in statement.foreign_keys:
            keys.add(key)

    def _analyse(self, statement: CreateTable, state: TableState) -> None:
        """What is found wrong before anything is made: types, contradictions, columns that keys name."""
        names = [cut(column.name) for column in statement.columns]
        for column in statement.columns:
            spell(column.type, self.types, self.extensions)
            if column.type.strip().lower() in SERIALS:
                if column.nullable:
                    reason = f'conflicting NULL/NOT NULL declarations for column "{column.name}" of table "{state.name}"'
                    raise Refused(reason, "42601")
                if column.default is not None:
                    reason = f'multiple default values specified for column "{column.name}" of table "{state.name}"'
                    raise Refused(reason, "42601")
        written = [*(i for c in statement.columns for i in inline_indexes(c)), *statement.indexes]
        if sum(1 for index in written if index.kind == "primary") > 1:
            raise Refused(f'multiple primary keys for table "{state.name}" are not allowed', "42P16")
        if statement.like is None and statement.as_select is None:
            for index in written:
                check_parts(names, index)

    def _like(self, state: TableState, statement: CreateTable) -> None:
        source = self.needed(statement.like or "")
        for key, column in source.columns.items():
            state.columns[key] = replace(
                column, default=None, auto_increment=False, identity=False, at=statement.at
            )

    def _of_query(self, state: TableState, statement: CreateTable) -> None:
        if statement.select_from is None:
            state.unknown_columns = True
            return
        source = self.needed(statement.select_from)
        for name in statement.select_columns or tuple(source.columns):
            column = source.columns.get(cut(name))
            if column is None:
                raise Refused(f'column "{name}" does not exist', "42703")
            plain = replace(
                column,
                default=None,
                nullable=True,
                auto_increment=False,
                identity=False,
                generated=None,
                stored=False,
            )
            state.columns[column.name] = replace(plain, at=statement.at)

    def drop_table(self, statement: DropTable) -> None:
        name = cut(statement.table)
        state = self.catalog.tables.get(name)
        if state is None:
            if self.taken(name):
                raise Refused(f'"{name}" is not a table', "42809")
            if statement.if_exists:
                return
            raise Refused(f'table "{name}" does not exist', "42P01")
        self._drop_dependents(state, statement.cascade)
        for index in state.indexes.values():
            self.catalog.release(index.name)
        for extra, sequence in state.extra.items():
            if extra.startswith("sequence:"):
                self.catalog.release(sequence)
        Keys(self, state).release_all()
        self.forget_keys(state)
        self.catalog.drop_table(name)
        self.catalog.release(name)
        for kind, key in [
            n for n, note in self.catalog.notes.items() if n[0] == "trigger" and note.table == name
        ]:
            self.catalog.drop_note(kind, key)

    def _drop_dependents(self, state: TableState, cascade: bool) -> None:
        """Foreign keys of other tables and views that need the table: refused, or dropped with CASCADE."""
        children = [child for child in self.catalog.children(state.name) if child != state.name]
        views = self.views_of(state.name)
        if (children or views) and not cascade:
            raise Refused(f"cannot drop table {state.name} because other objects depend on it", "2BP01")
        for child in children:
            other = self.catalog.change(child)
            Keys(self, other).drop_to(state.name)
        for view in views:
            self.drop_view(view)

    def views_of(self, table: str, column: str | None = None) -> list[Note]:
        """The views that read the table (and name the column, or all columns)."""
        found = []
        for (kind, _), note in sorted(self.catalog.notes.items()):
            names = names_in(note.text) if kind in ("view", "materialized view") else frozenset()
            if table.lower() in names and (column is None or column.lower() in names or "*" in note.text):
                found.append(note)
        return found

    def drop_view(self, view: Note) -> None:
        self.catalog.drop_note(view.kind, cut(view.name))
        self.catalog.release(cut(view.name))

    def rename_table(self, statement: RenameTable) -> None:
        old, new = cut(statement.table), cut(statement.to)
        if old not in self.catalog.tables and statement.if_exists:
            return
        self.needed(old)
        self.check_free(new)
        state = self.change(old, statement.at)
        self.catalog.drop_table(old)
        self.catalog.release(old)
        state.name = new
        self.catalog.add_table(new, state)
        self.catalog.claim(new, "table", new)
        for index in state.indexes.values():
            self.catalog.claim(index.name, "index", new)
        for key in state.keys.values():
            self.catalog.refer(old, key.foreign_table, -1)
            self.catalog.refer(new, key.foreign_table, 1)
        self.follow_rename(old, new)

    def alter_table(self, statement: AlterTable) -> None:
        name = cut(statement.table)
        if name not in self.catalog.tables and statement.if_exists:
            return
        relation = self.catalog.names.get(name)
        if (
            relation is not None
            and relation.kind != "table"
            and all(isinstance(a, TableOption) for a in statement.actions)
        ):
            return
        Alteration(self, self.change(name, statement.at), statement).run()

    # Indexes

    def create_index(self, statement: CreateIndex) -> None:
        state = self.needed(statement.table)
        name = cut(statement.index.name) if statement.index.name is not None else None
        if name is not None and self.taken(name) and statement.if_not_exists:
            return
        Indexes(self, self.change(state.name, statement.at)).add(replace(statement.index, name=name))

    def drop_index(self, statement: DropIndexStatement) -> None:
        name = cut(statement.name)
        relation = self.catalog.names.get(name)
        if relation is None:
            if statement.if_exists:
                return
            raise Refused(f'index "{name}" does not exist', "42704")
        if relation.kind != "index":
            raise Refused(f'"{name}" is not an index', "42809")
        state = self.catalog.tables[relation.table]
        if f"constraint:{name}" in state.extra:
            raise Refused(
                f"cannot drop index {name} because constraint {name} on table {state.name} requires it",
                "2BP01",
            )
        if Keys(self, state).users_of(name):
            raise Refused(f"cannot drop index {name} because other objects depend on it", "2BP01")
        Indexes(self, self.change(state.name, statement.at)).drop(name)

    def rename_index(self, statement: RenameIndexStatement) -> None:
        old, new = cut(statement.name), cut(statement.to)
        relation = self.catalog.names.get(old)
        if relation is None and statement.if_exists:
            return
        if relation is None or relation.kind not in ("index", "table"):
            raise Refused(f'relation "{old}" does not exist', "42P01")
        if relation.kind == "table":
            self.rename_table(RenameTable(old, new, at=statement.at))
            return
        self.check_free(new)
        Indexes(self, self.change(relation.table, statement.at)).rename(old, new)

    # Comments and types

    def comment_on(self, statement: CommentOn) -> None:
        state = self.needed(statement.table)
        if statement.column is None:
            self.change(state.name).comment = statement.text or None
            return
        key = cut(statement.column)
        if key not in state.columns:
            raise Refused(f'column "{key}" of relation "{state.name}" does not exist', "42703")
        if state.columns[key].comment != (statement.text or None):
            state = self.change(state.name)
            state.columns[key] = replace(state.columns[key], comment=statement.text or None)

    def create_type(self, statement: CreateType) -> None:
        name = cut(statement.name)
        if name in self.types or name in self.catalog.tables:
            raise Refused(f'type "{name}" already exists', "42710")
        self.catalog.add_type(name, statement.values)
        self.catalog.add_note(Note("type", name, statement.at, ", ".join(statement.values)), name)

    def drop_type(self, statement: DropType) -> None:
        name = cut(statement.name)
        if name not in self.types:
            if statement.if_exists:
                return
            raise Refused(f'type "{name}" does not exist', "42704")
        for table in self.catalog.tables.values():
            if any(base_of(c.type).removesuffix("[]").strip('"') == name for c in table.columns.values()):
                raise Refused(f"cannot drop type {name} because other objects depend on it", "2BP01")
        self.catalog.drop_type(name)
        self.catalog.drop_note("type", name)

    def add_type_value(self, statement: AddTypeValue) -> None:
        name = cut(statement.name)
        values = self.types.get(name)
        if values is None:
            raise Refused(f'type "{name}" does not exist', "42704")
        if statement.value in values:
            if statement.if_not_exists:
                return
            raise Refused(f'enum label "{statement.value}" already exists', "42710")
        self.catalog.add_type(name, (*values, statement.value))

    # Answers

    def no_table(self, name: str) -> Refused:
        return Refused(f'relation "{cut(name)}" does not exist', "42P01")

    def no_column(self, table: str, column: str, statement: DataStatement) -> Refused:
        if statement.kind in ("insert", "update"):
            return Refused(f'column "{column}" of relation "{table}" does not exist', "42703")
        return Refused(f'column "{column}" does not exist', "42703")

    def note(self, statement: Noted) -> None:
        """Views and sequences take a relation's name."""
        name = cut(statement.name)
        exists = (statement.kind, name) in self.catalog.notes
        super().note(statement)
        if statement.kind not in _RELATIONS:
            return
        if statement.drop:
            if exists:
                self.catalog.release(name)
        else:
            self.catalog.claim(name, "view" if "view" in statement.kind else "sequence", "")

    def check_note(self, statement: Noted, key: str) -> None:
        if "view" in statement.kind:
            self.check_sources(statement)
        text = statement.text[:120].lower()
        if "or replace" in text or "if not exists" in text:
            return
        if statement.kind in _RELATIONS:
            self.check_free(key)
        elif statement.kind == "trigger":
            self.needed(statement.table)
        elif statement.kind in ("extension", "domain") and (statement.kind, key) in self.catalog.notes:
            raise Refused(f'{statement.kind} "{key}" already exists', "42710")
        if statement.kind == "domain":
            self.catalog.add_type(key, ())

    def check_note_missing(self, statement: Noted) -> None:
        if statement.kind in _RELATIONS:
            raise Refused(f'{statement.kind} "{statement.name}" does not exist', "42P01")
        if statement.kind == "trigger":
            raise Refused(f'trigger "{statement.name}" does not exist', "42704")


def inline_indexes(column: ColumnDef) -> list[IndexDef]:
    """PRIMARY KEY and UNIQUE of a column's own definition."""
    part = (KeyPart(column.name),)
    found: list[IndexDef] = []
    if column.primary:
        found.append(IndexDef("primary", part, column.primary_name, constraint=True, at=column.at))
    if column.unique:
        found.append(IndexDef("unique", part, column.unique_name, constraint=True, at=column.at))
    return found
