"""What a place for scratch databases can do; one class a server, each in a file of its own."""

from __future__ import annotations

from typing import Protocol

from trueup.errors import Mistake, TargetError
from trueup.model.names import Driver
from trueup.sources.database.url import Address


class NotMade(TargetError):
    """The server did not let us make a database: there is none to drop."""


class Host(Protocol):
    """A server, or a folder for SQLite files. Every method opens and closes a connection of its own."""

    def version(self) -> str:
        """The server's own words. Raises TargetError where it does not answer."""

    def driver(self, version: str) -> Driver:
        """What the server is, whatever the URL calls it."""

    def names(self) -> list[str]:
        """The databases that are there."""

    def create(self, name: str) -> None:
        """Makes an empty database. Raises NotMade, with the reason, where we may not."""

    def drop(self, name: str) -> None:
        """Drops the database with all sessions in it; one that is not there is no error."""

    def address(self, name: str) -> Address:
        """Where the database is."""


def host_at(address: Address) -> Host:
    """The place that the address means. Raises TargetError where the package that speaks to it is missing."""
    try:
        match address.driver:
            case "sqlite":
                from trueup.scratch.sqlite import SqliteFolder

                return SqliteFolder(address)
            case "pgsql":
                from trueup.scratch.pgsql import PgsqlServer

                return PgsqlServer(address)
            case _:
                from trueup.scratch.mysql import MysqlServer

                return MysqlServer(address)
    except ImportError:
        package = "psycopg[binary]" if address.driver == "pgsql" else "pymysql"
        raise TargetError(
            Mistake(
                address.shown,
                f"needs a package that is not installed: {package}",
                "pip install 'trueup[servers]'",
            )
        ) from None


def refused(address: Address, reason: str) -> NotMade:
    """Why no scratch database can be made there."""
    return NotMade(
        Mistake(
            address.shown,
            f"no scratch database can be made there: {reason}",
            "a user that may create databases, or no --database-url for SQLite",
        )
    )


def silent(address: Address, reason: str) -> TargetError:
    return TargetError(Mistake(address.shown, f"can't be connected to: {reason}", "a server that answers"))
