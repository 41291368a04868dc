"""No document makes the reader fail or hang."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.sources.spec.document import read_document

PIECES = st.sampled_from(
    [
        "# Missing tables\n",
        "## `users` table\n",
        "### Rollback\n",
        "```sql\n",
        "```php\n",
        "```mermaid\n",
        "```dbml\n",
        "```\n",
        "~~~\n",
        "CREATE TABLE users (\n",
        "  id BIGINT PRIMARY KEY,\n",
        "  x JSON DEFAULT '[]'\n",
        ");\n",
        "ALTER TABLE users ADD COLUMN y INT;\n",
        "CREATE INDEX i ON users (x(10), lower(y));\n",
        "COMMENT ON TABLE users IS 'it''s';\n",
        "SELECT * FROM a JOIN b;\n",
        "erDiagram\n",
        "  users {\n",
        '    int id PK, FK "c"\n',
        "  }\n",
        "  users ||--o{ posts : has\n",
        "Table users as U {\n",
        "  id int [pk, ref: > a.id]\n",
        "  indexes { (a, b) [unique] }\n",
        "}\n",
        "Ref: a.(b, c) <> d.e\n",
        "Enum e { a b }\n",
        "Schema::create('t', function ($table) {\n",
        "    $table->id();\n",
        "    $table->string('a', 5)->nullable()->index();\n",
        "});\n",
        "| Column | Type | Null |\n",
        "|---|---|---|\n",
        "| `id` | BIGINT (PK) | no |\n",
        "| a / b | enum('x') | |\n",
        "- `a_b VARCHAR(20)` - text\n",
        "- [ ] `c`\n",
        "**Missing columns** in `t`:\n",
        "The `a` table doesn't exist.\n",
        "...\n",
        "\n",
        "'",
        '"',
        "`",
        "(",
        "{",
        "\\",
        "\u2028",
        "\x00",
        "ß漢\ufeff",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_pieces_in_any_order(pieces: list[str]) -> None:
    text = "".join(pieces)
    reading = read_document(text, "docs/a.md")
    lines = text.replace("\r", "\n").count("\n") + 1
    places = [t.at.line for t, _ in reading.tables] + [
        c.at.line for t, _ in reading.tables for c in t.columns
    ]
    places += (
        [m.at.line for m in reading.mentions]
        + [d.at.line for d in reading.defects]
        + [g.at.line for g in reading.gaps]
    )
    assert all(0 < line <= lines + 1 for line in places)
    assert read_document(text, "docs/a.md") == reading


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["sql", "php", "mermaid", "dbml", ""]))
def test_any_text_in_any_block(text: str, info: str) -> None:
    read_document(f"# T\n\n```{info}\nCREATE TABLE t (\n{text}\n```\n", "a.md")
    read_document(text, "a.dbml")
    read_document(f"erDiagram\n{text}", "a.mmd")


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_document_cut_off_anywhere(cut: int) -> None:
    text = (
        "# S\n\n```sql\nCREATE TABLE `t` (\n  id BIGINT AUTO_INCREMENT PRIMARY KEY,\n  s ENUM('a','b') DEFAULT 'a',\n"
        "  CONSTRAINT f FOREIGN KEY (id) REFERENCES u(id)\n);\n```\n\n"
        "```php\nSchema::create('p', function ($table) {\n  $table->id();\n});\n```\n"
        "```mermaid\nerDiagram\n  a {\n    int id PK\n  }\n```\n```dbml\nTable d {\n  id int [pk]\n}\n```\n"
    )
    read_document(text[:cut], "a.md")


@pytest.mark.parametrize(
    "text",
    [
        "## t\n\n| Column | Type | Null |\n|---|---|---|\n" + "| a_b | varchar(255) | no |\n" * 10_000,
        "```sql\n" + "CREATE TABLE a (id int, b varchar(20) not null default 'x');\n" * 4_000 + "```\n",
        "# Missing tables\n" + "- `a_b` - text\n" * 10_000,
        "table `a` is " * 60_000,
        "```mermaid\nerDiagram\n" + "USER ||--o{ POST : x\n user {\n int id PK\n}\n" * 5_000 + "```",
        "```dbml\n" + "Table a {\n id int [pk, ref: > b.id]\n}\n" * 5_000 + "```",
        "`" * 200_000,
        "```php\nSchema::create('t', function ($table) {\n" + "$table->string('a');\n" * 700 + "});\n```\n",
    ],
    ids=["columns", "sql", "list", "line", "mermaid", "dbml", "ticks", "php"],
)
def test_much_of_anything_takes_seconds(text: str) -> None:
    started = time.process_time()
    read_document(text, "a.md")
    assert time.process_time() - started < 10
