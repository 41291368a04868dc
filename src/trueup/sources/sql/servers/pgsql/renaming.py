"""Everything that names a column learns its new name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.sql.expressions import renamed_in
from trueup.sources.sql.servers.catalog import TableState
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.sql.servers.pgsql.server import PgsqlServer


def follow(server: PgsqlServer, state: TableState, old: str, new: str) -> None:
    for name, column in list(state.columns.items()):
        if column.generated is not None:
            state.columns[name] = replace(column, generated=renamed_in(column.generated, old, new, _quoted))
    for name, index in list(state.indexes.items()):
        expressions = tuple(renamed_in(e, old, new, _quoted) for e in index.expressions)
        where = renamed_in(index.where, old, new, _quoted) if index.where else None
        state.indexes[name] = replace(
            index, columns=_swap(index.columns, old, new), expressions=expressions, where=where
        )
    for name, check in list(state.checks.items()):
        expression = renamed_in(check.expression, old, new, _quoted)
        state.checks[name] = replace(check, expression=expression, columns=_swap(check.columns, old, new))
    for name, key in list(state.keys.items()):
        state.keys[name] = replace(key, columns=_swap(key.columns, old, new))
    for child in list(server.catalog.children(state.name)):
        other = state if child == state.name else server.catalog.change(child)
        for name, key in list(other.keys.items()):
            if key.foreign_table == state.name:
                other.keys[name] = replace(key, foreign_columns=_swap(key.foreign_columns, old, new))


def _swap(names: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if name == old else name for name in names)


def _quoted(name: str) -> str:
    return name if name.isidentifier() and name == name.lower() else f'"{name}"'
