"""Indexes: their parts, options and predicates; CREATE INDEX and DROP INDEX."""

from __future__ import annotations

from typing import Literal

from trueup.sources.sql.ddl import CreateIndex, DropIndexStatement, IndexDef, KeyPart
from trueup.sources.sql.reader.columns import take_deferrable
from trueup.sources.sql.reader.cursor import Cursor
from trueup.structs import Struct, replace

Kind = Literal["primary", "unique", "index", "fulltext", "spatial", "vector"]

_KINDS: dict[str, Kind] = {
    "UNIQUE": "unique",
    "FULLTEXT": "fulltext",
    "SPATIAL": "spatial",
    "VECTOR": "vector",
}
_PART_ENDS = (",", "ASC", "DESC", "NULLS", "COLLATE")


class Options(Struct):
    """What follows an index's parts."""

    method: str | None = None
    where: str | None = None
    nulls_not_distinct: bool = False
    using_index: str | None = None


def read_parts(cursor: Cursor) -> tuple[KeyPart, ...]:
    cursor.expect("(")
    if cursor.word() == ")":
        cursor.complain_at_token()
    parts = [_part(cursor)]
    while cursor.accept(","):
        if cursor.word() == ")":
            cursor.complain_at_token()
            break
        parts.append(_part(cursor))
    cursor.expect(")")
    return tuple(parts)


def _part(cursor: Cursor) -> KeyPart:
    column, length, expression, quoted = None, 0, None, False
    if cursor.word() == "(":
        _check_expression(cursor)
        expression = cursor.parenthesized()
    elif cursor.kind(1) == "o" and cursor.word(1) == "(" and cursor.kind(2) == "n" and cursor.word(3) == ")":
        column = cursor.identifier()
        if cursor.dialect != "mysql":
            cursor.complain(
                f'functions in index expressions: "{column}" with a length',
                "42883" if cursor.dialect == "pgsql" else "",
            )
        length = _integer(cursor, 1)
        cursor.skip(3)
    elif cursor.word() == "CASE" and cursor.dialect == "sqlite":
        expression = _bare_expression(cursor)
    elif cursor.word(1) in ("(", "->", "->>", "||", "+", "-", "*", "::", "."):
        _check_expression(cursor)
        expression = _bare_expression(cursor)
    else:
        quoted = cursor.kind() == "q" and cursor.text[cursor.start] == '"'
        column = cursor.identifier()
    return _part_tail(cursor, KeyPart(column, expression, length, quoted=quoted))


def _bare_expression(cursor: Cursor) -> str:
    """A function call, or on SQLite any expression, without parentheses of its own."""
    first = cursor.position
    if cursor.dialect == "pgsql" and cursor.word(1) == "(":
        cursor.skip()
        cursor.skip_parentheses()
    else:
        cursor.skip_until(*_PART_ENDS)
    return cursor.slice(first)


def _integer(cursor: Cursor, ahead: int) -> int:
    start, end = cursor.token(ahead)[2:]
    text = cursor.text[start:end]
    return int(text) if text.isdigit() and len(text) < 10 else 0


def _check_expression(cursor: Cursor) -> None:
    """MariaDB indexes no expressions; MySQL does from 8.0.13, inside their own parentheses."""
    if cursor.dialect != "mysql":
        return
    if cursor.word() == "(":
        if cursor.source.mariadb or cursor.source.version < (8, 0, 13):
            cursor.complain_at_token()
    elif cursor.word(1) == "(":
        cursor.complain_at_token(2)
    else:
        cursor.complain_at_token(1)


def _part_tail(cursor: Cursor, part: KeyPart) -> KeyPart:
    descending, operator_class = False, None
    while not cursor.done and cursor.word() not in (",", ")"):
        if cursor.accept("COLLATE"):
            cursor.qualified()
        elif direction := cursor.accept_any("ASC", "DESC"):
            descending = direction == "DESC"
        elif cursor.accept("NULLS"):
            cursor.skip()
        elif cursor.dialect == "sqlite" and cursor.accept("AUTOINCREMENT"):
            operator_class = "autoincrement"
        elif cursor.dialect == "pgsql" and cursor.kind() in ("w", "q"):
            operator_class = cursor.qualified()
            if cursor.word() == "(":
                cursor.skip_parentheses()
        else:
            raise cursor.unreadable("expected , or )")
    return (
        replace(part, descending=descending, operator_class=operator_class)
        if descending or operator_class
        else part
    )


def read_options(cursor: Cursor) -> Options:
    """Everything behind the parts, in any order."""
    found = Options()
    while not cursor.done and cursor.word() not in (",", ")", ";"):
        if cursor.at("USING", "INDEX", "TABLESPACE"):
            cursor.skip(4)
        elif cursor.accept("USING"):
            found.method = cursor.identifier(reserved=True).lower()
        elif cursor.at("WHERE"):
            cursor.only("pgsql", "sqlite")
            cursor.skip()
            found.where = _predicate(cursor)
        elif cursor.accept("NULLS"):
            found.nulls_not_distinct = cursor.accept("NOT")
            cursor.expect("DISTINCT")
        elif not _other_option(cursor):
            break
    return found


def _predicate(cursor: Cursor) -> str:
    first = cursor.position
    while not cursor.done and cursor.word() not in (";", ")"):
        if cursor.word() == "(":
            cursor.skip_parentheses()
        else:
            cursor.skip()
    return cursor.slice(first)


