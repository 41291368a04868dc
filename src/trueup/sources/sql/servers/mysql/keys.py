"""InnoDB's foreign keys: what they need on both sides, and what they hold fast."""

from __future__ import annotations

from collections.abc import Iterable

from trueup.model.schema import Column, ForeignKey, Index
from trueup.model.types import ColumnType
from trueup.sources.sql.ddl import ForeignKeyDef
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.mysql.columns import check_name
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.types import parse_type

_TEXTUAL = frozenset(("string", "text"))
_BINARY = frozenset(("binary", "decimal", "datetime", "timestamp", "time", "uuid", "bit"))
_SMALL = {"date": 24, "year": 8}


def made(written: ForeignKeyDef, name: str) -> ForeignKey:
    """The key as the server reports it: no clause is RESTRICT."""
    return ForeignKey(
        name,
        written.columns,
        written.foreign_table,
        written.foreign_columns,
        written.on_delete or "restrict",
        written.on_update or "restrict",
        written.at,
    )


def made_up_name(table: TableState) -> str:
    """table_ibfk_N, one above the highest in use."""
    prefix = f"{table.name}_ibfk_".lower()
    numbers = [
        int(k[len(prefix) :]) for k in table.keys if k.startswith(prefix) and k[len(prefix) :].isdigit()
    ]
    return f"{table.name}_ibfk_{max(numbers, default=0) + 1}"


def malformed(table: str, mariadb: bool) -> Refused:
    if mariadb:
        return Refused(
            f'Can\'t create table `{table}` (errno: 150 "Foreign key constraint is incorrectly formed")',
            "1005",
        )
    return Refused("Foreign key constraint is incorrectly formed", "1005")


def check_written(written: ForeignKeyDef) -> None:
    if written.name is not None:
        check_name(written.name)
    if written.foreign_columns and len(written.foreign_columns) != len(written.columns):
        name = written.name or "foreign key without name"
        raise Refused(
            f"Incorrect foreign key definition for '{name}': Key reference and table reference don't match",
            "1239",
        )


def check_child(table: TableState, key: ForeignKey, mariadb: bool) -> None:
    """The key's own side: SET NULL needs columns that may be null; a generated column takes no such action."""
    for name in key.columns:
        column = table.columns[name.lower()]
        if "set null" in (key.on_delete, key.on_update) and not column.nullable:
            if mariadb:
                raise malformed(table.name, mariadb)
            raise Refused(
                f"Column '{name}' cannot be NOT NULL: needed in a foreign key constraint '{key.name}' SET NULL",
                "1830",
            )
        if column.generated is not None and not column.stored:
            raise malformed(table.name, mariadb)
    if mariadb and not covering(table.indexes.values(), key.columns):
        raise malformed(table.name, mariadb)
    if "set default" in (key.on_delete, key.on_update) and mariadb:
        raise malformed(table.name, mariadb)


def check_parent(table: TableState, key: ForeignKey, parent: TableState, mariadb: bool) -> None:
    """The referenced side: columns of the same type under an index that begins with them."""
    for name, foreign in zip(key.columns, key.foreign_columns, strict=True):
        column = parent.columns.get(foreign.lower())
        if column is None:
            if mariadb:
                raise malformed(table.name, mariadb)
            raise Refused(
                f"Failed to add the foreign key constraint. Missing column '{foreign}' for constraint '{key.name}' in the "
                f"referenced table '{parent.name}'",
                "3734",
            )
        if not same_type(table.columns[name.lower()], column):
            if mariadb:
                raise malformed(table.name, mariadb)
            columns = f"Referencing column '{name}' and referenced column '{foreign}'"
            raise Refused(f"{columns} in foreign key constraint '{key.name}' are incompatible.", "3780")
    if not covering(parent.indexes.values(), key.foreign_columns):
        if mariadb:
            raise malformed(table.name, mariadb)
        missing = f"Missing index for constraint '{key.name}' in the referenced table '{parent.name}'"
        raise Refused(f"Failed to add the foreign key constraint. {missing}", "1822")


def covering(indexes: Iterable[Index], columns: tuple[str, ...]) -> bool:
    """Does an index begin with these columns, whole and in this order?"""
    wanted = [column.lower() for column in columns]
    return any(_begins(index, wanted) for index in indexes)


def _begins(index: Index, wanted: list[str]) -> bool:
    if index.kind != "btree" or index.expressions:
        return False
    if [column.lower() for column in index.columns[: len(wanted)]] != wanted:
        return False
    return not any(index.prefix_lengths[: len(wanted)])


def same_type(one: Column, other: Column) -> bool:
    """InnoDB's `cmp_cols_are_equal`: strings by collation, whole numbers by size and sign, the rest by kind."""
    first, second = parse_type(one.type, "mysql"), parse_type(other.type, "mysql")
    if first.family in _TEXTUAL and second.family in _TEXTUAL:
        return one.collation == other.collation
    if first.family in _BINARY and second.family in _BINARY:
        return True
    if _whole(first) and _whole(second):
        return _whole(first) == _whole(second)
    return first.family == second.family and first.bits == second.bits


def _whole(kind: ColumnType) -> tuple[int, bool] | None:
    """(bits, unsigned) of what InnoDB stores as a whole number."""
    if kind.family in ("integer", "boolean"):
        return kind.bits or 32, kind.unsigned
    if kind.family == "enum":
        return (8 if len(kind.values) < 256 else 16), True
    if kind.family == "set":
        return max(1, (len(kind.values) + 7) // 8) * 8, True
    if kind.family in _SMALL:
        return _SMALL[kind.family], kind.family == "year"
    return None
