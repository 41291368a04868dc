"""Every `trueup ...` line of the documentation is run in a world like the one it speaks of, and none is a mistake or a crash.

A document's lines are run in their order in one copy of the world. Addresses of databases and of a Dask scheduler are
replaced by those of the tests. What goes on until it is told to stop is told to, once it has said something."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.world import Databases, shop_of, template
from tests.sql.real import RealMysql, RealPgsql, real
from trueup.cli import COMMANDS, run
from trueup.model.names import Driver
from trueup.sources.sql.read import split_statements

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCED = re.compile(r"^```[a-z]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s+#(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$).*")
URL = re.compile(r"(mysql|mariadb|pgsql|postgres|postgresql)://[^\s/]+/(\w*)")
SCHEDULER = re.compile(r"\btcp://[\d.:]+")
ENDLESS = re.compile(r"--watch\b|--http\b")
SERVING = re.compile(r"^trueup mcp\b")
READY = re.compile(r"Ctrl-C ends|http://")
NAMED = re.compile(r"\benv:(\w+)")
TRUEUP = Path(sys.executable).parent


def lines_of(document: Path) -> list[str]:
    """The command lines of its fenced blocks, comments left out, in their order."""
    blocks = FENCED.findall(document.read_text(encoding="utf-8"))
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [COMMENT.sub("", line) for line in lines if re.match(r"trueup( |$)", line)]


WITH_COMMANDS = [document for document in DOCUMENTS if lines_of(document)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def databases(made: Path, mysql_url: str, pgsql_url: str) -> Iterator[Databases]:
    """The shop's migrations, carried out on both servers."""
    with real("mariadb", mysql_url, pgsql_url) as mysql, real("pgsql", mysql_url, pgsql_url) as pgsql:
        assert isinstance(mysql, RealMysql)
        assert isinstance(pgsql, RealPgsql)
        _migrate("mariadb", mysql, made)
        _migrate("pgsql", pgsql, made)
        yield Databases(mysql_url, pgsql_url, f"{mysql_url}{mysql.name}", f"{pgsql_url}{pgsql.name}")


def _migrate(driver: Driver, database: RealMysql | RealPgsql, made: Path) -> None:
    sql = made / f"{driver}.sql"
    asked = ["--driver", driver, "--format", "sql", "--output", str(sql)]
    assert run(["schema", str(made / "shop"), *asked]) == 0
    for statement in split_statements(sql.read_text(), driver):
        assert database.execute(statement) is None, statement


@pytest.fixture
def shop(made: Path, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh copy of the world, with the shop as the current folder."""
    shop = shop_of(Path(shutil.copytree(made, tmp_path / "world")), databases)
    monkeypatch.chdir(shop)
    monkeypatch.setenv("HOME", str(shop.parent / "home"))
    monkeypatch.setenv("TRUEUP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{TRUEUP}{os.pathsep}{os.environ['PATH']}")
    return shop


def rewritten(line: str, databases: Databases) -> str:
    """The line with the test servers' addresses in place of its own."""

    def address(found: re.Match[str]) -> str:
        scheme, database = found.groups()
        if scheme in ("mysql", "mariadb"):
            return databases.mysql_shop if database else databases.mysql
        return databases.pgsql_shop if database else databases.pgsql

    return URL.sub(address, line).replace("~/", f"{Path.home()}/")


def outcome(line: str) -> tuple[int, str]:
    """Exit code and what was said. A line for the shell is given to one, the rest is run in this process, which is quicker."""
    if ENDLESS.search(line):
        return interrupted(shlex.split(line.replace("--http 8765", "--http 0")))
    if SERVING.match(line):
        return asked(shlex.split(line))
    words = list(shlex.shlex(line, posix=True, punctuation_chars="|&;<>"))
    if any(set(word) <= set("|&;<>") for word in words):
        shell = ["bash", "-o", "pipefail", "-c", line]
        done = subprocess.run(
            shell, capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL
        )
        return done.returncode, done.stdout + done.stderr
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run(shlex.split(line)[1:])
    said.seek(0)
    return code, said.read()


def interrupted(command: list[str]) -> tuple[int, str]:
    """What a command says first, on stderr, and its exit code after Ctrl-C."""
    started = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        assert started.stderr is not None
        said = next(
            (line for line in started.stderr if READY.search(line)), "it never said that it was ready"
        )
        if address := re.search(r"http://127\.0\.0\.1:(\d+)/", said):
            _connect(int(address[1]))
        started.send_signal(signal.SIGINT)
        code = started.wait(60)
        return (0 if code in (-signal.SIGINT, 128 + signal.SIGINT) else code), said
    finally:
        started.kill()
        started.wait()


def _connect(port: int) -> None:
    """Until the server listens."""
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def asked(command: list[str]) -> tuple[int, str]:
    """The exit code of a server on stdin and stdout after one request, and its answer."""
    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "docs", "version": "1"},
    }
    request = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello})
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as started:
        assert started.stdin is not None
        assert started.stdout is not None
        print(request, file=started.stdin, flush=True)
        answer = started.stdout.readline()
        started.stdin.close()
        code = started.wait(60)
    return (code if '"serverInfo"' in answer else 3), answer


@contextlib.contextmanager
def scheduler(needed: bool) -> Iterator[str]:
    """The address of a Dask scheduler with one worker, where one is needed."""
    if not needed:
        yield ""
        return
    from distributed import LocalCluster

    make: Any = LocalCluster
    with make(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        yield str(cluster.scheduler_address)


@pytest.mark.parametrize("document", WITH_COMMANDS, ids=lambda d: str(d.name))
def test_every_command_of_a_document_runs(
    document: Path, shop: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [rewritten(line, databases) for line in lines_of(document)]
    for name in NAMED.findall("\n".join(lines)):
        monkeypatch.setenv(name, databases.mysql_shop)
    with scheduler(any(SCHEDULER.search(line) for line in lines)) as address:
        outcomes = [(line, *outcome(SCHEDULER.sub(address, line))) for line in lines]
    failed = [
        f"$ {line}\n{said[-2000:]}\nexit code {code}" for line, code, said in outcomes if code not in (0, 1)
    ]
    assert not failed, "\n\n".join(failed)


def test_every_command_is_in_the_documentation() -> None:
    run_somewhere = {
        line.split()[1] for document in WITH_COMMANDS for line in lines_of(document) if " " in line
    }
    assert run_somewhere >= set(COMMANDS)
    headings = set(
        re.findall(r"^## trueup (\w+)$", (ROOT / "docs/commands.md").read_text("utf-8"), re.MULTILINE)
    )
    assert headings == set(COMMANDS)
