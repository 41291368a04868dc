"""SQL blocks: every column, index, key and check with its line, in the dialect that the text speaks."""

from __future__ import annotations

import pytest

from tests.spec.reading import columns, indexes, keys, read, tables
from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.spec import RequiredCheck, RequiredColumn

MYSQL = """
    # Shop

    ## Schema

    ```sql
    -- Orders
    CREATE TABLE `orders` (
        id BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT,
        user_id BIGINT NOT NULL,
        state ENUM('new', 'paid') NOT NULL DEFAULT 'new', -- life cycle
        total DECIMAL(10,2) DEFAULT 0.00 COMMENT 'with tax',
        note TEXT NULL,
        email VARCHAR(100) UNIQUE,
        created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
        INDEX idx_user (user_id, created_at),
        UNIQUE KEY uq_state (state),
        CONSTRAINT fk_user FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
        CHECK (state IN ('new', 'paid'))
    );
    CREATE INDEX idx_total ON orders (total);
    ```

    Later:

    ```sql
    ALTER TABLE orders ADD COLUMN paid_at DATETIME NULL AFTER note, ADD INDEX (paid_at);
    ```
"""


def test_a_mysql_definition_with_all_that_follows_it() -> None:
    (table,) = tables(MYSQL)
    assert (table.name, table.kind, table.dialect, table.complete, table.section) == (
        "orders",
        "sql",
        "mysql",
        True,
        "Shop > Schema",
    )
    assert table.at == Location("docs/spec.md", 7)
    assert columns(table) == [
        ("id", "BIGINT UNSIGNED", False, "-", 8),
        ("user_id", "BIGINT", False, "-", 9),
        ("state", "ENUM('new', 'paid')", False, "'new'", 10),
        ("total", "DECIMAL(10,2)", None, "0.00", 11),
        ("note", "TEXT", True, "-", 12),
        ("email", "VARCHAR(100)", None, "-", 13),
        ("created_at", "TIMESTAMP", None, "CURRENT_TIMESTAMP", 14),
        ("paid_at", "DATETIME", True, "-", 26),
    ]
    assert indexes(table) == [
        ("primary", ("id",), None, 8),
        ("unique", ("email",), None, 13),
        ("btree", ("user_id", "created_at"), "idx_user", 15),
        ("unique", ("state",), "uq_state", 16),
        ("btree", ("total",), "idx_total", 20),
        ("btree", ("paid_at",), None, 26),
    ]
    assert keys(table) == [(("user_id",), "users", ("id",), "cascade", 17)]
    assert table.column("state") == RequiredColumn(
        "state",
        "ENUM('new', 'paid')",
        False,
        "'new'",
        True,
        None,
        Location("docs/spec.md", 10),
        values=("new", "paid"),
        written="state ENUM('new', 'paid') NOT NULL DEFAULT 'new', -- life cycle",
    )
    assert [
        (c.name, c.auto_increment, c.on_update, c.comment)
        for c in table.columns
        if c.auto_increment or c.on_update or c.comment
    ] == [
        ("id", True, None, None),
        ("total", None, None, "with tax"),
        ("created_at", None, "CURRENT_TIMESTAMP", None),
    ]
    assert [(c.columns, c.values) for c in table.checks] == [(("state",), ("new", "paid"))]


POSTGRES = """
    ```sql
    CREATE TABLE public.events (
        id BIGSERIAL PRIMARY KEY,
        payload JSONB NOT NULL DEFAULT '{}'::jsonb,
        at TIMESTAMPTZ DEFAULT now(),
        kind TEXT CHECK (kind IN ('a', 'b'))
    );
    CREATE UNIQUE INDEX events_at ON events (at) WHERE kind = 'a';
    COMMENT ON COLUMN events.at IS 'when';
    ALTER TABLE events ALTER COLUMN at SET NOT NULL;
    ```
"""


def test_a_postgresql_definition() -> None:
    (table,) = tables(POSTGRES)
    assert (table.name, table.dialect) == ("events", "pgsql")
    assert columns(table) == [
        ("id", "BIGSERIAL", False, "-", 3),
        ("payload", "JSONB", False, "'{}'::jsonb", 4),
        ("at", "TIMESTAMPTZ", False, "now()", 5),
        ("kind", "TEXT", None, "-", 6),
    ]
    assert indexes(table) == [("primary", ("id",), None, 3), ("unique", ("at",), "events_at", 8)]
    assert table.indexes[1].where is not None
    assert table.column("id").auto_increment is True  # type: ignore[union-attr]  # it is there
    assert table.column("at").comment == "when"  # type: ignore[union-attr]  # it is there
    assert [(c.columns, c.values) for c in table.checks] == [(("kind",), ("a", "b"))]
    assert isinstance(table.checks[0], RequiredCheck)


