"""Running text → what it requires, which is less than a definition does: a table's name, a column's name and perhaps its type.

- A list (or table) of names under "Missing Tables", "Required Tables", "Tables to create" requires those tables;
  under "Existing Tables" it says that they are there; under any other heading it only names them.
- "Missing Columns in `t`:", "**Table**: `t`" followed by "**Missing Columns**:" and a list, or a sentence like "`t` is missing
the `c VARCHAR(20)` column" require those columns of that table.
- Any other sentence that calls a name a table is a mention."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trueup.model.spec import RequiredColumn, RequiredTable, TableMention
from trueup.sources.markdown.blocks import Block, Heading, Item, Paragraph, PipeTable
from trueup.sources.markdown.table_names import named_tables, says_missing
from trueup.sources.markdown.words import code_spans, label, line_of, plain, sentences
from trueup.sources.spec.setting import Setting
from trueup.sources.spec.types_written import WrittenType, is_generic, read_type

Fact = RequiredTable | TableMention

_TABLES = re.compile(r"\btables?\b")
_COLUMNS = re.compile(r"\b(?:columns?|fields?)\b")
_WANTED = re.compile(
    r"\b(?:missing|required|needed|new|to create|to be created|to add|to be added|must exist"
    r"|must be created|add|create|expected)\b"
)
_MISSING = re.compile(
    r"\bmissing\b|\bnot (?:yet )?(?:exist|created|implemented)|\bto (?:be )?create[d]?\b|\bdoes ?n t exist|\bdon ?t exist"
)
_EXISTING = re.compile(r"\b(?:existing|current|present|available|already)\b")
_NO_COLUMNS = re.compile(
    r"\b(?:methods?|services?|events?|propert(?:y|ies)|models?|tests?|files?|endpoints?|routes?|class(?:es)?|index(?:es)?)\b"
)
_ENTRY = re.compile(
    r"\s*(?:[❌✅⚠🔴🟡🟢✓✗☐☑️]\s*)*(?:\*\*|__)?(?P<tick>`?)(?P<name>[a-z][a-z0-9_]{1,62})(?P=tick)(?:\*\*|__)?(?:\s+table)?\s*"
    r"(?P<rest>$|[-–—:(,.❌✅]|→|=>|\s-\s|\n).*",
    re.DOTALL,
)
_LACKS = re.compile(
    r"(?:is missing|lacks|misses|needs|requires|must have|should have|missing(?: the| a| an)?)\s+(?:the|a"
    r"|an|its|these|following|new)?\s*"
    r"(?:columns?\s*:?\s*)?(?P<columns>(?:`[^`\n]+`(?:\s*,\s*(?:and\s+)?|\s+and\s+)?)+)\s*(?P<word>columns?)?",
    re.IGNORECASE,
)
_ADD = re.compile(
    r"\badd(?:ing)?\s+(?:the|a|an|new|missing|\s)*(?P<columns>(?:`[^`\n]+`(?:\s*,\s*(?:and\s+)?"
    r"|\s+and\s+)?)+)\s*columns?\s+to\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\bmissing columns?\b[^:\n]{0,80}:\**\s*(?P<columns>(?:`[^`\n]+`(?:\s*,\s*(?:and\s+)?|\s+and\s+)?)+)",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z_]\w{0,63}")


@dataclass(slots=True)
class _State:
    """The table that the section's text last spoke of: what "Missing Columns:" below it is about."""

    section: tuple[str, ...] = ()
    table: str = ""


