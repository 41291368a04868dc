"""Lists of columns under the heading of a table."""

from __future__ import annotations

import pytest

from tests.spec.reading import columns, indexes, keys, read, tables

WHOLE = """
    # Courses

    ## 2. Database Schema

    ### `courses` table
    Stores the main information.

    -   `id` (PK)
    -   `slug` (string, unique) - part of the address
    -   `status` (enum: 'draft', 'published', default: 'draft')
    -   **price**: decimal(8,2), nullable - required for sale
    -   `level int`
    -   teacher_id (FK to `users.id`) - cascade of notes
        -   nested remarks are no columns
    -   `created_at`, `updated_at` (timestamps)
    -   Unique constraint on (`slug`, `level`)
"""


def test_every_part_of_a_listed_column() -> None:
    (table,) = [t for t in tables(WHOLE) if t.kind == "markdown"]
    assert (table.name, table.complete, table.existing) == ("courses", False, False)
    assert columns(table) == [
        ("id", None, False, "-", 8),
        ("slug", "string", None, "-", 9),
        ("status", "enum('draft', 'published')", None, "'draft'", 10),
        ("price", "decimal(8,2)", True, "-", 11),
        ("level", "int", None, "-", 12),
        ("teacher_id", None, None, "-", 13),
        ("created_at", None, None, "-", 15),
        ("updated_at", None, None, "-", 15),
    ]
    assert indexes(table) == [
        ("primary", ("id",), None, 8),
        ("unique", ("slug",), None, 9),
        ("unique", ("slug", "level"), None, 16),
    ]
    assert keys(table) == [(("teacher_id",), "users", ("id",), None, 13)]


@pytest.mark.parametrize(
    "text",
    [
        "# API\n\n## Response of `users`\n\n- id (integer)\n- name (string)\n- email (string)\n",
        "# Schema\n\n## Notes\n\n- first (string)\n- second (string)\n- third (string)\n",
        "# Schema\n\n## `users` table\n\n- one row a person\n- text and date are kept\n- date of birth is asked for\n",
        "# Schema\n\n## `users` table\n\nRules:\n\n- id (integer)\n- name (string)\n- email (string)\n",
        "# Schema\n\n## `users` table\n\n- id (integer)\n- name (string)\n",
    ],
)
def test_other_lists_define_nothing(text: str) -> None:
    assert [t.name for t in tables(text) if t.kind == "markdown"] == []


def test_a_list_under_rejected_alternatives_is_left_out() -> None:
    text = "# Schema\n\n## Rejected: `users` table\n\n- id (bigint)\n- name (string)\n- email (varchar(9))\n"
    reading = read(text)
    assert (reading.tables, [g.kind for g in reading.gaps]) == ([], ["spec-skipped"])


def test_a_caption_that_only_says_columns() -> None:
    text = "# Database\n\n## users\n\n**Columns:**\n\n- id: bigint, primary key\n- name: varchar(80)\n- timestamps\n"
    (table,) = [t for t in tables(text) if t.kind == "markdown"]
    assert [c.name for c in table.columns] == ["id", "name", "created_at", "updated_at"]
