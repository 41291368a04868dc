"""Facades and the framework's classes: which handler answers a static call, what `new` and `app()` give."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.sources.laravel.migrations.models import ModelFacts
from trueup.sources.laravel.runtime import packages
from trueup.sources.laravel.runtime.application import Application, artisan, make, seed
from trueup.sources.laravel.runtime.arrays import call_arr
from trueup.sources.laravel.runtime.collection import CollectionObject, collect
from trueup.sources.laravel.runtime.connection import Connection
from trueup.sources.laravel.runtime.data import ExpressionObject, Inert, StdClass
from trueup.sources.laravel.runtime.errors import QUERY_EXCEPTION
from trueup.sources.laravel.runtime.helpers import Repository
from trueup.sources.laravel.runtime.moments import Moment, call_moment
from trueup.sources.laravel.runtime.schema_builder import SchemaBuilder
from trueup.sources.laravel.runtime.strings import Stringable, call_str
from trueup.sources.php.host import Context
from trueup.sources.php.values import (
    MISSING,
    Args,
    HostObject,
    Missing,
    PhpArray,
    PhpClass,
    PhpObject,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost

_FACADES = "Illuminate\\Support\\Facades\\"
_FACADE_NAMES = [
    "App",
    "Arr",
    "Artisan",
    "Auth",
    "Blade",
    "Broadcast",
    "Bus",
    "Cache",
    "Config",
    "Cookie",
    "Crypt",
    "DB",
    "Date",
    "Event",
    "File",
    "Gate",
    "Hash",
    "Http",
    "Lang",
    "Log",
    "Mail",
    "Notification",
    "Password",
    "Process",
    "Queue",
    "Redis",
    "Redirect",
    "Request",
    "Response",
    "Route",
    "Schema",
    "Session",
    "Storage",
    "URL",
    "Validator",
    "View",
]
ALIASES: dict[str, str] = {n.lower(): _FACADES + n for n in _FACADE_NAMES} | {
    "arr": "Illuminate\\Support\\Arr",
    "str": "Illuminate\\Support\\Str",
    "eloquent": "Illuminate\\Database\\Eloquent\\Model",
    "blueprint": "Illuminate\\Database\\Schema\\Blueprint",
    "carbon": "Carbon\\Carbon",
}
_QUERY_PARENTS = ("PDOException", "RuntimeException", "Exception", "Throwable")
ANCESTORS: dict[str, tuple[str, ...]] = {
    QUERY_EXCEPTION.lower(): _QUERY_PARENTS,
    "illuminate\\database\\uniqueconstraintviolationexception": (QUERY_EXCEPTION, *_QUERY_PARENTS),
    "illuminate\\database\\eloquent\\modelnotfoundexception": (
        "Illuminate\\Database\\RecordsNotFoundException",
        "RuntimeException",
        "Exception",
        "Throwable",
    ),
    "pdoexception": ("RuntimeException", "Exception", "Throwable"),
    "doctrine\\dbal\\exception": ("Exception", "Throwable"),
    "illuminate\\database\\mysqlconnection": ("Illuminate\\Database\\Connection",),
    "illuminate\\database\\mariadbconnection": (
        "Illuminate\\Database\\MySqlConnection",
        "Illuminate\\Database\\Connection",
    ),
    "illuminate\\database\\postgresconnection": ("Illuminate\\Database\\Connection",),
    "illuminate\\database\\sqliteconnection": ("Illuminate\\Database\\Connection",),
    "illuminate\\database\\migrations\\migration": (),
    "illuminate\\database\\seeder": (),
    "illuminate\\support\\serviceprovider": (),
}
CONSTANTS: dict[tuple[str, str], Value] = {
    ("pdo", "ATTR_DRIVER_NAME"): 16,
    ("pdo", "ATTR_SERVER_VERSION"): 4,
    ("illuminate\\database\\eloquent\\model", "CREATED_AT"): "created_at",
    ("illuminate\\database\\eloquent\\model", "UPDATED_AT"): "updated_at",
    ("illuminate\\database\\schema\\builder", "defaultStringLength"): 255,
}
KNOWN_MODELS: dict[str, ModelFacts] = {
    "illuminate\\notifications\\databasenotification": ModelFacts(
        "DatabaseNotification", "notifications", key_type="string"
    ),
    "illuminate\\foundation\\auth\\user": ModelFacts("User", "users"),
}
_SCHEMA_NAMES = {
    _FACADES.lower() + "schema",
    "illuminate\\database\\schema\\builder",
    packages.ENHANCED_SCHEMA,
}
_DB_NAMES = {
    _FACADES.lower() + "db",
    "illuminate\\database\\capsule\\manager",
    "illuminate\\database\\connection",
}
_MOMENTS = {
    "carbon\\carbon",
    "carbon\\carbonimmutable",
    "illuminate\\support\\carbon",
    _FACADES.lower() + "date",
    "datetime",
    "datetimeimmutable",
}
_INERT = {
    _FACADES.lower() + name.lower()
    for name in [
        "Artisan",
        "Auth",
        "Blade",
        "Broadcast",
        "Bus",
        "Cache",
        "Cookie",
        "Event",
        "File",
        "Gate",
        "Http",
        "Log",
        "Mail",
        "Notification",
        "Process",
        "Queue",
        "Redis",
        "Route",
        "Session",
        "Storage",
        "View",
    ]
}
_MACRO_TARGETS = {
    "illuminate\\database\\schema\\blueprint": "blueprint",
    "illuminate\\database\\schema\\builder": "builder",
    "illuminate\\database\\schema\\columndefinition": "columndefinition",
    "illuminate\\database\\schema\\foreignkeydefinition": "columndefinition",
    "illuminate\\support\\fluent": "columndefinition",
    "illuminate\\database\\query\\builder": "builder",
    "illuminate\\database\\eloquent\\builder": "builder",
    "illuminate\\database\\connection": "connection",
    "illuminate\\support\\collection": "collection",
    "illuminate\\support\\str": "str",
    "illuminate\\support\\stringable": "stringable",
    "illuminate\\support\\arr": "arr",
    _FACADES.lower() + "schema": "schema",
    _FACADES.lower() + "db": "db",
}
_REAL_TIME = "facades\\"
"""Before the name of any class: a facade that the framework makes of it ("Real-Time Facades")."""
Answer = Value | Missing


def call_static(
    host: LaravelHost, cls: str, method: str, args: Args, ctx: Context, called: PhpClass | None
) -> Answer:
    name = cls.lower()
    lowered = method.lower()
    if name.startswith(_REAL_TIME):
        return _behind(host, cls[len(_REAL_TIME) :], method, args, ctx)
    if name == "illuminate\\support\\facades\\facade" and called is not None:
        return _own_facade(host, called, method, args, ctx)
    if lowered in ("macro", "mixin", "hasmacro") and name in _MACRO_TARGETS:
        return _macro(host, _MACRO_TARGETS[name], lowered, args, ctx)
    if name == packages.ENHANCED_SCHEMA and packages.is_beside_tables(lowered):
        return None
    if name in _SCHEMA_NAMES:
        return (
            SchemaBuilder(host) if lowered == "getfacaderoot" else SchemaBuilder(host).call(method, args, ctx)
        )
    if name in _DB_NAMES:
        return _connection_static(host, lowered, method, args, ctx)
    if name == "illuminate\\support\\str":
        return call_str(host, method, args, ctx)
    if name == "illuminate\\support\\arr":
        return call_arr(method, args, ctx)
    if name in _MOMENTS:
        return call_moment(method, args, ctx)
    if name.endswith("\\dispatchable"):
        return Inert("Illuminate\\Foundation\\Bus\\PendingDispatch")
    other = _OTHER.get(name)
    if other is not None:
        return other(host, method, args, ctx)
    if name in _INERT:
        return _inert(host, name, lowered, args, ctx)
    return packages.call_static(host, name, lowered, args, ctx)


def _own_facade(host: LaravelHost, called: PhpClass, method: str, args: Args, ctx: Context) -> Answer:
    """A facade of the project's own: what its accessor names, from the container."""
    return _behind(host, ctx.call_static(called.name, "getFacadeAccessor"), method, args, ctx)


