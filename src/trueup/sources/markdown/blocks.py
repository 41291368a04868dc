"""Markdown → a flat run of blocks, each with its line and the headings it stands under.

By markdown-it-py (CommonMark with tables). Only block structure is asked of it: the text of a paragraph stays as written, code
spans are found by `words.py`. Quotes and lists are looked into, so a fence inside a list item is a fence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from trueup.structs import Struct, field

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_WHOLE = 400_000
"""Characters up to which a document is parsed in one go; longer ones go section by section."""

MAX_LINES = 120_000
"""Lines with text, outside of fences, that are looked into; of a document with more the rest is left."""

MAX_LINE = 5_000
"""Characters of a line outside of fences that are looked into. The longest in the documents of 30 public projects has 2,329."""


class Heading(Struct, frozen=True):
    """`level` 1-6. `text` without closing hashes, emphasis kept."""

    text: str
    line: int
    level: int
    section: tuple[str, ...] = ()


class Paragraph(Struct, frozen=True):
    """Running text, newlines kept; `line` is that of its first line."""

    text: str
    line: int
    section: tuple[str, ...] = ()


class Item(Struct, frozen=True):
    """A list item's own text (its sub-lists and further blocks follow as blocks of their own). `depth` counts from 1.
    `checked` is None without a checkbox. `lead` is the text that the list follows ("**Missing Columns**:"), "" directly under
    a heading; for an item of a sub-list it is the text of the item above."""

    text: str
    line: int
    depth: int
    ordered: bool = False
    checked: bool | None = None
    lead: str = ""
    section: tuple[str, ...] = ()


class Fence(Struct, frozen=True):
    """A code block. `line` is the first line of its content (that of the opening fence plus one); `info` the language word in
    lower case, "" without; `closed` False where the document ends inside it. `lead` is the nearest text above it in its
    section."""

    text: str
    line: int
    info: str = ""
    closed: bool = True
    lead: str = ""
    lead_line: int = 0
    section: tuple[str, ...] = ()


class Row(Struct, frozen=True):
    cells: tuple[str, ...]
    line: int


class PipeTable(Struct, frozen=True):
    header: Row
    rows: tuple[Row, ...]
    line: int
    lead: str = ""
    lead_line: int = 0
    section: tuple[str, ...] = ()


class Html(Struct, frozen=True):
    text: str
    line: int
    section: tuple[str, ...] = ()


Block = Heading | Paragraph | Item | Fence | PipeTable | Html


class Document(Struct, frozen=True):
    """`front_matter` maps the keys of a leading `---` block (lower case) to (text, line). `unread_from` is the line from which
    on the document was too long to be looked into, or 0; `cut` are the lines whose end was not looked into. `lines` are whole."""

    blocks: tuple[Block, ...]
    lines: tuple[str, ...]
    front_matter: tuple[tuple[str, str, int], ...] = ()
    unread_from: int = 0
    cut: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        return next((b.text for b in self.blocks if isinstance(b, Heading)), "")


def read_blocks(text: str) -> Document:
    """Never fails: any text is Markdown."""
    lines = (
        text.removeprefix("\ufeff")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\x00", "\ufffd")
        .split("\n")
    )
    front_matter, start = _front_matter(lines)
    body = [""] * start + lines[start:]
    cut = _too_long(body)
    for number in cut:
        body[number - 1] = body[number - 1][:MAX_LINE]
    reader = _Reader()
    unread_from = 0
    budget = MAX_LINES
    for first, chunk in _chunks(body):
        budget -= _outside_fences(chunk)
        if budget < 0:
            unread_from = first + 1
            break
        reader.take(_parser().parse("\n".join(chunk)), first)
    return Document(tuple(reader.blocks), tuple(lines), front_matter, unread_from, cut)


def _too_long(lines: list[str]) -> tuple[int, ...]:
    if all(len(line) <= MAX_LINE for line in lines):
        return ()
    marked = enumerate(zip(lines, _fenced(lines), strict=True), 1)
    return tuple(number for number, (line, fenced) in marked if len(line) > MAX_LINE and not fenced)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").disable("inline")


# Long documents are cut at headings (never inside a fence), so that the limit falls between sections.

_FENCE_LINE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_ATX = re.compile(r" {0,3}#{1,6}(\s|$)")


def _chunks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """(index of the first line, lines): everything at once, or the sections of a long document."""
    if sum(map(len, lines)) <= MAX_WHOLE:
        yield 0, lines
        return
    start = 0
    for number, fenced in enumerate(_fenced(lines)):
        if number - start >= 200 and not fenced and (_ATX.match(lines[number]) or number - start >= 20_000):
            yield start, lines[start:number]
            start = number
    yield start, lines[start:]


def _fenced(lines: list[str]) -> Iterator[bool]:
    """For each line, whether it stands inside a fence (the fence's own lines included)."""
    opened = ""
    for line in lines:
        mark = _FENCE_LINE.match(line)
        if opened:
            yield True
            if mark and mark[1].startswith(opened) and not mark[2].strip():
                opened = ""
        elif mark and not (mark[1][0] == "`" and "`" in mark[2]):
            opened = mark[1]
            yield True
        else:
            yield False


def _outside_fences(lines: list[str]) -> int:
    if len(lines) < MAX_LINES // 100:
        return len(lines)
    return sum(1 for line, fenced in zip(lines, _fenced(lines), strict=True) if not fenced and line.strip())


_KEY = re.compile(r"([A-Za-z][\w .-]*+)\s*+:(?:\s++(.*))?$")
_ENTRY = re.compile(r"\s*+-\s++(.*)$")


def _front_matter(lines: list[str]) -> tuple[tuple[tuple[str, str, int], ...], int]:
    """The `key: value` pairs of a leading YAML block and the number of lines it takes. A list's entries are joined by
    newlines."""
    if not lines or lines[0].rstrip() != "---":
        return (), 0
    end = next((n for n, line in enumerate(lines[1:400], 1) if line.rstrip() in ("---", "...")), 0)
    pairs: list[tuple[str, str, int]] = []
    for number in range(1, end):
        key = _KEY.match(lines[number])
        entry = _ENTRY.match(lines[number])
        if key:
            pairs.append((key[1].strip().lower(), _unquoted(key[2] or ""), number + 1))
        elif entry and pairs:
            name, value, line = pairs[-1]
            pairs[-1] = (name, f"{value}\n{_unquoted(entry[1])}".strip(), line)
    return (tuple(pairs), end + 1) if pairs else ((), 0)


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


_CHECKBOX = re.compile(r"\[([ xX✓✔\-]?)\](?:\s+|$)")


class _List(Struct):
    ordered: bool
    lead: str


class _Reader(Struct):
    """Goes over the tokens once, keeping the headings above, the lists around and the last text."""

    blocks: list[Block] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    lead: str = ""
    lead_line: int = 0

    @property
    def section(self) -> tuple[str, ...]:
        return tuple(h.text for h in self.headings)

    def take(self, tokens: list[Token], offset: int) -> None:
        self.lists = []
        position = 0
        while position < len(tokens):
            position = self._step(tokens, position, offset)

    def _step(self, tokens: list[Token], position: int, offset: int) -> int:
        token = tokens[position]
        line = offset + (token.map[0] if token.map else 0) + 1
        match token.type:
            case "heading_open":
                self._heading(tokens[position + 1].content, line, int(token.tag[1:]))
                return position + 3
            case "paragraph_open":
                self._text(
                    tokens[position + 1].content,
                    line,
                    starts_item=position > 0 and tokens[position - 1].type == "list_item_open",
                )
                return position + 3
            case "bullet_list_open" | "ordered_list_open":
                self.lists.append(_List(token.type == "ordered_list_open", self.lead))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "fence" | "code_block":
                self._fence(token, line)
            case "html_block":
                self.blocks.append(Html(token.content, line, self.section))
            case "table_open":
                return self._table(tokens, position, offset)
        return position + 1

    def _heading(self, text: str, line: int, level: int) -> None:
        while self.headings and self.headings[-1].level >= level:
            self.headings.pop()
        heading = Heading(text.strip(), line, level, self.section)
        self.blocks.append(heading)
        self.headings.append(heading)
        self.lead, self.lead_line = "", 0

    def _text(self, text: str, line: int, starts_item: bool) -> None:
        if starts_item and self.lists:
            box = _CHECKBOX.match(text)
            checked = None if box is None else box[1] not in ("", " ", "-")
            text = text[box.end() :] if box else text
            around = self.lists[-1]
            item = Item(text, line, len(self.lists), around.ordered, checked, around.lead, self.section)
            self.blocks.append(item)
        else:
            self.blocks.append(Paragraph(text, line, self.section))
        self.lead, self.lead_line = text, line

    def _fence(self, token: Token, line: int) -> None:
        fenced = token.type == "fence"
        height = (token.map[1] - token.map[0]) if token.map else 0
        rows = token.content.count("\n") + (token.content != "" and not token.content.endswith("\n"))
        closed = not fenced or height >= rows + 2
        info = token.info.strip().lower().lstrip("{.").split(" ")[0].rstrip("}") if token.info.strip() else ""
        fence = Fence(token.content, line + fenced, info, closed, self.lead, self.lead_line, self.section)
        self.blocks.append(fence)

    def _table(self, tokens: list[Token], position: int, offset: int) -> int:
        rows: list[tuple[list[str], int]] = []
        line = offset + (tokens[position].map or [0])[0] + 1
        while tokens[position].type != "table_close":
            token = tokens[position]
            if token.type == "tr_open":
                rows.append(([], offset + (token.map or [0])[0] + 1))
            elif token.type == "inline":
                rows[-1][0].append(token.content.strip())
            position += 1
        header, *body = (Row(tuple(cells), at) for cells, at in rows)
        self.blocks.append(PipeTable(header, tuple(body), line, self.lead, self.lead_line, self.section))
        return position + 1
