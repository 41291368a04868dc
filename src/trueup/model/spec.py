"""What is written down: required tables with what a document says of each, and no more than that."""

from __future__ import annotations

from typing import Literal

from trueup.model.locations import NOWHERE, Gap, Location
from trueup.model.names import Driver
from trueup.structs import Struct

SpecKind = Literal["sql", "php", "markdown", "mermaid", "dbml", "prose"]


class RequiredColumn(Struct, frozen=True):
    """`type` as written, in the dialect of its definition ("DECIMAL(10,6)", "bigint unsigned"), or None where the document
    does not say. `nullable`/`default_known` are None/False where it does not say; with `default_known` and
    `default` None the document says that there is none (or NULL). `default` keeps SQL quoting ("'USD'", "0",
    "CURRENT_TIMESTAMP"). `values` are those of an ENUM. `written` is the source line's text."""

    name: str
    type: str | None = None
    nullable: bool | None = None
    default: str | None = None
    default_known: bool = False
    auto_increment: bool | None = None
    at: Location = NOWHERE
    comment: str | None = None
    on_update: str | None = None
    values: tuple[str, ...] = ()
    written: str = ""
    loose_type: bool = False
    """`type` is a word of a diagram, a column table or prose that names a kind of type ("string", "int"), not an exact one."""


class RequiredIndex(Struct, frozen=True):
    """`name` None where the document gives none (it is then not compared)."""

    columns: tuple[str, ...]
    name: str | None = None
    unique: bool = False
    primary: bool = False
    at: Location = NOWHERE
    where: str | None = None
    kind: str = "btree"


class RequiredForeignKey(Struct, frozen=True):
    """`on_delete`/`on_update` None where the document does not say (the SQL default then applies, but is not compared)."""

    columns: tuple[str, ...]
    foreign_table: str
    foreign_columns: tuple[str, ...]
    on_delete: str | None = None
    on_update: str | None = None
    name: str | None = None
    at: Location = NOWHERE


class RequiredCheck(Struct, frozen=True):
    expression: str
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    name: str | None = None
    at: Location = NOWHERE


class RequiredTable(Struct, frozen=True):
    """One definition of a table in one place. `complete` is True where the definition lists the whole table (SQL, PHP, a
    column table, a diagram with columns); prose requires only what it names. `dialect` is the SQL dialect found out, or
    None. `section` is the heading path it stands under. `existing` is True where the document says that the
    table exists already (an "existing tables" list) rather than that it must be made."""

    name: str
    kind: SpecKind
    columns: tuple[RequiredColumn, ...] = ()
    indexes: tuple[RequiredIndex, ...] = ()
    foreign_keys: tuple[RequiredForeignKey, ...] = ()
    checks: tuple[RequiredCheck, ...] = ()
    at: Location = NOWHERE
    dialect: Driver | None = None
    complete: bool = True
    comment: str | None = None
    section: str = ""
    missing_reported: bool = False
    """The document itself says that the table does not exist yet ("database table doesn't exist")."""
    existing: bool = False

    def column(self, name: str) -> RequiredColumn | None:
        lowered = name.lower()
        return next((c for c in self.columns if c.name.lower() == lowered), None)

    @property
    def primary_key(self) -> RequiredIndex | None:
        return next((i for i in self.indexes if i.primary), None)


class TableMention(Struct, frozen=True):
    """Prose that names a table without defining it."""

    name: str
    at: Location
    text: str = ""
    missing_reported: bool = False


class SpecConflict(Struct, frozen=True):
    """Two definitions of one table that differ. `used` is the one that the audit goes by; `differences` are short texts,
    each naming column and both readings."""

    table: str
    used: RequiredTable
    other: RequiredTable
    differences: tuple[str, ...]


class SpecDefect(Struct, frozen=True):
    """SQL in a document that a server would refuse, or that contradicts itself. `kind` is a stable word
    ("json-default", "syntax", "unknown-column", "duplicate-column", "not-null-default-null", "fk-set-null-not-null", ...)."""

    kind: str
    at: Location
    message: str
    table: str = ""
    column: str = ""


class SpecDocument(Struct, frozen=True):
    """A document that was read, in order of precedence. `why` says how it was chosen ("named by the ticket as target",
    "--spec", "found under docs/: defines 3 tables")."""

    path: str
    why: str
    target: bool = False
    title: str = ""


class Specification(Struct, frozen=True):
    """`required` has one entry a table, sorted by name: the definition that the audit goes by, completed by what other
    places of lower precedence add in prose. `definitions` has every definition read."""

    documents: tuple[SpecDocument, ...] = ()
    required: tuple[RequiredTable, ...] = ()
    definitions: tuple[RequiredTable, ...] = ()
    mentions: tuple[TableMention, ...] = ()
    conflicts: tuple[SpecConflict, ...] = ()
    defects: tuple[SpecDefect, ...] = ()
    gaps: tuple[Gap, ...] = ()
    precedence: str = ""
    """One sentence: by which rule one definition was preferred to another."""

    def table(self, name: str) -> RequiredTable | None:
        lowered = name.lower()
        return next((t for t in self.required if t.name.lower() == lowered), None)
