"""Plain data statements on one table, read from their tokens: most of what migrations send needs no SQL parser."""

from __future__ import annotations

from trueup.sources.sql.ddl import DataStatement
from trueup.sources.sql.reader.cursor import Cursor
from trueup.sources.sql.words import word_set

_BEYOND = word_set(
    "SELECT JOIN UNION WITH USING CAST CONVERT EXTRACT INTERVAL RETURNING LIMIT ORDER GROUP HAVING AS OVER FROM_UNIXTIME "
    "COLLATE BINARY AT DATE TIME TIMESTAMP SUBSTRING TRIM POSITION SEPARATOR DISTINCT ESCAPE EXISTS ARRAY ROW FOR LOCK FETCH"
)
_WORDS = word_set(
    "SET WHERE AND OR NOT NULL IS IN LIKE BETWEEN CASE WHEN THEN ELSE END TRUE FALSE DEFAULT FROM DELETE UPDATE INTO DIV MOD XOR "
    "CURRENT_TIMESTAMP CURRENT_DATE CURRENT_TIME REGEXP RLIKE ILIKE SIMILAR UNKNOWN"
)


def read_plain(cursor: Cursor, text: str) -> DataStatement | None:
    """UPDATE t SET ... WHERE ..., DELETE FROM t WHERE ..., SELECT a, b FROM t WHERE ...; None for anything beyond."""
    tokens = cursor.tokens
    verb = cursor.word()
    if any(t[1] in _BEYOND for t in tokens[1:]) or any(
        t[0] == "o" and t[1] not in _OPERATORS for t in tokens
    ):
        return None
    at = cursor.here()
    start = {"UPDATE": 1, "DELETE": 2}.get(verb)
    if verb == "SELECT":
        start = next((n + 1 for n, t in enumerate(tokens) if t[1] == "FROM"), None)
    if start is None or start >= len(tokens) or (verb == "DELETE" and tokens[1][1] != "FROM"):
        return None
    cursor.position = start
    if cursor.kind() not in ("w", "q"):
        cursor.position = 0
        return None
    table = cursor.qualified()
    after = cursor.position
    if "." in table or not _goes_on(cursor, verb):
        cursor.position = 0
        return None
    columns = _columns(cursor, range(1, start - 1 if verb == "SELECT" else 1), range(after, len(tokens)))
    cursor.rest()
    if columns is None:
        cursor.position = 0
        return None
    pairs = tuple(dict.fromkeys((table, c) for c in columns))
    return DataStatement(verb.lower(), (table,), pairs, text, at)


_OPERATORS = frozenset(
    ["(", ")", ",", "=", "<", ">", "<=", ">=", "<>", "!=", "+", "-", "*", "/", "%", ";", "||"]
)


def _goes_on(cursor: Cursor, verb: str) -> bool:
    """After the table only SET or WHERE or the end: no alias, no second table."""
    word = cursor.word() if cursor.position < cursor.count else ""
    return word in (("SET",) if verb == "UPDATE" else ("WHERE", "", ";"))


def _columns(cursor: Cursor, *spans: range) -> list[str] | None:
    """Every name that is no word of SQL and no function. SQLite takes an unknown name in double quotes for a string, except where
    it is assigned to. None where a name cannot be placed."""
    found: list[str] = []
    tokens = cursor.tokens
    for span in spans:
        for n in span:
            kind, word, first, _ = tokens[n]
            following = tokens[n + 1][1] if n + 1 < len(tokens) else ""
            if kind == "w" and (word in _WORDS or following == "("):
                continue
            if kind == "w" or (kind == "q" and not _may_be_string(cursor, first, n, following)):
                if following == ".":
                    return None
                cursor.position = n
                found.append(cursor.identifier(reserved=True) if kind == "w" else cursor.identifier())
            elif kind == "s" and cursor.dialect == "mysql" and cursor.text[first] == '"':
                return None
    return found


def _may_be_string(cursor: Cursor, first: int, n: int, following: str) -> bool:
    if cursor.dialect != "sqlite" or cursor.text[first] != '"':
        return False
    assigned = following == "=" and cursor.tokens[n - 1][1] in ("SET", ",")
    return not assigned
