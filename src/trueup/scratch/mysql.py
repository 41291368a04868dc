"""Scratch databases on MySQL and MariaDB, and on what speaks their protocol."""

from __future__ import annotations

from contextlib import closing, suppress

import pymysql

from trueup.model.names import Driver
from trueup.scratch.hosts import refused, silent
from trueup.sources.database.sessions.mysql import connection_problem, connection_settings
from trueup.sources.database.url import Address
from trueup.structs import replace

_MAY_NOT = (1044, 1045, 1142, 1227)  # ER_DBACCESS_DENIED_ERROR and its like
_LOCK_SECONDS = 10


class MysqlServer:
    """Whatever database the URL names is not used: CREATE and DROP DATABASE need none."""

    def __init__(self, address: Address) -> None:
        self._at = address

    def version(self) -> str:
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT VERSION()")
            row = cursor.fetchone()
        return str(row[0]) if row else ""

    def driver(self, version: str) -> Driver:
        return "mariadb" if "mariadb" in version.lower() else "mysql"

    def names(self) -> list[str]:
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW DATABASES")
            return [str(row[0]) for row in cursor.fetchall()]

    def create(self, name: str) -> None:
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            try:
                # What Laravel's own connection asks for, on every version of either server.
                cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
            except pymysql.Error as problem:
                code = problem.args[0] if problem.args else "?"
                words = "the user may not create databases" if code in _MAY_NOT else "refused"
                raise refused(self._at, f"{words} (error {code})") from None

    def drop(self, name: str) -> None:
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT id FROM information_schema.processlist WHERE db = %s", (name,))
            for (session,) in cursor.fetchall():
                with suppress(pymysql.Error):  # it ended by itself
                    cursor.execute(f"KILL {int(session)}")
            cursor.execute(f"SET SESSION lock_wait_timeout = {_LOCK_SECONDS}")
            cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")

    def address(self, name: str) -> Address:
        at = self._at
        return replace(at, shown=f"{at.driver}://{at.host}:{at.port}/{name}", database=name)

    def _connect(self) -> pymysql.Connection[pymysql.cursors.Cursor]:
        settings = {**connection_settings(self._at), "database": None}
        try:
            return pymysql.connect(**settings, connect_timeout=10, read_timeout=60, autocommit=True)
        except pymysql.Error as problem:
            raise silent(self._at, connection_problem(problem.args[0] if problem.args else 0)) from None
