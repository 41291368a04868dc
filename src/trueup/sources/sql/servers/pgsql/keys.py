"""Foreign keys of a PostgreSQL table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.model.schema import ForeignKey, Index
from trueup.sources.sql.ddl import ForeignKeyDef
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.pgsql.columns import Columns
from trueup.sources.sql.servers.pgsql.names import chosen, cut, joined
from trueup.sources.sql.servers.pgsql.types import base_of, comparable
from trueup.sources.sql.servers.refused import Refused

if TYPE_CHECKING:
    from trueup.sources.sql.servers.pgsql.server import PgsqlServer


class Keys:
    """The foreign keys of `state`, which the running statement may change."""

    def __init__(self, server: PgsqlServer, state: TableState) -> None:
        self.server = server
        self.state = state

    def add(self, written: ForeignKeyDef) -> None:
        """Raises `Refused` (42P01, 42703, 42704, 42710, 42804, 42830)."""
        checks = Columns(self.server, self.state)
        if written.name is not None:
            checks.check_free(cut(written.name))
        parent = self._parent(written)
        columns = tuple(self._column(self.state, c) for c in written.columns)
        foreign = self._foreign_columns(written, parent)
        if len(columns) != len(foreign):
            raise Refused("number of referencing and referenced columns for foreign key disagree", "42830")
        if len(set(foreign)) < len(foreign):
            raise Refused("foreign key referenced-columns list must not contain duplicates", "42830")
        if not unknown(parent) and not self._unique(parent, foreign):
            raise Refused(
                f'there is no unique constraint matching given keys for referenced table "{parent.name}"',
                "42830",
            )
        name = cut(written.name) if written.name is not None else None
        if name is None:
            name = chosen(self.state.name, joined(columns), "fkey", checks.constraint_taken)
        self.check_types(name, columns, parent, foreign)
        key = ForeignKey(
            name,
            columns,
            parent.name,
            foreign,
            written.on_delete or "no action",
            written.on_update or "no action",
            written.at,
        )
        self.server.add_key(self.state, name, key)
        checks.claim_constraint(name)

    def _parent(self, written: ForeignKeyDef) -> TableState:
        if cut(written.foreign_table) == self.state.name:
            return self.state
        relation = self.server.catalog.names.get(cut(written.foreign_table))
        if relation is not None and relation.kind != "table":
            raise Refused(f'referenced relation "{written.foreign_table}" is not a table', "42809")
        return self.server.needed(written.foreign_table)

    def _column(self, table: TableState, name: str) -> str:
        if cut(name) not in table.columns and not table.unknown_columns:
            raise Refused(
                f'column "{cut(name)}" referenced in foreign key constraint does not exist', "42703"
            )
        return cut(name)

    def _foreign_columns(self, written: ForeignKeyDef, parent: TableState) -> tuple[str, ...]:
        if written.foreign_columns:
            return tuple(self._column(parent, c) for c in written.foreign_columns)
        primary = next((i for i in parent.indexes.values() if i.primary), None)
        if primary is None:
            raise Refused(f'there is no primary key for referenced table "{parent.name}"', "42704")
        return primary.columns

    def _unique(self, parent: TableState, foreign: tuple[str, ...]) -> Index | None:
        return serving(parent, foreign)

    def check_types(
        self, name: str, columns: tuple[str, ...], parent: TableState, foreign: tuple[str, ...]
    ) -> None:
        for column, other in zip(columns, foreign, strict=True):
            one, two = self.state.columns.get(column), parent.columns.get(other)
            if one is not None and two is not None and not comparable(one.type, two.type):
                raise Refused(
                    f'foreign key constraint "{name}" cannot be implemented (Key columns "{column}" and "{other}" are of '
                    f"incompatible types: {base_of(one.type)} and {base_of(two.type)}.)",
                    "42804",
                )

    def drop(self, name: str) -> None:
        self.server.drop_key(self.state, name)
        Columns(self.server, self.state).release_constraint(name)

    def drop_to(self, table: str) -> None:
        """All keys that point to `table`."""
        for name in [n for n, k in self.state.keys.items() if k.foreign_table == table]:
            self.drop(name)

    def release_all(self) -> None:
        """The constraints' names of a table that goes."""
        checks = Columns(self.server, self.state)
        for name in (*self.state.keys, *self.state.checks):
            checks.release_constraint(name)
        for name in self.state.indexes:
            if f"constraint:{name}" in self.state.extra:
                checks.release_constraint(name)

    def users_of(self, index: str) -> list[tuple[str, str]]:
        """(table, key) of the foreign keys that stand on an index of this table and on no other."""
        found: list[tuple[str, str]] = []
        for child in self.server.catalog.children(self.state.name):
            table = self.state if child == self.state.name else self.server.catalog.tables[child]
            for name, key in table.keys.items():
                if key.foreign_table == self.state.name:
                    used = serving(self.state, key.foreign_columns)
                    if used is not None and used.name == index:
                        found.append((child, name))
        return found


def unknown(table: TableState) -> bool:
    return table.unknown_columns


def serving(parent: TableState, foreign: tuple[str, ...]) -> Index | None:
    """The unique index over exactly these columns, in any order, that a foreign key stands on: the primary key first."""
    wanted = sorted(foreign)
    found = [
        i
        for i in parent.indexes.values()
        if i.unique and sorted(i.columns) == wanted and not i.expressions and i.where is None
    ]
    return min(found, key=lambda i: not i.primary) if found else None
