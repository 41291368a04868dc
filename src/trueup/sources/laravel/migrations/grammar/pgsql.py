"""PostgresGrammar, 8.x to 13.x."""

from __future__ import annotations

from typing import ClassVar

from trueup.model.locations import Location
from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.fluent import (
    ColumnDefinition,
    Command,
    Expression,
    FrameworkError,
    php_text,
)
from trueup.sources.laravel.migrations.grammar.base import (
    SERIALS,
    BrokenSql,
    Compiled,
    Grammar,
    allowed_values,
    quoted,
    quoted_list,
)
from trueup.sources.sql import ddl

_PLAIN_TYPES = {
    "tinytext": "varchar(255)",
    "text": "text",
    "mediumtext": "text",
    "longtext": "text",
    "double": "double precision",
    "real": "real",
    "boolean": "boolean",
    "json": "json",
    "jsonb": "jsonb",
    "binary": "bytea",
    "uuid": "uuid",
    "ipaddress": "inet",
    "macaddress": "macaddr",
    "tsvector": "tsvector",
}
_SERIAL_TYPES = {
    "biginteger": ("bigserial", "bigint"),
    "integer": ("serial", "integer"),
    "mediuminteger": ("serial", "integer"),
    "smallinteger": ("smallserial", "smallint"),
    "tinyinteger": ("smallserial", "smallint"),
}
_ZONES = {
    "datetime": ("timestamp", "without"),
    "datetimetz": ("timestamp", "with"),
    "timestamp": ("timestamp", "without"),
    "timestamptz": ("timestamp", "with"),
    "time": ("time", "without"),
    "timetz": ("time", "with"),
}
_OLD_SHAPES = (
    "point",
    "linestring",
    "polygon",
    "geometrycollection",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "multipolygonz",
)


