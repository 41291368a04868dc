"""Several documents: one requirement a table, what contradicts it, and by which rule one was preferred."""

from __future__ import annotations

from pathlib import Path

from tests.spec.reading import columns, specification

SPEC = """
    # Specification

    ```sql
    CREATE TABLE alerts (
        id BIGINT PRIMARY KEY AUTO_INCREMENT,
        kind ENUM('a', 'b') NOT NULL,
        spend DECIMAL(10,2) NOT NULL,
        sent_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        INDEX idx (kind, sent_at)
    );
    ```
"""
ISSUES = """
    # Issues

    ## Missing Tables

    ```sql
    CREATE TABLE alerts (
        id BIGINT PRIMARY KEY AUTO_INCREMENT,
        kind VARCHAR(20) NOT NULL,
        spend DECIMAL(10,4) NOT NULL,
        sent_at TIMESTAMP DEFAULT NOW()
    );
    CREATE TABLE budgets (id BIGINT PRIMARY KEY);
    ```

    `budgets` is missing the `team_id BIGINT` column. The `ghosts` table does not exist.
"""


def test_the_target_wins_and_every_difference_is_told(tmp_path: Path) -> None:
    found = specification(tmp_path, {"docs/issues.md": ISSUES, "docs/spec.md": SPEC}, target="docs/spec.md")
    assert [(t.name, t.at.file, t.missing_reported) for t in found.required] == [
        ("alerts", "docs/spec.md", True),
        ("budgets", "docs/issues.md", True),
    ]
    assert [c.name for c in found.required[1].columns] == ["id", "team_id"]
    (conflict,) = found.conflicts
    assert (conflict.table, str(conflict.used.at), str(conflict.other.at)) == (
        "alerts",
        "docs/spec.md:4",
        "docs/issues.md:6",
    )
    assert conflict.differences == (
        "kind: ENUM('a', 'b') NOT NULL (docs/spec.md:6), VARCHAR(20) NOT NULL (docs/issues.md:8)",
        "spend: DECIMAL(10,2) NOT NULL (docs/spec.md:7), DECIMAL(10,4) NOT NULL (docs/issues.md:9)",
        "index (kind, sent_at): in docs/spec.md:9, not in the other (docs/issues.md:6)",
    )
    assert [(d.name, d.at.file) for d in found.definitions] == [
        ("alerts", "docs/issues.md"),
        ("budgets", "docs/issues.md"),
        ("budgets", "docs/issues.md"),
        ("alerts", "docs/spec.md"),
    ]
    assert [(m.name, m.at.line, m.missing_reported) for m in found.mentions] == [("ghosts", 15, True)]
    assert found.precedence == (
        "Where definitions of a table differ: the target document (docs/spec.md) before others,"
        " SQL and migrations before column tables, diagrams and prose, earlier before later."
    )
    assert [(d.path, d.title, d.target) for d in found.documents] == [
        ("docs/issues.md", "Issues", False),
        ("docs/spec.md", "Specification", True),
    ]


def test_later_over_earlier_only_on_request(tmp_path: Path) -> None:
    documents = {"a.md": SPEC, "b.md": ISSUES}
    assert specification(tmp_path, documents).required[0].at.file == "a.md"
    later = specification(tmp_path, documents, later_wins=True)
    assert later.required[0].at.file == "b.md"
    assert later.precedence.endswith("later before earlier, as asked for.")


def test_definitions_are_compared_by_meaning(tmp_path: Path) -> None:
    found = specification(
        tmp_path,
        {
            "spec.md": """
                ```sql
                CREATE TABLE t (
                    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
                    name VARCHAR(255) NOT NULL,
                    ok BOOLEAN NOT NULL DEFAULT TRUE,
                    n INT NOT NULL DEFAULT 0
                );
                ```

                ```php
                Schema::create('t', function ($table) {
                    $table->id();
                    $table->string('name');
                    $table->boolean('ok')->default(true);
                    $table->integer('n')->default(0);
                });
                ```

                ## `t` table

                | Column | Type |
                |---|---|
                | id | bigint |
                | name | string |
                | ok | bool |
                | n | integer |

                ```mermaid
                erDiagram
                    t {
                        int id PK
                        string name
                    }
                ```
            """
        },
    )
    assert [d.kind for d in found.definitions] == ["sql", "php", "markdown", "mermaid"]
    assert (found.required[0].kind, found.conflicts) == ("sql", ())


def test_sections_of_one_document_may_contradict_each_other(tmp_path: Path) -> None:
    text = "# S\n\n```sql\nCREATE TABLE t (a INT NOT NULL);\n```\n\n## `t` table\n\n"
    text += "| Column | Type | Null |\n|---|---|---|\n| a | text | yes |\n"
    (conflict,) = specification(tmp_path, {"s.md": text}).conflicts
    assert conflict.differences == ("a: INT NOT NULL (s.md:4), text NULL (s.md:11)",)


def test_what_is_there_contradicts_nothing_and_yields(tmp_path: Path) -> None:
    text = """
        # Report

        ## Current Implementation

        ```sql
        CREATE TABLE t (a VARCHAR(10));
        CREATE TABLE only_here (a INT);
        ```

        ## Required Schema

        ```sql
        CREATE TABLE t (a INT);
        ```
    """
    found = specification(tmp_path, {"s.md": text})
    assert [(t.name, t.existing, columns(t)) for t in found.required] == [
        ("only_here", True, [("a", "INT", None, "-", 7)]),
        ("t", False, [("a", "INT", None, "-", 13)]),
    ]
    assert found.conflicts == ()


def test_a_table_of_an_example_counts_if_it_is_named_elsewhere(tmp_path: Path) -> None:
    text = """
        # Package

        The `costs` table holds everything.

        ## Usage Example

        ```php
        Schema::create('costs', fn ($table) => $table->id());
        Schema::create('flights', fn ($table) => $table->id());
        ```
    """
    found = specification(tmp_path, {"s.md": text})
    assert [t.name for t in found.required] == ["costs"]
    assert [(g.kind, g.at.line, g.excerpt) for g in found.gaps] == [("spec-skipped", 9, "flights")]


def test_documents_that_cannot_be_read_are_gaps(tmp_path: Path) -> None:
    from trueup.model.spec import SpecDocument
    from trueup.sources.spec.reader import read_specification

    (tmp_path / "binary.md").write_bytes(b"\x00\x01\x02")
    (tmp_path / "latin.md").write_bytes(
        "# Größe\n\n```sql\nCREATE TABLE t (größe INT);\n```\n".encode("latin-1")
    )
    found = read_specification(
        [SpecDocument(n, "given") for n in ("binary.md", "gone.md", "latin.md")], str(tmp_path)
    )
    assert [(g.at.file, g.kind, g.reason) for g in found.gaps] == [
        ("binary.md", "unreadable-file", "a binary file, no document"),
        ("gone.md", "unreadable-file", "can't be read: No such file or directory"),
    ]
    assert [(t.name, t.columns[0].name) for t in found.required] == [("t", "größe")]
