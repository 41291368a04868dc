"""Statements that change a schema, as nouns: the one language between those who say what to do (Laravel's Blueprint, SQL text,
dumps, a specification's SQL) and those who do it (the servers in `sources/sql/servers`).

Types, defaults and expressions are texts as written in the statement; the server spells them its own way when it carries the
statement out. Identifiers are unquoted here. `at` is the place that causes the statement."""

from __future__ import annotations

from typing import Literal

from trueup.model.locations import NOWHERE, Location
from trueup.structs import Struct


class ColumnDef(Struct, frozen=True):
    """A column as written. `type` without NULL/DEFAULT/... parts ("bigint unsigned", "varchar(255)", "enum('a','b')", "bigserial").
    `nullable` None: not said. `default` is SQL text ("'0'", "CURRENT_TIMESTAMP", "(json_array())"); None: no DEFAULT clause.
    `auto_increment` covers AUTO_INCREMENT and SQLite's AUTOINCREMENT (PostgreSQL's serial is in the type; its identity is in
    `identity`: "always" or "by default"). `check` is an inline CHECK's expression."""

    name: str
    type: str
    nullable: bool | None = None
    default: str | None = None
    auto_increment: bool = False
    primary: bool = False
    unique: bool = False
    check: str | None = None
    comment: str | None = None
    charset: str | None = None
    collation: str | None = None
    on_update: str | None = None
    generated: str | None = None
    stored: bool = False
    identity: str | None = None
    invisible: bool = False
    references: ForeignKeyDef | None = None
    at: Location = NOWHERE
    primary_name: str | None = None
    unique_name: str | None = None
    check_name: str | None = None
    """The names that inline constraints were given (CONSTRAINT name UNIQUE)."""


class KeyPart(Struct, frozen=True):
    """One part of an index: a column (with an optional prefix length and direction) or an expression."""

    column: str | None = None
    expression: str | None = None
    length: int = 0
    descending: bool = False
    operator_class: str | None = None
    quoted: bool = False
    """The column is written in double quotes: SQLite takes an unknown one for a string and makes the index all the same."""


class IndexDef(Struct, frozen=True):
    """`name` None: the server makes one up. `kind`: "primary", "unique", "index", "fulltext", "spatial", "vector". `method`:
    "btree", "hash", "gin", "gist", ... or None. `constraint`: written as a CONSTRAINT (PostgreSQL tells the two apart)."""

    kind: Literal["primary", "unique", "index", "fulltext", "spatial", "vector"]
    parts: tuple[KeyPart, ...]
    name: str | None = None
    method: str | None = None
    where: str | None = None
    constraint: bool = False
    concurrently: bool = False
    nulls_not_distinct: bool = False
    at: Location = NOWHERE
    using_index: str | None = None
    """PostgreSQL's ADD CONSTRAINT ... UNIQUE USING INDEX name: `parts` is then empty."""


class ForeignKeyDef(Struct, frozen=True):
    """Actions None: no clause. `columns` is empty inside a ColumnDef. `foreign_columns` empty: the referenced primary key."""

    columns: tuple[str, ...]
    foreign_table: str
    foreign_columns: tuple[str, ...]
    name: str | None = None
    on_delete: str | None = None
    on_update: str | None = None
    not_valid: bool = False
    at: Location = NOWHERE


class CheckDef(Struct, frozen=True):
    expression: str
    name: str | None = None
    at: Location = NOWHERE


class CreateTable(Struct, frozen=True):
    table: str
    columns: tuple[ColumnDef, ...] = ()
    indexes: tuple[IndexDef, ...] = ()
    foreign_keys: tuple[ForeignKeyDef, ...] = ()
    checks: tuple[CheckDef, ...] = ()
    if_not_exists: bool = False
    temporary: bool = False
    like: str | None = None
    engine: str | None = None
    charset: str | None = None
    collation: str | None = None
    comment: str | None = None
    at: Location = NOWHERE
    or_replace: bool = False
    as_select: str | None = None
    select_from: str | None = None
    """CREATE TABLE ... AS SELECT: its text, and its one table where `select_columns` could be read (empty there: all)."""
    select_columns: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """SQLite's "without rowid" and "strict"."""


class DropTable(Struct, frozen=True):
    table: str
    if_exists: bool = False
    cascade: bool = False
    at: Location = NOWHERE


class RenameTable(Struct, frozen=True):
    table: str
    to: str
    if_exists: bool = False
    at: Location = NOWHERE


# The actions of one ALTER TABLE.


class AddColumn(Struct, frozen=True):
    column: ColumnDef
    after: str | None = None
    first: bool = False
    if_not_exists: bool = False


class ModifyColumn(Struct, frozen=True):
    """MySQL's MODIFY/CHANGE: the column `name` becomes `column` entirely."""

    name: str
    column: ColumnDef
    after: str | None = None
    first: bool = False


class AlterColumn(Struct, frozen=True):
    """PostgreSQL's (and standard) ALTER COLUMN: `action` with its argument in `value` (type text, default text; "if exists" of
    "drop expression" and "drop identity"; "always" or "by default" of "add identity")."""

    name: str
    action: Literal[
        "type",
        "set default",
        "drop default",
        "set not null",
        "drop not null",
        "drop expression",
        "add identity",
        "drop identity",
        "set visible",
        "set invisible",
    ]
    value: str | None = None
    using: str | None = None
    collation: str | None = None


