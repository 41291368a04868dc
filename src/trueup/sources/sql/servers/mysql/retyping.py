"""A column that takes on another type or name: what foreign keys hold fast, and what follows the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.model.schema import Column
from trueup.sources.sql.expressions import renamed_in
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.mysql.keys import same_type
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.types import parse_type
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.sql.servers.mysql.server import MysqlServer

_NO_UUID = frozenset(
    (
        "integer",
        "boolean",
        "decimal",
        "float",
        "date",
        "datetime",
        "timestamp",
        "time",
        "year",
        "bit",
        "geometry",
    )
)


def check_cast(state: TableState, old: Column, new: Column) -> None:
    """A UUID is made of text and bytes only."""
    kinds = {parse_type(old.type, "mysql").family, parse_type(new.type, "mysql").family}
    if "uuid" in kinds and kinds & _NO_UUID:
        raise Refused(
            f"Cannot cast '{old.type}' as '{new.type}' in assignment of `{state.name}`.`{new.name}`",
            "4078",
        )


def check_foreign_types(server: MysqlServer, state: TableState, old: Column, new: Column) -> None:
    """A column that a foreign key uses, on either side, keeps its type; while checks are on, a string may become longer."""
    changed = not same_type(old, new) or _resized(old, new)
    if (
        changed
        and server.mariadb
        and old.name.lower() != new.name.lower()
        and _in_a_key(server, state, old.name.lower())
    ):
        reason = "Columns participating in a foreign key are renamed. Try ALGORITHM=INPLACE"
        raise Refused(f"ALGORITHM=COPY is not supported. Reason: {reason}", "1846")
    checked = server.foreign_key_checks
    changed = changed or (not checked and old.type != new.type)
    for key in state.keys.values():
        if old.name.lower() not in (c.lower() for c in key.columns):
            continue
        if changed and (checked or server.has_table(key.foreign_table)):
            reason = f"Cannot change column '{old.name}': used in a foreign key constraint '{key.name}'"
            raise Refused(reason, "1832")
        if checked and old.nullable and not new.nullable and "set null" in (key.on_delete, key.on_update):
            reason = f"Column '{old.name}' cannot be NOT NULL: needed in a foreign key constraint '{key.name}' SET NULL"
            raise Refused(reason, "1830")
    if changed:
        _check_referencing(server, state, old)


def _in_a_key(server: MysqlServer, state: TableState, column: str) -> bool:
    """Does a foreign key use the column, on either side?"""
    if any(column in (c.lower() for c in key.columns) for key in state.keys.values()):
        return True
    table = server.table_key(state.name)
    return any(
        server.table_key(key.foreign_table) == table and column in (c.lower() for c in key.foreign_columns)
        for child in server.catalog.children(table)
        for key in (state if child == table else server.catalog.tables[child]).keys.values()
    )


def _check_referencing(server: MysqlServer, state: TableState, old: Column) -> None:
    table = server.table_key(state.name)
    for child in server.catalog.children(table):
        other = server.catalog.tables[child]
        for key in other.keys.values():
            if server.table_key(key.foreign_table) == table and old.name.lower() in (
                c.lower() for c in key.foreign_columns
            ):
                raise Refused(
                    f"Cannot change column '{old.name}': used in a foreign key constraint '{key.name}' of table '{other.name}'",
                    "1833",
                )


def follow(server: MysqlServer, state: TableState, old: str, new: str) -> None:
    """Everything that names a column by its old name learns the new one."""
    for name, column in list(state.columns.items()):
        if column.generated is not None:
            state.columns[name] = replace(column, generated=renamed_in(column.generated, old, new, _quoted))
    for name, check in list(state.checks.items()):
        columns = tuple(new if c.lower() == old.lower() else c for c in check.columns)
        state.checks[name] = replace(
            check, expression=renamed_in(check.expression, old, new, _quoted), columns=columns
        )
    for name, key in list(state.keys.items()):
        state.keys[name] = replace(key, columns=_swap(key.columns, old, new))
    table = server.table_key(state.name)
    for child in list(server.catalog.children(table)):
        other = state if child == table else server.catalog.change(child)
        for name, key in list(other.keys.items()):
            if server.table_key(key.foreign_table) == table:
                other.keys[name] = replace(key, foreign_columns=_swap(key.foreign_columns, old, new))


def _resized(old: Column, new: Column) -> bool:
    """Is the change more than a longer string?"""
    first, second = parse_type(old.type, "mysql"), parse_type(new.type, "mysql")
    if first.family == second.family == "string" and first.fixed == second.fixed:
        return (second.length or 0) < (first.length or 0)
    return old.type != new.type


def _swap(columns: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if column.lower() == old.lower() else column for column in columns)


def _quoted(name: str) -> str:
    return f"`{name}`"
