"""Which database an address means: the one reader of database URLs, for every command.

Forms: `scheme://user:password@host:port/database?options`, `sqlite:///path/to/file`; `env:NAME`, a variable that holds such a URL;
a path whose name begins with `.env`, the settings that Laravel itself reads. A URL is never looked for unasked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from trueup.errors import Mistake, TargetError
from trueup.model.names import Driver
from trueup.redaction import remember_secret
from trueup.sources.database.dotenv import read_dotenv
from trueup.structs import Struct, field

_SCHEMES: Mapping[str, Driver] = {
    "mysql": "mysql",
    "mariadb": "mariadb",
    "pgsql": "pgsql",
    "postgres": "pgsql",
    "postgresql": "pgsql",
    "sqlite": "sqlite",
}
FORMS = "mysql://user:password@host:3306/database, mariadb://…, pgsql://…, sqlite:///path/to/file"
_OPTIONS: Mapping[Driver, tuple[str, ...]] = {
    "pgsql": ("sslmode", "sslrootcert", "sslcert", "sslkey", "search_path"),
    "mysql": ("unix_socket", "ssl_ca", "ssl_cert", "ssl_key"),
    "mariadb": ("unix_socket", "ssl_ca", "ssl_cert", "ssl_key"),
    "sqlite": (),
}
"""Options of a URL's query that have an effect; any other is a mistake."""
_PORTS: Mapping[Driver, int] = {"mysql": 3306, "mariadb": 3306, "pgsql": 5432, "sqlite": 0}
_USERS: Mapping[Driver, str] = {"mysql": "root", "mariadb": "root", "pgsql": "postgres", "sqlite": ""}


class Address(Struct, frozen=True):
    """A database on a server, or an SQLite file (`database` is its path then). `shown` is how it may be named anywhere: without
    user, password and options. `password` None: none was given."""

    driver: Driver
    shown: str
    host: str = ""
    port: int = 0
    user: str = field(default="", shown=False)
    password: str | None = field(default=None, shown=False)
    database: str = ""
    options: tuple[tuple[str, str], ...] = field(default=(), shown=False)

    def option(self, name: str) -> str | None:
        return next((value for key, value in self.options if key == name), None)


def is_address(text: str) -> bool:
    """Whether a text is one of the forms in which a database can be named."""
    return "://" in text or text.startswith("env:") or os.path.basename(text).startswith(".env")


def driver_of_url(url: str) -> Driver | None:
    """The driver that a URL's scheme names ("postgresql+psycopg" too); None for another scheme."""
    return _SCHEMES.get(url.partition("://")[0].lower().partition("+")[0])


def shown_url(url: str) -> str:
    """The URL as it may be shown: without user and password, without a query."""
    scheme, _, rest = url.partition("://")
    before, at, after = rest.rpartition("@")
    if at and "?" in before:  # a question mark in a password, or an "@" in an option: which, nobody can tell
        return f"{scheme}://…"
    return f"{scheme}://{after.partition('?')[0].partition('#')[0]}"


def address_of(text: str, folder: str = ".") -> Address:
    """The database that `text` names. `folder` is where a bare `.env` is looked for: the project's root. Raises TargetError."""
    if "://" in text:
        return parse_address(text)
    if text.startswith("env:"):
        name = text.removeprefix("env:")
        value = os.environ.get(name, "")
        if not value:
            raise TargetError(Mistake(text, f"the environment has no variable '{name}'", FORMS))
        if "://" not in value:
            remember_secret(value)
            raise TargetError(Mistake(text, f"'{name}' holds no URL of a database", FORMS))
        return parse_address(value)
    if os.path.basename(text).startswith(".env"):
        return _from_dotenv(text if os.path.dirname(text) else os.path.join(folder, text), text)
    raise TargetError(
        Mistake("--database-url", "is no URL of a database", f"{FORMS}; env:NAME, or the path of a .env file")
    )


def parse_address(url: str) -> Address:
    """Raises TargetError with a message in which neither user nor password stands."""
    driver, shown = driver_of_url(url), shown_url(url)
    if driver is None:
        raise TargetError(Mistake(shown, "is no database that can be read", FORMS))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _not_encoded(url) from None
    if driver == "sqlite":
        path = unquote(parts.netloc + parts.path)
        if path.startswith("//"):  # four slashes, as SQLAlchemy writes an absolute path
            path = "/" + path.lstrip("/")
        return Address(driver, shown, database=path)
    if "@" not in parts.netloc and "@" in parts.path + parts.query + parts.fragment:
        raise _not_encoded(url)
    password = None if parts.password is None else unquote(parts.password)
    remember_secret(password or "")
    return Address(
        driver,
        shown,
        parts.hostname or "127.0.0.1",
        port or _PORTS[driver],
        unquote(parts.username or "") or _USERS[driver],
        password,
        unquote(parts.path.strip("/")),
        _options(parts, driver, shown),
    )


def _not_encoded(url: str) -> TargetError:
    return TargetError(
        Mistake(
            f"{url.partition('://')[0]}://…",
            "is no URL of a database",
            f"signs such as @ / ? # in user and password must be percent-encoded; {FORMS}",
        )
    )


def _options(parts: SplitResult, driver: Driver, shown: str) -> tuple[tuple[str, str], ...]:
    given = tuple(parse_qsl(parts.query))
    unknown = sorted({name for name, _ in given} - set(_OPTIONS[driver]))
    for name, value in given:
        if name in unknown:
            remember_secret(value)
    if unknown:
        raise TargetError(
            Mistake(
                shown,
                f"there is no option {', '.join(map(repr, unknown))}",
                f"known: {', '.join(_OPTIONS[driver])}",
            )
        )
    return given


# The settings that Laravel reads.


def _from_dotenv(path: str, shown: str) -> Address:
    """The connection that DB_URL or DB_CONNECTION, DB_HOST, ... of the file describe, with the framework's own defaults."""
    try:
        values = read_dotenv(path)
    except OSError as problem:
        raise TargetError(Mistake(shown, f"can't be read: {problem.strerror}")) from None
    for name in ("DB_URL", "DATABASE_URL"):
        if "://" in values.get(name, ""):
            return parse_address(values[name])
    driver = _SCHEMES.get(values.get("DB_CONNECTION", "").lower())
    if driver is None:
        raise TargetError(
            Mistake(shown, "names no database", "DB_URL, or DB_CONNECTION=mysql, mariadb, pgsql or sqlite")
        )
    if driver == "sqlite":
        file = values.get("DB_DATABASE") or "database/database.sqlite"
        whole = os.path.join(os.path.dirname(path), file)
        return Address(driver, f"sqlite://{whole}", database=whole)
    return _server(values, driver, shown)


def _server(values: Mapping[str, str], driver: Driver, shown: str) -> Address:
    host, database = values.get("DB_HOST") or "127.0.0.1", values.get("DB_DATABASE") or "laravel"
    port = values.get("DB_PORT") or str(_PORTS[driver])
    if not port.isdigit():
        raise TargetError(Mistake(shown, "DB_PORT is no number"))
    password = values.get("DB_PASSWORD") or None
    remember_secret(password or "")
    socket = values.get("DB_SOCKET")
    options = (("unix_socket", socket),) if socket and driver != "pgsql" else ()
    user = values.get("DB_USERNAME") or _USERS[driver]
    return Address(
        driver, f"{driver}://{host}:{port}/{database}", host, int(port), user, password, database, options
    )
