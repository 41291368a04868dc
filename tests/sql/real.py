"""Real servers, asked the same questions as ours: MariaDB and PostgreSQL on loopback, SQLite in the process."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlsplit

import psycopg
import pymysql

from trueup.model.names import Driver
from trueup.model.schema import Schema

_NUMBERS = count()
MODES = "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"

ColumnFacts = tuple[str, str, bool, str | None, bool]
IndexFacts = tuple[str, tuple[str, ...], bool, bool]
KeyFacts = tuple[str | None, tuple[str, ...], str, tuple[str, ...], str, str]


@dataclass
class TableFacts:
    columns: list[ColumnFacts] = field(default_factory=list)
    indexes: set[IndexFacts] = field(default_factory=set)
    keys: set[KeyFacts] = field(default_factory=set)


class Real(Protocol):
    """A database of our own on a real server."""

    driver: Driver

    def execute(self, sql: str) -> str | None:
        """None, or the code of the refusal."""
        ...

    def facts(self) -> dict[str, TableFacts]: ...


def our_facts(schema: Schema) -> dict[str, TableFacts]:
    """The same facts of a schema of ours."""
    found: dict[str, TableFacts] = {}
    for table in schema.tables:
        facts = TableFacts()
        for c in table.columns:
            facts.columns.append((c.name, c.type, c.nullable, c.default, c.auto_increment))
        for i in table.indexes:
            facts.indexes.add(("" if i.primary else i.name, i.columns, i.unique, i.primary))
        for k in table.foreign_keys:
            facts.keys.add((k.name, k.columns, k.foreign_table, k.foreign_columns, k.on_delete, k.on_update))
        found[table.name] = facts
    return found


class RealMysql:
    driver: Driver = "mariadb"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.connection = pymysql.connect(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 3306,
            user=parts.username or "root",
            password=parts.password or "",
        )
        self.cursor = self.connection.cursor()
        self.name = f"trueup_{os.getpid()}_{next(_NUMBERS)}"
        self.cursor.execute(f"SET SESSION sql_mode = '{MODES}'")
        self.cursor.execute(f"CREATE DATABASE `{self.name}`")
        self.cursor.execute(f"USE `{self.name}`")
        self.command = [f"-h{parts.hostname}", f"-P{parts.port or 3306}", f"-u{parts.username}"]

    def execute(self, sql: str) -> str | None:
        try:
            self.cursor.execute(sql)
        except pymysql.Error as error:
            return str(error.args[0])
        return None

    def rows(self, sql: str) -> list[Any]:
        self.cursor.execute(sql)
        return list(self.cursor.fetchall())

    def facts(self) -> dict[str, TableFacts]:
        tables = self.rows(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
        )
        found = {name: TableFacts() for (name,) in tables}
        for table, name, kind, nullable, default, extra in self.rows(
            "SELECT table_name, column_name, column_type, is_nullable, column_default, extra FROM information_schema.columns "
            "WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"
        ):
            if table in found:
                shown = None if default == "NULL" else default
                found[table].columns.append((name, kind, nullable == "YES", shown, "auto_increment" in extra))
        grouped: dict[tuple[str, str, bool], list[str]] = {}
        for table, name, unique, column in self.rows(
            "SELECT table_name, index_name, non_unique = 0, column_name FROM information_schema.statistics "
            "WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index"
        ):
            grouped.setdefault((table, name, bool(unique)), []).append(column)
        for (table, name, unique), columns in grouped.items():
            primary = name == "PRIMARY"
            found[table].indexes.add(("" if primary else name, tuple(columns), unique, primary))
        self._keys(found)
        return found

    def _keys(self, found: dict[str, TableFacts]) -> None:
        keys: dict[tuple[str, str, str, str, str], list[tuple[str, str]]] = {}
        for table, name, column, foreign, foreign_column, delete, update in self.rows(
            "SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name, "
            "r.delete_rule, r.update_rule FROM information_schema.key_column_usage k "
            "JOIN information_schema.referential_constraints r ON r.constraint_schema = k.constraint_schema "
            "AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name "
            "WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL "
            "ORDER BY k.table_name, k.constraint_name, k.ordinal_position"
        ):
            keys.setdefault((table, name, foreign, delete.lower(), update.lower()), []).append(
                (column, foreign_column)
            )
        for (table, name, foreign, delete, update), pairs in keys.items():
            own, others = tuple(p[0] for p in pairs), tuple(p[1] for p in pairs)
            found[table].keys.add((name, own, foreign, others, delete, update))

    def close(self) -> None:
        self.cursor.execute("SET FOREIGN_KEY_CHECKS = 0")
        self.cursor.execute(f"DROP DATABASE `{self.name}`")
        self.connection.close()


class RealPgsql:
    driver: Driver = "pgsql"

    def __init__(self, url: str) -> None:
        self.url = url
        self.name = f"trueup_{os.getpid()}_{next(_NUMBERS)}"
        with psycopg.connect(url + "postgres", autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{self.name}"')
        self.connection = psycopg.connect(url + self.name, autocommit=True)

    def execute(self, sql: str) -> str | None:
        try:
            self.connection.execute(sql)
        except psycopg.Error as error:
            return error.sqlstate
        return None

    def rows(self, sql: str) -> list[Any]:
        return list(self.connection.execute(sql).fetchall())

    def facts(self) -> dict[str, TableFacts]:
        public = "c.relnamespace = 'public'::regnamespace"
        found = {
            name: TableFacts()
            for (name,) in self.rows(f"SELECT relname FROM pg_class c WHERE {public} AND relkind = 'r'")
        }
        for table, name, kind, notnull, default, generated in self.rows(
            "SELECT c.relname, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), "
            "attgenerated <> '' FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid "
            f"LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum WHERE {public} AND relkind = 'r' "
            "AND attnum > 0 AND NOT attisdropped ORDER BY c.relname, attnum"
        ):
            counter = (default or "").startswith("nextval(")  # as Laravel tells it: an identity is none
            found[table].columns.append((name, kind, not notnull, None if generated else default, counter))
        for table, name, columns, unique, primary in self.rows(
            "SELECT c.relname, ic.relname, ARRAY(SELECT attname::text FROM unnest(indkey) WITH ORDINALITY k(n, o) "
            "JOIN pg_attribute ON attrelid = c.oid AND attnum = n ORDER BY o), indisunique, indisprimary "
            f"FROM pg_index i JOIN pg_class c ON c.oid = indrelid JOIN pg_class ic ON ic.oid = indexrelid WHERE {public}"
        ):
            found[table].indexes.add(("" if primary else name, tuple(columns), unique, primary))
        actions = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
        for table, name, columns, foreign, others, delete, update in self.rows(
            "SELECT c.relname, conname, ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(n, o) "
            "JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY o), f.relname, "
            "ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k(n, o) "
            "JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY o), confdeltype::text, confupdtype::text "
            "FROM pg_constraint JOIN pg_class c ON c.oid = conrelid JOIN pg_class f ON f.oid = confrelid "
            f"WHERE contype = 'f' AND {public}"
        ):
            found[table].keys.add(
                (name, tuple(columns), foreign, tuple(others), actions[delete], actions[update])
            )
        return found

    def close(self) -> None:
        self.connection.close()
        with psycopg.connect(self.url + "postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{self.name}"')


class RealSqlite:
    driver: Driver = "sqlite"

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)

    def execute(self, sql: str) -> str | None:
        """SQLite has no codes: its words."""
        try:
            self.connection.execute(sql).fetchall()
        except sqlite3.Error as error:
            return str(error)
        return None

    def facts(self) -> dict[str, TableFacts]:
        found: dict[str, TableFacts] = {}
        rows = self.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        for (name,) in rows.fetchall():
            facts = found[name] = TableFacts()
            query = 'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)'
            info = self.connection.execute(query, (name,)).fetchall()
            single = sum(1 for row in info if row[4]) == 1
            for column, kind, notnull, default, pk in info:
                counter = bool(single and pk and kind.lower() == "integer")  # as Laravel tells it
                facts.columns.append((column, kind.lower(), not notnull, default, counter))
            primary = tuple(row[0] for row in sorted((r for r in info if r[4]), key=lambda r: r[4]))
            if primary:
                facts.indexes.add(("", primary, True, True))
            self._indexes(name, facts)
            self._keys(name, facts)
        return found

    def _indexes(self, table: str, facts: TableFacts) -> None:
        for _, name, unique, origin, _ in self.connection.execute(
            "SELECT * FROM pragma_index_list(?)", (table,)
        ).fetchall():
            if origin != "pk":
                rows = self.connection.execute(
                    "SELECT name FROM pragma_index_info(?) ORDER BY seqno", (name,)
                ).fetchall()
                facts.indexes.add((name, tuple(r[0] for r in rows if r[0] is not None), bool(unique), False))

    def _keys(self, table: str, facts: TableFacts) -> None:
        keys: dict[int, list[Any]] = {}
        for row in self.connection.execute(
            "SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq", (table,)
        ).fetchall():
            keys.setdefault(row[0], []).append(row)
        for rows in keys.values():
            own, others = tuple(r[3] for r in rows), tuple(r[4] for r in rows if r[4] is not None)
            facts.keys.add(
                (
                    None,
                    own,
                    rows[0][2],
                    others or self._primary(rows[0][2]),
                    rows[0][6].lower(),
                    rows[0][5].lower(),
                )
            )

    def _primary(self, table: str) -> tuple[str, ...]:
        rows = self.connection.execute(
            "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk", (table,)
        ).fetchall()
        return tuple(r[0] for r in rows)

    def close(self) -> None:
        self.connection.close()


@contextmanager
def real(driver: Driver, mysql_url: str, pgsql_url: str) -> Iterator[Real]:
    """A database for one test, dropped afterwards."""
    server: RealMysql | RealPgsql | RealSqlite
    match driver:
        case "pgsql":
            server = RealPgsql(pgsql_url)
        case "sqlite":
            server = RealSqlite()
        case _:
            server = RealMysql(mysql_url)
    try:
        yield server
    finally:
        server.close()
