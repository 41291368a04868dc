"""Data statements that a server certainly refuses, whatever its tables."""

from __future__ import annotations

import re

from trueup.sources.sql.reader.cursor import Cursor, syntax_error
from trueup.sources.sql.words import word_set

_UNKNOWN: dict[str, frozenset[str]] = {
    "pgsql": word_set(
        """IFNULL JSON_EXTRACT JSON_UNQUOTE JSON_CONTAINS JSON_LENGTH JSON_SET DATE_FORMAT CURDATE CURTIME UNIX_TIMESTAMP
        FROM_UNIXTIME GROUP_CONCAT DATE_ADD DATE_SUB DATEDIFF STR_TO_DATE FIND_IN_SET RAND STRFTIME JULIANDAY UNHEX
        LAST_INSERT_ID UTC_TIMESTAMP SUBSTRING_INDEX DATABASE"""
    ),
    "sqlite": word_set(
        """JSON_UNQUOTE JSON_CONTAINS JSON_LENGTH NOW CURDATE DATE_FORMAT UNIX_TIMESTAMP FROM_UNIXTIME DATE_ADD DATE_SUB DATEDIFF
        STR_TO_DATE FIELD FIND_IN_SET UUID RAND CONV LAST_INSERT_ID UTC_TIMESTAMP SUBSTRING_INDEX DATABASE GREATEST LEAST LPAD RPAD
        SPLIT_PART TO_CHAR GEN_RANDOM_UUID UUID_GENERATE_V4 REGEXP REGEXP_REPLACE
        REGEXP_LIKE REGEXP_SUBSTR ARRAY_AGG SHA2 YEAR MONTH DAY"""
    ),
    "mysql": word_set(
        "STRFTIME JULIANDAY GEN_RANDOM_UUID UUID_GENERATE_V4 DATE_TRUNC STRING_AGG ARRAY_AGG SPLIT_PART JSONB_BUILD_OBJECT"
    ),
}
_SQLITE_3_41 = word_set("UNHEX")
_SQLITE_3_44 = word_set("CONCAT CONCAT_WS STRING_AGG")
_STRINGS = re.compile(r"'(?:[^']|'')*'")
_CALL = re.compile(r"(?<!\w)([A-Za-z_]\w*+)\s*+\(")
_NAMES_BEFORE = word_set("INTO TABLE JOIN FROM UPDATE AS . REFERENCES ON")


def unknown_function(expression: str, dialect: str, version: tuple[int, ...]) -> str | None:
    """The first function that an expression calls and this server certainly does not have."""
    late: frozenset[str] = frozenset()
    if dialect == "sqlite":
        late = (_SQLITE_3_44 if version < (3, 44) else late) | (_SQLITE_3_41 if version < (3, 41) else late)
    called: list[str] = _CALL.findall(_STRINGS.sub(" ", expression))
    return next((name for name in called if name.upper() in _UNKNOWN[dialect] | late), None)


def data_refusal(cursor: Cursor) -> tuple[str, str, int] | None:
    """(reason, code, offset) where this server's parser or name resolution fails on any schema."""
    found = None
    if cursor.dialect == "sqlite":
        found = _sqlite(cursor)
    elif cursor.dialect == "pgsql":
        found = _pgsql(cursor)
    return found or _function(cursor)


def _function(cursor: Cursor) -> tuple[str, str, int] | None:
    """A call of another server's function."""
    unknown, tokens = _UNKNOWN[cursor.dialect], cursor.tokens
    for place in range(1, len(tokens) - 1):
        word = tokens[place][1]
        if word in unknown and tokens[place + 1][1] == "(" and tokens[place - 1][1] not in _NAMES_BEFORE:
            start, end = tokens[place][2:]
            return (*no_function(cursor.dialect, cursor.text[start:end]), start)
    return None


def no_function(dialect: str, name: str) -> tuple[str, str]:
    """The server's words and code for a function that it does not have."""
    if dialect == "sqlite":
        return f"no such function: {name}", "HY000"
    if dialect == "pgsql":
        return f"function {name.lower()} does not exist", "42883"
    return f"FUNCTION {name} does not exist", "1305"


def _sqlite(cursor: Cursor) -> tuple[str, str, int] | None:
    """SQLite has no information_schema, no LIMIT or JOIN in UPDATE and DELETE, and few functions."""
    tokens = cursor.tokens
    for place, (kind, word, start, end) in enumerate(tokens):
        name = word if kind == "w" else cursor.text[start:end].strip('"`[]').upper() if kind == "q" else ""
        behind = tokens[place + 1][1] if place + 1 < len(tokens) else ""
        if name == "INFORMATION_SCHEMA" and behind == "." and place + 2 < len(tokens):
            table = cursor.text[tokens[place + 2][2] : tokens[place + 2][3]].strip('"`[]')
            return f"no such table: {cursor.text[start:end].strip(chr(34) + '`[]')}.{table}", "HY000", start
    if cursor.word() == "UPDATE":
        return _sqlite_update(cursor)
    return None


def _sqlite_update(cursor: Cursor) -> tuple[str, str, int] | None:
    """UPDATE a, b SET or UPDATE a JOIN b: MySQL's."""
    place = 1
    while place < cursor.count and cursor.tokens[place][1] not in ("SET", ",", "(", "JOIN", "INNER", "LEFT"):
        if cursor.tokens[place][1] == "OR":
            place += 1
        place += 1
    if place < cursor.count and cursor.tokens[place][1] in (",", "JOIN", "INNER", "LEFT"):
        start, end = cursor.tokens[place][2:]
        reason, code = syntax_error(cursor, start, end)
        return reason, code, start
    return None


def _pgsql(cursor: Cursor) -> tuple[str, str, int] | None:
    """Backticks, and UPDATE ... JOIN."""
    for kind, word, start, end in cursor.tokens:
        if kind == "o" and word == "`":
            reason, code = syntax_error(cursor, start, end)
            return reason, code, start
    if cursor.word() == "UPDATE":
        for _, word, start, end in cursor.tokens:
            if word == "SET":
                break
            if word in ("JOIN", "INNER", "LEFT", ","):
                reason, code = syntax_error(cursor, start, end)
                return reason, code, start
    return None


def unknown_functions(dialect: str) -> frozenset[str]:
    """Functions of other servers (upper case) that this one certainly lacks."""
    return _UNKNOWN[dialect]
