"""Statements that are short: DROP, RENAME, COMMENT ON, types, views, triggers, routines, SET, PRAGMA."""

from __future__ import annotations

from collections.abc import Callable

from trueup.sources.sql.ddl import (
    AddTypeValue,
    CommentOn,
    CreateType,
    DropTable,
    DropType,
    Noted,
    RenameIndexStatement,
    RenameTable,
    Session,
    Statement,
)
from trueup.sources.sql.reader.cursor import Cursor
from trueup.sources.sql.reader.indexes import read_drop_index
from trueup.sources.sql.words import words

_NOTED = {
    "VIEW": "view",
    "TRIGGER": "trigger",
    "FUNCTION": "function",
    "PROCEDURE": "procedure",
    "EVENT": "event",
    "EXTENSION": "extension",
    "SEQUENCE": "sequence",
    "SCHEMA": "schema",
    "DATABASE": "database",
    "DOMAIN": "domain",
    "ROLE": "role",
    "USER": "user",
    "POLICY": "policy",
    "RULE": "rule",
    "AGGREGATE": "aggregate",
    "CAST": "cast",
    "OPERATOR": "operator",
    "PUBLICATION": "publication",
    "SUBSCRIPTION": "subscription",
    "SERVER": "server",
    "STATISTICS": "statistics",
    "COLLATION": "collation",
    "LANGUAGE": "language",
    "TABLESPACE": "tablespace",
    "PACKAGE": "package",
}
_MODIFIERS = words(
    "OR REPLACE MATERIALIZED RECURSIVE TEMP TEMPORARY CONSTRAINT EVENT SQL SECURITY DEFINER INVOKER TRUSTED "
    "PROCEDURAL UNLOGGED FOREIGN"
)


_KNOWN_TO_SQLITE = words("VIEW TRIGGER TEMP TEMPORARY")
_POSTGRESQL_ONLY = words(
    "EXTENSION DOMAIN POLICY RULE CAST OPERATOR PUBLICATION SUBSCRIPTION STATISTICS COLLATION LANGUAGE MATERIALIZED"
)
"""Of the words between CREATE or DROP and the name."""


def _check_kind(cursor: Cursor) -> None:
    word = cursor.word()
    if (cursor.dialect == "mysql" and word in _POSTGRESQL_ONLY) or (
        cursor.dialect == "sqlite" and (word in _NOTED or word in _MODIFIERS) and word not in _KNOWN_TO_SQLITE
    ):
        cursor.complain_at_token()


def read_noted(cursor: Cursor, *, drop: bool) -> Statement:
    """CREATE or DROP of something that is listed only: behind the verb."""
    at = cursor.here()
    kind, view = "", ""
    while not cursor.done and not kind:
        word = cursor.word()
        _check_kind(cursor)
        if word in _NOTED and not (word == "EVENT" and cursor.word(1) == "TRIGGER"):
            kind = _NOTED[word]
        elif word in ("MATERIALIZED",):
            view = "materialized "
        elif cursor.word(1) == "=":
            cursor.skip(2)
        elif (
            word not in _MODIFIERS
            and cursor.kind() != "q"
            and word not in ("@", ".")
            and cursor.kind() not in ("p", "s", "n")
        ):
            raise cursor.unreadable("a kind of object that is not known")
        cursor.skip()
    if not kind:
        raise cursor.unreadable("expected the kind of object")
    cursor.accept("CONCURRENTLY")
    cursor.accept("IF", "NOT", "EXISTS")
    if_exists = cursor.accept("IF", "EXISTS")
    name = _object_name(cursor, kind)
    table = _trigger_table(cursor) if kind in ("trigger", "policy", "rule") else ""
    text = "" if drop else cursor.text[cursor.tokens[0][2] : cursor.tokens[-1][3]]
    cursor.rest()
    return Noted(view + kind, name, drop, table, text, if_exists, at)


def _object_name(cursor: Cursor, kind: str) -> str:
    """Users are written as strings, 'name'@'host'."""
    if kind in ("user", "role") and cursor.kind() == "s":
        return cursor.string()
    return cursor.qualified() if cursor.kind() in ("w", "q", "s") else ""


