"""What a code block is written in: by its word, else by what it holds."""

from __future__ import annotations

import re
from typing import Literal

from trueup.sources.markdown.blocks import Fence, PipeTable, Row
from trueup.sources.spec.dbml import is_dbml
from trueup.sources.spec.mermaid import is_diagram
from trueup.sources.spec.sql_blocks import speaks_of_schema

FenceKind = Literal["sql", "php", "mermaid", "dbml", "listing", "foreign", "other"]

_SQL = frozenset(
    (
        "sql",
        "mysql",
        "mariadb",
        "postgresql",
        "postgres",
        "pgsql",
        "psql",
        "plpgsql",
        "sqlite",
        "sqlite3",
        "ddl",
        "tsql",
        "sql-ddl",
    )
)
_PHP = frozenset(("php", "php7", "php8", "blade", "laravel", "phtml"))
_PLAIN = frozenset(("", "text", "txt", "plain", "plaintext", "none", "console", "output", "ascii"))
_SCHEMA_CALL = re.compile(r"\bSchema::(?:connection\([^)]*\)->)?(?:create|table)\s*\(|\$table->\w+\s*\(")
_SQL_START = re.compile(
    r"\A\s*+(?:(?:--|#)[^\n]*+\n\s*+|/\*.*?\*/\s*+)*+(?:create|alter|drop|select|insert|update|delete|with|comment\s+on)\s+\S",
    re.I | re.S,
)
_BORDER = re.compile(r"[+|][-+=|:\s]+[+|]\s*")


def kind_of(fence: Fence) -> FenceKind:
    """ "listing" is a table drawn with bars (DESCRIBE's output); "foreign" another language that holds schema statements."""
    text, info = fence.text, fence.info
    if info in _SQL:
        return "sql"
    if info in _PHP:
        return "php"
    if info == "mermaid" or (info in _PLAIN and is_diagram(text)):
        return "mermaid" if is_diagram(text) else "other"
    if info == "dbml" or (info in _PLAIN and is_dbml(text)):
        return "dbml"
    if info in _PLAIN:
        return _sniffed(text)
    return "foreign" if speaks_of_schema(text) and "(" in text else "other"


def _sniffed(text: str) -> FenceKind:
    if speaks_of_schema(text) and _SQL_START.match(text):
        return "sql"
    if _SCHEMA_CALL.search(text):
        return "php"
    return "listing" if listing(text, 1) is not None else "other"


def listing(text: str, first: int) -> PipeTable | None:
    """The table that a block of bars draws, or None."""
    rows: list[Row] = []
    for number, line in enumerate(text.split("\n"), first):
        stripped = line.strip()
        if not stripped.startswith("|") or _BORDER.fullmatch(stripped):
            continue
        rows.append(Row(tuple(c.strip() for c in stripped.strip("|").split("|")), number))
    if len(rows) < 2 or len({len(r.cells) for r in rows}) != 1 or len(rows[0].cells) < 2:
        return None
    return PipeTable(rows[0], tuple(rows[1:]), rows[0].line)
