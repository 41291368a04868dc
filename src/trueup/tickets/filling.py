"""A template and what a ticket says → the ticket's text: headings, order, list marks, check boxes, prompt block stay. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from trueup.sources.markdown.words import label
from trueup.sources.ticket.sections import KNOWN_FIELDS
from trueup.structs import Struct, replace
from trueup.tickets.content import Content, Entry
from trueup.tickets.demanding import escape_fence
from trueup.tickets.template import Part, Template


class Identity(Struct, frozen=True):
    """What the head of a ticket says. `date` like "2026-11-27"; `audit` is the path of the audit ticket."""

    phase: str
    number: int
    slug: str
    path: str
    date: str
    status: str = "Not Started"
    audit: str = ""


NONE = "None"


def fill(template: Template, content: Content, identity: Identity) -> str:
    """The whole ticket. What the template has no section for (risks, the way back, notes) goes to the nearest that it has."""
    content = _housed(template, content)
    blocks = ["\n".join(_head(template, content, identity))]
    for part in template.parts:
        body = "\n".join(_body(part, content, identity))
        blocks.append("\n".join([*part.heading, body]).rstrip())
    return "\n\n".join(block for block in blocks if block.strip()) + "\n"


def _housed(template: Template, content: Content) -> Content:
    """Sections without a place of their own become blocks of the notes, or of the description."""
    homeless: list[str] = []
    for key, title, blocks in (("risks", "Risks", content.risks), ("rollback", "Rollback", content.rollback)):
        if blocks and not template.has(key):
            homeless += [f"**{title}:**", *blocks]
    if not template.has("notes"):
        return replace(content, description=(*content.description, *content.notes, *homeless))
    return replace(content, notes=(*content.notes[:1], *homeless, *content.notes[1:]))


# The head


FIELD = re.compile(
    r"^(?P<lead>[\s>*+-]*(?:\*\*|__)?)(?P<label>[A-Za-z][\w /-]{0,30}?)"
    r"(?P<colon>(?:\*\*|__)?\s*:(?:\*\*|__)?[ \t]*+)(?P<value>(?:.*[^ \t\n])?)(?P<tail>[ \t]*+)$"
)


def _head(template: Template, content: Content, identity: Identity) -> Iterator[str]:
    for number, line in enumerate(template.head):
        field = FIELD.match(line)
        key = KNOWN_FIELDS.get(label(field["label"])) if field else None
        if line.startswith("# ") and not any(earlier.startswith("# ") for earlier in template.head[:number]):
            yield f"# {content.title}"
        elif field and key:
            value = _value(key, field["value"], content, identity)
            yield f"{field['lead']}{field['label']}{field['colon'] or ': '}{value}{field['tail']}"
        else:
            yield line


def _value(key: str, hint: str, content: Content, identity: Identity) -> str:
    match key:
        case "id":
            return ticket_id(hint, identity)
        case "title":
            return content.title
        case "date":
            return identity.date
        case "status":
            return identity.status
        case "effort":
            return content.effort
        case "dependencies":
            return ", ".join(d.split(" - ", 1)[0] for d in content.dependencies) or NONE
    return hint


def ticket_id(hint: str, identity: Identity) -> str:
    """The id in the template's form: "[Phase]/[Number]-[short-description]"."""
    if "[" not in hint:
        return f"{identity.phase}/{identity.number}-{identity.slug}"
    made = re.sub(r"(?i)\[phase\]", identity.phase, hint)
    made = re.sub(r"(?i)\[(?:number|id|#+|n+)\]", str(identity.number), made)
    return re.sub(r"\[[^\]]{0,300}+\]", identity.slug, made)


# Sections


def _body(part: Part, content: Content, identity: Identity) -> Iterator[str]:
    match part.key:
        case "title":
            yield content.title
        case "description":
            yield "\n\n".join(content.description)
        case "documents":
            yield from _entries(part, content.documents)
        case "files":
            yield from _entries(part, content.files)
        case "tests":
            yield from _entries(part, content.tests)
        case "criteria":
            yield from _listed(part, content.criteria)
        case "prompt":
            yield from _prompt(part, content, identity)
        case "risks":
            yield "\n\n".join(content.risks) or NONE
        case "rollback":
            yield "\n\n".join(content.rollback) or NONE
        case "notes":
            yield "\n\n".join(content.notes)
        case "effort":
            yield content.effort
        case "dependencies":
            yield from _listed(part, content.dependencies or (NONE,))
        case _:
            yield from part.body


def _entries(part: Part, entries: Sequence[Entry]) -> Iterator[str]:
    yield from _listed(part, [f"{entry.path}{part.between}{entry.text}" for entry in entries] or [NONE])


def _listed(part: Part, lines: Iterable[str]) -> Iterator[str]:
    bullet = part.bullet or "- "
    ordered = re.match(r"(\s*)\d+([.)]\s+(?:\[.\]\s+)?)", bullet)
    for number, line in enumerate(lines, 1):
        yield f"{ordered[1]}{number}{ordered[2]}{line}" if ordered else f"{bullet}{line}"


_PLACEHOLDERS = re.compile(
    r"(?i)\[(?:ticket[_ -]?path|path(?: (?:of|to) (?:the |this )?ticket)?|this ticket)\]"
)
_OF_AUDITS = re.compile(r"(?i)\bif this is an audit\b|\bthis is an audit ticket\b")
_NUMBERED = re.compile(r"^(\s*+)(\d++)([.)]\s++)(.*)$")


def _prompt(part: Part, content: Content, identity: Identity) -> Iterator[str]:
    """The template's prompt, placeholders filled, without what concerns audits only; then what is true of this ticket."""
    own = [line for line in part.prompt.split("\n") if not _OF_AUDITS.search(line)]
    lines = [escape_inside(line, identity) for line in _renumbered(own)]
    fence = part.fence or "```"
    mark = re.match(r"[`~]+", fence)
    yield fence
    yield from lines
    if any(line.strip() for line in lines):
        yield ""
    yield from (escape_fence(line) if line.strip() else line for line in content.prompt)
    yield mark[0] if mark else "```"


def escape_inside(line: str, identity: Identity) -> str:
    """Placeholders of the prompt filled: the ticket's path under several names."""
    return re.sub(r"(?i)\[phase\]", identity.phase, _PLACEHOLDERS.sub(lambda _: identity.path, line))


def _renumbered(lines: Iterable[str]) -> Iterator[str]:
    """Numbered lines counted anew, after one of them was left out."""
    number = 0
    for line in lines:
        found = _NUMBERED.match(line)
        if not found:
            number = 0 if line.strip() else number
            yield line
            continue
        number += 1
        yield f"{found[1]}{number}{found[3]}{found[4]}"
