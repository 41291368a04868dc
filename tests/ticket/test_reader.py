"""A ticket of the kind that asks for an audit, part by part."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trueup.errors import TargetError
from trueup.model.locations import Gap, Location
from trueup.model.ticket import Criterion, Ticket, TicketLink, TicketPhase
from trueup.sources.ticket.reader import read_ticket

FILE = "docs/Tickets/Big Feature/Audit/1004-audit-schema-DONE.md"
TICKET = """# Audit Database Schema

**Ticket ID**: Audit/1004-audit-schema\x20\x20
**Date Created**: 2025-01-26\x20\x20
**Status**: Not Started\x20\x20

## Title
Audit the *Schema* for Costs

## Description
Assess the schema against SPEC.md.

The audit must determine:
- Whether required tables exist (ai_costs, ai_budgets)
- Whether models exist

Expected outcomes:
- Complete inventory

## Related Documentation
- [ ] docs/SPEC.md - Target schema
- [x] docs/ISUES.md - Known issues
- [ ] Laravel documentation - best practices

## Related Files
- [ ] database/migrations/ - All migrations
- [ ] database/migrations/*_create_{users,ai_costs}_table.php - the tables
- [ ] database/migrations/[new]_add_keys.php - Add keys
- [ ] src/Models/Cost.php - CREATE: the model
- [ ] config/database.php - Configuration
- [ ] [Issues](../../../ISSUES.md) - by link

## Acceptance Criteria
- [ ] Complete inventory of existing vs required tables
- [x] Assessment of compliance with specification
- [ ] Evaluation of migrations
- [ ] Performance analysis of indexes
- [ ] Creation of Implementation phase tickets in: docs/Tickets/Big Feature/Implementation/
- [ ] Creation of Test Cleanup phase tickets in: docs/Tickets/Big Feature/Test Cleanup/
- [ ] All new tickets must use template: docs/Tickets/template.md
- [ ] All new tickets must follow numbering: 1010+ for Implementation, 1043+ for Test Cleanup

## AI Prompt
```
Please read this ticket fully: docs/Tickets/Big Feature/Audit/1004-audit-schema.md, including the title.

- Template Location: docs/Tickets/template.md
- Implementation Tickets: docs/Tickets/Big Feature/Implementation/ (numbering 1012+)

1. Compare against SPEC.md
```

## Notes
The `ai_costs` table is new.

## Estimated Effort
Medium (4-8 hours)

## Dependencies
- [ ] 1003-audit-services - needed first
- [ ] None of the others
"""
PROJECT = {
    "docs/SPEC.md": "",
    "docs/ISSUES.md": "",
    "docs/Tickets/template.md": "",
    "docs/Tickets/Big Feature/Implementation/1010-x.md": "",
    "database/migrations/2024_create_users_table.php": "",
    "database/migrations/2024_create_ai_costs_table.php": "",
    "config/ai.php": "",
    "vendor/a/docs/SPEC.md": "",
}


def at(line: int) -> Location:
    return Location(FILE, line)


def write(root: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        path = root / name
        os.makedirs(path.parent, exist_ok=True)
        path.write_bytes(text.encode())
    return str(root)


@pytest.fixture
def ticket(tmp_path: Path) -> Ticket:
    root = write(tmp_path, {**PROJECT, FILE: TICKET})
    return read_ticket(os.path.join(root, FILE), root)


def test_fields_and_texts(ticket: Ticket) -> None:
    assert (
        ticket.path,
        ticket.id,
        ticket.title,
        ticket.status,
        ticket.date,
        ticket.effort,
        ticket.notes,
    ) == (
        FILE,
        "Audit/1004-audit-schema",
        "Audit the Schema for Costs",
        "Not Started",
        "2025-01-26",
        "Medium (4-8 hours)",
        "The `ai_costs` table is new.",
    )
    assert ticket.description.startswith(
        "Assess the schema against SPEC.md.\n\nThe audit must determine:\n- Whether"
    )
    assert ticket.description.endswith("- Complete inventory")
    assert ticket.questions == (
        "Whether required tables exist (ai_costs, ai_budgets)",
        "Whether models exist",
    )
    assert ticket.tables == ("ai_costs", "ai_budgets")
    assert ticket.dependencies == ("1003-audit-services - needed first",)
    assert ticket.prompt.startswith("Please read this ticket fully:")
    assert ticket.prompt.endswith("1. Compare against SPEC.md")
    assert ticket.sections[:4] == (
        ("Audit Database Schema", 1),
        ("Title", 7),
        ("Description", 10),
        ("Related Documentation", 20),
    )


def test_every_path_is_looked_up(ticket: Ticket) -> None:
    new = "[new]_add_keys.php - Add keys"
    folder = "docs/Tickets/Big Feature"
    assert [(n.path, n.list, n.at.line, n.exists, n.matches, n.nearest, n.planned) for n in ticket.links] == [
        ("docs/SPEC.md", "Description", 11, True, 1, None, False),
        ("docs/SPEC.md", "Related Documentation", 21, True, 1, None, False),
        ("docs/ISUES.md", "Related Documentation", 22, False, 0, "docs/ISSUES.md", False),
        (None, "Related Documentation", 23, None, 0, None, False),
        ("database/migrations/", "Related Files", 26, True, 2, None, False),
        (
            "database/migrations/*_create_{users,ai_costs}_table.php",
            "Related Files",
            27,
            True,
            2,
            None,
            False,
        ),
        ("database/migrations/[new]_add_keys.php", "Related Files", 28, False, 0, None, True),
        ("src/Models/Cost.php", "Related Files", 29, False, 0, None, True),
        ("config/database.php", "Related Files", 30, False, 0, None, False),
        ("docs/ISSUES.md", "Related Files", 31, True, 1, None, False),
        (f"{folder}/Implementation/", "Acceptance Criteria", 38, True, 1, None, False),
        (f"{folder}/Test Cleanup/", "Acceptance Criteria", 39, False, 0, None, True),
        ("docs/Tickets/template.md", "Acceptance Criteria", 40, True, 1, None, False),
        (f"{folder}/Audit/1004-audit-schema.md", "AI Prompt", 45, False, 0, FILE, False),
        ("docs/Tickets/template.md", "AI Prompt", 47, True, 1, None, False),
        (f"{folder}/Implementation/", "AI Prompt", 48, True, 1, None, False),
        ("docs/SPEC.md", "AI Prompt", 50, True, 1, None, False),
    ]
    assert ticket.links[2] == TicketLink(
        "docs/ISUES.md - Known issues",
        "docs/ISUES.md",
        "Related Documentation",
        at(22),
        True,
        False,
        0,
        "docs/ISSUES.md",
    )
    assert ticket.links[6].text.endswith(new)


def test_criteria_and_what_they_ask_about(ticket: Ticket) -> None:
    assert ticket.criteria[1] == Criterion(
        "Assessment of compliance with specification", at(35), True, "compliance"
    )
    assert [c.topic for c in ticket.criteria] == [
        "inventory",
        "compliance",
        "migrations",
        "performance",
        "tickets",
        "tickets",
        "template",
        "numbering",
    ]


def test_rules_for_further_tickets(ticket: Ticket) -> None:
    assert ticket.template is not None
    assert (ticket.template.path, ticket.template.exists, ticket.template.at.line) == (
        "docs/Tickets/template.md",
        True,
        40,
    )
    assert ticket.phases == (
        TicketPhase("Implementation", "docs/Tickets/Big Feature/Implementation/", 1010, at(38)),
        TicketPhase("Test Cleanup", "docs/Tickets/Big Feature/Test Cleanup/", 1043, at(39)),
    )
    line = "- Implementation Tickets: docs/Tickets/Big Feature/Implementation/ (numbering 1012+)"
    assert ticket.gaps == (
        Gap(
            at(48),
            "first number of phase Implementation: 1012 here, 1010 in line 41, which is used",
            "contradiction",
            line,
        ),
    )


VARIANT = """---
id: T-7
title: "Check things"
status: open
date: 2024-01-01
effort: 2 days
depends on:
  - T-5
  - T-6
---
**Description**

Look at the `users` table.

**ACCEPTANCE CRITERIA:**

* [X] All done
1. Second
   - [ ] inner

### related tests ###

* `tests/Feature/UserTest.php`: the user

Prompt
------
Do it. See docs/a.md.
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_other_ways_to_write_a_ticket(tmp_path: Path, ending: str) -> None:
    text = "\ufeff" + VARIANT.replace("\n", ending)
    root = write(tmp_path, {"t.md": text, "tests/Unit/UserTest.php": "", "docs/a.md": ""})
    ticket = read_ticket(os.path.join(root, "t.md"), root)
    assert (ticket.id, ticket.title, ticket.status, ticket.date, ticket.effort) == (
        "T-7",
        "Check things",
        "open",
        "2024-01-01",
        "2 days",
    )
    assert (ticket.description, ticket.tables, ticket.dependencies) == (
        "Look at the `users` table.",
        ("users",),
        ("T-5", "T-6"),
    )
    assert [(c.text, c.at.line, c.checked) for c in ticket.criteria] == [
        ("All done", 17, True),
        ("Second", 18, False),
        ("inner", 19, False),
    ]
    assert [(n.path, n.list, n.exists, n.nearest) for n in ticket.links] == [
        ("tests/Feature/UserTest.php", "related tests", False, "tests/Unit/UserTest.php"),
        ("docs/a.md", "Prompt", True, None),
    ]
    assert ticket.prompt == "Do it. See docs/a.md."


EXPECTED = (
    'expected a Markdown ticket: fields like "**Ticket ID**: ..." and sections like "## Description",'
    ' "## Acceptance Criteria"'
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x00\x00", f"x.md:2: is a binary file, not text ({EXPECTED})"),
        (b"", f"x.md:1: not an audit ticket: the file is empty ({EXPECTED})"),
        (
            b"\nJust words.\n",
            f"x.md:2: not an audit ticket: the file has no headings and no fields ({EXPECTED})",
        ),
        (
            b"<?php\necho 1;\n",
            f"x.md:1: not an audit ticket: the file has no headings and no fields ({EXPECTED})",
        ),
        (
            b"text\n\n# A README\n\n## Installation\n\n## Overview\n",
            f"x.md:3: not an audit ticket: no ticket id, no acceptance criteria, no related files, no prompt ({EXPECTED})",
        ),
    ],
)
def test_what_is_no_ticket_is_told_with_its_line(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "x.md").write_bytes(content)
    with pytest.raises(TargetError) as caught:
        read_ticket(str(tmp_path / "x.md"), str(tmp_path))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("name", "problem"),
    [("gone.md", "can't be read: No such file or directory"), (".", "is a folder, not a ticket")],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, problem: str) -> None:
    with pytest.raises(TargetError) as caught:
        read_ticket(str(tmp_path / name), str(tmp_path))
    assert str(caught.value) == f"{name}: {problem} ({EXPECTED})"


def test_old_encodings_are_read(tmp_path: Path) -> None:
    text = "# Größe\n\n**Ticket ID**: 1\n\n## Description\nÜber `a` table\n"
    for name, encoding in (("a.md", "latin-1"), ("b.md", "utf-16"), ("c.md", "utf-8-sig")):
        (tmp_path / name).write_bytes(text.encode(encoding))
        assert read_ticket(str(tmp_path / name), str(tmp_path)).title == "Größe"
