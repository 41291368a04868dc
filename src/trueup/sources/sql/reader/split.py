"""A text of many statements → the tokens of each. Semicolons inside strings, dollar quotes and bodies do not count."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.names import Driver
from trueup.sources.sql.reader.tokens import Token, tokenize
from trueup.structs import Struct

_DELIMITER = re.compile(r"^[ \t]*DELIMITER[ \t]+(\S+)[^\n]*$", re.I | re.M)
_META = re.compile(r"^\\[^\n]*$", re.M)
_DOT = re.compile(r"^\.[a-z][^\n]*$", re.M)
_COPY = re.compile(
    r"^[^\S\n]*+COPY\s(?:[^;\n]|\n(?![^\S\n]*+COPY\b))*?\bFROM\s++stdin\b(?:[^;\n]|\n(?![^\S\n]*+COPY\b))*+;[^\n]*+\n(.*?)(?:^\\\.[^\n]*+$|\Z)",
    re.I | re.M | re.S,
)
_BODIES = frozenset(("TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"))
_LOOPS = frozenset(("IF", "LOOP", "REPEAT", "WHILE", "FOR"))


class Piece(Struct, frozen=True):
    """One statement: its tokens, with offsets in the whole text."""

    tokens: list[Token]


def blank(text: str, start: int, end: int) -> str:
    """`text` with a stretch replaced by spaces, its line breaks kept, so that offsets and lines stay."""
    kept = "".join("\n" if c == "\n" else " " for c in text[start:end])
    return text[:start] + kept + text[end:]


def split(text: str, driver: Driver, *, mariadb: bool = True) -> Iterator[Piece]:
    """Each statement of `text`, in order; empty ones left out."""
    if driver in ("mysql", "mariadb") and "elimiter" in text.lower():
        yield from _split_delimited(text, driver, mariadb)
        return
    yield from _split_tokens(tokenize(prepared(text, driver), driver, mariadb=mariadb))


def prepared(text: str, driver: Driver) -> str:
    """`text` without what a command-line client takes for itself: psql's backslash lines and COPY data, sqlite3's dot lines."""
    if driver == "pgsql":
        if "stdin" in text or "STDIN" in text:
            for found in reversed(list(_COPY.finditer(text))):
                text = blank(text, *found.span(1))
                end = found.end(1)
                text = blank(text, end, found.end())
        if "\\" in text and _outside_strings(text):
            text = _META.sub(lambda m: " " * len(m.group()), text)
    elif driver == "sqlite" and "\n." in f"\n{text}":
        text = _DOT.sub(lambda m: " " * len(m.group()), text)
    return text


def _outside_strings(text: str) -> bool:
    return _META.search(text) is not None


def _split_delimited(text: str, driver: Driver, mariadb: bool) -> Iterator[Piece]:
    """The mysql client's DELIMITER: between two of them, statements end at the delimiter in force."""
    delimiter, start = ";", 0
    marks = [*_DELIMITER.finditer(text), None]
    for mark in marks:
        end = mark.start() if mark else len(text)
        yield from _section(text, start, end, delimiter, driver, mariadb)
        if mark:
            delimiter, start = mark.group(1), mark.end()


def _section(
    text: str, start: int, end: int, delimiter: str, driver: Driver, mariadb: bool
) -> Iterator[Piece]:
    if delimiter == ";":
        yield from _split_tokens(_shifted(tokenize(text[start:end], driver, mariadb=mariadb), start))
        return
    while start < end:
        stop = text.find(delimiter, start, end)
        stop = end if stop < 0 else stop
        tokens = _shifted(tokenize(text[start:stop], driver, mariadb=mariadb), start)
        while tokens and tokens[-1][1] == ";":
            tokens.pop()
        if tokens:
            yield Piece(tokens)
        start = stop + len(delimiter)


def _shifted(tokens: list[Token], offset: int) -> list[Token]:
    if not offset:
        return tokens
    return [(kind, word, start + offset, end + offset) for kind, word, start, end in tokens]


def _split_tokens(tokens: list[Token]) -> Iterator[Piece]:
    first, count = 0, len(tokens)
    while first < count:
        if tokens[first][1] == ";":
            first += 1
            continue
        last = _statement_end(tokens, first)
        yield Piece(tokens[first:last])
        first = last + 1


def _statement_end(tokens: list[Token], first: int) -> int:
    """The number of the semicolon that ends the statement, or of the end."""
    compound = _has_body(tokens, first)
    depth, count = 0, len(tokens)
    for place in range(first, count):
        word = tokens[place][1]
        if word == ";":
            if depth <= 0:
                return place
        elif compound and word:
            if word in ("BEGIN", "CASE"):
                if tokens[place - 1][1] != "END":
                    depth += 1
            elif word == "END" and (place + 1 >= count or tokens[place + 1][1] not in _LOOPS):
                depth -= 1
    return count


def _has_body(tokens: list[Token], first: int) -> bool:
    """Does the statement define something whose body may hold statements?"""
    if tokens[first][1] not in ("CREATE", "ALTER"):
        return False
    for _, word, _, _ in tokens[first + 1 : first + 14]:
        if word in _BODIES:
            return True
        if word in ("TABLE", "INDEX", "VIEW", "(", ";"):
            return False
    return False


def is_complete(text: str, driver: Driver) -> bool:
    """Does the text end where a statement ends (and not inside a routine's body, or before its DELIMITER is put back)?"""
    if driver in ("mysql", "mariadb"):
        delimiters = _DELIMITER.findall(text)
        if delimiters:
            return bool(delimiters[-1] == ";")
    tokens = tokenize(prepared(text, driver), driver)
    if not tokens:
        return True
    if tokens[-1][1] != ";":
        return False
    first, count = 0, len(tokens)
    while first < count:
        last = _statement_end(tokens, first)
        if last >= count:
            return False
        first = last + 1
    return True
