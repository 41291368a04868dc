"""PHP exceptions that the framework and its servers throw."""

from __future__ import annotations

from trueup.model.locations import Location
from trueup.sources.laravel.migrations.fluent import FrameworkError
from trueup.sources.laravel.migrations.settings import Settings
from trueup.sources.php.host import Context
from trueup.sources.php.throwables import PhpThrow, ThrowableState
from trueup.sources.php.values import PhpArray, Value

QUERY_EXCEPTION = "Illuminate\\Database\\QueryException"
_QUERY_PARENTS = ("PDOException", "RuntimeException", "Exception", "Throwable")
_ROOTS = {
    "Error": ("Throwable",),
    "ErrorException": ("Exception", "Throwable"),
    "BadMethodCallException": ("BadFunctionCallException", "LogicException", "Exception", "Throwable"),
    "LogicException": ("Exception", "Throwable"),
    "RuntimeException": ("Exception", "Throwable"),
    "InvalidArgumentException": ("LogicException", "Exception", "Throwable"),
    "ArgumentCountError": ("TypeError", "Error", "Throwable"),
    "TypeError": ("Error", "Throwable"),
}


class QueryException(ThrowableState):
    """The server's refusal: `reason` in its own words, `server_code` its SQLSTATE or error number."""

    __slots__ = ("reason", "server_code")

    def __init__(
        self, reason: str, server_code: str, at: Location, settings: Settings, sql: str = ""
    ) -> None:
        state = sql_state(server_code, settings)
        message = f"SQLSTATE[{state}]: {reason}" + (
            f" (Connection: {settings.driver}, SQL: {sql})" if sql else ""
        )
        super().__init__(QUERY_EXCEPTION, message, at, state, None, _QUERY_PARENTS)
        self.reason = reason
        self.server_code = server_code
        info: list[Value] = [state, _number(server_code), reason]
        self.extra["errorInfo"] = PhpArray(info)


_MYSQL_STATES = {
    "1050": "42S01",
    "1051": "42S02",
    "1054": "42S22",
    "1059": "42000",
    "1060": "42S21",
    "1061": "42000",
    "1062": "23000",
    "1064": "42000",
    "1068": "42000",
    "1071": "42000",
    "1072": "42000",
    "1091": "42000",
    "1146": "42S02",
    "1364": "HY000",
}


def sql_state(code: str, settings: Settings) -> str:
    if len(code) == 5 and not code.isdigit():
        return code
    if settings.driver == "pgsql":
        return code
    return _MYSQL_STATES.get(code, "HY000") if settings.mysql_family else "HY000"


def _number(code: str) -> Value:
    return int(code) if code.isdigit() else 1


def query_throw(reason: str, code: str, at: Location, settings: Settings, sql: str = "") -> PhpThrow:
    return PhpThrow(QueryException(reason, code, at, settings, sql), at)


def framework_throw(error: FrameworkError, at: Location, ctx: Context) -> PhpThrow:
    parents = _ROOTS.get(error.php_class, ("Exception", "Throwable"))
    place = at if at.file else ctx.at
    return PhpThrow(ThrowableState(error.php_class, error.message, place, 0, None, parents), place)
