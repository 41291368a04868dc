"""Running text → what it requires, which is less than a definition does: a table's name, a column's name and perhaps its type.

- A list (or table) of names under "Missing Tables", "Required Tables", "Tables to create" requires those tables;
  under "Existing Tables" it says that they are there; under any other heading it only names them.
- "Missing Columns in `t`:", "**Table**: `t`" followed by "**Missing Columns**:" and a list, or a sentence like "`t` is missing
the `c VARCHAR(20)` column" require those columns of that table.
- Any other sentence that calls a name a table is a mention."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from trueup.model.spec import RequiredColumn, RequiredForeignKey, RequiredIndex, RequiredTable, TableMention
from trueup.sources.markdown.blocks import Block, Heading, Item, Paragraph, PipeTable
from trueup.sources.markdown.table_names import named_tables, says_missing
from trueup.sources.markdown.words import code_spans, label, line_of, plain, sentences
from trueup.sources.spec.naming import name_in_heading
from trueup.sources.spec.prose_columns import bare_columns, column_of, columns_of_table, listed_columns
from trueup.sources.spec.prose_keys import is_key_list, listed_key
from trueup.sources.spec.setting import Setting
from trueup.structs import Struct, replace

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
    r"\s*(?:[❌✅⚠🔴🟡🟢✓✗☐☑️]\s*)*(?P<bold>\*\*|__)?(?P<tick>`?)(?P<name>[a-z][a-z0-9_]{1,62})(?P=tick)(?:\*\*|__)?(?:\s+table)?\s*"
    r"(?P<rest>$|[-–—:(,.❌✅]|→|=>|\s-\s|\n).*",
    re.DOTALL,
)
_LACKS = re.compile(
    r"(?:is missing|lacks|misses|needs|requires|must have|should have|missing(?: the| a| an)?)\s++(?:the|a"
    r"|an|its|these|following|new)?\s*+"
    r"(?:columns?\s*+(?::\s*+)?)?(?P<columns>(?:`[^`\n]++`(?:\s*+,\s*+(?:and\s++)?|\s++and\s++)?)++)\s*+(?P<word>columns?)?",
    re.IGNORECASE,
)
_ADD = re.compile(
    r"\badd(?:ing)?\s++(?:the|a|an|new|missing|\s)*+(?P<columns>(?:`[^`\n]++`(?:\s*+,\s*+(?:and\s++)?"
    r"|\s++and\s++)?)++)\s*+columns?\s++to\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\bmissing columns?\b[^:\n]{0,80}:\**\s*(?P<columns>(?:`[^`\n]+`(?:\s*,\s*(?:and\s+)?|\s+and\s+)?)+)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,63}")
_BOLD = re.compile(r"\*\*[^*\n]{2,80}\*\*:?(?:\s*\([^)\n]*\))?:?")


class _State(Struct):
    """The table that the section's text last spoke of: what "Missing Columns:" below it is about."""

    section: tuple[str, ...] = ()
    table: str = ""
    entry: tuple[str, str] = ("", "")
    """The last entry of a list of tables: its name and its text, which entries below it have as their lead."""


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
            names = (
                name_in_heading(section[n], section[:n])
                for n in range(len(section) - 1, max(len(section) - 4, -1), -1)
            )
            self.state = _State(section, next(filter(None, names), self.state.table if inner else ""))

    # Lists

    def _item(self, item: Item, setting: Setting) -> Iterator[Fact]:
        caption = item.lead.rstrip().rsplit("\n", 1)[-1]
        above = (caption, *reversed(item.section[-2:]))
        decisive = _decisive(item.lead, caption, item.section)
        found = list(self._below_entry(item, setting)) or list(self._columns(item, above, setting))
        found = found or list(self._keys(item, decisive, setting))
        of_tables = not found and not self._entry_above(item) and _table_list(decisive)
        names = _leading_names(item.text) if of_tables else []
        if of_tables and (entry := _sole_name(item.text)):
            self.state.entry = (entry, item.text)
        for name in names:
            yield from _named_table(name, above, item.text, item.line, setting)
        yield from found
        if not found and not names:
            yield from self._sentences(item.text, item.line, setting)

    def _entry_above(self, item: Item) -> str:
        """The table that the entry above a nested one is about: one of a list of tables, or "**users** - the table of users"."""
        if item.depth < 2:
            return ""
        if item.lead == self.state.entry[1] != "":
            return self.state.entry[0]
        return _sole_name(item.lead) if re.search(r"(?i)\btable\b", item.lead) else ""

    def _below_entry(self, item: Item, setting: Setting) -> Iterator[RequiredTable]:
        """ "- `budgets`" with "- project_id, daily_limit" or "- `project_id` (VARCHAR(20))" below it: columns of that table."""
        table = self._entry_above(item)
        if not table:
            return
        columns = bare_columns(item, setting) or [c for c in listed_columns(item, setting) if c.type]
        if columns:
            yield _columns_of(table, list(columns), setting)

    def _columns(self, item: Item, above: tuple[str, ...], setting: Setting) -> Iterator[RequiredTable]:
        listed = _column_list(above, item.lead)
        if listed is None:
            return
        table, wanted = listed[0] or self.state.table, listed[1]
        of_table = columns_of_table(item, setting) if wanted and not listed[0] else None
        if of_table is not None:
            table, columns = of_table
        else:
            columns = tuple(listed_columns(item, setting))
        if table and columns and (wanted or all(c.type for c in columns)):
            yield _columns_of(table, list(columns), setting)

    def _keys(self, item: Item, decisive: tuple[str, ...], setting: Setting) -> Iterator[RequiredTable]:
        """ "Indexes: `idx_a` on `(a, b)`" under the heading of a table."""
        if not self.state.table or not is_key_list(decisive[0] if decisive else ""):
            return
        key = listed_key(item, setting)
        base = RequiredTable(
            self.state.table,
            "prose",
            at=setting.at(item.line),
            complete=False,
            section=setting.section,
            existing=True,
        )
        if isinstance(key, RequiredIndex):
            yield replace(base, indexes=(key,))
        elif isinstance(key, RequiredForeignKey):
            yield replace(base, foreign_keys=(key,))

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
        elif _BOLD.fullmatch(text.strip()):
            self.state.table = name_in_heading(text.strip(" :*")) or self.state.table
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
            columns = [c for s in code_spans(match["columns"]) if (c := column_of(s.text, "", at, setting))]
            columns = [c for c in columns if c.name != table]
            if table and columns:
                yield _columns_of(table, columns, setting)


