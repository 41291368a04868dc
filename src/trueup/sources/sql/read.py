"""SQL text → statements, in the dialect of a driver."""

from __future__ import annotations

import re

from trueup.model.locations import NOWHERE, Location
from trueup.model.names import Driver
from trueup.sources.sql.ddl import Statement
from trueup.sources.sql.detect import detect_dialect
from trueup.sources.sql.reader.cursor import Source
from trueup.sources.sql.reader.split import prepared, split
from trueup.sources.sql.reader.statement import read_statement
from trueup.sources.sql.version import is_mariadb, parse_version

__all__ = ["detect_dialect", "read_sql", "split_statements"]


def read_sql(
    text: str,
    driver: Driver,
    at: Location = NOWHERE,
    *,
    server_version: str | None = None,
    lenient: bool = False,
) -> tuple[Statement, ...]:
    """Every statement of `text`, in order. `at` is where the text starts: each statement, column, index and key carries its own
    line, counted from there (a file as a whole, line 0, stays line 0).

    What this server's parser would certainly refuse is a `Refusal` with its words and code; what can't be read is
    `NotUnderstood`; nothing is raised. With `lenient`, what another server's syntax says is read all the same (a specification
    may mix dialects, a broken element does not cost the rest of its table) and its complaints follow the statement."""
    mariadb = is_mariadb(driver, server_version)
    source = Source(
        prepared(text, driver), driver, at, mariadb=mariadb, version=parse_version(driver, server_version)
    )
    found: list[Statement] = []
    for piece in split(text, driver, mariadb=mariadb):
        found.extend(read_statement(source, piece.tokens, lenient=lenient))
    return tuple(found)


_BLANK = re.compile(r"\s*\Z")


def split_statements(text: str, driver: Driver) -> tuple[str, ...]:
    """The texts of the statements of `text`, without their semicolons."""
    source = prepared(text, driver)
    return tuple(source[p.tokens[0][2] : p.tokens[-1][3]] for p in split(text, driver))
