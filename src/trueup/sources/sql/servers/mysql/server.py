"""MySQL and MariaDB: which statement does what."""

from __future__ import annotations

from typing import ClassVar

from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.schema import Check, Column, ForeignKey
from trueup.sources.sql.ddl import (
    AddIndex,
    AlterTable,
    CheckDef,
    ColumnDef,
    CreateIndex,
    CreateTable,
    DataStatement,
    DropIndex,
    DropIndexStatement,
    DropTable,
    ForeignKeyDef,
    IndexDef,
    KeyPart,
    Noted,
    RenameTable,
)
from trueup.sources.sql.expressions import allowed_values
from trueup.sources.sql.servers.base import Server
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.mysql.alter import Alteration
from trueup.sources.sql.servers.mysql.checks import add_check, check_row
from trueup.sources.sql.servers.mysql.columns import (
    check_null_default,
    check_table_name,
    default_collation,
    inline_check,
    make_column,
    with_default,
)
from trueup.sources.sql.servers.mysql.indexes import Key, from_written, settle
from trueup.sources.sql.servers.mysql.keys import (
    check_child,
    check_parent,
    check_written,
    made,
    made_up_name,
    malformed,
)
from trueup.sources.sql.servers.mysql.types import charset_of, check_charset
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.types import parse_type
from trueup.structs import replace


