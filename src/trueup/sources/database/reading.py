"""The schema that a live database holds."""

from __future__ import annotations

from trueup.errors import Mistake, TargetError
from trueup.model.locations import Location
from trueup.model.schema import Schema
from trueup.sources.database.found import Found
from trueup.sources.database.sessions import Session, Unanswered, connect
from trueup.sources.database.url import address_of


def read_database(text: str, folder: str = ".") -> Schema:
    """Tables, columns, indexes and foreign keys of the database that `text` names (see `url`). Raises TargetError where it can't be
    read."""
    address = address_of(text, folder)
    session = connect(address)
    try:
        return read_catalogue(session, address.shown)
    finally:
        session.close()


def read_catalogue(session: Session, shown: str) -> Schema:
    """The same by a session that is open. `shown` stands for the server in every location. Raises TargetError."""
    found = Found(session.driver, Location(shown), session.version)
    try:
        match session.driver:
            case "pgsql":
                from trueup.sources.database.pgsql import read

                read(session, found)
            case "sqlite":
                from trueup.sources.database.sqlite import read as read_file

                read_file(session, found)
            case _:
                from trueup.sources.database.mysql import read as read_mysql

                read_mysql(session, found)
    except Unanswered as problem:
        raise TargetError(Mistake(shown, f"the catalogue can't be read: {problem.reason}")) from None
    return found.schema()
