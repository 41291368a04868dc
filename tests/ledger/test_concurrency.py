"""Many writers, one limit: threads in several processes at once, a writer killed, a deadlock, one request delivered many times."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.ledger.places import Place, build_contract, build_plain
from trueup.ledger import Charge, Entry, Ledger, LimitExceeded, RetriesExhausted, RetryPolicy, connect
from trueup.ledger.session import Session
from trueup.model.names import Driver
from trueup.model.roles import Binding

SHAPES = ("contract", "plain")
PATIENT = RetryPolicy(attempts=60)
ROOT = Path(__file__).parents[2]


def prepared(engine: Engine, driver: Driver, shape: str, limit: str) -> tuple[Ledger, Binding]:
    """A ledger whose user 7 has a daily limit."""
    binding = (build_contract if shape == "contract" else build_plain)(engine, driver)
    ledger = Ledger(engine, binding, retry=PATIENT)
    extra = {} if shape == "contract" else {"monthly_limit": 1000, "per_request_limit": 1000}
    ledger.set_budget(7, "daily", Decimal(limit), extra=extra)
    return ledger, binding


def start(here: Place, shape: str, charges: int, cost: str, threads: int) -> subprocess.Popen[str]:
    arguments = [here.url, here.driver, shape, str(charges), cost, str(threads)]
    command = [sys.executable, "-m", "tests.ledger.writer", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ))


@pytest.mark.parametrize("shape", SHAPES)
def test_sixteen_writers_never_exceed_the_limit_and_lose_nothing(
    here: Place, engine: Engine, driver: Driver, shape: str
) -> None:
    ledger, _ = prepared(engine, driver, shape, "1")
    # 16 writers in 2 processes, 8 charges each: 128 of 0.0125, of which 80 fit.
    running = [start(here, shape, 8, "0.0125", 8) for _ in range(2)]
    said = [process.communicate(timeout=120)[0].splitlines() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    lines = [line for one in said for line in one]
    charged = [line.split()[1] for line in lines if line.startswith("charged")]
    refused = sum(int(line.split()[1]) for line in lines if line.startswith("refused"))
    assert (len(charged), len(set(charged)), refused) == (80, 80, 48)
    assert ledger.spend(7) == Decimal(1)
    assert {b.period: b.spent for b in ledger.budgets(7)}["daily"] == Decimal(1)
    # Each threshold was told to one writer, and is stored once.
    told = Counter(word for line in lines if line.startswith("charged") for word in line.split()[2:])
    assert told == {"daily:50": 1, "daily:75": 1, "daily:90": 1}
    assert sorted((a.period, int(a.threshold or 0)) for a in ledger.alerts(7)) == [
        ("daily", 50), ("daily", 75), ("daily", 90), ("daily", 100),
    ]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_writer_that_is_killed_leaves_whole_charges_and_no_lock(
    here: Place, engine: Engine, driver: Driver, shape: str
) -> None:
    ledger, _ = prepared(engine, driver, shape, "500")
    process = start(here, shape, 100_000, "0.001", 4)
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(20)]
    process.send_signal(signal.SIGKILL)
    told += process.stdout.read().splitlines(keepends=True)
    process.wait(30)
    stored = settled_spend(ledger)
    # What was told to be charged is there; at most one charge a thread was committed and not told any more.
    whole = Decimal(sum(line.startswith("charged") and line.endswith("\n") for line in told)) / 1000
    assert whole <= stored <= whole + Decimal("0.004")
    assert {b.period: b.spent for b in ledger.budgets(7)}["daily"] == stored
    ledger.charge(Entry(7, Decimal("0.001"), "openai", "gpt-4o"))
    assert ledger.spend(7) == stored + Decimal("0.001")


def settled_spend(ledger: Ledger) -> Decimal:
    """What is spent once the server has noticed that the writer is gone: an empty charge waits for its locks."""
    ledger.record(Entry(7, Decimal(0), "openai", "gpt-4o"))
    return ledger.spend(7)


def test_a_request_delivered_many_times_at_once_is_charged_once(ledger: Ledger) -> None:
    ledger.set_budget(7, "daily", Decimal(1))

    def deliver(_: int) -> Charge:
        return ledger.charge(Entry(7, Decimal("0.6"), "openai", "gpt-4o", request_id="same"))

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(deliver, range(16)))
    assert (len({charge.id for charge in made}), sum(not charge.duplicate for charge in made)) == (1, 1)
    assert (ledger.spend(7), ledger.budgets(7)[0].spent) == (Decimal("0.6"), Decimal("0.6"))


def test_reservations_of_many_writers_hold_no_more_than_the_limit(engine: Engine, driver: Driver) -> None:
    ledger, _ = prepared(engine, driver, "contract", "1")

    def one(number: int) -> str:
        try:
            held = ledger.reserve(Entry(7, Decimal("0.25"), "openai", "gpt-4o"))
        except LimitExceeded:
            return "refused"
        if number % 2:
            ledger.release(held)
            return "released"
        ledger.settle(held, Decimal("0.2"))
        return "settled"

    with ThreadPoolExecutor(8) as pool:
        outcomes = Counter(pool.map(one, range(40)))
    assert 1 <= outcomes["settled"] <= 5
    assert ledger.spend(7, reserved=True) == outcomes["settled"] * Decimal("0.2")
    assert ledger.budgets(7)[0].spent == ledger.spend(7)


@pytest.mark.parametrize("driver", ["pgsql", "mariadb"], indirect=True)
def test_a_deadlock_is_tried_again(engine: Engine, driver: Driver) -> None:
    ledger, _ = prepared(engine, driver, "contract", "1")
    ledger.set_budget(8, "daily", Decimal(1))
    both = threading.Barrier(2, timeout=20)
    attempts: Counter[int] = Counter()
    statement = "UPDATE ai_user_budgets SET spent_amount = spent_amount + 0.1 WHERE user_id = {}"

    def work(first: int, second: int) -> None:
        def step(session: Session) -> None:
            attempts[first] += 1
            session.execute(statement.format(first))
            if attempts[first] == 1:
                both.wait()
            session.execute(statement.format(second))

        ledger._runner.transact(step)

    threads = [threading.Thread(target=work, args=pair) for pair in ((7, 8), (8, 7))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT spent_amount FROM ai_user_budgets ORDER BY user_id"))
        assert rows.scalars().all() == [Decimal("0.2"), Decimal("0.2")]
    assert sorted(attempts.values()) == [1, 2]


@pytest.mark.parametrize("driver", ["pgsql", "mariadb"], indirect=True)
def test_writers_of_different_users_never_deadlock(engine: Engine, driver: Driver) -> None:
    _, binding = prepared(engine, driver, "contract", "1")
    own = connect(engine.url.render_as_string(hide_password=False), pool_size=16)
    ledger = Ledger(own, binding, retry=RetryPolicy(attempts=1))
    users = range(8, 24)
    for user in users:
        ledger.set_budget(user, "daily", Decimal(1))
        ledger.set_budget(user, "monthly", Decimal(1))

    def work(user: int) -> None:
        for _ in range(20):
            ledger.charge(Entry(user, Decimal("0.05"), "openai", "gpt-4o"))
        with pytest.raises(LimitExceeded):
            ledger.charge(Entry(user, Decimal("0.05"), "openai", "gpt-4o"))

    with ThreadPoolExecutor(len(users)) as pool:
        list(pool.map(work, users))
    assert [ledger.spend(user) for user in users] == [Decimal(1)] * len(users)
    own.dispose()


@pytest.mark.parametrize("driver", ["pgsql", "mariadb"], indirect=True)
def test_connections_are_kept_for_the_next_charge_until_the_engine_is_disposed_of(
    engine: Engine, driver: Driver
) -> None:
    _, binding = prepared(engine, driver, "contract", "1")
    own = connect(engine.url.render_as_string(hide_password=False))
    ledger = Ledger(own, binding)
    asked = "SELECT pg_backend_pid()" if driver == "pgsql" else "SELECT CONNECTION_ID()"
    first, second = (ledger._runner.transact(lambda s: s.execute(asked).rows) for _ in range(2))
    assert first == second
    own.dispose()
    assert ledger._runner.transact(lambda s: s.execute(asked).rows) != first
    own.dispose()


@pytest.mark.parametrize("driver", ["sqlite"], indirect=True)
def test_a_busy_file_is_waited_for_and_given_up_in_the_end(engine: Engine, driver: Driver) -> None:
    _, binding = prepared(engine, driver, "contract", "1")
    hasty = create_engine(engine.url, connect_args={"timeout": 0.01})
    ledger = Ledger(hasty, binding, retry=RetryPolicy(attempts=3, first=0.001))
    with engine.connect() as holder:
        holder.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(RetriesExhausted, match="given up after 3 attempts: database is locked"):
            ledger.charge(Entry(7, Decimal("0.1"), "openai", "gpt-4o"))
        holder.rollback()
    ledger.charge(Entry(7, Decimal("0.1"), "openai", "gpt-4o"))
    hasty.dispose()


@pytest.mark.parametrize("driver", ["pgsql", "mariadb"], indirect=True)
def test_a_lost_connection_is_made_anew(ledger: Ledger, engine: Engine, driver: Driver) -> None:
    ledger.set_budget(7, "daily", Decimal(1))
    ledger.charge(Entry(7, Decimal("0.1"), "openai", "gpt-4o"))
    kill_all_but_mine(engine, driver)
    ledger.charge(Entry(7, Decimal("0.1"), "openai", "gpt-4o"))
    assert ledger.spend(7) == Decimal("0.2")


KILLS = {
    "pgsql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    "mariadb": "SELECT CONCAT('KILL ', id) FROM information_schema.processlist"
    " WHERE db = DATABASE() AND id <> CONNECTION_ID()",
}


def kill_all_but_mine(engine: Engine, driver: Driver) -> None:
    """Ends the connections of the engine's pool, as a server does that restarts."""
    other = create_engine(engine.url, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        found = list(connection.execute(text(KILLS[driver])).scalars())
        for kill in found if driver == "mariadb" else ():
            connection.execute(text(kill))
    other.dispose()
