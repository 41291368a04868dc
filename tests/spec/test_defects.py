"""What a server would refuse in a document's SQL, each on its line; and what it takes is left alone."""

from __future__ import annotations

import pytest

from tests.spec.reading import read
from trueup.model.names import Driver

LONG = "x" * 65
USERS = "CREATE TABLE users (id BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT);"


def found(sql: str, hint: Driver | None = None) -> list[tuple[str, int, str, str]]:
    reading = read(f"```sql\n{sql}\n```\n", hint)
    assert reading.gaps == []
    return [(d.kind, d.at.line, d.table, d.column) for d in reading.defects]


MYSQL = "id BIGINT AUTO_INCREMENT PRIMARY KEY"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (f"CREATE TABLE t (\n{MYSQL},\nx JSON DEFAULT '[1]'\n);", [("json-default", 4, "t", "x")]),
        (f"CREATE TABLE t (\n{MYSQL},\nx TEXT DEFAULT 'a'\n);", [("text-default", 4, "t", "x")]),
        (f"CREATE TABLE t (\n{MYSQL},\nx JSON DEFAULT (JSON_ARRAY()),\ny JSON DEFAULT NULL\n);", []),
        (f"CREATE TABLE t (\n{MYSQL},\nINDEX (nope)\n);", [("unknown-column", 4, "t", "nope")]),
        (
            f"CREATE TABLE t (\n{MYSQL},\nFOREIGN KEY (nope) REFERENCES users(id)\n);",
            [("unknown-column", 4, "t", "nope")],
        ),
        (f"CREATE TABLE t (\n{MYSQL},\nID INT\n);", [("duplicate-column", 4, "t", "ID")]),
        (
            f"CREATE TABLE t (\n{MYSQL},\na INT NULL,\nPRIMARY KEY (id)\n);",
            [("two-primary-keys", 5, "t", "")],
        ),
        (
            "CREATE TABLE t (\na INT NULL,\nb TINYINT,\nPRIMARY KEY (a)\n);",
            [("nullable-primary-key", 5, "t", "a")],
        ),
        (
            f"CREATE TABLE t (\n{MYSQL},\na INT NOT NULL DEFAULT NULL\n);",
            [("not-null-default-null", 4, "t", "a")],
        ),
        (f"CREATE TABLE t (\n{MYSQL},\na INT DEFAULT 'abc'\n);", [("bad-default", 4, "t", "a")]),
        (f"CREATE TABLE t (\n{MYSQL},\na VARCHAR(2) DEFAULT 'abc'\n);", [("bad-default", 4, "t", "a")]),
        (f"CREATE TABLE t (\n{MYSQL},\na ENUM('x','y') DEFAULT 'z'\n);", [("enum-default", 4, "t", "a")]),
        (
            f"CREATE TABLE t (\n{MYSQL},\na ENUM('x','y') DEFAULT 'y', b INT DEFAULT '5', c DECIMAL(5,2) DEFAULT 75.00\n);",
            [],
        ),
        (f"CREATE TABLE t (\n{MYSQL},\n{LONG} INT\n);", [("long-identifier", 4, "t", LONG)]),
        (f"CREATE TABLE t (\n{MYSQL},\na TEXT,\nUNIQUE KEY u (a)\n);", [("text-index", 5, "t", "a")]),
        (f"CREATE TABLE t (\n{MYSQL},\na TEXT,\nb JSON,\nINDEX i (a(20)),\nFULLTEXT KEY f (a)\n);", []),
        (f"CREATE TABLE t (\n{MYSQL},\na JSON,\nINDEX i (a)\n);", [("json-index", 5, "t", "a")]),
        (f"CREATE TABLE t (\n{MYSQL},\na VARCHAR(1000),\nINDEX i (a)\n);", [("long-key", 5, "t", "")]),
        (
            f"CREATE TABLE t (\n{MYSQL},\na INT,\nINDEX i (a),\nINDEX I (id)\n);",
            [("duplicate-index", 6, "t", "")],
        ),
        ("CREATE TABLE t (\nid BIGINT AUTO_INCREMENT,\na INT\n);", [("auto-increment", 3, "t", "id")]),
        (f"CREATE TABLE t (\n{MYSQL},\na DECIMAL(5,6)\n);", [("bad-precision", 4, "t", "a")]),
        (f"CREATE TABLE t (\n{MYSQL},\na VARCHAR(20000)\n);", [("long-column", 4, "t", "a")]),
        (
            f"CREATE TABLE t (\n{MYSQL},\nu BIGINT NOT NULL,\nFOREIGN KEY (u) REFERENCES users(id) ON DELETE SET NULL\n);",
            [("fk-set-null-not-null", 5, "t", "u")],
        ),
        (
            f"{USERS}\nCREATE TABLE t (\n{MYSQL},\nu INT,\nFOREIGN KEY (u) REFERENCES users(id)\n);",
            [("fk-type", 6, "t", "u")],
        ),
        (
            f"{USERS}\nCREATE TABLE t (\n{MYSQL},\nu BIGINT UNSIGNED REFERENCES users(nope)\n);",
            [("unknown-column", 5, "t", "u")],
        ),
        (
            f"{USERS}\nCREATE TABLE t (\n{MYSQL},\nu BIGINT UNSIGNED,\nFOREIGN KEY (u) REFERENCES users(id)\n);",
            [],
        ),
        (f"CREATE TABLE t (\n{MYSQL},\na INT,\n);", [("syntax", 5, "t", "")]),
        (f"CREATE TABLE t (\n{MYSQL},\na VARCHAR NOT NULL\n);", [("no-length", 4, "t", "a")]),
        (f"CREATE TABLE t (\n{MYSQL},\na MONEY\n);", [("unknown-type", 4, "t", "a")]),
        ("CREATE TABLE t (\nid SERIAL PRIMARY KEY,\na DATETIME\n);", [("unknown-type", 4, "t", "a")]),
        (
            "CREATE TABLE t (\nid SERIAL PRIMARY KEY,\na JSONB DEFAULT '[]',\nb TEXT DEFAULT 'x',\nUNIQUE (b)\n);",
            [],
        ),
        (f"CREATE TABLE t ({MYSQL});\nCREATE INDEX i ON t (nope);", [("unknown-column", 3, "t", "nope")]),
        (f"CREATE TABLE t ({MYSQL});\nALTER TABLE t ADD COLUMN a INT;\nCREATE INDEX i ON t (a);", []),
        ("ALTER TABLE elsewhere ADD INDEX (unseen), ADD COLUMN x BIGINT UNSIGNED;", []),
    ],
)
def test_defects(sql: str, expected: list[tuple[str, int, str, str]]) -> None:
    assert found(sql) == expected


