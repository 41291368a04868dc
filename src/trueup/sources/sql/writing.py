"""A schema as the DDL that makes it on its own server: tables first, foreign keys last, so that the order never matters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.names import Driver
from trueup.model.schema import Check, Column, ForeignKey, Index, Schema, Table
from trueup.structs import Struct

MYSQL: tuple[Driver, ...] = ("mysql", "mariadb")

_SERIAL = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
_NEXTVAL = re.compile(r"""nextval\('(?P<name>(?:[^']|'')+)'::regclass\)""")
_PLAIN_DEFAULT = re.compile(
    r"-?\d+(\.\d+)?|'.*'|null|true|false|current_timestamp(\(\d*\))?|now\(\)|b'[01]*'|x'[0-9a-f]*'",
    re.IGNORECASE | re.DOTALL,
)


class Ddl(Struct, frozen=True):
    """One statement, without a semicolon, and the table that it makes or changes."""

    table: str
    sql: str


def ddl_of(schema: Schema) -> tuple[Ddl, ...]:
    """The statements that make the schema on its own server, in an order in which they can be carried out. What the server makes
    by itself (implied indexes) is left to it."""
    tables = sorted(schema.tables, key=lambda t: t.name)
    writer = Writer(schema.driver)
    statements = [
        Ddl(name, f"CREATE SCHEMA IF NOT EXISTS {writer.name(name)}") for name in _namespaces(schema)
    ]
    statements.extend(Ddl(table.name, statement) for table in tables for statement in writer.table(table))
    if schema.driver != "sqlite":
        keys = [(table, key) for table in tables for key in table.foreign_keys]
        statements.extend(Ddl(table.name, writer.foreign_key(table, key)) for table, key in keys)
    return tuple(statements)


def _namespaces(schema: Schema) -> list[str]:
    """The schemas of PostgreSQL that tables name, without the one that is always there."""
    names = {t.name.partition(".")[0] for t in schema.tables if schema.driver == "pgsql" and "." in t.name}
    return sorted(names - {"public"})


