"""The Blueprint's methods for keys, indexes, renames, drops and the helpers made of several columns.

Sources: `Illuminate/Database/Schema/Blueprint.php`, `ForeignIdColumnDefinition.php`, branches 8.x to 13.x."""

from __future__ import annotations

from collections.abc import Callable

from trueup.sources.laravel.inflection import plural
from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.fluent import (
    ColumnDefinition,
    Command,
    Expression,
    ForeignIdColumn,
    ForeignKeyCommand,
    php_text,
)
from trueup.sources.laravel.migrations.methods import blueprint_method
from trueup.sources.laravel.migrations.models import ModelFacts

# Indexes


def _register_indexes() -> None:
    for name in ("primary", "unique", "index"):

        def add(
            blueprint: Blueprint,
            columns: object,
            name: object = None,
            algorithm: object = None,
            _kind: str = name,
        ) -> Command:
            return blueprint.index_command(_kind, columns, name, algorithm)

        blueprint_method(name, parameters=("columns", "name", "algorithm"))(add)

    for name, command, kind in (
        ("dropUnique", "dropUnique", "unique"),
        ("dropIndex", "dropIndex", "index"),
        ("dropFullText", "dropFullText", "fulltext"),
        ("dropSpatialIndex", "dropSpatialIndex", "spatialIndex"),
        ("dropForeign", "dropForeign", "foreign"),
    ):

        def drop(blueprint: Blueprint, index: object, _command: str = command, _kind: str = kind) -> Command:
            return blueprint.drop_index_command(_command, _kind, index)

        blueprint_method(name, parameters=("index",))(drop)


_register_indexes()


@blueprint_method("fullText")
def full_text(
    blueprint: Blueprint, columns: object, name: object = None, algorithm: object = None
) -> Command:
    return blueprint.index_command("fulltext", columns, name, algorithm)


@blueprint_method("spatialIndex")
def spatial_index(
    blueprint: Blueprint, columns: object, name: object = None, operator_class: object = None
) -> Command:
    return blueprint.index_command("spatialIndex", columns, name, None, operator_class)


@blueprint_method("vectorIndex", 12)
def vector_index(blueprint: Blueprint, column: object, name: object = None) -> Command:
    return blueprint.vector_index(column, name)


@blueprint_method("rawIndex")
def raw_index(blueprint: Blueprint, expression: object, name: object) -> Command:
    return blueprint.index_command("index", [Expression(php_text(expression))], name)


@blueprint_method("dropPrimary")
def drop_primary(blueprint: Blueprint, index: object = None) -> Command:
    return blueprint.drop_index_command("dropPrimary", "primary", index)


@blueprint_method("renameIndex")
def rename_index(blueprint: Blueprint, from_: object, to: object) -> Command:
    return blueprint.add_command("renameIndex", **{"from": php_text(from_), "to": php_text(to)})


# Foreign keys


@blueprint_method("foreign")
def foreign(blueprint: Blueprint, columns: object, name: object = None) -> ForeignKeyCommand:
    return blueprint.foreign(columns, name)


@blueprint_method("foreignId")
def foreign_id(blueprint: Blueprint, column: object) -> ForeignIdColumn:
    return blueprint.add_foreign_id("bigInteger", column, autoIncrement=False, unsigned=True)


@blueprint_method("foreignUuid")
def foreign_uuid(blueprint: Blueprint, column: object) -> ForeignIdColumn:
    return blueprint.add_foreign_id("uuid", column)


@blueprint_method("foreignUlid", 9)
def foreign_ulid(blueprint: Blueprint, column: object, length: object = 26) -> ForeignIdColumn:
    return blueprint.add_foreign_id("char", column, length=length)


@blueprint_method("foreignIdFor")
def foreign_id_for(blueprint: Blueprint, model: ModelFacts, column: object = None) -> ForeignIdColumn:
    name = column or model.foreign_key
    major = blueprint.settings.major
    if major <= 10:
        if model.key_type == "int" and model.incrementing:
            return foreign_id(blueprint, name)
        return foreign_ulid(blueprint, name) if major == 10 and model.ulids else foreign_uuid(blueprint, name)
    if model.key_type == "int":
        return _for_model(foreign_id(blueprint, name), model)
    if model.ulids:
        return _for_model(foreign_ulid(blueprint, name), model)
    return _for_model(foreign_uuid(blueprint, name), model)


