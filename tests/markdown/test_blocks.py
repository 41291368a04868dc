"""Markdown comes out as blocks with their lines, headings and leads."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.sources.markdown.blocks import Fence, Heading, Item, Paragraph, PipeTable, Row, read_blocks

DOCUMENT = """---
title: "A spec"
tags:
  - db
---
# Top

Some *text*
on two lines.

## Part

**Missing**:
- [ ] one `x`
  - [x] inner
1. two

```SQL
SELECT 1;
```

| Column | Type |
|--------|------|
| a \\| b | int |

- item
  ```php
  $x;
  ```
"""


def test_every_block_has_its_line_and_what_stands_above_it() -> None:
    document = read_blocks(DOCUMENT)
    part = ("Top", "Part")
    assert document.front_matter == (("title", "A spec", 2), ("tags", "db", 3))
    assert document.title == "Top"
    assert document.blocks == (
        Heading("Top", 6, 1),
        Paragraph("Some *text*\non two lines.", 8, ("Top",)),
        Heading("Part", 11, 2, ("Top",)),
        Paragraph("**Missing**:", 13, part),
        Item("one `x`", 14, 1, False, False, "**Missing**:", part),
        Item("inner", 15, 2, False, True, "one `x`", part),
        Item("two", 16, 1, True, None, "inner", part),
        Fence("SELECT 1;\n", 19, "sql", True, "two", 16, part),
        PipeTable(Row(("Column", "Type"), 22), (Row(("a | b", "int"), 24),), 22, "two", 16, part),
        Item("item", 26, 1, False, None, "two", part),
        Fence("$x;\n", 28, "php", True, "item", 26, part),
    )


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_line_endings_and_marks_at_the_start_move_no_line(ending: str) -> None:
    text = "\ufeff" + ending.join(["# A", "", "```sql", "X", "```", "", "last"])
    assert read_blocks(text).blocks == (
        Heading("A", 1, 1),
        Fence("X\n", 4, "sql", True, "", 0, ("A",)),
        Paragraph("last", 7, ("A",)),
    )


def test_a_fence_that_the_document_cuts_off_is_not_closed() -> None:
    assert read_blocks("```sql\nCREATE TABLE a (").blocks == (Fence("CREATE TABLE a (", 2, "sql", False),)


def test_setext_headings_and_rules_are_told_from_front_matter() -> None:
    assert read_blocks("A\n===\n\n---\n\nb").blocks == (Heading("A", 1, 1), Paragraph("b", 6, ("A",)))


def test_long_documents_keep_their_lines() -> None:
    filler = "text `code` and more text\n\n" * 30_000
    document = read_blocks(f"# A\n\n{filler}## B\n\n```sql\nX\n```\n")
    assert document.blocks[-2:] == (
        Heading("B", 60_003, 2, ("A",)),
        Fence("X\n", 60_006, "sql", True, "", 0, ("A", "B")),
    )


@pytest.mark.parametrize(
    "text",
    [
        "- a\n" * 130_000,
        "| a | b |\n|---|---|\n" + "| x | y |\n" * 300_000,
        "a\n" * 1_000_000,
        "> " * 50_000,
        "[" * 300_000,
    ],
    ids=["list", "table", "paragraph", "quotes", "brackets"],
)
def test_megabytes_of_anything_are_read_in_seconds_or_left_with_a_line(text: str) -> None:
    started = time.process_time()
    document = read_blocks(text)
    assert time.process_time() - started < 10
    assert document.unread_from in (0, 1) or document.unread_from <= text.count("\n") + 1


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="#`~-*|>[]()\n \t\r\x00ab1.:\\<'\"", max_size=300))
def test_any_text_is_markdown(text: str) -> None:
    document = read_blocks(text)
    last = len(document.lines)
    assert all(1 <= block.line <= last + 1 for block in document.blocks)
