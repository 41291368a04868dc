"""One document → its definitions, mentions, defects and gaps, block by block."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from trueup.model.locations import Gap, Location
from trueup.model.names import Driver
from trueup.model.spec import RequiredTable, SpecDefect, TableMention
from trueup.sources.markdown.blocks import MAX_LINE, Block, Document, Fence, Html, PipeTable, read_blocks
from trueup.sources.spec.column_lists import column_lists
from trueup.sources.spec.column_tables import is_column_table, read_column_table
from trueup.sources.spec.dbml import read_dbml
from trueup.sources.spec.defects import statement_defects
from trueup.sources.spec.fences import kind_of, listing
from trueup.sources.spec.mermaid import read_mermaid
from trueup.sources.spec.php_blocks import PhpBlock, defines_tables, read_php_block, reads_as, tables_in_code
from trueup.sources.spec.prose import ProseReader
from trueup.sources.spec.setting import Role, Setting, setting_of
from trueup.sources.spec.sql_blocks import SqlBlock, detect_in, dialect_of, read_sql_block, speaks_of_schema
from trueup.sources.spec.tables import Definitions
from trueup.sources.sql import ddl
from trueup.structs import Struct, field, replace

WHOLE_FILES: dict[str, str] = {
    "sql": "sql",
    "ddl": "sql",
    "dbml": "dbml",
    "mmd": "mermaid",
    "mermaid": "mermaid",
    "php": "php",
}
"""Files that are one block of a language, by extension; all others are read as Markdown."""


class Reading(Struct):
    """What one document holds. `tables` in order, each with the role of its section."""

    tables: list[tuple[RequiredTable, Role]] = field(default_factory=list)
    mentions: list[TableMention] = field(default_factory=list)
    defects: list[SpecDefect] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    title: str = ""


def read_document(text: str, file: str, hint: Driver | None = None) -> Reading:
    """`file` relative to the root. Never fails: what can't be read is a gap."""
    reader = _DocumentReader(text, file, hint)
    return reader.read()


def markdown_of(text: str, file: str) -> str:
    """The text of a file as Markdown: a .sql or .dbml file is one block of its language, with its lines where they were."""
    language = WHOLE_FILES.get(file.rsplit(".", 1)[-1].lower()) if "." in file else None
    return text if language is None else f"~~~~~~~~~~~~{language}\n{text}\n~~~~~~~~~~~~"


