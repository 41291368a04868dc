"""Where a definition stands in its document, and what that makes of it.

A definition is a requirement unless its headings or the line above it say otherwise:

- "Current Implementation", "Existing Schema", "Before": a description of what is there (`current`);
- "Rollback", "Down", "Rejected Alternatives", "Deprecated": no requirement (`void`);
- "Usage Example", "Tutorial": counts only if the documents name the table elsewhere too (`example`).

The nearest words win: "Required Schema" under "Current State vs Target" is a requirement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from trueup.model.locations import Gap, Location
from trueup.model.names import Driver
from trueup.sources.markdown.table_names import says_missing
from trueup.sources.markdown.words import label, plain
from trueup.structs import Struct

Role = Literal["required", "current", "example", "void"]

_REQUIRED = re.compile(
    r"\b(required|requirements?|must|missing|needed|target|desired|expected|proposed|specification|spec"
    r"|new|to be created|to create|to add"
    r"|after|should be|planned|final)\b"
)
_CURRENT = re.compile(
    r"\b(current|currently|existing|actual|as is|as-is|legacy)\b(?!\s+(?:period|usage|user|month|spend|balance))"
    r"|^before\b|\bbefore (?:the )?(?:migration|change)"
)
_VOID = re.compile(
    r"\b(roll ?back|rolling back|down migration|revert(?:ing)?|undo|tear ?down|rejected|deprecated"
    r"|obsolete|anti-?patterns?|not recommended"
    r"|alternatives? considered|do not use|don t do|wrong|incorrect|bad example)\b"
)
_EXAMPLE = re.compile(
    r"\b(examples?|sample|tutorial|usage|how to|demo|quick ?start|walk ?through|for instance|cookbook|snippets?)\b"
)

_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("void", _VOID),
    ("required", _REQUIRED),
    ("current", _CURRENT),
    ("example", _EXAMPLE),
)


class Setting(Struct, frozen=True):
    """`headings` outermost first, as written, `section` the same as text; `lead` the text just above. `missing`: the document
    says right there that the tables do not exist yet. `words` is what the role was decided by."""

    file: str
    headings: tuple[str, ...]
    lead: str
    role: Role
    words: str
    missing: bool
    lines: tuple[str, ...]
    dialect: Driver | None = None

    @property
    def section(self) -> str:
        return " > ".join(plain(h) for h in self.headings)

    def at(self, line: int) -> Location:
        return Location(self.file, line)

    def written(self, line: int) -> str:
        return self.lines[line - 1].strip()[:300] if 0 < line <= len(self.lines) else ""

    def gap(self, line: int, reason: str, kind: str) -> Gap:
        return Gap(self.at(line), reason, kind, self.written(line)[:120])


def setting_of(
    file: str, headings: tuple[str, ...], lead: str, lines: tuple[str, ...], title: str = ""
) -> Setting:
    """`title` is the document's own: its words decide nothing ("Migration Examples" would void a whole document)."""
    role, words = _role(tuple(h for n, h in enumerate(headings) if n or h != title), lead)
    last = lead.rstrip().rsplit("\n", 1)[-1]
    missing = says_missing(last) or any(says_missing(plain(h)) or _missing_heading(h) for h in headings[-2:])
    return Setting(file, headings, lead, role, words, missing, lines)


def _missing_heading(heading: str) -> bool:
    return re.search(r"\bmissing\b.*\btables?\b|\btables?\b.*\bmissing\b", label(heading)) is not None


def _role(headings: tuple[str, ...], lead: str) -> tuple[Role, str]:
    for text in _nearest_first(headings, lead):
        words = label(text)
        for role, pattern in _ROLES:
            if pattern.search(words):
                return role, plain(text).strip(" :")
    return "required", ""


def _nearest_first(headings: tuple[str, ...], lead: str) -> Iterator[str]:
    """The line above, where it is short enough to be a caption, then the headings inwards out."""
    last = lead.rstrip().rsplit("\n", 1)[-1]
    if len(last) <= 120:
        yield last
    yield from reversed(headings)
