"""Markdown tables of columns: in any order and language; tables of options and parameters are none."""

from __future__ import annotations

import pytest

from tests.spec.reading import columns, indexes, keys, read, tables

WHOLE = """
    # Data model

    ### `ai_costs` table

    | Column | Type | Nullable | Default | Key | Description |
    |--------|------|----------|---------|-----|-------------|
    | `id` | BIGINT UNSIGNED | NO | AUTO_INCREMENT | PK | the id |
    | `user_id` | BIGINT UNSIGNED | NO | | FK → users.id ON DELETE CASCADE | owner |
    | **email** | VARCHAR(100) | YES | NULL | UNIQUE | unique identifier |
    | state | ENUM('a','b') | no | a | INDEX | |
    | cost | decimal(10,6) | no | 0 | | foreign key to `rates` (nullable) |
    | created_at / updated_at | timestamp | yes | now | - | |
"""


def test_every_part_of_a_column() -> None:
    (table,) = tables(WHOLE)
    assert (table.name, table.kind, table.complete, table.at.line, table.section) == (
        "ai_costs",
        "markdown",
        True,
        5,
        "Data model > ai_costs table",
    )
    assert columns(table) == [
        ("id", "BIGINT UNSIGNED", False, "-", 7),
        ("user_id", "BIGINT UNSIGNED", False, "-", 8),
        ("email", "VARCHAR(100)", True, None, 9),
        ("state", "ENUM('a','b')", False, "'a'", 10),
        ("cost", "decimal(10,6)", True, "0", 11),
        ("created_at", "timestamp", True, "CURRENT_TIMESTAMP", 12),
        ("updated_at", "timestamp", True, "CURRENT_TIMESTAMP", 12),
    ]
    assert indexes(table) == [
        ("primary", ("id",), None, 7),
        ("unique", ("email",), None, 9),
        ("btree", ("state",), None, 10),
    ]
    assert keys(table) == [(("user_id",), "users", ("id",), "cascade", 8), (("cost",), "rates", (), None, 11)]
    assert [c.name for c in table.columns if c.loose_type] == ["created_at", "updated_at"]
    assert [c.name for c in table.columns if c.auto_increment] == ["id"]


def test_other_orders_words_and_languages() -> None:
    first, second, third = tables("""
        ## Tabelle: kunden

        | Datentyp | Feld | Pflicht | Beschreibung |
        |---|---|---|---|
        | int | kunde_id | ja | Primary key |
        | string(50) | name | nein | |

        ## Table `orders`

        | 字段 | 类型 | 说明 |
        |---|---|---|
        | id | INT (PK, AI) | x |
        | note | TEXT, nullable | x |

        #### 3.2 users

        | Name | Data Type | Length | Required |
        |---|---|---|---|
        | name | varchar | 80 | ✓ |
        | bio | text | | |
    """)
    assert (first.name, columns(first), indexes(first)) == (
        "kunden",
        [("kunde_id", "int", False, "-", 5), ("name", "string(50)", True, "-", 6)],
        [("primary", ("kunde_id",), None, 5)],
    )
    assert (second.name, columns(second), indexes(second)) == (
        "orders",
        [("id", "INT", False, "-", 12), ("note", "TEXT", True, "-", 13)],
        [("primary", ("id",), None, 12)],
    )
    assert (third.name, columns(third)) == (
        "users",
        [("name", "varchar(80)", False, "-", 19), ("bio", "text", True, "-", 20)],
    )


@pytest.mark.parametrize(
    ("above", "name"),
    [
        ("### Users table", "users"),
        ("### Table: users", "users"),
        ("### `users`", "users"),
        ("### 2.1. order_items", "order_items"),
        ("### users - who may log in", "users"),
        ("# Models\n\n### OrderItem", "order_items"),
        ("### Columns\n\nThe `users` table has:", "users"),
        ("**ai_costs**", "ai_costs"),
        ("### public.users (accounts)", "users"),
        ("# `main.public.users`\n\n## Columns", "users"),
        ("# Table: `archive.VendorDetail`\n\n## Columns", "VendorDetail"),
        ("## public.kudos", "kudos"),
        ("### 2.1 stocks\n\n#### 2.1.1 Table Structure", "stocks"),
        ("# Database\n\n### Request fields", None),
    ],
)
def test_the_name_stands_above(above: str, name: str | None) -> None:
    reading = read(f"{above}\n\n| Column | Type |\n|---|---|\n| id | BIGINT |\n| a | VARCHAR(10) |\n")
    assert [t.name for t, _ in reading.tables] == ([name] if name else [])
    assert [g.kind for g in reading.gaps] == ([] if name else ["spec-table-name"])