class _DocumentReader:
    def __init__(self, text: str, file: str, hint: Driver | None) -> None:
        whole = markdown_of(text, file)
        self.shift = 0 if whole is text else -1
        self.document: Document = read_blocks(whole)
        self.file = file
        self.hint = hint
        self.lines = self.document.lines if not self.shift else self.document.lines[1:]
        self.fences = {id(b): kind_of(b) for b in self.document.blocks if isinstance(b, Fence)}
        self.dialect = detect_in(
            b.text for b in self.document.blocks if isinstance(b, Fence) and self.fences[id(b)] == "sql"
        )
        self.definitions: dict[Role, Definitions] = {}
        self.statements: dict[tuple[Role, Driver | None], list[ddl.Statement]] = {}
        self.prose = ProseReader()
        self.reading = Reading(title=self.document.title)
        self.place: tuple[tuple[str, ...], str] = ((), "")
        self.setting = setting_of(file, (), "", self.lines)

    def read(self) -> Reading:
        lists = {id(items[0]): (table, items) for table, items in column_lists(self.document.blocks)}
        listed: set[int] = set()
        for block in self.document.blocks:
            if id(block) in lists:
                table, items = lists[id(block)]
                listed |= {id(i) for i in items} if self._list(table, self._setting(block)) else set()
            if id(block) not in listed:
                self._block(block, self._setting(block))
        for role, definitions in self.definitions.items():
            self.reading.tables += [(t, role) for t in definitions.tables]
        for (_, driver), statements in self.statements.items():
            self.reading.defects += statement_defects(statements, driver)
        self.reading.tables.sort(key=lambda pair: pair[0].at.line)
        self.reading.defects = _told_once(self.reading.defects)
        if self.document.unread_from:
            at = Location(self.file, self.document.unread_from)
            self.reading.gaps.append(Gap(at, "the document is too long: not read from this line on", "limit"))
        for line in self.document.cut:
            at = Location(self.file, line + self.shift)
            self.reading.gaps.append(
                Gap(at, f"the line is longer than {MAX_LINE:,} characters: its end is not read", "limit")
            )
        self.reading.gaps.sort()
        return self.reading

    def _setting(self, block: Block) -> Setting:
        lead = getattr(block, "lead", "")
        place = block.section, lead if isinstance(lead, str) else ""
        if place != self.place:
            self.place = place
            self.setting = setting_of(self.file, *place, self.lines, self.reading.title)
        return self.setting

    def _block(self, block: Block, setting: Setting) -> None:
        if isinstance(block, Fence):
            self._fence(block, setting)
        elif isinstance(block, PipeTable) and is_column_table(block):
            self._take(
                self._required(
                    read_column_table(block, setting, self._defined_above(setting)), block.line, setting
                ),
                setting,
            )
        elif isinstance(block, Html):
            self._html(block, setting)
        elif setting.role != "void":
            self._take(self.prose.read(block, setting), setting)

    def _list(self, table: PipeTable, setting: Setting) -> bool:
        """Whether a list was read as the columns of the table under whose heading it stands."""
        found = list(read_column_table(table, setting)) if is_column_table(table) else []
        if not any(isinstance(f, RequiredTable) for f in found):
            return False
        partly = (replace(f, complete=False) if isinstance(f, RequiredTable) else f for f in found)
        self._take(self._required(partly, table.line, setting), setting)
        return True

    def _fence(self, fence: Fence, setting: Setting) -> None:
        kind, first = self.fences[id(fence)], fence.line + self.shift
        match kind:
            case "sql":
                self._sql(fence, first, setting)
            case "php":
                self._php(fence, first, setting)
            case "mermaid":
                self._take(self._required(read_mermaid(fence.text, first, setting), first, setting), setting)
            case "dbml":
                self._take(self._required(read_dbml(fence.text, first, setting), first, setting), setting)
            case "listing":
                drawn = listing(fence.text, first)
                if drawn is not None and is_column_table(drawn):
                    under = PipeTable(
                        drawn.header, drawn.rows, drawn.line, fence.lead, fence.lead_line, fence.section
                    )
                    found = read_column_table(under, setting, self._defined_above(setting))
                    self._take(self._required(found, first, setting), setting)
            case "foreign":
                self.reading.gaps.append(
                    setting.gap(
                        first, f"schema statements inside a {fence.info} block are not read", "spec-language"
                    )
                )

    def _sql(self, fence: Fence, first: int, setting: Setting) -> None:
        dialect = dialect_of(fence.text, fence.info, self.dialect, self.hint)
        if speaks_of_schema(fence.text) and not self._counts(first, setting):
            return
        statements = self.statements.setdefault((setting.role, dialect.driver), [])
        block = SqlBlock(fence.text, first, fence.closed or bool(self.shift), dialect)
        self._take(read_sql_block(block, setting, self._into(setting), statements), setting)

    def _php(self, fence: Fence, first: int, setting: Setting) -> None:
        self._take(tables_in_code(fence.text, first, setting), setting)
        if defines_tables(fence.text) and self._counts(first, setting):
            block = PhpBlock(fence.text, first, reads_as(self.hint or self.dialect))
            statements = self.statements.setdefault((setting.role, block.driver), [])
            self._take(read_php_block(block, setting, self._into(setting), statements), setting)

    def _counts(self, first: int, setting: Setting) -> bool:
        """Whether a block's definitions are a requirement; one under "Rollback" and the like is listed as left out."""
        if setting.role == "void":
            reason = f"left out: stands under {setting.words!r}, which is no requirement"
            self.reading.gaps.append(setting.gap(first, reason, "spec-skipped"))
        return setting.role != "void"

    def _required(
        self, facts: Iterable[RequiredTable | TableMention | Gap], line: int, setting: Setting
    ) -> Iterator[RequiredTable | TableMention | Gap]:
        found = list(facts)
        if setting.role == "void":
            if any(isinstance(f, RequiredTable) for f in found):
                yield setting.gap(
                    line, f"left out: stands under {setting.words!r}, which is no requirement", "spec-skipped"
                )
            return
        yield from found

    def _html(self, block: Html, setting: Setting) -> None:
        if re.search(r"(?i)\bcreate\s+table\s+\S+\s*\(", block.text):
            self.reading.gaps.append(setting.gap(block.line, "SQL inside HTML is not read", "spec-language"))
        elif re.search(
            r"(?is)<th[^<>]*+>\s*+(?:column|field)\b.{0,500}?<th[^<>]*+>\s*+(?:data\s*+)?type\b", block.text
        ):
            self.reading.gaps.append(
                setting.gap(block.line, "a table of columns written in HTML is not read", "spec-language")
            )

    def _defined_above(self, setting: Setting) -> str:
        """The one table that is defined above under the same headings but the last."""
        around = " > ".join(setting.section.split(" > ")[:-1])
        tables = self._into(setting).tables
        names = {t.name for t in tables if t.section.startswith(around)} if around else set()
        return names.pop() if len(names) == 1 else ""

    def _into(self, setting: Setting) -> Definitions:
        return self.definitions.setdefault(setting.role, Definitions())

    def _take(
        self, facts: Iterable[RequiredTable | TableMention | SpecDefect | Gap], setting: Setting
    ) -> None:
        for fact in facts:
            match fact:
                case RequiredTable():
                    self._into(setting).add(fact)
                case TableMention():
                    self.reading.mentions.append(fact)
                case SpecDefect():
                    self.reading.defects.append(fact)
                case Gap():
                    self.reading.gaps.append(fact)


def _told_once(defects: list[SpecDefect]) -> list[SpecDefect]:
    """A syntax error on a line for which a more exact reason is known is that reason."""
    exact = {d.at for d in defects if d.kind != "syntax"}
    kept = {
        (d.at, d.kind, d.table, d.column, d.message): d
        for d in defects
        if d.kind != "syntax" or d.at not in exact
    }
    return sorted(kept.values(), key=lambda d: (d.at, d.kind, d.column, d.message))
