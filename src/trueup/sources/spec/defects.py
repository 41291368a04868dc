"""What a server would refuse in a document's SQL, statement by statement: each rule is a small function over one table's statements.

Sources: MySQL 8.0 reference manual, error messages (numbers in brackets); PostgreSQL 15 documentation, CREATE TABLE."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.spec import SpecDefect
from trueup.model.types import ColumnType
from trueup.sources.spec.from_ddl import bare_name
from trueup.sources.sql import ddl
from trueup.sources.sql.types import parse_type

IDENTIFIER_LENGTHS: dict[Driver, int] = {"mysql": 64, "mariadb": 64, "pgsql": 63}
_NO_LITERAL_DEFAULT = ("json", "text", "binary", "geometry")
_NUMBER = re.compile(r"'?[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?'?", re.I)
_BYTES_PER_CHARACTER = 4
_LONGEST_KEY = 3072


@dataclass(slots=True)
class _Table:
    """One table as its statements leave it. `known` False: its CREATE TABLE is not in the document's SQL, so columns may exist that are
    not seen."""

    name: str
    at: Location
    known: bool
    driver: Driver | None
    columns: list[ddl.ColumnDef] = field(default_factory=list)
    indexes: list[ddl.IndexDef] = field(default_factory=list)
    keys: list[ddl.ForeignKeyDef] = field(default_factory=list)
    twice: list[ddl.ColumnDef] = field(default_factory=list)
    checks: list[ddl.CheckDef] = field(default_factory=list)

    def column(self, name: str) -> ddl.ColumnDef | None:
        lowered = bare_name(name).lower()
        return next((c for c in self.columns if bare_name(c.name).lower() == lowered), None)

    def defect(self, kind: str, at: Location, message: str, column: str = "") -> SpecDefect:
        return SpecDefect(kind, at if at.line else self.at, message, self.name, column)


def statement_defects(statements: Sequence[ddl.Statement], driver: Driver | None) -> Iterator[SpecDefect]:
    """`driver` None: only what no server takes."""
    types = {s.name.lower() for s in statements if isinstance(s, ddl.CreateType)}
    tables = _gathered(statements, driver)
    for table in tables:
        for rule in _RULES:
            yield from rule(table)
        yield from _unknown_types(table, types)
        yield from _keys_fit(table, tables)


def _gathered(statements: Sequence[ddl.Statement], driver: Driver | None) -> list[_Table]:
    tables: dict[str, _Table] = {}
    order: list[_Table] = []

    def of(name: str, at: Location) -> _Table:
        key = bare_name(name).lower()
        if key not in tables:
            tables[key] = _Table(bare_name(name), at, False, driver)
            order.append(tables[key])
        return tables[key]

    for statement in statements:
        match statement:
            case ddl.CreateTable():
                whole = not statement.like and statement.as_select is None
                made = _Table(bare_name(statement.table), statement.at, whole, driver)
                tables[made.name.lower()] = made
                order.append(made)
                for column in statement.columns:
                    _add_column(made, column)
                made.indexes += statement.indexes
                made.keys += statement.foreign_keys
                made.checks += statement.checks
            case ddl.AlterTable(actions=actions, at=at):
                for action in actions:
                    _act(of(statement.table, at), action)
            case ddl.CreateIndex(index=index, at=at):
                of(statement.table, at).indexes.append(index)
    return order


def _add_column(table: _Table, column: ddl.ColumnDef) -> None:
    (table.twice if table.column(column.name) else table.columns).append(column)


def _act(table: _Table, action: ddl.Action) -> None:
    match action:
        case ddl.AddColumn(column=column):
            _add_column(table, column)
        case ddl.ModifyColumn(name=name, column=column):
            table.columns = [c for c in table.columns if bare_name(c.name).lower() != bare_name(name).lower()] + [column]
        case ddl.DropColumn(name=name):
            table.columns = [c for c in table.columns if bare_name(c.name).lower() != bare_name(name).lower()]
        case ddl.RenameColumn(name=name, to=to):
            table.known = table.known and table.column(to) is None
            _renamed(table, name, to)
        case ddl.AddIndex(index=index):
            table.indexes.append(index)
        case ddl.AddForeignKey(key=key):
            table.keys.append(key)


def _renamed(table: _Table, name: str, to: str) -> None:
    table.columns = [replace(c, name=to) if bare_name(c.name).lower() == bare_name(name).lower() else c for c in table.columns]


# The rules

_Rule = Callable[[_Table], Iterator[SpecDefect]]


def _duplicate_columns(table: _Table) -> Iterator[SpecDefect]:
    """1060, 42701."""
    for column in table.twice:
        first = table.column(column.name)
        where = f" (first in line {first.at.line})" if first else ""
        yield table.defect("duplicate-column", column.at, f"column {column.name} is defined twice{where}", column.name)


def _unknown_key_columns(table: _Table) -> Iterator[SpecDefect]:
    """1072, 42703: an index or a foreign key on a column that the table does not have."""
    if not table.known:
        return
    for index in table.indexes:
        for part in index.parts:
            if part.column is not None and table.column(part.column) is None:
                name = f" {index.name}" if index.name else ""
                yield table.defect("unknown-column", index.at, f"index{name} on {part.column}, a column that the table does not define", part.column)
    for key in table.keys:
        for column in key.columns:
            if table.column(column) is None:
                yield table.defect("unknown-column", key.at, f"foreign key on {column}, a column that the table does not define", column)


def _null_primary_keys(table: _Table) -> Iterator[SpecDefect]:
    """1171: all parts of a PRIMARY KEY must be NOT NULL."""
    for column in table.columns:
        if column.primary and column.nullable and table.driver != "sqlite":
            yield table.defect("nullable-primary-key", column.at, f"primary key {column.name} is declared NULL", column.name)
    for index in table.indexes:
        for part in index.parts if index.kind == "primary" else ():
            named = table.column(part.column or "")
            if named and named.nullable and table.driver != "sqlite":
                yield table.defect("nullable-primary-key", index.at, f"primary key column {named.name} is declared NULL", named.name)


def _two_primary_keys(table: _Table) -> Iterator[SpecDefect]:
    """1068, 42P16."""
    places = [c.at for c in table.columns if c.primary] + [i.at for i in table.indexes if i.kind == "primary"]
    for at in places[1:]:
        yield table.defect("two-primary-keys", at, f"a second primary key (the first is in line {places[0].line})")


def _duplicate_index_names(table: _Table) -> Iterator[SpecDefect]:
    """1061, 42P07."""
    seen: dict[str, ddl.IndexDef] = {}
    for index in table.indexes:
        if index.name and index.kind != "primary":
            first = seen.setdefault(index.name.lower(), index)
            if first is not index:
                yield table.defect("duplicate-index", index.at, f"index name {index.name} is used twice (first in line {first.at.line})")


def _null_defaults(table: _Table) -> Iterator[SpecDefect]:
    """1067: NOT NULL DEFAULT NULL. PostgreSQL takes it and refuses every insert that relies on it."""
    for column in table.columns:
        if column.nullable is False and (column.default or "").strip().upper() == "NULL":
            yield table.defect("not-null-default-null", column.at, f"{column.name} is NOT NULL and has the default NULL", column.name)


def _literal_defaults(table: _Table) -> Iterator[SpecDefect]:
    """1101: BLOB, TEXT, GEOMETRY and JSON columns can't have a literal default on MySQL; an expression in brackets can (8.0.13)."""
    if table.driver != "mysql":
        return
    for column in table.columns:
        family = _type(column, table.driver).family
        if family in _NO_LITERAL_DEFAULT and _is_literal(column.default) and _is_blob(column, table.driver):
            kind = "json-default" if family == "json" else "text-default"
            word = column.type.split("(")[0].upper()
            message = f"{column.name}: MySQL refuses a literal default on a {word} column; ({column.default}) in brackets is taken from 8.0.13 on"
            yield table.defect(kind, column.at, message, column.name)