@blueprint_method("foreignUuidFor", 13)
def foreign_uuid_for(blueprint: Blueprint, model: ModelFacts, column: object = None) -> ForeignIdColumn:
    return _for_model(foreign_uuid(blueprint, column or model.foreign_key), model)


@blueprint_method("foreignUlidFor", 13)
def foreign_ulid_for(blueprint: Blueprint, model: ModelFacts, column: object = None) -> ForeignIdColumn:
    return _for_model(foreign_ulid(blueprint, column or model.foreign_key), model)


def _for_model(column: ForeignIdColumn, model: ModelFacts) -> ForeignIdColumn:
    column.attributes["table"] = model.table
    column.attributes["referencesModelColumn"] = model.key_name
    return column


def references(
    blueprint: Blueprint, column: ForeignIdColumn, foreign_column: object, index_name: object = None
) -> ForeignKeyCommand:
    key = blueprint.foreign(column.name, index_name)
    key.attributes["references"] = foreign_column
    return key


def constrained(
    blueprint: Blueprint,
    column: ForeignIdColumn,
    table: object = None,
    foreign_column: object = None,
    index_name: object = None,
) -> ForeignKeyCommand:
    """`constrained()`: the table given, else the model's (11+), else guessed from the column's name."""
    if blueprint.settings.major >= 11:
        table = column.get("table") if table is None else table
        if foreign_column is None:
            foreign_column = column.get("referencesModelColumn")
    target = "id" if foreign_column is None else foreign_column
    key = references(blueprint, column, target, index_name)
    key.attributes["on"] = table if table else guessed_table(column.name, php_text(target))
    return key


def guessed_table(column: str, foreign_column: str) -> str:
    """`Str::plural(Str::beforeLast('user_id', '_id'))`; without that ending, the plural of the whole name."""
    head, found, _ = column.rpartition("_" + foreign_column)
    return plural(head if found else column)


# Drops and renames


@blueprint_method("dropColumn", variadic=True)
def drop_column(blueprint: Blueprint, *columns: object) -> Command:
    names: list[object] = list(columns[0]) if columns and isinstance(columns[0], list) else list(columns)
    return blueprint.add_command("dropColumn", columns=names)


@blueprint_method("renameColumn")
def rename_column(blueprint: Blueprint, from_: object, to: object) -> Command:
    return blueprint.add_command("renameColumn", **{"from": php_text(from_), "to": php_text(to)})


@blueprint_method("rename")
def rename(blueprint: Blueprint, to: object) -> Command:
    return blueprint.add_command("rename", to=php_text(to))


def _register_simple_commands() -> None:
    for name in ("create", "drop", "dropIfExists"):

        def add(blueprint: Blueprint, _name: str = name) -> Command:
            return blueprint.add_command(_name)

        blueprint_method(name, parameters=())(add)

    for name, columns in (
        ("dropTimestamps", ["created_at", "updated_at"]),
        ("dropTimestampsTz", ["created_at", "updated_at"]),
        ("dropRememberToken", ["remember_token"]),
    ):

        def drop(blueprint: Blueprint, _columns: list[object] = columns) -> None:  # type: ignore[assignment]  # list[str] is given
            blueprint.add_command("dropColumn", columns=list(_columns))

        blueprint_method(name, parameters=())(drop)

    for name in ("dropSoftDeletes", "dropSoftDeletesTz"):

        def drop_soft(blueprint: Blueprint, column: object = "deleted_at") -> None:
            blueprint.add_command("dropColumn", columns=[column])

        blueprint_method(name)(drop_soft)


_register_simple_commands()


@blueprint_method("dropConstrainedForeignId")
def drop_constrained_foreign_id(blueprint: Blueprint, column: object) -> Command:
    blueprint.drop_index_command("dropForeign", "foreign", [column])
    return blueprint.add_command("dropColumn", columns=[column])


