"""The changes that remedies are made of: a closed family, each with what its way back needs to know."""

from __future__ import annotations

from trueup.model.names import Driver
from trueup.remedies.definitions import Definition
from trueup.structs import Struct


class IndexSpec(Struct, frozen=True):
    """`columns` in order; `kind` "" for the usual one, else "fulltext" or "spatial"."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    kind: str = ""


class KeySpec(Struct, frozen=True):
    """A foreign key. Actions in lower case, "" where nothing is asked for."""

    name: str
    columns: tuple[str, ...]
    foreign_table: str
    foreign_columns: tuple[str, ...]
    on_delete: str = ""
    on_update: str = ""


class CheckSpec(Struct, frozen=True):
    name: str
    expression: str


class CreateTable(Struct, frozen=True):
    table: str
    columns: tuple[Definition, ...]
    primary: tuple[str, ...] = ()
    indexes: tuple[IndexSpec, ...] = ()
    keys: tuple[KeySpec, ...] = ()
    checks: tuple[CheckSpec, ...] = ()


class RenameTable(Struct, frozen=True):
    table: str
    to: str


class AddColumn(Struct, frozen=True):
    """`fill`: PHP for the value of rows that are already there, where the column is NOT NULL without default; "" where it needs
    none."""

    table: str
    column: Definition
    after: str = ""
    fill: str = ""


class DropColumn(Struct, frozen=True):
    """Destroys data: `column` is what `down()` brings back, empty."""

    table: str
    column: Definition
    after: str = ""


class ChangeColumn(Struct, frozen=True):
    """In place: what needs no other values. `fill`: PHP for the value that NULLs get before NOT NULL."""

    table: str
    old: Definition
    new: Definition
    fill: str = ""


class ReplaceColumn(Struct, frozen=True):
    """Expand and contract: a new column beside the old one, filled in chunks, then put in its place; the old one is kept, nullable,
    under `kept`, or dropped. With `new.name` other than `old.name` it is a rename. `indexes` and `keys` are those over the old
    column, under the names that they get on the new one."""

    table: str
    old: Definition
    new: Definition
    kept: str
    drop: bool = False
    indexes: tuple[tuple[IndexSpec, IndexSpec], ...] = ()
    keys: tuple[tuple[KeySpec, KeySpec], ...] = ()


class AddIndex(Struct, frozen=True):
    """`implied`: InnoDB's own index for a foreign key, which goes when this one comes and must be back when this one goes."""

    table: str
    index: IndexSpec
    implied: IndexSpec | None = None


class DropIndex(Struct, frozen=True):
    table: str
    index: IndexSpec


class AddForeignKey(Struct, frozen=True):
    """`index`: made with it, where none leads with its columns. `nullable`: rows that refer to nothing can be set to NULL."""

    table: str
    key: KeySpec
    index: IndexSpec | None = None
    nullable: bool = False


class ReplaceForeignKey(Struct, frozen=True):
    table: str
    old: KeySpec
    new: KeySpec


class ReplacePrimaryKey(Struct, frozen=True):
    """`old` () where there is none. `kept`: the unique index by which the old key stays unique. `name`: PostgreSQL's of the key.
    `implied`: InnoDB's own indexes for foreign keys, which go when this key comes and must be back when it goes."""

    table: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    name: str
    kept: IndexSpec | None = None
    implied: tuple[IndexSpec, ...] = ()


class NumberRows(Struct, frozen=True):
    """A column that numbers the rows by itself, and is the key of a table that had none."""

    table: str
    column: Definition


class LetCount(Struct, frozen=True):
    """A key that is there numbers its rows from now on. `old` and `new` differ in that alone; `sequence` is PostgreSQL's."""

    table: str
    old: Definition
    new: Definition
    sequence: str


class AddCheck(Struct, frozen=True):
    """`drivers`: those that do not have it yet."""

    table: str
    check: CheckSpec
    drivers: tuple[Driver, ...] = ("mysql", "mariadb", "pgsql")


Change = (
    CreateTable
    | RenameTable
    | AddColumn
    | DropColumn
    | ChangeColumn
    | ReplaceColumn
    | AddIndex
    | DropIndex
    | AddForeignKey
    | ReplaceForeignKey
    | ReplacePrimaryKey
    | NumberRows
    | LetCount
    | AddCheck
)
