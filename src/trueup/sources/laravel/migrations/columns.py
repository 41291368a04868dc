"""The Blueprint's column methods, by the name PHP calls them, with the versions that have them.

Sources: `Illuminate/Database/Schema/Blueprint.php`, branches 8.x to 13.x."""

from __future__ import annotations

from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.fluent import ColumnDefinition, FrameworkError
from trueup.sources.laravel.migrations.methods import blueprint_method

ColumnPair = tuple[ColumnDefinition, ColumnDefinition]
"""What `timestamps()` and `datetimes()` add; 12 and later return both as a Collection."""


def _register_plain() -> None:
    """Methods that add a column of their own name and no attributes."""
    for name, since, until in (
        ("tinyText", 8, 99),
        ("text", 8, 99),
        ("mediumText", 8, 99),
        ("longText", 8, 99),
        ("boolean", 8, 99),
        ("json", 8, 99),
        ("jsonb", 8, 99),
        ("date", 8, 99),
        ("year", 8, 99),
        ("tsvector", 12, 99),
        ("lineString", 8, 10),
        ("polygon", 8, 10),
        ("geometryCollection", 8, 10),
        ("multiPoint", 8, 10),
        ("multiLineString", 8, 10),
        ("multiPolygon", 8, 10),
        ("multiPolygonZ", 8, 10),
    ):

        def add(blueprint: Blueprint, column: object, _type: str = name) -> ColumnDefinition:
            return blueprint.add_column(_type, column)

        blueprint_method(name, since, until, parameters=("column",))(add)


def _register_integers() -> None:
    for name in ("integer", "tinyInteger", "smallInteger", "mediumInteger", "bigInteger"):
        upper = name[0].upper() + name[1:]

        def signed(
            blueprint: Blueprint,
            column: object,
            auto_increment: object = False,
            unsigned: object = False,
            _type: str = name,
        ) -> ColumnDefinition:
            return blueprint.add_column(_type, column, autoIncrement=auto_increment, unsigned=unsigned)

        def unsigned(
            blueprint: Blueprint, column: object, auto_increment: object = False, _type: str = name
        ) -> ColumnDefinition:
            return blueprint.add_column(_type, column, autoIncrement=auto_increment, unsigned=True)

        def increments(blueprint: Blueprint, column: object, _type: str = name) -> ColumnDefinition:
            return blueprint.add_column(_type, column, autoIncrement=True, unsigned=True)

        size = name.removesuffix("Integer") if name != "integer" else ""
        blueprint_method(name, parameters=("column", "autoIncrement", "unsigned"))(signed)
        blueprint_method("unsigned" + upper, parameters=("column", "autoIncrement"))(unsigned)
        blueprint_method((size + "Increments") if size else "increments", parameters=("column",))(increments)
        if not size:
            blueprint_method("integerIncrements", parameters=("column",))(increments)


def _register_times() -> None:
    for name in ("dateTime", "dateTimeTz", "time", "timeTz", "timestamp", "timestampTz"):

        def add(
            blueprint: Blueprint, column: object, precision: object = None, _type: str = name
        ) -> ColumnDefinition:
            return blueprint.add_column(_type, column, precision=_precision(blueprint, precision))

        blueprint_method(name, parameters=("column", "precision"))(add)


_register_plain()
_register_integers()
_register_times()


def _precision(blueprint: Blueprint, precision: object, given: bool = False) -> object:
    if precision is not None or given:
        return precision
    return blueprint.settings.default_time_precision if blueprint.settings.major >= 12 else 0


@blueprint_method("id")
def add_id(blueprint: Blueprint, column: object = "id") -> ColumnDefinition:
    return blueprint.add_column("bigInteger", column, autoIncrement=True, unsigned=True)


@blueprint_method("char")
def char(blueprint: Blueprint, column: object, length: object = None) -> ColumnDefinition:
    if length is None or (blueprint.settings.major <= 8 and not length):
        length = blueprint.settings.default_string_length
    return blueprint.add_column("char", column, length=length)


