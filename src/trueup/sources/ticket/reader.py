"""A Markdown audit ticket → `Ticket`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from trueup.errors import Mistake, TargetError
from trueup.model.locations import Gap, Location
from trueup.model.ticket import Ticket, TicketLink
from trueup.sources.markdown.blocks import MAX_LINE, Document, Fence, Heading, Item, Paragraph, read_blocks
from trueup.sources.markdown.table_names import named_tables
from trueup.sources.markdown.words import label, plain
from trueup.sources.ticket.criteria import read_criteria
from trueup.sources.ticket.links import Links, read_links
from trueup.sources.ticket.phases import Line, read_phases, template_line
from trueup.sources.ticket.sections import Field, Section, read_fields, read_sections
from trueup.sources.ticket.textfile import read_text

EXPECTED = 'a Markdown ticket: fields like "**Ticket ID**: ..." and sections like "## Description", "## Acceptance Criteria"'


def read_ticket(path: str, root: str) -> Ticket:
    """Reads the ticket at `path` (absolute) of the project at `root` (absolute). Paths that it names are looked up on disk.

    Raises TargetError, with file, line and what was expected, if the file can't be read or is no Markdown ticket."""
    file = os.path.relpath(path, root).replace(os.sep, "/")
    text = read_text(path, file, EXPECTED)
    document = read_blocks(text)
    sections, fields = read_sections(document), read_fields(document)
    _refuse_other_documents(document, sections, fields, file)
    return _Ticket(document, sections, fields, file, root).read()


def _refuse_other_documents(
    document: Document, sections: tuple[Section, ...], fields: tuple[Field, ...], file: str
) -> None:
    headings = [b for b in document.blocks if isinstance(b, Heading)]
    if not headings and not fields:
        line = next((n for n, text in enumerate(document.lines, 1) if text.strip()), 1)
        problem = "has no headings and no fields" if any(t.strip() for t in document.lines) else "is empty"
        raise TargetError(
            Mistake(f"{file}:{line}", f"not an audit ticket: the file {problem}", f"expected {EXPECTED}")
        )
    telling = {s.key for s in sections if s.key in ("criteria", "done", "related", "prompt")} | {
        f.key for f in fields if f.key == "id"
    }
    supporting = {s.key for s in sections if s.key} | {f.key for f in fields}
    if not telling or len(supporting | telling) < 2:
        line = headings[0].line if headings else fields[0].line
        problem = "not an audit ticket: no ticket id, no acceptance criteria, no related files, no prompt"
        raise TargetError(Mistake(f"{file}:{line}", problem, f"expected {EXPECTED}"))