def _other_option(cursor: Cursor) -> bool:
    word = cursor.word()
    if word in (
        "COMMENT",
        "KEY_BLOCK_SIZE",
        "ALGORITHM",
        "LOCK",
        "ENGINE_ATTRIBUTE",
        "M",
        "DISTANCE",
        "CLUSTERING",
    ):
        cursor.only("mysql")
        cursor.skip()
        cursor.accept("=")
        cursor.skip()
    elif word in ("VISIBLE", "INVISIBLE", "IGNORED"):
        cursor.skip()
    elif cursor.at("NOT", "IGNORED"):
        cursor.skip(2)
    elif cursor.at("WITH", "PARSER"):
        cursor.skip(3)
    elif word in ("INCLUDE", "WITH") and cursor.word(1) == "(":
        cursor.only("pgsql")
        cursor.skip()
        cursor.skip_parentheses()
    elif word == "TABLESPACE":
        cursor.skip(2)
    elif cursor.at("ON", "CONFLICT"):
        cursor.only("sqlite")
        cursor.skip(3)
    else:
        return take_deferrable(cursor)
    return True


def read_index_body(cursor: Cursor, kind: Kind, name: str | None, *, constraint: bool = False) -> IndexDef:
    """[name] [USING method] (parts) options, of an index inside a table's definition or an ALTER."""
    at = cursor.here()
    method = None
    if cursor.accept("IF", "NOT", "EXISTS"):
        cursor.only("mysql")
    if cursor.word() != "(" and cursor.word() != "USING":
        given = cursor.identifier()
        name = name or given
        if cursor.dialect != "mysql" and kind != "vector":
            cursor.position -= 1
            cursor.complain_at_token()
            cursor.position += 1
    if cursor.at("USING", "INDEX") and cursor.word(2) != "TABLESPACE":
        cursor.only("pgsql")
        cursor.skip(2)
        used = cursor.identifier()
        read_options(cursor)
        return IndexDef(kind, (), name, constraint=constraint, using_index=used, at=at)
    if cursor.accept("USING"):
        method = cursor.identifier(reserved=True).lower()
    parts = read_parts(cursor)
    options = read_options(cursor)
    return IndexDef(
        kind,
        parts,
        name,
        options.method or method,
        options.where,
        constraint=constraint,
        nulls_not_distinct=options.nulls_not_distinct,
        at=at,
    )


def read_create_index(cursor: Cursor) -> CreateIndex:
    """CREATE [UNIQUE|FULLTEXT|SPATIAL] INDEX [CONCURRENTLY] [IF NOT EXISTS] [name] ON table [USING method] (parts) ..."""
    at = cursor.here()
    if cursor.accept("OR", "REPLACE"):
        cursor.only("mysql")
    kind: Kind = "index"
    if word := cursor.accept_any(*_KINDS):
        kind = _KINDS[word]
    cursor.expect("INDEX")
    concurrently = cursor.accept("CONCURRENTLY")
    if_not_exists = _if_not_exists(cursor)
    name = None if cursor.at("ON") else cursor.qualified().rpartition(".")[2]
    method = cursor.identifier(reserved=True).lower() if cursor.accept("USING") else None
    cursor.expect("ON")
    cursor.accept("ONLY")
    table = cursor.qualified()
    if cursor.at("USING"):
        cursor.only("mysql", "pgsql")
    if cursor.accept("USING"):
        method = cursor.identifier(reserved=True).lower()
    parts = read_parts(cursor)
    options = read_options(cursor)
    index = IndexDef(
        kind,
        parts,
        name,
        options.method or method,
        options.where,
        concurrently=concurrently,
        nulls_not_distinct=options.nulls_not_distinct,
        at=at,
    )
    return CreateIndex(table, index, if_not_exists, at)


def _if_not_exists(cursor: Cursor) -> bool:
    if not cursor.at("IF", "NOT", "EXISTS"):
        return False
    if cursor.dialect == "mysql" and not cursor.source.mariadb:
        cursor.complain_at_token()
    cursor.skip(3)
    return True


def read_drop_index(cursor: Cursor) -> tuple[DropIndexStatement, ...]:
    """DROP INDEX [CONCURRENTLY] [IF EXISTS] name [, ...] [ON table]."""
    at = cursor.here()
    cursor.expect("INDEX")
    cursor.accept("CONCURRENTLY")
    if_exists = False
    if cursor.at("IF", "EXISTS"):
        if cursor.dialect == "mysql" and not cursor.source.mariadb:
            cursor.complain_at_token()
        cursor.skip(2)
        if_exists = True
    names = [_index_name(cursor)]
    while cursor.word() == ",":
        cursor.only("pgsql")
        cursor.skip()
        names.append(_index_name(cursor))
    table = None
    if cursor.at("ON"):
        cursor.only("mysql")
        cursor.skip()
        table = cursor.qualified()
        cursor.skip_until(";")
    elif cursor.dialect == "mysql":
        cursor.complain_at_token()
    cursor.accept_any("CASCADE", "RESTRICT")
    return tuple(DropIndexStatement(name, table, if_exists, at) for name in names)


def _index_name(cursor: Cursor) -> str:
    name = cursor.identifier(reserved=cursor.at("PRIMARY") and cursor.dialect == "mysql")
    while cursor.word() == ".":
        cursor.skip()
        name = cursor.identifier(reserved=True)
    return name
