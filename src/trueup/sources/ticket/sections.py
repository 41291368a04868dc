"""A ticket's parts: what stands under which heading, and its `**Field**: value` lines.

Headings are known by their words, whatever their case, numbering, emphasis or signs; a paragraph that is nothing but
`**Description**` counts as one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.sources.markdown.blocks import Block, Document, Heading, Item, Paragraph, PipeTable
from trueup.sources.markdown.words import label, plain
from trueup.structs import Struct

KNOWN_SECTIONS: dict[str, str] = {
    **dict.fromkeys(("title", "name"), "title"),
    **dict.fromkeys(
        (
            "description",
            "overview",
            "summary",
            "background",
            "problem",
            "problem statement",
            "executive summary",
            "beschreibung",
        ),
        "description",
    ),
    **dict.fromkeys(
        ("acceptance criteria", "acceptance", "acceptance criterion", "success criteria", "done when"),
        "criteria",
    ),
    **dict.fromkeys(("definition of done", "definition of done dod"), "done"),
    **dict.fromkeys(("ai prompt", "prompt", "agent prompt", "llm prompt"), "prompt"),
    **dict.fromkeys(("notes", "note", "additional notes", "implementation notes", "remarks"), "notes"),
    **dict.fromkeys(
        ("estimated effort", "effort", "effort estimate", "estimate", "estimation", "time estimate"), "effort"
    ),
    **dict.fromkeys(
        ("dependencies", "depends on", "dependency", "blocked by", "prerequisites"), "dependencies"
    ),
    **dict.fromkeys(
        (
            "references",
            "affected files",
            "files to review",
            "files to modify",
            "files to create",
            "files",
            "links",
        ),
        "related",
    ),
}

KNOWN_FIELDS: dict[str, str] = {
    **dict.fromkeys(("ticket id", "ticket", "id", "issue", "key", "ticket number"), "id"),
    **dict.fromkeys(("title", "summary"), "title"),
    **dict.fromkeys(("status", "state"), "status"),
    **dict.fromkeys(("date created", "date", "created", "created at", "created on", "datum"), "date"),
    **dict.fromkeys(("estimated effort", "effort", "estimate", "story points"), "effort"),
    **dict.fromkeys(("dependencies", "depends on", "blocked by"), "dependencies"),
}


class Section(Struct, frozen=True):
    """`key` is "title", "description", "related", ...; "" for a heading of no known kind. `first` and `last` are the lines
    that its text spans, heading excluded. `blocks` include those of sub-headings."""

    key: str
    heading: str
    line: int
    first: int
    last: int
    blocks: tuple[Block, ...]


class Field(Struct, frozen=True):
    key: str
    value: str
    line: int


def section_key(heading: str) -> str:
    words = label(heading)
    if words.startswith("related ") or words.endswith(" to review"):
        return "related"
    return KNOWN_SECTIONS.get(words, "")


def read_sections(document: Document) -> tuple[Section, ...]:
    """Every heading's section, in order; a section spans its sub-headings."""
    marks = list(_marks(document))
    found: list[Section] = []
    for number, (index, heading, level, line) in enumerate(marks):
        stop = next((m for m in marks[number + 1 :] if _ends(level, m)), None)
        until = stop[0] if stop else len(document.blocks)
        last = stop[3] - 1 if stop else len(document.lines)
        blocks = document.blocks[index + 1 : until]
        first = (
            line + 2
            if _UNDERLINE.fullmatch("".join(document.lines[line : line + 1])) and level < 3
            else line + 1
        )
        found.append(Section(section_key(heading), plain(heading), line, first, last, blocks))
    return tuple(found)


def _ends(level: int, mark: tuple[int, str, int, int]) -> bool:
    return mark[2] <= level


_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)\s*")
_BOLD_LINE = re.compile(r"(?:\*\*|__)([^*_\n]{1,60}?):?(?:\*\*|__):?")
BOLD_LEVEL = 7


def _marks(document: Document) -> Iterator[tuple[int, str, int, int]]:
    """(index of the block, heading, level, line): real headings, and bold lines that bear a known section's name."""
    for index, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            yield index, block.text, block.level, block.line
        elif isinstance(block, Paragraph):
            bold = _BOLD_LINE.fullmatch(block.text.strip())
            if bold and section_key(bold[1]):
                yield index, bold[1], BOLD_LEVEL, block.line


_FIELD_LINE = re.compile(
    r"^[\s>*+-]*(?P<bold>\*\*|__)?(?P<label>[A-Za-z][\w /-]{0,30}?)(?:\*\*|__)?\s*:(?:\*\*|__)?\s*(?P<value>\S.*)$"
)


def read_fields(document: Document) -> tuple[Field, ...]:
    """The front matter, `**Field**: value` lines anywhere, and plain `Field: value` lines and table rows before the first
    section."""
    found = [Field(KNOWN_FIELDS[k], v, n) for k, v, n in document.front_matter if v and k in KNOWN_FIELDS]
    in_head = True
    for block in document.blocks:
        if isinstance(block, Heading):
            in_head = in_head and (block.level == 1 or not section_key(block.text))
        elif isinstance(block, Paragraph | Item):
            found.extend(_field_lines(block, in_head))
        elif isinstance(block, PipeTable) and in_head:
            found.extend(_field_rows(block))
    return tuple(found)


def _field_lines(block: Paragraph | Item, in_head: bool) -> Iterator[Field]:
    for number, line in enumerate(block.text.split("\n")):
        match = _FIELD_LINE.match(line)
        key = KNOWN_FIELDS.get(label(match["label"])) if match else None
        if match and key and (match["bold"] or in_head):
            yield Field(key, plain(match["value"]), block.line + number)


def _field_rows(table: PipeTable) -> Iterator[Field]:
    for row in (table.header, *table.rows):
        key = KNOWN_FIELDS.get(label(row.cells[0])) if len(row.cells) > 1 else None
        if key and row.cells[1]:
            yield Field(key, plain(row.cells[1]), row.line)
