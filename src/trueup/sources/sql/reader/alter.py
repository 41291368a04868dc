"""ALTER TABLE."""

from __future__ import annotations

from collections.abc import Callable

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
    ModifyColumn,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    RenameTo,
    Statement,
    TableOption,
)
from trueup.sources.sql.reader.columns import read_column
from trueup.sources.sql.reader.cursor import Cursor
from trueup.sources.sql.reader.tables import Elements, read_constraint, read_option
from trueup.sources.sql.reader.types import read_type
from trueup.sources.sql.words import words


def read_alter_table(cursor: Cursor) -> tuple[Statement, ...]:
    """Behind ALTER [ONLINE|IGNORE]: TABLE [IF EXISTS] [ONLY] name actions."""
    at = cursor.here()
    cursor.expect("TABLE")
    if_exists = False
    if cursor.at("IF", "EXISTS"):
        cursor.only("pgsql", "mysql")
        cursor.skip(2)
        if_exists = True
    cursor.accept("ONLY")
    table = cursor.qualified()
    cursor.accept("*")
    actions: list[Action] = []
    while not cursor.done and cursor.word() != ";":
        actions.extend(_action(cursor))
        if cursor.done or cursor.word() == ";":
            break
        if cursor.word() != ",":
            if cursor.at("PARTITION") or cursor.at("REMOVE"):
                cursor.rest()
                break
            if cursor.dialect == "mysql" and read_option(cursor):
                continue
            cursor.complain_at_token()
            cursor.rest()
            break
        if cursor.dialect == "sqlite":
            cursor.complain_at_token()
        cursor.skip()
    if len(actions) == 1 and isinstance(actions[0], RenameTo) and cursor.dialect != "mysql":
        return (RenameTable(table, actions[0].name, if_exists, at),)
    if not actions and cursor.dialect != "mysql":
        cursor.complain_at_token()
    return (AlterTable(table, tuple(actions), if_exists, at),)


def _action(cursor: Cursor) -> list[Action]:
    reader = _ACTIONS.get(cursor.word())
    if reader is not None:
        return reader(cursor)
    option = read_option(cursor)
    if option is not None:
        return [TableOption(*_spelled(option))]
    if cursor.dialect == "pgsql" and cursor.at_any(*_PGSQL_OPTIONS):
        return [_plain_option(cursor)]
    if cursor.dialect == "mysql" and cursor.at_any(*_MYSQL_OPTIONS):
        return [_plain_option(cursor)]
    if cursor.kind() == "w":
        cursor.complain_at_token()
    raise cursor.unreadable("an action of ALTER TABLE that is not known")


def _spelled(option: tuple[str, str]) -> tuple[str, str]:
    return option[0].lower(), option[1]


_PGSQL_OPTIONS = words(
    "OWNER SET RESET VALIDATE CLUSTER REPLICA ENABLE DISABLE INHERIT NO ATTACH DETACH FORCE NOT OF WITHOUT"
)
_MYSQL_OPTIONS = words(
    "ALGORITHM LOCK FORCE ENABLE DISABLE ORDER CONVERT DISCARD IMPORT ANALYZE CHECK OPTIMIZE REPAIR REBUILD TRUNCATE COALESCE "
    "REORGANIZE EXCHANGE PARTITION REMOVE WAIT NOWAIT WITH WITHOUT SECONDARY_LOAD SECONDARY_UNLOAD UNION"
)


def _plain_option(cursor: Cursor) -> TableOption:
    """An action that changes nothing that is modelled, except CONVERT TO CHARACTER SET."""
    if cursor.at("CONVERT", "TO"):
        cursor.skip(2)
        if not cursor.accept("CHARSET"):
            cursor.expect("CHARACTER", "SET")
        first = cursor.position
        cursor.skip_until(",", ";")
        return TableOption("convert to charset", cursor.slice(first).replace("'", "").replace("=", " "))
    first = cursor.position
    name = cursor.word().lower()
    cursor.skip()
    cursor.skip_until(",", ";") if name != "order" else cursor.rest()
    return TableOption(name, cursor.slice(first))