def _bad_defaults(table: _Table) -> Iterator[SpecDefect]:
    """1067: a default that is no value of its type. 1265 and 22P02: an ENUM's default outside its values."""
    for column in table.columns:
        if not _is_literal(column.default):
            continue
        default = column.default or ""
        found = _type(column, table.driver)
        value = _unquoted(default)
        if found.family in ("enum", "set") and found.values and default.startswith("'"):
            wanted = value.split(",") if found.family == "set" else [value]
            if not {w.lower() for w in wanted if w} <= {v.lower() for v in found.values}:
                yield table.defect("enum-default", column.at, f"{column.name}: default {default} is none of {', '.join(found.values)}", column.name)
        elif found.family in ("integer", "decimal", "float") and table.driver != "sqlite" and not _is_number(default):
            yield table.defect("bad-default", column.at, f"{column.name}: default {default} is no {column.type}", column.name)
        elif found.family == "string" and found.length is not None and default.startswith("'") and len(value) > found.length and table.driver != "sqlite":
            yield table.defect("bad-default", column.at, f"{column.name}: default {default} is longer than {column.type}", column.name)


def _long_names(table: _Table) -> Iterator[SpecDefect]:
    """1059 on MySQL and MariaDB. PostgreSQL cuts the name instead: no refusal."""
    limit = IDENTIFIER_LENGTHS.get(table.driver) if table.driver in ("mysql", "mariadb") else None
    if limit is None:
        return
    names = [(table.name, table.at, "")]
    names += [(bare_name(c.name), c.at, bare_name(c.name)) for c in table.columns]
    names += [(i.name or "", i.at, "") for i in table.indexes] + [(k.name or "", k.at, "") for k in table.keys]
    for name, at, column in names:
        if len(name) > limit:
            yield table.defect("long-identifier", at, f"identifier {name} has {len(name)} characters; {limit} are allowed", column)


