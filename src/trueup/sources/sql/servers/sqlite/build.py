"""CREATE TABLE on SQLite: columns, automatic indexes, keys, checks."""

from __future__ import annotations

from trueup.model.schema import Check, Column, ForeignKey, Index
from trueup.sources.sql.ddl import CheckDef, ColumnDef, CreateTable, ForeignKeyDef, IndexDef, KeyPart
from trueup.sources.sql.expressions import allowed_values, names_in, outer_parentheses_off
from trueup.sources.sql.reader.tokens import identifier_value
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.refused import Refused
from trueup.structs import replace

COLUMNS_LIMIT = 2000
_COLLATIONS = ("binary", "nocase", "rtrim")
_STRICT = ("int", "integer", "real", "text", "blob", "any")


def refused(reason: str) -> Refused:
    return Refused(reason, "HY000")


def make_column(written: ColumnDef) -> Column:
    """The column as PRAGMA table_info tells it, the type in lower case as Laravel has it."""
    kind = written.type.strip().lower()
    if kind[:1] in ('"', "`", "["):
        kind = identifier_value(kind)
    if written.collation is not None and written.collation.lower() not in _COLLATIONS:
        raise refused(f"no such collation sequence: {written.collation}")
    default = outer_parentheses_off(written.default) if written.default is not None else None
    return Column(
        written.name,
        kind,
        written.nullable is not False,
        default,
        written.auto_increment,
        written.at,
        collation=written.collation,
        generated=written.generated,
        stored=written.stored,
    )


def build_table(statement: CreateTable) -> TableState:
    """The table of a CREATE TABLE with a column list. Raises `Refused`."""
    state = TableState(statement.table, at=statement.at, temporary=statement.temporary)
    for written in statement.columns:
        key = written.name.lower()
        if key in state.columns:
            raise refused(f"duplicate column name: {written.name}")
        state.columns[key] = make_column(written)
        if len(state.columns) > COLUMNS_LIMIT:
            raise refused(f"too many columns on {statement.table}")
    for written in statement.columns:
        _inline(state, written)
    for index in statement.indexes:
        _constraint(state, index)
    for check in statement.checks:
        add_check(state, check)
    _options(state, statement)
    if all_generated(state):
        raise refused(ALL_GENERATED)
    return state


ALL_GENERATED = "must have at least one non-generated column"


def all_generated(state: TableState) -> bool:
    """Whether no column is left that an INSERT could fill: https://sqlite.org/gencol.html#limitations."""
    return bool(state.columns) and all(c.generated is not None for c in state.columns.values())


def _options(state: TableState, statement: CreateTable) -> None:
    """WITHOUT ROWID needs a primary key, which is then NOT NULL; STRICT knows six types."""
    if "strict" in statement.options:
        for column in state.columns.values():
            if column.type not in _STRICT:
                kind = f'unknown datatype for {state.name}.{column.name}: "{column.type}"'
                raise refused(kind if column.type else f"missing datatype for {state.name}.{column.name}")
    if "without rowid" in statement.options:
        if "primary" not in state.extra:
            raise refused(f"PRIMARY KEY missing on table {state.name}")
        for name in state.extra["primary"].split("\0"):
            state.columns[name.lower()] = replace(state.columns[name.lower()], nullable=False)


def _inline(state: TableState, written: ColumnDef) -> None:
    """A column's own constraints."""
    part = (KeyPart(written.name),)
    if written.primary:
        _primary(state, IndexDef("primary", part, at=written.at), written.auto_increment)
    if written.unique:
        state.extra[f"unique:{written.name.lower()}"] = "1"
        _automatic(state, (written.name,), IndexDef("unique", part, at=written.at))
    if written.check is not None:
        state.checks[f"inline:{written.name.lower()}"] = _check(
            state, written.check, written.check_name, (written.name,), written
        )


def _check(
    state: TableState, expression: str, name: str | None, columns: tuple[str, ...], at: ColumnDef | CheckDef
) -> Check:
    named = tuple(c.name for c in state.columns.values() if c.name.lower() in names_in(expression))
    return Check(name, expression, named or columns, allowed_values(expression), at.at)


