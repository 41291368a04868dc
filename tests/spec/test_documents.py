"""Which documents are the specification, and why."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trueup.errors import TargetError
from trueup.model.spec import SpecDocument
from trueup.sources.spec.documents import find_documents, undedicated
from trueup.sources.ticket.reader import read_ticket

SQL = "# {title}\n\n```sql\nCREATE TABLE {name} (id INT);\n```\n"
FILES = {
    "README.md": SQL.format(title="Package", name="a"),
    "docs/COST_SPECIFICATION.md": SQL.format(title="Costs", name="costs"),
    "docs/database/overview.md": SQL.format(title="Database schema", name="b")
    + "```sql\nCREATE TABLE c (id INT);\n```\n",
    "docs/schema-words.md": "# Schema\n\nNothing is defined here.\n",
    "docs/Audit/SPECIFICATION_COMPLIANCE_REPORT.md": SQL.format(title="Compliance", name="d"),
    "docs/Sprint1-Done.md": SQL.format(title="Sprint 1 database", name="e"),
    "docs/tutorial/database.md": SQL.format(title="Database tutorial", name="f"),
    "docs/ISSUES.md": SQL.format(title="Issues", name="g"),
    "docs/model.dbml": "Table h {\n  id int\n}\n",
    "src/DATABASE.md": SQL.format(title="Database", name="i"),
}
TICKET = """# Audit

**Ticket ID**: Audit/1-x

## Description
Compare with the specifications in COST_SPECIFICATION.md.

## Related Documentation
- [ ] docs/ISSUES.md - Known issues
- [ ] docs/COST_SPECIFICATION.md - Target schema
- [ ] docs/GONE.md - not there
- [ ] docs/Audit/SPECIFICATION_COMPLIANCE_REPORT.md - an earlier report
- [ ] Laravel documentation