def _trigger_table(cursor: Cursor) -> str:
    """... BEFORE INSERT ON table."""
    for _ in range(40):
        if cursor.done or cursor.at_any("BEGIN", "EXECUTE", "FOR"):
            return ""
        if cursor.accept("ON"):
            return cursor.qualified() if cursor.kind() in ("w", "q", "s") else ""
        cursor.skip()
    return ""


def read_drop(cursor: Cursor) -> tuple[Statement, ...]:
    """Behind DROP."""
    at = cursor.here()
    if cursor.at("INDEX"):
        return read_drop_index(cursor)
    cursor.accept("TEMPORARY")
    if cursor.accept("TABLE") or cursor.accept("TABLES"):
        if_exists = cursor.accept("IF", "EXISTS")
        names = [cursor.qualified()]
        while cursor.word() == ",":
            if cursor.dialect == "sqlite":
                cursor.complain_at_token()
            cursor.skip()
            names.append(cursor.qualified())
        cascade = cursor.at("CASCADE")
        if cursor.at_any("CASCADE", "RESTRICT"):
            cursor.only("mysql", "pgsql")
            cursor.skip()
        return tuple(DropTable(name, if_exists, cascade and cursor.dialect == "pgsql", at) for name in names)
    if cursor.accept("TYPE"):
        if_exists = cursor.accept("IF", "EXISTS")
        names = [cursor.qualified()]
        while cursor.accept(","):
            names.append(cursor.qualified())
        cursor.rest()
        return tuple(DropType(name, if_exists, at) for name in names)
    return (read_noted(cursor, drop=True),)


def read_rename(cursor: Cursor) -> tuple[Statement, ...]:
    """MySQL's RENAME TABLE a TO b, c TO d: behind RENAME."""
    at = cursor.here()
    cursor.only("mysql")
    if not cursor.accept("TABLE") and not cursor.accept("TABLES"):
        cursor.rest()
        return (Noted("user", "", at=at),)
    found: list[Statement] = []
    while True:
        if_exists = cursor.accept("IF", "EXISTS")
        name = cursor.qualified()
        cursor.expect("TO")
        found.append(RenameTable(name, cursor.qualified(), if_exists, at))
        if not cursor.accept(","):
            return tuple(found)


def read_comment(cursor: Cursor) -> tuple[Statement, ...]:
    """PostgreSQL's COMMENT ON: behind COMMENT."""
    at = cursor.here()
    cursor.only("pgsql")
    cursor.expect("ON")
    if cursor.accept("COLUMN"):
        parts = [cursor.identifier()]
        while cursor.accept("."):
            parts.append(cursor.identifier(reserved=True))
        table = ".".join(parts[:-1]).removeprefix("public.")
        cursor.expect("IS")
        return (CommentOn(table, parts[-1], _comment_text(cursor), at),)
    if cursor.accept("TABLE"):
        table = cursor.qualified()
        cursor.expect("IS")
        return (CommentOn(table, None, _comment_text(cursor), at),)
    kind = cursor.word().lower()
    cursor.rest()
    return (Session("comment", kind, at),)


def _comment_text(cursor: Cursor) -> str | None:
    return None if cursor.accept("NULL") else cursor.string()


def read_create_type(cursor: Cursor) -> Statement:
    """CREATE TYPE name AS ENUM (...): behind CREATE. Composite types are noted."""
    at = cursor.here()
    cursor.only("pgsql")
    cursor.expect("TYPE")
    name = cursor.qualified()
    if not cursor.accept("AS", "ENUM"):
        cursor.rest()
        return Noted("type", name, at=at)
    cursor.expect("(")
    values: list[str] = []
    while cursor.word() != ")":
        values.append(cursor.string())
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return CreateType(name, tuple(values), at)


def read_alter_other(cursor: Cursor) -> tuple[Statement, ...]:
    """ALTER of anything but a table: behind ALTER."""
    at = cursor.here()
    if cursor.at("INDEX"):
        cursor.only("pgsql")
        cursor.skip()
        if_exists = cursor.accept("IF", "EXISTS")
        name = cursor.qualified()
        if cursor.accept("RENAME", "TO"):
            return (RenameIndexStatement(name, cursor.identifier(), at, if_exists),)
        cursor.rest()
        return (Session("alter index", name, at),)
    if cursor.accept("TYPE"):
        return _alter_type(cursor, at_name=cursor.qualified())
    kind = cursor.word().lower()
    known = {"sequence", "view", "materialized", "function", "procedure", "schema", "database", "role", "user", "default",
             "extension", "domain", "system", "event", "trigger", "policy", "algorithm", "sql", "definer", "aggregate"}  # fmt: skip
    if kind not in known:
        raise cursor.unreadable("a kind of object that is not known")
    cursor.rest()
    return (Session("alter", kind, at),)