def _behind(host: LaravelHost, accessor: Value, method: str, args: Args, ctx: Context) -> Answer:
    """The method of what the container has under a facade's accessor."""
    target = make(host, accessor, Args([accessor]), ctx)
    if isinstance(target, Unknown | Missing):
        return MISSING
    return ctx.call_method(target, method, args)


def _connection_static(host: LaravelHost, lowered: str, method: str, args: Args, ctx: Context) -> Answer:
    if lowered in ("schema",):
        return SchemaBuilder(host)
    return Connection(host).call(method, args, ctx)


def _macro(host: LaravelHost, target: str, method: str, args: Args, ctx: Context) -> Answer:
    macros = host.world.macros.setdefault(target, {})
    if method == "mixin":
        ctx.gap(f"the mixin of {target} is not followed", "unknown-macro")
        return None
    name = args.get(0, "name")
    if isinstance(name, Unknown):
        return name
    if method == "hasmacro":
        return str(name).lower() in macros
    macros[str(name).lower()] = args.get(1, "macro")
    return None


# What is called but never reaches the schema


def _inert(host: LaravelHost, name: str, method: str, args: Args, ctx: Context) -> Answer:
    if name.endswith("\\artisan") and method in ("call", "queue"):
        return artisan(host, args, ctx)
    if method in (
        "has",
        "exists",
        "isfile",
        "isdirectory",
        "missing",
        "check",
        "files",
        "allfiles",
        "get",
        "tags",
        "glob",
    ):
        return ctx.unknown(f"what {name.rsplit(chr(92), 1)[-1].capitalize()}::{method}() finds")
    if method in ("remember", "rememberforever", "withoutevents", "lock", "block"):
        callback = args.positional[-1] if args.positional else None
        return ctx.invoke(callback) if callback is not None and ctx.is_callable(callback) else Inert(name)
    return Inert(name)


