"""What a statement changed, told by comparing the server before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from trueup.model.locations import NOWHERE, Location
from trueup.model.migrations import Change
from trueup.model.schema import Check, Column, ForeignKey, Index, Table
from trueup.sources.sql import ddl
from trueup.structs import Struct, replace

Tables = Mapping[str, Table]


class Renames(Struct, frozen=True):
    """What the statements say is a new name: tables old → new, columns by (old table, new name) → old name."""

    tables: Mapping[str, str]
    columns: Mapping[tuple[str, str], str]


def renames_in(statements: Iterable[ddl.Statement]) -> Renames:
    """SQLite's rebuilt tables change their name only for a moment: they are no renames."""
    statements = list(statements)
    made = {s.table for s in statements if isinstance(s, ddl.CreateTable)}
    tables: dict[str, str] = {}
    columns: dict[tuple[str, str], str] = {}
    for statement in statements:
        if isinstance(statement, ddl.RenameTable) and statement.table not in made:
            tables[statement.table] = statement.to
        elif isinstance(statement, ddl.AlterTable):
            for action in statement.actions:
                if isinstance(action, ddl.RenameColumn):
                    columns[statement.table, action.to] = action.name
                elif isinstance(action, ddl.ModifyColumn) and action.column.name != action.name:
                    columns[statement.table, action.column.name] = action.name
                elif isinstance(action, ddl.RenameTo):
                    tables[statement.table] = action.name
    return Renames(tables, columns)


def changes_between(
    before: Tables, after: Tables, names: Sequence[str], statements: list[ddl.Statement], at: Location
) -> Iterator[Change]:
    """The effects, tables sorted by name: only those in `names`, which are sorted, may differ. `at` is used where the thing itself
    does not say where it was written."""
    renames = renames_in(statements)
    was = {new: old for old, new in renames.tables.items()}
    for name in names:
        if name in before and name not in after and name not in renames.tables:
            yield Change("drop table", name, name, at)
    for name in names:
        if name not in after:
            continue
        old = before.get(name) or before.get(was.get(name, ""))
        if old is None:
            yield from _created(after[name], at)
        elif old is not after[name]:
            if old.name != name:
                yield Change("rename table", old.name, name, at)
            yield from _altered(old, after[name], renames, at)


def _created(table: Table, at: Location) -> Iterator[Change]:
    yield Change("create table", table.name, table.name, _place(table.at, at), new_table=True)
    empty = Table(table.name)
    for change in _altered(empty, table, Renames({}, {}), at):
        yield replace(change, new_table=True)


def _altered(old: Table, new: Table, renames: Renames, at: Location) -> Iterator[Change]:
    yield from _columns(old, new, renames, at)
    yield from _indexes(old, new, at)
    yield from _keys(old, new, at)
    yield from _checks(old, new, at)


def _columns(old: Table, new: Table, renames: Renames, at: Location) -> Iterator[Change]:
    before = {c.name: c for c in old.columns}
    renamed: set[str] = set()
    for column in new.columns:
        source = renames.columns.get((old.name, column.name))
        if source is not None and source in before:
            renamed.add(source)
            yield Change("rename column", new.name, column.name, at, before[source], column)
        elif column.name not in before:
            yield Change("add column", new.name, column.name, _place(column.at, at), None, column)
        elif _bare(before[column.name]) != _bare(column):
            yield Change(
                "change column", new.name, column.name, _place(column.at, at), before[column.name], column
            )
    after = {c.name for c in new.columns}
    for name, column in before.items():
        if name not in after and name not in renamed:
            yield Change("drop column", new.name, name, at, column, None)


def _bare(column: Column) -> Column:
    return replace(column, at=NOWHERE)


def _indexes(old: Table, new: Table, at: Location) -> Iterator[Change]:
    before = {i.name: i for i in old.indexes}
    after = {i.name: i for i in new.indexes}
    for name, index in after.items():
        if name not in before or _shape(before[name]) != _shape(index):
            yield Change("add index", new.name, name, _place(index.at, at), index=index)
    for name, index in before.items():
        if name not in after or _shape(after[name]) != _shape(index):
            yield Change("drop index", new.name, name, at, index=index)


def _shape(index: Index) -> tuple[object, ...]:
    return (len(index.columns), index.unique, index.primary, index.kind, index.where, index.expressions)


def _keys(old: Table, new: Table, at: Location) -> Iterator[Change]:
    before = {_key_name(k): k for k in old.foreign_keys}
    after = {_key_name(k): k for k in new.foreign_keys}
    for name, key in after.items():
        if name not in before:
            yield Change("add foreign key", new.name, name, _place(key.at, at), foreign_key=key)
    for name, key in before.items():
        if name not in after:
            yield Change("drop foreign key", new.name, name, at, foreign_key=key)


def _key_name(key: ForeignKey) -> str:
    return key.name or f"({', '.join(key.columns)}) -> {key.foreign_table}"


def _checks(old: Table, new: Table, at: Location) -> Iterator[Change]:
    before = {_check_name(c): c for c in old.checks}
    after = {_check_name(c): c for c in new.checks}
    for name in sorted(after.keys() - before.keys()):
        yield Change("add check", new.name, name, _place(after[name].at, at))
    for name in sorted(before.keys() - after.keys()):
        yield Change("drop check", new.name, name, at)


def _check_name(check: Check) -> str:
    return check.name or check.expression


def _place(own: Location, at: Location) -> Location:
    return own if own.file else at
