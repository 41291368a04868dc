"""The few words in which the servers differ when they are asked about rows."""

from __future__ import annotations

from trueup.model.names import Driver
from trueup.sources.sql.writing import MYSQL, Writer
from trueup.structs import Struct


class Dialect(Struct, frozen=True):
    driver: Driver
    version: str = ""

    @property
    def is_mysql(self) -> bool:
        return self.driver in MYSQL

    def name(self, text: str) -> str:
        return Writer(self.driver).name(text)

    def string(self, text: str) -> str:
        return Writer(self.driver).string(text)

    def text(self, value: str) -> str:
        """A value as text."""
        return f"CAST({value} AS CHAR)" if self.is_mysql else f"CAST({value} AS TEXT)"

    def length(self, value: str) -> str:
        """Characters, not bytes."""
        return {"pgsql": f"char_length(CAST({value} AS TEXT))", "sqlite": f"length({value})"}.get(
            self.driver, f"CHAR_LENGTH({value})"
        )

    def bytes(self, value: str) -> str:
        return f"length(CAST({value} AS BLOB))" if self.driver == "sqlite" else f"OCTET_LENGTH({value})"

    def unlike(self, value: str, pattern: str) -> str | None:
        """That a text does not match a regular expression; None on SQLite, which has none."""
        if self.driver == "sqlite":
            return None
        return f"{value} !~ '{pattern}'" if self.driver == "pgsql" else f"{value} NOT REGEXP '{pattern}'"

    def sampled(self, table: str, alias: str, percent: float | None, key: str) -> tuple[str, str]:
        """FROM's text for the table under an alias, and a further condition, for about this percentage of rows. `key` is a single
        integer primary key or ""; without it only PostgreSQL can take a sample, and ("", "") says so."""
        name = self.name(table)
        if percent is None:
            return f"{name} AS {alias}", ""
        if self.driver == "pgsql":
            return f"{name} AS {alias} TABLESAMPLE SYSTEM ({percent:g}) REPEATABLE (1)", ""
        if not key:
            return "", ""
        return f"{name} AS {alias}", f"{alias}.{self.name(key)} % {max(1, round(100 / percent))} = 0"