@pytest.mark.parametrize(
    "markdown",
    [
        "## Request body\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n| user_id "
        "| integer | yes | x |\n| name | string | no | x |\n",
        "## Configuration\n\n| Name | Type | Default |\n|---|---|---|\n| timeout | integer | 30 |\n",
        "## `CostCalculated` event\n\n| Field | Type |\n|---|---|\n| cost | float |\n",
        "## Component props\n\n| Name | Type | Default |\n|---|---|---|\n| size | string | 'm' |\n",
        "## Status\n\n| Component | Status | Priority |\n|---|---|---|\n| Schema | missing | P0 |\n",
        "## Parameters\n\n| Name | Type |\n|---|---|\n| callback | callable |\n",
    ],
    ids=["request", "config", "event", "props", "status", "callable"],
)
def test_other_tables_define_nothing(markdown: str) -> None:
    reading = read(markdown)
    assert (reading.tables, reading.gaps) == ([], [])


def test_columns_left_out_and_rows_that_are_none() -> None:
    reading = read(
        "## users table\n\n| Column | Type |\n|---|---|\n| id | BIGINT |\n| a | INT |\n| ... | |\n| see below! | |\n"
    )
    assert [(t.complete, columns(t)) for t, _ in reading.tables] == [
        (False, [("id", "BIGINT", None, "-", 5), ("a", "INT", None, "-", 6)])
    ]
    assert [(g.kind, g.at.line) for g in reading.gaps] == [("spec-column", 8)]


def test_a_listing_as_describe_prints_it() -> None:
    (table,) = tables("""
        ## users table

        ```
        +-------+--------------+------+-----+---------+----------------+
        | Field | Type         | Null | Key | Default | Extra          |
        +-------+--------------+------+-----+---------+----------------+
        | id    | bigint       | NO   | PRI | NULL    | auto_increment |
        | name  | varchar(20)  | YES  | MUL | x       |                |
        +-------+--------------+------+-----+---------+----------------+
        ```
    """)
    assert columns(table) == [("id", "bigint", False, "-", 7), ("name", "varchar(20)", True, "'x'", 8)]
    assert indexes(table) == [("primary", ("id",), None, 7), ("btree", ("name",), None, 8)]


def test_a_table_headed_fields_explains_the_definition_above_it() -> None:
    markdown = "# D\n\n## Migration\n\n```sql\nCREATE TABLE a_b (id INT);\n```\n\n"
    markdown += "## Field Descriptions\n\n| Field | Type |\n|---|---|\n| id | bigint |\n"
    assert [(t.name, t.kind) for t in tables(markdown)] == [("a_b", "sql"), ("a_b", "markdown")]


def test_words_that_generators_write() -> None:
    (table,) = tables("""
        ### 1. applications

        | # | Column | Type | Nullable | Default | Constraints | Description |
        |---|--------|------|----------|---------|-------------|-------------|
        | 1 | `id` | SERIAL | NO | auto | | Primary key |
        | 2 | `org_id` | UUID | NO | NULL | | FK → public.orgs.id |
        | 3 | `kind` | VARCHAR(10) | NO | yes | CHECK IN ('STOCK', 'ETF') | |
        | 4 | `at` | TIMESTAMPTZ | true | `now()` | - | when |
    """)
    assert columns(table) == [
        ("id", "SERIAL", False, "-", 5),
        ("org_id", "UUID", False, "-", 6),
        ("kind", "VARCHAR(10)", False, "-", 7),
        ("at", "TIMESTAMPTZ", True, "now()", 8),
    ]
    assert indexes(table) == [("primary", ("id",), None, 5)]
    assert keys(table) == [(("org_id",), "orgs", ("id",), None, 6)]
    assert [(c.expression, c.columns, c.values) for c in table.checks] == [
        ("kind IN ('STOCK', 'ETF')", ("kind",), ("STOCK", "ETF"))
    ]


def test_shorthands_of_the_blueprint_are_columns() -> None:
    (table,) = tables("""
        ### banks

        | Column | Type | Notes |
        |---|---|---|
        | id | PK | |
        | name, size | string / int | nullable |
        | branch_id | FK branches.id | nullable, nullOnDelete |
        | UNIQUE (name, branch_id) | | |
        | audit_columns, soft_deletes, timestamps | | |
    """)
    assert columns(table) == [
        ("id", None, False, "-", 5),
        ("name", "string", True, "-", 6),
        ("size", "int", True, "-", 6),
        ("branch_id", None, True, "-", 7),
        ("deleted_at", "timestamp", True, "-", 9),
        ("created_at", "timestamp", True, "-", 9),
        ("updated_at", "timestamp", True, "-", 9),
    ]
    assert indexes(table) == [
        ("primary", ("id",), None, 5),
        ("unique", ("name", "branch_id"), None, 8),
    ]
    assert keys(table) == [(("branch_id",), "branches", ("id",), "set null", 7)]
    assert not table.complete


