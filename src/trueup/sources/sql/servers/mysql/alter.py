"""ALTER TABLE: all actions are worked out on the old table, then the new one is checked as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from trueup.model.schema import Check, Column, Index
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
    ForeignKeyDef,
    ModifyColumn,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTo,
    TableOption,
)
from trueup.sources.sql.expressions import allowed_values, names_in
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.mysql.checks import add_check, check_row
from trueup.sources.sql.servers.mysql.columns import (
    check_column_name,
    check_name,
    default_collation,
    inline_check,
    make_column,
)
from trueup.sources.sql.servers.mysql.defaults import reported_default
from trueup.sources.sql.servers.mysql.indexes import Key, from_index, from_written, is_hashed
from trueup.sources.sql.servers.mysql.keys import covering
from trueup.sources.sql.servers.mysql.retyping import check_cast, check_foreign_types, follow
from trueup.sources.sql.servers.mysql.types import charset_of
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.types import parse_type
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.sql.servers.mysql.server import MysqlServer


class Alteration:
    """One ALTER TABLE under way on `state`, which the catalog throws away when it is refused."""

    def __init__(self, server: MysqlServer, state: TableState, statement: AlterTable) -> None:
        self.server = server
        self.state = state
        self.statement = statement
        self.old_columns = dict(state.columns)
        self.old_indexes = dict(state.indexes)
        self.new_keys: list[Key] = []
        self.foreign: list[ForeignKeyDef] = []
        self.dropped_columns: set[str] = set()
        self.dropped_indexes: set[str] = set()
        self.renamed: dict[str, str] = {}
        self.modified: set[str] = set()
        self.rename_to: str | None = None

    def run(self) -> None:
        for action in sorted(self.statement.actions, key=_phase):
            self._carry_out(action)
        if not self.state.columns and not self.state.unknown_columns:
            raise Refused("You can't delete all columns with ALTER TABLE; use DROP TABLE instead", "1090")
        self.state.extra["dropped"] = "\0".join(sorted(self.dropped_columns))
        check_row(self.state)
        del self.state.extra["dropped"]
        self.server.settle(self.state, [*self._kept_keys(), *self.new_keys], self.foreign, altering=True)
        self._check_needed()
        if self.rename_to is not None and self.rename_to != self.state.name:
            self.server.rename(self.state.name, self.rename_to, self.statement.at)

    def _carry_out(self, action: Action) -> None:
        match action:
            case AddColumn():
                self._add_column(action)
            case ModifyColumn():
                self._modify(action)
            case AlterColumn():
                self._alter_column(action)
            case RenameColumn():
                self._rename_column(action)
            case DropColumn():
                self._drop_column(action)
            case AddIndex():
                self._add_index(action)
            case DropIndex():
                self._drop_index(action)
            case RenameIndex():
                self._rename_index(action)
            case AddForeignKey():
                self.foreign.append(action.key)
            case DropForeignKey():
                self._drop_foreign(action.name, action.if_exists, "FOREIGN KEY")
            case AddCheck():
                self._add_check(action)
            case DropConstraint():
                self._drop_constraint(action)
            case TableOption():
                self._option(action)
            case RenameTo():
                self.rename_to = action.name
            case RenameConstraint():
                raise Refused("You have an error in your SQL syntax", "1064")
            case _:
                assert_never(action)

    # Columns

    def _add_column(self, action: AddColumn) -> None:
        written = action.column
        if action.if_not_exists and written.name.lower() in self.old_columns:
            return
        self.server.add_column(self.state, written)
        self._keys_of(
            written.name, written.primary, written.unique or written.type.strip().lower() == "serial", action
        )
        if written.references is not None:
            self.foreign.append(replace(written.references, columns=(written.name,)))
        self._place(written.name, action.first, action.after)

    def _keys_of(self, name: str, primary: bool, unique: bool, action: AddColumn | ModifyColumn) -> None:
        if primary:
            self.new_keys.append(Key("primary", [(name, 0)], at=action.column.at))
        if unique:
            self.new_keys.append(Key("unique", [(name, 0)], at=action.column.at))

    def _place(self, name: str, first: bool, after: str | None) -> None:
        """FIRST or AFTER: where a column stands."""
        if not first and after is None:
            return
        columns = self.state.columns
        key = name.lower()
        column = columns.pop(key)
        if after is not None and after.lower() not in columns:
            raise self._unknown(after)
        ordered: dict[str, Column] = {key: column} if first else {}
        for other, value in columns.items():
            ordered[other] = value
            if after is not None and other == after.lower():
                ordered[key] = column
        self.state.columns = ordered

    def _unknown(self, column: str) -> Refused:
        return Refused(f"Unknown column '{column}' in '{self.state.name}'", "1054")

    def _modify(self, action: ModifyColumn) -> None:
        old = self.state.columns.get(action.name.lower())
        if old is None or action.name.lower() in self.modified:
            raise self._unknown(action.name)
        self.modified.add(action.column.name.lower())
        written = action.column
        charset = self.state.charset or "utf8mb4"
        column = make_column(
            written, charset, self.state.collation, mariadb=self.server.mariadb, strict=self.server.strict
        )
        self.server.default_later(written)
        if self._is_primary(old.name) and not written.primary:
            if written.nullable is True and not self.server.mariadb:
                raise Refused(
                    "All parts of a PRIMARY KEY must be NOT NULL; if you need NULL in a key, use UNIQUE instead",
                    "1171",
                )
            column = replace(column, nullable=False)
        self.state.checks.pop(f"column:{old.name}".lower(), None)
        self._replace(old, column)
        check = inline_check(written, mariadb=self.server.mariadb)
        if check is not None:
            add_check(self.state, check, mariadb=self.server.mariadb, inline=True)
        self._keys_of(written.name, written.primary, written.unique, action)
        self._place(written.name, action.first, action.after)

    def _is_primary(self, column: str) -> bool:
        primary = self.state.indexes.get("primary")
        if primary is None or "primary" in self.dropped_indexes:
            return False
        return column.lower() in (c.lower() for c in primary.columns)

    def _replace(self, old: Column, new: Column) -> None:
        """The column takes on a new definition, and perhaps a new name, in its place."""
        check_foreign_types(self.server, self.state, old, new)
        check_cast(self.state, old, new)
        if new.name.lower() != old.name.lower() and new.name.lower() in self.state.columns:
            raise Refused(f"Duplicate column name '{new.name}'", "1060")
        new = replace(new, at=old.at if new.at.line == 0 and not new.at.file else new.at)
        self.state.columns = {
            (new.name.lower() if key == old.name.lower() else key): (
                new if key == old.name.lower() else column
            )
            for key, column in self.state.columns.items()
        }
        if new.name != old.name:
            self.renamed[old.name.lower()] = new.name
            follow(self.server, self.state, old.name, new.name)

    def _rename_column(self, action: RenameColumn) -> None:
        old = self.state.columns.get(action.name.lower())
        if old is None:
            raise self._unknown(action.name)
        check_column_name(action.to, new=False)
        if action.to.lower() != action.name.lower() and action.to.lower() in self.state.columns:
            raise Refused(f"Duplicate column name '{action.to}'", "1060")
        self._replace(old, replace(old, name=action.to))

    def _drop_column(self, action: DropColumn) -> None:
        key = action.name.lower()
        if key not in self.state.columns or key in self.dropped_columns:
            if action.if_exists:
                return
            raise Refused(f"Can't DROP COLUMN `{action.name}`; check that it exists", "1091")
        del self.state.columns[key]
        self.dropped_columns.add(key)
        for name in [n for n, c in self.state.checks.items() if n == f"column:{key}"]:
            del self.state.checks[name]
        for name in [n for n, c in self.state.checks.items() if self._goes_along(c, key)]:
            del self.state.checks[name]

    def _goes_along(self, check: Check, dropped: str) -> bool:
        """A check goes with its column; MariaDB's with the last of its columns, where one statement drops them all."""
        if not self.server.mariadb:
            return _is_own_check(check, dropped)
        named = {
            n for n in names_in(check.expression) if n in self.state.columns or n in self.dropped_columns
        }
        return bool(named) and named <= self.dropped_columns

    def _alter_column(self, action: AlterColumn) -> None:
        column = self.state.columns.get(action.name.lower())
        if column is None:
            raise self._unknown(action.name)
        if action.action == "set default":
            kind = parse_type(column.type, "mysql")
            default = reported_default(
                column.name,
                kind,
                action.value or "NULL",
                mariadb=self.server.mariadb,
                strict=self.server.strict,
            )
            if default is None and not column.nullable:
                raise Refused(f"Invalid default value for '{column.name}'", "1067")
            default = None if column.auto_increment else default
            self.state.columns[action.name.lower()] = replace(column, default=default)
        elif action.action == "drop default":
            self.state.columns[action.name.lower()] = replace(column, default=None)
        elif action.action not in ("set visible", "set invisible"):
            raise Refused("You have an error in your SQL syntax", "1064")

    # Keys

    def _add_index(self, action: AddIndex) -> None:
        index = action.index
        if action.if_not_exists and (index.name or "").lower() in self.old_indexes:
            return
        self.new_keys.append(from_written(index))

    def _drop_index(self, action: DropIndex) -> None:
        key = action.name.lower()
        if key not in self.old_indexes or key in self.dropped_indexes:
            if action.if_exists:
                return
            raise Refused(f"Can't DROP INDEX `{action.name}`; check that it exists", "1091")
        self.dropped_indexes.add(key)

    def _rename_index(self, action: RenameIndex) -> None:
        old, new = action.name.lower(), action.to.lower()
        check_name(action.to)
        index = self.state.indexes.get(old)
        if index is None or index.primary:
            raise Refused(f"Key '{action.name}' doesn't exist in table '{self.state.name}'", "1176")
        if new != old and new in self.state.indexes and new not in self.dropped_indexes:
            raise Refused(f"Duplicate key name '{action.to}'", "1061")
        self.state.indexes = {
            (new if key == old else key): (replace(value, name=action.to) if key == old else value)
            for key, value in self.state.indexes.items()
        }

    def _kept_keys(self) -> list[Key]:
        """The old keys without dropped columns; a key left without columns is gone."""
        kept: list[Key] = []
        for name, index in self.state.indexes.items():
            if name in self.dropped_indexes:
                continue
            key = from_index(index)
            key.parts = [(column, self._fitting(column, length)) for column, length in key.parts]
            parts = [
                p
                for p in key.parts
                if p[0].lower() not in self.dropped_columns or p[0].lower() in self.state.columns
            ]
            if len(parts) < len(key.parts):
                if not parts:
                    continue
                if self.server.mariadb and index.unique:
                    gone = next(p[0] for p in key.parts if p not in parts)
                    raise Refused(f"Key column '{gone}' doesn't exist in table", "1072")
            key.parts = [(self.renamed.get(column.lower(), column), length) for column, length in parts]
            kept.append(key)
        return kept

    def _fitting(self, name: str, length: int) -> int:
        """An old prefix length, unless the column's new type takes none, or is no longer than that."""
        column = self.state.columns.get(self.renamed.get(name.lower(), name).lower())
        if not length or column is None:
            return 0
        kind = parse_type(column.type, "mysql")
        if kind.family == "text" or "blob" in kind.name:
            return length
        if kind.family not in ("string", "binary") or length >= (kind.length or 0):
            return 0
        return length if name.lower() not in self.modified else 0

    def _check_needed(self) -> None:
        """Indexes and columns that foreign keys stand on can't go while checks are on."""
        server, state = self.server, self.state
        lost = [i for n, i in self.old_indexes.items() if n not in state.indexes]
        for key in state.keys.values():
            if any(c.lower() not in state.columns for c in key.columns):
                serving = [i for i in lost if _serves(i, key.columns) and not i.primary]
                raise (
                    _needed_index(serving, key.columns)
                    if serving
                    else self._needed(key.columns, key.name or "")
                )
            if lost and server.foreign_key_checks and not covering(state.indexes.values(), key.columns):
                raise _needed_index(lost, key.columns)
        if not lost and not self.dropped_columns:
            return
        table = server.table_key(state.name)
        for child in server.catalog.children(table):
            for key in server.catalog.tables[child].keys.values() if child != table else state.keys.values():
                if server.table_key(key.foreign_table) != table or not server.foreign_key_checks:
                    continue
                if any(c.lower() not in state.columns for c in key.foreign_columns):
                    raise self._needed(key.foreign_columns, key.name or "", child)
                if not covering(state.indexes.values(), key.foreign_columns) and lost:
                    raise _needed_index(lost, key.foreign_columns)

    def _needed(self, columns: tuple[str, ...], constraint: str, child: str = "") -> Refused:
        column = next(c for c in columns if c.lower() not in self.state.columns)
        of_table = f" of table '{child}'" if child else ""
        return Refused(
            f"Cannot drop column '{column}': needed in a foreign key constraint '{constraint}'{of_table}",
            "1829" if child else "1828",
        )

    def _drop_foreign(self, name: str, if_exists: bool, what: str) -> None:
        key = name.lower()
        if key not in self.state.keys:
            if if_exists:
                return
            raise Refused(f"Can't DROP {what} `{name}`; check that it exists", "1091")
        self.server.drop_foreign(self.state, key)

    def _add_check(self, action: AddCheck) -> None:
        written = action.check
        values = allowed_values(written.expression)
        add_check(
            self.state,
            Check(written.name, written.expression, (), values, written.at),
            mariadb=self.server.mariadb,
        )

    def _drop_constraint(self, action: DropConstraint) -> None:
        """A check, a foreign key, a unique key or the primary key, in this order."""
        key = action.name.lower()
        if key in self.state.checks:
            del self.state.checks[key]
        elif (
            key in self.old_indexes
            and self.old_indexes[key].unique
            and not self._hashed(self.old_indexes[key])
        ):
            self.dropped_indexes.add(key)
        else:
            self._drop_foreign(action.name, action.if_exists, "CONSTRAINT")

    def _hashed(self, index: Index) -> bool:
        """A unique key that MariaDB keeps as a hash is no constraint to DROP CONSTRAINT."""
        columns = [self.old_columns[c.lower()] for c in index.columns]
        return self.server.mariadb and not index.primary and is_hashed(columns, index.prefix_lengths)

    def _option(self, action: TableOption) -> None:
        state, mariadb = self.state, self.server.mariadb
        if action.name == "engine":
            state.engine = action.value
        elif action.name == "comment":
            state.comment = action.value
        elif action.name == "charset":
            state.charset, state.collation = action.value, default_collation(action.value, mariadb=mariadb)
        elif action.name == "collate":
            state.collation, state.charset = action.value.lower(), charset_of(action.value)
        elif action.name == "convert to charset":
            self._convert(action.value)

    def _convert(self, value: str) -> None:
        """CONVERT TO CHARACTER SET x [COLLATE y]: every text column follows."""
        words = value.lower().replace("collate", " ").split()
        charset = words[0] if words else "utf8mb4"
        collation = words[1] if len(words) > 1 else default_collation(charset, mariadb=self.server.mariadb)
        self.state.charset, self.state.collation = charset, collation
        for name, column in list(self.state.columns.items()):
            if column.charset is not None:
                self.state.columns[name] = replace(column, charset=charset, collation=collation)


_DROPS = (DropColumn, DropIndex, DropForeignKey, DropConstraint)


def _phase(action: Action) -> int:
    """What is dropped goes first, what is added last, as the server sorts them."""
    if isinstance(action, _DROPS):
        return 0
    return 2 if isinstance(action, AddColumn | AddIndex | AddForeignKey | AddCheck) else 1


def _is_own_check(check: Check, column: str) -> bool:
    return names_in(check.expression) & {c.lower() for c in check.columns} == {column}


def _serves(index: Index, columns: tuple[str, ...]) -> bool:
    wanted = [column.lower() for column in columns]
    return [column.lower() for column in index.columns[: len(wanted)]] == wanted


def _needed_index(lost: list[Index], columns: tuple[str, ...]) -> Refused:
    """The index that served these columns, of those that the statement takes away."""
    serving = [index for index in lost if _serves(index, columns)]
    return Refused(
        f"Cannot drop index '{(serving or lost)[0].name}': needed in a foreign key constraint", "1553"
    )