class MysqlServer(Server):
    """Statements are atomic; identifiers of columns and keys ignore case, those of tables do not (as on Linux)."""

    driver: ClassVar[Driver] = "mysql"

    _late: list[ColumnDef]
    """Definitions of the running statement whose defaults are still to be looked at."""

    # Tables

    def create_table(self, statement: CreateTable) -> None:
        name = statement.table
        self._late = []
        check_table_name(name)
        for column in statement.columns:
            check_null_default(column)
        if statement.columns and all(column.invisible for column in statement.columns):
            raise Refused("A table must have at least 1 column", "1113")
        if self.has_table(name):
            if statement.if_not_exists:
                return
            if not statement.or_replace:
                raise Refused(f"Table '{name}' already exists", "1050")
            self.drop_table(DropTable(name))
        elif self.has_view(name):
            raise Refused(f"Table '{name}' already exists", "1050")
        if statement.like is not None:
            self._create_like(statement)
            return
        state = self._empty(statement)
        if statement.as_select is not None:
            self._columns_of_query(state, statement)
        keys: list[Key] = []
        for column in statement.columns:
            self.add_column(state, column)
            keys.extend(inline_keys(column))
        keys.extend(from_written(index) for index in statement.indexes)
        foreign = [*_inline_foreign(statement.columns), *statement.foreign_keys]
        self._add_checks(state, statement.checks)
        check_row(state)
        self.catalog.add_table(self.table_key(name), state)
        self.settle(state, keys, foreign)
        self._check_dangling(state)

    def _empty(self, statement: CreateTable) -> TableState:
        charset = statement.charset or charset_of(statement.collation) or self.database_charset
        check_charset(charset)
        own = statement.charset or statement.collation
        collation = statement.collation or (
            default_collation(charset, mariadb=self.mariadb) if own else self.database_collation
        )
        return TableState(
            statement.table,
            at=statement.at,
            comment=statement.comment,
            # Laravel's configuration may say "InnoDB ROW_FORMAT=DYNAMIC".
            engine=(statement.engine or self.engine or "InnoDB").split()[0],
            charset=charset,
            collation=collation.lower(),
            temporary=statement.temporary,
        )

    @property
    def database_charset(self) -> str:
        return self.charset or charset_of(self.collation) or "utf8mb4"

    @property
    def database_collation(self) -> str:
        return self.collation or default_collation(self.database_charset, mariadb=self.mariadb)

    def _create_like(self, statement: CreateTable) -> None:
        source = self.needed(statement.like or "")
        state = source.copy(0)
        state.name, state.at, state.touched, state.temporary = (
            statement.table,
            statement.at,
            (),
            statement.temporary,
        )
        state.keys = {}
        self.catalog.add_table(self.table_key(state.name), state)

    def _columns_of_query(self, state: TableState, statement: CreateTable) -> None:
        if statement.select_from is None:
            state.unknown_columns = True
            return
        source = self.needed(statement.select_from)
        wanted = statement.select_columns or tuple(c.name for c in source.columns.values())
        for name in wanted:
            column = source.columns.get(name.lower())
            if column is None:
                raise Refused(f"Unknown column '{name}' in 'SELECT'", "1054")
            plain = replace(column, auto_increment=False, generated=None, stored=False, at=statement.at)
            state.columns[name.lower()] = replace(plain, default="0") if column.auto_increment else plain

    def add_column(self, state: TableState, written: ColumnDef) -> None:
        """Put a column at the end of the table."""
        column = make_column(
            written, state.charset or "utf8mb4", state.collation, mariadb=self.mariadb, strict=self.strict
        )
        if column.type.startswith("timestamp") and not self._plain_timestamps:
            column, written = self._filled_in(state, column, written)
        self.default_later(written)
        key = column.name.lower()
        if key in state.columns:
            raise Refused(f"Duplicate column name '{written.name}'", "1060")
        state.columns[key] = column
        check = inline_check(written, mariadb=self.mariadb)
        if check is not None:
            add_check(state, check, mariadb=self.mariadb, inline=True)

    @property
    def _plain_timestamps(self) -> bool:
        """explicit_defaults_for_timestamp: on since MySQL 8.0.2 and MariaDB 10.10."""
        return self.version >= ((10, 10) if self.mariadb else (8,))

    def _filled_in(self, state: TableState, column: Column, written: ColumnDef) -> tuple[Column, ColumnDef]:
        """Older servers make a TIMESTAMP NOT NULL; the first one follows the clock, the others start at zero."""
        if written.nullable:
            return column, written
        column = replace(column, nullable=False)
        if written.default is not None or written.on_update is not None or written.generated is not None:
            return column, written
        if any(c.type.startswith("timestamp") for c in state.columns.values()):
            return column, replace(written, default="'0000-00-00 00:00:00'")
        precision = parse_type(column.type, "mysql").fraction or ""
        now = f"current_timestamp({precision})"
        return column, replace(written, default=now, on_update=now)

    def default_later(self, written: ColumnDef) -> None:
        """Defaults are looked at when the keys are settled."""
        if written.default is not None or written.on_update is not None:
            self._late.append(written)

    def _apply_defaults(self, state: TableState) -> None:
        for written in self._late:
            column = state.columns.get(written.name.lower())
            if column is not None:
                made = with_default(column, written, mariadb=self.mariadb, strict=self.strict)
                state.columns[written.name.lower()] = made

    # Checks

    def _add_checks(self, state: TableState, checks: tuple[CheckDef, ...]) -> None:
        for check in checks:
            add_check(
                state,
                Check(check.name, check.expression, (), allowed_values(check.expression), check.at),
                mariadb=self.mariadb,
            )

    # Keys

    def settle(
        self, state: TableState, keys: list[Key], foreign: list[ForeignKeyDef], *, altering: bool = False
    ) -> None:
        """Bring in keys (the old ones first) and new foreign keys, with the indexes that these imply."""
        for written in foreign:
            check_written(written)
        keys = [*keys, *(_implied(written) for written in foreign)]
        state.indexes = settle(state, keys, mariadb=self.mariadb)
        self._apply_defaults(state)
        for written in foreign:
            try:
                self._add_foreign(state, written, altering)
            except Refused as refused:
                raise (
                    _in_place(refused, state, written)
                    if altering and not self.foreign_key_checks
                    else refused
                ) from None

    def _add_foreign(self, state: TableState, written: ForeignKeyDef, altering: bool) -> None:
        if (state.engine or "innodb").lower() not in ("innodb", "xtradb"):
            return
        key = made(written, written.name or made_up_name(state))
        self._claim_foreign(state, key)
        check_child(state, key, self.mariadb)
        if not key.foreign_columns:
            key = replace(key, foreign_columns=key.columns)
        parent = self.table(key.foreign_table)
        if parent is None:
            if self.foreign_key_checks:
                if self.mariadb:
                    raise malformed(state.name, self.mariadb)
                raise Refused(f"Failed to open the referenced table '{key.foreign_table}'", "1824")
        else:
            check_parent(
                state,
                key,
                self._serving(state, key) if altering and parent is state else parent,
                self.mariadb,
            )
        self.add_key(state, (key.name or "").lower(), key)

    def _serving(self, state: TableState, key: ForeignKey) -> TableState:
        """The table without the index that this very ALTER makes for the key: it does not serve the key's other side."""
        own = {
            n: i
            for n, i in state.indexes.items()
            if not (i.implied and i.columns == key.columns == key.foreign_columns)
        }
        return replace(state, indexes=own)

    def _claim_foreign(self, state: TableState, key: ForeignKey) -> None:
        """Names of foreign keys are unique in the database."""
        name = (key.name or "").lower()
        if f"fk:{name}" in self.catalog.names:
            if self.mariadb:
                raise Refused(
                    f'Can\'t create table `{state.name}` (errno: 121 "Duplicate key on write or update")',
                    "1005",
                )
            raise Refused(f"Duplicate foreign key constraint name '{key.name}'", "1826")
        self.catalog.claim(f"fk:{name}", "foreign key", self.table_key(state.name))

    def drop_foreign(self, state: TableState, key: str) -> None:
        self.catalog.release(f"fk:{key}")
        self.drop_key(state, key)

    def _check_dangling(self, state: TableState) -> None:
        """Foreign keys that waited for this table must find what they need in it."""
        if not self.foreign_key_checks:
            return
        table = self.table_key(state.name)
        for child in self.catalog.children(table):
            if child == table:
                continue
            other = self.catalog.tables[child]
            for key in other.keys.values():
                if self.table_key(key.foreign_table) == table:
                    try:
                        check_parent(other, key, state, self.mariadb)
                    except Refused:
                        raise malformed(state.name, self.mariadb) from None

    # Dropping and renaming

    def drop_table(self, statement: DropTable) -> None:
        state = self.table(statement.table)
        if state is None:
            if statement.if_exists:
                return
            raise Refused(f"Unknown table '{statement.table}'", "1051")
        key = self.table_key(statement.table)
        if self.foreign_key_checks:
            for child in self.catalog.children(key):
                if child != key:
                    raise self._still_referenced(state, self.catalog.tables[child])
        for name in list(state.keys):
            self.catalog.release(f"fk:{name}")
        self.forget_keys(state)
        self.catalog.drop_table(key)
        for kind, name in [
            n for n, note in self.catalog.notes.items() if n[0] == "trigger" and note.table == statement.table
        ]:
            self.catalog.drop_note(kind, name)

    def _still_referenced(self, state: TableState, child: TableState) -> Refused:
        if self.mariadb:
            return Refused("Cannot delete or update a parent row: a foreign key constraint fails", "1451")
        name = next((k.name for k in child.keys.values() if k.foreign_table == state.name), "")
        return Refused(
            f"Cannot drop table '{state.name}' referenced by a foreign key constraint '{name}' on table '{child.name}'.",
            "3730",
        )

    def rename_table(self, statement: RenameTable) -> None:
        if self.table(statement.table) is None:
            if statement.if_exists:
                return
            raise self.no_table(statement.table)
        self.rename(statement.table, statement.to, statement.at)

    def rename(self, old: str, new: str, at: Location) -> None:
        """Foreign keys follow; keys that were named by the server get its new name."""
        check_table_name(new)
        if self.has_table(new) or self.has_view(new):
            raise Refused(f"Table '{new}' already exists", "1050")
        state = self.change(old, at)
        self.catalog.drop_table(self.table_key(old))
        state.name = new
        self.catalog.add_table(self.table_key(new), state)
        for key in state.keys.values():
            self.catalog.refer(self.table_key(old), self.table_key(key.foreign_table), -1)
            self.catalog.refer(self.table_key(new), self.table_key(key.foreign_table), 1)
        self.follow_rename(old, new)
        self._rename_generated_keys(state, old, new)

    def _rename_generated_keys(self, state: TableState, old: str, new: str) -> None:
        prefix = f"{old}_ibfk_".lower()
        for name in [n for n in state.keys if n.startswith(prefix)]:
            key = state.keys.pop(name)
            renamed = f"{new}_ibfk_{name[len(prefix) :]}"
            state.keys[renamed.lower()] = replace(key, name=renamed)
            self.catalog.release(f"fk:{name}")
            self.catalog.claim(f"fk:{renamed.lower()}", "foreign key", self.table_key(new))

    # ALTER, and what is short for it

    def alter_table(self, statement: AlterTable) -> None:
        if self.table(statement.table) is None and statement.if_exists and self.mariadb:
            return
        self._late = []
        Alteration(self, self.change(statement.table, statement.at), statement).run()

    def create_index(self, statement: CreateIndex) -> None:
        actions = (AddIndex(statement.index, statement.if_not_exists),)
        self.alter_table(AlterTable(statement.table, actions, at=statement.at))

    def drop_index(self, statement: DropIndexStatement) -> None:
        if statement.table is None:
            raise Refused("You have an error in your SQL syntax", "1064")
        actions = (DropIndex(statement.name, statement.if_exists),)
        self.alter_table(AlterTable(statement.table, actions, at=statement.at))

    # Answers

    def no_table(self, name: str) -> Refused:
        return Refused(f"Table '{name}' doesn't exist", "1146")

    def no_column(self, table: str, column: str, statement: DataStatement) -> Refused:
        where = {"insert": "INSERT INTO", "update": "SET"}.get(statement.kind, "SELECT")
        return Refused(f"Unknown column '{column}' in '{where}'", "1054")

    def check_note(self, statement: Noted, key: str) -> None:
        replaces = "or replace" in statement.text[:40].lower()
        exists = (statement.kind, key) in self.catalog.notes
        if statement.kind == "view" and (self.has_table(statement.name) or (exists and not replaces)):
            raise Refused(f"Table '{statement.name}' already exists", "1050")
        if statement.kind == "view":
            self.check_sources(statement)
        if statement.kind == "trigger":
            self.needed(statement.table)
            if exists and not replaces:
                raise Refused(f"Trigger '{statement.name}' already exists", "1359")

    def check_note_missing(self, statement: Noted) -> None:
        if statement.kind == "view":
            raise Refused(f"Unknown VIEW: '{statement.name}'", "4092" if self.mariadb else "1051")
        if statement.kind == "trigger":
            raise Refused("Trigger does not exist", "1360")


