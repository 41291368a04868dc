"""The PDO and the grammars behind a connection."""

from __future__ import annotations

from trueup.sources.laravel.runtime.connection import Connection, literal, statement
from trueup.sources.laravel.runtime.data import ExpressionObject, Inert
from trueup.sources.php.host import Context
from trueup.sources.php.values import Args, HostObject, Missing, Value


class Pdo(HostObject):
    __slots__ = ("connection",)

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def php_class(self) -> str:
        return "PDO"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        world = self.connection.host.world
        match method.lower():
            case "getattribute":
                # PDO::ATTR_DRIVER_NAME is 16, PDO::ATTR_SERVER_VERSION is 4.
                driver = "mysql" if world.settings.mysql_family else world.settings.driver
                return driver if args.get(0) == 16 else world.server.version_text
            case "exec":
                return statement(self.connection, args, ctx)
            case "quote":
                return args.known() or literal(args.get(0), ctx)
            case "intransaction":
                return world.transaction > 0
        return Inert("PDOStatement")


class GrammarObject(HostObject):
    __slots__ = ("connection",)

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def php_class(self) -> str:
        words = {
            "mysql": "MySqlGrammar",
            "mariadb": "MariaDbGrammar",
            "pgsql": "PostgresGrammar",
            "sqlite": "SQLiteGrammar",
        }
        return "Illuminate\\Database\\Query\\Grammars\\" + words[self.connection.host.world.settings.driver]

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        settings = self.connection.host.world.settings
        quote = "`" if settings.mysql_family else '"'
        known = args.known()
        if known is not None:
            return known
        match method.lower():
            case "wrap":
                parts = str(args.get(0)).split(".")
                return ".".join(f"{quote}{p}{quote}" for p in parts)
            case "wraptable":
                return f"{quote}{settings.prefix}{args.get(0)}{quote}"
            case "getvalue":
                value = args.get(0)
                return value.sql if isinstance(value, ExpressionObject) else value
            case "supportsschematransactions":
                return settings.driver == "pgsql"
            case "getdateformat":
                return "Y-m-d H:i:s"
        return self
