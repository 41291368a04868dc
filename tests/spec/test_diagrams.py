"""Mermaid erDiagrams and DBML."""

from __future__ import annotations

from tests.spec.reading import columns, indexes, keys, read, tables

MERMAID = """
    # Model

    ```mermaid
    ---
    title: shop
    ---
    erDiagram
        %% relations
        users ||--o{ orders : "places"
        orders }|..|{ OrderItem : has
        CUSTOMER ||--|| users : is
        orders {
            bigint id PK
            bigint user_id FK "owner"
            string number UK "nullable"
            decimal(10,2) total
        }
        OrderItem {
            int order_id PK, FK
            int line PK
            text note "not null"
        }
        tags
        users ||--o{ tags : uses
    ```
"""


def test_entities_are_tables() -> None:
    reading = read(MERMAID)
    found = {t.name: t for t, _ in reading.tables}
    assert [(t.name, t.at.line, t.complete) for t in found.values()] == [
        ("users", 9, False),
        ("orders", 12, True),
        ("order_items", 18, True),
        ("tags", 23, False),
    ]
    assert columns(found["orders"]) == [
        ("id", "bigint", False, "-", 13),
        ("user_id", "bigint", None, "-", 14),
        ("number", "string", True, "-", 15),
        ("total", "decimal(10,2)", None, "-", 16),
    ]
    assert indexes(found["orders"]) == [("primary", ("id",), None, 13), ("unique", ("number",), None, 15)]
    assert keys(found["orders"]) == [(("user_id",), "users", ("id",), None, 14)]
    assert columns(found["order_items"]) == [
        ("order_id", "int", False, "-", 19),
        ("line", "int", False, "-", 20),
        ("note", "text", False, "-", 21),
    ]
    assert indexes(found["order_items"]) == [("primary", ("order_id", "line"), None, 19)]
    assert keys(found["order_items"]) == [(("order_id",), "orders", ("id",), None, 19)]
    assert [c.name for c in found["orders"].columns if not c.loose_type] == ["total"]
    assert reading.gaps == []


def test_a_diagram_of_ideas_requires_nothing() -> None:
    reading = read(
        "```mermaid\nerDiagram\n    CUSTOMER ||--o{ ORDER : places\n    Order ||--|{ Line : has\n```\n"
    )
    assert (reading.tables, reading.mentions, reading.gaps) == ([], [], [])


def test_what_is_no_diagram_of_tables_is_left() -> None:
    reading = read("```mermaid\ngraph TB\n    A[Users table] --> B\n```\n")
    assert (reading.tables, reading.gaps) == ([], [])


def test_broken_diagrams_are_gaps() -> None:
    reading = read("```mermaid\nerDiagram\n  users {\n    bigint\n    int id PK\n  ???\n")
    assert [(t.name, columns(t)) for t, _ in reading.tables] == [("users", [("id", "int", False, "-", 5)])]
    assert sorted((g.kind, g.at.line) for g in reading.gaps) == [
        ("spec-mermaid", 3),
        ("spec-mermaid", 4),
        ("spec-mermaid", 6),
    ]


DBML = """
    # Model

    ```dbml
    Project shop { database_type: 'MySQL' }
    // a comment
    Enum order_state {
      new [note: 'x']
      "paid out"
    }

    Table shop.orders as O [headercolor: #3498DB] {
      id bigint [pk, increment]
      user_id "bigint unsigned" [not null, ref: > users.id]
      state order_state [not null, default: 'new']
      total decimal(10,2) [default: 0, note: 'with tax, always']
      code varchar(20) [unique, null]
      at timestamp [default: `now()`]
      `order` int

      indexes {
        (user_id, state) [name: 'idx_user', unique]
        at
        `lower(code)`
      }
      Note: 'All orders'
    }

    Table order_lines {
      order_id int
      line int
      indexes { (order_id, line) [pk] }
    }

    Ref: order_lines.order_id > O.id [delete: cascade, update: no action]
    Ref named { users.(a, b) < order_lines.(order_id, line) }
    TableGroup g { orders }
    ```
"""


def test_dbml() -> None:
    reading = read(DBML)
    orders, lines = (t for t, _ in reading.tables)
    assert (orders.name, orders.kind, orders.comment, orders.at.line) == ("orders", "dbml", "All orders", 11)
    assert columns(orders) == [
        ("id", "bigint", False, "-", 12),
        ("user_id", "bigint unsigned", False, "-", 13),
        ("state", "enum('new','paid out')", False, "'new'", 14),
        ("total", "decimal(10,2)", None, "0", 15),
        ("code", "varchar(20)", True, "-", 16),
        ("at", "timestamp", None, "now()", 17),
        ("order", "int", None, "-", 18),
    ]
    assert orders.column("state").values == ("new", "paid out")  # type: ignore[union-attr]  # it is there
    assert orders.column("total").comment == "with tax, always"  # type: ignore[union-attr]  # it is there
    assert indexes(orders) == [
        ("primary", ("id",), None, 12),
        ("unique", ("code",), None, 16),
        ("unique", ("user_id", "state"), "idx_user", 21),
        ("btree", ("at",), None, 22),
    ]
    assert keys(orders) == [(("user_id",), "users", ("id",), None, 13)]
    assert columns(lines) == [("order_id", "int", False, "-", 29), ("line", "int", False, "-", 30)]
    assert indexes(lines) == [("primary", ("order_id", "line"), None, 31)]
    assert keys(lines) == [
        (("order_id",), "orders", ("id",), "cascade", 34),
        (("order_id", "line"), "users", ("a", "b"), None, 35),
    ]
    assert [(g.kind, g.at.line) for g in reading.gaps] == [("spec-dbml", 23)]


def test_dbml_without_a_word_and_cut_off() -> None:
    reading = read("```\nTable a {\n  id int [pk]\n  b varchar(20\n")
    assert [(t.name, [c.name for c in t.columns]) for t, _ in reading.tables] == [("a", ["id", "b"])]
    assert [(g.kind, g.at.line) for g in reading.gaps] == [("spec-dbml", 2)]


def test_partials_and_many_to_many() -> None:
    reading = read("""
        ```dbml
        TablePartial base {
          id int [pk]
        }
        Table a {
          ~base
          name varchar
        }
        Table b { ~other }
        Ref: a.id <> b.id
        ```
    """)
    assert [(t.name, t.complete, [c.name for c in t.columns]) for t, _ in reading.tables] == [
        ("a", True, ["id", "name"]),
        ("b", False, []),
    ]
    assert [(g.kind, g.at.line) for g in reading.gaps] == [("spec-dbml", 9), ("spec-dbml", 10)]


def test_a_file_of_another_kind_is_one_block() -> None:
    from trueup.sources.spec.document import read_document

    for name, text in (
        ("a.sql", "-- x\nCREATE TABLE t (id INT);\n"),
        ("a.dbml", "\nTable t {\n id int\n}\n"),
        ("a.mmd", "erDiagram\n t {\n  int id\n }\n"),
    ):
        reading = read_document(text, f"docs/{name}")
        assert [(t.name, t.at.line) for t, _ in reading.tables] == [("t", 2)]
        assert reading.gaps == []


def test_table_test_helper_sees_nothing_in_nothing() -> None:
    assert tables("") == []