class ProseReader:
    """Goes over a document's blocks in order and remembers which table its section last spoke of."""

    def __init__(self) -> None:
        self.state = _State()

    def read(self, block: Block, setting: Setting) -> Iterator[Fact]:
        if isinstance(block, Heading):
            self._enter((*block.section, block.text))
            yield from self._sentences(block.text, block.line, setting, in_heading=True)
        elif isinstance(block, Paragraph):
            self._enter(block.section)
            yield from self._sentences(block.text, block.line, setting)
        elif isinstance(block, Item):
            self._enter(block.section)
            yield from self._item(block, setting)
        elif isinstance(block, PipeTable):
            self._enter(block.section)
            yield from self._listing(block, setting)

    def _enter(self, section: tuple[str, ...]) -> None:
        if section != self.state.section:
            inner = section[: len(self.state.section)] == self.state.section
            self.state = _State(section, self.state.table if inner else "")

    # Lists

    def _item(self, item: Item, setting: Setting) -> Iterator[Fact]:
        caption = item.lead.rstrip().rsplit("\n", 1)[-1]
        above = (caption, *reversed(item.section[-2:]))
        wanted = _column_list(above, item.lead)
        if wanted is not None:
            table = wanted or self.state.table
            columns = list(_listed_columns(item, setting))
            if table and columns:
                yield _columns_of(table, columns, setting)
                return
        entry = _ENTRY.fullmatch(item.text)
        if (
            entry
            and _table_list(_decisive(item.lead, caption, item.section))
            and _is_name(entry["name"], bool(entry["tick"]))
        ):
            yield from _named_table(entry["name"], above, item.text, item.line, setting)
            return
        yield from self._sentences(item.text, item.line, setting)

    def _listing(self, table: PipeTable, setting: Setting) -> Iterator[Fact]:
        """A table whose first column is headed "Table": one name a row."""
        first = label(table.header.cells[0]) if table.header.cells else ""
        if first not in ("table", "table name", "tables", "database table", "tabelle", "tabla", "表", "表名"):
            return
        caption = table.lead.rstrip().rsplit("\n", 1)[-1]
        above = (caption, *reversed(table.section[-2:]))
        for row in table.rows:
            name = plain(row.cells[0]) if row.cells else ""
            if re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name):
                status = " ".join(row.cells[1:])
                missing = says_missing(status) or bool(re.search(r"(?i)❌|\bmissing\b", status))
                yield from _named_table(name, above, " | ".join(row.cells), row.line, setting, missing)

    # Sentences

    def _sentences(self, text: str, line: int, setting: Setting, in_heading: bool = False) -> Iterator[Fact]:
        names = list(named_tables(text))
        if names:
            self.state.table = names[-1].name
        for named in names:
            yield TableMention(
                named.name,
                setting.at(line_of(text, named.offset, line)),
                plain(named.sentence)[:200],
                named.missing,
            )
        if not in_heading:
            yield from self._lacking(text, line, setting)

    def _lacking(self, text: str, line: int, setting: Setting) -> Iterator[Fact]:
        for offset, sentence in sentences(text):
            match = _LISTED.search(sentence) or _ADD.search(sentence) or _LACKS.search(sentence)
            if match is None or (
                match.re is _LACKS and not match["word"] and "column" not in match[0].lower()
            ):
                continue
            inside = [n.name for n in named_tables(sentence)] or _subject(sentence[: match.start()])
            table = inside[0] if len(set(inside)) == 1 else self.state.table if not inside else ""
            at = line_of(text, offset + match.start(), line)
            columns = [c for s in code_spans(match["columns"]) if (c := _column_of(s.text, "", at, setting))]
            columns = [c for c in columns if c.name != table]
            if table and columns:
                yield _columns_of(table, columns, setting)


def _subject(text: str) -> list[str]:
    """ "`ai_budgets` is missing ..." names its table by standing in front."""
    spans = [s.text for s in code_spans(text)]
    return spans if len(spans) == 1 and re.fullmatch(r"[a-z][a-z0-9_]*", spans[0]) else []


def _is_name(name: str, ticked: bool) -> bool:
    return ticked or "_" in name


