"""What well-known packages do to migrations: Blueprint macros, column helpers, feature switches, bases of migrations.

Packages are not on disk; what is written here is what they are documented to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.connection_settings import doctrine_type
from trueup.sources.laravel.migrations.grammar.doctrine import KNOWN_TYPES
from trueup.sources.laravel.runtime.blueprint_object import BlueprintObject
from trueup.sources.php.host import Context
from trueup.sources.php.values import MISSING, Args, HostObject, Missing, PhpArray, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost

_BESIDE_TABLES = re.compile(r"(?:create|drop)(?:extension|function|domain|sequence)")
MIGRATION_BASES = {"laravel\\pulse\\support\\pulsemigration"}
ENHANCED_SCHEMA = "tpetry\\postgresqlenhanced\\support\\facades\\schema"
"""The framework's facade once more, for editors: what it adds are things beside tables."""
REGISTRAR = "spatie\\permission\\permissionregistrar"
_REGISTRAR_COLUMNS = {
    "pivotRole": ("role_pivot_key", "role_id"),
    "pivotPermission": ("permission_pivot_key", "permission_id"),
    "teamsKey": ("team_foreign_key", "team_id"),
}
"""Property → key of `column_names` in config/permission.php, and what stands where that is null."""
QUIET_FUNCTIONS = {"activity": "spatie/laravel-activitylog"}
"""Functions of packages, by the package, whose doings never reach the schema."""
_QUIET = {
    REGISTRAR,
    "laravel\\passport\\passport",
    "laravel\\sanctum\\sanctum",
}


def call_static(host: LaravelHost, cls: str, method: str, args: Args, ctx: Context) -> Value | Missing:
    """`cls` and `method` in lower case."""
    match cls:
        case "laravel\\fortify\\features" | "laravel\\jetstream\\features":
            return _feature(host, cls.split("\\")[1], method, args, ctx)
        case "laravel\\fortify\\fortify" if method == "confirmstwofactorauthentication":
            options = _options(host, "fortify", "two-factor-authentication", ctx)
            return options if isinstance(options, Unknown) else options.get("confirm") is True
        case "silber\\bouncer\\database\\models" if method == "table":
            # Tables keep their names unless the application calls `setTables`.
            return args.get(0)
        case "kalnoy\\nestedset\\nestedset" if method in ("columns", "dropcolumns"):
            table = args.get(0)
            if isinstance(table, BlueprintObject):
                (nested_set if method == "columns" else drop_nested_set)(table.blueprint)
            return None
        case "spatie\\health\\resultstores\\eloquenthealthresultstore" if method == "gethistoryiteminstance":
            return NamedModel(
                "Spatie\\Health\\Models\\HealthCheckResultHistoryItem", "health_check_result_history_items"
            )
        case "doctrine\\dbal\\types\\type":
            return _doctrine_type(host, method, args)
    return None if cls in _QUIET else MISSING


class NamedModel(HostObject):
    """A package's model, as a migration asks it for its table."""

    __slots__ = ("name", "table")

    def __init__(self, name: str, table: str) -> None:
        self.name = name
        self.table = table

    @property
    def php_class(self) -> str:
        return self.name

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        return {"gettable": self.table, "getconnectionname": None}.get(method.lower(), MISSING)


class PermissionRegistrar(HostObject):
    """spatie/laravel-permission's: the names of its columns by its configuration, as properties (static ones before version 6)."""

    __slots__ = ("host",)

    def __init__(self, host: LaravelHost) -> None:
        self.host = host

    @property
    def php_class(self) -> str:
        return "Spatie\\Permission\\PermissionRegistrar"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        return self

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        if prop == "teams":
            return self.host.config_value("permission.teams", ctx, False)
        known = _REGISTRAR_COLUMNS.get(prop)
        if known is None:
            return MISSING
        return self.host.config_value(f"permission.column_names.{known[0]}", ctx) or known[1]


