"""Running text requires less than a definition, and only where it says so."""

from __future__ import annotations

import pytest

from tests.spec.reading import columns, read, tables

ISSUES = """
    # Issues

    ### 8. Missing Columns in Existing Tables
    **Table**: `budgets`\x20\x20
    **Missing Columns**:
    - `project_id VARCHAR(255)` - Required for projects
    - `limit_amount`: `DECIMAL(10,4)` not null
    - `currency` (CHAR(3), default 'USD')
    - `checkBudget(int $id)` - a method
    - `BudgetService` - a class
"""


def test_missing_columns_are_required_of_the_table_that_is_named() -> None:
    found = tables(ISSUES)
    assert [(t.name, t.kind, t.complete, t.existing) for t in found] == [
        ("budgets", "prose", False, True)
    ] * 3
    assert [c for t in found for c in columns(t)] == [
        ("project_id", "VARCHAR(255)", None, "-", 6),
        ("limit_amount", "DECIMAL(10,4)", None, "-", 7),
        ("currency", "CHAR(3)", None, "'USD'", 8),
    ]


@pytest.mark.parametrize(
    ("text", "table", "names"),
    [
        ("The `budgets` table is missing the `project_id` column.", "budgets", ["project_id"]),
        ("`budgets` is missing columns: `a_id VARCHAR(20)`, `b_id`", "budgets", ["a_id", "b_id"]),
        (
            "Missing columns in `budgets`: `a_id BIGINT`, `b_id` and `c_id`",
            "budgets",
            ["a_id", "b_id", "c_id"],
        ),
        ("Add a `team_id` column to the `users` table.", "users", ["team_id"]),
        (
            "### Missing columns in `users` table\n\n- `team_id`\n- seen_at (timestamp)\n",
            "users",
            ["team_id", "seen_at"],
        ),
    ],
)
def test_sentences_and_lists_that_require_columns(text: str, table: str, names: list[str]) -> None:
    found = tables(text)
    assert {t.name for t in found} == {table}
    assert [c.name for t in found for c in t.columns] == names


@pytest.mark.parametrize(
    "text",
    [
        "The service is missing the `handle` method of the `users` table.",
        "**Missing Methods:**\n- `checkBudget`\n- `reset_all`\n",
        "### Missing Services\n- `budget_service` - x\n",
        "`UserService` is missing `find_by_id`.",
        "The `users` table has a `name` column.",
        "### Models\n- `users` - x\n",
        "Run `create_users_table`.",
        "### Indexes of the table\n- `users_name_index` - x\n",
    ],
)
def test_other_sentences_require_nothing(text: str) -> None:
    assert tables(text) == []


@pytest.mark.parametrize(
    ("heading", "required", "missing", "existing"),
    [
        ("Missing Tables", True, True, False),
        ("Required Database Tables", True, False, False),
        ("Tables to create", True, True, False),
        ("Existing Tables", True, False, True),
        ("Core Tables", False, False, False),
        ("Rejected tables", False, False, False),
    ],
)
def test_lists_of_names(heading: str, required: bool, missing: bool, existing: bool) -> None:
    reading = read(
        f"# D\n\n## {heading}\n\n- `ai_costs` - records\n- **ai_alerts**: history\n- some words\n- `AlertModel`\n"
    )
    if required:
        assert [
            (t.name, t.at.line, t.complete, t.missing_reported, t.existing) for t, _ in reading.tables
        ] == [
            ("ai_costs", 5, False, missing, existing),
            ("ai_alerts", 6, False, missing, existing),
        ]
    else:
        assert reading.tables == []
        rejected = heading.startswith("Rejected")
        assert [(m.name, m.at.line) for m in reading.mentions] == (
            [] if rejected else [("ai_costs", 5), ("ai_alerts", 6)]
        )


def test_a_table_of_tables() -> None:
    reading = read("""
        ## Required tables

        | Table | Status |
        |-------|--------|
        | `ai_costs` | ❌ Missing |
        | ai_alerts | ok |
    """)
    assert [(t.name, t.at.line, t.missing_reported) for t, _ in reading.tables] == [
        ("ai_costs", 5, True),
        ("ai_alerts", 6, False),
    ]


def test_mentions_with_what_they_say() -> None:
    reading = read("The `ai_costs` table doesn't exist yet.\n\nRows of `ai_alerts` are kept. See `foo`.\n")
    assert [(m.name, m.at.line, m.missing_reported) for m in reading.mentions] == [
        ("ai_costs", 1, True),
        ("ai_alerts", 3, False),
    ]
    assert reading.tables == []
