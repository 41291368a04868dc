"""What all servers share: carrying out one statement, all or nothing, and answering what is there."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from trueup.model.locations import NOWHERE, Location
from trueup.model.names import Driver
from trueup.model.schema import Column, ForeignKey, Index, Note, Schema
from trueup.sources.sql.ddl import (
    AddTypeValue,
    AlterTable,
    CommentOn,
    CreateIndex,
    CreateTable,
    CreateType,
    DataStatement,
    DropIndexStatement,
    DropTable,
    DropType,
    Noted,
    NotUnderstood,
    Refusal,
    RenameIndexStatement,
    RenameTable,
    Session,
    Statement,
)
from trueup.sources.sql.servers.catalog import Catalog, Snapshot, TableState
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.version import DEFAULT_VERSIONS, is_mariadb, parse_version
from trueup.structs import replace

_OFF = frozenset(("0", "off", "false", "no"))
_SYSTEM = (
    "information_schema.",
    "pg_catalog.",
    "performance_schema.",
    "mysql.",
    "sqlite_",
    "pg_",
    "sys.",
    "temp.",
)

_SOURCE = re.compile(
    r"\b(?:from|join)\s+(?:only\s+)?([\"`\[]?[\w$]+[\"`\]]?(?:\s*\.\s*[\"`]?[\w$]+[\"`]?)?)(?!\s*\()", re.I
)
_LOCAL = re.compile(r"(?:with|,)\s+(?:recursive\s+)?([\w$]+)\s*(?:\([^)]*\)\s*)?as\s*\(", re.I)
_NOT_A_SOURCE = re.compile(
    r"\b(?:extract|trim|substring|overlay|position)\s*\([^()]*\)|\bis\s+(?:not\s+)?distinct\s+from\b", re.I
)


def view_sources(text: str, *, fold: bool = False) -> tuple[str, ...]:
    """The tables and views that a view's text reads from, as far as they stand behind FROM and JOIN; `fold`: bare
    names are in lower case, as PostgreSQL has them."""
    text = _NOT_A_SOURCE.sub(
        " ", re.sub(r"'(?:[^']++|'')*+'|--[^\n]*|/\*.*?(?:\*/|\Z)", " ", text, flags=re.S)
    )
    local = {name.lower() for name in _LOCAL.findall(text)} | {
        "select",
        "lateral",
        "unnest",
        "dual",
        "values",
        "generate_series",
    }
    found: dict[str, None] = {}
    for name in _SOURCE.findall(text):
        plain = re.sub(r"[\s\"`\[\]]", "", name if '"' in name or not fold else name.lower())
        plain = plain.removeprefix("public.").removeprefix("main.")
        if plain.lower() not in local:
            found[plain] = None
    return tuple(found)


class Server(ABC):
    """A database server of one driver with an empty database.

    `execute` carries out one statement or raises `Refused` with the state unchanged. `foreign_key_checks` is the session's
    switch (SET FOREIGN_KEY_CHECKS, PRAGMA foreign_keys); `strict` MySQL's strict SQL mode; `charset` and `collation` those of the
    database."""

    driver: ClassVar[Driver]

    def __init__(
        self,
        version: str | None = None,
        *,
        charset: str | None = None,
        collation: str | None = None,
        engine: str | None = None,
        strict: bool = True,
        foreign_key_checks: bool | None = None,
        driver: Driver | None = None,
    ) -> None:
        self.name: Driver = driver or self.driver
        self.version_text = version or DEFAULT_VERSIONS[self.name]
        self.version = parse_version(self.name, version)
        self.mariadb = is_mariadb(self.name, version)
        self.charset = charset
        self.collation = collation
        self.engine = engine
        self.strict = strict
        self.foreign_key_checks = (
            self.default_foreign_key_checks if foreign_key_checks is None else foreign_key_checks
        )
        self.catalog = Catalog()
        self._handlers: dict[type, Callable[[Any], None]] = {
            CreateTable: self.create_table,
            DropTable: self.drop_table,
            RenameTable: self.rename_table,
            AlterTable: self.alter_table,
            CreateIndex: self.create_index,
            DropIndexStatement: self.drop_index,
            RenameIndexStatement: self.rename_index,
            CommentOn: self.comment_on,
            CreateType: self.create_type,
            DropType: self.drop_type,
            AddTypeValue: self.add_type_value,
            Noted: self.note,
            DataStatement: self.data,
            Session: self.session,
            Refusal: self.refuse,
            NotUnderstood: lambda _: None,
        }

    default_foreign_key_checks: ClassVar[bool] = True

    # Carrying out

    def execute(self, statement: Statement) -> None:
        """Carry out one statement. Raises `Refused` where the real server would refuse; the state is then as before. A
        `NotUnderstood` changes nothing: its gap is the caller's."""
        self.catalog.begin()
        try:
            self._handlers[type(statement)](statement)
        except Refused as refused:
            self.catalog.undo()
            if refused.at is NOWHERE:
                refused.at = statement.at
            raise

    def snapshot(self) -> Snapshot:
        """The state of this moment, for a transaction's rollback: cheap, and good for any number of `restore`s."""
        return self.catalog.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        self.catalog.restore(snapshot)

    # Names

    def table_key(self, name: str) -> str:
        """A table's name as it is looked up: with MySQL on Linux and PostgreSQL the name itself."""
        return name

    def column_key(self, name: str) -> str:
        return name.lower()

    # Questions

    def has_table(self, name: str) -> bool:
        return self.table_key(name) in self.catalog.tables

    def has_view(self, name: str) -> bool:
        return any(
            (kind, self.table_key(name)) in self.catalog.notes for kind in ("view", "materialized view")
        )

    def has_column(self, table: str, column: str) -> bool:
        """Case does not count, as in Laravel's `hasColumn`."""
        state = self.table(table)
        if state is None:
            return False
        return self.column_key(column) in state.columns or any(
            k.lower() == column.lower() for k in state.columns
        )

    def table(self, name: str) -> TableState | None:
        return self.catalog.tables.get(self.table_key(name))

    def table_names(self) -> tuple[str, ...]:
        return tuple(sorted(t.name for t in self.catalog.tables.values() if not t.temporary))

    def columns(self, table: str) -> tuple[Column, ...]:
        state = self.table(table)
        return tuple(state.columns.values()) if state else ()

    def column(self, table: str, column: str) -> Column | None:
        state = self.table(table)
        return state.columns.get(self.column_key(column)) if state else None

    def indexes(self, table: str) -> tuple[Index, ...]:
        state = self.table(table)
        return state.freeze().indexes if state else ()

    def foreign_keys(self, table: str) -> tuple[ForeignKey, ...]:
        state = self.table(table)
        return state.freeze().foreign_keys if state else ()

    def freeze(self) -> Schema:
        """Everything there is now, tables sorted by name; failures and gaps are the caller's to add."""
        tables = sorted(
            (t.freeze() for t in self.catalog.tables.values() if not t.temporary), key=lambda t: t.name
        )
        notes = sorted(self.catalog.notes.values(), key=lambda n: (n.kind, n.name))
        return Schema(self.name, tuple(tables), tuple(notes), server_version=self.version_text)

    # Statements that servers do differently

    @abstractmethod
    def create_table(self, statement: CreateTable) -> None:
        """Create table."""

    @abstractmethod
    def drop_table(self, statement: DropTable) -> None:
        """Drop table."""

    @abstractmethod
    def rename_table(self, statement: RenameTable) -> None:
        """Rename table."""

    @abstractmethod
    def alter_table(self, statement: AlterTable) -> None:
        """Alter table."""

    @abstractmethod
    def create_index(self, statement: CreateIndex) -> None:
        """Create index."""

    @abstractmethod
    def drop_index(self, statement: DropIndexStatement) -> None:
        """Drop index."""

    def rename_index(self, statement: RenameIndexStatement) -> None:
        raise Refused("syntax error", "42601", statement.at)

    def comment_on(self, statement: CommentOn) -> None:
        raise Refused("syntax error", "42601", statement.at)

    def create_type(self, statement: CreateType) -> None:
        raise Refused("syntax error", "42601", statement.at)

    def drop_type(self, statement: DropType) -> None:
        raise Refused("syntax error", "42601", statement.at)

    def add_type_value(self, statement: AddTypeValue) -> None:
        raise Refused("syntax error", "42601", statement.at)

    @abstractmethod
    def no_table(self, name: str) -> Refused:
        """The server's answer to a statement on a table that is not there."""

    @abstractmethod
    def no_column(self, table: str, column: str, statement: DataStatement) -> Refused:
        """No column."""

    # Statements that all do alike

    def note(self, statement: Noted) -> None:
        """Views, triggers and kin are listed; of two of one name the server refuses the second."""
        key = self.table_key(statement.name)
        if not statement.drop:
            note = Note(statement.kind, statement.name, statement.at, statement.text, statement.table)
            self.check_note(statement, key)
            self.catalog.add_note(note, key)
        elif (statement.kind, key) in self.catalog.notes:
            self.catalog.drop_note(statement.kind, key)
        elif not statement.if_exists:
            self.check_note_missing(statement)

    @abstractmethod
    def check_note(self, statement: Noted, key: str) -> None:
        """Refuse what can't be made."""

    @abstractmethod
    def check_note_missing(self, statement: Noted) -> None:
        """Refuse to drop what is not there (kinds that may come from outside are let pass)."""

    def data(self, statement: DataStatement) -> None:
        """A data statement fails where its tables or columns are missing; an INSERT leaves rows behind (of a query, where
        one of its tables has some), TRUNCATE and DELETE without a condition none."""
        for name in statement.tables:
            if not self._readable(name):
                raise self.no_table(name)
        for table, column in statement.columns:
            state = self.table(table)
            if state and not state.unknown_columns and not self._known_column(state, column):
                raise self.no_column(table, column, statement)
        self._remember_rows(statement)

    def _remember_rows(self, statement: DataStatement) -> None:
        if not statement.tables or not self.has_table(statement.tables[0]):
            return
        target, sources = statement.tables[0], statement.tables[1:]
        filled = self.has_rows(target)
        if statement.kind == "insert":
            after = filled or not sources or any(self.has_rows(source) for source in sources)
        elif statement.kind == "truncate" or (
            statement.kind == "delete" and "where" not in statement.text.lower()
        ):
            after = False
        else:
            return
        if after != filled:
            self.change(target).extra["rows"] = "1" if after else ""

    def has_rows(self, table: str) -> bool:
        """Did a statement put rows into the table?"""
        state = self.table(table)
        return state is not None and bool(state.extra.get("rows"))

    def _readable(self, name: str) -> bool:
        return name.lower().startswith(_SYSTEM) or self.has_table(name) or self.has_view(name)

    def _known_column(self, state: TableState, column: str) -> bool:
        return self.column_key(column) in state.columns

    def check_sources(self, view: Noted) -> None:
        """A view reads tables and views that are there."""
        for name in view_sources(view.text, fold=self.name == "pgsql"):
            if not self._readable(name):
                raise self.no_table(name)

    def session(self, statement: Session) -> None:
        if statement.name.lower() in ("foreign_key_checks", "foreign_keys"):
            self.foreign_key_checks = statement.value.strip("'\"; ").lower() not in _OFF

    def refuse(self, statement: Refusal) -> None:
        raise Refused(statement.reason, statement.code, statement.at)

    # Helpers for the servers

    def needed(self, name: str) -> TableState:
        """The table, unchanged; refused where there is none."""
        state = self.table(name)
        if state is None:
            raise self.no_table(name)
        return state

    def change(self, name: str, at: Location = NOWHERE) -> TableState:
        """The table, ready to be changed; `at` is remembered as a place that touched it."""
        self.needed(name)
        state = self.catalog.change(self.table_key(name))
        if at is not NOWHERE and (not state.touched or state.touched[-1] != at):
            state.touched = (*state.touched, at)
        return state

    def add_key(self, state: TableState, key: str, foreign: ForeignKey) -> None:
        state.keys[key] = foreign
        self.catalog.refer(self.table_key(state.name), self.table_key(foreign.foreign_table), 1)

    def drop_key(self, state: TableState, key: str) -> None:
        foreign = state.keys.pop(key)
        self.catalog.refer(self.table_key(state.name), self.table_key(foreign.foreign_table), -1)

    def follow_rename(self, old: str, new: str) -> None:
        """Foreign keys of all tables that point to `old` now point to `new`; the table itself is renamed already."""
        old_key, new_key = self.table_key(old), self.table_key(new)
        for child in list(self.catalog.children(old_key)):
            child_key = new_key if child == old_key else child
            state = self.catalog.change(child_key)
            for name, key in list(state.keys.items()):
                if self.table_key(key.foreign_table) == old_key:
                    state.keys[name] = replace(key, foreign_table=new)
                    self.catalog.refer(child, old_key, -1)
                    self.catalog.refer(child_key, new_key, 1)

    def forget_keys(self, state: TableState) -> None:
        """Take a table's foreign keys out of the count, before it is dropped."""
        for key in state.keys.values():
            self.catalog.refer(self.table_key(state.name), self.table_key(key.foreign_table), -1)
