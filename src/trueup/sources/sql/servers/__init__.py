"""Database servers in miniature: they carry out `ddl` statements as the real ones do, and refuse what those refuse.

server = server_for("mysql", None)
for statement in read_sql(text, "mysql"):
    server.execute(statement)      # or Refused(reason, code, at)
schema = server.freeze()
"""

from __future__ import annotations

from trueup.model.names import Driver
from trueup.sources.sql.servers.base import Server
from trueup.sources.sql.servers.catalog import Snapshot, TableState
from trueup.sources.sql.servers.refused import Refused

__all__ = ["Refused", "Server", "Snapshot", "TableState", "server_for"]


def server_for(
    driver: Driver,
    version: str | None = None,
    *,
    charset: str | None = None,
    collation: str | None = None,
    engine: str | None = None,
    strict: bool = True,
    foreign_key_checks: bool | None = None,
) -> Server:
    """An empty server. `version` is its version's text ("8.0.36", "10.11.6-MariaDB", "15.4", "3.45.1"); None: MariaDB 10.11 for
    `mysql` and `mariadb`, PostgreSQL 15, SQLite 3.53. `charset`, `collation`, `engine`: MySQL's defaults of the database
    (utf8mb4, InnoDB). `strict`: MySQL's strict SQL mode. `foreign_key_checks` None: on, except on SQLite, where it is
    off until PRAGMA foreign_keys = ON (Laravel sends it when its connection says foreign_key_constraints)."""
    return _class_for(driver)(
        version,
        charset=charset,
        collation=collation,
        engine=engine,
        strict=strict,
        foreign_key_checks=foreign_key_checks,
        driver=driver,
    )


def _class_for(driver: Driver) -> type[Server]:
    """Each server is imported when it is wanted."""
    if driver == "pgsql":
        from trueup.sources.sql.servers.pgsql.server import PgsqlServer

        return PgsqlServer
    if driver == "sqlite":
        from trueup.sources.sql.servers.sqlite.server import SqliteServer

        return SqliteServer
    from trueup.sources.sql.servers.mysql.server import MysqlServer

    return MysqlServer