def is_beside_tables(method: str) -> bool:
    """Whether a method of tpetry/laravel-postgresql-enhanced makes or drops what is no table: an extension, a function. `method` in
    lower case."""
    return _BESIDE_TABLES.match(method) is not None


def _doctrine_type(host: LaravelHost, method: str, args: Args) -> Value:
    """`Type::hasType('double')`, `Type::addType('double', FloatType::class)`."""
    types, name = host.world.settings.dbal_types, str(args.get(0))
    if method == "hastype":
        return name in types or name in KNOWN_TYPES
    if method in ("addtype", "overridetype"):
        types[name] = doctrine_type(args.get(1))
    return None


def _feature(host: LaravelHost, package: str, method: str, args: Args, ctx: Context) -> Value:
    """`Features::twoFactorAuthentication([...])` names a feature and keeps its options; `enabled()` asks the configuration."""
    if method in ("enabled", "optionenabled"):
        name = args.get(0)
        features = host.config_value(f"{package}.features", ctx)
        if not isinstance(features, PhpArray) or not isinstance(name, str):
            return ctx.unknown(f"the features of {package}")
        if method == "enabled" or name not in features.values():
            return name in features.values()
        options = _options(host, package, name, ctx)
        return options if isinstance(options, Unknown) else options.get(str(args.get(1))) is True
    words = {
        "twofactorauthentication": "two-factor-authentication",
        "updateprofileinformation": "update-profile-information",
    }
    known = {
        "updatepasswords": "update-passwords",
        "resetpasswords": "reset-passwords",
        "emailverification": "email-verification",
    }
    name = (words | known).get(method, method)
    if method.startswith("has"):
        return ctx.unknown(f"the features of {package}")
    given = args.get(0)
    if isinstance(given, PhpArray):
        host.world.config[f"{package}-options.{name}"] = given
    return name


def _options(host: LaravelHost, package: str, name: str, ctx: Context) -> PhpArray | Unknown:
    """The options a feature was named with, when it is enabled at all."""
    features = host.config_value(f"{package}.features", ctx)
    if isinstance(features, Unknown):
        return features
    if not isinstance(features, PhpArray) or name not in features.values():
        return PhpArray()
    options = host.world.config.get(f"{package}-options.{name}")
    return options if isinstance(options, PhpArray) else PhpArray()


def nested_set(blueprint: Blueprint) -> None:
    """kalnoy/nestedset."""
    for name in ("_lft", "_rgt"):
        blueprint.add_column("integer", name, autoIncrement=False, unsigned=True, default=0)
    blueprint.add_column("integer", "parent_id", autoIncrement=False, unsigned=True, nullable=True)
    blueprint.index_command("index", ["_lft", "_rgt", "parent_id"])


def drop_nested_set(blueprint: Blueprint) -> None:
    columns: list[object] = ["_lft", "_rgt", "parent_id"]
    blueprint.drop_index_command("dropIndex", "index", columns)
    blueprint.add_command("dropColumn", columns=columns)


def _schemaless(blueprint: Blueprint, name: object = "schemaless_attributes") -> object:
    """spatie/laravel-schemaless-attributes."""
    return blueprint.add_column("json", name, nullable=True)


def _userstamps(blueprint: Blueprint) -> None:
    """wildside/userstamps."""
    for name in ("created_by", "updated_by"):
        blueprint.add_foreign_id("bigInteger", name, autoIncrement=False, unsigned=True, nullable=True)


BLUEPRINT_MACROS: dict[str, tuple[str, Callable[..., object]]] = {
    "schemalessattributes": ("spatie/laravel-schemaless-attributes", _schemaless),
    "nestedset": ("kalnoy/nestedset", nested_set),
    "dropnestedset": ("kalnoy/nestedset", drop_nested_set),
    "userstamps": ("wildside/userstamps", _userstamps),
}
"""By lower-case name: the package and what it adds. The function is given the blueprint and the call's arguments."""
