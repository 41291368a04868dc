"""The definitions of one document as they come: what creates a table, and what later statements make of it."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.spec import RequiredTable, SpecKind
from trueup.sources.spec.from_ddl import bare_name, changed_table, required_table
from trueup.sources.spec.setting import Setting
from trueup.sources.spec.shorthands import spelled_out
from trueup.sources.sql import ddl
from trueup.structs import Struct, field, replace


class Definitions(Struct):
    """A document's definitions in order. Definitions in sections of different roles ("current" and required) are kept apart."""

    tables: list[RequiredTable] = field(default_factory=list)

    def add(self, table: RequiredTable) -> None:
        self.tables.append(spelled_out(table))

    def carry_out(
        self, statement: ddl.Statement, kind: SpecKind, dialect: Driver | None, setting: Setting
    ) -> None:
        """Applies one schema statement; those that change no table are left. DROP TABLE too: before a CREATE it is habit, after
        one it is a rollback, and in neither place does it take a requirement back."""
        match statement:
            case ddl.CreateTable() if not statement.temporary:
                self._create(statement, kind, dialect, setting)
            case ddl.AlterTable():
                self._change(statement.table, statement.at, kind, dialect, setting, statement)
            case ddl.CreateIndex():
                wrapped = ddl.AlterTable(statement.table, (ddl.AddIndex(statement.index),), at=statement.at)
                self._change(statement.table, statement.at, kind, dialect, setting, wrapped)
            case ddl.RenameTable():
                wrapped = ddl.AlterTable(statement.table, (ddl.RenameTo(statement.to),), at=statement.at)
                self._change(statement.table, statement.at, kind, dialect, setting, wrapped)
            case ddl.CommentOn():
                self._comment(statement, setting)

    def _create(
        self, statement: ddl.CreateTable, kind: SpecKind, dialect: Driver | None, setting: Setting
    ) -> None:
        made = required_table(statement, kind, dialect, setting)
        if statement.like and not statement.columns:
            source = next((self.tables[n] for n in self._positions(statement.like, setting)), None)
            made = (
                replace(source, name=made.name, at=made.at, section=made.section)
                if source
                else replace(made, complete=False)
            )
        self.tables.append(made)

    def _change(
        self,
        table: str,
        at: Location,
        kind: SpecKind,
        dialect: Driver | None,
        setting: Setting,
        statement: ddl.AlterTable,
    ) -> None:
        """Changes the last definition above; a table that the document does not define is required with what the statement
        adds."""
        position = next(self._positions(table, setting), None)
        if position is not None:
            self.tables[position] = changed_table(self.tables[position], statement, setting)
            return
        base = RequiredTable(
            bare_name(table),
            kind,
            at=at,
            dialect=dialect,
            complete=False,
            section=setting.section,
            existing=True,
        )
        made = changed_table(base, statement, setting)
        if made.columns or made.indexes or made.foreign_keys or made.checks:
            self.tables.append(made)

    def _comment(self, statement: ddl.CommentOn, setting: Setting) -> None:
        for position in self._positions(statement.table, setting):
            table = self.tables[position]
            if statement.column is None:
                self.tables[position] = replace(table, comment=statement.text)
            else:
                lowered = statement.column.lower()
                columns = (
                    replace(c, comment=statement.text) if c.name.lower() == lowered else c
                    for c in table.columns
                )
                self.tables[position] = replace(table, columns=tuple(columns))
            return

    def _positions(self, name: str, setting: Setting) -> Iterator[int]:
        """Where definitions of the table stand, the latest first."""
        lowered, current = bare_name(name).lower(), setting.role == "current"
        for position in range(len(self.tables) - 1, -1, -1):
            table = self.tables[position]
            if (
                table.name.lower() == lowered
                and table.kind in ("sql", "php")
                and (table.existing == current or not table.complete)
            ):
                yield position
