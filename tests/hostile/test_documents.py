"""Documents written to take long: each is read within seconds, and where its end was not looked into, a gap says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.guard import hung
from trueup.model.locations import Gap, Location
from trueup.sources.markdown.blocks import MAX_LINE
from trueup.sources.spec.document import read_document
from trueup.sources.ticket.reader import read_ticket
from trueup.tickets.template import read_template

TICKET = "**Ticket ID**: 1001\n\n## Description\n\nx\n\n## Acceptance Criteria\n\n"
BLANKS = " " * 4_000
FORMS = {
    "one line of words": "the orders table has a column `a` and " * 5_000,
    "one line of blanks": "- adding " + BLANKS * 40 + "x",
    "columns that lack": ("- `orders` is missing" + BLANKS + "x\n") * 30,
    "keys": "## Indexes\n\n" + ("- primary key" + BLANKS + "(a\n") * 30,
    "names of keys": "## Indexes\n\n" + ("- " + "_" * 4_000 + "\n") * 30,
    "paths": ("a/" * 2_000 + "\n") * 20,
    "phases": ("- " + "Aa " * 1_300 + "\n") * 30,
    "styles": "```mermaid\nerDiagram\n" + (' "a" [ "a" ] :::' + BLANKS + "\n") * 30 + "```\n",
    "digits": "```sql\nCREATE TABLE a (x decimal(" + "1" * 100_000 + "a\n```\n",
    "brackets": "```sql\nCREATE TABLE a (x int default " + "(" * 50_000 + "\n```\n",
    "cells": "| column | type |\n|---|---|\n" + ("| a | " + "(" * 3_000 + " |\n") * 40,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_documents_are_read_within_seconds(tmp_path: Path, form: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(TICKET + form)
    readers: list[tuple[str, Callable[[], object]]] = [
        ("document", lambda: read_document(form, "a.md")),
        ("ticket", lambda: read_ticket(str(file), str(tmp_path))),
        ("template", lambda: read_template(TICKET + form)),
    ]
    assert hung(readers) == ""


def test_the_end_of_a_long_line_is_a_gap(tmp_path: Path) -> None:
    line = "a " * MAX_LINE
    gap = Gap(Location("a.md", 3), "the line is longer than 5,000 characters: its end is not read", "limit")
    assert read_document(f"# A\n\n{line}\n", "a.md").gaps == [gap]
    file = tmp_path / "a.md"
    file.write_text(f"{TICKET}- {line}\n")
    assert [(g.at.line, g.reason) for g in read_ticket(str(file), str(tmp_path)).gaps] == [(9, gap.reason)]


def test_long_lines_of_code_are_read_whole() -> None:
    columns = ", ".join(f"column_{number} int" for number in range(1_000))
    read = read_document(f"```sql\nCREATE TABLE a ({columns});\n```\n", "a.md")
    assert [len(table.columns) for table, _ in read.tables] == [1_000]
    assert read.gaps == []
