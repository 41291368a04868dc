"""Text of a project made safe for a terminal, and small words that several reports need."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trueup.model.schema import Schema


def plain(text: str) -> str:
    """One line of project text without control characters: escape sequences become visible, line breaks spaces."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c in "\n\r\t" else f"\\x{ord(c):02x}" for c in text)


def plain_lines(text: str) -> str:
    """Text of several lines without control characters but line breaks and tabs: escape sequences become visible."""
    return "".join(c if c in "\n\t" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def counted(number: int, noun: str, plural: str = "") -> str:
    """ "1 table", "3 tables", "2 indexes"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: tuple[str, ...] | list[str]) -> str:
    """ "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def remarks(schema: Schema, sign: str) -> list[str]:
    """What a diagram or DDL can't show, as comments that begin with `sign`: views and the like, what would fail, what was not
    understood."""
    lines = [f"also made by the migrations: {note.kind} {note.name} ({note.at})" for note in schema.notes]
    lines.extend(
        f"would fail: {failure.migration} ({failure.at}): {failure.reason}" for failure in schema.failures
    )
    lines.extend(f"not understood: {gap.at}: {gap.reason}" for gap in sorted(schema.gaps))
    return [f"{sign} {plain(line)}" for line in lines]
