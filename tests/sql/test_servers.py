"""What no real server here can witness: MySQL 8's own ways, snapshots, speed, and the answers of a server."""

from __future__ import annotations

import time

import pytest

from trueup.model.locations import Location
from trueup.model.names import DRIVERS, Driver
from trueup.model.schema import Check, Column, ForeignKey, Index, Note, Table
from trueup.sources.sql.read import detect_dialect, read_sql
from trueup.sources.sql.servers import Refused, Server, server_for


def run(server: Server, text: str) -> Server:
    for statement in read_sql(text, server.name, Location("f", 1), server_version=server.version_text):
        server.execute(statement)
    return server


def test_frozen_facts() -> None:
    server = server_for("mysql", "8.0.36")
    users_and_view = """create table users (id bigint unsigned auto_increment primary key) comment='people';
        create view v as select id from users"""
    run(server, users_and_view)
    run(
        server,
        """create table posts (id int, kind enum('a','b') default 'a', user_id bigint unsigned, meta json, n int default 5,
        at timestamp null default current_timestamp on update current_timestamp, check (kind in ('a', 'b')),
        constraint fk foreign key (user_id) references users (id) on delete cascade)""",
    )
    first, second, third = Location("f", 1), Location("f", 2), Location("f", 3)
    posts, users = server.freeze().tables
    general = "utf8mb4_0900_ai_ci"
    assert users == Table(
        "users",
        (Column("id", "bigint unsigned", False, None, True, first),),
        (Index("primary", ("id",), True, True, first),),
        at=first,
        comment="people",
        engine="InnoDB",
        collation=general,
    )
    assert posts == Table(
        "posts",
        (
            Column("id", "int", True, at=first),
            Column(
                "kind",
                "enum('a','b')",
                True,
                "a",
                at=first,
                collation=general,
                charset="utf8mb4",
                values=("a", "b"),
            ),
            Column("user_id", "bigint unsigned", True, at=first),
            Column("meta", "json", True, at=first),
            Column("n", "int", True, "5", at=first),
            Column("at", "timestamp", True, "CURRENT_TIMESTAMP", at=second, on_update="CURRENT_TIMESTAMP"),
        ),
        (Index("fk", ("user_id",), at=third, implied=True),),
        (ForeignKey("fk", ("user_id",), "users", ("id",), "cascade", "restrict", third),),
        (Check("posts_chk_1", "kind in ('a', 'b')", ("kind",), ("a", "b"), second),),
        first,
        engine="InnoDB",
        collation=general,
    )
    assert server.freeze().notes == (Note("view", "v", second, "create view v as select id from users"),)


MYSQL_8: list[tuple[str, str | None]] = [
    ("create table t (a text default 'x')", "1101"),
    ("create table t (a json default (json_array()), b varchar(36) default (uuid()))", None),
    ("create table t (a varchar(36) default uuid())", "1064"),
    ("create table t (a text unique)", "1170"),
    ("create table t (a varchar(800), key (a))", "1071"),
    ("create table t (a varchar(800), key (a(100)))", None),
    ("create table t (a json, key (a))", "3152"),
    ("create table t (a int, key ((a + 1)))", None),
    ("create table t (a int references nope (id), foreign key (a) references nope (id))", "1824"),
    ("create table p (id int); create table t (a int, foreign key (a) references p (id))", "1822"),
    ("create table p (id bigint primary key); create table t (a int, foreign key (a) references p (id))", "3780"),
    ("create table p (id int primary key); create table t (a int not null, foreign key (a) references p (id) on delete set null)",
     "1830"),
    ("create table p (id int primary key); create table t (a int, foreign key (a) references p (id)); drop table p", "3730"),
    ("create table t (a int, b int, unique (a, b)); alter table t drop column a", None),
    ("alter table nope add a int", "1146"),
    ("create table t (a int); alter table t add column if not exists b int", "1064"),
    ("create table t (rank int)", "1064"),
    ("create table t (a varchar(9) character set utf8 collate utf8mb3_general_ci)", None),
    ("create table t (a varchar(9) character set utf8 collate utf8mb4_general_ci)", "1253"),
    ("create table t (a varchar(90000))", "1074"),
    ("create table t (a uuid)", "1064"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), MYSQL_8)
def test_mysql_8(text: str, code: str | None) -> None:
    server = server_for("mysql", "8.0.36")
    if code is None:
        run(server, text)
        return
    with pytest.raises(Refused) as refused:
        run(server, text)
    assert refused.value.code == code


