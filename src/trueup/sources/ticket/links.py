"""The paths that a ticket names: its "Related ..." lists entry by entry, and paths in the rest of its text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from trueup.model.locations import Location
from trueup.model.ticket import TicketLink
from trueup.sources.markdown.blocks import Document, Heading, Html, Item, Paragraph, PipeTable
from trueup.sources.markdown.words import line_of, plain
from trueup.sources.ticket.lookup import Lookup
from trueup.sources.ticket.paths import DOCUMENTS, EXTENSIONS, TOP_FOLDERS, FoundPath, entry_path, find_paths
from trueup.sources.ticket.sections import Section

_TO_MAKE = re.compile(
    r"[-–—:(]\s*\**(?:CREATE|NEW|TO CREATE|TO BE CREATED|ADD NEW)\b|\b(?:to be created|will be created"
    r"|needs? to be created|may need creation)\b|\.\w{2,4}[`*]*\s+(?:is\s+|must be\s+)?created\b"
)
_MADE_LATER = re.compile(
    r"(?i)\b(?:creation of|create)\b[^:]{0,300}?\btickets?\b|^\W*+[\w ]*\btickets\s*+:|\bfiles to create\b"
)


class Links:
    """Gathers the links of one ticket. `file` is the ticket's own path, relative to the root."""

    def __init__(self, root: str, file: str) -> None:
        self.file = file
        self.lookup = Lookup(root, os.path.dirname(file))
        self.top = TOP_FOLDERS | {e.name for e in os.scandir(root) if e.is_dir() and "." not in e.name}

    def of_list(self, section: Section) -> Iterator[TicketLink]:
        for item in section.blocks:
            if isinstance(item, Item):
                found = list(self._entry(item, section.heading))
                yield from found or [self._unnamed(item, section.heading)]

    def _entry(self, item: Item, heading: str) -> Iterator[TicketLink]:
        leading = entry_path(item.text)
        paths = [leading] if leading else list(find_paths(item.text, EXTENSIONS, self.top))
        planned = bool(_TO_MAKE.search(item.text) or _MADE_LATER.search(heading))
        for path in paths:
            yield self._link(path, item.text, heading, item.line, bool(item.checked), planned)

    def _unnamed(self, item: Item, heading: str) -> TicketLink:
        return TicketLink(
            _one_line(item.text), None, heading, Location(self.file, item.line), bool(item.checked)
        )

    def in_text(self, text: str, first: int, heading: str) -> Iterator[TicketLink]:
        """`first` is the line that the text begins at."""
        for number, line in enumerate(text.split("\n")):
            for path in find_paths(line, DOCUMENTS, self.top):
                yield self._link(
                    path,
                    line,
                    heading,
                    first + number,
                    False,
                    bool(_MADE_LATER.search(line) or _TO_MAKE.search(line)),
                )

    def one(self, path: str, text: str, heading: str, line: int) -> TicketLink:
        return self._link(FoundPath(path, 0), text, heading, line, False, False)

    def _link(
        self, path: FoundPath, text: str, heading: str, line: int, checked: bool, planned: bool
    ) -> TicketLink:
        at = Location(self.file, line_of(text, path.offset, line))
        if path.planned:
            return TicketLink(_one_line(text), path.path, heading, at, checked, False, planned=True)
        found = self.lookup.find(path.path)
        return TicketLink(
            _one_line(text),
            found.path,
            heading,
            at,
            checked,
            found.exists,
            found.matches,
            found.nearest,
            planned and not found.exists,
        )


def read_links(
    document: Document, sections: tuple[Section, ...], links: Links, prompt: tuple[tuple[str, int], ...]
) -> tuple[TicketLink, ...]:
    """In order of lines. Code blocks are not looked into, the prompt is; a path is named once a line."""
    found: list[TicketLink] = []
    covered: set[int] = set()
    for section in sections:
        if section.key == "related" and section.line not in covered:
            found.extend(links.of_list(section))
            covered.update(range(section.line, section.last + 1))
    for block in document.blocks:
        if isinstance(block, Paragraph | Item | Html) and block.line not in covered:
            found.extend(
                links.in_text(block.text, block.line, plain(block.section[-1]) if block.section else "")
            )
        elif isinstance(block, PipeTable) and block.line not in covered:
            for row in block.rows:
                found.extend(
                    links.in_text(
                        " | ".join(row.cells), row.line, plain(block.section[-1]) if block.section else ""
                    )
                )
        elif isinstance(block, Heading):
            found.extend(links.in_text(block.text, block.line, plain(block.text)))
    for text, line in prompt:
        found.extend(links.in_text(text, line, "AI Prompt"))
    unique = {
        (link.at.line, link.path, link.text if link.path is None else ""): link for link in reversed(found)
    }
    return tuple(sorted(unique.values(), key=lambda n: (n.at.line, n.path or "", n.text)))


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", plain(text)).strip()[:300]