def _app_static(host: LaravelHost, method: str, args: Args, ctx: Context) -> Answer:
    return Application(host).call(method, args, ctx)


def _config_static(host: LaravelHost, method: str, args: Args, ctx: Context) -> Answer:
    return Repository(host).call(method, args, ctx)


def _env_static(host: LaravelHost, method: str, args: Args, ctx: Context) -> Answer:
    from trueup.sources.laravel.runtime.helpers import env_  # helpers call facades

    return env_(host, args, ctx) if method.lower() == "get" else MISSING


def _hash_static(host: LaravelHost, method: str, args: Args, ctx: Context) -> Answer:
    return ctx.unknown(f"a text made by {method}()")


def _model_quiet(host: LaravelHost, method: str, args: Args, ctx: Context) -> Answer:
    return ctx.invoke(args.get(0)) if method.lower() in ("unguarded", "withoutevents") else None


def _collection_static(host: LaravelHost, method: str, args: Args, ctx: Context) -> Answer:
    lowered = method.lower()
    if lowered in ("make", "wrap"):
        return collect(args.get(0), ctx)
    if lowered == "range":
        return collect(ctx.call_function("range", list(args.positional)), ctx)
    if lowered == "times":
        number = args.get(0)
        values: list[Value] = (
            [ctx.invoke(args.get(1), [n]) for n in range(1, number + 1)] if isinstance(number, int) else []
        )
        return CollectionObject(PhpArray(values))
    return MISSING


_OTHER: dict[str, Callable[[LaravelHost, str, Args, Context], Answer]] = {
    _FACADES.lower() + "app": _app_static,
    _FACADES.lower() + "config": _config_static,
    _FACADES.lower() + "hash": _hash_static,
    _FACADES.lower() + "crypt": _hash_static,
    "illuminate\\support\\env": _env_static,
    "illuminate\\support\\collection": _collection_static,
    "illuminate\\support\\lazycollection": _collection_static,
    "illuminate\\database\\eloquent\\collection": _collection_static,
    "illuminate\\database\\eloquent\\model": _model_quiet,
}