class _Ticket:
    def __init__(
        self,
        document: Document,
        sections: tuple[Section, ...],
        fields: tuple[Field, ...],
        file: str,
        root: str,
    ) -> None:
        self.document = document
        self.sections = sections
        self.fields = fields
        self.file = file
        self.links = Links(root, file)

    def read(self) -> Ticket:
        lines = list(self._rule_lines())
        phases, contradictions = read_phases(lines, self.file)
        prompts = tuple(self._prompts())
        criteria = self._section("criteria") or self._section("done")
        return Ticket(
            path=self.file,
            id=self._field("id") or self._id_of_name(),
            title=self._title(),
            status=self._field("status"),
            date=self._field("date"),
            description=self._text("description"),
            questions=self._questions(),
            tables=self._tables(),
            links=read_links(self.document, self.sections, self.links, prompts),
            criteria=read_criteria(criteria, self.file) if criteria else (),
            template=self._template(lines),
            phases=phases,
            dependencies=self._dependencies(),
            prompt="\n\n".join(text.strip("\n") for text, _ in prompts),
            effort=self._text("effort") or self._field("effort"),
            notes=self._text("notes"),
            sections=tuple((plain(b.text), b.line) for b in self.document.blocks if isinstance(b, Heading)),
            gaps=tuple(sorted((*contradictions, *self._limit()))),
        )

    # Parts

    def _section(self, key: str) -> Section | None:
        return next((s for s in self.sections if s.key == key), None)

    def _field(self, key: str) -> str:
        return next((f.value for f in self.fields if f.key == key), "")

    def _text(self, key: str) -> str:
        section = self._section(key)
        return "\n".join(self.document.lines[section.first - 1 : section.last]).strip() if section else ""

    def _title(self) -> str:
        section = self._section("title")
        named = next((b.text for b in section.blocks if isinstance(b, Paragraph)), "") if section else ""
        return re.sub(r"\s+", " ", plain(named or self._field("title") or self.document.title))

    def _id_of_name(self) -> str:
        stem = os.path.splitext(os.path.basename(self.file))[0]
        return stem if re.match(r"(?:[A-Z]{2,10}-)?\d+\b", stem) else ""

    def _questions(self) -> tuple[str, ...]:
        return tuple(_line(b.text) for b in self.document.blocks if isinstance(b, Item) and _asks(b))

    def _tables(self) -> tuple[str, ...]:
        texts = (b.text for b in self.document.blocks if isinstance(b, Paragraph | Item | Heading))
        return tuple(dict.fromkeys(n.name for text in texts for n in named_tables(text)))

    def _dependencies(self) -> tuple[str, ...]:
        section = self._section("dependencies")
        if section is None:
            named = self._field("dependencies")
            return tuple(d for d in named.split("\n") if d and not _none(d))
        texts = [_line(b.text) for b in section.blocks if isinstance(b, Item)]
        texts = texts or [_line(b.text) for b in section.blocks if isinstance(b, Paragraph)]
        return tuple(t for t in texts if not _none(t))

    def _prompts(self) -> Iterator[tuple[str, int]]:
        """(text, first line) of the prompt: its code blocks, or the section's text where it has none."""
        section = self._section("prompt")
        if section is None:
            return
        fences = [b for b in section.blocks if isinstance(b, Fence)]
        if fences:
            yield from ((f.text, f.line) for f in fences)
        else:
            yield "\n".join(self.document.lines[section.first - 1 : section.last]), section.first

    def _rule_lines(self) -> Iterator[Line]:
        for key in ("criteria", "done", "description", "notes"):
            section = self._section(key)
            for block in section.blocks if section else ():
                if isinstance(block, Paragraph | Item):
                    yield from (
                        Line(plain(t), block.line + n, False) for n, t in enumerate(block.text.split("\n"))
                    )
        for text, first in self._prompts():
            yield from (Line(plain(t), first + n, True) for n, t in enumerate(text.split("\n")))

    def _template(self, lines: list[Line]) -> TicketLink | None:
        found = template_line(lines)
        return self.links.one(found[0], found[1].text, "Ticket template", found[1].number) if found else None

    def _limit(self) -> Iterator[Gap]:
        if self.document.unread_from:
            at = Location(self.file, self.document.unread_from)
            yield Gap(at, "the ticket is too long: not read from this line on", "limit")
        for line in self.document.cut:
            reason = f"the line is longer than {MAX_LINE:,} characters: its end is not read"
            yield Gap(Location(self.file, line), reason, "limit")


_ASKING = re.compile(
    r"\b(?:determine|answer|find out|establish|verify|questions?)(?: the following| whether)?\s*:?$"
)


def _asks(item: Item) -> bool:
    """Whether an item stands in a list of what "the audit must determine"."""
    last = item.lead.rstrip().rsplit("\n", 1)[-1]
    return (
        item.depth == 1
        and bool(_ASKING.search(label(last)))
        and bool(re.search(r"\b(?:must|should|shall|needs? to|has to|questions?)\b", label(last)))
    )


def _none(text: str) -> bool:
    return re.match(r"(?i)\W*(?:none|n/?a|nothing|no dependencies)\b", text) is not None


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", plain(text)).strip()
