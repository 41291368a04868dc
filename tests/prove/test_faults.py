"""Faults on real servers while eight writers charge: nothing told as recorded is lost, nothing is doubled, the total is the sum."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.prove.support import contract_bench
from tests.scratch.places import PLACES, databases, url_of
from tests.support.servers import private_mariadb, private_postgres
from trueup.model.names import Driver
from trueup.prove._faults import Account, disturbed, lose_connections
from trueup.prove._limits import COST, limits_for
from trueup.prove.bench import Bench

SERVERS: tuple[Driver, ...] = ("pgsql", "mariadb")
WRITERS = 4


def whole(account: Account) -> None:
    assert account.told > 0, account
    assert account.whole, account


@pytest.mark.parametrize("driver", PLACES)
def test_a_writer_is_killed(driver: Driver, tmp_path: Path) -> None:
    with contract_bench(url_of(driver, str(tmp_path))) as bench:
        whole(disturbed(limits_for(bench), kill=True, seconds=1.0, writers=WRITERS))


@pytest.mark.parametrize("driver", SERVERS)
def test_connections_are_lost(driver: Driver, tmp_path: Path) -> None:
    ended: list[int] = []
    with contract_bench(url_of(driver, str(tmp_path))) as bench:
        account = disturbed(
            limits_for(bench), lambda: ended.append(lose_connections(bench)), seconds=1.0, writers=WRITERS
        )
    whole(account)
    assert ended[0] > 0


@pytest.mark.parametrize("driver", SERVERS)
def test_the_server_is_killed_and_started_again(driver: Driver) -> None:
    start = private_postgres if driver == "pgsql" else private_mariadb
    with start() as server:
        with contract_bench(server.url) as bench:
            account = disturbed(limits_for(bench), server.restart, seconds=2.0, writers=WRITERS)
            whole(account)
            name = bench.scratch.name
        assert name not in databases(server.url)


def deadlocking(bench: Bench) -> Callable[[], None]:
    """Transactions that lock the user's budgets in the order opposite to the ledger's, for half a second."""
    sql = bench.sql
    update = f"UPDATE {sql.name('ai_user_budgets')} SET updated_at = %s WHERE period_type = %s"

    def collide() -> None:
        from sqlalchemy.exc import DBAPIError

        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            try:
                with sql.engine.begin() as connection:
                    for period in ("total", "daily"):  # the ledger goes by id: daily was made first
                        sql.run(update, ["2025-01-01 00:00:00", period], connection)
                        time.sleep(0.02)
            except DBAPIError:  # we were the victim
                continue

    return collide


@pytest.mark.parametrize("driver", SERVERS)
def test_deadlocks(driver: Driver, tmp_path: Path) -> None:
    with contract_bench(url_of(driver, str(tmp_path))) as bench:
        limits = limits_for(bench)
        assert limits.ledger is not None

        def two_budgets() -> None:
            assert limits.ledger is not None
            limits.ledger.set_budget(limits.user, "daily", COST * 100_000)

        account = disturbed(limits, deadlocking(bench), seconds=1.0, writers=WRITERS, prepare=two_budgets)
    whole(account)


FULL = """
import resource, sys
from decimal import Decimal
sys.path.insert(0, {root!r})
from tests.prove.support import contract_bench
from trueup.ledger import Entry, Ledger
from trueup.prove._limits import limits_for
if {limit}:
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
with contract_bench(sys.argv[1]) as bench:
    limits = limits_for(bench)
    limits.set_limit(Decimal(50000))
    told = 0
    problem = ""
    for number in range(20000):
        try:
            limits.ledger.charge(Entry(limits.user, Decimal("0.25"), "openai", "gpt-4o", request_id=f"r{{number}}",
                                       metadata={{"note": "x" * 2000}}))
        except Exception as full:
            problem = f"{{type(full).__name__}}: {{full}}"
            break
        told += 1
    stored = bench.sql.one("SELECT COUNT(*) FROM ai_cost_records")
    total = [b.spent for b in limits.ledger.budgets(limits.user)]
    print(told, stored, total[0] == limits.spent() == Decimal("0.25") * stored, "full" in problem or "disk I/O" in problem, problem)
"""


def test_the_disk_is_full(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = os.geteuid() == 0 and mount(folder)
    root = str(Path(__file__).parents[2])
    script = FULL.format(root=root, limit=0 if mounted else 1_000_000)
    try:
        done = subprocess.run(
            [sys.executable, "-c", script, f"sqlite:///{folder}"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        told, stored, sums_agree, was_full = done.stdout.split()[:4]
        assert int(told) > 10, done.stdout
        assert told == stored, done.stdout
        assert (sums_agree, was_full) == ("True", "True"), done.stdout
        assert os.listdir(folder) == []
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def mount(folder: Path) -> bool:
    """A file system of one megabyte, where we may mount one."""
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("driver", PLACES)
def test_ctrl_c(driver: Driver, tmp_path: Path) -> None:
    """Sent to the whole group, as a terminal does, while writers are at work."""
    url = url_of(driver, str(tmp_path))
    before = set(databases(url))
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "trueup",
            "prove",
            "--contract",
            "ai-costs",
            "--database-url",
            url,
            "--only",
            "enforce",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not any(f"_{process.pid}_" in name for name in databases(url)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1.5)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert not [name for name in set(databases(url)) - before if f"_{process.pid}_" in name]
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