def test_mariadb_takes_what_mysql_refuses() -> None:
    sql = f"CREATE TABLE t (\n{MYSQL},\nx JSON DEFAULT '[1]'\n);"
    assert (found(sql, "mariadb"), found(sql, "mysql")) == ([], [("json-default", 4, "t", "x")])


def test_where_no_dialect_can_be_told_only_what_no_server_takes_is_a_defect() -> None:
    assert found("CREATE TABLE t (\nid INT,\nid INT,\nx JSON DEFAULT '[]'\n);") == [
        ("duplicate-column", 4, "t", "id")
    ]


def test_the_message_says_what_and_where_to() -> None:
    (defect,) = read(f"```sql\nCREATE TABLE t (\n{MYSQL},\nx JSON DEFAULT '[1]'\n);\n```\n").defects
    assert (
        defect.message
        == "x: MySQL refuses a literal default on a JSON column; ('[1]') in brackets is taken from 8.0.13 on"
    )


def test_definitions_in_several_blocks_are_judged_together() -> None:
    reading = read(
        f"```sql\nCREATE TABLE t ({MYSQL});\n```\n\ntext\n\n```sql\nCREATE INDEX i ON t (gone);\n```\n"
    )
    assert [(d.kind, d.at.line) for d in reading.defects] == [("unknown-column", 8)]
