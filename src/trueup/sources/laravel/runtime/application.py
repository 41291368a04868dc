"""The application: the container, the environment, Artisan commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.laravel.runtime import packages
from trueup.sources.laravel.runtime.bindings import binding_of
from trueup.sources.laravel.runtime.connection import Connection
from trueup.sources.laravel.runtime.data import Inert
from trueup.sources.laravel.runtime.helpers import Repository
from trueup.sources.laravel.runtime.schema_builder import SchemaBuilder
from trueup.sources.php.host import Context
from trueup.sources.php.values import Args, Closure, HostObject, Missing, PhpArray, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost

Answer = Value | Missing


class Application(HostObject):
    """`app()`."""

    __slots__ = ("host",)

    def __init__(self, host: LaravelHost) -> None:
        self.host = host

    @property
    def php_class(self) -> str:
        return "Illuminate\\Foundation\\Application"

    def call(self, method: str, args: Args, ctx: Context) -> Answer:
        host = self.host
        match method.lower():
            case "make" | "get" | "makewith":
                return make(host, args.get(0, "abstract"), args, ctx)
            case "environment":
                return _environment(host, args, ctx)
            case "runningunittests" | "islocal" | "isdownformaintenance":
                return False
            case "isproduction" | "runninginconsole":
                return True
            case "version":
                return host.world.project.framework_version or f"{host.world.settings.major}.0.0"
            case "getlocale":
                return host.config_value("app.locale", ctx, "en")
            case "bound" | "has":
                return ctx.unknown("whether something is bound in the container")
            case "basepath" | "databasepath" | "configpath" | "path" | "storagepath":
                folder = {
                    "databasepath": "database",
                    "configpath": "config",
                    "path": "app",
                    "storagepath": "storage",
                }
                return ctx.call_function("base_path", [folder.get(method.lower(), "")])
        return Inert("Illuminate\\Foundation\\Application")

    def offset_get(self, key: Value, ctx: Context) -> Answer:
        return make(self.host, key, Args([key]), ctx)


def _environment(host: LaravelHost, args: Args, ctx: Context) -> Value:
    current = host.config_value("app.env", ctx, "production")
    if not len(args) or isinstance(current, Unknown):
        return current
    wanted = args.get(0)
    names = wanted.values() if isinstance(wanted, PhpArray) else args.positional
    return any(n == current for n in names)


def make(host: LaravelHost, name: Value, args: Args, ctx: Context) -> Answer:
    """`app($abstract)`: the container's own things; else the class itself, where it can be made."""
    if not isinstance(name, str):
        return name if isinstance(name, Unknown) else ctx.unknown("something from the container")
    lowered = name.lstrip("\\").lower()
    if lowered in (
        "db",
        "illuminate\\database\\databasemanager",
        "illuminate\\database\\connectionresolverinterface",
    ):
        return Connection(host)
    if lowered in (
        "db.connection",
        "illuminate\\database\\connection",
        "illuminate\\database\\connectioninterface",
    ):
        return Connection(host)
    if lowered in ("db.schema", "illuminate\\database\\schema\\builder"):
        return SchemaBuilder(host)
    if lowered in ("config", "illuminate\\contracts\\config\\repository", "illuminate\\config\\repository"):
        return Repository(host)
    if lowered == "app":
        return Application(host)
    if lowered in (
        "cache",
        "log",
        "files",
        "events",
        "hash",
        "encrypter",
        "queue",
        "session",
        "translator",
        "validator",
        "redis",
    ):
        return Inert(name)
    if lowered == "env":
        return host.config_value("app.env", ctx, "production")
    if lowered == packages.REGISTRAR:
        return packages.PermissionRegistrar(host)
    cls = ctx.find_class(name)
    if cls is not None:
        if cls.decl.kind != "class" or cls.decl.abstract:
            return _bound(host, name.lstrip("\\"), ctx)
        return _injected(host, name, ctx)
    return Inert(name)


def _bound(host: LaravelHost, name: str, ctx: Context) -> Value:
    """What a provider binds to an interface; a gap where that can't be told and something of the kind builds tables."""
    found = binding_of(host.classes, name)
    if isinstance(found, Closure):
        return ctx.invoke(found, [Application(host)])
    made = ctx.find_class(found) if found is not None else None
    if found is not None and made is not None and made.decl.kind == "class" and not made.decl.abstract:
        return _injected(host, found, ctx)
    reason = f"what the container has for {name}"
    if host.classes.may_build(name):
        ctx.gap(f"{reason} is not known, nor what it does", "unknown-call")
    return ctx.unknown(reason)


def _injected(host: LaravelHost, name: str, ctx: Context) -> Value:
    """A class of the project with its constructor's classes made too, three deep at most."""
    cls = ctx.find_class(name)
    constructor = cls.method("__construct") if cls is not None else None
    if constructor is None:
        return ctx.instantiate(name)
    values: list[Value] = []
    for parameter in constructor.function.params:
        if parameter.default is not None:
            break
        values.append(Inert(parameter.type.lstrip("?\\") or "mixed"))
    return ctx.instantiate(name, values)


_QUIET_COMMANDS = (
    "cache:",
    "config:",
    "view:",
    "route:",
    "optimize",
    "event:",
    "queue:",
    "storage:",
    "key:",
    "permission:",
    "passport:keys",
    "scout:",
    "horizon:",
    "telescope:",
    "vendor:publish",
    "permission:cache-reset",
    "up",
    "down",
)


def artisan(host: LaravelHost, args: Args, ctx: Context) -> Value:
    """A command: a seeder's class is run; a migration or an own command may build tables and is a gap; caches are nothing."""
    command = args.get(0, "command")
    if isinstance(command, Unknown):
        ctx.gap("an Artisan command that can't be told is run", "artisan")
        return 0
    text = str(command)
    options = args.get(1, "parameters")
    if text.split(" ", 1)[0] == "db:seed" and isinstance(options, PhpArray):
        name = options.get("--class", options.get("class"))
        if isinstance(name, str):
            seed(host, name, ctx)
            return 0
    if not text.startswith((*_QUIET_COMMANDS, "db:seed")) and host.classes.command_may_build(
        text.split(" ", 1)[0]
    ):
        ctx.gap(f"the Artisan command {text} is run; what it does is not followed", "artisan")
    return 0


def seed(host: LaravelHost, name: str, ctx: Context) -> None:
    for candidate in (name, f"Database\\Seeders\\{name}"):
        if ctx.find_class(candidate) is not None:
            ctx.call_method(ctx.instantiate(candidate), "run")
            return