def _subject(text: str) -> list[str]:
    """ "`ai_budgets` is missing ..." names its table by standing in front."""
    spans = [s.text for s in code_spans(text)]
    return spans if len(spans) == 1 and re.fullmatch(r"[a-z][a-z0-9_]*", spans[0]) else []


def _sole_name(text: str) -> str:
    """The name that an entry of a list of tables is about; one in bold type needs no further mark."""
    names = _leading_names(text)
    entry = None if names else _ENTRY.fullmatch(text)
    return names[0] if len(names) == 1 else entry["name"] if entry and entry["bold"] else ""


def _leading_names(text: str) -> list[str]:
    """ "`users`, `teams` - who is who" names two tables, "ai_costs: records" one; without marks a name needs an underscore."""
    entry = _ENTRY.fullmatch(text)
    if entry is None or not (entry["tick"] or "_" in entry["name"]):
        return []
    names = [entry["name"]]
    spans = list(code_spans(text))
    for before, span in pairwise(spans):
        if text[before.end : span.start].strip() not in (
            ",",
            "and",
            ", and",
            "&",
            "/",
        ) or not _PLAIN.fullmatch(span.text):
            break
        names.append(span.text)
    return names if entry["tick"] else names[:1]


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
    there = re.search(r"\balready\b|\bexists?\)?$", words) is not None and not _MISSING.search(words)
    missing = missing or bool(_MISSING.search(words))
    wanted = missing or (bool(_WANTED.search(words)) and not there)
    existing = not wanted and (there or bool(_EXISTING.search(words)))
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


def _column_list(above: tuple[str, ...], lead: str) -> tuple[str, bool] | None:
    """(table or "", whether the columns are called missing or wanted); None where a list is none of columns. Where they are
    only called columns, each must have a type to count."""
    for text in above:
        words = label(text)
        if not words:
            continue
        if _COLUMNS.search(words) and not _NO_COLUMNS.search(words):
            wanted = bool(_MISSING.search(words) or _WANTED.search(words))
            if wanted or re.search(r"\bcolumns\b", words):
                names = [n.name for n in named_tables(text)] or [n.name for n in named_tables(lead)]
                return (names[-1] if names else "", wanted)
        if text == above[0] and text.rstrip().rstrip("*").endswith(":"):
            return None
    return None


def _columns_of(table: str, columns: list[RequiredColumn], setting: Setting) -> RequiredTable:
    at = columns[0].at
    return RequiredTable(
        table, "prose", tuple(columns), at=at, complete=False, section=setting.section, existing=True
    )