# new


def construct(host: LaravelHost, cls: str, args: Args, ctx: Context) -> Answer:
    name = cls.lower()
    if name in ("illuminate\\database\\query\\expression",):
        value = args.get(0)
        return ExpressionObject(value if isinstance(value, Unknown | str) else str(value))
    if name in ("illuminate\\support\\collection", "illuminate\\database\\eloquent\\collection"):
        return collect(args.get(0), ctx)
    if name in _MOMENTS:
        return call_moment("parse", args, ctx) if len(args) else Moment()
    if name == "illuminate\\support\\stringable":
        text = ctx.to_string(args.get(0))
        return text if isinstance(text, Unknown) else Stringable(host, text)
    if name == "stdclass":
        return StdClass({})
    if name == "illuminate\\support\\fluent":
        return StdClass({str(k): v for k, v in _pairs(args.get(0))})
    if name.startswith(
        ("symfony\\component\\console\\", "illuminate\\console\\", "illuminate\\encryption\\")
    ):
        return Inert(cls)
    if "\\" in name and not host.world.has_packages and not name.startswith(_FRAMEWORK_NAMESPACES):
        raise ctx.throw("Error", f'Class "{cls}" not found')
    return MISSING


_FRAMEWORK_NAMESPACES = tuple(
    f"{n}\\"
    for n in (
        "illuminate", "symfony", "carbon", "doctrine", "psr", "monolog", "league", "ramsey", "guzzlehttp", "brick", "laravel",
        "nunomaduro", "dragonmantank", "cron", "egulias", "faker", "phpunit", "mockery", "vlucas", "dotenv", "nette",
    )
)  # fmt: skip
"""What an application has that has no packages but the framework."""


def _pairs(value: Value) -> list[tuple[int | str, Value]]:
    return value.items() if isinstance(value, PhpArray) else []


_BASES = (
    "illuminate\\database\\migrations\\migration",
    "illuminate\\database\\seeder",
    "illuminate\\support\\serviceprovider",
)


def base(host: LaravelHost, cls: str, owner: PhpObject) -> HostObject | None:
    known = cls.lower() in _BASES or cls.lower() in packages.MIGRATION_BASES
    return FrameworkBase(host, cls, owner) if known else None


class FrameworkBase(HostObject):
    """The framework's part of a migration, a seeder or a provider."""

    __slots__ = ("cls", "host", "owner")

    def __init__(self, host: LaravelHost, cls: str, owner: PhpObject) -> None:
        self.host = host
        self.cls = cls
        self.owner = owner

    @property
    def php_class(self) -> str:
        return self.cls

    def call(self, method: str, args: Args, ctx: Context) -> Answer:
        lowered = method.lower()
        if lowered == "getconnection":
            own = self.owner.get("connection")
            return own if isinstance(own, str) else None
        if lowered == "shouldrun":
            return True
        if lowered == "driver" and self.cls.lower() in packages.MIGRATION_BASES:
            return self.host.world.settings.driver
        if lowered in ("call", "callwith", "callsilent", "callonce") and self.cls.lower().endswith("seeder"):
            for name in _names(args.get(0)):
                seed(self.host, name, ctx)
            return self.owner
        if lowered == "__construct":
            return None
        if self.cls.lower() == _BASES[0] and all(ctx.find_class(t) for t in self.owner.cls.traits):
            raise ctx.throw("Error", f"Call to undefined method {self.owner.cls.name}::{method}()")
        return MISSING

    def get(self, prop: str, ctx: Context) -> Answer:
        if prop == "command":
            return Inert("Illuminate\\Console\\Command")
        if prop == "app":
            return Application(self.host)
        return {"withinTransaction": True, "connection": None}.get(prop, MISSING)


def _names(value: Value) -> list[str]:
    if isinstance(value, PhpArray):
        return [v for v in value.values() if isinstance(v, str)]
    return [value] if isinstance(value, str) else []
