"""SQL text → tokens. One pass of one regular expression a dialect; nothing is copied that is not asked for.

A token is (kind, word, start, end). Kinds: "w" a bare word, "q" a quoted identifier, "s" a string, "n" a number, "o" an
operator or punctuation, "p" a placeholder (?, :name, $1, @name). `word` is the upper-cased text of a bare word, the text of an
operator, and "" otherwise, so that keywords are compared without looking at the kind."""

from __future__ import annotations

import re
from functools import cache

from trueup.model.names import Driver

Token = tuple[str, str, int, int]

# What no name may hold, left out of a class: all beyond ASCII may stand in one, and a class that names it all is slow to compile.
_INSIDE = r"[^\x00-#%-/:-@\[-\^`{-\x7f]"
_WORD = r"[^\x00-@\[-\^`{-\x7f]" + _INSIDE + "*"
_NUMBER = r"0[xX][0-9a-fA-F]++|(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?"
_OPERATORS = r"<=>|->>|->|::|:=|<>|!=|<=|>=|\|\||&&|\#>>|\#>|@>|<@|."
_ESCAPED = r"'[^'\\]*(?:(?:\\.|'')[^'\\]*)*(?:'|\Z)"
_ESCAPED_DOUBLE = r'"[^"\\]*(?:(?:\\.|"")[^"\\]*)*(?:"|\Z)'
_PLAIN = r"'[^']*(?:''[^']*)*(?:'|\Z)"
_DOUBLE = r'"[^"]*(?:""[^"]*)*(?:"|\Z)'
_BACKTICK = r"`[^`]*(?:``[^`]*)*(?:`|\Z)"
_BLOCK = r"/\*.*?(?:\*/|\Z)"

_MYSQL = rf"""
    (?P<space>\s+|--(?=[\s\x00-\x1f]|\Z)[^\n]*|\#[^\n]*)
  | (?P<executable>/\*M?!)
  | (?P<comment>{_BLOCK})
  | (?P<close>\*/)
  | (?P<s>[nNxXbB]?{_ESCAPED}|_[A-Za-z0-9]+\s*{_ESCAPED}|{_ESCAPED_DOUBLE})
  | (?P<q>{_BACKTICK})
  | (?P<n>(?:{_NUMBER})(?![\w$]))
  | (?P<w>{_WORD}|\d+[A-Za-z_$][\w$]*)
  | (?P<digits>\d+\.?)
  | (?P<p>\?|@@?[\w.$]+|:{_WORD})
  | (?P<o>{_OPERATORS})
"""
_PGSQL = rf"""
    (?P<space>\s+|--[^\n]*)
  | (?P<comment>/\*)
  | (?P<s>[eE]{_ESCAPED}|(?:[nNxXbB]|[uU]&)?{_PLAIN}
      |(?P<dollar>\$(?:[^\W\d]\w*)?\$).*?(?:(?P=dollar)|\Z))
  | (?P<q>(?:[uU]&)?{_DOUBLE})
  | (?P<w>{_WORD})
  | (?P<n>{_NUMBER})
  | (?P<p>\?|\$\d+|:{_WORD})
  | (?P<o>{_OPERATORS})
"""
_SQLITE = rf"""
    (?P<space>\s+|--[^\n]*)
  | (?P<comment>{_BLOCK})
  | (?P<s>[xX]?{_PLAIN})
  | (?P<q>{_DOUBLE}|{_BACKTICK}|\[[^\]]*(?:\]|\Z))
  | (?P<w>{_WORD})
  | (?P<n>{_NUMBER})
  | (?P<p>\?\d*|[@:$]{_WORD})
  | (?P<o>{_OPERATORS})
"""
_TEXTS = {"mysql": _MYSQL, "pgsql": _PGSQL, "sqlite": _SQLITE}
_PG_COMMENT = re.compile(r"/\*|\*/")
_EXECUTABLE_VERSION = re.compile(r"\d{5,6}")


def family(driver: Driver) -> str:
    """The dialect of a driver: MariaDB reads MySQL's."""
    return "mysql" if driver == "mariadb" else driver


@cache
def _pattern(dialect: str) -> re.Pattern[str]:
    return re.compile(_TEXTS[dialect], re.X | re.S)


def tokenize(text: str, driver: Driver, *, mariadb: bool = True) -> list[Token]:
    """All tokens of `text`, comments left out. `mariadb` decides which executable comments (/*!50100 ... */, /*M! ... */) of
    MySQL's dialect are read. Never fails: an unterminated string or comment reaches to the end."""
    dialect = family(driver)
    match = _pattern(dialect).match
    tokens: list[Token] = []
    add = tokens.append
    position, end = 0, len(text)
    while position < end:
        found = match(text, position)
        if found is None:
            break
        kind = found.lastgroup or "o"
        stop = found.end()
        if kind == "w" or kind == "o":
            word = found.group()
            add((kind, word.upper() if kind == "w" else word, position, stop))
        elif kind in ("s", "q", "n", "p"):
            add((kind, "", position, stop))
        elif kind == "digits":
            add(("n", "", position, stop))
        elif kind == "comment" and dialect == "pgsql":
            stop = _nested_comment(text, position)
        elif kind == "executable":
            stop = _executable(text, position, stop, mariadb)
        position = stop
    return tokens


def _nested_comment(text: str, start: int) -> int:
    """PostgreSQL's comments nest."""
    depth = 0
    for found in _PG_COMMENT.finditer(text, start):
        depth += 1 if found.group() == "/*" else -1
        if depth == 0:
            return found.end()
    return len(text)


def _executable(text: str, start: int, stop: int, mariadb: bool) -> int:
    """Where reading goes on at an executable comment: inside it, or behind it where this server does not carry it out.
    MariaDB leaves out those of MySQL 5.7 and later (50700 to 99999)."""
    version = _EXECUTABLE_VERSION.match(text, stop)
    number = int(version.group()) if version else 0
    inside = version.end() if version else stop
    if _runs(number, mariadb, for_mariadb=text[start + 2] == "M"):
        return inside
    close = text.find("*/", stop)
    return len(text) if close < 0 else close + 2


def _runs(number: int, mariadb: bool, *, for_mariadb: bool) -> bool:
    if for_mariadb:
        return mariadb and number <= 101199
    return not 50700 <= number <= 99999 if mariadb else number <= 80099


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "Z": "\x1a", "%": "\\%", "_": "\\_"}
_BACKSLASH = re.compile(r"\\(.)", re.S)


def string_value(text: str, driver: Driver) -> str:
    """The value of a string token's text."""
    if text.startswith("$"):
        tag = text[: text.index("$", 1) + 1]
        return text[len(tag) :].removesuffix(tag)
    start = next((i for i, c in enumerate(text) if c in "'\""), 0)
    prefix, quote = text[:start].lower(), text[start : start + 1]
    body = text[start + 1 : -1] if len(text) > start + 1 and text.endswith(quote) else text[start + 1 :]
    body = body.replace(quote * 2, quote)
    if "\\" in body and (family(driver) == "mysql" or prefix == "e"):
        body = _BACKSLASH.sub(lambda m: _ESCAPES.get(m.group(1), m.group(1)), body)
    return body


def identifier_value(text: str) -> str:
    """The name inside a quoted identifier's text."""
    if text[:2] in ("U&", "u&"):
        text = text[2:]
    quote = text[0]
    close = "]" if quote == "[" else quote
    body = text[1:-1] if len(text) > 1 and text.endswith(close) else text[1:]
    return body if quote == "[" else body.replace(quote * 2, quote)
