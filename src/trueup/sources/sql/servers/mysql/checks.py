"""CHECK constraints, and what is checked of a table's columns as a whole."""

from __future__ import annotations

import re

from trueup.model.schema import Check
from trueup.sources.sql.expressions import names_in
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.mysql.columns import check_name
from trueup.sources.sql.servers.mysql.types import ROW_LIMIT, row_bytes
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.types import parse_type
from trueup.sources.sql.words import word_set
from trueup.structs import replace

_TYPED = re.compile(
    r"\b(?:cast|convert|interval|extract|collate|using|over|match|trim|char|position|json_table)\b|[@:]|_utf8",
    re.I,
)
_EXPRESSION_WORDS = word_set(
    """and or xor not in is null between like rlike regexp case when then else end true false unknown div mod binary escape sounds
    current_timestamp current_date current_time localtime localtimestamp utc_date utc_time utc_timestamp distinct exists"""
)
_INNODB_COLUMNS = 1017
_TEXT = re.compile(r"""'(?:[^'\\]++|\\.|'')*+'|"(?:[^"\\]++|\\.|"")*+\"""", re.S)
"""Double quotes are a text's here, unlike elsewhere (as long as the mode is not ANSI_QUOTES)."""


def check_row(state: TableState) -> None:
    check_columns(state)
    total = sum(row_bytes(parse_type(c.type, "mysql"), c.charset) for c in state.columns.values())
    total += (sum(c.nullable for c in state.columns.values()) + 7) // 8
    if total > ROW_LIMIT:
        raise Refused(
            "Row size too large. The maximum row size for the used table type, not counting BLOBs, is 65535. This includes "
            "storage "
            "overhead, check the manual. You have to change some columns to TEXT or BLOBs",
            "1118",
        )


def check_columns(state: TableState) -> None:
    """Generated columns and checks name only columns that are there; not too many columns."""
    if len(state.columns) > _INNODB_COLUMNS:
        raise Refused("Too many columns", "1117")
    for column in state.columns.values():
        if column.generated is not None and (missing := _missing(state, column.generated)):
            raise Refused(f"Unknown column '{missing}' in 'GENERATED ALWAYS AS'", "1054")
    for check in state.checks.values():
        if missing := _missing(state, check.expression):
            raise Refused(f"Unknown column '{missing}' in 'CHECK'", "1054")


def _missing(state: TableState, expression: str) -> str | None:
    """A name in backticks, or a bare word of a simple comparison, that is no column of the table."""
    if state.unknown_columns:
        return None
    quoted = expression.split("`")[1::2]
    return next((n for n in quoted if n.lower() not in state.columns), None) or _gone(state, expression)


def _gone(state: TableState, expression: str) -> str | None:
    """A column that this statement dropped."""
    without_texts = _TEXT.sub("''", expression)
    names = sorted(name for name in names_in(without_texts) if name and name not in state.columns)
    gone = state.extra.get("dropped", "").split("\0")
    plain = not _TYPED.search(expression)
    return next((n for n in names if n in gone or (plain and n.upper() not in _EXPRESSION_WORDS)), None)


def add_check(state: TableState, check: Check, *, mariadb: bool, inline: bool = False) -> None:
    name = check.name
    if name is None:
        number = 1
        prefix = "CONSTRAINT_" if mariadb else f"{state.name}_chk_"
        while f"{prefix}{number}".lower() in state.checks:
            number += 1
        name = f"{prefix}{number}"
    check_name(name)
    key = f"column:{name}".lower() if inline and mariadb else name.lower()
    if key in state.checks:
        raise Refused(f"Duplicate CHECK constraint name '{name}'", "1826")
    columns = tuple(c.name for c in state.columns.values() if c.name.lower() in names_in(check.expression))
    state.checks[key] = replace(check, name=name, columns=columns or check.columns)
