"""The index of a phase: a block in its README with the tickets in order, what they depend on and how long they take. Text
around the block is a person's and stays. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from trueup.model.tickets import Draft, ExistingFile, Phase
from trueup.report.markdown import code, escape, table
from trueup.report.plain import counted, listed
from trueup.tickets.effort import shown_hours
from trueup.tickets.marks import digest

README = "README.md"

_BLOCK = re.compile(
    r"<!-- trueup index: (?P<phase>[^\n;>]{1,500}+); text (?P<digest>[0-9a-f]{16}) -->\n"
    r"(?P<body>(?:(?!\n<!-- (?:end of )?trueup index).)*+)\n<!-- end of trueup index -->",
    re.DOTALL,
)
_KEYS = re.compile(r"<!-- trueup keys: (?P<keys>[^\n<>]*) -->")


def remembered(files: Iterable[ExistingFile]) -> Mapping[str, int]:
    """The keys of all tickets that were written once, with their numbers: one whose file is gone was removed by a person."""
    found: dict[str, int] = {}
    for file in files:
        for keys in _KEYS.finditer(file.text or "") if file.path.endswith(f"/{README}") else ():
            for entry in keys["keys"].split("; "):
                key, _, number = entry.rpartition(" = ")
                if key and number.isdigit():
                    found[key] = int(number)
    return found


def block(
    phase: Phase,
    drafts: Sequence[Draft],
    closed: Sequence[str],
    names: Mapping[str, str],
    kept: Mapping[str, int],
) -> str:
    """The block of a phase. `drafts` in order; `closed` are the names of tickets whose findings are gone; `names` by key, of all
    phases; `kept` the keys and numbers to remember besides."""
    total = sum(d.work.hours for d in drafts)
    rows = [
        [
            str(position),
            f"[{d.name}](<{d.path.rsplit('/', 1)[-1]}>)",
            escape(d.title),
            f"{escape(d.effort)}, {shown_hours(d.work.hours)}",
            listed([code(names.get(key, key)) for key in d.work.needs]),
        ]
        for position, d in enumerate(drafts, 1)
    ]
    findings = len({f.id for d in drafts for f in d.work.findings})
    lines = [
        (
            f"{counted(len(drafts), 'ticket')} for {counted(findings, 'finding')}, {shown_hours(total)} in "
            "all, in the order in which they can be done."
        )
    ]
    if rows:
        lines.append(table(("", "Ticket", "What", "Effort", "After"), rows))
    if closed:
        lines.append(
            f"Closed, because what they were about is gone: {listed([code(name) for name in closed])}."
        )
    keys = {**kept, **{d.work.key: d.number for d in drafts}}
    lines.append(
        f"<!-- trueup keys: {'; '.join(f'{key} = {number}' for key, number in sorted(keys.items()))} -->"
    )
    body = "\n\n".join(lines)
    return f"<!-- trueup index: {phase}; text {digest(body)} -->\n{body}\n<!-- end of trueup index -->"


def in_readme(text: str | None, phase: Phase, made: str) -> tuple[str, bool]:
    """The README with the block, and whether a person has edited the block that is there (it is then left alone)."""
    if text is None:
        return f"# {phase} tickets\n\n{made}\n", False
    for found in _BLOCK.finditer(text):
        if found["phase"] == phase:
            edited = digest(found["body"]) != found["digest"]
            return (text if edited else text[: found.start()] + made + text[found.end() :]), edited
    return f"{text.rstrip()}\n\n## Tickets of the audit\n\n{made}\n", False
