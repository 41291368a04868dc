"""config/database.php and the configurations that name tables, evaluated as the replay evaluates them."""

from __future__ import annotations

import os
import re

from trueup.model.config import Connection, DatabaseConfig, TableName
from trueup.model.locations import NOWHERE, Location
from trueup.model.names import Driver
from trueup.model.project import Project
from trueup.sources.laravel.config.suite import read_suite
from trueup.sources.laravel.migrations.connection_settings import connection_of, first_settings
from trueup.sources.laravel.runtime.class_files import ClassFiles
from trueup.sources.laravel.runtime.configuration import config_files
from trueup.sources.laravel.runtime.host import LaravelHost
from trueup.sources.laravel.runtime.world import World
from trueup.sources.php.evaluate import Interpreter
from trueup.sources.php.values import NativeClosure, PhpArray, Value
from trueup.sources.sql.servers import server_for
from trueup.structs import replace

_FRAMEWORK_FILES = frozenset({
    "app", "auth", "broadcasting", "cache", "concurrency", "cors", "database", "debugbar", "filesystems", "hashing", "horizon",
    "logging", "mail", "queue", "sanctum", "scout", "services", "session", "telescope", "tinker", "view",
})  # fmt: skip
"""Configurations whose tables are the framework's, and used only with the driver that is called "database"."""


def read_config(project: Project, driver: Driver) -> DatabaseConfig:
    """What the project's configuration says, `env()` giving its defaults; `driver` chooses the connection. Never raises for
    what the files hold."""
    asked = _Asked(project, driver)
    files = config_files(project.files).get("database", [])
    connections = asked.value("database.connections") if files else None
    default = asked.value("database.default") if files else None
    known = _connections(connections)
    name, entry = connection_of(driver, connections, default)
    own = isinstance(connections, PhpArray) and name in connections
    named = default if isinstance(default, str) else ""
    chosen = _connection(name, entry) if own else Connection(name, driver)
    loosened = tuple(_loosened(project))
    if any(other == name for other, _ in loosened):
        chosen = replace(chosen, strict=False)
    return DatabaseConfig(
        default=named,
        chosen=chosen,
        connections=known,
        table_names=tuple(_table_names(project, asked)),
        suite=read_suite(project, known),
        at=Location(files[0]) if files else NOWHERE,
        ledger=_ledger(asked.value("database.migrations") if files else None),
        loosened=loosened,
    )


def _ledger(value: Value) -> str:
    """A name, or since Laravel 11 an array with the name under `table`."""
    return _text(value.get("table") if isinstance(value, PhpArray) else value) or "migrations"


class _Asked:
    """The configuration of one project, evaluated on demand."""

    def __init__(self, project: Project, driver: Driver) -> None:
        world = World(project, first_settings(project, driver, None), server_for(driver, None))
        self.host = LaravelHost(world, ClassFiles(project))
        self.php = Interpreter(self.host)

    def value(self, key: str) -> Value:
        ask = NativeClosure("config", lambda _, ctx: self.host.configuration.get(key, ctx))
        return self.php.run_method(ask, "__invoke").value


_LOOSENS = re.compile(r"['\"]database\.connections\.(\w+)\.strict['\"]\s*(?:,|=>)\s*(?:false|0)\b", re.I)


def _loosened(project: Project) -> list[tuple[str, Location]]:
    """`config(['database.connections.mysql.strict' => false])` in a service provider."""
    found: list[tuple[str, Location]] = []
    for file in project.files:
        if file.endswith("Provider.php") and not file.lower().startswith("tests/"):
            for number, line in enumerate(_lines(project.root, file), 1):
                found.extend(
                    (m.group(1), Location(file, number)) for m in _LOOSENS.finditer(line.split("//", 1)[0])
                )
    return found


def _connections(value: Value) -> tuple[Connection, ...]:
    if not isinstance(value, PhpArray):
        return ()
    found = [_connection(str(k), v) for k, v in value.items() if isinstance(v, PhpArray)]
    return tuple(sorted(found, key=lambda c: c.name))


def _connection(name: str, entry: PhpArray) -> Connection:
    keys = entry.get("foreign_key_constraints")
    return Connection(
        name,
        _text(entry.get("driver")) or "",
        _strict(entry),
        _text(entry.get("charset")),
        _text(entry.get("collation")),
        _text(entry.get("prefix")) or "",
        entry.get("prefix_indexes") is True,
        _text(entry.get("engine")),
        keys if isinstance(keys, bool) else None,
    )


def _strict(entry: PhpArray) -> bool | None:
    """As `MySqlConnector::getSqlMode`: `modes` come first, then `strict`; without both the server's own mode stays."""
    modes = entry.get("modes")
    if isinstance(modes, PhpArray):
        names = {str(m).upper() for m in modes.values()}
        return bool(names & {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "TRADITIONAL"})
    strict = entry.get("strict")
    return strict if isinstance(strict, bool) else None


def _table_names(project: Project, asked: _Asked) -> list[TableName]:
    """Names under `table`, `tables`, `table_names` or `..._table`, in configurations that are the project's or its packages'."""
    found: list[TableName] = []
    for name, files in sorted(config_files(project.files).items()):
        if name in _FRAMEWORK_FILES:
            continue
        lines = _lines(project.root, files[0])
        for key, table in _named(asked.value(name), name, False, 0):
            found.append(TableName(key, table, Location(files[0], _line_of(lines, key, table))))
    return found


def _named(value: Value, path: str, tables: bool, depth: int) -> list[tuple[str, str]]:
    if not isinstance(value, PhpArray) or depth > 6:
        return []
    found: list[tuple[str, str]] = []
    for key, entry in value.items():
        word = str(key).lower()
        named = tables or word in {"table", "table_name"} or word.endswith(("_table", "_table_name"))
        if isinstance(entry, str) and named and entry.isidentifier():
            found.append((f"{path}.{key}", entry))
        inside = word in {"tables", "table_names"}
        found.extend(_named(entry, f"{path}.{key}", inside, depth + 1))
    return found


def _lines(root: str, file: str) -> list[str]:
    try:
        with open(os.path.join(root, file), encoding="utf-8", errors="replace") as handle:
            return handle.read().splitlines()
    except OSError:
        return []


def _line_of(lines: list[str], key: str, table: str) -> int:
    """The line that says it: the one with the key and the name; else the first with the key; 0 where neither stands alone."""
    word = key.rsplit(".", 1)[-1]
    keyed = [n for n, line in enumerate(lines, 1) if f"'{word}'" in line or f'"{word}"' in line]
    both = [n for n in keyed if f"'{table}'" in lines[n - 1] or f'"{table}"' in lines[n - 1]]
    return next(iter(both or keyed), 0)


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) and value else None
