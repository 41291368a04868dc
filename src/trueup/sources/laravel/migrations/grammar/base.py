"""What the grammars of all servers have in common.

A grammar turns a blueprint's commands into statements before any of them is carried out, as the framework does: an
exception while building leaves the table untouched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import ClassVar, Literal, Protocol

from trueup.model.locations import NOWHERE, Location
from trueup.model.schema import Table
from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.columns import unknown_type
from trueup.sources.laravel.migrations.fluent import (
    ColumnDefinition,
    Command,
    Expression,
    FrameworkError,
    php_text,
)
from trueup.sources.laravel.migrations.parts import key_parts
from trueup.sources.laravel.migrations.settings import Settings
from trueup.sources.sql import ddl
from trueup.sources.sql.read import read_sql
from trueup.structs import replace

SERIALS = ("bigInteger", "integer", "mediumInteger", "smallInteger", "tinyInteger")
IndexKind = Literal["primary", "unique", "index", "fulltext", "spatial", "vector"]
Compiled = Iterable[ddl.Statement]


class Live(Protocol):
    """The server as it stands while a blueprint is built: rebuilds and doctrine/dbal read the table first."""

    def table(self, name: str) -> Table | None:
        """The table with its prefix, as the server reports it; None where there is none."""
        ...

    @property
    def foreign_keys_enforced(self) -> bool:
        """SQLite's `pragma foreign_keys`."""
        ...


_INSIDE = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)|'[^']*'")
_MYSQL_CLAUSE = re.compile(r"\s(on(?=\s{1,9}update\b)|comment\b)", re.I)
_OPERATION = re.compile(r"\s(\+|-|\*|/|\|\|)\s")
_CALL = re.compile(r"[A-Za-z_]\w*\s*\(")


class BrokenSql(Exception):
    """The framework builds SQL that no server can read (a quote it does not escape): `near` is where it breaks."""

    def __init__(self, near: str, at: Location) -> None:
        super().__init__(near)
        self.near = near
        self.at = at


