"""Which words of running text name database tables. Precision first: a name counts only where the sentence says that it is a
table ("the `x` table", "tables: a_b, c_d", "rows in `x`"), never because it looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.sources.markdown.words import sentences
from trueup.structs import Struct


class NamedTable(Struct, frozen=True):
    """`offset` is that of the name in the text. `missing`: the sentence says that the table is not there."""

    name: str
    offset: int
    sentence: str
    missing: bool = False


_CODE = r"`[a-z][a-z0-9_]{0,63}`"
_SNAKE = r"(?<![\w`$\\/.:-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w`(\\/:-])"
_BOLD = rf"\*\*(?:{_CODE}|{_SNAKE})\*\*"
_NAME = rf"(?:{_BOLD}|{_CODE}|{_SNAKE})"
_AND = r"(?:\s*+(?:,\s*+(?:(?:and|or)\s++)?|[&/]\s*+)|\s++(?:and|or|und|y|et)\s++)"
_RUN = rf"{_NAME}(?:{_AND}{_NAME}){{0,40}}"
_LOOSE_RUN = rf"[`*]{{0,3}}[a-z][a-z0-9_]+[`*]{{0,3}}(?:{_AND}[`*]{{0,3}}[a-z][a-z0-9_]+[`*]{{0,3}}){{1,40}}"
_KIND = r"(?i:(?:new|existing|database|db|core|main|pivot|lookup|sql|mysql|budget|legacy|actual)\s++){0,2}"

_BEFORE = re.compile(rf"(?P<run>{_RUN})\s++{_KIND}(?i:tables?|tabellen?|tablas?)\b(?![-\w])")
_AFTER = re.compile(
    rf"\b(?i:(?:tables\s++are|(?:tables?|tabellen?|tablas?)(?:\s++(?:name|named|called|like|such as))?)\**+\s*+[:(]?\**+:?\s*+\(?"
    rf"|(?:(?:columns?|fields?|rows?|records?)\**+\s++(?:in|into|of|on|to|from)|index(?:es)?\**+\s++(?:in|into|to))"
    rf"\s++(?:the\s++|existing\s++)*+"
    rf"|insert(?:s|ed|ing)?\s++into\s++(?:the\s++)?)(?P<run>{_RUN})"
)
_BRACKETED = re.compile(rf"\b(?i:tables?)\b[^.()`\n]{{0,60}}\(\s*(?P<run>{_RUN}|{_LOOSE_RUN})\s*\)")
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_NO_NAMES = re.compile(
    r"and|or|und|et|y|null|true|false|id|key|index|unique|primary|default|int|integer|bigint|string|varchar|text|json|jsonb|float|double"
    r"|decimal|boolean|bool|date|datetime|timestamp|uuid|enum|select|insert|update|delete|create|drop|alter|where|from|join|table|tables"
)
"""Words in code that are no table's name wherever they stand."""
_MIGRATION_NAME = re.compile(r"(create|add|update|drop|alter|remove|rename|change)_\w+_table")

_NOT_THERE = re.compile(
    r"(?:do(?:es)?\s++not|do(?:es)?n['’]t)\s++(?:yet\s++|currently\s++|even\s++)?exist|non-?existent|\b(?:is|are)\s++(?:still\s++)?(?:missing|absent)\b"
    r"(?!\s++(?:\w++\s++){0,3}`?\w*`?\s*+(?:columns?|index|indexes|fields?|keys?|constraints?))"
    r"|\b(?:not|never)\s++(?:yet\s++|been\s++){0,2}(?:exist|present|created|implemented|found|defined)\b"
    r"|\bmissing\s++(?:database\s++|db\s++)?tables?\b|\b(?:must|needs?\s++to|has\s++to|have\s++to)\s++be\s++created\b|^\s*+❌\s*+[`*a-z_]++\s++table",
    re.IGNORECASE,
)


def named_tables(text: str) -> Iterator[NamedTable]:
    """Every name that its sentence calls a table, in order, once a sentence."""
    if not re.search(r"tabl|tabell|column|field|row|record|index|insert", text, re.IGNORECASE):
        return
    for start, sentence in sentences(text):
        missing = says_missing(sentence)
        for offset, name in sorted(_in_sentence(sentence).items()):
            yield NamedTable(name, start + offset, sentence.strip(), missing)


def says_missing(sentence: str) -> bool:
    """Whether a sentence says that what it is about (a table) does not exist yet."""
    return _NOT_THERE.search(sentence) is not None


def _in_sentence(sentence: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for pattern in (_BEFORE, _AFTER, _BRACKETED):
        for match in pattern.finditer(sentence):
            run, start = match["run"], match.start("run")
            if pattern is _BRACKETED and "_" not in run and "`" not in run:
                continue
            for word in _WORD.finditer(run):
                if not _NO_NAMES.fullmatch(word[0]) and not _MIGRATION_NAME.fullmatch(word[0]):
                    found.setdefault(start + word.start(), word[0])
    first: dict[str, int] = {}
    for offset, name in sorted(found.items()):
        first.setdefault(name, offset)
    return {offset: name for name, offset in first.items()}
