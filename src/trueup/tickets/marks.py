"""The mark at the end of a file that Trueup wrote: which piece of work it is about, and whether a person has edited it since.

An HTML comment, so that no reader of the ticket sees it, and no file of state is needed: tickets may be renamed and moved
between machines. Pure."""

from __future__ import annotations

import hashlib
import re

from trueup.structs import Struct

_MARK = re.compile(
    r"\n?<!-- trueup (?P<what>[a-z]+): (?P<key>[^\n>]*?); text (?P<digest>[0-9a-f]{16})(?P<closed>; closed)? -->\n?"
)


class Mark(Struct, frozen=True):
    """`what`: "ticket", "proposal" or "plan". `edited`: the text is not the one that was written, whose digest is `written`."""

    what: str
    key: str
    edited: bool
    closed: bool = False
    written: str = ""


def digest(text: str) -> str:
    """16 hex digits over a text, blank space at the ends of lines and of the text left out: editors strip it."""
    lines = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip("\n")
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def marked(text: str, what: str, key: str, *, closed: bool = False) -> str:
    """The text with its mark at the end."""
    shown = re.sub(r"[\n>;]|--", " ", key)
    end = "; closed" if closed else ""
    return f"{text.rstrip()}\n\n<!-- trueup {what}: {shown}; text {digest(text)}{end} -->\n"


def read_mark(text: str) -> Mark | None:
    """The mark of a text, or None where it has none."""
    found = next(reversed(list(_MARK.finditer(text))), None)
    if found is None:
        return None
    edited = digest(text[: found.start()] + text[found.end() :]) != found["digest"]
    return Mark(found["what"], found["key"], edited, bool(found["closed"]), found["digest"])


def without_mark(text: str) -> str:
    return _MARK.sub("\n", text).rstrip() + "\n"