class PostgresGrammar(Grammar):
    php_class: ClassVar[str] = "Illuminate\\Database\\Schema\\Grammars\\PostgresGrammar"
    syntax_code: ClassVar[str] = "42601"

    # Types

    def type_of(self, column: ColumnDefinition) -> str:
        name = column.type.lower()
        if name in _SERIAL_TYPES:
            return self._integer(column, name)
        if name in _ZONES:
            return self._time(column, *_ZONES[name])
        if name in _PLAIN_TYPES and (name != "tsvector" or self.settings.major >= 12):
            return _PLAIN_TYPES[name]
        if self.settings.major <= 10 and (name in _OLD_SHAPES or name == "geometry"):
            return _old_geography(column, name)
        return super().type_of(column)

    def _integer(self, column: ColumnDefinition, name: str) -> str:
        serial, plain = _SERIAL_TYPES[name]
        changing = column.change and self.settings.major >= 11
        if column.truthy("autoIncrement") and column.get("generatedAs") is None and not changing:
            return serial
        return plain

    def _time(self, column: ColumnDefinition, word: str, zone: str) -> str:
        if word == "timestamp" and column.truthy("useCurrent"):
            column.attributes["default"] = Expression("CURRENT_TIMESTAMP")
        precision = column.get("precision")
        size = "" if precision is None else f"({php_text(precision)})"
        return f"{word}{size} {zone} time zone"

    def type_char(self, column: ColumnDefinition) -> str:
        return f"char({column.text('length')})" if column.truthy("length") else "char"

    def type_string(self, column: ColumnDefinition) -> str:
        return f"varchar({column.text('length')})" if column.truthy("length") else "varchar"

    def type_float(self, column: ColumnDefinition) -> str:
        if self.settings.major <= 10:
            return "double precision"
        return f"float({column.text('precision')})" if column.truthy("precision") else "float"

    def type_decimal(self, column: ColumnDefinition) -> str:
        return f"decimal({column.text('total')}, {column.text('places')})"

    def type_enum(self, column: ColumnDefinition) -> str:
        return "varchar(255)"

    def type_date(self, column: ColumnDefinition) -> str:
        if self.settings.major >= 12 and column.truthy("useCurrent"):
            column.attributes["default"] = Expression("CURRENT_DATE")
        return "date"

    def type_year(self, column: ColumnDefinition) -> str:
        if self.settings.major >= 12 and column.truthy("useCurrent"):
            column.attributes["default"] = Expression("EXTRACT(YEAR FROM CURRENT_DATE)")
        return self._integer(column, "integer")

    def type_geometry(self, column: ColumnDefinition) -> str:
        return self._spatial(column, "geometry")

    def type_geography(self, column: ColumnDefinition) -> str:
        return self._spatial(column, "geography")

    def _spatial(self, column: ColumnDefinition, word: str) -> str:
        if not column.truthy("subtype"):
            return word
        srid = f",{column.text('srid')}" if column.truthy("srid") else ""
        return f"{word}({column.text('subtype').lower()}{srid})"

    def type_vector(self, column: ColumnDefinition) -> str:
        return f"vector({column.text('dimensions')})" if column.has("dimensions") else "vector"

    # Columns

    def column_def(self, blueprint: Blueprint, column: ColumnDefinition) -> ddl.ColumnDef:
        if column.type == "raw":
            return self.raw_column(column)
        type_ = self.type_of(column)
        if column.has("virtualAs") and not self.settings.version_at_least(18):
            raise BrokenSql("virtual" if self.settings.major >= 12 else ")", column.at)
        identity = self._identity(column)
        serial = column.type in SERIALS or identity is not None
        primary = serial and column.truthy("autoIncrement")
        if self.settings.major >= 11 and any(c.name == "primary" for c in blueprint.commands):
            primary = False
        return ddl.ColumnDef(
            name=column.name,
            type=type_,
            nullable=column.truthy("nullable"),
            default=self.default_of(column),
            primary=primary,
            check=_enum_check(column),
            collation=column.text("collation") if column.has("collation") else None,
            generated=_generated(column),
            stored=column.has("storedAs"),
            identity=identity,
            at=column.at,
        )

    def _identity(self, column: ColumnDefinition) -> str | None:
        if column.get("generatedAs") is None:
            return None
        return "always" if column.truthy("always") else "by default"

    # Commands

    def compile_create(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield ddl.CreateTable(
            table=self.table_of(blueprint),
            columns=tuple(self.column_def(blueprint, c) for c in blueprint.added_columns),
            temporary=blueprint.temporary,
            at=blueprint.started_at,
        )

    def compile_add(self, blueprint: Blueprint, command: Command) -> Compiled:
        columns = [self.foreign_column(command)] if self.settings.major >= 11 else blueprint.added_columns
        yield self.alter(
            blueprint, [ddl.AddColumn(self.column_def(blueprint, c)) for c in columns], command.at
        )

    def change_native(self, blueprint: Blueprint, columns: list[ColumnDefinition], at: Location) -> Compiled:
        actions: list[ddl.Action] = []
        for column in columns:
            if column.type.lower() == "enum":
                yield ddl.Refusal('syntax error at or near "check"', "42601", at=column.at)
                return
            actions.extend(self._changes(column))
        yield self.alter(blueprint, actions, at)

    def _changes(self, column: ColumnDefinition) -> list[ddl.Action]:
        """As `compileChange`: the type first, then nullability, default, generated expressions, identity."""
        name = column.name
        using = column.text("using") if column.has("using") and self.settings.major >= 12 else None
        collation = column.text("collation") if column.has("collation") else None
        changes: list[ddl.Action] = [
            ddl.AlterColumn(name, "type", self.type_of(column), using=using, collation=collation),
            ddl.AlterColumn(name, "drop not null" if column.truthy("nullable") else "set not null"),
        ]
        if (
            self.settings.major <= 10
            or not column.truthy("autoIncrement")
            or column.get("generatedAs") is not None
        ):
            default = self.default_of(column)
            changes.append(
                ddl.AlterColumn(name, "drop default")
                if default is None
                else ddl.AlterColumn(name, "set default", default)
            )
        changes.extend(self._generated_changes(column))
        identity = self._identity(column)
        if self.settings.major <= 10 or not column.truthy("autoIncrement") or identity is not None:
            changes.append(ddl.AlterColumn(name, "drop identity", "if exists"))
        if identity is not None:
            changes.append(ddl.AlterColumn(name, "add identity", identity))
        return changes

    def _generated_changes(self, column: ColumnDefinition) -> list[ddl.Action]:
        changes: list[ddl.Action] = []
        for attribute in ("virtualAs", "storedAs"):
            if attribute not in column.attributes:
                continue
            if column.get(attribute) is not None:
                raise FrameworkError(
                    "LogicException", "This database driver does not support modifying generated columns."
                )
            changes.append(ddl.AlterColumn(column.name, "drop expression", "if exists"))
        return changes

    def compile_autoincrementstartingvalues(self, blueprint: Blueprint, command: Command) -> Compiled:
        return ()

    def compile_primary(self, blueprint: Blueprint, command: Command) -> Compiled:
        parts = self.key_parts(command.names())
        index = ddl.IndexDef("primary", parts, constraint=True, at=command.at)
        yield self.alter(blueprint, [ddl.AddIndex(index)], command.at)

    def compile_unique(self, blueprint: Blueprint, command: Command) -> Compiled:
        apart = (
            self.settings.major >= 10
            and command.has("nullsNotDistinct")
            and command.truthy("nullsNotDistinct")
        )
        index = self.index_def(command, "unique", constraint=True, nulls_not_distinct=apart)
        yield self.alter(blueprint, [ddl.AddIndex(index)], command.at)

    def _create_index(self, blueprint: Blueprint, command: Command) -> Compiled:
        raw = self.raw_index(blueprint, command)
        if raw is not None:
            yield from raw
            return
        online = self.settings.major >= 12 and command.truthy("online")
        index = self.index_def(command, "index", concurrently=online)
        yield ddl.CreateIndex(self.table_of(blueprint), index, at=command.at)

    def compile_index(self, blueprint: Blueprint, command: Command) -> Compiled:
        return self._create_index(blueprint, command)

    def compile_fulltext(self, blueprint: Blueprint, command: Command) -> Compiled:
        language = command.text("language") or "english"
        vectors = [f'to_tsvector({quoted(language)}, "{php_text(c)}")' for c in command.names()]
        part = ddl.KeyPart(expression=f"({' || '.join(vectors)})")
        index = ddl.IndexDef("index", (part,), name=command.text("index"), method="gin", at=command.at)
        yield ddl.CreateIndex(self.table_of(blueprint), index, at=command.at)

    def compile_spatialindex(self, blueprint: Blueprint, command: Command) -> Compiled:
        command.attributes["algorithm"] = "gist"
        return self._create_index(blueprint, command)

    def compile_vectorindex(self, blueprint: Blueprint, command: Command) -> Compiled:
        return self._create_index(blueprint, command)

    def compile_dropcolumn(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield self.alter(blueprint, [ddl.DropColumn(php_text(c)) for c in command.names()], command.at)

    def compile_dropprimary(self, blueprint: Blueprint, command: Command) -> Compiled:
        prefix = self.settings.prefix if self.settings.major >= 10 else ""
        table = blueprint.table.rpartition(".")[2] if self.settings.major >= 11 else blueprint.table
        yield self.alter(blueprint, [ddl.DropConstraint(f"{prefix}{table}_pkey")], command.at)

    def _drop_constraint(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield self.alter(blueprint, [ddl.DropConstraint(command.text("index"))], command.at)

    compile_dropunique = compile_dropforeign = _drop_constraint

    def _drop_index(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield ddl.DropIndexStatement(command.text("index"), at=command.at)

    compile_dropindex = compile_dropfulltext = compile_dropspatialindex = _drop_index

    def compile_renameindex(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield ddl.RenameIndexStatement(command.text("from"), command.text("to"), at=command.at)

    def compile_comment(self, blueprint: Blueprint, command: Command) -> Compiled:
        column = self.foreign_column(command)
        if not column.has("comment") and not column.change:
            return
        text = column.text("comment") if column.has("comment") else None
        yield ddl.CommentOn(self.table_of(blueprint), column.name, text, at=column.at)

    def compile_tablecomment(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield ddl.CommentOn(self.table_of(blueprint), None, command.text("comment"), at=command.at)


def _enum_check(column: ColumnDefinition) -> str | None:
    if column.type.lower() != "enum":
        return None
    return f'"{column.name}" in ({quoted_list(allowed_values(column), column.at)})'


def _generated(column: ColumnDefinition) -> str | None:
    for name in ("virtualAs", "storedAs"):
        if column.has(name):
            return column.text(name)
    return None


def _old_geography(column: ColumnDefinition, name: str) -> str:
    """`formatPostGisType` up to 10: geography unless `->isGeometry()` was said."""
    projection = column.get("projection")
    if column.get("isGeometry") is None:
        return f"geography({name}, {php_text(projection) if projection is not None else '4326'})"
    return f"geometry({name}, {php_text(projection)})" if projection is not None else f"geometry({name})"