class Writer:
    """DDL in the dialect of one driver."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.is_mysql = driver in MYSQL

    def name(self, text: str) -> str:
        """A quoted identifier; "schema.table" keeps its dot outside on PostgreSQL."""
        if self.is_mysql:
            return "`" + text.replace("`", "``") + "`"
        if self.driver == "pgsql" and "." in text:
            return ".".join('"' + part.replace('"', '""') + '"' for part in text.split("."))
        return '"' + text.replace('"', '""') + '"'

    def names(self, texts: tuple[str, ...]) -> str:
        return ", ".join(map(self.name, texts))

    def string(self, text: str) -> str:
        text = text.replace("'", "''")
        return "'" + (text.replace("\\", "\\\\") if self.is_mysql else text) + "'"

    def table(self, table: Table) -> Iterator[str]:
        renamed = [pair for column in table.columns if (pair := self.sequence(table, column))]
        for sequence, _ in renamed:
            yield f"CREATE SEQUENCE {sequence}"
        lines = [self.column(table, column) for column in table.columns]
        lines.extend(self.constraints(table))
        body = ",\n".join(f"  {line}" for line in lines)
        yield f"CREATE TABLE {self.name(table.name)} (\n{body}\n){self.table_options(table)}"
        for sequence, column in renamed:
            yield f"ALTER SEQUENCE {sequence} OWNED BY {self.name(table.name)}.{self.name(column)}"
        for index in table.indexes:
            if not (index.primary or index.implied or self.is_constraint(index)):
                yield self.index(table, index)
        if self.driver == "pgsql":
            yield from self.comments(table)

    def constraints(self, table: Table) -> Iterator[str]:
        primary = table.primary_key
        if primary and not self.is_sqlite_rowid(table):
            renamed = self.driver == "pgsql" and primary.name != f"{table.name}_pkey"
            named = f"CONSTRAINT {self.name(primary.name)} " if renamed else ""
            yield f"{named}PRIMARY KEY ({self.key_parts(primary)})"
        for index in table.indexes:
            if self.is_constraint(index) and not index.primary:
                yield f"UNIQUE ({self.key_parts(index)})"
        for check in table.checks:
            yield self.check(check)
        if self.driver == "sqlite":
            for key in table.foreign_keys:
                yield f"FOREIGN KEY ({self.names(key.columns)}) {self.references(key)}"

    def check(self, check: Check) -> str:
        named = f"CONSTRAINT {self.name(check.name)} " if check.name else ""
        text = check.expression.strip()
        return f"{named}CHECK {text}" if _is_wrapped(text) else f"{named}CHECK ({text})"

    def is_sqlite_rowid(self, table: Table) -> bool:
        """AUTOINCREMENT stands at the column, with its primary key."""
        return self.driver == "sqlite" and any(c.auto_increment for c in table.columns)

    def is_constraint(self, index: Index) -> bool:
        """SQLite names the index of a constraint itself."""
        return self.driver == "sqlite" and index.name.startswith("sqlite_autoindex_")

    def sequence(self, table: Table, column: Column) -> tuple[str, str] | None:
        """The sequence of a PostgreSQL column, as its default writes it, and the column, where it is not the one that
        serial would make: the table or column was renamed."""
        found = (
            _NEXTVAL.fullmatch(column.default or "")
            if self.driver == "pgsql" and column.auto_increment
            else None
        )
        if found is None or found["name"] == f"{table.name}_{column.name}_seq":
            return None
        return found["name"], column.name

    def column(self, table: Table, column: Column) -> str:
        if self.driver == "sqlite" and column.auto_increment:
            return f"{self.name(column.name)} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"
        parts = [self.name(column.name), self.column_type(table, column)]
        if self.is_mysql and column.charset and "char" in column.type + "text":
            parts.append(f"CHARACTER SET {column.charset}")
        if column.collation and column.charset != "binary" and _is_text(column.type):
            parts.append(f"COLLATE {column.collation if self.is_mysql else self.name(column.collation)}")
        if column.generated:
            parts.append(self.generated(column))
        if not column.nullable:
            parts.append("NOT NULL")
        elif self.is_mysql and column.type.startswith("timestamp"):
            parts.append("NULL")
        if self.sequence(table, column):
            parts.append(f"DEFAULT {column.default}")
        parts.extend(self.tail(column))
        return " ".join(parts)

    def column_type(self, table: Table, column: Column) -> str:
        serial = (
            self.driver == "pgsql" and column.auto_increment and (column.default or "").startswith("nextval(")
        )
        if serial and self.sequence(table, column) is None:
            return _SERIAL.get(column.type, column.type)
        return column.type

    def generated(self, column: Column) -> str:
        kind = "STORED" if column.stored else "VIRTUAL"
        always = "GENERATED ALWAYS AS" if self.driver == "pgsql" else "AS"
        return f"{always} ({column.generated}) {kind}"

    def tail(self, column: Column) -> Iterator[str]:
        if column.counts:
            if self.is_mysql:
                yield "AUTO_INCREMENT"
            elif column.default is None:
                yield "GENERATED BY DEFAULT AS IDENTITY"
        elif column.default is not None and not column.generated:
            yield f"DEFAULT {self.default(column)}"
        if column.on_update and self.is_mysql:
            yield f"ON UPDATE {column.on_update}"
        if column.comment and self.is_mysql:
            yield f"COMMENT {self.string(column.comment)}"

    def default(self, column: Column) -> str:
        """The server's own text, in brackets where it is an expression; MySQL reports text defaults without quotes."""
        text = column.default or ""
        if self.driver == "mysql" and _takes_expressions_only(column) and not _is_wrapped(text):
            is_sql = text.lower() == "null" or text.startswith("'") or "(" in text
            return text if text.lower() == "null" else f"({text if is_sql else self.string(text)})"
        if self.driver == "pgsql" or _PLAIN_DEFAULT.fullmatch(text) or _is_wrapped(text):
            return text
        if self.driver == "mysql" and (
            _is_text(column.type) or column.type.startswith(("enum", "set", "date", "time"))
        ):
            return self.string(text) if "(" not in text else f"({text})"
        return f"({text})"

    def key_parts(self, index: Index) -> str:
        lengths = index.prefix_lengths or (0,) * len(index.columns)
        columns = [
            self.name(column) + (f"({length})" if length else "")
            for column, length in zip(index.columns, lengths, strict=False)
        ]
        return ", ".join([*columns, *(f"({e})" for e in index.expressions)])

    def index(self, table: Table, index: Index) -> str:
        special = (
            f"{index.kind.upper()} "
            if self.is_mysql and index.kind in ("fulltext", "spatial", "vector")
            else ""
        )
        unique = "UNIQUE " if index.unique else ""
        using = f" USING {index.kind}" if self.driver == "pgsql" and index.kind not in ("btree", "") else ""
        where = f" WHERE {index.where}" if index.where and not self.is_mysql else ""
        place = f"ON {self.name(table.name)}{using} ({self.key_parts(index)})"
        return f"CREATE {unique}{special}INDEX {self.name(index.name)} {place}{where}"

    def references(self, key: ForeignKey) -> str:
        text = f"REFERENCES {self.name(key.foreign_table)} ({self.names(key.foreign_columns)})"
        for event, action in (("DELETE", key.on_delete), ("UPDATE", key.on_update)):
            if action and action != "no action":
                text += f" ON {event} {action.upper()}"
        return text

    def foreign_key(self, table: Table, key: ForeignKey) -> str:
        named = f"CONSTRAINT {self.name(key.name)} " if key.name else ""
        columns = self.names(key.columns)
        return (
            f"ALTER TABLE {self.name(table.name)} ADD {named}FOREIGN KEY ({columns}) {self.references(key)}"
        )

    def table_options(self, table: Table) -> str:
        if not self.is_mysql:
            return ""
        options = [f"ENGINE={table.engine}"] if table.engine else []
        if table.collation:
            options.append(f"DEFAULT CHARACTER SET {table.collation.split('_')[0]} COLLATE {table.collation}")
        if table.comment:
            options.append(f"COMMENT={self.string(table.comment)}")
        return "".join(f" {option}" for option in options)

    def comments(self, table: Table) -> Iterator[str]:
        if table.comment:
            yield f"COMMENT ON TABLE {self.name(table.name)} IS {self.string(table.comment)}"
        for column in table.columns:
            if column.comment:
                place = f"{self.name(table.name)}.{self.name(column.name)}"
                yield f"COMMENT ON COLUMN {place} IS {self.string(column.comment)}"


def _takes_expressions_only(column: Column) -> bool:
    """MySQL 8: no literal as the default of BLOB, TEXT, GEOMETRY and JSON (manual, "Data Type Default Values")."""
    return re.search("text|blob|json", column.type) is not None


def _is_text(text: str) -> bool:
    return bool(re.search(r"char|text|enum|set\(", text))


def _is_wrapped(text: str) -> bool:
    """Whether one pair of brackets encloses the whole."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for position, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return position == len(text) - 1
    return False