def test_without_strict_mode_a_text_takes_what_is_too_long_for_a_varchar() -> None:
    server = server_for("mysql", "8.0.36", strict=False)
    run(server, "create table t (a varchar(9), b varchar(20000), c varchar(90000), d varchar(4294967295))")
    assert [c.type for c in server.freeze().tables[0].columns] == [
        "varchar(9)",
        "mediumtext",
        "mediumtext",
        "longtext",
    ]


def test_old_servers_fill_in_timestamps() -> None:
    server = run(
        server_for("mysql", "5.7.44", strict=False),
        "create table t (a timestamp, b timestamp, c timestamp null)",
    )
    assert [(c.name, c.nullable, c.default, c.on_update) for c in server.columns("t")] == [
        ("a", False, "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
        ("b", False, "0000-00-00 00:00:00", None),
        ("c", True, None, None),
    ]
    with pytest.raises(Refused, match="Invalid default value for 'b'"):
        run(
            server_for("mariadb", "10.6.16-MariaDB"),
            "create table t (a timestamp not null, b timestamp not null)",
        )


SQLITE_ROWS: list[tuple[str, str]] = [
    ("alter table t add c int not null", "Cannot add a NOT NULL column with default value NULL"),
    (
        "alter table t add c datetime default current_timestamp",
        "Cannot add a column with non-constant default",
    ),
    ("alter table t add c int as (a) stored", "cannot add a STORED column"),
]


@pytest.mark.parametrize(("text", "reason"), SQLITE_ROWS)
def test_rows_stop_what_an_empty_table_takes(text: str, reason: str) -> None:
    run(server_for("sqlite"), f"create table t (a int); {text}")
    server = run(server_for("sqlite"), "create table t (a int); insert into t (a) values (1)")
    with pytest.raises(Refused, match=reason):
        run(server, text)
    run(server, f"delete from t; {text}")


def test_rows_on_postgresql() -> None:
    server = run(server_for("pgsql"), "create table t (a int); insert into t values (1)")
    with pytest.raises(Refused, match='column "b" of relation "t" contains null values'):
        run(server, "alter table t add b int not null")


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_snapshot_can_be_restored_any_number_of_times(driver: Driver) -> None:
    server = run(server_for(driver), "create table t (a int, b int); create table u (a int)")
    before, snapshot = server.freeze(), server.snapshot()
    for text in (
        "drop table t",
        "alter table t add c int; alter table u rename to v",
        "create index i on t (a)",
    ):
        run(server, text)
        assert server.freeze() != before
        server.restore(snapshot)
        assert server.freeze() == before


@pytest.mark.parametrize("driver", DRIVERS)
def test_answers(driver: Driver) -> None:
    server = run(
        server_for(driver),
        "create table Things (Id int, name varchar(9)); create view seen as select name from Things",
    )
    name = "things" if driver == "pgsql" else "Things"
    assert server.has_table(name)
    assert not server.has_table("nothing")
    assert not server.has_table("seen")
    assert server.has_view("seen")
    assert server.has_column(name, "ID")
    assert not server.has_column(name, "other")
    assert [c.name.lower() for c in server.columns(name)] == ["id", "name"]
    assert (server.columns("nothing"), server.indexes("nothing"), server.foreign_keys("nothing")) == (
        (),
        (),
        (),
    )
    assert server.table_names() == (name,)


@pytest.mark.parametrize("driver", DRIVERS)
def test_replay_is_linear(driver: Driver) -> None:
    """Four times the statements take about four times as long."""
    seconds = []
    for tables in (200, 800):
        pair = "create table t{0} (id int primary key, a int, b int); create index i{0} on t{0} (a)"
        text = ";".join(pair.format(n) for n in range(tables))
        statements = read_sql(text, driver)
        server = server_for(driver)
        started = time.process_time()
        for statement in statements:
            server.execute(statement)
            server.snapshot() if len(server.catalog.tables) % 50 == 0 else None
        seconds.append(time.process_time() - started)
    assert seconds[1] < seconds[0] * 12 + 0.2


DIALECTS: list[tuple[str, Driver | None]] = [
    ("CREATE TABLE t (id BIGINT UNSIGNED AUTO_INCREMENT)", "mysql"),
    ("CREATE TABLE t (a int, INDEX idx (a))", "mysql"),
    ("CREATE TABLE t (id SERIAL PRIMARY KEY, meta JSONB)", "pgsql"),
    ("CREATE TABLE t (id uuid DEFAULT gen_random_uuid())", "pgsql"),
    ("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", "sqlite"),
    ("CREATE TABLE t (id int, name varchar(20))", None),
    ("-- AUTO_INCREMENT\nSELECT 1", None),
]


@pytest.mark.parametrize(("text", "dialect"), DIALECTS)
def test_dialect(text: str, dialect: Driver | None) -> None:
    assert detect_dialect(text) == dialect