@blueprint_method("string")
def string(blueprint: Blueprint, column: object, length: object = None) -> ColumnDefinition:
    return blueprint.add_column("string", column, length=length or blueprint.settings.default_string_length)


@blueprint_method("float", 11)
def float_(blueprint: Blueprint, column: object, precision: object = 53) -> ColumnDefinition:
    return blueprint.add_column("float", column, precision=precision)


@blueprint_method("double", 11)
def double(blueprint: Blueprint, column: object) -> ColumnDefinition:
    return blueprint.add_column("double", column)


@blueprint_method("decimal", 11)
def decimal(blueprint: Blueprint, column: object, total: object = 8, places: object = 2) -> ColumnDefinition:
    return blueprint.add_column("decimal", column, total=total, places=places)


def _register_old_fractions() -> None:
    """`float`, `double` and `decimal` before 11 took total, places and unsigned."""
    for name, total_default, places_default in (("float", 8, 2), ("double", None, None), ("decimal", 8, 2)):

        def plain(
            blueprint: Blueprint,
            column: object,
            total: object = total_default,
            places: object = places_default,
            unsigned: object = False,
            _type: str = name,
        ) -> ColumnDefinition:
            return blueprint.add_column(_type, column, total=total, places=places, unsigned=unsigned)

        def unsigned(
            blueprint: Blueprint,
            column: object,
            total: object = total_default,
            places: object = places_default,
            _type: str = name,
        ) -> ColumnDefinition:
            return blueprint.add_column(_type, column, total=total, places=places, unsigned=True)

        blueprint_method(name, 8, 10, parameters=("column", "total", "places", "unsigned"))(plain)
        upper = "unsigned" + name[0].upper() + name[1:]
        blueprint_method(upper, 8, 10, parameters=("column", "total", "places"))(unsigned)


_register_old_fractions()


def _values(allowed: object) -> object:
    """Of an array with keys of its own the framework takes the values: `['M' => 'Morning']` allows 'Morning'."""
    return list(allowed.values()) if isinstance(allowed, dict) else allowed


@blueprint_method("enum")
def enum(blueprint: Blueprint, column: object, allowed: object) -> ColumnDefinition:
    return blueprint.add_column("enum", column, allowed=_values(allowed))


@blueprint_method("set")
def set_(blueprint: Blueprint, column: object, allowed: object) -> ColumnDefinition:
    return blueprint.add_column("set", column, allowed=_values(allowed))


@blueprint_method("binary", 11)
def binary(
    blueprint: Blueprint, column: object, length: object = None, fixed: object = False
) -> ColumnDefinition:
    return blueprint.add_column("binary", column, length=length, fixed=fixed)


@blueprint_method("binary", 8, 10)
def old_binary(blueprint: Blueprint, column: object) -> ColumnDefinition:
    return blueprint.add_column("binary", column)


@blueprint_method("uuid")
def uuid(blueprint: Blueprint, column: object = "uuid") -> ColumnDefinition:
    return blueprint.add_column("uuid", column)


@blueprint_method("ulid", 9)
def ulid(blueprint: Blueprint, column: object = None, length: object = 26) -> ColumnDefinition:
    default = "uuid" if blueprint.settings.major == 9 else "ulid"
    return blueprint.add_column("char", default if column is None else column, length=length)


@blueprint_method("ipAddress")
def ip_address(blueprint: Blueprint, column: object = "ip_address") -> ColumnDefinition:
    return blueprint.add_column("ipAddress", column)


@blueprint_method("macAddress")
def mac_address(blueprint: Blueprint, column: object = "mac_address") -> ColumnDefinition:
    return blueprint.add_column("macAddress", column)


@blueprint_method("geometry", 11)
def geometry(
    blueprint: Blueprint, column: object, subtype: object = None, srid: object = 0
) -> ColumnDefinition:
    return blueprint.add_column("geometry", column, subtype=subtype, srid=srid)


@blueprint_method("geometry", 8, 10)
def old_geometry(blueprint: Blueprint, column: object) -> ColumnDefinition:
    return blueprint.add_column("geometry", column)


