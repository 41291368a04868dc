"""Which dialect a text of SQL is written in, told by what only one of them has."""

from __future__ import annotations

import re

from trueup.model.names import Driver

_STRONG = 3
_SIGNS: tuple[tuple[Driver, int, str], ...] = (
    ("mysql", _STRONG, r"\bAUTO_INCREMENT\b"),
    ("mysql", _STRONG, r"\bENGINE\s*+=\s*+\w+"),
    ("mysql", _STRONG, r"\bUNSIGNED\b"),
    ("mysql", _STRONG, r"\bON\s++UPDATE\s++CURRENT_TIMESTAMP\b"),
    ("mysql", _STRONG, r"\bENUM\s*+\(\s*+'"),
    ("mysql", _STRONG, r"\b(?:TINYINT|MEDIUMINT|TINYTEXT|MEDIUMTEXT|LONGTEXT|MEDIUMBLOB|LONGBLOB)\b"),
    ("mysql", _STRONG, r"\b(?:MODIFY|CHANGE)\s++(?:COLUMN\s++)?[`\w]++\s++[`\w]+"),
    (
        "mysql",
        _STRONG,
        r"\bFULLTEXT\s++(?:KEY|INDEX)\b|\bUNIQUE\s++KEY\b|(?:^|,)[^\S\n]*+(?:KEY|INDEX)\s++[`\w]++\s*+\(\s*+[`a-zA-Z]",
    ),
    ("mysql", 2, r"`\w+`"),
    ("mysql", 1, r"\bDATETIME\b"),
    ("mysql", 1, r"\bCOMMENT\s++'"),
    ("pgsql", _STRONG, r"\b(?:BIG|SMALL)?SERIAL\b"),
    ("pgsql", _STRONG, r"\b(?:JSONB|TIMESTAMPTZ|BYTEA|TSVECTOR|CITEXT|TEXT\s*+\[\])\b|\w\[\]"),
    ("pgsql", _STRONG, r"\bTIMESTAMP(?:\s*+\(\d\))?\s++WITH(?:OUT)?\s++TIME\s++ZONE\b"),
    ("pgsql", _STRONG, r"\bCREATE\s++TYPE\b.{0,200}?\bAS\s++ENUM\b"),
    ("pgsql", _STRONG, r"\bGENERATED\s++(?:ALWAYS|BY\s++DEFAULT)\s++AS\s++IDENTITY\b"),
    ("pgsql", _STRONG, r"\bgen_random_uuid\s*+\(|\buuid_generate_v\d|\bnextval\s*+\("),
    (
        "pgsql",
        _STRONG,
        r"\bUSING\s++(?:GIN|GIST|BRIN)\b|\bCOMMENT\s++ON\b|\bCREATE\s++EXTENSION\b|\$\$|\bINDEX\s++CONCURRENTLY\b",
    ),
    ("pgsql", 2, r"::\s*+[a-z]+"),
    ("pgsql", 2, r"\bcharacter\s++varying\b|\bALTER\s++TABLE\s++ONLY\b"),
    ("sqlite", 3 * _STRONG, r"\bAUTOINCREMENT\b"),
    ("sqlite", _STRONG, r"\bPRAGMA\b|\bWITHOUT\s++ROWID\b|\bsqlite_\w+"),
    ("sqlite", 1, r"\bINTEGER\s++PRIMARY\s++KEY\b"),
)
_COMPILED = tuple(
    (driver, weight, re.compile(pattern, re.I | re.M | re.S)) for driver, weight, pattern in _SIGNS
)
_STRINGS_AND_COMMENTS = re.compile(r"--[^\n]*|/\*.*?(?:\*/|\Z)", re.S)


def detect_dialect(text: str) -> Driver | None:
    """The dialect that the text's own words point to; None where they fit all or contradict each other evenly."""
    text = _STRINGS_AND_COMMENTS.sub(" ", text[:200_000])
    scores: dict[Driver, int] = {}
    for driver, weight, pattern in _COMPILED:
        if pattern.search(text):
            scores[driver] = scores.get(driver, 0) + weight
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]
