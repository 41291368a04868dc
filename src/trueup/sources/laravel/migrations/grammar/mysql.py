"""MySqlGrammar and MariaDbGrammar, 8.x to 13.x."""

from __future__ import annotations

import re
from typing import ClassVar

from trueup.model.locations import Location
from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.fluent import ColumnDefinition, Command, Expression, php_text
from trueup.sources.laravel.migrations.grammar.base import (
    SERIALS,
    BrokenSql,
    Compiled,
    Grammar,
    IndexKind,
    allowed_values,
    json_path,
    quoted_list,
)
from trueup.sources.sql import ddl
from trueup.sources.sql.read import read_sql
from trueup.structs import replace

_PLAIN_TYPES = {
    "tinytext": "tinytext",
    "text": "text",
    "mediumtext": "mediumtext",
    "longtext": "longtext",
    "biginteger": "bigint",
    "integer": "int",
    "mediuminteger": "mediumint",
    "tinyinteger": "tinyint",
    "smallinteger": "smallint",
    "boolean": "tinyint(1)",
    "json": "json",
    "jsonb": "json",
    "uuid": "char(36)",
    "ipaddress": "varchar(45)",
    "macaddress": "varchar(17)",
}
_OLD_SHAPES = (
    "point",
    "linestring",
    "polygon",
    "geometrycollection",
    "multipoint",
    "multilinestring",
    "multipolygon",
)
_TIME_TYPES = {
    "datetime": "datetime",
    "datetimetz": "datetime",
    "timestamp": "timestamp",
    "timestamptz": "timestamp",
}


_CLAUSE = re.compile(r"\b(?:on\s{1,9}update|comment)\b", re.I)
_CLAUSE = re.compile(r"\b(?:on\s{1,9}update|comment)\b", re.I)
_SIGNABLE = (
    "bigint",
    "int",
    "mediumint",
    "smallint",
    "tinyint",
    "decimal",
    "float",
    "double",
    "numeric",
    "real",
)