def _decisive(lead: str, caption: str, section: tuple[str, ...]) -> tuple[str, ...]:
    """What says what a list holds: its caption, if it has one, else the text above and the heading."""
    bare = caption.strip().strip("*_ ")
    if bare and (
        caption.rstrip().rstrip("*").endswith(":")
        or (caption.strip().startswith("**") and caption.strip().endswith("**"))
    ):
        return (caption,)
    return (*((caption,) if lead else ()), *section[-1:])


def _table_list(above: tuple[str, ...]) -> bool:
    """Whether the nearest caption or heading that says what a list holds says that it holds tables."""
    for text in above:
        words = label(text)
        if _NO_COLUMNS.search(words) and not _TABLES.search(words):
            return False
        if _COLUMNS.search(words):
            return False
        if _TABLES.search(words):
            return len(words.split()) <= 12
    return False


def _named_table(
    name: str, above: tuple[str, ...], text: str, line: int, setting: Setting, missing: bool = False
) -> Iterator[Fact]:
    words = next((w for w in map(label, above) if _TABLES.search(w)), "")
    missing = missing or bool(_MISSING.search(words))
    wanted = missing or bool(_WANTED.search(words))
    existing = not wanted and bool(_EXISTING.search(words))
    at = setting.at(line)
    if (wanted or existing) and setting.role != "void":
        yield RequiredTable(
            name,
            "prose",
            at=at,
            complete=False,
            section=setting.section,
            missing_reported=missing,
            existing=existing,
        )
    else:
        yield TableMention(name, at, plain(text).replace("\n", " ")[:200], missing)


def _column_list(above: tuple[str, ...], lead: str) -> str | None:
    """None where a list holds no wanted columns; the table's name where the caption gives it; "" where it does not."""
    for text in above:
        words = label(text)
        if not words:
            continue
        if (
            _COLUMNS.search(words)
            and (_MISSING.search(words) or _WANTED.search(words))
            and not _NO_COLUMNS.search(words)
        ):
            names = [n.name for n in named_tables(text)] or [n.name for n in named_tables(lead)]
            return names[-1] if names else ""
        if text == above[0] and text.rstrip().rstrip("*").endswith(":"):
            return None
    return None


def _listed_columns(item: Item, setting: Setting) -> Iterator[RequiredColumn]:
    """ "`project_id VARCHAR(255)` - why", "`a`, `b`", "project_id: string, nullable". A caption's own line stands for what it
    says."""
    spans = list(code_spans(item.text))
    if spans and not item.text[: spans[0].start].strip(" *_❌✅⚠️"):
        end = spans[0].end
        for number, span in enumerate(spans):
            if number and item.text[end : span.start].strip() not in (",", "and", ", and", "&", "/"):
                break
            column = _column_of(
                span.text, item.text[span.end :], line_of(item.text, span.start, item.line), setting
            )
            if column:
                yield column
            end = span.end
        return
    bare = re.match(r"\s*\**([a-z][a-z0-9_]*)\**\s*(?::|\(|-|–|$)(.*)", item.text)
    column = _column_of(bare[1], bare[2], item.line, setting) if bare and "_" in bare[1] else None
    if column:
        yield column


def _column_of(span: str, rest: str, line: int, setting: Setting) -> RequiredColumn | None:
    """A column from a code span and the text behind it; None where the span is something else (a call, a path, a class)."""
    if re.search(r"[$>]|\w\s*\(\s*\$|::|->|/", span):
        return None
    match = re.fullmatch(
        r"(?:\w+\.)?(?P<name>[A-Za-z_]\w{0,63})(?:\s*:\s*|\s+(?P<type>\S.*))?", span.strip(), re.DOTALL
    )
    if match is None:
        split = re.fullmatch(r"(?P<name>[A-Za-z_]\w{0,63})\s*[:(]\s*(?P<type>.*?)\)?", span.strip())
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


def _columns_of(table: str, columns: list[RequiredColumn], setting: Setting) -> RequiredTable:
    at = columns[0].at
    return RequiredTable(
        table, "prose", tuple(columns), at=at, complete=False, section=setting.section, existing=True
    )