def _text_keys(table: _Table) -> Iterator[SpecDefect]:
    """1170: a BLOB/TEXT column in a key needs a length; 3152: JSON can't be indexed; 1071: a key over 3072 bytes (InnoDB, utf8mb4)."""
    if table.driver not in ("mysql", "mariadb"):
        return
    for index in _all_indexes(table):
        if index.kind in ("fulltext", "spatial", "vector"):
            continue
        bytes_ = 0
        for part in index.parts:
            column = table.column(part.column or "")
            if column is None:
                continue
            found = _type(column, table.driver)
            if found.family == "json" and table.driver == "mysql":
                yield table.defect("json-index", index.at, f"MySQL can't index the JSON column {column.name}", column.name)
            elif _is_blob(column, table.driver) and not part.length:
                yield table.defect("text-index", index.at, f"an index on the {column.type} column {column.name} needs a length", column.name)
            elif found.family == "string":
                bytes_ += (part.length or found.length or 0) * _BYTES_PER_CHARACTER
        if bytes_ > _LONGEST_KEY:
            message = f"the key is {bytes_} bytes long in utf8mb4; InnoDB takes {_LONGEST_KEY}"
            yield table.defect("long-key", index.at, message)


def _auto_increments(table: _Table) -> Iterator[SpecDefect]:
    """1075: one AUTO_INCREMENT column, and it must lead a key."""
    if table.driver not in ("mysql", "mariadb"):
        return
    counted = [c for c in table.columns if c.auto_increment]
    leading = {(i.parts[0].column or "").lower() for i in _all_indexes(table) if i.parts}
    for column in counted[1:]:
        yield table.defect("auto-increment", column.at, "a second AUTO_INCREMENT column", column.name)
    for column in counted[:1]:
        if bare_name(column.name).lower() not in leading and table.known:
            yield table.defect("auto-increment", column.at, f"AUTO_INCREMENT column {column.name} is no key", column.name)


def _lengths(table: _Table) -> Iterator[SpecDefect]:
    """1064: VARCHAR and VARBINARY need a length; 1074: more than 16383 characters; 1425 and 1427: digits of decimals."""
    if table.driver not in ("mysql", "mariadb"):
        return
    for column in table.columns:
        found = _type(column, table.driver)
        word = column.type.lower().split("(")[0].strip()
        if word in ("varchar", "varbinary", "nvarchar", "character varying") and "(" not in column.type:
            yield table.defect("no-length", column.at, f"{column.name}: {column.type.upper()} needs a length", column.name)
        elif found.family == "string" and (found.length or 0) > 16383 and not found.fixed:
            yield table.defect("long-column", column.at, f"{column.name}: {column.type} is over 16383 characters", column.name)
        elif found.family == "decimal" and found.precision is not None:
            if found.precision > 65 or (found.scale or 0) > found.precision or (found.scale or 0) > 30:
                yield table.defect("bad-precision", column.at, f"{column.name}: {column.type} has no valid precision and scale", column.name)


def _set_null_keys(table: _Table) -> Iterator[SpecDefect]:
    """1830: SET NULL on a column that is NOT NULL. Other servers take it and fail when the parent is deleted."""
    keys = list(table.keys) + [_own_key(c) for c in table.columns if c.references]
    primary = {(p.column or "").lower() for i in table.indexes if i.kind == "primary" for p in i.parts}
    for key in keys:
        for action, word in ((key.on_delete, "DELETE"), (key.on_update, "UPDATE")):
            for name in key.columns if (action or "").lower() == "set null" else ():
                column = table.column(name)
                if column and (column.nullable is False or column.primary or name.lower() in primary):
                    yield table.defect("fk-set-null-not-null", key.at, f"ON {word} SET NULL, and {name} is NOT NULL", name)


def _key_counts(table: _Table) -> Iterator[SpecDefect]:
    """1239: as many referencing as referenced columns."""
    for key in table.keys:
        if key.foreign_columns and len(key.columns) != len(key.foreign_columns):
            yield table.defect("fk-columns", key.at, f"{len(key.columns)} columns refer to {len(key.foreign_columns)}")


_RULES: tuple[_Rule, ...] = (
    _duplicate_columns,
    _unknown_key_columns,
    _null_primary_keys,
    _two_primary_keys,
    _duplicate_index_names,
    _null_defaults,
    _literal_defaults,
    _bad_defaults,
    _long_names,
    _text_keys,
    _auto_increments,
    _lengths,
    _set_null_keys,
    _key_counts,
)


