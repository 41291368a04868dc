"""What the configuration says of the database: connections, the suite's server, names of tables. Nouns only."""

from __future__ import annotations

from trueup.model.locations import NOWHERE, Location
from trueup.structs import Struct


class Connection(Struct, frozen=True):
    """An entry of `database.connections`, with the defaults that the project itself gives to `env()`.

    `strict` is MySQL's and MariaDB's strict mode; None where the configuration leaves it to the server (both are strict by
    default since 5.7 and 10.2). `foreign_keys` is SQLite's `foreign_key_constraints`."""

    name: str
    driver: str = ""
    strict: bool | None = None
    charset: str | None = None
    collation: str | None = None
    prefix: str = ""
    prefix_indexes: bool = False
    engine: str | None = None
    foreign_keys: bool | None = None


class TableName(Struct, frozen=True):
    """A table's name in the project's own configuration: `key` dotted, with the file's name first."""

    key: str
    table: str
    at: Location = NOWHERE


class SuiteServer(Struct, frozen=True):
    """What the tests run on: `driver` or "" where nothing says it, and the place that does. `foreign_keys`: whether SQLite is asked
    to check them; None where that can't be told, or on other servers."""

    driver: str = ""
    connection: str = ""
    at: Location = NOWHERE
    foreign_keys: bool | None = None


class DatabaseConfig(Struct, frozen=True):
    """`default` is the default connection's name; `chosen` the one whose driver is audited, the skeleton's where the project
    has none (`at` is NOWHERE then)."""

    default: str = ""
    chosen: Connection = Connection("")
    connections: tuple[Connection, ...] = ()
    table_names: tuple[TableName, ...] = ()
    suite: SuiteServer = SuiteServer()
    at: Location = NOWHERE
    ledger: str = "migrations"
    """The framework's table of the migrations that ran, without the connection's prefix."""
    loosened: tuple[tuple[str, Location], ...] = ()
    """Connections whose strict mode the code itself switches off when it starts, with the places."""

    @property
    def strict(self) -> bool | None:
        """Strict mode of the audited connection; None where the server decides."""
        return self.chosen.strict

    def is_audited(self, connection: str | None) -> bool:
        """Whether the code means the database that is audited: it names no connection, or this one."""
        return connection in {None, "", self.default, self.chosen.name}


NO_CONFIG = DatabaseConfig()
