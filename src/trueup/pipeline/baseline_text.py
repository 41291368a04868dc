"""The text of a baseline file: entries are sorted and people's own lines kept, comments and all. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from trueup.model.acceptance import Acceptance
from trueup.model.findings import Finding
from trueup.pipeline.baseline import FORMAT, NEVER
from trueup.structs import Struct, replace

HEAD = f"""# Findings of trueup audit that were accepted: why, by whom, and until when. After that day they are told again.
# Kept by `trueup baseline`, which never changes a reason; write and comment here as you like.

format = "{FORMAT}"
"""

_ENTRY = re.compile(r"\s*\[\[\s*accepted\s*\]\]")


class Block(Struct, frozen=True):
    """One entry as it stands in the file: the comment lines right above it, its header, its lines up to the next entry's."""

    lines: tuple[str, ...]

    def value(self, name: str) -> str:
        """The text of a setting, "" where it is none in quotes."""
        for line in self.lines:
            found = re.match(
                rf"\s*{name}\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|(\d{{4}}-\d\d-\d\d))", line
            )
            if found:
                return next(group for group in found.groups() if group is not None)
        return ""

    @property
    def sort_key(self) -> tuple[str, str, str]:
        return self.value("code"), self.value("subject"), self.value("id")


def split(text: str) -> tuple[str, tuple[Block, ...]]:
    """The file's head, and its entries in the order of the file."""
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if _ENTRY.match(line)]
    begins = []
    for start in starts:
        while start and lines[start - 1].lstrip().startswith("#"):
            start -= 1
        begins.append(start)
    head = "\n".join(lines[: begins[0]] if begins else lines).strip() + "\n"
    ends = [*begins, len(lines)][1:]  # none where there are no entries
    blocks = [Block(_trimmed(lines[a:b])) for a, b in zip(begins, ends, strict=True)]
    return head, tuple(blocks)


def _trimmed(lines: list[str]) -> tuple[str, ...]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return tuple(lines)


def joined(head: str, blocks: Iterable[Block]) -> str:
    """The whole file, entries sorted by code and subject."""
    parts = [head.strip(), *("\n".join(b.lines) for b in sorted(blocks, key=lambda b: b.sort_key))]
    return "\n\n".join(parts) + "\n"


def entry(finding: Finding, acceptance: Acceptance, since: str) -> Block:
    """A new entry. `since` and the acceptance's days are dates as in 2027-03-31; no last day is written as "never"."""
    return Block(
        (
            "[[accepted]]",
            f"id = {quoted(finding.id)}",
            f"code = {quoted(finding.code)}",
            f"subject = {quoted(subject(finding))}",
            f"message = {quoted(finding.message)}",
            f"reason = {quoted(acceptance.reason)}",
            f"author = {quoted(acceptance.author)}",
            f"since = {since}",
            f"expires = {acceptance.expires or quoted(NEVER)}",
        )
    )


def renewed(block: Block, expires: str) -> Block:
    """The entry with another last day, and all else as it was."""
    day = expires or quoted(NEVER)
    written = re.compile(r"(\s*expires\s*=\s*)(?:\"[^\"]*\"|'[^']*'|\d{4}-\d\d-\d\d)")
    return replace(
        block, lines=tuple(written.sub(lambda m: m[1] + day, line, count=1) for line in block.lines)
    )


def subject(finding: Finding) -> str:
    """What the finding is about, for people: table and column or index, else the model."""
    inner = finding.column or finding.index
    named = f"{finding.table}.{inner}" if finding.table and inner else finding.table or inner
    return named or finding.model


def quoted(text: str) -> str:
    """A basic string of TOML, in which nothing of the text is markup."""
    escapes: Mapping[str, str] = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(c) or (c if c.isprintable() else _escaped(c)) for c in text) + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    return "\\uFFFD" if 0xD800 <= code <= 0xDFFF else f"\\U{code:08X}"