def _alter_type(cursor: Cursor, at_name: str) -> tuple[Statement, ...]:
    at = cursor.source.location(cursor.tokens[0][2])
    if cursor.accept("ADD", "VALUE"):
        if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
        value = cursor.string()
        cursor.rest()
        return (AddTypeValue(at_name, value, if_not_exists, at),)
    text = cursor.rest()
    return (Noted("type", at_name, text=text, at=at),)


_MYSQL_PARAMETERS = words(
    "FOREIGN_KEY_CHECKS UNIQUE_CHECKS SQL_MODE SQL_SAFE_UPDATES AUTOCOMMIT GROUP_CONCAT_MAX_LEN SQL_REQUIRE_PRIMARY_KEY "
    "INNODB_STRICT_MODE MAX_ALLOWED_PACKET COLLATION_CONNECTION CHARACTER_SET_CLIENT"
)


def _check_parameter(cursor: Cursor, name: str, start: int) -> None:
    """PostgreSQL knows its own parameters, and takes any other name only with a dot in it."""
    if cursor.dialect == "pgsql" and name.upper() in _MYSQL_PARAMETERS:
        cursor.complain(f'unrecognized configuration parameter "{name}"', "42704", start)


def read_set(cursor: Cursor) -> tuple[Statement, ...]:
    """SET [SESSION|GLOBAL|LOCAL] name = value: behind SET."""
    at = cursor.here()
    cursor.only("mysql", "pgsql", ahead=-1)
    cursor.accept_any("SESSION", "GLOBAL", "LOCAL", "PERSIST")
    found: list[Statement] = []
    while not cursor.done:
        kind, _, start, end = cursor.token()
        cursor.skip()
        name = cursor.text[start:end].lower()
        if kind == "p":
            name = (
                name.removeprefix("@@")
                .removeprefix("session.")
                .removeprefix("global.")
                .removeprefix("local.")
            )
        _check_parameter(cursor, name, start)
        if cursor.word() in ("=", ":=", "TO"):
            cursor.skip()
        first = cursor.position
        cursor.skip_until(",")
        found.append(Session(name, cursor.slice(first).strip("'\""), at))
        if not cursor.accept(","):
            cursor.rest()
    return tuple(found) or (Session(at=at),)


def read_pragma(cursor: Cursor) -> tuple[Statement, ...]:
    """SQLite's PRAGMA name = value or name(value): behind PRAGMA."""
    at = cursor.here()
    cursor.only("sqlite")
    name = cursor.qualified().lower()
    value = ""
    if cursor.accept("="):
        value = cursor.rest()
    elif cursor.word() == "(":
        value = cursor.parenthesized()
    cursor.rest()
    return (Session(name, value.strip("'\""), at),)


def _session(name: str) -> Callable[[Cursor], tuple[Statement, ...]]:
    def read(cursor: Cursor) -> tuple[Statement, ...]:
        at = cursor.here()
        return (Session(name, cursor.rest(), at),)

    return read


SESSION_VERBS: dict[str, Callable[[Cursor], tuple[Statement, ...]]] = {
    verb: _session(verb.lower())
    for verb in words(
        "BEGIN START COMMIT ROLLBACK SAVEPOINT RELEASE END LOCK UNLOCK USE FLUSH ANALYZE ANALYSE VACUUM OPTIMIZE REINDEX CHECK "
        "REPAIR GRANT REVOKE RESET DISCARD CLUSTER REFRESH NOTIFY LISTEN UNLISTEN KILL DEALLOCATE PREPARE EXECUTE ABORT CHECKPOINT "
        "SHOW DESCRIBE DESC EXPLAIN ATTACH DETACH HANDLER SIGNAL SECURITY REASSIGN DECLARE FETCH CLOSE MOVE PURGE INSTALL "
        "UNINSTALL CACHE CHANGE STOP BINLOG HELP XA DO CALL COPY LOAD IMPORT"
    )
}
