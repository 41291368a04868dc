"""One statement's tokens → `ddl` statements."""

from __future__ import annotations

from collections.abc import Callable

from trueup.sources.sql.ddl import NotUnderstood, Refusal, Statement
from trueup.sources.sql.reader.alter import read_alter_table
from trueup.sources.sql.reader.cursor import Cursor, Refused, Source, Unreadable, syntax_error
from trueup.sources.sql.reader.data import DATA_VERBS, read_data
from trueup.sources.sql.reader.indexes import read_create_index
from trueup.sources.sql.reader.others import (
    SESSION_VERBS,
    read_alter_other,
    read_comment,
    read_create_type,
    read_drop,
    read_noted,
    read_pragma,
    read_rename,
    read_set,
)
from trueup.sources.sql.reader.refusals import data_refusal
from trueup.sources.sql.reader.tables import read_create_table
from trueup.sources.sql.reader.tokens import Token

_MAX_TOKENS = 400_000


def read_statement(source: Source, tokens: list[Token], *, lenient: bool = False) -> list[Statement]:
    """The statement(s) that the tokens of one say. In `lenient` reading the complaints follow the statement itself."""
    cursor = Cursor(source, tokens, lenient=lenient)
    at = source.location(tokens[0][2])
    excerpt = source.text[tokens[0][2] : tokens[-1][3]][:200]
    if len(tokens) > _MAX_TOKENS:
        return [NotUnderstood("a statement too large to read", excerpt, at)]
    try:
        found = list(_dispatch(cursor))
        if not cursor.done:
            cursor.complain_at_token()
    except Refused as refused:
        return [
            Refusal(refused.reason, refused.code, source.location(refused.start)),
            *_told(cursor, excerpt),
        ]
    except Unreadable as problem:
        if not lenient and _unterminated(source, tokens):
            return [Refusal(*syntax_error(cursor, *tokens[-2][2:]), source.location(tokens[-2][2]))]
        return [
            NotUnderstood(problem.reason, excerpt, source.location(problem.start)),
            *_told(cursor, excerpt),
        ]
    return [*found, *_told(cursor, excerpt)]


def _unterminated(source: Source, tokens: list[Token]) -> bool:
    """Does the last string or name lack its closing quote? Then the server's parser stops at the token before it."""
    kind, _, start, end = tokens[-1]
    text = source.text[start:end].lstrip("nNxXbBeE")
    return kind in ("s", "q") and len(tokens) > 1 and (len(text) < 2 or text[-1] != text[0])


def _told(cursor: Cursor, excerpt: str) -> list[Statement]:
    told: list[Statement] = []
    for problem in cursor.complaints:
        at = cursor.source.location(problem.start)
        if isinstance(problem, Refused):
            told.append(Refusal(problem.reason, problem.code, at))
        else:
            told.append(NotUnderstood(problem.reason, excerpt, at))
    return told


def _dispatch(cursor: Cursor) -> tuple[Statement, ...]:
    word = cursor.word()
    if word in DATA_VERBS:
        refusal = data_refusal(cursor)
        if refusal is not None:
            cursor.complain(*refusal)
        return (read_data(cursor),)
    reader = _VERBS.get(word)
    if reader is not None:
        cursor.skip()
        return reader(cursor)
    if cursor.kind() == "w" and word in SESSION_VERBS:
        cursor.skip()
        return SESSION_VERBS[word](cursor)
    cursor.complain_at_token()
    cursor.rest()
    return ()


def _create(cursor: Cursor) -> tuple[Statement, ...]:
    place = cursor.position
    or_replace = cursor.accept("OR", "REPLACE")
    temporary = bool(cursor.accept_any("TEMPORARY", "TEMP", "GLOBAL", "LOCAL"))
    temporary = bool(cursor.accept_any("TEMPORARY", "TEMP")) or temporary
    if not temporary and cursor.dialect == "pgsql":
        cursor.accept("UNLOGGED")
    if cursor.at("TABLE"):
        return (read_create_table(cursor, temporary=temporary, or_replace=or_replace),)
    cursor.position = place
    if cursor.at("INDEX") or (cursor.word(1) == "INDEX") or cursor.at("OR", "REPLACE", "INDEX"):
        return (read_create_index(cursor),)
    if cursor.at("TYPE"):
        return (read_create_type(cursor),)
    if cursor.at("VIRTUAL", "TABLE"):
        cursor.skip(2)
        cursor.accept("IF", "NOT", "EXISTS")
        raise cursor.unreadable("a virtual table")
    return (read_noted(cursor, drop=False),)


def _alter(cursor: Cursor) -> tuple[Statement, ...]:
    if cursor.at_any("ONLINE", "IGNORE", "OFFLINE"):
        cursor.only("mysql")
        cursor.skip()
    if cursor.at("TABLE"):
        return read_alter_table(cursor)
    return read_alter_other(cursor)


_VERBS: dict[str, Callable[[Cursor], tuple[Statement, ...]]] = {
    "CREATE": _create,
    "ALTER": _alter,
    "DROP": read_drop,
    "RENAME": read_rename,
    "COMMENT": read_comment,
    "SET": read_set,
    "PRAGMA": read_pragma,
}
