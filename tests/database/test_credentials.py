"""User and password appear nowhere: not in mistakes, tracebacks, crashes, labels. And a session that only reads is kept so by the
server."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.database.live import shop
from tests.sql.real import RealMysql, RealPgsql, real
from trueup.cli import run
from trueup.cli.running import run_guarded
from trueup.errors import TargetError
from trueup.model.names import Driver
from trueup.pipeline.attempts import Attempts
from trueup.redaction import redacted
from trueup.sources.database import Limits, Unanswered, address_of, connect
from trueup.sources.database.dotenv import read_dotenv

SECRET = "s3cr3t-Pa55"
USER = "liveuser"


def _server(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or ''}".rstrip(":")


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://{USER}:{SECRET}@MYSQL/trueup_none",
        f"mysql://{USER}:{SECRET}@127.0.0.1:1/d",
        f"pgsql://{USER}:{SECRET}@127.0.0.1:1/d",
        f"pgsql://{USER}:{SECRET}@PGSQL/trueup_none",
        f"pgsql://{USER}:{SECRET}@no-such-host.invalid/d",
        f"mysql://{USER}:{SECRET}@no-such-host.invalid/d",
        f"oracle://{USER}:{SECRET}@h/d",
        f"mysql://{USER}:{SECRET}/x@h/d",
        f"mysql://{USER}:a?{SECRET}@h/d",
        f"mysql://{USER}:a#{SECRET}@h/d",
        f"mysql://h:{SECRET}/d",
        f"mysql://h/d?password={SECRET}",
        f"mysql://h/d?password=x@{SECRET}",
    ],
)
@pytest.mark.parametrize("command", ["diff", "audit", "target"])
def test_no_mistake_tells_a_credential(
    url: str, command: str, mysql_url: str, pgsql_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "composer.json").write_text("{}")
    url = url.replace("MYSQL", _server(mysql_url)).replace("PGSQL", _server(pgsql_url))
    arguments = {
        "diff": ["diff", url, str(tmp_path)],
        "audit": ["audit", str(tmp_path), "--database-url", url],
        "target": ["audit", url],
    }
    code = run(arguments[command])
    told = capfd.readouterr()
    assert code == 2
    assert told.err
    assert SECRET not in told.out + told.err
    assert USER not in told.out + told.err


def test_a_crash_tells_no_credential(capfd: pytest.CaptureFixture[str]) -> None:
    address = address_of(f"pgsql://{USER}:a%2F{SECRET}@h/d")
    assert address.password == f"a/{SECRET}"
    assert SECRET not in repr(address)
    assert USER not in repr(address)

    def crash() -> int:
        try:
            raise OSError(f"driver: password=a/{SECRET} url=pgsql://{USER}:x@h/d")
        except OSError as problem:
            raise ValueError(f"a%2F{SECRET}") from problem

    assert run_guarded(crash, "trueup x") == 3
    attempts = Attempts()
    attempts.run("reading", crash, 0)
    told = capfd.readouterr()
    assert "OSError: driver: password=••• url=pgsql://•••@h/d" in told.err
    assert SECRET not in told.err + told.out + str(attempts.crashes)
    assert USER not in told.err + told.out


def test_short_secrets_are_hidden_where_they_stand_alone() -> None:
    address_of("mysql://u:zq@h/d")
    assert redacted("password zq, zqueue") == "password •••, zqueue"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mysql://u:p@h/d", "mysql://h/d"),
        ("postgresql+psycopg://u@h:5433/d?sslmode=require", "postgresql+psycopg://h:5433/d"),
        ("env:TRUEUP_LIVE_URL", "mariadb://db:3307/shop"),
        (".env", "pgsql://10.0.0.1:6432/shop"),
        (".env.sqlite", "sqlite://{root}/db/app.sqlite"),
    ],
)
def test_forms_of_an_address(text: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUEUP_LIVE_URL", "mariadb://u:p@db:3307/shop")
    (tmp_path / ".env").write_text(
        "DB_CONNECTION=pgsql # the server\nexport DB_HOST=\"10.0.0.1\"\nDB_PORT=6432\nDB_DATABASE='shop'\n"
        'NAME=who\nDB_USERNAME="${NAME}"\nDB_PASSWORD="a\\"b#c"\n'
    )
    (tmp_path / ".env.sqlite").write_text("DB_CONNECTION=sqlite\nDB_DATABASE=db/app.sqlite\n")
    address = address_of(text, str(tmp_path))
    assert address.shown == shown.replace("{root}", str(tmp_path))
    if text == ".env":
        assert (address.user, address.password) == ("who", 'a"b#c')
        assert read_dotenv(str(tmp_path / ".env"))["DB_CONNECTION"] == "pgsql"


@pytest.mark.parametrize(
    "text", ["env:TRUEUP_NOT_THERE", ".env", "env:TRUEUP_NO_URL", "mysql://h/d?charset=utf8"]
)
def test_what_names_no_database_is_a_mistake(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUEUP_NO_URL", SECRET)
    with pytest.raises(TargetError) as caught:
        address_of(text, str(tmp_path))
    assert SECRET not in str(caught.value)


WRITES = [
    "INSERT INTO t VALUES (2)",
    "UPDATE t SET a = 3",
    "DELETE FROM t",
    "DROP TABLE t",
    "CREATE TABLE u (a INT)",
]


@pytest.mark.parametrize("driver", ["mariadb", "pgsql"])
def test_a_server_refuses_every_write(driver: Driver, mysql_url: str, pgsql_url: str) -> None:
    with real(driver, mysql_url, pgsql_url) as database:
        assert isinstance(database, RealMysql | RealPgsql)
        assert database.execute("CREATE TABLE t (a INT)") is None
        assert database.execute("INSERT INTO t VALUES (1)") is None
        if isinstance(database, RealMysql):
            database.connection.commit()
        base = pgsql_url if driver == "pgsql" else mysql_url.replace("mysql:", "mariadb:")
        session = connect(address_of(f"{base}{database.name}"))
        codes = []
        for write in WRITES:
            with pytest.raises(Unanswered) as caught:
                session.rows(write)
            codes.append(caught.value.code)
        assert codes == [{"mariadb": "1792", "pgsql": "25006"}[driver]] * len(WRITES)
        assert session.rows("SELECT a FROM t") == [(1,)]
        session.close()


@pytest.mark.parametrize("driver", ["mariadb", "pgsql"])
def test_a_question_ends_at_its_time_limit(driver: Driver, mysql_url: str, pgsql_url: str) -> None:
    with real(driver, mysql_url, pgsql_url) as database:
        assert isinstance(database, RealMysql | RealPgsql)
        base = pgsql_url if driver == "pgsql" else mysql_url.replace("mysql:", "mariadb:")
        session = connect(address_of(f"{base}{database.name}"))
        sleep = "SELECT pg_sleep(5)" if driver == "pgsql" else "SELECT count(*) FROM (SELECT SLEEP(5)) s"
        with pytest.raises(Unanswered) as caught:
            session.rows(sleep, seconds=0.2)
        assert caught.value.why == "timeout"
        assert session.rows("SELECT 1") == [(1,)]
        session.close()


def test_a_question_never_waits_long_for_a_lock(pgsql_url: str) -> None:
    with real("pgsql", "", pgsql_url) as database:
        assert isinstance(database, RealPgsql)
        assert database.execute("CREATE TABLE t (a INT)") is None
        session = connect(address_of(f"{pgsql_url}{database.name}"), Limits(lock=0.2))
        database.execute("BEGIN")
        database.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Unanswered) as caught:
            session.rows("SELECT count(*) FROM t")
        assert caught.value.why == "lock"
        database.execute("ROLLBACK")
        session.close()


def test_an_sqlite_file_is_never_written(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    writer = sqlite3.connect(file)
    writer.execute("CREATE TABLE t (a INT)")
    writer.commit()
    before = file.read_bytes()
    session = connect(address_of(f"sqlite://{file}"))
    for write in WRITES:
        with pytest.raises(Unanswered) as caught:
            session.rows(write)
        assert caught.value.code == "SQLITE_READONLY"
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(Unanswered) as caught:
        session.rows(slow, seconds=0.1)
    assert caught.value.why == "timeout"
    session.close()
    assert file.read_bytes() == before


def test_nothing_of_a_live_audit_is_kept(
    tmp_path: Path, mysql_url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("TRUEUP_CACHE_DIR", str(cache))
    project = shop(tmp_path / "shop")
    with real("mariadb", mysql_url, "") as database:
        assert isinstance(database, RealMysql)
        user = f"u{database.name[-8:]}".replace("_", "x")
        assert database.execute(f"CREATE USER '{user}'@'%' IDENTIFIED BY '{SECRET}'") is None
        assert database.execute(f"GRANT SELECT ON `{database.name}`.* TO '{user}'@'%'") is None
        try:
            url = f"mysql://{user}:{SECRET}@{_server(mysql_url)}/{database.name}"
            texts = []
            for form in ("terminal", "markdown", "json"):
                assert run(["audit", str(project), "--database-url", url, "--format", form]) == 1
                told = capfd.readouterr()
                texts.append(told.out + told.err)
        finally:
            database.execute(f"DROP USER '{user}'@'%'")
    assert all(database.name in text for text in texts)
    kept = [path.read_bytes() for path in cache.rglob("*") if path.is_file()] if cache.exists() else []
    for secret in (SECRET, user):
        assert not any(secret in text for text in texts)
        assert not any(secret.encode() in content for content in kept)
    assert not list(cache.rglob("answer-*"))