@blueprint_method("point", 8, 10)
def point(blueprint: Blueprint, column: object, srid: object = None) -> ColumnDefinition:
    return blueprint.add_column("point", column, srid=srid)


@blueprint_method("geography", 11)
def geography(
    blueprint: Blueprint, column: object, subtype: object = None, srid: object = 4326
) -> ColumnDefinition:
    return blueprint.add_column("geography", column, subtype=subtype, srid=srid)


@blueprint_method("vector", 11)
def vector(blueprint: Blueprint, column: object, dimensions: object = None) -> ColumnDefinition:
    if dimensions:
        return blueprint.add_column("vector", column, dimensions=dimensions)
    return blueprint.add_column("vector", column)


@blueprint_method("computed")
def computed(blueprint: Blueprint, column: object, expression: object) -> ColumnDefinition:
    return blueprint.add_column("computed", column, expression=expression)


@blueprint_method("rawColumn", 11)
def raw_column(blueprint: Blueprint, column: object, definition: object) -> ColumnDefinition:
    return blueprint.add_column("raw", column, definition=definition)


@blueprint_method("addColumn")
def add_column(
    blueprint: Blueprint, type_: object, name: object, parameters: object = None
) -> ColumnDefinition:
    extra = parameters if isinstance(parameters, dict) else {}
    column = ColumnDefinition({"type": str(type_), "name": str(name), **extra}, blueprint.at)
    return blueprint.add_definition(column)


@blueprint_method("rememberToken")
def remember_token(blueprint: Blueprint) -> ColumnDefinition:
    return _nullable(blueprint.add_column("string", "remember_token", length=100))


def _nullable(column: ColumnDefinition) -> ColumnDefinition:
    column.attributes["nullable"] = True
    return column


def _time_pair(blueprint: Blueprint, type_: str, precision: object) -> ColumnPair | None:
    chosen = _precision(blueprint, precision)
    pair = (
        _nullable(blueprint.add_column(type_, "created_at", precision=chosen)),
        _nullable(blueprint.add_column(type_, "updated_at", precision=chosen)),
    )
    return pair if blueprint.settings.major >= 12 else None


@blueprint_method("timestamps")
def timestamps(blueprint: Blueprint, precision: object = None) -> ColumnPair | None:
    return _time_pair(blueprint, "timestamp", precision)


@blueprint_method("nullableTimestamps")
def nullable_timestamps(blueprint: Blueprint, precision: object = None) -> ColumnPair | None:
    return _time_pair(blueprint, "timestamp", precision)


@blueprint_method("timestampsTz")
def timestamps_tz(blueprint: Blueprint, precision: object = None) -> ColumnPair | None:
    return _time_pair(blueprint, "timestampTz", precision)


@blueprint_method("nullableTimestampsTz", 12)
def nullable_timestamps_tz(blueprint: Blueprint, precision: object = None) -> ColumnPair | None:
    return _time_pair(blueprint, "timestampTz", precision)


@blueprint_method("datetimes", 10)
def datetimes(blueprint: Blueprint, precision: object = None) -> ColumnPair | None:
    return _time_pair(blueprint, "dateTime", precision)


def _register_soft_deletes() -> None:
    for name, since, type_ in (
        ("softDeletes", 8, "timestamp"),
        ("softDeletesTz", 8, "timestampTz"),
        ("softDeletesDatetime", 10, "dateTime"),
    ):

        def add(
            blueprint: Blueprint, column: object = "deleted_at", precision: object = None, _type: str = type_
        ) -> ColumnDefinition:
            return _nullable(blueprint.add_column(_type, column, precision=_precision(blueprint, precision)))

        blueprint_method(name, since, parameters=("column", "precision"))(add)


_register_soft_deletes()


@blueprint_method("removeColumn")
def remove_column(blueprint: Blueprint, name: object) -> Blueprint:
    blueprint.remove_column(str(name))
    return blueprint


def unknown_type(grammar: str, type_: str) -> FrameworkError:
    method = "type" + type_[:1].upper() + type_[1:]
    return FrameworkError("BadMethodCallException", f"Method {grammar}::{method} does not exist.")
