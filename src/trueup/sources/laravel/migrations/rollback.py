"""What `down()` leaves wrong: replayed right after `up()`, the schema should be what it was before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trueup.model.locations import NOWHERE, Location
from trueup.model.migrations import Change, RollbackFault
from trueup.model.schema import Column, ForeignKey, Index, Table
from trueup.sources.laravel.runtime.errors import QueryException
from trueup.sources.php.evaluate import Interpreter
from trueup.sources.php.throwables import PhpThrow
from trueup.sources.php.values import PhpObject
from trueup.sources.sql.servers.catalog import Catalog, Look
from trueup.structs import replace

Tables = Mapping[str, Table]
_ORDER_WORDS = ("foreign key constraint", "other objects depend", "constraint failed", "depends on")


def rollback_faults(
    php: Interpreter,
    instance: PhpObject,
    before: Look,
    catalog: Catalog,
    done: tuple[Change, ...],
    path: str,
) -> tuple[RollbackFault, ...]:
    """Runs `down()`; the caller puts the server back."""
    at = Location(path, instance.cls.decl.line)
    schema_changes = [c for c in done if c.kind not in ("write data", "look for duplicates")]
    down = instance.cls.method("down")
    if down is None or not down.function.body:
        if not schema_changes:
            return ()
        kind = "missing" if down is None else "empty"
        place = at if down is None else Location(path, down.function.line)
        return (RollbackFault(kind, "down()", f"down() is {kind}, but up() changes the schema", place),)  # type: ignore[arg-type]  # one of the two
    outcome = php.run_method(instance, "down")
    faults: list[RollbackFault] = []
    if outcome.thrown is not None:
        faults.append(failure(outcome.thrown))
    elif outcome.gaps:
        first = outcome.gaps[0]
        faults.append(RollbackFault("unknown", "down()", first.reason, first.at))
    else:
        place = Location(path, down.function.line)
        after = catalog.look()
        names = catalog.changed(before, after)
        faults.extend(_differences(before.tables, after.tables, names, schema_changes, place))
    faults.extend(_lost(schema_changes))
    return tuple(faults)


_ROW_WORDS = ("no query results for model", "on null")
"""An application that is in use has the rows; a database that was just migrated has not."""


def failure(thrown: PhpThrow, when: str = "") -> RollbackFault:
    error = thrown.state
    reason = error.reason if isinstance(error, QueryException) else f"{thrown.php_class}: {thrown.message}"
    kind = "order" if any(w in reason.lower() for w in _ORDER_WORDS) else "fails"
    if any(w in reason.lower() for w in _ROW_WORDS):
        kind, reason = "unknown", "it reads rows, which an empty database does not have"
    return RollbackFault(kind, "down()", when + reason, thrown.at)  # type: ignore[arg-type]  # one of the two


def _lost(done: list[Change]) -> Iterator[RollbackFault]:
    """Data that `up()` throws away and no `down()` brings back."""
    for change in done:
        if change.kind == "drop table" and not change.new_table:
            yield RollbackFault(
                "lost data", f"table {change.table}", "up() drops it with its rows", change.at, change.table
            )
        elif change.kind == "drop column" and not change.new_table:
            subject = f"column {change.table}.{change.subject}"
            yield RollbackFault(
                "lost data", subject, "up() drops it with its values", change.at, change.table
            )


def _differences(
    before: Tables, after: Tables, names: Sequence[str], done: list[Change], at: Location
) -> Iterator[RollbackFault]:
    """`names`, sorted: the tables that may differ."""
    gone = {c.table for c in done if c.kind in ("drop table", "rename table")}
    touched = gone | {c.subject for c in done if c.kind == "rename table"}
    for name in names:
        old, new = before.get(name), after.get(name)
        if old is None and new is not None:
            yield RollbackFault(
                "not undone", f"table {name}", "up() creates it and down() leaves it", at, name
            )
        elif old is not None and new is None:
            yield _gone(name, f"table {name}", name in touched, at)
        elif old is not None and new is not None and old != new:
            yield from _table(old, new, done, at)


def _gone(table: str, subject: str, touched: bool, at: Location) -> RollbackFault:
    if touched:
        return RollbackFault(
            "not undone", subject, "up() drops or renames it and down() does not bring it back", at, table
        )
    return RollbackFault("destroys", subject, "it was there before up(), and down() drops it", at, table)


def _table(old: Table, new: Table, done: list[Change], at: Location) -> Iterator[RollbackFault]:
    columns, now = {c.name: c for c in old.columns}, {c.name: c for c in new.columns}
    touched = {
        c.before.name
        for c in done
        if c.table == old.name and c.before is not None and c.kind in ("drop column", "rename column")
    }
    for name in columns:
        subject = f"column {old.name}.{name}"
        if name not in now:
            yield _gone(old.name, subject, name in touched, at)
        elif columns[name] != now[name] and _bare(columns[name]) != _bare(now[name]):
            reason = f"down() leaves it {_told(now[name])}; it was {_told(columns[name])}"
            yield RollbackFault("not undone", subject, reason, at, old.name)
    for name in sorted(now.keys() - columns.keys()):
        yield RollbackFault(
            "not undone", f"column {old.name}.{name}", "up() adds it and down() leaves it", at, old.name
        )
    # What InnoDB makes by itself for a key stays when the key goes: that is no fault of down().
    own = {_index(i) for i in old.indexes if i.implied}
    indexes = {_index(i): i.name for i in new.indexes if not i.implied and _index(i) not in own}
    yield from _named(old, {_index(i): i.name for i in old.indexes if not i.implied}, indexes, "index", at)
    keys, kept = {_key(k): k.name for k in old.foreign_keys}, {_key(k): k.name for k in new.foreign_keys}
    yield from _named(old, keys, kept, "foreign key", at)


def _named(
    table: Table, old: Mapping[object, str | None], new: Mapping[object, str | None], word: str, at: Location
) -> Iterator[RollbackFault]:
    for key, name in sorted(old.items(), key=str):
        if key not in new:
            subject = f"{word} {table.name}.{name or key}"
            yield RollbackFault(
                "not undone", subject, "it was there before up() and is gone after down()", at, table.name
            )
    for key, name in sorted(new.items(), key=str):
        if key not in old:
            subject = f"{word} {table.name}.{name or key}"
            yield RollbackFault("not undone", subject, "up() adds it and down() leaves it", at, table.name)


def _bare(column: Column) -> Column:
    return replace(column, at=NOWHERE)


def _told(column: Column) -> str:
    default = f" default {column.default}" if column.default is not None else ""
    return f"{column.type} {'null' if column.nullable else 'not null'}{default}"


def _index(index: Index) -> object:
    return (index.columns, index.expressions, index.unique, index.primary, index.where)


def _key(key: ForeignKey) -> object:
    return (key.columns, key.foreign_table, key.foreign_columns, key.on_delete, key.on_update)
