"""The connection that is replayed: which one of config/database.php it is, and what it sets."""

from __future__ import annotations

import re

from trueup.model.names import Driver
from trueup.model.project import Project
from trueup.sources.laravel.migrations.settings import Settings
from trueup.sources.php.values import PhpArray, Value
from trueup.sources.sql.version import DEFAULT_VERSIONS, is_mariadb

_ASSUMED_MAJOR = 12
FRAMEWORK_CONNECTION: dict[str, dict[str, Value]] = {
    "mysql": {
        "charset": "utf8mb4",
        "collation": "utf8mb4_unicode_ci",
        "prefix": "",
        "prefix_indexes": True,
        "strict": True,
    },
    "mariadb": {
        "charset": "utf8mb4",
        "collation": "utf8mb4_unicode_ci",
        "prefix": "",
        "prefix_indexes": True,
        "strict": True,
    },
    "pgsql": {"charset": "utf8", "prefix": "", "prefix_indexes": True},
    "sqlite": {"prefix": "", "foreign_key_constraints": True},
}
"""The skeleton's connections, for projects that do not write their own."""


def first_settings(project: Project, driver: Driver, server_version: str | None) -> Settings:
    """What can be told before any configuration is read."""
    version = server_version or DEFAULT_VERSIONS[driver]
    maria = is_mariadb(driver, server_version)
    known = dict(project.packages)
    return Settings(
        driver=driver,
        major=project.major if project.framework_version else _ASSUMED_MAJOR,
        server_version=version,
        maria=maria,
        # Without a lock file nothing says that it is missing, and what it does is what such an application relies on.
        dbal="doctrine/dbal" in known or not known,
    )


def connection_of(driver: Driver, connections: Value, default: Value) -> tuple[str, PhpArray]:
    """The name and the configuration of the connection with that driver: the default one if it has it, else the one named after
    the driver, else the first that has it; MariaDB takes MySQL's; else the skeleton's."""
    found = connections if isinstance(connections, PhpArray) else PhpArray()
    names = [default] if isinstance(default, str) else []
    names.extend([driver, *(str(k) for k in found.keys())])  # noqa: SIM118  # not a mapping
    for name in names:
        entry = found.get(name)
        if isinstance(entry, PhpArray) and entry.get("driver") == driver:
            return name, entry
    own = found.get(default) if isinstance(default, str) and default != "mysql" else None
    if driver == "mariadb" and isinstance(own, PhpArray) and own.get("driver") == "mysql":
        return str(default), own
    if driver == "mariadb" and isinstance(found.get("mysql"), PhpArray):
        entry = found.get("mysql")
        assert isinstance(entry, PhpArray)
        return "mariadb", entry
    return driver, PhpArray.of(FRAMEWORK_CONNECTION[driver])


def to_the_same_database(name: str, connections: Value, written: str) -> list[str]:
    """Names of the other connections that lead to the database of `name`, by another account, say: `migrate --database=...` is run
    over one of them where the application's own account may not change tables. `written` is the text of config/database.php."""
    found = connections if isinstance(connections, PhpArray) else PhpArray()
    own = found.get(name)
    if not isinstance(own, PhpArray) or not isinstance(own.get("database"), str):
        return []
    return [
        str(k)
        for k, v in found.items()
        if str(k) != name and isinstance(v, PhpArray) and _leads_to_same(own, v, _told(name, str(k), written))
    ]


def _leads_to_same(own: PhpArray, other: PhpArray, told: bool | None) -> bool:
    """`told`: whether both name their database by the same words. Without the environment's variables all have the same; where no
    words are found, and the account is the same, it is one for tests, mostly."""
    same = all(own.get(key) == other.get(key) for key in ("driver", "database", "host", "port"))
    return same and (told if told is not None else own.get("username") != other.get("username"))


def _told(name: str, other: str, written: str) -> bool | None:
    ours, theirs = _database_words(name, written), _database_words(other, written)
    return ours == theirs if ours and theirs else None


def _database_words(name: str, written: str) -> str:
    """`env('DB_DATABASE', 'forge')`, as a connection's part of the file has it."""
    start = re.search(rf"['\"]{re.escape(name)}['\"]\s*+=>\s*+\[", written)
    found = _DATABASE.search(written, start.end()) if start else None
    return found[1].strip().rstrip(",") if found else ""


_DATABASE = re.compile(r"['\"]database['\"]\s*+=>\s*+([^\n]*+)")


def apply_connection(settings: Settings, config: PhpArray) -> None:
    settings.prefix = _text(config.get("prefix")) or ""
    settings.prefix_indexes = config.get("prefix_indexes") is True
    if settings.mysql_family:
        settings.charset = _text(config.get("charset"))
        settings.collation = _text(config.get("collation"))
        settings.engine = _text(config.get("engine"))
    settings.native_json = config.get("use_native_json") is True
    settings.native_jsonb = config.get("use_native_jsonb") is True


def doctrine_type(cls: Value) -> str:
    """Doctrine's word for a type class: `FloatType::class` is "float"."""
    short = str(cls).rsplit("\\", 1)[-1].removesuffix("Type").lower()
    return {"smallint": "smallint", "int": "integer", "varchar": "string"}.get(short, short)


def is_strict(config: PhpArray) -> bool:
    return config.get("strict") is not False


def enforces_keys(config: PhpArray) -> bool:
    """SQLite's foreign_key_constraints; `env()` gives its default, true in the skeleton."""
    return config.get("foreign_key_constraints") in (True, 1, "1", "true")


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) and value != "" else None