def test_a_column_called_like_a_shorthand_has_a_type_of_its_own() -> None:
    (table,) = tables("""
        ### `clips` table

        | Column | Type |
        |---|---|
        | timestamps | json |
        | softDeletes | |
        | deleted_at | timestamp |
    """)
    assert columns(table) == [("timestamps", "json", None, "-", 5), ("deleted_at", "timestamp", None, "-", 7)]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("References chats.id. Cascade on delete.", ("chats", ("id",), "cascade")),
        (
            "References chats.id. **Unique.** Null on delete (the row is kept).",
            ("chats", ("id",), "set null"),
        ),
        ("References chats.id. NullOnDelete.", ("chats", ("id",), "set null")),
        ("FK → chats.id. Restrict on delete", ("chats", ("id",), "restrict")),
        ("FK → chats (cascade)", ("chats", (), "cascade")),
        ("FK → chats (opcional)", ("chats", (), None)),
        ("→ chats (chat_no)", ("chats", ("chat_no",), None)),
        ("FK → public.chats.id", ("chats", ("id",), None)),
        ("references public.chats (id) on update cascade on delete restrict", ("chats", ("id",), "restrict")),
    ],
)
def test_references_as_people_write_them(said: str, key: tuple[object, ...]) -> None:
    (table,) = tables(f"""
        ### messages table

        | Column | Type | Null | Description |
        |---|---|---|---|
        | id | uuid | No | |
        | chat_id | uuid FK | No | {said} |
    """)
    assert [k[1:4] for k in keys(table)] == [key]


def test_what_becomes_of_a_key_s_rows_may_stand_in_the_next_cell() -> None:
    (table,) = tables("""
        ### notes table

        | Column | Type | Notes |
        |---|---|---|
        | id | bigint PK | |
        | user_id | bigint FK users.id | CASCADE, INDEX |
        | note | text | cascade of notes |
    """)
    assert keys(table) == [(("user_id",), "users", ("id",), "cascade", 6)]


def test_polymorphic_marks_are_one_index() -> None:
    (table,) = tables("""
        ### logs table

        | Column | Type | Constraints |
        |---|---|---|
        | loggable_type | varchar(255) | INDEXED |
        | loggable_id | bigint | INDEXED |
        | kind_id | bigint | INDEXED |
    """)
    assert [i[1] for i in indexes(table)] == [("loggable_type", "loggable_id"), ("kind_id",)]


def test_types_at_the_head_of_the_notes() -> None:
    (table,) = tables("""
        ## Table: `series`

        | Column | Notes |
        |---|---|
        | `shop_id` | FK, cascade delete |
        | `prefix`, `suffix` | string(32), nullable |
        | `last_number` | unsignedBigInt, default `0` |
    """)
    assert columns(table) == [
        ("shop_id", None, None, "-", 5),
        ("prefix", "string(32)", True, "-", 6),
        ("suffix", "string(32)", True, "-", 6),
        ("last_number", "unsignedBigInt", None, "0", 7),
    ]
    assert (
        tables("""
        ## Table: `series`

        | Column | Notes |
        |---|---|
        | `a` | the first one |
        | `b` | a date in the past |
    """)
        == []
    )


@pytest.mark.parametrize(
    ("heading", "whole"),
    [
        ("## Modification: `users` table", False),
        ("## Users Table — Discount Fields (added)", False),
        ("## New columns in the `users` table", False),
        ("### 16a. **users**", True),
        ("## users table\n\nExtended profile of a person.", True),
    ],
)
def test_columns_that_a_table_gets_besides_others(heading: str, whole: bool) -> None:
    (table,) = tables(f"{heading}\n\n| Column | Type |\n|---|---|\n| `seen_at` | timestamp |\n")
    assert (table.name, table.complete) == ("users", whole)


def test_a_bold_name_in_a_heading_is_a_table_s_whatever_the_word_means() -> None:
    assert [
        t.name for t in tables("### 11. **notes**\n\n| Column | Type |\n|---|---|\n| body | text |\n")
    ] == ["notes"]


@pytest.mark.parametrize(
    "header", ["Kolom | Tipe | Keterangan", "Cột | Kiểu | Mô tả", "Columna | Tipo | Restricciones"]
)
def test_more_languages(header: str) -> None:
    (table,) = tables(f"### 9. `orders`\n\n| {header} |\n|---|---|---|\n| `id` | bigint unsigned | PK |\n")
    assert [c.name for c in table.columns] == ["id"]


def test_values_of_an_enum_from_another_cell() -> None:
    (table,) = tables("""
        ### `posts` table

        | Column | Type | Constraints | Description | Business Rules |
        |---|---|---|---|---|
        | status | ENUM | DEFAULT 'draft' | State | ['draft', 'done'] |
        | kind | enum | | `a`, `b`. | |
        | level | enum | | one of several | ['x'] |
        | both | enum | | ('a', 'b') | ('c', 'd') |
    """)
    assert [(c.type, c.values) for c in table.columns] == [
        ("enum('draft', 'done')", ("draft", "done")),
        ("enum('a', 'b')", ("a", "b")),
        ("enum", ()),
        ("enum", ()),
    ]


def test_marked_underscores_and_headings_of_other_languages() -> None:
    first, second = tables("""
        # テーブル設計

        ### team\\_users

        | カラム名 | 型 | 説明 |
        |-|-|-|
        | team\\_id | unsigned bigint | チームのID |

        ## ammunition_types テーブル

        | カラム名 | 型 | NULL |
        |-|-|-|
        | id | BIGINT UNSIGNED | NO |
    """)
    assert [(t.name, [c.name for c in t.columns]) for t in (first, second)] == [
        ("team_users", ["team_id"]),
        ("ammunition_types", ["id"]),
    ]
