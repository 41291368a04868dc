"""Wishes that a server would refuse: each line was tried on MariaDB 10.11 and PostgreSQL 15."""

from __future__ import annotations

import pytest

from trueup.indexes.chains import Wanted
from trueup.indexes.key_size import fitting, is_taken
from trueup.indexes.selectivity import Statistics
from trueup.model.names import Driver
from trueup.model.schema import Column, Schema, Table

TYPES = {
    "id": "bigint",
    "name": "varchar(255)",
    "url": "varchar(700)",
    "path": "varchar(1024)",
    "note": "text",
}


@pytest.mark.parametrize(
    ("driver", "wanted", "expected"),
    [
        ("mariadb", Wanted(("name",), ("id",)), Wanted(("name",), ("id",))),
        ("mariadb", Wanted(("note",)), None),
        ("mariadb", Wanted(("path",)), None),
        ("mariadb", Wanted(("name",), ("url",)), Wanted(("name",))),
        ("mariadb", Wanted(("id",), ("note",)), Wanted(("id",))),
        ("mariadb", Wanted((), ("name", "url")), None),
        ("mariadb", Wanted((), ("id", "name")), Wanted((), ("id", "name"))),
        ("pgsql", Wanted(("note",), ("path",)), Wanted(("note",), ("path",))),
        ("pgsql", Wanted(("data",)), None),
        ("sqlite", Wanted(("path",), ("note",)), Wanted(("path",), ("note",))),
        ("mariadb", None, None),
    ],
)
def test_a_wish_is_cut_to_what_the_server_takes(
    driver: Driver, wanted: Wanted | None, expected: Wanted | None
) -> None:
    columns = [Column(name, type_) for name, type_ in TYPES.items()]
    if driver == "pgsql":
        columns.append(Column("data", "json"))
    table = Table("pages", tuple(columns))
    assert fitting(wanted, table, Statistics(Schema(driver, (table,)))) == expected


def test_an_index_is_taken_or_refused_as_a_whole() -> None:
    table = Table("pages", tuple(Column(name, type_) for name, type_ in TYPES.items()))
    statistics = Statistics(Schema("mysql", (table,)))
    assert [is_taken(c, table, statistics) for c in (("id", "name"), ("name", "url"), ("note",))] == [
        True,
        False,
        False,
    ]