## Acceptance Criteria
- [ ] All new tickets must use template: docs/template.md
"""


@pytest.fixture
def project(tmp_path: Path) -> str:
    for name, text in {**FILES, "docs/template.md": "# Template\n", "docs/Tickets/1-x.md": TICKET}.items():
        path = tmp_path / name
        os.makedirs(path.parent, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(tmp_path)


MARKDOWN = sorted(n for n in FILES if n.endswith(".md"))


def test_the_ticket_s_documents_the_target_first(project: str) -> None:
    ticket = read_ticket(os.path.join(project, "docs/Tickets/1-x.md"), project)
    assert find_documents(project, MARKDOWN, ticket) == (
        SpecDocument(
            "docs/COST_SPECIFICATION.md",
            'named by the ticket as its target ("Related Documentation", line 10)',
            True,
        ),
        SpecDocument("docs/ISSUES.md", 'named by the ticket ("Related Documentation", line 9)'),
    )


def test_given_documents_follow_those_of_the_ticket(project: str) -> None:
    ticket = read_ticket(os.path.join(project, "docs/Tickets/1-x.md"), project)
    found = find_documents(project, MARKDOWN, ticket, ("README.md", "docs/ISSUES.md"))
    assert [(d.path, d.why, d.target) for d in found][1:] == [
        ("docs/ISSUES.md", 'named by the ticket ("Related Documentation", line 9), and --spec', False),
        ("README.md", "--spec", False),
    ]


def test_given_documents_alone_the_first_is_the_target(project: str) -> None:
    found = find_documents(project, MARKDOWN, None, (os.path.join(project, "docs/ISSUES.md"), "README.md"))
    assert found == (SpecDocument("docs/ISSUES.md", "--spec", True), SpecDocument("README.md", "--spec"))


def test_dedicated_documents_that_define_tables_are_found(project: str) -> None:
    rest = "; 5 more that define tables are no dedicated specifications: README.md, docs/Audit/SPECIFICATION_COMPLIANCE_REPORT.md,"
    rest += " docs/ISSUES.md, docs/Sprint1-Done.md"
    assert find_documents(project, [m for m in MARKDOWN if m != "src/DATABASE.md"]) == (
        SpecDocument("docs/COST_SPECIFICATION.md", f"found: a dedicated document that defines 1 table{rest}"),
        SpecDocument("docs/database/overview.md", "found: a dedicated document that defines 2 tables"),
        SpecDocument("docs/model.dbml", "found: a dedicated document that defines 1 table"),
    )


def test_outside_of_the_documentation_s_folders_nothing_is_found(project: str) -> None:
    assert [d.path for d in find_documents(project, ["src/DATABASE.md"])] == ["docs/model.dbml"]


def test_hidden_folders_hold_notes_for_tools(project: str) -> None:
    hidden = Path(project) / ".claude" / "docs"
    hidden.mkdir(parents=True)
    (hidden / "DATABASE.md").write_bytes((Path(project) / "docs/database/overview.md").read_bytes())
    documents = [*MARKDOWN, ".claude/docs/DATABASE.md"]
    assert ".claude/docs/DATABASE.md" not in [d.path for d in find_documents(project, documents)]
    assert "docs/database/overview.md" in [d.path for d in find_documents(project, documents)]


def test_nothing_is_found_in_nothing(tmp_path: Path) -> None:
    assert find_documents(str(tmp_path), []) == ()


def test_every_mistaken_document_is_told_at_once(project: str) -> None:
    (Path(project) / "image.md").write_bytes(b"\x89PNG\x00\x00")
    with pytest.raises(TargetError) as caught:
        find_documents(project, MARKDOWN, None, ("docs/COST_SPEC.md", "docs", "image.md", "README.md"))
    assert [str(m) for m in caught.value.mistakes] == [
        "--spec docs/COST_SPEC.md: no such file (did you mean docs/COST_SPECIFICATION.md?)",
        "--spec docs: is a folder (expected a Markdown, SQL or DBML file)",
        "--spec image.md: a binary file, no document (expected a Markdown, SQL or DBML file)",
    ]


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


MADE = "<?php Schema::create('{0}', function ($t) {{ $t->id(); }});"


def test_a_hidden_document_counts_if_the_migrations_make_its_tables(tmp_path: Path) -> None:
    hidden = ".claude/database-schema.md"
    two = SQL.format(title="Database schema", name="users") + SQL.format(title="More", name="posts")
    migrations = {f"database/migrations/{n}.php": MADE.format(n) for n in ("users", "posts")}
    _write(tmp_path, {hidden: two, **migrations})
    found = find_documents(str(tmp_path), [hidden], migrations=sorted(migrations))
    assert found == (
        SpecDocument(hidden, "found: a dedicated document that defines 2 tables, of which migrations make 2"),
    )
    assert find_documents(str(tmp_path), [hidden], migrations=["database/migrations/users.php"]) == ()
    assert (
        find_documents(str(tmp_path), [".ignore/.claude/database-schema.md"], migrations=sorted(migrations))
        == ()
    )


def test_a_document_of_the_project_s_own_folders_goes_before_hidden_ones(tmp_path: Path) -> None:
    hidden, shown = ".claude/database.md", "database/ERD.md"
    text = SQL.format(title="Database schema", name="users")
    _write(tmp_path, {hidden: text, shown: text, "database/migrations/users.php": MADE.format("users")})
    found = find_documents(str(tmp_path), [hidden, shown], migrations=["database/migrations/users.php"])
    assert [d.path for d in found] == [shown]


def test_diagrams_beside_the_migrations_and_on_the_top(tmp_path: Path) -> None:
    table = "Table a {\n  id int\n}\n"
    _write(tmp_path, {"database/schema.dbml": table, "erd.dbml": table, "tests/x.dbml": table})
    assert [d.path for d in find_documents(str(tmp_path), [])] == ["database/schema.dbml", "erd.dbml"]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("docs/skema.md", "Skema Database"),
        ("docs/estructura.md", "Estructura de Base de Datos"),
        ("docs/05.md", "データベース設計"),
        ("docs/database/tables.md", "Таблицы"),
        ("laravel-flow-docs/ERD.md", "Flow"),
    ],
)
def test_other_languages_and_folders(tmp_path: Path, path: str, title: str) -> None:
    _write(
        tmp_path,
        {path: f"# {title}\n\n## `t`\n\n| Columna | Tipo |\n|---|---|\n| `id` | bigint unsigned |\n"},
    )
    assert [d.path for d in find_documents(str(tmp_path), [path])] == [path]


def test_documents_that_define_tables_without_saying_that_they_are_a_specification(tmp_path: Path) -> None:
    columns = "\n\n## `tags` table\n\n| Column | Type |\n|---|---|\n| `id` | bigint |\n"
    files = {
        "CLAUDE.md": f"# Notes{columns}",
        "docs/tags.md": f"# Tags{columns}",
        "docs/upgrading.md": f"# Upgrading{columns}",
        "docs/words.md": "# Words\n\nA bigint is a number.\n",
        "src/tags.md": f"# Tags{columns}",
    }
    _write(tmp_path, files)
    assert undedicated(str(tmp_path), sorted(files)) == ("CLAUDE.md", "docs/tags.md")