def _in_place(refused: Refused, state: TableState, written: ForeignKeyDef) -> Refused:
    """With checks off a foreign key is added in place, and refused in other words."""
    if "errno: 121" in refused.reason:
        return Refused(f"Duplicate FOREIGN KEY constraint name '{written.name}'", "1826")
    if "errno: 150" not in refused.reason:
        return refused
    name = written.name or made_up_name(state)
    reason = f"Missing index for constraint '{name}' in the referenced table '{written.foreign_table}'"
    return Refused(f"Failed to add the foreign key constraint. {reason}", "1822")


def inline_keys(column: ColumnDef) -> list[Key]:
    """The keys that a column's own definition makes, in the parser's order."""
    keys: list[Key] = []
    if column.primary:
        keys.append(Key("primary", [(column.name, 0)], at=column.at))
    if column.unique or column.type.strip().lower() == "serial":
        keys.append(Key("unique", [(column.name, 0)], at=column.at))
    return keys


def _inline_foreign(columns: tuple[ColumnDef, ...]) -> list[ForeignKeyDef]:
    return [replace(c.references, columns=(c.name,)) for c in columns if c.references is not None]


def _implied(written: ForeignKeyDef) -> Key:
    parts = tuple(KeyPart(column) for column in written.columns)
    key = from_written(IndexDef("index", parts, written.name, at=written.at))
    key.generated = True
    return key
