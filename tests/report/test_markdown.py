"""Nothing that a project says becomes markup in a report."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from trueup.report.markdown import code, escape, table
from trueup.report.plain import plain

TEXT = st.text(alphabet=st.sampled_from(list("ab1 -+.*_`|\\<>[](){}#!&$@~:/\"'=\x1b\n\té")), max_size=25)
PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def shown(tokens: list[Token]) -> str:
    """The text that a reader sees."""
    inline = [child for token in tokens for child in token.children or []]
    allowed = {"text", "code_inline"}
    assert {child.type for child in inline} <= allowed, [child.type for child in inline]
    return "".join(child.content for child in inline)


def squeezed(text: str) -> str:
    """Without spaces and backquotes, which markup may move or take."""
    return re.sub(r"[\s`]+", "", text)


@given(TEXT)
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    assert squeezed(shown(PARSER.parse("x " + escape(text)))) == squeezed("x " + plain(text))


@given(TEXT)
def test_code_is_shown_as_it_is(text: str) -> None:
    assert squeezed(shown(PARSER.parse(f"x {code(text)}"))) == squeezed("x " + plain(text))


@given(st.lists(TEXT, min_size=3, max_size=3))
def test_a_cell_never_ends_its_row(cells: list[str]) -> None:
    text = table(("a", "b", "c"), [[escape(cells[0]), code(cells[1]), escape(cells[2])]])
    tokens = PARSER.parse(text)
    assert sum(1 for token in tokens if token.type == "td_open") == 3
    assert sum(1 for token in tokens if token.type == "tr_open") == 2


@given(st.text(max_size=40))
def test_plain_text_is_printable(text: str) -> None:
    assert all(c.isprintable() for c in plain(text))
