"""Paths in a ticket's text."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.errors import TargetError
from trueup.sources.ticket.criteria import topic_of
from trueup.sources.ticket.lookup import Found, Lookup
from trueup.sources.ticket.paths import entry_path, find_paths
from trueup.sources.ticket.phases import Line, read_phases
from trueup.sources.ticket.reader import read_ticket


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see docs/a.md and src/B.php, then config/ai.php.", ["docs/a.md", "src/B.php", "config/ai.php"]),
        (
            "in: docs/Planning/Tickets/Budget Cost Tracking/Test Cleanup/ (numbering 1+)",
            ["docs/Planning/Tickets/Budget Cost Tracking/Test Cleanup/"],
        ),
        ("`database/migrations/*.php`", ["database/migrations/*.php"]),
        ("**src/Models/**", ["src/Models/"]),
        ("against SPECIFICATION.md.", ["SPECIFICATION.md"]),
        ("input/output tokens, 2/3 done, provider/model, and/or, N/A", []),
        ("https://laravel.com/docs/a.md and http://x.y/z.php", []),
        ("App\\Models\\User::find() and `$app/x`", []),
        ("docs/<Feature>/<Phase>/####-short.md", ["docs/<Feature>/<Phase>/####-short.md"]),
        ("./docs/a.md:45", ["./docs/a.md"]),
        ("packages/x/src/y.php", ["packages/x/src/y.php"]),
        ("MySQL/PostgreSQL", []),
    ],
)
def test_paths_in_running_text(text: str, expected: list[str]) -> None:
    assert [p.path for p in find_paths(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("src/Models/ - Eloquent models", "src/Models/"),
        ("phpunit.xml - MODIFY: x", "phpunit.xml"),
        (".mcp.json - configuration", ".mcp.json"),
        ("`config/ai.php`: settings", "config/ai.php"),
        ("[The spec](docs/SPEC.md#schema) - x", "docs/SPEC.md"),
        ("[The site](https://laravel.com) - x", None),
        ("docs/Big Feature/A B.md - x", "docs/Big Feature/A B.md"),
        ("src/a.php (lines 1-2)", "src/a.php"),
        ("Laravel Migration documentation - x", None),
        ("MySQL/PostgreSQL Index Documentation - x", None),
        ("All existing tests - x", None),
        ("UserService::find() - x", None),
    ],
)
def test_the_path_that_an_entry_begins_with(text: str, expected: str | None) -> None:
    found = entry_path(text)
    assert (found.path if found else None) == expected


@pytest.fixture
def lookup(tmp_path: Path) -> Lookup:
    for name in (
        "docs/a/b.md",
        "docs/x/1115-add-keys-DONE.md",
        "src/Models/User.php",
        "vendor/v/w.md",
        "src/deep/er/C.php",
    ):
        os.makedirs((tmp_path / name).parent, exist_ok=True)
        (tmp_path / name).write_text("")
    os.symlink(tmp_path, tmp_path / "docs/loop")
    return Lookup(str(tmp_path), "docs/a")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docs/a/b.md", Found("docs/a/b.md", True, 1)),
        ("src/", Found("src/", True, 2)),
        ("src/**/*.php", Found("src/**/*.php", True, 2)),
        ("src/*.php", Found("src/*.php", False, 0)),
        ("docs/{a,x}/*.md", Found("docs/{a,x}/*.md", True, 2)),
        ("b.md", Found("docs/a/b.md", True, 1)),
        ("../x/1115-add-keys-DONE.md", Found("docs/x/1115-add-keys-DONE.md", True, 1)),
        (
            "docs/x/1010-add-keys.md",
            Found("docs/x/1010-add-keys.md", False, 0, "docs/x/1115-add-keys-DONE.md"),
        ),
        ("app/Models/User.php", Found("app/Models/User.php", False, 0, "src/Models/User.php")),
        ("src/Model/", Found("src/Model/", False, 0, "src/Models")),
        ("w.md", Found("w.md", False, 0)),
        ("/etc/passwd", Found("/etc/passwd", None)),
        ("../../../etc/passwd", Found("../../../etc/passwd", None)),
        ("~/x", Found("~/x", None)),
    ],
)
def test_looking_up(lookup: Lookup, path: str, expected: Found) -> None:
    assert lookup.find(path) == expected


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Complete inventory of existing vs required database tables", "inventory"),
        ("Assessment of table schema structure and compliance with specification", "compliance"),
        ("Evaluation of database migrations completeness and correctness", "migrations"),
        ("Analysis of Eloquent model implementations and relationships", "models"),
        ("Performance analysis of database indexes and query optimization", "performance"),
        ("Gap analysis with specific database implementation issues", "gap-analysis"),
        ("Recommendations for Implementation phase tickets", "recommendations"),
        ("Creation of Cleanup phase tickets in: docs/x/", "tickets"),
        ("All new tickets must use template: docs/t.md", "template"),
        ("All new tickets must follow numbering: 1010+ for X", "numbering"),
        ("Factories and seeders exist", "factories"),
        ("The database can support real cost tracking", "capability"),
        ("All tests pass", "tests"),
        ("Everybody is happy", ""),
    ],
)
def test_topics(text: str, topic: str) -> None:
    assert topic_of(text) == topic


def test_phases_from_the_prompt_alone() -> None:
    lines = [
        Line("- Implementation Tickets: docs/I/ (numbering 7+)", 3, True),
        Line("- Numbering: 1000s for Budgets", 4, True),
    ]
    phases, gaps = read_phases(lines, "t.md")
    assert ([(p.name, p.folder, p.first_number, p.at.line) for p in phases], gaps) == (
        [("Implementation", "docs/I/", 7, 3)],
        (),
    )


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet="ab/.*{}[]<># -`:()1\\~$", max_size=120))
def test_any_text_has_paths_or_none(text: str) -> None:
    assert all(text[p.offset :].startswith(p.path) for p in find_paths(text))
    entry_path(text)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "# A\n",
                "## Description\n",
                "**Ticket ID**: 1\n",
                "## Acceptance Criteria\n",
                "- [ ] docs/*.md\n",
                "  - [x] a `b` table\n",
                "```\n",
                "## AI Prompt\n",
                "---\n",
                "id: 1\n",
                "| Status | open |\n|---|---|\n",
                "## Related Files\n",
                "- ../../x/{a,b}/**/y.php\n",
                "\n",
                "\x00",
                "10+ for A, 11+ for B\n",
                "Creation of A tickets in: docs/a/\n",
                "> q\n",
            ]
        ),
        max_size=25,
    )
)
def test_any_ticket_is_read_or_refused(pieces: list[str]) -> None:
    with tempfile.TemporaryDirectory() as root:
        path = os.path.join(root, "t.md")
        Path(path).write_text("".join(pieces), encoding="utf-8")
        with suppress(TargetError):
            read_ticket(path, root)
