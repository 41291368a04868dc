"""How much of a bare driver's throughput does charge() keep? Prints a Markdown table, one row a server and number of writers.

    python benchmarks/ledger.py [--server pgsql] [--seconds 3] [--rounds 3] [--writers 1 --writers 16] [--min 0.7]

Per server and number of writers, in turn within the same run: charge(); the very same SQL, taken from the ledger, by a loop on the
bare driver (one connection a writer, same transactions, nothing else); and one bare INSERT into the cost records with its own
COMMIT. Writers are processes, each with one connection; each writer charges a user of its own ("own") or all charge the same one
("same", where they wait for one row). Each figure is the median of the rounds, charges a second, all writers together. Exit code 1
if a ratio to the bare loop is below --min. The databases are made for the run and dropped."""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1]))

import tests.conftest
from tests.ledger.places import Place, build_contract, place
from trueup.contracts import contract_binding
from trueup.ledger import Entry, Ledger, RetryPolicy, connect
from trueup.ledger.session import Rows, Session
from trueup.model.names import Driver

COST = Decimal("0.0000000001")
Step = Callable[[], None]


def entry(user: int) -> Entry:
    return Entry(user, COST, "openai", "gpt-4o", 1200, 300)


def ledger_step(here: Place, user: int) -> Step:
    ledger = Ledger(
        connect(here.url, pool_size=1), contract_binding(here.driver), retry=RetryPolicy(attempts=100)
    )
    return lambda: void(ledger.charge(entry(user)))


def bare_step(here: Place, user: int) -> Step:
    """The statements that charge() sends, in the same order, by the driver alone."""
    statements = recorded(here, user)
    connection = raw_connection(here)
    cursor = connection.cursor()

    def step() -> None:
        for sql, values in statements:
            cursor.execute(sql, values)
            if cursor.description is not None:
                cursor.fetchall()
        connection.commit()

    return step


def insert_step(here: Place, user: int) -> Step:
    sql, values = recorded(here, user)[-1]
    assert sql.startswith("INSERT")
    connection = raw_connection(here)
    cursor = connection.cursor()

    def step() -> None:
        cursor.execute(sql, values)
        connection.commit()

    return step


def recorded(here: Place, user: int) -> list[tuple[str, Any]]:
    """SQL and values of one charge, as the ledger hands them to the driver."""
    engine = connect(here.url, pool_size=1)
    ledger = Ledger(engine, contract_binding(here.driver), retry=RetryPolicy(attempts=100))
    ledger.charge(entry(user))
    found: list[tuple[str, Any]] = []
    execute = Session.execute

    def keep(session: Session, sql: str, values: Any = None) -> Rows:
        found.append((sql, values))
        return execute(session, sql, values)

    with mock.patch.object(Session, "execute", keep):
        ledger.charge(entry(user))
    engine.dispose()
    return found


def raw_connection(here: Place) -> Any:
    """A connection of the bare driver, set as the ledger's are."""
    from sqlalchemy.engine import make_url

    url = make_url(here.url)
    if here.driver == "pgsql":
        import psycopg

        return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    import pymysql
    from pymysql.constants import CLIENT

    return pymysql.connect(
        host=url.host, port=url.port or 3306, user=url.username, password=url.password or "", database=url.database or "",
        client_flag=CLIENT.FOUND_ROWS, init_command="SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    )  # fmt: skip


STEPS: dict[str, Callable[[Place, int], Step]] = {
    "charge": ledger_step,
    "bare": bare_step,
    "insert": insert_step,
}


def void(_: object) -> None:
    return None


def writer(kind: str, here: Place, user: int, ready: Any, seconds: float, answers: Any) -> None:
    step = STEPS[kind](here, user)
    for _ in range(20):
        step()
    ready.wait()
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        step()
        count += 1
    answers.put(count / (time.perf_counter() - started))


def throughput(kind: str, here: Place, users: Sequence[int], seconds: float) -> float:
    """Steps a second of all writers together."""
    context = multiprocessing.get_context("fork")
    ready, answers = context.Barrier(len(users)), context.Queue()
    running = [
        context.Process(target=writer, args=(kind, here, user, ready, seconds, answers)) for user in users
    ]
    for process in running:
        process.start()
    found = [float(answers.get(timeout=120 + seconds * 10)) for _ in users]
    for process in running:
        process.join()
    return sum(found)


def measure(server: Driver, writers: int, same: bool, seconds: float, rounds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, place(server, Path(folder)) as here:
        engine = here.engine()
        ledger = Ledger(engine, build_contract(engine, server))
        for user in range(1, writers + 1):
            ledger.set_budget(user, "daily", Decimal(1_000_000))
            ledger.set_budget(user, "monthly", Decimal(1_000_000))
        engine.dispose()
        users = [1] * writers if same else list(range(1, writers + 1))
        taken: dict[str, list[float]] = {kind: [] for kind in STEPS}
        for _ in range(rounds):
            for kind in STEPS:
                taken[kind].append(throughput(kind, here, users, seconds))
    return {kind: statistics.median(values) for kind, values in taken.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--server", action="append", choices=["pgsql", "mariadb"])
    parser.add_argument("--writers", action="append", type=int)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--min", type=float, default=0.0)
    options = parser.parse_args(arguments)
    assert tests.conftest  # which names the servers
    print("| server | writers | user | charge()/s | same SQL, bare/s | ratio | bare INSERT/s | ratio |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    worst = 1.0
    for server in options.server or ["pgsql", "mariadb"]:
        for writers in options.writers or [1, 16]:
            for same in (False,) if writers == 1 else (False, True):
                found = measure(server, writers, same, options.seconds, options.rounds)
                charge, bare, insert = (found[kind] for kind in ("charge", "bare", "insert"))
                worst = min(worst, charge / bare)
                who = "one" if writers == 1 else "same" if same else "own"
                row = f"| {server} | {writers} | {who} | {charge:.0f} | {bare:.0f} | {charge / bare:.2f} "
                print(f"{row}| {insert:.0f} | {charge / insert:.2f} |", flush=True)
    return 1 if worst < options.min else 0


if __name__ == "__main__":
    sys.exit(main())
