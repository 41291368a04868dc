"""What a server would refuse in keys and indexes. The numbers are MySQL's errors and PostgreSQL's SQLSTATEs."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.names import Driver
from trueup.model.spec import SpecDefect
from trueup.model.types import ColumnType
from trueup.sources.spec.defect_tables import JudgedTable, all_indexes, is_blob, own_key, type_of
from trueup.sources.spec.from_ddl import bare_name
from trueup.sources.sql import ddl

_BYTES_PER_CHARACTER = 4
_LONGEST_KEY = 3072


def unknown_key_columns(table: JudgedTable) -> Iterator[SpecDefect]:
    """1072, 42703: an index or a foreign key on a column that the table does not have."""
    if not table.known:
        return
    for index in table.indexes:
        for part in index.parts:
            if part.column is not None and table.column(part.column) is None:
                name = f" {index.name}" if index.name else ""
                yield table.defect(
                    "unknown-column",
                    index.at,
                    f"index{name} on {part.column}, a column that the table does not define",
                    part.column,
                )
    for key in table.keys:
        for column in key.columns:
            if table.column(column) is None:
                yield table.defect(
                    "unknown-column",
                    key.at,
                    f"foreign key on {column}, a column that the table does not define",
                    column,
                )


def null_primary_keys(table: JudgedTable) -> Iterator[SpecDefect]:
    """1171: all parts of a PRIMARY KEY must be NOT NULL."""
    for column in table.columns:
        if column.primary and column.nullable and table.driver != "sqlite":
            yield table.defect(
                "nullable-primary-key", column.at, f"primary key {column.name} is declared NULL", column.name
            )
    for index in table.indexes:
        for part in index.parts if index.kind == "primary" else ():
            named = table.column(part.column or "")
            if named and named.nullable and table.driver != "sqlite":
                yield table.defect(
                    "nullable-primary-key",
                    index.at,
                    f"primary key column {named.name} is declared NULL",
                    named.name,
                )


def two_primary_keys(table: JudgedTable) -> Iterator[SpecDefect]:
    """1068, 42P16."""
    places = [c.at for c in table.columns if c.primary] + [i.at for i in table.indexes if i.kind == "primary"]
    for at in places[1:]:
        yield table.defect(
            "two-primary-keys", at, f"a second primary key (the first is in line {places[0].line})"
        )


def duplicate_index_names(table: JudgedTable) -> Iterator[SpecDefect]:
    """1061, 42P07."""
    seen: dict[str, ddl.IndexDef] = {}
    for index in table.indexes:
        if index.name and index.kind != "primary":
            first = seen.setdefault(index.name.lower(), index)
            if first is not index:
                yield table.defect(
                    "duplicate-index",
                    index.at,
                    f"index name {index.name} is used twice (first in line {first.at.line})",
                )


def text_keys(table: JudgedTable) -> Iterator[SpecDefect]:
    """1170: a BLOB/TEXT column in a key needs a length; 3152: JSON can't be indexed; 1071: a key over 3072 bytes (InnoDB,
    utf8mb4)."""
    if table.driver not in ("mysql", "mariadb"):
        return
    for index in all_indexes(table):
        if index.kind in ("fulltext", "spatial", "vector"):
            continue
        bytes_ = 0
        for part in index.parts:
            column = table.column(part.column or "")
            if column is None:
                continue
            found = type_of(column, table.driver)
            if found.family == "json" and table.driver == "mysql":
                yield table.defect(
                    "json-index", index.at, f"MySQL can't index the JSON column {column.name}", column.name
                )
            elif is_blob(column, table.driver) and not part.length:
                yield table.defect(
                    "text-index",
                    index.at,
                    f"an index on the {column.type} column {column.name} needs a length",
                    column.name,
                )
            elif found.family == "string":
                bytes_ += (part.length or found.length or 0) * _BYTES_PER_CHARACTER
        if bytes_ > _LONGEST_KEY:
            message = f"the key is {bytes_} bytes long in utf8mb4; InnoDB takes {_LONGEST_KEY}"
            yield table.defect("long-key", index.at, message)


def set_null_keys(table: JudgedTable) -> Iterator[SpecDefect]:
    """1830: SET NULL on a column that is NOT NULL. Other servers take it and fail when the parent is deleted."""
    keys = list(table.keys) + [own_key(c) for c in table.columns if c.references]
    primary = {(p.column or "").lower() for i in table.indexes if i.kind == "primary" for p in i.parts}
    for key in keys:
        for action, word in ((key.on_delete, "DELETE"), (key.on_update, "UPDATE")):
            for name in key.columns if (action or "").lower() == "set null" else ():
                column = table.column(name)
                if column and (column.nullable is False or column.primary or name.lower() in primary):
                    yield table.defect(
                        "fk-set-null-not-null", key.at, f"ON {word} SET NULL, and {name} is NOT NULL", name
                    )


def key_counts(table: JudgedTable) -> Iterator[SpecDefect]:
    """1239: as many referencing as referenced columns."""
    for key in table.keys:
        if key.foreign_columns and len(key.columns) != len(key.foreign_columns):
            yield table.defect(
                "fk-columns", key.at, f"{len(key.columns)} columns refer to {len(key.foreign_columns)}"
            )


def keys_fit(table: JudgedTable, tables: list[JudgedTable]) -> Iterator[SpecDefect]:
    """3780, 42804: a foreign key's column and the column that it refers to, both defined here, of different types; 42703 where
    the referred table does not have it."""
    for key in (*table.keys, *(own_key(c) for c in table.columns if c.references)):
        target = next(
            (
                t
                for t in reversed(tables)
                if t.known and t.name.lower() == bare_name(key.foreign_table).lower()
            ),
            None,
        )
        if target is None:
            continue
        for own, foreign in zip(key.columns, key.foreign_columns or _primary_of(target), strict=False):
            left, right = table.column(own), target.column(foreign)
            if right is None:
                yield table.defect(
                    "unknown-column",
                    key.at,
                    f"foreign key to {target.name}.{foreign}, which {target.name} does not define",
                    own,
                )
            elif left is not None and not _fit(
                type_of(left, table.driver), type_of(right, table.driver), table.driver
            ):
                message = f"foreign key: {own} is {left.type}, {target.name}.{foreign} is {right.type}"
                yield table.defect("fk-type", key.at, message, own)


def _fit(left: ColumnType, right: ColumnType, driver: Driver | None) -> bool:
    """Whether a foreign key may join the two types."""
    if left.family == "other" or right.family == "other" or driver == "sqlite":
        return True
    if left.family != right.family:
        return {left.family, right.family} <= {"string", "text", "enum"} or (
            driver == "pgsql" and {left.family, right.family} <= {"integer", "decimal"}
        )
    if left.family == "integer":
        same_sign = left.unsigned == right.unsigned or driver not in ("mysql", "mariadb")
        return driver == "pgsql" or driver is None or (left.bits == right.bits and same_sign)
    return True


def _primary_of(table: JudgedTable) -> tuple[str, ...]:
    inline = tuple(c.name for c in table.columns if c.primary)
    return inline or next(
        (tuple(p.column or "" for p in i.parts) for i in table.indexes if i.kind == "primary"), ()
    )