def _add(cursor: Cursor) -> list[Action]:
    cursor.skip()
    if cursor.at_any("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "EXCLUDE"):
        return _add_constraint(cursor)
    if cursor.at_any("INDEX", "KEY", "FULLTEXT", "SPATIAL") and (
        cursor.dialect == "mysql" or not _names_column(cursor)
    ):
        cursor.only("mysql")
        return _add_index(cursor)
    if cursor.at("VECTOR") and cursor.word(1) in ("INDEX", "KEY"):
        return _add_index(cursor)
    if cursor.at("PARTITION") or (cursor.at("SYSTEM") and cursor.word(1) == "VERSIONING"):
        return [_plain_option(cursor)]
    return _add_columns(cursor)


def _names_column(cursor: Cursor) -> bool:
    """ADD key varchar(255): a column whose name is a keyword elsewhere."""
    return cursor.kind(1) == "w" and (cursor.word(2) != "(" or cursor.kind(3) == "n")


def _add_columns(cursor: Cursor) -> list[Action]:
    cursor.accept("COLUMN")
    if_not_exists = False
    if cursor.at("IF", "NOT", "EXISTS"):
        if cursor.dialect == "sqlite" or (cursor.dialect == "mysql" and not cursor.source.mariadb):
            cursor.complain_at_token(0 if cursor.dialect == "mysql" else 2)
        cursor.skip(3)
        if_not_exists = True
    if cursor.word() == "(" and cursor.dialect == "mysql":
        return _column_list(cursor, if_not_exists)
    column = read_column(cursor)
    first, after = _place(cursor)
    return [AddColumn(column, after, first, if_not_exists)]


def _column_list(cursor: Cursor, if_not_exists: bool) -> list[Action]:
    cursor.expect("(")
    actions: list[Action] = [AddColumn(read_column(cursor), if_not_exists=if_not_exists)]
    while cursor.accept(","):
        actions.append(AddColumn(read_column(cursor), if_not_exists=if_not_exists))
    cursor.expect(")")
    return actions


def _place(cursor: Cursor) -> tuple[bool, str | None]:
    """FIRST or AFTER column."""
    if cursor.at("FIRST"):
        cursor.only("mysql")
        cursor.skip()
        return True, None
    if cursor.at("AFTER"):
        cursor.only("mysql")
        cursor.skip()
        return False, cursor.identifier()
    return False, None


def _add_constraint(cursor: Cursor) -> list[Action]:
    """SQLite learned ADD CONSTRAINT ... CHECK with 3.53; the rest it refuses."""
    name = None
    place = cursor.position
    if cursor.dialect == "sqlite" and cursor.word() in ("PRIMARY", "UNIQUE", "FOREIGN"):
        cursor.complain_at_token()
    if cursor.accept("CONSTRAINT") and not cursor.at_any("PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
        cursor.accept("IF", "NOT", "EXISTS")
        name = cursor.identifier()
    if cursor.dialect == "sqlite" and not (cursor.at("CHECK") and cursor.source.version >= (3, 53)):
        cursor.complain_at_token(place - cursor.position)
    elements = Elements()
    read_constraint(cursor, elements, name)
    return [
        *(AddIndex(index) for index in elements.indexes),
        *(AddForeignKey(key) for key in elements.foreign_keys),
        *(AddCheck(check) for check in elements.checks),
    ]


def _add_index(cursor: Cursor) -> list[Action]:
    elements = Elements()
    if_not_exists = cursor.word(1) == "IF" or cursor.word(2) == "IF"
    read_constraint(cursor, elements, None)
    return [AddIndex(index, if_not_exists) for index in elements.indexes]


def _modify(cursor: Cursor) -> list[Action]:
    cursor.only("mysql")
    cursor.skip()
    cursor.accept("COLUMN")
    cursor.accept("IF", "EXISTS")
    column = read_column(cursor)
    first, after = _place(cursor)
    return [ModifyColumn(column.name, column, after, first)]


def _change(cursor: Cursor) -> list[Action]:
    cursor.only("mysql")
    cursor.skip()
    cursor.accept("COLUMN")
    cursor.accept("IF", "EXISTS")
    old = cursor.identifier()
    column = read_column(cursor)
    first, after = _place(cursor)
    return [ModifyColumn(old, column, after, first)]


def _drop(cursor: Cursor) -> list[Action]:
    cursor.skip()
    if cursor.at("PRIMARY", "KEY"):
        cursor.only("mysql")
        cursor.skip(2)
        return [DropIndex("PRIMARY")]
    if cursor.at_any("INDEX", "KEY") and (cursor.dialect == "mysql" or cursor.kind(1) in ("w", "q")):
        cursor.only("mysql")
        cursor.skip()
        if_exists = cursor.accept("IF", "EXISTS")
        return [DropIndex(_any_name(cursor), if_exists)]
    if cursor.at("FOREIGN", "KEY"):
        cursor.only("mysql")
        cursor.skip(2)
        if_exists = cursor.accept("IF", "EXISTS")
        return [DropForeignKey(cursor.identifier(), if_exists)]
    if cursor.at("CHECK") and cursor.dialect == "mysql" and cursor.source.mariadb:
        cursor.complain_at_token()
    if cursor.at("CONSTRAINT") or (cursor.at("CHECK") and cursor.dialect == "mysql"):
        return _drop_constraint(cursor)
    if cursor.at("PARTITION") or (cursor.at("SYSTEM") and cursor.word(1) == "VERSIONING"):
        return [_plain_option(cursor)]
    cursor.accept("COLUMN")
    if_exists = False
    if cursor.at("IF", "EXISTS"):
        if cursor.dialect == "sqlite" or (cursor.dialect == "mysql" and not cursor.source.mariadb):
            cursor.complain_at_token(0 if cursor.dialect == "mysql" else 1)
        cursor.skip(2)
        if_exists = True
    name = cursor.identifier()
    cascade = cursor.accept_any("CASCADE", "RESTRICT") == "CASCADE"
    return [DropColumn(name, if_exists, cascade)]


def _any_name(cursor: Cursor) -> str:
    return cursor.identifier(reserved=cursor.at("PRIMARY") and cursor.dialect == "mysql")


def _drop_constraint(cursor: Cursor) -> list[Action]:
    if cursor.dialect == "sqlite" and cursor.source.version < (3, 53):
        cursor.complain_at_token()
    cursor.skip()
    if_exists = cursor.accept("IF", "EXISTS")
    name = _any_name(cursor)
    cascade = cursor.accept_any("CASCADE", "RESTRICT") == "CASCADE"
    return [DropConstraint(name, if_exists, cascade)]


def _rename(cursor: Cursor) -> list[Action]:
    cursor.skip()
    if cursor.at_any("INDEX", "KEY") and cursor.dialect == "mysql":
        cursor.skip()
        old = cursor.identifier()
        cursor.expect("TO")
        return [RenameIndex(old, cursor.identifier())]
    if cursor.at("CONSTRAINT") and cursor.dialect == "pgsql":
        cursor.skip()
        old = cursor.identifier()
        cursor.expect("TO")
        return [RenameConstraint(old, cursor.identifier())]
    if cursor.accept("TO") or (cursor.dialect == "mysql" and cursor.accept_any("AS", "=")):
        return [RenameTo(cursor.qualified())]
    if cursor.dialect == "mysql" and not cursor.at("COLUMN"):
        return [RenameTo(cursor.qualified())]
    cursor.accept("COLUMN")
    cursor.accept("IF", "EXISTS")
    old = cursor.identifier()
    cursor.expect("TO")
    return [RenameColumn(old, cursor.identifier())]


def _alter(cursor: Cursor) -> list[Action]:
    if cursor.dialect == "sqlite" and cursor.source.version < (3, 53):
        cursor.complain_at_token()
    cursor.skip()
    if (
        cursor.at_any("INDEX", "KEY", "CHECK", "CONSTRAINT")
        and cursor.kind(1) in ("w", "q")
        and cursor.word(1) not in ("TYPE", "SET")
    ):
        cursor.skip_until(",", ";")
        return [TableOption("alter index", "")]
    cursor.accept("COLUMN")
    cursor.accept("IF", "EXISTS")
    name = cursor.identifier()
    return _alter_column(cursor, name)


def _alter_column(cursor: Cursor, name: str) -> list[Action]:
    if cursor.accept("DROP", "DEFAULT"):
        return [AlterColumn(name, "drop default")]
    if cursor.accept("SET", "NOT", "NULL"):
        return [AlterColumn(name, "set not null")]
    if cursor.accept("DROP", "NOT", "NULL"):
        return [AlterColumn(name, "drop not null")]
    if cursor.accept("SET", "DEFAULT"):
        first = cursor.position
        cursor.skip_until(",", ";")
        return [AlterColumn(name, "set default", cursor.slice(first))]
    if cursor.at("TYPE") or cursor.at("SET", "DATA", "TYPE"):
        cursor.only("pgsql")
        cursor.skip(1 if cursor.at("TYPE") else 3)
        return [_retype(cursor, name)]
    if cursor.accept("DROP", "EXPRESSION"):
        if_exists = cursor.accept("IF", "EXISTS")
        return [AlterColumn(name, "drop expression", "if exists" if if_exists else None)]
    if cursor.accept("DROP", "IDENTITY"):
        if_exists = cursor.accept("IF", "EXISTS")
        return [AlterColumn(name, "drop identity", "if exists" if if_exists else None)]
    if cursor.at("ADD", "GENERATED"):
        cursor.skip(2)
        value = "by default" if cursor.at("BY") else "always"
        cursor.skip_until(",", ";")
        return [AlterColumn(name, "add identity", value)]
    if cursor.accept("SET", "VISIBLE"):
        return [AlterColumn(name, "set visible")]
    if cursor.accept("SET", "INVISIBLE"):
        return [AlterColumn(name, "set invisible")]
    if cursor.at_any("SET", "RESET", "RESTART") and cursor.dialect == "pgsql":
        return [_plain_option(cursor)]
    raise cursor.unreadable("an action of ALTER COLUMN that is not known")


def _retype(cursor: Cursor, name: str) -> AlterColumn:
    written = read_type(cursor)
    collation = using = None
    if cursor.accept("COLLATE"):
        collation = cursor.qualified()
    if cursor.accept("USING"):
        first = cursor.position
        cursor.skip_until(",", ";")
        using = cursor.slice(first)
    return AlterColumn(name, "type", written, using, collation)


_ACTIONS: dict[str, Callable[[Cursor], list[Action]]] = {
    "ADD": _add,
    "MODIFY": _modify,
    "CHANGE": _change,
    "DROP": _drop,
    "RENAME": _rename,
    "ALTER": _alter,
}
