"""ALTER TABLE on PostgreSQL: the actions in the passes that the server takes them in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from trueup.model.schema import Column
from trueup.sources.sql.ddl import (
    Action,
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AlterColumn,
    AlterTable,
    DropColumn,
    DropConstraint,
    DropForeignKey,
    DropIndex,
    IndexDef,
    KeyPart,
    ModifyColumn,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    RenameTo,
    TableOption,
)
from trueup.sources.sql.expressions import names_in
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.pgsql.columns import Columns
from trueup.sources.sql.servers.pgsql.indexes import Indexes
from trueup.sources.sql.servers.pgsql.keys import Keys
from trueup.sources.sql.servers.pgsql.names import cut
from trueup.sources.sql.servers.pgsql.renaming import follow
from trueup.sources.sql.servers.pgsql.types import SERIALS, assignable, base_of, spell
from trueup.sources.sql.servers.refused import Refused
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.sql.servers.pgsql.server import PgsqlServer


_LAST_CAST = re.compile(r"^[^()]*::\s*+([A-Za-z_][\w ]*+(?:\([\d, ]++\))?)\s*+$")


class Alteration:
    """One ALTER TABLE under way on `state`, which the catalog throws away when it is refused."""

    def __init__(self, server: PgsqlServer, state: TableState, statement: AlterTable) -> None:
        self.server = server
        self.state = state
        self.statement = statement
        self.columns = Columns(server, state)
        self.indexes = Indexes(server, state)
        self.keys = Keys(server, state)

    def run(self) -> None:
        for action in sorted(self.statement.actions, key=_pass):
            self._carry_out(action)

    def _carry_out(self, action: Action) -> None:
        match action:
            case AddColumn():
                self._add_column(action)
            case AlterColumn():
                self._alter_column(action)
            case RenameColumn():
                self._rename_column(cut(action.name), cut(action.to))
            case DropColumn():
                self._drop_column(action)
            case AddIndex():
                self._add_index(action.index)
            case AddForeignKey():
                self.keys.add(action.key)
            case AddCheck():
                self.columns.add_check(action.check)
            case DropConstraint():
                self._drop_constraint(action)
            case RenameConstraint():
                self._rename_constraint(cut(action.name), cut(action.to))
            case RenameTo():
                self.server.rename_table(RenameTable(self.state.name, action.name, at=self.statement.at))
            case TableOption():
                pass
            case ModifyColumn() | DropIndex() | RenameIndex() | DropForeignKey():
                raise Refused(f'syntax error at or near "{_WRITTEN[type(action)]}"', "42601")
            case _:
                assert_never(action)

    def no_column(self, name: str) -> Refused:
        return Refused(f'column "{name}" of relation "{self.state.name}" does not exist', "42703")

    def _needed(self, name: str) -> Column:
        column = self.state.columns.get(cut(name))
        if column is None:
            raise self.no_column(cut(name))
        return column

    # Adding

    def _add_column(self, action: AddColumn) -> None:
        written = action.column
        if action.if_not_exists and cut(written.name) in self.state.columns:
            return
        self.columns.add(written)
        column = self.state.columns[cut(written.name)]
        empty = column.default is None and column.generated is None and not column.auto_increment
        if self.server.has_rows(self.state.name) and not column.nullable and empty:
            raise Refused(
                f'column "{column.name}" of relation "{self.state.name}" contains null values', "23502"
            )
        self.columns.add_inline_check(written)
        self.columns.check_added(written)
        part = (KeyPart(written.name),)
        if written.primary:
            self._add_index(IndexDef("primary", part, written.primary_name, constraint=True, at=written.at))
        if written.unique:
            self._add_index(IndexDef("unique", part, written.unique_name, constraint=True, at=written.at))
        if written.references is not None:
            self.keys.add(replace(written.references, columns=(written.name,)))

    def _add_index(self, index: IndexDef) -> None:
        self.indexes.add_constraints([replace(index, constraint=True)])

    # Columns

    def _alter_column(self, action: AlterColumn) -> None:
        column = self._needed(action.name)
        match action.action:
            case "type":
                self._retype(column, action)
            case "set default":
                self._check_plain(column)
                default = self.columns.spelled_default(column.name, column.type, action.value or "NULL")
                counter = (default or "").startswith("nextval(")
                self._put(replace(column, default=default, auto_increment=counter))
            case "drop default":
                self._check_plain(column)
                self._put(
                    replace(
                        column, default=None, auto_increment=f"identity:{column.name}" in self.state.extra
                    )
                )
            case "set not null":
                self._put(replace(column, nullable=False))
            case "drop not null":
                self._drop_not_null(column)
            case "drop expression":
                self._drop_expression(column, action)
            case "add identity":
                self._add_identity(column, action)
            case "drop identity":
                self._drop_identity(column, action)
            case "set visible" | "set invisible":
                raise Refused('syntax error at or near "VISIBLE"', "42601")
            case _:
                assert_never(action.action)

    def _put(self, column: Column) -> None:
        self.state.columns[column.name] = column

    def _check_plain(self, column: Column) -> None:
        if f"identity:{column.name}" in self.state.extra:
            raise Refused(
                f'column "{column.name}" of relation "{self.state.name}" is an identity column', "42601"
            )
        if column.generated is not None:
            raise Refused(
                f'column "{column.name}" of relation "{self.state.name}" is a generated column', "42601"
            )

    def _retype(self, column: Column, action: AlterColumn) -> None:
        written = action.value or ""
        if written.strip().lower() in SERIALS:
            raise Refused(f'type "{written.strip().lower()}" does not exist', "42704")
        kind = spell(written, self.server.types, self.server.extensions)
        self._check_using(column, action, kind)
        if action.using is None and not assignable(column.type, kind):
            raise Refused(
                f'column "{column.name}" cannot be cast automatically to type {_shown(kind)}', "42804"
            )
        if column.default is not None and not self._default_fits(column, kind):
            raise Refused(
                f'default for column "{column.name}" cannot be cast automatically to type {_shown(kind)}',
                "42804",
            )
        if kind not in ("smallint", "integer", "bigint") and f"identity:{column.name}" in self.state.extra:
            raise Refused("identity column type must be smallint, integer, or bigint", "22023")
        self._check_dependents(column)
        values = self.server.types.get(base_of(kind).strip('"'), ())
        self._put(replace(column, type=kind, values=values, collation=action.collation))
        self._recheck_keys(column.name)
        for index in self.indexes.using(column.name):
            self._recheck_index(index.name, kind)

    def _check_using(self, column: Column, action: AlterColumn, kind: str) -> None:
        """USING x::type: the type that the expression ends with must fit."""
        found = _LAST_CAST.search(action.using or "")
        if found is None:
            return
        source = spell(found.group(1), self.server.types, self.server.extensions)
        if not assignable(source, kind):
            reason = f'result of USING clause for column "{column.name}" cannot be cast automatically to type {_shown(kind)}'
            raise Refused(reason, "42804")

    def _default_fits(self, column: Column, kind: str) -> bool:
        """The default is an expression of its own type: nextval() is a bigint, a literal what the column was."""
        own = column.type
        default = column.default or ""
        if default.startswith("nextval("):
            own = "bigint"
        elif default.upper().startswith(("CURRENT_TIMESTAMP", "NOW()")):
            own = "timestamp with time zone"
        return assignable(own, kind)

    def _check_dependents(self, column: Column) -> None:
        for other in self.state.columns.values():
            if (
                other.generated is not None
                and column.name.lower() in names_in(other.generated)
                and other.name != column.name
            ):
                raise Refused("cannot alter type of a column used by a generated column", "0A000")
        if self.server.views_of(self.state.name, column.name):
            raise Refused("cannot alter type of a column used by a view or rule", "0A000")

    def _recheck_keys(self, column: str) -> None:
        """Foreign keys on either side are made anew with the new type."""
        for name, key in self.state.keys.items():
            if column in key.columns:
                parent = (
                    self.state
                    if key.foreign_table == self.state.name
                    else self.server.needed(key.foreign_table)
                )
                self.keys.check_types(name, key.columns, parent, key.foreign_columns)
        for child in self.server.catalog.children(self.state.name):
            other = self.state if child == self.state.name else self.server.catalog.tables[child]
            for name, key in other.keys.items():
                if key.foreign_table == self.state.name and column in key.foreign_columns:
                    Keys(self.server, other).check_types(name, key.columns, self.state, key.foreign_columns)

    def _recheck_index(self, name: str, kind: str) -> None:
        from trueup.sources.sql.servers.pgsql.types import has_operator_class

        method = self.state.indexes[name].kind
        if method == "btree" and not has_operator_class(kind, method):
            raise Refused(
                f'data type {base_of(kind)} has no default operator class for access method "{method}"',
                "42704",
            )

    def _drop_not_null(self, column: Column) -> None:
        if f"identity:{column.name}" in self.state.extra:
            raise Refused(
                f'column "{column.name}" of relation "{self.state.name}" is an identity column', "42601"
            )
        if any(i.primary and column.name in i.columns for i in self.state.indexes.values()):
            raise Refused(f'column "{column.name}" is in a primary key', "42P16")
        self._put(replace(column, nullable=True))

    def _drop_expression(self, column: Column, action: AlterColumn) -> None:
        if column.generated is None:
            if action.value == "if exists":
                return
            raise Refused(
                f'column "{column.name}" of relation "{self.state.name}" is not a stored generated column',
                "55000",
            )
        self._put(replace(column, generated=None, stored=False))

    def _add_identity(self, column: Column, action: AlterColumn) -> None:
        if column.nullable:
            what = f'column "{column.name}" of relation "{self.state.name}"'
            raise Refused(f"{what} must be declared NOT NULL before identity can be added", "55000")
        if f"identity:{column.name}" in self.state.extra:
            raise Refused(
                f'column "{column.name}" of relation "{self.state.name}" is already an identity column',
                "55000",
            )
        if column.default is not None:
            raise Refused(
                f'column "{column.name}" of relation "{self.state.name}" already has a default value', "55000"
            )
        self.columns.add_identity(column.name, action.value or "by default")
        self._put(replace(column, identity=True))

    def _drop_identity(self, column: Column, action: AlterColumn) -> None:
        if f"identity:{column.name}" not in self.state.extra:
            if action.value == "if exists":
                return
            raise Refused(
                f'column "{column.name}" of relation "{self.state.name}" is not an identity column', "55000"
            )
        self.columns.drop_sequence(column.name)
        self._put(replace(column, auto_increment=False, identity=False))

    def _drop_column(self, action: DropColumn) -> None:
        name = cut(action.name)
        if name not in self.state.columns:
            if action.if_exists:
                return
            raise self.no_column(name)
        self._drop_what_needs(name, action.cascade)
        for index in self.indexes.using(name):
            self.indexes.drop(index.name)
        for check in [n for n, c in self.state.checks.items() if name in c.columns]:
            del self.state.checks[check]
            self.columns.release_constraint(check)
        for key in [n for n, k in self.state.keys.items() if name in k.columns]:
            self.keys.drop(key)
        self.columns.drop_sequence(name)
        del self.state.columns[name]

    def _drop_what_needs(self, column: str, cascade: bool) -> None:
        """Foreign keys to a key with this column, generated columns, views: refused, or dropped with CASCADE."""
        users = [user for index in self.indexes.using(column) for user in self.keys.users_of(index.name)]
        users = [(c, n) for c, n in users if c != self.state.name or column not in self.state.keys[n].columns]
        generated = [
            c.name
            for c in self.state.columns.values()
            if c.generated is not None and column.lower() in names_in(c.generated)
        ]
        views = self.server.views_of(self.state.name, column)
        if (users or generated or views) and not cascade:
            reason = (
                f"cannot drop column {column} of table {self.state.name} because other objects depend on it"
            )
            raise Refused(reason, "2BP01")
        self._drop_users(users)
        for name in generated:
            self._drop_column(DropColumn(name, cascade=True))
        for view in views:
            self.server.drop_view(view)

    def _drop_users(self, users: list[tuple[str, str]]) -> None:
        for child, name in users:
            other = self.state if child == self.state.name else self.server.catalog.change(child)
            if name in other.keys:
                Keys(self.server, other).drop(name)

    def _rename_column(self, old: str, new: str) -> None:
        column = self.state.columns.get(old)
        if column is None:
            raise Refused(f'column "{old}" does not exist', "42703")
        if new in self.state.columns:
            raise Refused(f'column "{new}" of relation "{self.state.name}" already exists', "42701")
        self.state.columns = {
            (new if key == old else key): (replace(value, name=new) if key == old else value)
            for key, value in self.state.columns.items()
        }
        for mark in ("sequence", "identity"):
            if f"{mark}:{old}" in self.state.extra:
                self.state.extra[f"{mark}:{new}"] = self.state.extra.pop(f"{mark}:{old}")
        follow(self.server, self.state, old, new)

    # Constraints

    def _drop_constraint(self, action: DropConstraint) -> None:
        name = cut(action.name)
        if name in self.state.checks:
            del self.state.checks[name]
            self.columns.release_constraint(name)
        elif name in self.state.keys:
            self.keys.drop(name)
        elif f"constraint:{name}" in self.state.extra:
            users = self.keys.users_of(name)
            if users and not action.cascade:
                reason = f"cannot drop constraint {name} on table {self.state.name} because other objects depend on it"
                raise Refused(reason, "2BP01")
            self._drop_users(users)
            self.indexes.drop(name)
        elif not action.if_exists:
            raise Refused(f'constraint "{name}" of relation "{self.state.name}" does not exist', "42704")

    def _rename_constraint(self, old: str, new: str) -> None:
        if f"constraint:{old}" in self.state.extra:
            self.columns.check_free(new)
            self.server.check_free(new)
            self.indexes.rename(old, new)
            return
        if old not in self.state.checks and old not in self.state.keys:
            raise Refused(f'constraint "{old}" for table "{self.state.name}" does not exist', "42704")
        self.columns.check_free(new)
        if old in self.state.checks:
            self.state.checks[new] = replace(self.state.checks.pop(old), name=new)
        else:
            self.state.keys[new] = replace(self.state.keys.pop(old), name=new)
        self.columns.release_constraint(old)
        self.columns.claim_constraint(new)


_WRITTEN: dict[type, str] = {
    ModifyColumn: "MODIFY",
    DropIndex: "INDEX",
    RenameIndex: "INDEX",
    DropForeignKey: "FOREIGN",
}


def _pass(action: Action) -> int:
    """The server's passes: drops, types, columns, attributes, indexes, foreign keys and checks."""
    if isinstance(action, DropColumn | DropConstraint):
        return 0
    if isinstance(action, AlterColumn):
        return {
            "type": 1,
            "drop default": 0,
            "drop not null": 0,
            "drop identity": 0,
            "drop expression": 0,
        }.get(action.action, 3)
    if isinstance(action, AddColumn):
        return 2
    return {AddIndex: 4, AddForeignKey: 6, AddCheck: 5}.get(type(action), 7)


def _shown(kind: str) -> str:
    return base_of(kind)
