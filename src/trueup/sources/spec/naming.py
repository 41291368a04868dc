"""Which database table a block is about: the name in the line above it or in its heading."""

from __future__ import annotations

import re
from functools import lru_cache

from trueup.sources.laravel.inflection import table_of
from trueup.sources.markdown.table_names import named_tables
from trueup.sources.markdown.words import code_spans, plain

_SNAKE = re.compile(r"[a-z][a-z0-9_]*")
_QUALIFIED = re.compile(r"(?:[A-Za-z_]\w*\.){0,2}[A-Za-z_]\w*")
_NUMBERING = re.compile(r"^\W*(?:\d+(?:\.\d+)*[a-z]?[.):]?\s+)?")
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*\n]{1,100}?)\1")
_TABLE = r"(?:tables?|tabelle|tabla|tabela|tabel|bảng|таблица|テーブル|表)"
_WORDS = rf"(?:{_TABLE}|schema|columns?|fields?|structure|definition|migration)"
_BEHIND = r"(?:\s++(?:schema|structure|definition|columns?|fields?))?(?:\s*+\([^)]*+\)|\s++[-–—]\s.*)?\W*+"
_SNAKE_THEN = re.compile(
    rf"(?P<name>[a-z][\w.]*)\s*+(?:[-–—:]\s*+)?(?:(?i:database|db)\s++)?(?i:{_WORDS}\b{_BEHIND})"
)
_CLASS_THEN = re.compile(rf"(?P<name>[A-Z]\w*+)\s++(?i:(?:(?:database|db)\s++)?tables?\b{_BEHIND})")
_THEN_SNAKE = re.compile(
    rf"(?i:(?:(?:database|db)\s++)?{_TABLE})\s*+(?i:name\s*+)?(?:[:–—-]\s*+|(?<=\s))(?P<name>[a-z][\w.]*+)(?:\s*+\([^)]*+\)|\s++[-–—]\s.*)?\W*+"
)
_THEN_CLASS = re.compile(
    r"(?i:tables?|tabelle|tabla)\s*+:\s*+(?P<name>[A-Z]\w*+)(?:\s*+\([^)]*+\)|\s++[-–—]\s.*)?\W*+"
)
_ALONE = re.compile(r"(?P<name>[A-Za-z][\w.]*+)(?:\s*+\([^)]*+\)|\s++[-–—]\s.*|\s*+:)?\W*+")
_ABOUT_TABLES = re.compile(r"\b(?:models?|entit(?:y|ies)|tables?|schema|database|erd?)\b", re.I)
_OTHER_THINGS = re.compile(
    r"\b(?:methods?|modifiers?|functions?|helpers?|commands?|clauses?|options?|values?|properties|columns? named|index(?:es)?)\b",
    re.I,
)
_COMMON = re.compile(
    r"a|additional|an|appendix|architecture|attributes|background|backup|changelog|changes|column|columns"
    r"|constraint|constraints|conventions|core|current|data|database|definition|definitions|description"
    r"|descriptions|design|details|diagram|each|entities|entity|enum|enums|example|examples|existing"
    r"|factories|field|fields|following|general|goals|implementation|index|indexes|indices|introduction"
    r"|key|keys|main|maintenance|migration|migrations|misc|missing|model|models|naming|new|note|notes"
    r"|optional|other|overview|performance|properties|proposed|purpose|queries|query|reference|relations"
    r"|relationship|relationships|required|requirements|rollback|schema|scope|security|seeding|seeds"
    r"|status|storage|structure|summary|table|tables|testing|tests|that|the|this|triggers|type|types|usage"
    r"|validation|views",
    re.I,
)
"""Headings that name a part of a description, never a table."""
_EITHER = re.compile(r"notes|properties|goals|tests|entities|models|types|migrations|views")
"""Of these, the ones that written small are a table's name as well: parts of a description have a capital."""


def table_name_above(lead: str, headings: tuple[str, ...]) -> str | None:
    """The table that a block under `headings` (outermost first) and right below the text `lead` is about, or None."""
    last = lead.rstrip().rsplit("\n", 1)[-1]
    if len(last) <= 300:
        found = _in_caption(last)
        if found:
            return found
    for depth in range(len(headings), max(len(headings) - 2, 0), -1):
        found = name_in_heading(headings[depth - 1], headings[: depth - 1])
        if found:
            return found
    return None


def _in_caption(text: str) -> str | None:
    """In running text a name needs the word "table" at it, or to be the whole caption."""
    named = list(named_tables(text))
    if len({n.name for n in named}) == 1:
        return named[0].name
    spans = [_last(s.text) for s in code_spans(text)]
    words = plain(text)
    if (
        len(spans) == 1
        and _SNAKE.fullmatch(spans[0])
        and len(words.split()) <= 4
        and not _OTHER_THINGS.search(words)
    ):
        return spans[0]
    alone = _ALONE.fullmatch(words)
    return alone["name"] if alone and _SNAKE.fullmatch(alone["name"]) and "_" in alone["name"] else None


@lru_cache(maxsize=4096)
def name_in_heading(heading: str, outer: tuple[str, ...] = ()) -> str | None:
    """ "3.1 `ai_cost_records` Table", "Users table", "Table: users", "users", "User (model)". A class name alone ("User") is
    taken for a table's model only under a heading that speaks of tables or models."""
    spans = [s.text for s in code_spans(heading) if _QUALIFIED.fullmatch(s.text)]
    spans = spans or [b[2] for b in _BOLD.finditer(heading) if _SNAKE.fullmatch(b[2])]
    written = _last(spans[0]) if len(spans) == 1 and not _OTHER_THINGS.search(heading) else ""
    if _SNAKE.fullmatch(written) or (written and re.search(r"(?i)\btables?\b", heading)):
        return written
    words = _NUMBERING.sub("", plain(heading)).strip()
    named = list(named_tables(words))
    if len(named) == 1:
        return named[0].name
    for pattern in (_SNAKE_THEN, _CLASS_THEN, _THEN_SNAKE, _THEN_CLASS, _ALONE):
        match = pattern.fullmatch(words)
        if match and (not _COMMON.fullmatch(match["name"]) or _EITHER.fullmatch(match["name"])):
            return _as_table(match["name"], pattern is _ALONE, " ".join((words, *outer)))
    return None


def _last(name: str) -> str:
    """ "public.users" → "users"; texts that are no names stay as they are."""
    return name.rsplit(".", 1)[-1] if _QUALIFIED.fullmatch(name) else name


def _as_table(name: str, alone: bool, context: str) -> str | None:
    name = name.rsplit(".", 1)[-1]
    if _SNAKE.fullmatch(name):
        return name
    if not alone and re.fullmatch(r"[A-Z][a-z0-9]+", name):
        return name.lower()
    return (
        table_of(name)
        if re.fullmatch(r"(?:[A-Z][a-z0-9]+){1,5}", name) and _ABOUT_TABLES.search(context)
        else None
    )
