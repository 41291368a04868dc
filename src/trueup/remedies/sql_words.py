"""Statements of SQL that several scripts need, in the words of one driver."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.names import Driver
from trueup.model.schema import Column, Index, Table
from trueup.sources.sql.writing import MYSQL, Writer


class Words:
    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.writer = Writer(driver)
        self.is_mysql = driver in MYSQL

    def alter(self, table: str) -> str:
        return f"ALTER TABLE {self.writer.name(table)}"

    def not_null(self, table: Table, column: Column) -> Iterator[str]:
        """With a validated CHECK, PostgreSQL need not read the table under its strongest lock."""
        head = self.alter(table.name)
        if self.is_mysql:
            yield f"{head} MODIFY COLUMN {self.writer.column(table, column)}"
            return
        name = self.writer.name(column.name)
        check = self.writer.name(f"{table.name}_{column.name}_not_null"[:63])
        yield f"{head} ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID"
        yield f"{head} VALIDATE CONSTRAINT {check}"
        yield f"{head} ALTER COLUMN {name} SET NOT NULL"
        yield f"{head} DROP CONSTRAINT {check}"

    def index(self, table: str, index: Index) -> str:
        text = self.writer.index(Table(table), index)
        if self.driver == "pgsql":
            return text.replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
        return f"{text} ALGORITHM=INPLACE LOCK=NONE" if self.is_mysql and index.kind == "btree" else text

    def no_index(self, table: str, index: Index) -> Iterator[str]:
        name = self.writer.name(index.name)
        if self.is_mysql:
            yield f"DROP INDEX {name} ON {self.writer.name(table)}"
            return
        if (
            index.unique and self.driver == "pgsql"
        ):  # made as a constraint by Laravel, as an index by statements of ours
            yield f"{self.alter(table)} DROP CONSTRAINT IF EXISTS {name}"
            yield f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
            return
        yield f"DROP INDEX {'CONCURRENTLY ' if self.driver == 'pgsql' else ''}{name}"

    def rename_index(self, table: str, name: str, to: str) -> str:
        if self.is_mysql:
            return f"{self.alter(table)} RENAME INDEX {self.writer.name(name)} TO {self.writer.name(to)}"
        return f"ALTER INDEX {self.writer.name(name)} RENAME TO {self.writer.name(to)}"
