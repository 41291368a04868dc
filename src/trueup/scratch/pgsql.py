"""Scratch databases on PostgreSQL, and on what speaks its protocol."""

from __future__ import annotations

from contextlib import closing, suppress

import psycopg
from psycopg import sql

from trueup.model.names import Driver
from trueup.scratch.hosts import refused, silent
from trueup.sources.database.sessions.pgsql import connection_problem, connection_settings
from trueup.sources.database.url import Address
from trueup.structs import replace

_MAY_NOT = "42501"  # insufficient_privilege
_WITHOUT_OPTIONS = ("0A000", "22023", "42601")  # a server that has no templates or encodings to choose from
_SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
)


class PgsqlServer:
    """`address.database`, else "postgres", is where CREATE and DROP DATABASE are said: nothing in it is read or changed."""

    def __init__(self, address: Address) -> None:
        self._at = address

    def version(self) -> str:
        with closing(self._connect()) as connection:
            row = connection.execute("SELECT version()").fetchone()
        return str(row[0]) if row else ""

    def driver(self, version: str) -> Driver:
        return "pgsql"

    def names(self) -> list[str]:
        with closing(self._connect()) as connection:
            return [str(row[0]) for row in connection.execute("SELECT datname FROM pg_database")]

    def create(self, name: str) -> None:
        plain = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        with closing(self._connect()) as connection:
            try:
                try:
                    # template1 may hold what the site put there, and can't be copied while somebody is in it.
                    connection.execute(plain + sql.SQL(" ENCODING 'UTF8' TEMPLATE template0"))
                except psycopg.Error as problem:
                    if problem.sqlstate not in _WITHOUT_OPTIONS:
                        raise
                    connection.execute(plain)
            except psycopg.Error as problem:
                words = "the user may not create databases" if problem.sqlstate == _MAY_NOT else "refused"
                raise refused(self._at, f"{words} (SQLSTATE {problem.sqlstate})") from None

    def drop(self, name: str) -> None:
        with closing(self._connect()) as connection:
            with suppress(psycopg.Error):  # where we may not, there is nobody but us either
                connection.execute(_SESSIONS, (name,))
            drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
            try:
                connection.execute(drop + sql.SQL(" WITH (FORCE)"))
            except psycopg.errors.SyntaxError:  # before PostgreSQL 13
                connection.execute(drop)

    def address(self, name: str) -> Address:
        at = self._at
        return replace(at, shown=f"pgsql://{at.host}:{at.port}/{name}", database=name)

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        settings = connection_settings(self._at)
        try:
            return psycopg.connect(**settings, connect_timeout=10, autocommit=True)
        except psycopg.Error as problem:
            raise silent(self._at, connection_problem(str(problem))) from None
