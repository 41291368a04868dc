"""Generated columns and indexes over expressions of live databases: a server's own words are no difference, another meaning is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.database.live import built, live
from trueup.compare.diff import ColumnChanged, Difference, IndexAdded, IndexRemoved, diff
from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.schema import UNTOLD, Index
from trueup.sources.database.found import Found
from trueup.sources.database.mysql import read
from trueup.structs import replace

DRIVERS: tuple[Driver, ...] = ("sqlite", "pgsql", "mariadb")
GENERATED = (
    ("total", "decimal(12,2)", "price * quantity"),
    ("rest", "decimal(12,2)", "(price - 1) * (quantity + 2)"),
    ("shown", "varchar(60)", "coalesce(lower(name), 'none')"),
    ("cheap", "int", "case when price < 10 and quantity > 0 then 1 else 0 end"),
)
FULLTEXT = (
    """CREATE INDEX words ON t USING gin ((to_tsvector('english', "name")))""",
    """CREATE INDEX worte ON t USING gin ((to_tsvector('german', "name") || to_tsvector('german', "note")))""",
)


def table(generated: tuple[tuple[str, str, str], ...] = GENERATED, kind: str = "STORED") -> str:
    more = "".join(f", {name} {type_} GENERATED ALWAYS AS ({text}) {kind}" for name, type_, text in generated)
    return (
        "CREATE TABLE t (name varchar(50) NULL, note varchar(50) NULL, price decimal(8,2) NULL, quantity int NULL, "
        f"gone timestamp NULL{more});"
    )


def told(differences: tuple[Difference, ...]) -> list[tuple[str, str, str]]:
    """Of columns the name, before and after; of indexes the name and which side has it."""
    found: list[tuple[str, str, str]] = []
    for one in differences:
        assert isinstance(one, ColumnChanged | IndexAdded | IndexRemoved)
        if isinstance(one, ColumnChanged):
            assert one.aspect == "generated"
            found.append((one.new.name, one.before, one.after))
        else:
            found.append((one.index.name, type(one).__name__, ""))
    return found


@pytest.mark.parametrize("driver", DRIVERS)
def test_generated_columns_in_the_servers_words(
    driver: Driver, tmp_path: Path, mysql_url: str, pgsql_url: str
) -> None:
    there = live(table(), driver, tmp_path, mysql_url, pgsql_url)
    columns = [c for c in there.tables[0].columns if c.generated is not None]
    assert [(c.name, c.stored, c.generated == UNTOLD) for c in columns] == [
        (name, True, False) for name, _, _ in GENERATED
    ]
    assert diff(there, built(table(), driver), respelled=True) == ()


@pytest.mark.parametrize("driver", DRIVERS)
def test_other_arithmetic_other_columns_and_none_are_told(
    driver: Driver, tmp_path: Path, mysql_url: str, pgsql_url: str
) -> None:
    there = live(table(), driver, tmp_path, mysql_url, pgsql_url)
    others = (
        ("total", "decimal(12,2)", "price + quantity"),
        ("rest", "decimal(12,2)", "price - 1 * (quantity + 2)"),
        ("shown", "varchar(60)", "coalesce(lower(note), 'none')"),
    )
    here = built(table(others)[:-2] + ", cheap int NULL);", driver)
    found = told(diff(there, here, respelled=True))
    assert [(name, after) for name, _, after in found] == [
        *((name, text) for name, _, text in others),
        ("cheap", "none"),
    ]


@pytest.mark.parametrize("driver", ["sqlite", "mariadb"])
def test_a_virtual_column_is_not_a_stored_one(
    driver: Driver, tmp_path: Path, mysql_url: str, pgsql_url: str
) -> None:
    there = live(table(GENERATED[:1], "VIRTUAL"), driver, tmp_path, mysql_url, pgsql_url)
    assert diff(there, built(table(GENERATED[:1], "VIRTUAL"), driver), respelled=True) == ()
    found = told(diff(there, built(table(GENERATED[:1]), driver), respelled=True))
    assert [(name, before[-9:], after[-8:]) for name, before, after in found] == [
        ("total", "(virtual)", "(stored)")
    ]


@pytest.mark.parametrize("driver", ["sqlite", "pgsql"])
def test_indexes_over_expressions_in_the_servers_words(
    driver: Driver, tmp_path: Path, mysql_url: str, pgsql_url: str
) -> None:
    indexes = (
        "CREATE INDEX by_value ON t ((price * quantity), upper(name))",
        "CREATE UNIQUE INDEX alive ON t (lower(name)) WHERE gone IS NULL AND quantity > 1",
        *(FULLTEXT if driver == "pgsql" else ()),
    )
    statements = table(()) + ";\n".join(indexes) + ";"
    there = live(statements, driver, tmp_path, mysql_url, pgsql_url)
    assert len(there.tables[0].indexes) == len(indexes)
    assert diff(there, built(statements, driver), respelled=True) == ()


@pytest.mark.parametrize("driver", ["sqlite", "pgsql"])
def test_another_expression_or_predicate_is_told(
    driver: Driver, tmp_path: Path, mysql_url: str, pgsql_url: str
) -> None:
    text = (
        "CREATE INDEX a ON t ((price {0} quantity)); CREATE INDEX b ON t (name) WHERE quantity > {1}; "
        "CREATE INDEX c ON t (lower({2}));"
    )
    was, now = text.format("*", 1, "name"), text.format("+", 2, "note")
    there = live(table(()) + was, driver, tmp_path, mysql_url, pgsql_url)
    found = told(diff(there, built(table(()) + now, driver), respelled=True))
    assert sorted(found) == [(n, kind, "") for n in "abc" for kind in ("IndexAdded", "IndexRemoved")]


@pytest.mark.parametrize("text", ["price > 1 and quantity", "not quantity", "(quantity + 1) or name = 'x'"])
def test_a_number_taken_for_a_truth(text: str, tmp_path: Path, mysql_url: str) -> None:
    statements = table((("truth", "int", text),))
    there = live(statements, "mariadb", tmp_path, mysql_url, "")
    assert diff(there, built(statements, "mariadb"), respelled=True) == ()


def test_on_update_is_read(tmp_path: Path, mysql_url: str) -> None:
    moment = "timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)"
    updated = f"CREATE TABLE t (id int, at {moment} ON UPDATE CURRENT_TIMESTAMP(3));"
    there = live(updated, "mariadb", tmp_path, mysql_url, "")
    assert diff(there, built(updated, "mariadb"), respelled=True) == ()
    found = diff(there, built(f"CREATE TABLE t (id int, at {moment});", "mariadb"), respelled=True)
    assert [(d.aspect, d.after) for d in found if isinstance(d, ColumnChanged)] == [("on update", "none")]


class _Mysql:
    """A session whose server answers information_schema as MySQL of that version does; `asked` are its questions."""

    driver: Driver = "mysql"

    def __init__(self, version: str, expression: str | None) -> None:
        self.version = version
        self.asked: list[str] = []
        self._expression = expression

    def rows(
        self, sql: str, values: Sequence[object] = (), seconds: float | None = None
    ) -> list[tuple[object, ...]]:
        self.asked.append(sql)
        if "information_schema.tables" in sql:
            return [("t",)]
        if "information_schema.columns" in sql:
            generated = r"concat(`name`,_utf8mb4\'x\')"
            return [
                ("t", "name", "varchar(50)", "YES", None, "", "", "utf8mb4_bin", ""),
                ("t", "more", "varchar(60)", "YES", None, "VIRTUAL GENERATED", "", "utf8mb4_bin", generated),
                ("t", "at", "datetime", "NO", "now()", "DEFAULT_GENERATED", "", None, ""),
            ]
        if "information_schema.statistics" in sql:
            return [("t", "lowered", 1, None, "BTREE", None, self._expression)]
        return []

    def close(self) -> None: ...


def test_mysql_8_spells_expressions() -> None:
    session = _Mysql("8.0.36", "lower(`name`)")
    found = Found("mysql", Location("mysql://h/d"), session.version)
    read(session, found)
    assert found.indexes["t"] == [Index("lowered", (), at=found.at, expressions=("lower(`name`)",))]
    assert [(c.name, c.generated, c.stored) for c in found.columns["t"]] == [
        ("name", None, False),
        ("more", r"concat(`name`,_utf8mb4\'x\')", False),
        ("at", None, False),
    ]
    made = built(
        "CREATE TABLE t (name varchar(50) NULL, more varchar(60) AS (concat(name, 'x')) VIRTUAL, "
        "at datetime NOT NULL DEFAULT now(), KEY lowered ((lower(name))));",
        "mysql",
        session.version,
    )
    assert diff(found.schema(), made, respelled=True) == ()


def test_an_expression_that_the_server_does_not_spell_is_no_difference() -> None:
    session = _Mysql("8.0.12", None)
    found = Found("mysql", Location("mysql://h/d"), session.version)
    read(session, found)
    assert [i.expressions for i in found.indexes["t"]] == [(UNTOLD,)]
    assert [" expression" in sql for sql in session.asked if "information_schema.statistics" in sql] == [
        False
    ]
    index = Index("lowered", (), expressions=("lower(name)",))
    there = found.schema()
    here = replace(there, tables=(replace(there.tables[0], indexes=(index,)),))
    assert diff(there, here, respelled=True) == ()