def add_check(state: TableState, written: CheckDef) -> None:
    number = len(state.checks)
    state.checks[f"#{number}"] = _check(state, written.expression, written.name, (), written)


def _constraint(state: TableState, index: IndexDef) -> None:
    """PRIMARY KEY (...) or UNIQUE (...) of the table."""
    if index.kind == "primary":
        counter = any(state.columns[c.lower()].auto_increment for c in _known(state, index))
        _primary(state, index, counter)
        return
    _automatic(state, _known(state, index), index)


def _known(state: TableState, index: IndexDef) -> tuple[str, ...]:
    names: list[str] = []
    for part in index.parts:
        column = state.columns.get((part.column or "").lower())
        if column is None:
            if part.expression is not None:
                raise refused("expressions prohibited in PRIMARY KEY and UNIQUE constraints")
            raise refused(f"no such column: {part.column}")
        names.append(column.name)
    return tuple(names)


def _primary(state: TableState, index: IndexDef, counter: bool) -> None:
    if "primary" in state.extra:
        raise refused(f'table "{state.name}" has more than one primary key')
    columns = _known(state, index)
    state.extra["primary"] = "\0".join(columns)
    only = state.columns[columns[0].lower()]
    rowid = (
        len(columns) == 1
        and only.type == "integer"
        and not (index.parts[0].descending and index.parts[0].column)
    )
    if counter and not rowid:
        raise refused("AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY")
    if rowid or (len(columns) == 1 and only.type == "integer"):
        # Laravel's introspection takes every such column for one that counts by itself.
        state.columns[columns[0].lower()] = replace(only, auto_increment=True)
    if rowid:
        state.indexes["primary"] = Index("primary", columns, True, True, index.at)
        return
    _automatic(state, columns, index)


def _automatic(state: TableState, columns: tuple[str, ...], written: IndexDef) -> None:
    """The index behind PRIMARY KEY or UNIQUE; one of the same columns serves both."""
    primary = written.kind == "primary"
    lowered = tuple(c.lower() for c in columns)
    for key, other in state.indexes.items():
        if tuple(c.lower() for c in other.columns) == lowered and key != "primary":
            if primary:
                state.indexes[key] = replace(other, primary=True)
            return
    number = sum(1 for key in state.indexes if key.startswith("sqlite_autoindex_")) + 1
    name = f"sqlite_autoindex_{state.name}_{number}"
    state.indexes[name.lower()] = Index(name, columns, True, primary, written.at)


def foreign_keys(statement: CreateTable, state: TableState) -> list[tuple[str, ForeignKey]]:
    """The table's foreign keys with their keys: those of columns are dropped with them, those of the table are not."""
    found: list[tuple[str, ForeignKey]] = []
    for number, column in enumerate(statement.columns):
        if column.references is not None:
            found.append(
                (f"inline:{number:04d}:{column.name.lower()}", _foreign(column.references, (column.name,)))
            )
    for number, key in enumerate(statement.foreign_keys):
        for name in key.columns:
            if name.lower() not in state.columns:
                raise refused(f'unknown column "{name}" in foreign key definition')
        if key.foreign_columns and len(key.foreign_columns) != len(key.columns):
            raise refused(
                "number of columns in foreign key does not match the number of columns in the referenced table"
            )
        found.append(
            (f"table:{number:04d}", _foreign(key, tuple(state.columns[n.lower()].name for n in key.columns)))
        )
    return found


def _foreign(written: ForeignKeyDef, columns: tuple[str, ...]) -> ForeignKey:
    return ForeignKey(
        None,
        columns,
        written.foreign_table,
        written.foreign_columns,
        written.on_delete or "no action",
        written.on_update or "no action",
        written.at,
    )


def inline_key(number: int, written: ColumnDef) -> tuple[str, ForeignKey] | None:
    """The foreign key of a column that ALTER TABLE adds."""
    if written.references is None:
        return None
    return f"inline:{number:04d}:{written.name.lower()}", _foreign(written.references, (written.name,))
