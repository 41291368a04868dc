"""A live server → schema, read only: the catalogue's answers, spelled as Laravel's own introspection gives them.

`address_of` reads what the user calls a database; `connect` opens a session that the server itself keeps read only and under a time
limit; `read_database` answers its schema. User and password appear in no message."""

from trueup.sources.database.live import read_live
from trueup.sources.database.reading import read_catalogue, read_database
from trueup.sources.database.sessions import Limits, Session, Unanswered, connect
from trueup.sources.database.url import Address, address_of, driver_of_url, is_address, shown_url

__all__ = [
    "Address",
    "Limits",
    "Session",
    "Unanswered",
    "address_of",
    "connect",
    "driver_of_url",
    "is_address",
    "read_catalogue",
    "read_database",
    "read_live",
    "shown_url",
]
