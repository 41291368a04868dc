"""Whether a value that the code writes down can be stored in a column, and whether a row can ever hold it.

Sources: MySQL 8.4 manual, "The ENUM Type", "Out-of-Range and Overflow Handling", "Server SQL Modes"; MariaDB knowledge base,
"SQL_MODE"; PostgreSQL 16 manual, ch. 8; SQLite, "Datatypes In SQLite". Only what is certain is told: a value that the server may
read otherwise (a number given as text, an index of an ENUM) counts as storable."""

from __future__ import annotations

import re

from trueup.checks.query._uses import MYSQL
from trueup.compare.domains import Approximate, Date, Exact, Integer, Moment, Text, Time, domain_of
from trueup.model.names import Driver
from trueup.model.queries import Literalish
from trueup.model.schema import Column, Table

_NUMBER = re.compile(r"\s*+[+-]?(\d++(?:\.\d*+)?|\.\d++)([eE][+-]?\d++)?\s*+")


def allowed_values(table: Table, column: Column) -> tuple[str, ...]:
    """The list that an ENUM or a CHECK leaves a column to choose from; empty where any value goes."""
    if column.type.lower().startswith("set"):
        return ()
    if column.values:
        return column.values
    name = column.name.lower()
    lists = [c.values for c in table.checks if c.values and [n.lower() for n in c.columns] == [name]]
    return lists[0] if lists else ()


def strings_of(value: Literalish) -> tuple[str, ...]:
    """Every text that a string value can be; empty where it is not known."""
    return (value.values or ((value.text,) if value.text else ())) if value.kind == "string" else ()


def is_allowed(text: str, allowed: tuple[str, ...], driver: Driver) -> bool:
    """Whether a text is one of the list: without regard to case on MySQL's servers, where a number may be a place in the list."""
    if driver not in MYSQL:
        return text in allowed
    folded = text.rstrip(" ").casefold()
    return folded in {a.rstrip(" ").casefold() for a in allowed} or text.isdigit()


def why_refused(value: Literalish, table: Table, column: Column, driver: Driver, *, insert: bool) -> str:
    """What the server says of the value, as the end of "… but ...": "" where it takes it, or may."""
    if column.unknown or column.generated is not None:
        return ""
    if value.kind == "null":
        return _null(column, driver, insert=insert)
    allowed = allowed_values(table, column)
    if allowed:
        wrong = [t for t in strings_of(value) if t and not is_allowed(t, allowed, driver)]
        return f"holds only {', '.join(repr(a) for a in allowed)}" if wrong else ""
    if driver == "sqlite":
        return ""  # types are hints there: whatever is written is stored
    if value.kind == "int":
        return _integer(value.text, column, driver)
    whys = [_text(t, column, driver) for t in strings_of(value)]
    return whys[0] if whys and all(whys) else ""  # one of several may be the one that never comes here


def _null(column: Column, driver: Driver, *, insert: bool) -> str:
    """NULL into NOT NULL. MySQL's servers number an AUTO_INCREMENT column and may date a TIMESTAMP when they are given NULL.
    A model whose counted key is set to NULL is a copy: `$copy->exists = false; $copy->id = null;`."""
    numbered = column.counts and not (insert and driver == "pgsql")
    dated = driver in MYSQL and column.type.lower().startswith("timestamp")
    return "" if column.nullable or numbered or dated else "is NOT NULL"


def _integer(text: str, column: Column, driver: Driver) -> str:
    domain = domain_of(column.type, driver)
    if isinstance(domain, Integer) and domain.bits is not None and text.lstrip("-").isdigit():
        number = int(text)
        return "" if domain.low <= number <= domain.high else f"ends at {_end(domain, number)}"
    return ""


def _end(domain: Integer, number: int) -> int:
    return domain.low if number < domain.low else domain.high


def _text(text: str, column: Column, driver: Driver) -> str:
    match domain_of(column.type, driver):
        case Text(length=int() as length, long=False) if len(text.rstrip(" ")) > length:
            return f"holds {length} characters, and this has {len(text)}"
        case Integer() | Exact() | Approximate() if not _NUMBER.fullmatch(text):
            return "holds numbers"
        case Date() | Moment() | Time() if not re.search(r"\d", text) and driver in MYSQL:
            return "holds a date or time"
        case _:
            return ""
