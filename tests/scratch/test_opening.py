"""Scratch databases on real servers: made, filled, and gone afterwards, however the run ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.scratch.places import PLACES, databases, url_of
from trueup.errors import TargetError
from trueup.model.names import Driver
from trueup.model.schema import Check, Column, ForeignKey, Index, Schema, Table
from trueup.scratch import Built, Scratch, build, open_scratch, opening
from trueup.scratch.hosts import host_at
from trueup.scratch.names import host_mark
from trueup.sources.database import address_of, connect, read_catalogue

WAITING = """
import sys, time
from trueup.scratch import open_scratch
with open_scratch(sys.argv[1]) as scratch:
    print(scratch.name, flush=True)
    time.sleep(60)
"""


def place(driver: Driver, folder: Path) -> str:
    return url_of(driver, str(folder))


@pytest.mark.parametrize("driver", PLACES)
def test_made_and_dropped(driver: Driver, tmp_path: Path) -> None:
    url = place(driver, tmp_path)
    with open_scratch(url) as scratch:
        assert scratch.driver == driver
        assert scratch.name in databases(url)
        assert scratch.name in scratch.url
        with scratch.engine.begin() as connection:
            connection.execute(text("CREATE TABLE a (b int)"))
        inside = scratch.engine.connect()  # a session that is open does not hold it up
        inside.execute(text("INSERT INTO a VALUES (1)"))
    assert scratch.name not in databases(url)


@pytest.mark.parametrize("driver", PLACES)
def test_gone_after_an_exception(driver: Driver, tmp_path: Path) -> None:
    url = place(driver, tmp_path)
    seen: list[str] = []

    def fail() -> None:
        with open_scratch(url) as scratch:
            seen.append(scratch.name)
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    assert seen[0] not in databases(url)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("driver", PLACES)
def test_gone_after_a_signal(driver: Driver, ending: signal.Signals, tmp_path: Path) -> None:
    url = place(driver, tmp_path)
    process, name = waiting(url)
    process.send_signal(ending)
    code = process.wait(30)
    assert code in (-signal.SIGINT, 130) if ending == signal.SIGINT else code == 128 + ending
    assert name not in databases(url)


@pytest.mark.parametrize("driver", PLACES)
def test_swept_after_a_kill(driver: Driver, tmp_path: Path) -> None:
    url = place(driver, tmp_path)
    running, kept = waiting(url)
    process, name = waiting(url)
    process.kill()
    process.wait(30)
    assert name in databases(url)
    with open_scratch(url) as scratch:
        assert name in scratch.swept
        assert kept not in scratch.swept  # its run goes on
        assert {kept, scratch.name} <= set(databases(url))
        assert name not in databases(url)
    running.terminate()
    running.wait(30)


def waiting(url: str) -> tuple[subprocess.Popen[str], str]:
    """A run that holds a scratch database, and its name."""
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, url], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


@pytest.mark.parametrize("driver", PLACES)
def test_other_databases_are_not_touched(driver: Driver, tmp_path: Path) -> None:
    url = place(driver, tmp_path)
    host = host_at(address_of(url))
    others = [f"trueup_scratch_{host_mark()}_notours_{os.getpid()}", f"other_{os.getpid()}"]
    for name in others:
        host.create(name)
    try:
        with open_scratch(url):
            pass
        assert set(others) <= set(host.names())
    finally:
        for name in others:
            host.drop(name)


def test_sqlite_beside_a_database(tmp_path: Path) -> None:
    existing = tmp_path / "shop.sqlite"
    existing.write_bytes(b"whatever it is")
    with open_scratch(f"sqlite:///{existing}") as scratch:
        with scratch.engine.begin() as connection:
            connection.execute(text("CREATE TABLE a (b int)"))
        assert sorted(os.listdir(tmp_path)) == ["shop.sqlite", scratch.name]
    assert os.listdir(tmp_path) == ["shop.sqlite"]
    assert existing.read_bytes() == b"whatever it is"


def primary(table: str, driver: Driver) -> Index:
    return Index(f"{table}_pkey" if driver == "pgsql" else "primary", ("id",), True, True)


def shop(driver: Driver) -> Schema:
    """Two tables as Laravel would make them, one of which has what must survive: a percent sign, an exact number, a key."""
    number = {"sqlite": "integer", "pgsql": "bigint"}.get(driver, "bigint")
    default = {"pgsql": "'100%s'::character varying"}.get(driver, "'100%s'")
    words = {"sqlite": "varchar", "pgsql": "character varying(20)"}.get(driver, "varchar(20)")
    money = {"sqlite": "numeric"}.get(driver, "numeric(20,10)" if driver == "pgsql" else "decimal(20,10)")
    users = Table("users", (Column("id", number),), (primary("users", driver),))
    costs = Table(
        "costs",
        (
            Column("id", number),
            Column("user_id", number, True),
            Column("amount", money),
            Column("note", words, False, default),
        ),
        (primary("costs", driver), Index("costs_note_index", ("note",))),
        (ForeignKey("costs_user_id_foreign", ("user_id",), "users", ("id",), "cascade"),),
        (Check("costs_positive", "amount >= 0"),),
    )
    return Schema(driver, (costs, users))


@pytest.mark.parametrize("driver", PLACES)
def test_builds_a_schema(driver: Driver, tmp_path: Path) -> None:
    with open_scratch(place(driver, tmp_path)) as scratch:
        assert build(scratch, shop(driver)) == Built(("costs", "users"))
        with scratch.engine.begin() as connection:
            connection.execute(text("INSERT INTO users VALUES (1)"))
            connection.execute(text("INSERT INTO costs (id, user_id, amount) VALUES (1, 1, 0.5)"))
            row = connection.execute(text("SELECT amount, note FROM costs")).one()
        assert (Decimal(str(row[0])), row[1]) == (Decimal("0.5"), "100%s")
        assert refuses(scratch, "INSERT INTO costs (id, user_id, amount) VALUES (2, 7, 1)")  # no such user
        assert refuses(scratch, "INSERT INTO costs (id, user_id, amount) VALUES (3, 1, -1)")  # the check
        assert table_names(scratch) == {"costs", "users"}


def table_names(scratch: Scratch) -> set[str]:
    session = connect(scratch.address)
    try:
        return {t.name for t in read_catalogue(session, scratch.url).tables}
    finally:
        session.close()


def refuses(scratch: Scratch, statement: str) -> bool:
    from sqlalchemy.exc import DatabaseError

    try:
        with scratch.engine.begin() as connection:
            connection.execute(text(statement))
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize("driver", PLACES)
def test_tells_what_is_refused(driver: Driver, tmp_path: Path) -> None:
    broken = Table("broken", (Column("id", "(no type"),), (Index("broken_i", ("id",)),))
    twice = (Index("fine_i", ("id",)), Index("fine_i", ("id",)))
    bad_index = Table("fine", (Column("id", "integer"),), twice)
    with open_scratch(place(driver, tmp_path)) as scratch:
        built = build(scratch, Schema(driver, (broken, bad_index)))
    assert built.tables == ("fine",)
    codes = {"sqlite": ("", ""), "pgsql": ("42601", "42P07"), "mariadb": ("1064", "1061")}[driver]
    assert [(r.table, r.code, bool(r.reason), r.sql[:12]) for r in built.refused] == [
        ("broken", codes[0], True, "CREATE TABLE"),
        ("fine", codes[1], True, "CREATE INDEX"),
    ]


def test_refuses_where_it_may_not_create(tmp_path: Path) -> None:
    import psycopg
    import pymysql

    sealed = tmp_path / "sealed"
    with pytest.raises(TargetError, match=r"no scratch database can be made there: .*No such file"):
        open_scratch(f"sqlite:///{sealed}/below/file.sqlite").__enter__()
    pgsql, mysql = url_of("pgsql", ""), url_of("mariadb", "")
    user = f"trueup_nobody_{os.getpid()}"
    with psycopg.connect(f"{pgsql}postgres", autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'se-cret'")
        try:
            check_refused(pgsql, user)
        finally:
            connection.execute(f"DROP ROLE {user}")
    at = address_of(mysql)
    root = pymysql.connect(host=at.host, port=at.port, user=at.user, password=at.password or "")
    with root.cursor() as cursor:
        cursor.execute(f"CREATE USER '{user}'@'%' IDENTIFIED BY 'se-cret'")
        try:
            check_refused(mysql, user)
        finally:
            cursor.execute(f"DROP USER '{user}'@'%'")
    root.close()


def check_refused(url: str, user: str) -> None:
    at = address_of(url)
    scheme = url.partition("://")[0]
    with pytest.raises(TargetError) as caught:
        open_scratch(f"{scheme}://{user}:se-cret@{at.host}:{at.port}/").__enter__()
    message = str(caught.value)
    assert "the user may not create databases" in message
    assert "se-cret" not in message
    assert user not in message


def test_a_silent_server(tmp_path: Path) -> None:
    for scheme in ("pgsql", "mysql"):
        with pytest.raises(TargetError, match="can't be connected to"):
            open_scratch(f"{scheme}://root:se-cret@127.0.0.1:1/").__enter__()


def test_a_database_that_stays_is_told_when_the_process_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("busy")

    url = place("sqlite", tmp_path)
    monkeypatch.setattr(opening, "DROP_SECONDS", 0.0)
    with monkeypatch.context() as patched:
        patched.setattr(type(host_at(address_of(url))), "drop", refuse)
        with pytest.raises(SystemExit) as ended, open_scratch(url) as scratch:
            raise SystemExit(143)
    assert ended.value.code == 143
    told = capsys.readouterr().err
    assert f"{scratch.url}: the scratch database could not be dropped (OSError)" in told
    assert "the next run on that server drops it" in told
    host_at(address_of(url)).drop(scratch.name)
