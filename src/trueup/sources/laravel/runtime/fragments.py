"""Raw SQL inside of built queries (`whereRaw`, `DB::raw`): what a server certainly refuses in it, rows or none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trueup.model.names import Driver
from trueup.model.schema import Table
from trueup.sources.sql.reader.refusals import no_function, unknown_function

_TEXT = re.compile(r"'(?:[^']|'')*'")
_SUBQUERY = re.compile(r"\bselect\b", re.I)
_QUALIFIED = re.compile(r"(?<![\w.\"`])([A-Za-z_]\w{0,200})\.([A-Za-z_]\w{0,200})(?![\w(.])")
_MATCHES = re.compile(r"\s(?:(not)\s{1,9})?(regexp|rlike)\s{1,9}['?]", re.I)
_QUOTED = re.compile(r"(?<![\w.\"])\"([^\"]{1,200})\"(?![\".(])")


def missing_function(fragment: str, driver: Driver, version: tuple[int, ...]) -> tuple[str, str] | None:
    """(reason, code) for a call of another server's function."""
    dialect = "mysql" if driver == "mariadb" else driver
    name = unknown_function(fragment, dialect, version)
    return None if name is None else no_function(dialect, name)


def missing_operator(fragment: str, driver: Driver) -> tuple[str, str] | None:
    """MySQL's `regexp` and `rlike`. SQLite has the first, for a function that nobody has made."""
    found = _MATCHES.search(fragment) if driver in ("pgsql", "sqlite") else None
    if found is None:
        return None
    word = found[1] or found[2]
    if driver == "pgsql":
        return f'syntax error at or near "{word}"', "42601"
    if found[2].lower() == "regexp":
        return "no such function: regexp", "HY000"
    return f'near "{word}": syntax error', "HY000"


def missing_column(fragment: str, driver: Driver, table: Table) -> tuple[str, str] | None:
    """PostgreSQL takes what stands in double quotes for a name; `table` is the only one of the query."""
    if driver != "pgsql" or _SUBQUERY.search(fragment) or re.search(r"\bas\b", fragment, re.I):
        return None
    quoted: Iterable[str] = _QUOTED.findall(_TEXT.sub("''", fragment))
    name = next((n for n in quoted if table.column(n) is None and n != table.name), None)
    return None if name is None else (f'column "{name}" does not exist', "42703")


def foreign_qualifier(fragment: str, driver: Driver, target: Iterable[str]) -> tuple[str, str] | None:
    """A value of an UPDATE with a join names a column of the table that is joined. The framework puts the join into a subquery, on
    PostgreSQL and SQLite, where the values do not see it. `target`: the table's names."""
    if driver not in ("pgsql", "sqlite") or _SUBQUERY.search(fragment):
        return None
    known = {name.lower() for name in target}
    for qualifier, column in _QUALIFIED.findall(_TEXT.sub("''", fragment)):
        if qualifier.lower() not in known:
            if driver == "pgsql":
                return f'missing FROM-clause entry for table "{qualifier.lower()}"', "42P01"
            return f"no such column: {qualifier}.{column}", "HY000"
    return None
