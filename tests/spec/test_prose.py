"""Running text requires less than a definition, and only where it says so."""

from __future__ import annotations

import pytest

from tests.spec.reading import columns, indexes, keys, read, tables

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


def test_columns_of_a_list_that_only_calls_them_columns_need_types() -> None:
    found = tables("""
        ### Verification

        **2. labels table**
        - Should exist with columns:
          - `id` (UUID, PRIMARY KEY)
          - `name` (VARCHAR(100), NOT NULL)
          - `colour`
    """)
    assert [(t.name, columns(t)) for t in found] == [
        ("labels", [("id", "UUID", None, "-", 5)]),
        ("labels", [("name", "VARCHAR(100)", False, "-", 6)]),
    ]


def test_missing_columns_table_by_table() -> None:
    found = tables(
        "### Missing Columns\n\n- **sic_codes**: title, `description` and level\n- `users`: `team_id`\n- other: words here\n"
    )
    assert [(t.name, [c.name for c in t.columns]) for t in found] == [
        ("sic_codes", ["title", "description", "level"]),
        ("users", ["team_id"]),
    ]


def test_several_names_in_one_entry() -> None:
    found = tables(
        "### Required Tables (Already Exist)\n\n- `users`, `teams` and `posts` (Epic 3)\n- `orders`\n"
    )
    assert [(t.name, t.existing, t.at.line) for t in found] == [
        ("users", True, 3),
        ("teams", True, 3),
        ("posts", True, 3),
        ("orders", True, 4),
    ]


def test_keys_listed_under_a_table_s_heading() -> None:
    found = tables("""
        ### 2.1 stocks

        #### 2.1.2 Indexes

        - **Primary Key**: `ticker`
        - **Index**: `idx_type` on `type` - For filtering
        - `idx_both (type, theme)`
        - **Unique Constraint**: `uk_url` on `(url)`
        - UNIQUE (`a`, `b`)
        - Composite index: `user_id`, `created_at`
        - Consider adding more indexes on everything

        #### Foreign Keys

        - **Foreign Key**: `ticker` REFERENCES `stocks(ticker)` ON DELETE CASCADE
        - `user_id` → `users.id`
    """)
    assert {(t.name, t.kind, t.complete) for t in found} == {("stocks", "prose", False)}
    assert [i for t in found for i in indexes(t)] == [
        ("primary", ("ticker",), None, 5),
        ("btree", ("type",), "idx_type", 6),
        ("btree", ("type", "theme"), "idx_both", 7),
        ("unique", ("url",), "uk_url", 8),
        ("unique", ("a", "b"), None, 9),
        ("btree", ("user_id", "created_at"), None, 10),
    ]
    assert [k for t in found for k in keys(t)] == [
        (("ticker",), "stocks", ("ticker",), "cascade", 15),
        (("user_id",), "users", ("id",), None, 16),
    ]


def test_keys_without_a_table_require_nothing() -> None:
    assert tables("# Naming\n\n## Indexes\n\n- `idx_a` on `(a)`\n") == []
    assert tables("## users table\n\n### Indexing strategy\n\n- `idx_a` on `(a)`\n") == []


def test_columns_below_the_entry_of_a_table() -> None:
    reading = read("""
        #### Required Tables
        1. **project_budgets** (if not exists)
           - project_id, daily_limit and monthly_limit
           - is_active, created_at
           - used by everybody
        2. `teams`
           - `name` (VARCHAR(20), not null)
           - `other_table`
    """)
    assert [(t.name, t.at.line, [c.name for c in t.columns]) for t, _ in reading.tables] == [
        ("project_budgets", 2, []),
        ("project_budgets", 3, ["project_id", "daily_limit", "monthly_limit"]),
        ("project_budgets", 4, ["is_active", "created_at"]),
        ("teams", 6, []),
        ("teams", 7, ["name"]),
    ]
    assert reading.mentions == []


def test_keys_as_lists_write_them_behind_the_column_or_with_their_name() -> None:
    found = tables("""
        ### 2.1 `stocks`

        **Indexes:**
        - Composite index on `(kind, owner)` named `stocks_owner_index`
        - `pin` (unique)
        - `vrn` (unique — several NULLs are allowed)
    """)
    assert [i for t in found for i in indexes(t)] == [
        ("btree", ("kind", "owner"), "stocks_owner_index", 4),
        ("unique", ("pin",), None, 5),
        ("unique", ("vrn",), None, 6),
    ]


def test_entries_below_one_table_are_about_that_table() -> None:
    reading = read("""
        ### Core Entities

        2. **users** - Central user table
           - Polymorphic based on `role`
           - `password_change_required` (boolean, default false) - set when one is issued
    """)
    assert [(t.name, [c.name for c in t.columns]) for t, _ in reading.tables] == [
        ("users", ["password_change_required"])
    ]
    assert reading.mentions == []


def test_an_index_on_a_column_names_no_table() -> None:
    assert read("INDEX (sent_at); FK index on bird_conversation_id.").mentions == []
