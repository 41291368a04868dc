"""Inside a line of Markdown: code spans, emphasis, identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from trueup.structs import Struct

IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]*"
_SPAN = re.compile(r"(?<!`)(`{1,3})(?!`)(.{1,2000}?)(?<!`)\1(?!`)", re.DOTALL)
_STARS = re.compile(r"(\*{1,3})(?=[^\s*])([^\n*]{0,500}?[^\s*])\1(?!\*)")
_UNDERSCORES = re.compile(r"(?<![\w\])>])(_{1,3})(?=[^\s_])([^\n]{0,500}?[^\s_])\1(?!\w)")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,400})\]\(([^()\s]{0,1000})(?:\s+\"[^\"\n]*\")?\)")


class Span(Struct, frozen=True):
    """A code span: its text, where it starts and ends (backticks included) in the text it was found in."""

    text: str
    start: int
    end: int


def code_spans(text: str) -> Iterator[Span]:
    for match in _SPAN.finditer(text):
        yield Span(match[2].strip(), match.start(), match.end())


def line_of(text: str, offset: int, first: int) -> int:
    """The line number of an offset in a text that begins at line `first`."""
    return first + text.count("\n", 0, offset)


def plain(text: str) -> str:
    """Without emphasis, code marks, links' targets and surrounding space: what a reader sees."""
    text = _LINK.sub(lambda m: m[1], text)
    text = _STARS.sub(lambda m: m[2], text.replace("`", "").replace("~~", ""))
    return re.sub(r"[ \t]+", " ", _UNDERSCORES.sub(lambda m: m[2], text).replace("\\_", "_")).strip()


@lru_cache(maxsize=4096)
def label(text: str) -> str:
    """A heading's or field's words for looking up: lower case letters and digits only, numbering and signs left out.
    "## 3. **Acceptance  Criteria** ✅:" → "acceptance criteria"."""
    numbered = re.sub(r"^\W*(?:\d+(?:\.\d+)*[.)]?|[a-z]\))\s+", "", plain(text).lower().replace("_", " "))
    words = re.sub(r"[^\w\s/&-]", " ", numbered)
    return re.sub(r"\s+", " ", words).strip(" -&/")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """(offset, sentence) pairs; a code span is never cut. Lines of a list-like paragraph are sentences of their own."""
    start = 0
    for match in re.finditer(r"(?:[.!?](?=\s)|\n)", _masked(text)):
        if text[start : match.end()].strip():
            yield start, text[start : match.end()]
        start = match.end()
    if text[start:].strip():
        yield start, text[start:]


def _masked(text: str) -> str:
    """The text with what stands in code spans made harmless, at the same offsets."""
    return _SPAN.sub(lambda m: "x" * len(m[0]), text)
