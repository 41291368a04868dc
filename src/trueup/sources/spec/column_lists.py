"""Lists that name a database table's columns with their types, as a table of columns would:

    ### `courses` table
    - `id` (PK)
    - `title` (string, unique)
    - created_at, updated_at (timestamps)

A list counts where it stands under the table's heading and most of its entries have a type. What it says of the table is read
as from a table of columns, but such lists leave out what goes without saying: they are never taken for complete."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from trueup.sources.markdown.blocks import Block, Item, PipeTable, Row
from trueup.sources.markdown.words import code_spans, label, plain
from trueup.sources.spec.column_rows import KEY_WORDS

_HEADER = ("Name", "Type", "Description")
_FEWEST = 3
_CAPTION = re.compile(r"(?:(?:key|main|table|database) )?(?:columns?|fields?|attributes|schema|structure)")
_OTHER = re.compile(
    r"\b(?:columns?|fields?|missing|required|needed|index(?:es)?|indices|keys?|constraints?|relation(?:ship)?s?|tables|rules?|methods?)\b"
)
"""A caption with one of these says what the list holds: something else, or what the reader of prose knows better."""
_NAME = re.compile(r"\**([a-z_][a-z0-9_]{0,62})\**")
_BETWEEN = re.compile(r"\s*+(?:,|/|&|and)\s*+")
_BEHIND = re.compile(r"\s[-–—]\s")


def column_lists(blocks: Sequence[Block]) -> Iterator[tuple[PipeTable, tuple[Item, ...]]]:
    """Every run of a list's entries under a heading that reads as a table of columns, and the entries that it is made of."""
    for run in _runs(blocks):
        rows = [row for item in run if (row := _row(item)) is not None]
        if len(run) >= _FEWEST and len(rows) == len(run) and _may_list(run[0]):
            first = run[0]
            header = Row(_HEADER, first.line)
            lead = "" if _CAPTION.fullmatch(label(first.lead)) else first.lead
            yield PipeTable(header, tuple(rows), first.line, lead, first.line, first.section), tuple(run)


def _runs(blocks: Iterable[Block]) -> Iterator[list[Item]]:
    """The entries of one list each, those of its sub-lists left out."""
    run: list[Item] = []
    for block in blocks:
        if isinstance(block, Item) and block.depth > 1 and run:
            continue
        if isinstance(block, Item) and run and (block.lead, block.section) == (run[0].lead, run[0].section):
            run.append(block)
            continue
        if run:
            yield run
        run = [block] if isinstance(block, Item) and block.depth == 1 and block.checked is None else []
    if run:
        yield run


def _may_list(first: Item) -> bool:
    caption = label(first.lead.rstrip().rsplit("\n", 1)[-1])
    return bool(first.section) and (_CAPTION.fullmatch(caption) is not None or not _OTHER.search(caption))


def _row(item: Item) -> Row | None:
    """The entry as the cells of a row; None where it begins with no name."""
    text = re.sub(r"\s+", " ", item.text).strip()
    if KEY_WORDS.match(plain(text)):
        return Row((text, "", ""), item.line)
    names, rest = _names(text)
    if not names:
        return None
    type_, notes = _parts(rest)
    return Row((", ".join(f"`{n}`" for n in names), type_, notes), item.line)


def _names(text: str) -> tuple[list[str], str]:
    """The names at the beginning, and what stands behind them: "`a`, `b` (string)", "**a**: string", "`a varchar(20)`"."""
    names: list[str] = []
    while True:
        span = next((s for s in code_spans(text) if s.start <= 2 and not text[: s.start].strip("*")), None)
        if span is not None:
            word, _, type_ = span.text.replace(":", " ", 1).partition(" ")
            rest = text[span.end :].lstrip("*")
            if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", word):
                return [], ""
            names.append(word)
            if type_.strip():
                return names, f": {type_.strip()} {rest.strip()}"
        else:
            found = _NAME.match(text)
            if found is None:
                return [], ""
            names.append(found[1])
            rest = text[found.end() :]
        between = _BETWEEN.match(rest)
        if between is None:
            return names, rest.strip()
        text = rest[between.end() :]


def _parts(rest: str) -> tuple[str, str]:
    """The type's part and the notes': "(string, unique) - why", ": string - why"."""
    if rest.startswith("("):
        depth = 0
        for position, letter in enumerate(rest):
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if not depth:
                return rest[1:position], rest[position + 1 :].strip(" -–—:")
        return "", rest
    parts = _BEHIND.split(f" {rest.lstrip(':-–— ')}", maxsplit=1)
    return parts[0].strip(), parts[1].strip() if len(parts) > 1 else ""