def _unknown_types(table: _Table, made: set[str]) -> Iterator[SpecDefect]:
    """A type that the dialect does not have, where the reader took it all the same."""
    foreign = _FOREIGN_TYPES.get(table.driver or "sqlite")
    for column in table.columns:
        word = re.split(r"[\s(\[]", column.type.strip().lower(), maxsplit=1)[0].strip('"`')
        if foreign and word in foreign and word not in made:
            yield table.defect("unknown-type", column.at, f"{column.name}: {table.driver} has no type {word.upper()}", column.name)


_MYSQL_LACKS = frozenset(
    ("jsonb", "bytea", "timestamptz", "timetz", "citext", "tsvector", "money", "interval", "serial4", "serial8", "bigserial", "smallserial",
     "hstore", "uuid", "string", "number", "varchar2", "nvarchar2", "clob", "uniqueidentifier", "cidr")
)  # fmt: skip
_PGSQL_LACKS = frozenset(
    ("tinyint", "mediumint", "datetime", "tinytext", "mediumtext", "longtext", "blob", "tinyblob", "mediumblob", "longblob", "enum", "year",
     "double", "string", "number", "varbinary", "binary", "unsigned", "nvarchar", "varchar2", "clob", "uniqueidentifier")
)  # fmt: skip
_FOREIGN_TYPES: dict[str, frozenset[str]] = {
    "mysql": _MYSQL_LACKS,
    "mariadb": _MYSQL_LACKS - {"uuid", "varchar2", "clob"},
    "pgsql": _PGSQL_LACKS,
}


def _keys_fit(table: _Table, tables: list[_Table]) -> Iterator[SpecDefect]:
    """3780, 42804: a foreign key's column and the column that it refers to, both defined here, of different types; 42703 where the
    referred table does not have it."""
    for key in (*table.keys, *(_own_key(c) for c in table.columns if c.references)):
        target = next((t for t in reversed(tables) if t.known and t.name.lower() == bare_name(key.foreign_table).lower()), None)
        if target is None:
            continue
        for own, foreign in zip(key.columns, key.foreign_columns or _primary_of(target), strict=False):
            left, right = table.column(own), target.column(foreign)
            if right is None:
                yield table.defect("unknown-column", key.at, f"foreign key to {target.name}.{foreign}, which {target.name} does not define", own)
            elif left is not None and not _fit(_type(left, table.driver), _type(right, table.driver), table.driver):
                message = f"foreign key: {own} is {left.type}, {target.name}.{foreign} is {right.type}"
                yield table.defect("fk-type", key.at, message, own)


def _fit(left: ColumnType, right: ColumnType, driver: Driver | None) -> bool:
    """Whether a foreign key may join the two types."""
    if left.family == "other" or right.family == "other" or driver == "sqlite":
        return True
    if left.family != right.family:
        return {left.family, right.family} <= {"string", "text", "enum"} or (driver == "pgsql" and {left.family, right.family} <= {"integer", "decimal"})
    if left.family == "integer":
        same_sign = left.unsigned == right.unsigned or driver not in ("mysql", "mariadb")
        return driver == "pgsql" or driver is None or (left.bits == right.bits and same_sign)
    return True


def _primary_of(table: _Table) -> tuple[str, ...]:
    inline = tuple(c.name for c in table.columns if c.primary)
    return inline or next((tuple(p.column or "" for p in i.parts) for i in table.indexes if i.kind == "primary"), ())


def _own_key(column: ddl.ColumnDef) -> ddl.ForeignKeyDef:
    key = column.references
    assert key is not None
    return ddl.ForeignKeyDef(
        (column.name,), key.foreign_table, key.foreign_columns, key.name, key.on_delete, key.on_update, at=key.at if key.at.line else column.at
    )


def _all_indexes(table: _Table) -> list[ddl.IndexDef]:
    inline = [
        ddl.IndexDef("primary" if c.primary else "unique", (ddl.KeyPart(c.name),), at=c.at)
        for c in table.columns
        if c.primary or c.unique
    ]  # fmt: skip
    return inline + table.indexes


def _type(column: ddl.ColumnDef, driver: Driver | None) -> ColumnType:
    return parse_type(column.type, driver)


def _is_blob(column: ddl.ColumnDef, driver: Driver | None) -> bool:
    found = _type(column, driver)
    return found.family in ("text", "json", "geometry") or (found.family == "binary" and "blob" in found.name)


def _is_literal(default: str | None) -> bool:
    if default is None or default.strip().upper() == "NULL":
        return False
    return bool(re.fullmatch(r"(?:_?[a-z0-9]+\s*)?'.*'|[-+]?\d[\d.e+-]*", default.strip(), re.I | re.S))


def _is_number(default: str) -> bool:
    return _NUMBER.fullmatch(default.strip()) is not None


def _unquoted(default: str) -> str:
    return default.strip().strip("'").replace("''", "'")
