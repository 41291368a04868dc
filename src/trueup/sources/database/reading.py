"""Which server a URL means, and what is said when it can't be read."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from trueup.errors import Mistake, TargetError
from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.schema import Schema
from trueup.sources.database.found import Found

_SCHEMES: dict[str, Driver] = {
    "mysql": "mysql",
    "mariadb": "mariadb",
    "pgsql": "pgsql",
    "postgres": "pgsql",
    "postgresql": "pgsql",
    "sqlite": "sqlite",
}
_FORMS = "mysql://user:password@host:3306/database, mariadb://…, pgsql://…, sqlite:///path/to/file"


def driver_of_url(url: str) -> Driver | None:
    """The driver that a URL's scheme names; None for another scheme."""
    return _SCHEMES.get(url.partition("://")[0].lower())


def shown_url(url: str) -> str:
    """The URL as it may be shown: without user and password, without a query."""
    scheme, _, rest = url.partition("://")
    place = rest.partition("?")[0].rpartition("@")[2]
    return f"{scheme}://{place}"


def read_database(url: str) -> Schema:
    """Tables, columns, indexes and foreign keys of the database at `url`. Raises TargetError where it can't be read."""
    driver = driver_of_url(url)
    shown = shown_url(url)
    if driver is None:
        raise TargetError(Mistake(shown, "is no database that can be read", _FORMS))
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise TargetError(
            Mistake(f"{url.partition('://')[0]}://…", "is no URL of a database", _FORMS)
        ) from None
    found = Found(driver, Location(shown))
    try:
        _read(parts, found)
    except ImportError as problem:
        package = "psycopg[binary]" if driver == "pgsql" else "pymysql"
        raise TargetError(
            Mistake(
                shown, f"needs a package that is not installed: {package}", "pip install 'trueup[servers]'"
            )
        ) from problem
    return found.schema()


def _read(parts: SplitResult, found: Found) -> None:
    match found.driver:
        case "pgsql":
            from trueup.sources.database.pgsql import read

            read(parts, found)
        case "sqlite":
            from trueup.sources.database.sqlite import read as read_file

            read_file(parts, found)
        case _:
            from trueup.sources.database.mysql import read as read_mysql

            read_mysql(parts, found)
