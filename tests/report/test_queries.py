"""Query sites as text and as JSON: the whole answer, filtered as asked."""

from __future__ import annotations

import json

from trueup.model.locations import Gap, Location
from trueup.model.queries import ColumnUse, Queries, QuerySite, TableRef
from trueup.report.queries import Asked, coverage, covered, mistakes_in, queries_json, queries_text

READ = QuerySite(
    Location("app/A.php", 3),
    "select",
    (TableRef("orders", "o", "DB::table, literal"), TableRef("users", how="join")),
    (
        ColumnUse("user_id", "filter", "orders"),
        ColumnUse("user_id", "filter", "orders"),
        ColumnUse("id", "join", "users"),
        ColumnUse("total", "sort", "orders"),
    ),
    limited=True,
    trail=("DB::table, literal: orders",),
)
WRITE = QuerySite(
    Location("app/B.php", 9), "insert", (TableRef("logs"),), (ColumnUse("text", "write", "logs"),), open=True
)
LOST = Gap(Location("app/C.php", 1), "the table can't be told", "query-table")
ALL = Queries((READ, WRITE), (LOST,))


def test_every_site_and_what_was_not_resolved() -> None:
    assert queries_text(ALL, Asked()) == (
        "app/A.php:3  select  orders as o, users  [limit]\n"
        "    filter: user_id\n"
        "    sort: total\n"
        "    join: users.id\n"
        "app/B.php:9  insert  logs  [partly followed]\n"
        "    write: text\n"
        "app/C.php:1  not resolved: the table can't be told\n"
        "2 of 3 query sites resolved (66.6 %), 1 not.\n"
    )


def test_those_of_one_table_with_the_reasons() -> None:
    assert queries_text(ALL, Asked(tables=("ORDERS",), why=True)) == (
        "app/A.php:3  select  orders as o, users  [limit]\n"
        "    filter: user_id\n"
        "    sort: total\n"
        "    join: users.id\n"
        "    orders: DB::table, literal\n"
        "    users: join\n"
        "    because: DB::table, literal: orders\n"
        "1 query site shown.\n"
        "2 of 3 query sites resolved (66.6 %), 1 not.\n"
    )


def test_what_was_not_resolved_alone() -> None:
    assert queries_text(ALL, Asked(unresolved=True)) == (
        "app/C.php:1  not resolved: the table can't be told\n2 of 3 query sites resolved (66.6 %), 1 not.\n"
    )


def test_json_counts_all_and_lists_what_is_asked() -> None:
    document = json.loads(queries_json(ALL, Asked(kinds=("Insert",))))
    assert document["format"] == "trueup.queries/1"
    assert document["summary"] == {"sites": 3, "resolved": 2, "unresolved": 1}
    assert document["unresolved"] == []
    assert [(s["file"], s["kind"], s["columns"], s["open"]) for s in document["sites"]] == [
        ("app/B.php", "insert", {"write": ["text"]}, True)
    ]


def test_coverage_is_never_rounded_up() -> None:
    assert coverage(Queries()) == "no query sites"
    assert covered(1999, 1) == "1,999 of 2,000 query sites resolved (99.9 %), 1 not"
    assert covered(1, 0) == "1 of 1 query site resolved (100.0 %)"


def test_a_kind_that_does_not_exist() -> None:
    assert [str(m) for m in mistakes_in(Asked(kinds=("select", "selct")))] == [
        "--kind: there is no kind of query 'selct' (did you mean select?)"
    ]
