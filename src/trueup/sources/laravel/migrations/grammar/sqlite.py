"""SQLiteGrammar, 8.x to 13.x. What SQLite's ALTER TABLE cannot do is done by building the table anew: by the framework itself
from 11 on (see `rebuild`), by doctrine/dbal before (see `dbal`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.fluent import (
    ColumnDefinition,
    Command,
    Expression,
    FrameworkError,
    php_text,
)
from trueup.sources.laravel.migrations.grammar.base import (
    BrokenSql,
    Compiled,
    Grammar,
    IndexKind,
    json_path,
    quoted_list,
)
from trueup.sources.laravel.migrations.grammar.rebuild import TableState, rebuild
from trueup.sources.sql import ddl

_PLAIN_TYPES = {
    "char": "varchar",
    "string": "varchar",
    "tinytext": "text",
    "text": "text",
    "mediumtext": "text",
    "longtext": "text",
    "integer": "integer",
    "biginteger": "integer",
    "mediuminteger": "integer",
    "tinyinteger": "integer",
    "smallinteger": "integer",
    "float": "float",
    "decimal": "numeric",
    "boolean": "tinyint(1)",
    "enum": "varchar",
    "time": "time",
    "timetz": "time",
    "binary": "blob",
    "uuid": "varchar",
    "ipaddress": "varchar",
    "macaddress": "varchar",
    "geometry": "geometry",
}
_TIMES = ("datetime", "datetimetz", "timestamp", "timestamptz")
_OLD_SHAPES = (
    "point",
    "linestring",
    "polygon",
    "geometrycollection",
    "multipoint",
    "multilinestring",
    "multipolygon",
)
_ALTER_COMMANDS = ("change", "primary", "dropPrimary", "foreign", "dropForeign")


class SQLiteGrammar(Grammar):
    php_class: ClassVar[str] = "Illuminate\\Database\\Schema\\Grammars\\SQLiteGrammar"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # the base class names them
        self._state: TableState | None = None

    # Order and limits

    def check(self, blueprint: Blueprint) -> None:
        if self.settings.major >= 11:
            return
        shape_changes = sum(c.name in ("dropColumn", "renameColumn") for c in blueprint.commands)
        if shape_changes > 1 and not self.settings.uses_native_operations:
            raise FrameworkError(
                "BadMethodCallException",
                "SQLite doesn't support multiple calls to dropColumn / renameColumn in a single modification.",
            )
        if any(c.name == "dropForeign" for c in blueprint.commands):
            raise FrameworkError(
                "BadMethodCallException",
                "SQLite doesn't support dropping foreign keys (you would need to re-create the table).",
            )

    def commands(self, blueprint: Blueprint) -> Iterable[Command]:
        """From 11 on an "alter" stands behind each run of commands that need the table to be built anew; the table's state
        is read once, before anything is carried out, and kept up command by command."""
        self._state = None
        if self.settings.major < 11 or blueprint.creating:
            return blueprint.commands
        names = _ALTER_COMMANDS if self.settings.version_at_least(3, 35) else (*_ALTER_COMMANDS, "dropColumn")
        if not any(c.name in names for c in blueprint.commands):
            return blueprint.commands
        self._state = TableState.read(self, blueprint)
        return self._with_alters(blueprint.commands, names)

    def _with_alters(self, commands: list[Command], names: tuple[str, ...]) -> Iterable[Command]:
        pending: Command | None = None
        state = self._state
        assert state is not None
        for command in commands:
            if command.name in names:
                pending = command
            elif pending is not None:
                yield Command("alter", at=pending.at)
                pending = None
            if self.compiler(command.name) is not None:
                state.update(command)
            yield command
        if pending is not None:
            yield Command("alter", at=pending.at)

    # Types

    def type_of(self, column: ColumnDefinition) -> str:
        name = column.type.lower()
        if name in _PLAIN_TYPES:
            return _PLAIN_TYPES[name]
        if name in _TIMES:
            if column.truthy("useCurrent"):
                column.attributes["default"] = Expression("CURRENT_TIMESTAMP")
            return "datetime"
        if name in _OLD_SHAPES and self.settings.major <= 10:
            return name
        return super().type_of(column)

    def type_double(self, column: ColumnDefinition) -> str:
        return "double" if self.settings.major >= 11 else "float"

    def type_json(self, column: ColumnDefinition) -> str:
        return "json" if self.settings.major >= 12 and self.settings.native_json else "text"

    def type_jsonb(self, column: ColumnDefinition) -> str:
        return "jsonb" if self.settings.major >= 12 and self.settings.native_jsonb else "text"

    def type_date(self, column: ColumnDefinition) -> str:
        if self.settings.major >= 12 and column.truthy("useCurrent"):
            column.attributes["default"] = Expression("CURRENT_DATE")
        return "date"

    def type_year(self, column: ColumnDefinition) -> str:
        if self.settings.major >= 12 and column.truthy("useCurrent"):
            column.attributes["default"] = Expression("(CAST(strftime('%Y', 'now') AS INTEGER))")
        return "integer"

    def type_geography(self, column: ColumnDefinition) -> str:
        return "geometry"

    def json_selector(self, text: str) -> str:
        field, _, path = text.partition("->")
        return f"json_extract(\"{field}\", '{json_path(path)}')"

    # Columns

    def column_def(self, column: ColumnDefinition, type_: str | None = None) -> ddl.ColumnDef:
        if column.type == "raw" and type_ is None:
            return self.raw_column(column)
        known = self.type_of(column) if type_ is None else type_
        generated, stored = self.generated_expression(column)
        increments = self.auto_increments(column)
        allowed = column.get("allowed") if column.type.lower() == "enum" and type_ is None else None
        check = None if allowed is None else f'"{column.name}" in ({quoted_list(allowed, column.at)})'
        collation = (
            column.text("collation") if self.settings.major >= 11 and column.has("collation") else None
        )
        return ddl.ColumnDef(
            name=column.name,
            type=known,
            nullable=self._nullable(column, generated is not None),
            default=None if generated is not None else self.default_of(column),
            auto_increment=increments,
            primary=increments,
            check=check,
            collation=collation,
            generated=generated,
            stored=stored,
            at=column.at,
        )

    def _nullable(self, column: ColumnDefinition, generated: bool) -> bool | None:
        if not generated:
            return column.truthy("nullable")
        return False if column.get("nullable") is False else None

    # Commands

    def compile_create(self, blueprint: Blueprint, command: Command) -> Compiled:
        if not blueprint.added_columns:
            raise BrokenSql(")", blueprint.started_at)
        primary = next((c for c in blueprint.commands if c.name == "primary"), None)
        keys = [c for c in blueprint.commands if c.name == "foreign"]
        for key in keys:
            if not key.names("references"):
                yield ddl.Refusal('near ")": syntax error', "1", at=key.at)
                return
        indexes = (
            ()
            if primary is None
            else (ddl.IndexDef("primary", self.key_parts(primary.names()), at=primary.at),)
        )
        yield ddl.CreateTable(
            table=self.table_of(blueprint),
            columns=tuple(self.column_def(c) for c in blueprint.added_columns),
            indexes=indexes,
            foreign_keys=tuple(self.foreign_key(c, named=False) for c in keys),
            temporary=blueprint.temporary,
            at=blueprint.started_at,
        )

    def compile_add(self, blueprint: Blueprint, command: Command) -> Compiled:
        if self.settings.major >= 11:
            column = self.foreign_column(command)
            yield self.alter(blueprint, [ddl.AddColumn(self.column_def(column))], command.at)
            return
        for column in blueprint.added_columns:
            definition = self.column_def(column)
            # Before 11 a stored column is left out in silence: SQLite cannot add one.
            if not (definition.generated is not None and definition.stored):
                yield self.alter(blueprint, [ddl.AddColumn(definition)], column.at)

    def compile_alter(self, blueprint: Blueprint, command: Command) -> Compiled:
        assert self._state is not None
        return rebuild(self, self._state, command.at)

    def compile_change(self, blueprint: Blueprint, command: Command) -> Compiled:
        return () if self.settings.major >= 11 else super().compile_change(blueprint, command)

    def compile_primary(self, blueprint: Blueprint, command: Command) -> Compiled:
        return ()

    def compile_foreign(self, blueprint: Blueprint, command: Command) -> Compiled:
        return ()

    def compile_dropprimary(self, blueprint: Blueprint, command: Command) -> Compiled:
        return ()

    def compile_dropforeign(self, blueprint: Blueprint, command: Command) -> Compiled:
        if self.settings.major >= 11 and not command.names():
            raise FrameworkError(
                "RuntimeException", "This database driver does not support dropping foreign keys by name."
            )
        return ()

    def create_index(self, table: str, command: Command, kind: IndexKind) -> ddl.CreateIndex:
        if not command.names():
            raise BrokenSql(")", command.at)
        index = ddl.IndexDef(kind, self.key_parts(command.names()), name=command.text("index"), at=command.at)
        return ddl.CreateIndex(table, index, at=command.at)

    def compile_unique(self, blueprint: Blueprint, command: Command) -> Compiled:
        raw = self.raw_index(blueprint, command, "unique")
        return raw if raw is not None else [self.create_index(self.table_of(blueprint), command, "unique")]

    def compile_index(self, blueprint: Blueprint, command: Command) -> Compiled:
        raw = self.raw_index(blueprint, command)
        return raw if raw is not None else [self.create_index(self.table_of(blueprint), command, "index")]

    def _no_full_text(self, blueprint: Blueprint, command: Command) -> Compiled:
        raise FrameworkError(
            "RuntimeException", "This database driver does not support fulltext index creation."
        )

    compile_fulltext = _no_full_text

    def compile_dropfulltext(self, blueprint: Blueprint, command: Command) -> Compiled:
        raise FrameworkError(
            "RuntimeException", "This database driver does not support fulltext index removal."
        )

    def _no_spatial(self, blueprint: Blueprint, command: Command) -> Compiled:
        raise FrameworkError(
            "RuntimeException", "The database driver in use does not support spatial indexes."
        )

    compile_spatialindex = compile_dropspatialindex = _no_spatial

    def compile_dropcolumn(self, blueprint: Blueprint, command: Command) -> Compiled:
        if self.settings.major >= 11 and not self.settings.version_at_least(3, 35):
            return
        if not self.settings.uses_native_operations:
            from trueup.sources.laravel.migrations.grammar import dbal

            yield from dbal.drop_columns(self, blueprint, command)
            return
        for column in command.names():
            yield self.alter(blueprint, [ddl.DropColumn(php_text(column))], command.at)

    def _drop_index(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield ddl.DropIndexStatement(command.text("index"), at=command.at)

    compile_dropunique = compile_dropindex = _drop_index

    def compile_renameindex(self, blueprint: Blueprint, command: Command) -> Compiled:
        """Dropped and made anew from its columns: its WHERE and expressions are lost."""
        name, to = command.text("from"), command.text("to")
        if self.settings.major <= 10:
            from trueup.sources.laravel.migrations.grammar import dbal

            dbal.check_indexes(dbal.introspect(self, blueprint))
        table = self.live.table(self.table_of(blueprint))
        index = next((i for i in table.indexes if i.name == name), None) if table else None
        if index is None:
            raise FrameworkError("RuntimeException", f"Index [{name}] does not exist.")
        if index.primary:
            raise FrameworkError("RuntimeException", "SQLite does not support altering primary keys.")
        columns: list[object] = list(index.columns)
        new = Command("index", {"index": to, "columns": columns}, command.at)
        yield ddl.DropIndexStatement(name, at=command.at)
        yield self.create_index(self.table_of(blueprint), new, "unique" if index.unique else "index")


STORED = re.compile(r"as \(.*\) stored")
