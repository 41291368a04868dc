"""The type in a column's definition, as written, and what each server's parser does not take for a type."""

from __future__ import annotations

import re

from trueup.sources.sql.reader.cursor import Cursor
from trueup.sources.sql.words import word_set

_TWO_WORDS = {
    "DOUBLE": ("PRECISION",),
    "CHARACTER": ("VARYING", "LARGE"),
    "CHAR": ("VARYING", "BYTE"),
    "BIT": ("VARYING",),
    "BINARY": ("VARYING",),
    "LONG": ("VARCHAR", "VARBINARY", "CHAR", "CHARACTER"),
    "NATIONAL": ("CHAR", "CHARACTER", "VARCHAR", "VARCHARACTER"),
    "NCHAR": ("VARYING", "VARCHAR"),
}
_INTERVAL_FIELDS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO")
_SPACES = re.compile(r"\s+")

_MYSQL_TYPES = word_set(
    """BIT TINYINT BOOL BOOLEAN SMALLINT MEDIUMINT INT INTEGER BIGINT DECIMAL DEC NUMERIC FIXED FLOAT DOUBLE REAL DATE DATETIME
    TIMESTAMP TIME YEAR CHAR VARCHAR BINARY VARBINARY TINYBLOB BLOB MEDIUMBLOB LONGBLOB TINYTEXT TEXT MEDIUMTEXT LONGTEXT ENUM SET
    JSON SERIAL GEOMETRY POINT LINESTRING POLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRYCOLLECTION CHARACTER NATIONAL
    NCHAR NVARCHAR LONG INT1 INT2 INT3 INT4 INT8 MIDDLEINT FLOAT4 FLOAT8 VARCHARACTER"""
)
_MARIADB_TYPES = _MYSQL_TYPES | {"UUID", "INET6", "INET4", "NUMBER", "CLOB", "VARCHAR2", "RAW"} - {
    "GEOMCOLLECTION"
}
_SQLITE_STOPS = word_set(
    """CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES GENERATED AS DEFERRABLE AUTOINCREMENT
    AUTO_INCREMENT COMMENT ON UNSIGNED CHARACTER"""
)
_ARGUMENT_PLACES = {"n", "s"}


def read_type(cursor: Cursor) -> str:
    """Take a type with its arguments and signs ("bigint unsigned", "timestamp(0) with time zone", "text[]"); "" where SQLite
    has none."""
    first = cursor.position
    if cursor.dialect == "sqlite" and not cursor.lenient:
        _sqlite_type(cursor)
    else:
        _check_name(cursor)
        _type_words(cursor)
        if cursor.word() == "(":
            _arguments(cursor)
        elif cursor.dialect == "mysql" and _needs_length(cursor, first):
            cursor.complain_at_token()
        _type_tail(cursor)
    text = cursor.slice(first)
    if "--" in text or "/*" in text or "#" in text:
        text = cursor.without_comments(first)
    return text if cursor.dialect == "sqlite" or "'" in text else _SPACES.sub(" ", text)


def _sqlite_type(cursor: Cursor) -> None:
    """SQLite takes any words, then at most two signed numbers."""
    while (cursor.kind() == "w" and cursor.word() not in _SQLITE_STOPS) or cursor.kind() in ("q", "s"):
        if cursor.kind() == "w" and not cursor.name_allowed():
            break
        cursor.skip()
    if cursor.word() == "UNSIGNED":
        cursor.skip()
        return _sqlite_type(cursor)
    if cursor.word() != "(":
        return None
    if cursor.kind(1) not in ("n", "w") and cursor.word(1) not in ("+", "-"):
        cursor.complain_at_token(1)
    cursor.skip_parentheses()
    if cursor.kind() == "w" and not cursor.at_any(*_SQLITE_STOPS):
        cursor.complain_at_token()
    if cursor.word() == "UNSIGNED" or (cursor.word() == "CHARACTER" and cursor.word(1) == "SET"):
        cursor.complain_at_token()
    return None


def _check_name(cursor: Cursor) -> None:
    """Refuse type names that this server does not know, where its set of types is closed."""
    kind, word = cursor.kind(), cursor.word()
    if kind not in ("w", "q"):
        if cursor.done or word in (",", ")"):
            cursor.complain_at_token()
            return
        raise cursor.unreadable("expected a type")
    if cursor.dialect == "pgsql" and word in ("ENUM", "SET") and cursor.word(1) == "(":
        cursor.complain(f'type "{word.lower()}" does not exist', "42704")
    if cursor.dialect != "mysql" or kind == "q":
        return
    known = _MARIADB_TYPES if cursor.source.mariadb else _MYSQL_TYPES | {"GEOMCOLLECTION"}
    if word in known or (
        word == "VECTOR" and cursor.source.version >= ((11, 7) if cursor.source.mariadb else (9,))
    ):
        return
    if cursor.source.mariadb and cursor.name_allowed():
        cursor.complain(f"Unknown data type: '{cursor.text[cursor.start : cursor.token()[3]]}'", "4161")
    else:
        cursor.complain_at_token()


def _type_words(cursor: Cursor) -> None:
    word = cursor.word()
    cursor.skip()
    while cursor.word() == "." and cursor.kind(1) in ("w", "q"):
        cursor.skip(2)
    if word == "NATIONAL":
        cursor.accept_any(*_TWO_WORDS[word])
        cursor.accept("VARYING")
    elif word == "LONG" and cursor.accept_any(*_TWO_WORDS[word]):
        cursor.accept("VARYING")
    elif word in _TWO_WORDS and not cursor.at("CHARACTER", "SET"):
        cursor.accept_any(*_TWO_WORDS[word])
    elif word == "INTERVAL":
        while cursor.accept_any(*_INTERVAL_FIELDS):
            pass


def _needs_length(cursor: Cursor, first: int) -> bool:
    """MySQL's VARCHAR and VARBINARY have no default length, ENUM and SET no default values."""
    words = cursor.slice(first).upper()
    return words in ("VARCHAR", "VARBINARY", "ENUM", "SET", "NVARCHAR", "CHARACTER VARYING", "VECTOR")


def _arguments(cursor: Cursor) -> None:
    if cursor.dialect == "sqlite" and cursor.kind(1) == "s":
        cursor.complain_at_token(1)
    if cursor.dialect == "mysql" and cursor.word(1) == ")":
        cursor.complain_at_token(1)
    cursor.skip_parentheses()


def _type_tail(cursor: Cursor) -> None:
    while True:
        if cursor.at_any("UNSIGNED", "SIGNED", "ZEROFILL"):
            cursor.only("mysql", "sqlite")
            cursor.skip()
        elif (cursor.at("WITH") or cursor.at("WITHOUT")) and cursor.word(1) in ("TIME", "LOCAL"):
            cursor.only("pgsql")
            cursor.skip()
            cursor.accept("LOCAL")
            cursor.expect("TIME", "ZONE")
        elif cursor.word() == "[":
            cursor.only("pgsql")
            while cursor.word() != "]":
                cursor.skip()
                if cursor.done:
                    raise cursor.unreadable("expected ]")
            cursor.skip()
        elif (cursor.at("ARRAY") and cursor.dialect == "pgsql") or (
            cursor.at("BINARY") and cursor.dialect == "mysql"
        ):
            cursor.skip()
        else:
            return
