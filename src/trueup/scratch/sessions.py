"""Sessions as Laravel opens them: strict MySQL, foreign keys on in SQLite; all in UTC, so that equal rows are equal anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.sources.database.url import Address

if TYPE_CHECKING:
    from sqlalchemy import Engine

_STRICT = (
    "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
)  # MySqlConnector::strictMode() of Laravel
BUSY_SECONDS = 30
"""How long SQLite waits for another writer. Laravel's own busy_timeout default is 60 seconds (PDO::ATTR_TIMEOUT)."""


def engine_for(address: Address, pool_size: int = 5) -> Engine:
    """An engine on the database at `address`, also from another process. Up to `pool_size` connections are kept, more are opened as
    they are asked for. Nothing is connected yet. The password stands in no URL that SQLAlchemy could print."""
    import logging

    from sqlalchemy import create_engine, event

    # A connection that a fault has ended is told by its pool, to whoever has asked for logs: not on stderr by itself.
    logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())
    dialect, settings = _dialect(address)
    engine = create_engine(dialect, connect_args=settings, pool_size=pool_size, max_overflow=-1)
    match address.driver:
        case "sqlite":
            event.listen(engine, "connect", _sqlite_session)
        case "pgsql":
            event.listen(engine, "connect", _pgsql_session)
        case _:
            event.listen(engine, "connect", _mysql_session)
    return engine


def _dialect(address: Address) -> tuple[str, dict[str, Any]]:
    """SQLAlchemy's name for the server and its package, and what that package's connect() is given."""
    match address.driver:
        case "sqlite":
            return f"sqlite:///{address.database}", {"timeout": BUSY_SECONDS}
        case "pgsql":
            from trueup.sources.database.sessions.pgsql import connection_settings

            return "postgresql+psycopg://", {**connection_settings(address), "connect_timeout": 10}
        case _:
            from trueup.sources.database.sessions.mysql import connection_settings as settings_for

            settings = {**settings_for(address), "charset": "utf8mb4", "connect_timeout": 10}
            return f"{address.driver}+pymysql://", settings


def _sqlite_session(connection: Any, _: object) -> None:  # a DBAPI connection has no type of its own
    connection.execute("PRAGMA foreign_keys = ON")


def _mysql_session(connection: Any, _: object) -> None:  # as above
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION sql_mode = '{_STRICT}', time_zone = '+00:00'")


def _pgsql_session(connection: Any, _: object) -> None:  # as above
    autocommit, connection.autocommit = connection.autocommit, True
    connection.execute("SET TIME ZONE 'UTC'")
    connection.autocommit = autocommit