class RenameColumn(Struct, frozen=True):
    name: str
    to: str


class DropColumn(Struct, frozen=True):
    name: str
    if_exists: bool = False
    cascade: bool = False


class AddIndex(Struct, frozen=True):
    index: IndexDef
    if_not_exists: bool = False


class DropIndex(Struct, frozen=True):
    """ALTER TABLE ... DROP INDEX/KEY; `name` "PRIMARY" for DROP PRIMARY KEY."""

    name: str
    if_exists: bool = False


class RenameIndex(Struct, frozen=True):
    name: str
    to: str


class AddForeignKey(Struct, frozen=True):
    key: ForeignKeyDef


class DropForeignKey(Struct, frozen=True):
    name: str
    if_exists: bool = False


class AddCheck(Struct, frozen=True):
    check: CheckDef


class DropConstraint(Struct, frozen=True):
    """DROP CONSTRAINT name: whatever kind it is on that server."""

    name: str
    if_exists: bool = False
    cascade: bool = False


class RenameConstraint(Struct, frozen=True):
    """PostgreSQL's RENAME CONSTRAINT a TO b."""

    name: str
    to: str


class TableOption(Struct, frozen=True):
    """ENGINE, CHARSET, COLLATE, COMMENT, AUTO_INCREMENT, "convert to charset", and options without meaning for a schema."""

    name: str
    value: str


class RenameTo(Struct, frozen=True):
    name: str


Action = (
    AddColumn
    | ModifyColumn
    | AlterColumn
    | RenameColumn
    | DropColumn
    | AddIndex
    | DropIndex
    | RenameIndex
    | AddForeignKey
    | DropForeignKey
    | AddCheck
    | DropConstraint
    | RenameConstraint
    | TableOption
    | RenameTo
)


class AlterTable(Struct, frozen=True):
    """One ALTER TABLE statement: all actions take effect or none."""

    table: str
    actions: tuple[Action, ...]
    if_exists: bool = False
    at: Location = NOWHERE


class CreateIndex(Struct, frozen=True):
    """A statement of its own. On PostgreSQL and SQLite index names are unique per schema."""

    table: str
    index: IndexDef
    if_not_exists: bool = False
    at: Location = NOWHERE


class DropIndexStatement(Struct, frozen=True):
    """DROP INDEX name [ON table]: PostgreSQL and SQLite find the table by the index."""

    name: str
    table: str | None = None
    if_exists: bool = False
    at: Location = NOWHERE


class RenameIndexStatement(Struct, frozen=True):
    """PostgreSQL's ALTER INDEX [IF EXISTS] a RENAME TO b."""

    name: str
    to: str
    at: Location = NOWHERE
    if_exists: bool = False


class CommentOn(Struct, frozen=True):
    """PostgreSQL's COMMENT ON TABLE/COLUMN; `column` None for the table; `text` None removes it."""

    table: str
    column: str | None
    text: str | None
    at: Location = NOWHERE


class CreateType(Struct, frozen=True):
    """PostgreSQL's CREATE TYPE name AS ENUM (...)."""

    name: str
    values: tuple[str, ...]
    at: Location = NOWHERE


class DropType(Struct, frozen=True):
    name: str
    if_exists: bool = False
    at: Location = NOWHERE


class AddTypeValue(Struct, frozen=True):
    """PostgreSQL's ALTER TYPE name ADD VALUE."""

    name: str
    value: str
    if_not_exists: bool = False
    at: Location = NOWHERE


class Noted(Struct, frozen=True):
    """A statement that changes something that is listed, not modelled: CREATE/DROP VIEW, TRIGGER, FUNCTION, EXTENSION, ..."""

    kind: str
    name: str
    drop: bool = False
    table: str = ""
    text: str = ""
    if_exists: bool = False
    at: Location = NOWHERE


class DataStatement(Struct, frozen=True):
    """SELECT, INSERT, UPDATE, DELETE, ...: changes no schema, but fails where its tables or columns are missing.
    `columns` are (table, column) pairs that can be told for sure; `kind`: "select", "insert", "update", "delete", "truncate"."""

    kind: str
    tables: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    text: str = ""
    at: Location = NOWHERE


class Session(Struct, frozen=True):
    """SET, PRAGMA, USE, BEGIN, LOCK, ...: no lasting effect on the schema. `name`/`value` where they matter to later statements
    ("foreign_key_checks", "0")."""

    name: str = ""
    value: str = ""
    at: Location = NOWHERE


class Refusal(Struct, frozen=True):
    """A statement that this server's parser refuses ("near "CHANGE": syntax error"): carrying it out fails with `reason`."""

    reason: str
    code: str = ""
    at: Location = NOWHERE


class NotUnderstood(Struct, frozen=True):
    """A statement that we could not read: becomes a gap."""

    reason: str
    text: str = ""
    at: Location = NOWHERE


Statement = (
    CreateTable
    | DropTable
    | RenameTable
    | AlterTable
    | CreateIndex
    | DropIndexStatement
    | RenameIndexStatement
    | CommentOn
    | CreateType
    | DropType
    | AddTypeValue
    | Noted
    | DataStatement
    | Session
    | Refusal
    | NotUnderstood
)