class Grammar:
    """One server's grammar. `compile_<command>` methods give the statements of one command."""

    php_class: ClassVar[str] = ""
    types: ClassVar[dict[str, Callable[..., str]]] = {}

    def __init__(self, settings: Settings, live: Live) -> None:
        self.settings = settings
        self.live = live

    # The walk over the commands

    def compile(self, blueprint: Blueprint) -> list[ddl.Statement]:
        """Every statement of the blueprint. Raises `FrameworkError` as the framework would."""
        blueprint.add_implied_commands()
        self.check(blueprint)
        statements: list[ddl.Statement] = []
        for command in self.commands(blueprint):
            if command.skipped:
                continue
            compiler = self.compiler(command.name)
            if compiler is None:
                continue
            try:
                statements.extend(compiler(blueprint, command))
            except BrokenSql as broken:
                statements.append(ddl.Refusal(self.near(broken.near), self.syntax_code, at=broken.at))
        return statements

    def near(self, text: str) -> str:
        """The server's words for a syntax error."""
        if self.settings.driver == "sqlite":
            return f'near "{text}": syntax error'
        if self.settings.driver == "pgsql":
            return f'syntax error at or near "{text}"'
        product = "MariaDB" if self.settings.maria else "MySQL"
        return (
            f"You have an error in your SQL syntax; check the manual that corresponds to your {product} server version "
            f"for the right syntax to use near '{text}' at line 1"
        )

    def commands(self, blueprint: Blueprint) -> Iterable[Command]:
        return blueprint.commands

    def check(self, blueprint: Blueprint) -> None:
        """`Blueprint::ensureCommandsAreValid`."""

    def compiler(self, name: str) -> Callable[[Blueprint, Command], Compiled] | None:
        return getattr(self, "compile_" + name.lower(), None)

    # Names

    def wrap_table(self, table: object) -> str:
        if isinstance(table, Expression):
            return table.sql.strip('`"')
        text = php_text(table)
        schema, dot, name = text.rpartition(".")
        if dot and self.settings.major >= 12:
            return f"{schema}.{self.settings.prefix}{name}"
        return self.settings.prefix + text

    def table_of(self, blueprint: Blueprint) -> str:
        return self.wrap_table(blueprint.table)

    # Columns

    def type_of(self, column: ColumnDefinition) -> str:
        """The column's SQL type. May set its default and on-update first, as the framework's type methods do."""
        name = column.type
        method = getattr(self, "type_" + name.lower(), None)
        if method is None:
            raise unknown_type(self.php_class, name)
        result: str = method(column)
        return result

    def type_computed(self, column: ColumnDefinition) -> str:
        raise FrameworkError(
            "RuntimeException",
            "This database driver requires a type, see the virtualAs / storedAs modifiers.",
        )

    def type_vector(self, column: ColumnDefinition) -> str:
        raise FrameworkError("RuntimeException", "This database driver does not support the vector type.")

    def type_tsvector(self, column: ColumnDefinition) -> str:
        raise FrameworkError("RuntimeException", "This database driver does not support the tsvector type.")

    def type_raw(self, column: ColumnDefinition) -> str:
        return column.text("definition")

    def is_generated(self, column: ColumnDefinition) -> bool:
        return any(column.has(n) for n in ("virtualAs", "virtualAsJson", "storedAs", "storedAsJson"))

    def generated_expression(self, column: ColumnDefinition) -> tuple[str | None, bool]:
        """The expression and whether it is stored."""
        for name, stored in (
            ("virtualAsJson", False),
            ("virtualAs", False),
            ("storedAsJson", True),
            ("storedAs", True),
        ):
            if column.has(name):
                text = column.text(name)
                json = name.endswith("Json") and "->" in text
                return (self.json_selector(text) if json else text), stored
        return None, False

    def json_selector(self, text: str) -> str:
        field, _, path = text.partition("->")
        return f"json_extract({field}, '{json_path(path)}')"

    def default_of(self, column: ColumnDefinition) -> str | None:
        value = column.get("default")
        if isinstance(value, str) and self.settings.major <= 11:
            # Up to 11 quotes in a default are not escaped; in an enum's values they never are.
            unescaped(value, column.at)
        if isinstance(value, Expression):
            self.check_raw_default(value.sql, column.at)
        return None if value is None else default_text(value)

    def auto_increments(self, column: ColumnDefinition) -> bool:
        return column.type in SERIALS and column.truthy("autoIncrement")

    def check_raw_default(self, sql: str, at: Location) -> None:
        """Raises BrokenSql for MySQL's clauses behind a value, and for an expression that this server wants in parentheses."""
        clause = _MYSQL_CLAUSE.search(_INSIDE.sub("", sql)) if not self.settings.mysql_family else None
        if clause is not None:
            raise BrokenSql(clause[1], at)
        if self.settings.driver == "pgsql":
            return
        found = _OPERATION.search(_INSIDE.sub("", sql.strip()))
        if found is not None:
            raise BrokenSql(found[1], at)
        if self.settings.driver == "sqlite" and _CALL.match(sql.strip()):
            raise BrokenSql("(", at)

    def raw_column(self, column: ColumnDefinition) -> ddl.ColumnDef:
        """`rawColumn()`: the definition is SQL, and the modifiers stand behind it."""
        quote = "`" if self.settings.mysql_family else '"'
        null = "" if self.settings.driver == "sqlite" else " null"
        ending = null if column.truthy("nullable") else " not null"
        default = self.default_of(column)
        ending += f" default {default}" if default is not None else ""
        sql = (
            f"create table {quote}t{quote} ({quote}{column.name}{quote} {column.text('definition')}{ending})"
        )
        for statement in read_sql(
            sql, self.settings.driver, column.at, server_version=self.settings.server_version or None
        ):
            if isinstance(statement, ddl.CreateTable) and len(statement.columns) == 1:
                return replace(statement.columns[0], at=column.at)
        raise BrokenSql(column.text("definition"), column.at)

    # Indexes and keys

    def index_def(self, command: Command, kind: IndexKind, **more: object) -> ddl.IndexDef:
        operator = command.get("operatorClass")
        if not command.names():
            raise BrokenSql(")", command.at)
        parts = self.key_parts(command.names(), php_text(operator) if operator else None)
        method = command.get("algorithm")
        return ddl.IndexDef(
            kind=kind,
            parts=parts,
            name=command.text("index") or None,
            method=php_text(method).lower() if method else None,
            at=command.at,
            **more,  # type: ignore[arg-type]  # the callers pass IndexDef's own flags
        )

    def raw_index(
        self, blueprint: Blueprint, command: Command, kind: str = "index"
    ) -> list[ddl.Statement] | None:
        """An index with raw SQL among its columns is read as the server reads it; None: it has none."""
        if not any(isinstance(c, Expression) for c in command.names()):
            return None
        quote = "`" if self.settings.mysql_family else '"'
        columns = ", ".join(
            c.sql if isinstance(c, Expression) else f"{quote}{php_text(c)}{quote}" for c in command.names()
        )
        table, name = f"{quote}{self.table_of(blueprint)}{quote}", f"{quote}{command.text('index')}{quote}"
        if self.settings.mysql_family:
            sql = f"alter table {table} add {kind} {name}({columns})"
        else:
            method = f" using {command.text('algorithm')}" if command.truthy("algorithm") else ""
            unique = "unique " if kind == "unique" else ""
            sql = f"create {unique}index {name} on {table}{method} ({columns})"
        version = self.settings.server_version or None
        return list(read_sql(sql, self.settings.driver, command.at, server_version=version))

    def key_parts(
        self, columns: Iterable[object], operator_class: str | None = None
    ) -> tuple[ddl.KeyPart, ...]:
        parts: list[ddl.KeyPart] = []
        for column in columns:
            if isinstance(column, Expression):
                parts.extend(key_parts(column.sql))
            else:
                quoted = self.settings.driver == "sqlite"
                parts.append(
                    ddl.KeyPart(column=php_text(column), operator_class=operator_class, quoted=quoted)
                )
        return tuple(parts)

    def foreign_key(self, command: Command, named: bool = True) -> ddl.ForeignKeyDef:
        if not command.names("references"):
            raise BrokenSql(")", command.at)
        return ddl.ForeignKeyDef(
            columns=tuple(php_text(c) for c in command.names()),
            foreign_table=self.wrap_table(command.get("on")),
            foreign_columns=tuple(php_text(c) for c in command.names("references")),
            name=command.text("index") if named else None,
            on_delete=command.text("onDelete").lower() if command.has("onDelete") else None,
            on_update=command.text("onUpdate").lower() if command.has("onUpdate") else None,
            not_valid=command.has("notValid"),
            at=command.at,
        )

    def incomplete(self, command: Command) -> ddl.Refusal | None:
        """A foreign key that was never told its table or its columns is a syntax error on every server."""
        if command.get("on") in (None, "") or not command.names("references"):
            return ddl.Refusal(self.syntax_error(command), self.syntax_code, at=command.at)
        return None

    syntax_code: ClassVar[str] = ""

    def syntax_error(self, command: Command) -> str:
        return f"syntax error: foreign key {command.text('index')} does not say what it references"

    # Commands that are the same everywhere

    def compile_drop(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield ddl.DropTable(self.table_of(blueprint), at=command.at)

    def compile_dropifexists(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield ddl.DropTable(self.table_of(blueprint), if_exists=True, at=command.at)

    def compile_rename(self, blueprint: Blueprint, command: Command) -> Compiled:
        yield ddl.RenameTable(self.table_of(blueprint), self.wrap_table(command.text("to")), at=command.at)

    def alter(self, blueprint: Blueprint, actions: Iterable[ddl.Action], at: Location) -> ddl.AlterTable:
        return ddl.AlterTable(self.table_of(blueprint), tuple(actions), at=at)

    def foreign_column(self, command: Command) -> ColumnDefinition:
        """The column that an "add", "change" or fluent command is about."""
        column = command.get("column")
        assert isinstance(column, ColumnDefinition)
        return column

    def compile_foreign(self, blueprint: Blueprint, command: Command) -> Compiled:
        wrong = self.incomplete(command)
        if wrong is not None:
            yield wrong
        else:
            yield self.alter(blueprint, [ddl.AddForeignKey(self.foreign_key(command))], command.at)

    def compile_renamecolumn(self, blueprint: Blueprint, command: Command) -> Compiled:
        if not self.settings.uses_native_operations:
            from trueup.sources.laravel.migrations.grammar import dbal

            return dbal.rename_column(self, blueprint, command)
        action = ddl.RenameColumn(command.text("from"), command.text("to"))
        return [self.alter(blueprint, [action], command.at)]

    def compile_change(self, blueprint: Blueprint, command: Command) -> Compiled:
        """Before 11 one command stands for all changed columns; without native operations doctrine/dbal does them."""
        if self.settings.major >= 11:
            return self.change_native(blueprint, [self.foreign_column(command)], command.at)
        native = (
            self.settings.major == 10
            and self.settings.uses_native_operations
            and self.settings.driver != "sqlite"
        )
        if native:
            return self.change_native(blueprint, blueprint.changed_columns, command.at)
        if not self.settings.dbal:
            raise FrameworkError(
                "RuntimeException",
                f'Changing columns for table "{blueprint.table}" requires Doctrine DBAL. '
                "Please install the doctrine/dbal package.",
            )
        from trueup.sources.laravel.migrations.grammar import dbal

        return dbal.change_columns(self, blueprint, command)

    def change_native(self, blueprint: Blueprint, columns: list[ColumnDefinition], at: Location) -> Compiled:
        raise NotImplementedError


def default_text(value: object) -> str:
    """`Grammar::getDefaultValue`: expressions as they are, everything else quoted."""
    if isinstance(value, Expression):
        return value.sql
    if isinstance(value, bool):
        return "'1'" if value else "'0'"
    return quoted(php_text(value))


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def unescaped(text: str, at: Location) -> None:
    """Raises BrokenSql for a text whose own quotes end it."""
    if text.count("'") % 2:
        raise BrokenSql(text.split("'", 1)[1].split(" ", 1)[0] or "'", at)


def allowed_values(column: ColumnDefinition) -> object:
    """An enum's or set's values; MySQL and PostgreSQL know none without."""
    allowed = column.get("allowed")
    if not allowed:
        raise BrokenSql(")", column.at)
    return allowed


def quoted_list(values: object, at: Location = NOWHERE) -> str:
    """`quoteString` of a list: 'a', 'b'."""
    items = values if isinstance(values, list) else [values]
    for item in items:
        unescaped(php_text(item), at)
    return ", ".join(quoted(php_text(v)) for v in items)


def json_path(path: str) -> str:
    return "$." + ".".join(f'"{p}"' for p in path.split("->"))
