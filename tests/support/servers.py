"""Runs a command with a PostgreSQL and a MariaDB server at hand:  python -m tests.support.servers COMMAND ...

A server that answers at TRUEUP_TEST_PGSQL_URL or TRUEUP_TEST_MYSQL_URL (or at the default port of this machine) is used as it is.
Where none does, one is started in a temporary folder on a free port, and stopped and removed when the command has ended."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pymysql

PGSQL_URL = "postgresql://postgres@127.0.0.1:5432/"
MYSQL_URL = "mysql://root@127.0.0.1:3306/"
START_SECONDS = 60.0


class ServerError(Exception):
    """A server can't be started: its programs are missing, or it ended at once."""


def postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(url.rstrip("/") + "/postgres", connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def mariadb_answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        pymysql.connect(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 3306,
            user=unquote(parts.username or "root"),
            password=unquote(parts.password or ""),
            connect_timeout=3,
        ).close()
    except pymysql.Error:
        return False
    return True


@dataclass(slots=True)
class PrivateServer:
    """A server of our own, which may be killed: `restart` ends it at once, as a crash does, and starts it on the same data."""

    url: str
    user: str
    command: list[str]
    log: Path
    answers: Callable[[str], bool]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                self.command, user=_identity(self.user), cwd="/", stdout=output, stderr=output
            )
        _wait(lambda: self.answers(self.url), self.log)

    def restart(self) -> None:
        assert self.process is not None
        # PostgreSQL's immediate shutdown takes its backends along; kill -9 would leave them in the shared memory.
        self.process.send_signal(signal.SIGQUIT if self.user == "postgres" else signal.SIGKILL)
        self.process.wait(START_SECONDS)
        self.start()

    def stop(self) -> None:
        if self.process is not None:
            # PostgreSQL waits for its clients on SIGTERM, not on SIGINT; MariaDB ends on SIGTERM alone.
            self.process.send_signal(signal.SIGINT if self.user == "postgres" else signal.SIGTERM)
            self.process.wait(START_SECONDS)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server, started for the occasion if need be."""
    url = os.environ.get("TRUEUP_TEST_PGSQL_URL", PGSQL_URL)
    if postgres_answers(url):
        yield url
        return
    with private_postgres() as server:
        yield server.url


@contextlib.contextmanager
def private_postgres() -> Iterator[PrivateServer]:
    """A PostgreSQL server of our own on a free port, removed at the end."""
    with _folder(owner="postgres") as folder:
        port = _free_port()
        data = folder / "data"
        _run_as(
            "postgres",
            [_program("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        )
        # Nothing here must survive a power cut: no fsync.
        settings = {
            "port": str(port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(folder),
            "fsync": "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [_program("postgres"), "-D", str(data), *options]
        url = f"postgresql://postgres@127.0.0.1:{port}/"
        with _running(PrivateServer(url, "postgres", command, folder / "log", postgres_answers)) as server:
            yield server


@contextlib.contextmanager
def mariadb() -> Iterator[str]:
    """The URL of a MariaDB server, started for the occasion if need be."""
    url = os.environ.get("TRUEUP_TEST_MYSQL_URL", MYSQL_URL)
    if mariadb_answers(url):
        yield url
        return
    with private_mariadb() as server:
        yield server.url


@contextlib.contextmanager
def private_mariadb() -> Iterator[PrivateServer]:
    """A MariaDB server of our own on a free port, removed at the end."""
    with _folder(owner="mysql") as folder:
        port = _free_port()
        data = f"--datadir={folder / 'data'}"
        normal = "--auth-root-authentication-method=normal"
        _run_as("mysql", [_program("mariadb-install-db"), "--no-defaults", data, normal, "--skip-test-db"])
        command = [_program("mariadbd"), "--no-defaults", data, f"--port={port}", "--bind-address=127.0.0.1"]
        command += [
            f"--socket={folder / 'socket'}",
            f"--pid-file={folder / 'pid'}",
            # Written to the system at each commit, which outlives a killed server, though no power cut.
            "--innodb-flush-log-at-trx-commit=2",
        ]
        url = f"mysql://root@127.0.0.1:{port}/"
        with _running(PrivateServer(url, "mysql", command, folder / "log", mariadb_answers)) as server:
            yield server


def main(command: Sequence[str]) -> int:
    with postgres() as pgsql_url, mariadb() as mysql_url:
        environment = {**os.environ, "TRUEUP_TEST_PGSQL_URL": pgsql_url, "TRUEUP_TEST_MYSQL_URL": mysql_url}
        return subprocess.run(command, env=environment, check=False).returncode


def _program(name: str) -> str:
    # Debian keeps PostgreSQL's programs out of the path, in a folder for each version.
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True
    )
    path = os.pathsep.join([*map(str, versions), os.environ.get("PATH", ""), "/usr/sbin"])
    found = shutil.which(name, path=path)
    if found is None:
        raise ServerError(f"{name} is not installed: scripts/setup test installs it")
    return found


def _identity(user: str) -> int | None:
    """Servers refuse to run as root: the user to become, or None to stay who we are."""
    return pwd.getpwnam(user).pw_uid if os.geteuid() == 0 else None


@contextlib.contextmanager
def _folder(owner: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="trueup-"))
    try:
        identity = _identity(owner)
        if identity is not None:
            os.chown(folder, identity, -1)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_as(user: str, command: list[str]) -> None:
    done = subprocess.run(command, user=_identity(user), cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerError(f"{command[0]} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")


@contextlib.contextmanager
def _running(server: PrivateServer) -> Iterator[PrivateServer]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _wait(answers: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if time.monotonic() > deadline:
            raise ServerError(f"the server does not answer: {log.read_text()[-2000:]}")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
