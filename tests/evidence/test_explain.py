"""The readers of EXPLAIN, on what the servers themselves say of queries whose plan is known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.evidence.schemas import DRIVERS, url_of
from trueup.evidence.explain import mysql_plan, pgsql_plan, sqlite_plan
from trueup.evidence.work import Asker, Refused, asker_on
from trueup.model.evidence import Plan, Step
from trueup.model.names import Driver
from trueup.scratch import Scratch, open_scratch

ROWS = 20_000
MAKE = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT i FROM n",
    "pgsql": "SELECT i FROM generate_series(1, {rows}) AS g(i)",
    "mariadb": "SELECT seq AS i FROM seq_1_to_{rows}",
}
TABLE = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL, c INTEGER NOT NULL, d INTEGER NOT NULL)",
    "CREATE TABLE u (id INTEGER PRIMARY KEY, t_id INTEGER NOT NULL, e INTEGER NOT NULL)",
    "CREATE INDEX t_a_b ON t (a, b)",
    "CREATE INDEX t_c ON t (c)",
    "CREATE INDEX u_t ON u (t_id)",
)


@pytest.fixture(scope="module", params=DRIVERS)
def scratch(request: pytest.FixtureRequest) -> Iterator[Scratch]:
    driver: Driver = request.param
    with open_scratch(url_of(driver)) as made:
        with made.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT", no_parameters=True
        ) as connection:
            for statement in TABLE:
                connection.exec_driver_sql(statement)
            source = MAKE[driver].format(rows=ROWS)
            connection.exec_driver_sql(
                f"INSERT INTO t SELECT i, i % 1000, i, (i * 7919) % 20000, i FROM ({source}) AS s"
            )
            connection.exec_driver_sql(f"INSERT INTO u SELECT i, i, i % 10 FROM ({source}) AS s")
            analyze = "ANALYZE TABLE t, u" if driver == "mariadb" else "ANALYZE"
            connection.exec_driver_sql(analyze)
        yield made


@pytest.fixture
def asker(scratch: Scratch) -> Iterator[Asker]:
    with asker_on(scratch) as asking:
        yield asking


SHOWN: list[tuple[str, dict[Driver, tuple[list[tuple[str, str, str]], bool]]]] = [
    (
        "SELECT * FROM t WHERE id = 5",
        {
            "sqlite": ([("t", "one row", "rowid")], False),
            "pgsql": ([("t", "seek", "t_pkey")], False),
            "mariadb": ([("t", "one row", "PRIMARY")], False),
        },
    ),
    ("SELECT * FROM t WHERE a = 5", dict.fromkeys(DRIVERS, ([("t", "seek", "t_a_b")], False))),
    ("SELECT * FROM t WHERE a = 5 AND b > 19000", dict.fromkeys(DRIVERS, ([("t", "range", "t_a_b")], False))),
    ("SELECT * FROM t WHERE d = 5", dict.fromkeys(DRIVERS, ([("t", "scan", "")], False))),
    ("SELECT * FROM t WHERE d = 5 ORDER BY b", dict.fromkeys(DRIVERS, ([("t", "scan", "")], True))),
    ("SELECT * FROM t ORDER BY c LIMIT 3", dict.fromkeys(DRIVERS, ([("t", "whole index", "t_c")], False))),
    ("SELECT * FROM t WHERE a = 5 OR c = 5", dict.fromkeys(DRIVERS, ([("t", "merge", "t_a_b+t_c")], False))),
    (
        "SELECT * FROM t WHERE a = 5 ORDER BY b LIMIT 1",
        dict.fromkeys(DRIVERS, ([("t", "seek", "t_a_b")], False)),
    ),
    (
        "SELECT * FROM t JOIN u ON u.t_id = t.id WHERE t.a = 5",
        dict.fromkeys(DRIVERS, ([("t", "seek", "t_a_b"), ("u", "seek", "u_t")], False)),
    ),
    (
        "UPDATE t SET d = d WHERE a = 5",
        {
            "sqlite": ([("t", "seek", "t_a_b")], False),
            "pgsql": ([("t", "seek", "t_a_b")], False),
            "mariadb": ([("t", "range", "t_a_b")], False),
        },
    ),
]


@pytest.mark.parametrize(("sql", "expected"), SHOWN, ids=[sql for sql, _ in SHOWN])
def test_plans_are_read(
    asker: Asker,
    scratch: Scratch,
    sql: str,
    expected: dict[Driver, tuple[list[tuple[str, str, str]], bool]],
) -> None:
    plan = asker.plan(sql)
    shown = [(step.table, step.access, step.index) for step in plan.steps]
    assert (shown, plan.sorts) == expected[scratch.driver]


def test_a_scan_examines_every_row_and_a_seek_those_that_it_finds(asker: Asker, scratch: Scratch) -> None:
    scan, seek = asker.work("SELECT * FROM t WHERE d = 5"), asker.work("SELECT * FROM t WHERE a = 5")
    assert scan.seconds is not None
    assert seek.seconds is not None
    if scratch.driver == "sqlite":
        assert (scan.unit, seek.unit) == ("instructions", "instructions")
        assert scan.amount is not None
        assert seek.amount is not None
        assert ROWS * 2 < scan.amount < ROWS * 10
        assert 20 < seek.amount < 500
    else:
        # MariaDB's counters see the end of the index or table, too.
        assert (scan.unit, seek.unit) == ("rows", "rows")
        assert scan.amount in (ROWS, ROWS + 1)
        assert seek.amount in (20, 21, 22)


def test_work_is_the_same_on_every_run(asker: Asker) -> None:
    assert len({asker.work("SELECT * FROM t WHERE a = 5 ORDER BY c").amount for _ in range(3)}) == 1


def test_what_a_server_does_not_take_is_told_in_its_words(asker: Asker) -> None:
    with pytest.raises(Refused, match="nonesuch"):
        asker.plan("SELECT nonesuch FROM t")
    assert asker.plan("SELECT * FROM t WHERE a = 5").steps  # the session is still good


def test_mysql_8_says_it_in_its_own_way() -> None:
    """As MySQL 8.4 prints it; there is none in Debian to ask."""
    document = {
        "query_block": {
            "select_id": 1,
            "cost_info": {"query_cost": "1.2"},
            "ordering_operation": {
                "using_filesort": True,
                "grouping_operation": {
                    "using_temporary_table": True,
                    "using_filesort": False,
                    "nested_loop": [
                        {
                            "table": {
                                "table_name": "t",
                                "access_type": "index_merge",
                                "key": "union(t_a_b,t_c)",
                                "rows_examined_per_scan": 21,
                            }
                        },
                        {"table": {"table_name": "u", "access_type": "eq_ref", "key": "PRIMARY"}},
                    ],
                },
            },
        }
    }
    steps = (Step("t", "merge", "t_a_b+t_c", 21.0), Step("u", "one row", "PRIMARY"))
    assert mysql_plan(document) == Plan(steps, sorts=True, temporary=True)


def test_a_condition_that_cannot_hold_reads_nothing() -> None:
    message = {"query_block": {"select_id": 1, "table": {"message": "Impossible WHERE"}}}
    assert mysql_plan(message) == Plan(())
    result = [{"Plan": {"Node Type": "Result", "One-Time Filter": "false"}}]
    assert pgsql_plan(result) == Plan((Step("", "none"),))


def test_sqlite_makes_an_index_of_its_own_for_want_of_one() -> None:
    details = ["SCAN a", "SEARCH b USING AUTOMATIC COVERING INDEX (x=?)", "USE TEMP B-TREE FOR ORDER BY"]
    assert sqlite_plan(details) == Plan((Step("a", "scan"), Step("b", "scan")), sorts=True, temporary=True)
