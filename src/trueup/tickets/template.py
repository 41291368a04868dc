"""A ticket template → its head and sections, each with what is to be filled and how its lists look. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from trueup.errors import Mistake, UserError
from trueup.sources.markdown.blocks import read_blocks
from trueup.sources.markdown.words import label
from trueup.sources.ticket.sections import Section, read_sections, section_key
from trueup.structs import Struct

BUILT_IN = """# Ticket Template

**Ticket ID**: [Phase]/[Number]-[short-description]
**Date Created**: [YYYY-MM-DD]
**Status**: Not Started

## Title
[What will be different afterwards]

## Description
[Current and desired state, and why]

## Related Documentation
- [ ] [Document] - [What it says of this]

## Related Files
- [ ] [File] - [What is done with it]

## Related Tests
- [ ] [Test] - [What it shows]

## Acceptance Criteria
- [ ] [Something that a command can check]

## AI Prompt
```
Read this ticket fully: [TICKET_PATH]. List the steps, wait for review, then do them one at a time.
```

## Risks
[What may go wrong]

## Rollback
[How to go back]

## Notes
[Decisions and doubts]

## Estimated Effort
[Small (< 4 hours), Medium (4-8 hours), Large (1-2 days), XL (2+ days)]

## Dependencies
- [ ] [Ticket ID]
"""

OURS: Mapping[str, str] = {
    "documentation": "documents",
    "documents": "documents",
    "docs": "documents",
    "references": "documents",
    "tests": "tests",
    "test": "tests",
    "test plan": "tests",
    "risks": "risks",
    "risk": "risks",
    "rollback": "rollback",
    "rollback plan": "rollback",
}
"""Words of headings that the reader of audit tickets does not tell apart, or does not know."""

EXPECTED = "expected headings such as ## Title, ## Description, ## Acceptance Criteria"
NEEDED = {"description": "Description", "criteria": "Acceptance Criteria"}
"""Without a place for these a ticket says nothing that can be worked on."""


class Part(Struct, frozen=True):
    """A section: `heading` are its lines as written; `key` is "" where we have nothing to fill it with. `bullet` is how its list
    entries begin ("- [ ] "), "" where it holds no list; `between` separates a path from its text. `prompt` is the text of its code
    block and `fence` the line that opens that. `body` are all its lines, blank ones at both ends left out."""

    heading: tuple[str, ...]
    title: str
    key: str
    bullet: str = ""
    between: str = " - "
    prompt: str = ""
    fence: str = ""
    body: tuple[str, ...] = ()


class Template(Struct, frozen=True):
    """`path` is relative to the root, "" for the built-in one. `head` are the lines before the first section."""

    path: str
    head: tuple[str, ...]
    parts: tuple[Part, ...]

    def has(self, key: str) -> bool:
        return any(part.key == key for part in self.parts)


def read_template(text: str, path: str = "") -> Template:
    """Raises UserError, with what was expected and the nearest heading, where it has no place for a description or for acceptance
    criteria."""
    document = read_blocks(text)
    sections = read_sections(document)
    starts = [s for n, s in enumerate(sections) if n or key_of(s.heading)]
    lines = document.lines
    parts = tuple(
        _part(section, lines, (starts[n + 1].line - 1) if n + 1 < len(starts) else len(lines))
        for n, section in enumerate(starts)
    )
    head = lines[: starts[0].line - 1] if starts else lines
    template = Template(path, _trimmed(head), parts)
    _refuse_without_needed(template)
    return template


def key_of(heading: str) -> str:
    words = label(heading)
    if words.startswith("related "):
        words = words.removeprefix("related ")
        return OURS.get(words, "files")
    known = section_key(heading)
    return OURS.get(words, "files" if known == "related" else "criteria" if known == "done" else known)


def _refuse_without_needed(template: Template) -> None:
    titles = {part.title.lower(): part.title for part in template.parts if not part.key}
    mistakes = []
    for key, name in NEEDED.items():
        if not template.has(key):
            near = difflib.get_close_matches(name.lower(), sorted(titles), 1, 0.7)
            meant = f"; is '{titles[near[0]]}' meant for it?" if near else ""
            mistakes.append(Mistake(template.path, f"the template has no section '{name}'{meant}", EXPECTED))
    if mistakes:
        raise UserError(*mistakes)


_BULLET = re.compile(r"^\s{0,3}(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?")
_BETWEEN = re.compile(r"\](\s*(?:[-–—:]|--)\s+)\[")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")


def _part(section: Section, lines: tuple[str, ...], last: int) -> Part:
    heading = lines[section.line - 1 : section.first - 1]
    body = _trimmed(lines[section.first - 1 : last])
    fences = [n for n, line in enumerate(body) if _FENCE.match(line)]
    listed = next((line for line in body if _BULLET.match(line)), "")
    bullet = _BULLET.match(listed) if not fences else None
    between = _BETWEEN.search(listed)
    return Part(
        heading=heading,
        title=section.heading,
        key=key_of(section.heading),
        bullet=bullet[0] if bullet else "",
        between=between[1] if between else " - ",
        prompt="\n".join(body[fences[0] + 1 : fences[-1]]) if len(fences) > 1 else "",
        fence=body[fences[0]].strip() if len(fences) > 1 else "",
        body=body,
    )


def _trimmed(lines: tuple[str, ...]) -> tuple[str, ...]:
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    return lines[first:last]