class MySqlGrammar(Grammar):
    php_class: ClassVar[str] = "Illuminate\\Database\\Schema\\Grammars\\MySqlGrammar"
    syntax_code: ClassVar[str] = "1064"

    # Types

    def type_of(self, column: ColumnDefinition) -> str:
        name = column.type.lower()
        plain = _PLAIN_TYPES.get(name)
        if plain is not None and (name != "uuid" or type(self) is MySqlGrammar):
            return plain
        if name in _TIME_TYPES:
            return self._timestamp(column, _TIME_TYPES[name])
        if name in _OLD_SHAPES and self.settings.major <= 10:
            return name
        return super().type_of(column)

    def type_char(self, column: ColumnDefinition) -> str:
        return f"char({column.text('length')})"

    def type_string(self, column: ColumnDefinition) -> str:
        return f"varchar({column.text('length')})"

    def type_float(self, column: ColumnDefinition) -> str:
        if self.settings.major <= 10:
            return self.type_double(column)
        return f"float({column.text('precision')})" if column.truthy("precision") else "float"

    def type_double(self, column: ColumnDefinition) -> str:
        if self.settings.major <= 10 and column.truthy("total") and column.truthy("places"):
            return f"double({column.text('total')}, {column.text('places')})"
        return "double"

    def type_decimal(self, column: ColumnDefinition) -> str:
        return f"decimal({column.text('total')}, {column.text('places')})"

    def type_enum(self, column: ColumnDefinition) -> str:
        return f"enum({quoted_list(allowed_values(column), column.at)})"

    def type_set(self, column: ColumnDefinition) -> str:
        return f"set({quoted_list(allowed_values(column), column.at)})"

    def type_date(self, column: ColumnDefinition) -> str:
        self._current(column, "(CURDATE())")
        return "date"

    def type_year(self, column: ColumnDefinition) -> str:
        self._current(column, "(YEAR(CURDATE()))")
        return "year"

    def _current(self, column: ColumnDefinition, expression: str) -> None:
        modern = self.settings.maria or self.settings.version_at_least(8, 0, 13)
        if self.settings.major >= 12 and modern and column.truthy("useCurrent"):
            column.attributes["default"] = Expression(expression)

    def _timestamp(self, column: ColumnDefinition, word: str) -> str:
        precision = f"({column.text('precision')})" if column.truthy("precision") else ""
        current = Expression(f"CURRENT_TIMESTAMP{precision}")
        if column.truthy("useCurrent"):
            column.attributes["default"] = current
        if column.truthy("useCurrentOnUpdate"):
            column.attributes["onUpdate"] = current
        return word + precision

    def type_time(self, column: ColumnDefinition) -> str:
        return f"time({column.text('precision')})" if column.truthy("precision") else "time"

    def type_timetz(self, column: ColumnDefinition) -> str:
        return self.type_time(column)

    def type_binary(self, column: ColumnDefinition) -> str:
        if column.truthy("length"):
            return f"{'binary' if column.truthy('fixed') else 'varbinary'}({column.text('length')})"
        return "blob"

    def type_geometry(self, column: ColumnDefinition) -> str:
        if self.settings.major <= 10:
            return "geometry"
        subtype = column.text("subtype").lower()
        shape = subtype if subtype in _OLD_SHAPES else "geometry"
        if not column.truthy("srid"):
            return shape
        return (
            f"{shape} ref_system_id={column.text('srid')}"
            if self.settings.maria
            else f"{shape} srid {column.text('srid')}"
        )

    def type_geography(self, column: ColumnDefinition) -> str:
        return self.type_geometry(column)

    def type_vector(self, column: ColumnDefinition) -> str:
        return f"vector({column.text('dimensions')})" if column.has("dimensions") else "vector"

    def json_selector(self, text: str) -> str:
        field, _, path = text.partition("->")
        return f"json_unquote(json_extract(`{field}`, '{json_path(path)}'))"

    # Columns

    def column_def(self, blueprint: Blueprint, column: ColumnDefinition) -> ddl.ColumnDef:
        if column.type == "raw":
            return self.raw_column(column)
        type_ = self.type_of(column)
        if self.settings.major <= 10 and isinstance(column.get("srid"), int) and column.truthy("srid"):
            if self.settings.maria:
                raise BrokenSql(f"srid {column.text('srid')}", column.at)
            type_ += f" srid {column.text('srid')}"
        if column.truthy("unsigned") and not type_.startswith(_SIGNABLE):
            raise BrokenSql("unsigned", column.at)
        generated, stored = self.generated_expression(column)
        increments = self.auto_increments(column)
        if generated is not None and self.settings.maria and column.get("nullable") is False:
            raise BrokenSql("not null", column.at)
        written = ddl.ColumnDef(
            name=column.name,
            type=type_ + (" unsigned" if column.truthy("unsigned") else ""),
            nullable=self._nullable(column, generated is not None),
            default=self.default_of(column),
            auto_increment=increments,
            primary=increments and self._primary_inline(blueprint, column),
            comment=column.text("comment") if column.has("comment") else None,
            charset=column.text("charset") if column.has("charset") else None,
            collation=column.text("collation") if column.has("collation") else None,
            on_update=column.text("onUpdate") if column.has("onUpdate") else None,
            generated=generated,
            stored=stored,
            invisible=column.has("invisible"),
            at=column.at,
        )
        raw = column.get("default")
        return self._with_clauses(written, raw.sql) if isinstance(raw, Expression) else written

    def _with_clauses(self, column: ddl.ColumnDef, default: str) -> ddl.ColumnDef:
        """A raw default may hold clauses of the column besides: `DB::raw('CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP')`."""
        if _CLAUSE.search(default) is None:
            return column
        sql = f"create table `t` (`c` {column.type} default {default})"
        version = self.settings.server_version or None
        for statement in read_sql(sql, self.settings.driver, column.at, server_version=version):
            if isinstance(statement, ddl.CreateTable) and len(statement.columns) == 1:
                found = statement.columns[0]
                return replace(
                    column,
                    default=found.default,
                    on_update=column.on_update or found.on_update,
                    comment=column.comment or found.comment,
                )
        return column

    def _nullable(self, column: ColumnDefinition, generated: bool) -> bool | None:
        if not generated:
            return column.truthy("nullable")
        return False if column.get("nullable") is False else None

    def _primary_inline(self, blueprint: Blueprint, column: ColumnDefinition) -> bool:
        if self.settings.major <= 10:
            return True
        has_primary = any(c.name == "primary" for c in blueprint.commands)
        return not (has_primary or (column.change and not column.truthy("primary")))

    def _add(self, blueprint: Blueprint, column: ColumnDefinition) -> ddl.AddColumn:
        after = column.text("after") if column.has("after") else None
        return ddl.AddColumn(self.column_def(blueprint, column), after=after, first=column.has("first"))

    # Commands

    def compile_create(self, blueprint: Blueprint, command: Command) -> Compiled:
        settings = self.settings
        if not blueprint.added_columns:
            raise BrokenSql(")", blueprint.started_at)
        for column in blueprint.added_columns:
            if column.has("after") or column.has("first"):
                word = f"after `{column.text('after')}`" if column.has("after") else "first"
                raise BrokenSql(word, column.at)
        indexes: list[ddl.IndexDef] = []
        primary = next((c for c in blueprint.commands if c.name == "primary"), None)
        if settings.major >= 10 and primary is not None:
            indexes.append(self._primary(primary))
            primary.skipped = True
        yield ddl.CreateTable(
            table=self.table_of(blueprint),
            columns=tuple(self.column_def(blueprint, c) for c in blueprint.added_columns),
            indexes=tuple(indexes),
            temporary=blueprint.temporary,
            engine=blueprint.engine if blueprint.engine is not None else settings.engine,
            charset=blueprint.charset if blueprint.charset is not None else settings.charset,
            collation=blueprint.collation if blueprint.collation is not None else settings.collation,
            at=blueprint.started_at,
        )
        if settings.major <= 9:
            yield from self._starting_values(blueprint)

    def _primary(self, command: Command) -> ddl.IndexDef:
        """The name is sent up to 8: MySQL forgets it, unless it is too long."""
        definition = self.index_def(command, "primary")
        name = definition.name if self.settings.major <= 8 else None
        return ddl.IndexDef("primary", definition.parts, name, definition.method, at=command.at)

    def compile_add(self, blueprint: Blueprint, command: Command) -> Compiled:
        if self.settings.major >= 11:
            column = self.foreign_column(command)
            yield self.alter(blueprint, [self._add(blueprint, column)], command.at)
            return
        yield self.alter(blueprint, [self._add(blueprint, c) for c in blueprint.added_columns], command.at)
        if self.settings.major <= 9:
            yield from self._starting_values(blueprint)

    def _starting_values(self, blueprint: Blueprint) -> Compiled:
        for column in blueprint.added_columns:
            yield from self._starting_value(blueprint, column)

    def compile_autoincrementstartingvalues(self, blueprint: Blueprint, command: Command) -> Compiled:
        return (
            self._starting_value(blueprint, self.foreign_column(command)) if self.settings.major >= 10 else ()
        )

    def _starting_value(self, blueprint: Blueprint, column: ColumnDefinition) -> Compiled:
        value = column.get("startingValue") or column.get("from")
        if column.truthy("autoIncrement") and value:
            yield self.alter(blueprint, [ddl.TableOption("AUTO_INCREMENT", php_text(value))], column.at)

    def change_native(self, blueprint: Blueprint, columns: list[ColumnDefinition], at: Location) -> Compiled:
        actions = [self._modify(blueprint, c) for c in columns]
        yield self.alter(blueprint, actions, at)

    def _modify(self, blueprint: Blueprint, column: ColumnDefinition) -> ddl.ModifyColumn:
        definition = self.column_def(blueprint, column)
        if column.has("renameTo"):
            definition = _renamed(definition, column.text("renameTo"))
        after = column.text("after") if column.has("after") else None
        return ddl.ModifyColumn(column.name, definition, after=after, first=column.has("first"))

    def _key(self, blueprint: Blueprint, command: Command, kind: IndexKind) -> Compiled:
        raw = self.raw_index(blueprint, command, kind)
        if raw is not None:
            yield from raw
            return
        yield self.alter(blueprint, [ddl.AddIndex(self.index_def(command, kind))], command.at)

    def compile_primary(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield self.alter(blueprint, [ddl.AddIndex(self._primary(command))], command.at)

    def compile_unique(self, blueprint: Blueprint, command: Command) -> Compiled:
        return self._key(blueprint, command, "unique")

    def compile_index(self, blueprint: Blueprint, command: Command) -> Compiled:
        return self._key(blueprint, command, "index")

    def compile_fulltext(self, blueprint: Blueprint, command: Command) -> Compiled:
        return self._key(blueprint, command, "fulltext")

    def compile_spatialindex(self, blueprint: Blueprint, command: Command) -> Compiled:
        return self._key(blueprint, command, "spatial")

    def compile_dropcolumn(self, blueprint: Blueprint, command: Command) -> Compiled:
        actions = [ddl.DropColumn(php_text(c)) for c in command.names()]
        yield self.alter(blueprint, actions, command.at)

    def compile_dropprimary(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield self.alter(blueprint, [ddl.DropIndex("PRIMARY")], command.at)

    def _drop_index(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield self.alter(blueprint, [ddl.DropIndex(command.text("index"))], command.at)

    compile_dropunique = compile_dropindex = compile_dropfulltext = compile_dropspatialindex = _drop_index

    def compile_dropforeign(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield self.alter(blueprint, [ddl.DropForeignKey(command.text("index"))], command.at)

    def compile_renameindex(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield self.alter(blueprint, [ddl.RenameIndex(command.text("from"), command.text("to"))], command.at)

    def compile_tablecomment(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield self.alter(blueprint, [ddl.TableOption("COMMENT", command.text("comment"))], command.at)


class MariaDbGrammar(MySqlGrammar):
    """The `mariadb` driver's own grammar, 11 and later."""

    php_class: ClassVar[str] = "Illuminate\\Database\\Schema\\Grammars\\MariaDbGrammar"

    def type_uuid(self, column: ColumnDefinition) -> str:
        return "uuid" if self.settings.version_at_least(10, 7) else "char(36)"

    def compile_vectorindex(self, blueprint: Blueprint, command: Command) -> Compiled:
        parts = self.key_parts(command.names())
        index = ddl.IndexDef("vector", parts, name=command.text("index"), at=command.at)
        yield self.alter(blueprint, [ddl.AddIndex(index)], command.at)

    def json_selector(self, text: str) -> str:
        field, _, path = text.partition("->")
        return f"json_value(`{field}`, '{json_path(path)}')"


def _renamed(column: ddl.ColumnDef, name: str) -> ddl.ColumnDef:
    return replace(column, name=name)


__all__ = ["SERIALS", "MariaDbGrammar", "MySqlGrammar"]