@blueprint_method("dropForeignIdFor", 9)
def drop_foreign_id_for(blueprint: Blueprint, model: ModelFacts, column: object = None) -> Command:
    name = column or model.foreign_key
    if blueprint.settings.major <= 9:
        return blueprint.drop_index_command("dropForeign", "foreign", [name])
    return blueprint.add_command("dropColumn", columns=[name])


@blueprint_method("dropConstrainedForeignIdFor", 9)
def drop_constrained_foreign_id_for(
    blueprint: Blueprint, model: ModelFacts, column: object = None
) -> Command:
    return drop_constrained_foreign_id(blueprint, column or model.foreign_key)


@blueprint_method("dropMorphs")
def drop_morphs(blueprint: Blueprint, name: object, index_name: object = None) -> None:
    columns: list[object] = [f"{name}_type", f"{name}_id"]
    blueprint.drop_index_command("dropIndex", "index", index_name or blueprint.index_name("index", columns))
    blueprint.add_command("dropColumn", columns=columns)


# Morphs


def _int_key(blueprint: Blueprint, name: str) -> ColumnDefinition:
    return blueprint.add_column("bigInteger", name, autoIncrement=False, unsigned=True)


def _uuid_key(blueprint: Blueprint, name: str) -> ColumnDefinition:
    return blueprint.add_column("uuid", name)


def _ulid_key(blueprint: Blueprint, name: str) -> ColumnDefinition:
    return blueprint.add_column("char", name, length=26)


_MORPH_KEYS: dict[str, Callable[[Blueprint, str], ColumnDefinition]] = {
    "int": _int_key,
    "uuid": _uuid_key,
    "ulid": _ulid_key,
}


def add_morphs(
    blueprint: Blueprint, name: object, index_name: object, after: object, key_type: str, nullable: bool
) -> None:
    kind = blueprint.add_column("string", f"{name}_type", length=blueprint.settings.default_string_length)
    key = _MORPH_KEYS[key_type](blueprint, f"{name}_id")
    if nullable:
        kind.attributes["nullable"] = key.attributes["nullable"] = True
    if after is not None:
        kind.attributes["after"] = after
        key.attributes["after"] = f"{name}_type"
    blueprint.index_command("index", [f"{name}_type", f"{name}_id"], index_name)


def _register_morphs() -> None:
    for name, key_type, nullable in (
        ("morphs", "", False),
        ("nullableMorphs", "", True),
        ("numericMorphs", "int", False),
        ("nullableNumericMorphs", "int", True),
        ("uuidMorphs", "uuid", False),
        ("nullableUuidMorphs", "uuid", True),
        ("ulidMorphs", "ulid", False),
        ("nullableUlidMorphs", "ulid", True),
    ):

        def add(
            blueprint: Blueprint,
            name: object,
            index_name: object = None,
            after: object = None,
            _key_type: str = key_type,
            _nullable: bool = nullable,
        ) -> None:
            chosen = _key_type or blueprint.settings.default_morph_key_type
            add_morphs(blueprint, name, index_name, after, chosen, _nullable)

        since = 9 if key_type == "ulid" else 8
        blueprint_method(name, since, parameters=("name", "indexName", "after"))(add)


_register_morphs()

# Options of the table


@blueprint_method("engine", 10)
def engine(blueprint: Blueprint, engine: object) -> None:
    blueprint.engine = php_text(engine)


@blueprint_method("innoDb", 10)
def inno_db(blueprint: Blueprint) -> None:
    blueprint.engine = "InnoDB"


@blueprint_method("charset", 10)
def charset(blueprint: Blueprint, charset: object) -> None:
    blueprint.charset = php_text(charset)


@blueprint_method("collation", 10)
def collation(blueprint: Blueprint, collation: object) -> None:
    blueprint.collation = php_text(collation)


@blueprint_method("temporary")
def temporary(blueprint: Blueprint) -> None:
    blueprint.temporary = True


@blueprint_method("comment", 9)
def comment(blueprint: Blueprint, comment: object) -> Command:
    return blueprint.add_command("tableComment", comment=php_text(comment))