@pytest.mark.parametrize(
    ("info", "body", "hint", "dialect"),
    [
        ("sql", "id BIGINT AUTO_INCREMENT PRIMARY KEY", None, "mysql"),
        ("sql", "id BIGINT AUTO_INCREMENT PRIMARY KEY", "mariadb", "mariadb"),
        ("sql", "id BIGINT AUTO_INCREMENT PRIMARY KEY", "sqlite", "mysql"),
        ("sql", "id SERIAL PRIMARY KEY", "mysql", "pgsql"),
        ("sql", "id INTEGER PRIMARY KEY AUTOINCREMENT", None, "sqlite"),
        ("postgresql", "id INTEGER PRIMARY KEY", None, "pgsql"),
        ("sql", "id INTEGER NOT NULL", "pgsql", "pgsql"),
        ("sql", "id INTEGER NOT NULL", None, None),
    ],
)
def test_the_dialect_is_the_fence_s_then_the_text_s_then_the_project_s(
    info: str, body: str, hint: Driver | None, dialect: Driver | None
) -> None:
    reading = read(f"```{info}\nCREATE TABLE t ({body});\n```\n", hint)
    assert [t.dialect for t, _ in reading.tables] == [dialect]
    assert reading.gaps == []


def test_a_block_without_a_word_is_known_by_what_it_holds() -> None:
    assert [
        t.name for t in tables("```\nCREATE TABLE a (id INT);\n```\n\n    CREATE TABLE b (id INT);\n")
    ] == ["a", "b"]
    assert tables("```\nTo create a table, run the migration.\n```\n```json\n{}\n```\n") == []


@pytest.mark.parametrize(
    ("heading", "existing", "left_out"),
    [
        ("Schema", False, False),
        ("Required Tables", False, False),
        ("Current Implementation", True, False),
        ("Existing schema", True, False),
        ("Before", True, False),
        ("After", False, False),
        ("Migration Example", False, False),
        ("Rollback", None, True),
        ("Alternatives considered", None, True),
        ("Deprecated tables", None, True),
    ],
)
def test_where_a_definition_stands_says_what_it_is(
    heading: str, existing: bool | None, left_out: bool
) -> None:
    reading = read(f"# Doc\n\n## {heading}\n\n```sql\nCREATE TABLE t (id INT);\n```\n")
    assert [t.existing for t, _ in reading.tables] == ([] if existing is None else [existing])
    assert [g.kind for g in reading.gaps] == (["spec-skipped"] if left_out else [])


def test_columns_left_out_make_a_definition_partial() -> None:
    (table,) = tables("```sql\nCREATE TABLE t (\n  id INT,\n  ...\n);\n```\n")
    assert (columns(table), table.complete) == ([("id", "INT", None, "-", 3)], False)
    assert read("```sql\nCREATE TABLE t (\n  id INT,\n  -- ...\n  b INT\n);\n```\n").defects == []


def test_a_table_altered_but_not_defined_is_required_with_what_is_added() -> None:
    (table,) = tables("```sql\nALTER TABLE users ADD COLUMN team_id BIGINT NOT NULL;\n```\n")
    assert (table.name, table.complete, table.existing, columns(table)) == (
        "users",
        False,
        True,
        [("team_id", "BIGINT", False, "-", 2)],
    )


def test_queries_name_tables_and_define_none() -> None:
    reading = read(
        "```sql\nSELECT * FROM posts JOIN users ON users.id = posts.user_id;\nSELECT 1 FROM information_schema.tables;\n```\n"
    )
    assert reading.tables == []
    assert [(m.name, m.at.line) for m in reading.mentions] == [("posts", 2), ("users", 2)]
    assert reading.gaps == []


def test_dropping_takes_no_requirement_back() -> None:
    assert [
        t.name
        for t in tables("```sql\nDROP TABLE IF EXISTS a;\nCREATE TABLE a (id INT);\nDROP TABLE a;\n```\n")
    ] == ["a"]


def test_a_block_that_the_document_cuts_off_is_a_gap() -> None:
    reading = read("```sql\nCREATE TABLE a (\n  id INT NOT NULL,\n  na")
    assert [t.name for t, _ in reading.tables] == ["a"]
    assert [(g.kind, g.at.line) for g in reading.gaps] == [("spec-sql", 2), ("spec-sql", 4)]


def test_schema_statements_in_another_language_are_a_gap() -> None:
    reading = read("```bash\nmysql -e 'CREATE TABLE a (id INT)'\n```\n\n<pre>CREATE TABLE b (id INT)</pre>\n")
    assert [(g.kind, g.at.line) for g in reading.gaps] == [("spec-language", 2), ("spec-language", 5)]


def test_missing_tables_are_told_as_such() -> None:
    markdown = "# D\n\n## Missing Database Tables\n\n```sql\nCREATE TABLE a (id INT);\n```\n\n"
    markdown += "## Schema\n\n```sql\nCREATE TABLE b (id INT);\n```\n"
    assert [(t.name, t.missing_reported) for t in tables(markdown)] == [("a", True), ("b", False)]
