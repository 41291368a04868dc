"""Columns in running text and lists: a name in code, perhaps with its type in the same span or behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.spec import RequiredColumn
from trueup.sources.markdown.blocks import Item
from trueup.sources.markdown.words import code_spans, line_of
from trueup.sources.spec.setting import Setting
from trueup.sources.spec.types_written import WrittenType, is_generic, read_type


def listed_columns(item: Item, setting: Setting) -> Iterator[RequiredColumn]:
    """ "`project_id VARCHAR(255)` - why", "`a`, `b`", "project_id: string, nullable". A caption's own line stands for what it
    says."""
    spans = list(code_spans(item.text))
    if spans and not item.text[: spans[0].start].strip(" *_❌✅⚠️"):
        end = spans[0].end
        for number, span in enumerate(spans):
            if number and item.text[end : span.start].strip() not in (",", "and", ", and", "&", "/"):
                break
            column = column_of(
                span.text, item.text[span.end :], line_of(item.text, span.start, item.line), setting
            )
            if column:
                yield column
            end = span.end
        return
    bare = re.match(r"\s*\**([a-z][a-z0-9_]*)\**\s*(?::|\(|-|–|$)(.*)", item.text)
    column = column_of(bare[1], bare[2], item.line, setting) if bare and "_" in bare[1] else None
    if column:
        yield column


def column_of(span: str, rest: str, line: int, setting: Setting) -> RequiredColumn | None:
    """A column from a code span and the text behind it; None where the span is something else (a call, a path, a class)."""
    if re.search(r"[$>]|\w\s*\(\s*\$|::|->|/", span):
        return None
    match = re.fullmatch(
        r"(?:\w+\.)?(?P<name>[A-Za-z_]\w{0,63})(?:\s*:\s*|\s+(?P<type>\S.*))?", span.strip(), re.DOTALL
    )
    if match is None:
        split = re.fullmatch(r"(?P<name>[A-Za-z_]\w{0,63})\s*+[:(]\s*+(?P<type>.*?)\)?", span.strip())
        match = split if split and read_type(split["type"]).type else None
    if match is None:
        return None
    written = read_type(match["type"]) if match["type"] else _type_behind(rest)
    if written.type is None and (match["type"] or not re.fullmatch(r"[a-z_][a-z0-9_]*", match["name"])):
        return None
    flags = written.flags
    return RequiredColumn(
        match["name"],
        written.type,
        flags.nullable,
        flags.default,
        flags.default_known,
        True if flags.auto_increment else None,
        setting.at(line),
        values=written.values,
        written=setting.written(line),
        loose_type=written.type is not None and is_generic(written.type),
    )


def _type_behind(rest: str) -> WrittenType:
    """ "`project_id` (VARCHAR(255), nullable) - why", "`project_id`: `string`"."""
    match = re.match(
        r"\s*(?:\((?P<inner>(?:[^()]|\([^()]*\))*)\)|[:–—-]\s*(?:`(?P<tick>[^`\n]*)`|(?P<after>[^`\n,;.]*)))",
        rest,
    )
    text = (match["inner"] or match["tick"] or match["after"] or "") if match else ""
    found = read_type(text)
    whole = found.type is not None and len(text.split()) <= 6
    return found if whole else read_type("")


def bare_columns(item: Item, setting: Setting) -> list[RequiredColumn]:
    """ "project_id, daily_limit and is_active": a list of nothing but names, at least two of them."""
    parts = _parts(item.text)
    names = (
        len(parts) > 1
        and all(re.fullmatch(r"[a-z_][a-z0-9_]*", p) for p in parts)
        and any("_" in p for p in parts)
    )
    found = (column_of(p, "", item.line, setting) for p in parts) if names else ()
    return [c for c in found if c is not None]


def _parts(text: str) -> list[str]:
    return [p.strip(" `*.") for p in re.split(r",\s*+(?:and\s++)?|(?<!\s)\s++and\s++", text.strip())]


_OF_TABLE = re.compile(
    r"\s*+(?:\*\*`?|`)(?P<table>[a-z][a-z0-9_]*+)(?:`?\*\*|`)(?:\s++table)?\s*+:\s*+(?P<columns>[^\n]+)"
)


def columns_of_table(item: Item, setting: Setting) -> tuple[str, tuple[RequiredColumn, ...]] | None:
    """ "**users**: `team_id`, `seen_at`": a table and its columns in one entry; None if no list of names follows."""
    match = _OF_TABLE.fullmatch(item.text)
    if match is None:
        return None
    parts = _parts(match["columns"])
    if not all(re.fullmatch(r"[a-z_][a-z0-9_]*", p) for p in parts) or (
        len(parts) == 1 and read_type(parts[0]).type
    ):
        return None
    found = (column_of(p, "", item.line, setting) for p in parts)
    return match["table"], tuple(c for c in found if c is not None)
