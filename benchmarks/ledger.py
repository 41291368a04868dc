"""How much of a bare driver's throughput does charge() keep? Prints a Markdown table, one row a server and number of writers.

    python benchmarks/ledger.py [--server pgsql] [--seconds 0.5] [--rounds 15] [--writers 1 --writers 16] [--min 0.7]

Per server and number of writers, in turn within each of many short rounds: charge(); the very same SQL, taken from the ledger,
by a loop on the bare driver (one connection a writer, same transactions, nothing else); and one bare INSERT into the cost records
with its own COMMIT. Writers are processes; each writer charges a user of its own ("own") or all charge the same one ("same", where
they wait for one row). All three try a transaction again that the server ends for a deadlock or the like, with the same pauses; how
often, for a thousand charges, is in the table. A rate is that of all writers together, the median of the rounds; a ratio is the
median of the rounds' ratios, so that what else the machine does is felt by both. Exit code 1 if a ratio to the bare loop is below
--min, 2 with the reason if a writer dies. The databases are made for the run and dropped."""

from __future__ import annotations

import argparse
import multiprocessing
import queue
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1]))

import tests.conftest
from tests.ledger.places import Place, build_contract, place
from trueup.contracts import contract_binding
from trueup.ledger import Entry, Ledger, RetryPolicy, connect
from trueup.ledger.retrying import MYSQL_CONFLICTS, SQLSTATES
from trueup.ledger.session import Rows, Session
from trueup.model.names import Driver

COST = Decimal("0.0000000001")
ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class Counting(RetryPolicy):
    """The ledger's own policy, which tells how often a transaction was tried again."""

    attempts: int = ATTEMPTS
    pauses: list[int] = field(default_factory=list)

    def pause(self, attempt: int) -> None:
        self.pauses.append(attempt)
        RetryPolicy.pause(self, attempt)


Step = Callable[[], object]
MakeStep = Callable[[Place, int, Counting], Step]
Sent = tuple[str, Any, bool]
"""SQL, values, and whether it answers rows."""


class WriterDied(Exception):
    """A writer's own words."""


def entry(user: int) -> Entry:
    return Entry(user, COST, "openai", "gpt-4o", 1200, 300)


def ledger_step(here: Place, user: int, policy: Counting) -> Step:
    ledger = Ledger(connect(here.url, pool_size=1), contract_binding(here.driver), retry=policy)
    return lambda: ledger.charge(entry(user))


def bare_step(here: Place, user: int, policy: Counting) -> Step:
    """The statements that charge() sends, in the same order, by the driver alone."""
    return raw_step(here, recorded(here, user), policy)


def insert_step(here: Place, user: int, policy: Counting) -> Step:
    last = recorded(here, user)[-1]
    assert last[0].startswith("INSERT")
    return raw_step(here, [last], policy)


def raw_step(here: Place, statements: Sequence[Sent], policy: Counting) -> Step:
    """One transaction, tried again after the conflicts after which the ledger tries again, with the same pauses."""
    connection = raw_connection(here)
    cursor = connection.cursor()

    def once() -> None:
        for sql, values, answers in statements:
            cursor.execute(sql, values)
            if answers:
                cursor.fetchall()
        connection.commit()

    def step() -> None:
        for attempt in range(1, policy.attempts + 1):
            try:
                once()
                break
            except Exception as problem:
                if attempt == policy.attempts or not is_conflict(problem):
                    raise
                connection.rollback()
                policy.pause(attempt)

    return step


def is_conflict(problem: Exception) -> bool:
    """A deadlock, a lock wait timeout, a serialization failure, in the words of psycopg and PyMySQL."""
    state = getattr(problem, "sqlstate", None)
    return state in SQLSTATES if state else bool(problem.args) and problem.args[0] in MYSQL_CONFLICTS


def recorded(here: Place, user: int) -> list[Sent]:
    """One charge, as the ledger hands it to the driver."""
    engine = connect(here.url, pool_size=1)
    ledger = Ledger(engine, contract_binding(here.driver), retry=Counting())
    ledger.charge(entry(user))
    found: list[Sent] = []
    execute = Session.execute

    def keep(session: Session, sql: str, values: Any = None, names: tuple[str, ...] | None = None) -> Rows:
        rows = execute(session, sql, values, names)
        found.append((sql, values, bool(rows.names)))
        return rows

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


STEPS: dict[str, MakeStep] = {"charge": ledger_step, "bare": bare_step, "insert": insert_step}


@dataclass(frozen=True, slots=True)
class Taken:
    """One writer's round of one kind."""

    steps: int
    seconds: float
    retries: int


Rounds = list[dict[str, Taken]]


def writer(here: Place, user: int, ready: Any, seconds: float, rounds: int, answers: Any) -> None:
    """Sends its rounds, or the words of what it died of."""
    try:
        policy = Counting()
        steps = {kind: make(here, user, policy) for kind, make in STEPS.items()}
        for step in steps.values():
            for _ in range(20):
                step()
        found: Rounds = []
        for _ in range(rounds):
            found.append({})
            for kind, step in steps.items():
                ready.wait(60)
                found[-1][kind] = take(step, seconds, policy)
        answers.put(found)
    except Exception as problem:
        if not isinstance(problem, threading.BrokenBarrierError):  # another writer has died, and says so
            answers.put(f"user {user}: {type(problem).__name__}: {problem}")
        ready.abort()


def take(step: Step, seconds: float, policy: Counting) -> Taken:
    policy.pauses.clear()
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        step()
        count += 1
    return Taken(count, time.perf_counter() - started, len(policy.pauses))


def rounds_of(here: Place, users: Sequence[int], seconds: float, rounds: int) -> list[Rounds]:
    """Of each writer. Raises WriterDied as soon as one has."""
    context = multiprocessing.get_context("fork")
    ready, answers = context.Barrier(len(users)), context.Queue()
    running = [
        context.Process(target=writer, args=(here, user, ready, seconds, rounds, answers)) for user in users
    ]
    for process in running:
        process.start()
    try:
        return [answer(answers, running) for _ in users]
    finally:
        for process in running:
            process.terminate()
            process.join()


def answer(answers: Any, running: Sequence[Any]) -> Rounds:
    """The next writer's."""
    while True:
        try:
            found: Rounds | str = answers.get(timeout=1)
        except queue.Empty:
            died = [process.exitcode for process in running if process.exitcode]
            if died:
                raise WriterDied(f"a writer has ended without a word, exit code {died[0]}") from None
            continue
        if isinstance(found, str):
            raise WriterDied(found)
        return found


@dataclass(frozen=True, slots=True)
class Measured:
    """`rates`: steps a second of all writers together, a round each. `retries`: for a thousand steps."""

    rates: tuple[float, ...]
    retries: float

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    def to(self, other: Measured) -> float:
        """The median of the ratios of each round, whose kinds ran one right after the other."""
        return statistics.median(mine / its for mine, its in zip(self.rates, other.rates, strict=True))


def measure(server: Driver, writers: int, same: bool, seconds: float, rounds: int) -> dict[str, Measured]:
    with tempfile.TemporaryDirectory() as folder, place(server, Path(folder)) as here:
        engine = here.engine()
        ledger = Ledger(engine, build_contract(engine, server))
        for user in range(1, writers + 1):
            ledger.set_budget(user, "daily", Decimal(1_000_000))
            ledger.set_budget(user, "monthly", Decimal(1_000_000))
        engine.dispose()
        users = [1] * writers if same else list(range(1, writers + 1))
        found = rounds_of(here, users, seconds, rounds)
    return {kind: together([[one[kind] for one in each] for each in found]) for kind in STEPS}


def together(taken: Sequence[Sequence[Taken]]) -> Measured:
    """The rounds of all writers, of one kind."""
    rates = tuple(sum(t.steps / t.seconds for t in one) for one in zip(*taken, strict=True))
    steps = sum(t.steps for each in taken for t in each)
    return Measured(rates, 1000 * sum(t.retries for each in taken for t in each) / max(steps, 1))


HEADS = (
    "server", "writers", "user", "charge()/s", "same SQL, bare/s", "ratio", "retries of charge()/1000", "of the bare loop/1000",
    "bare INSERT/s", "ratio",
)  # fmt: skip


def row(server: Driver, writers: int, same: bool, found: Mapping[str, Measured]) -> str:
    charge, bare, insert = (found[kind] for kind in STEPS)
    who = "one" if writers == 1 else "same" if same else "own"
    cells = (
        server, str(writers), who, f"{charge.rate:.0f}", f"{bare.rate:.0f}", f"{charge.to(bare):.2f}",
        f"{charge.retries:.1f}", f"{bare.retries:.1f}", f"{insert.rate:.0f}", f"{charge.to(insert):.2f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--server", action="append", choices=["pgsql", "mariadb"])
    parser.add_argument("--writers", action="append", type=int)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--min", type=float, default=0.0)
    options = parser.parse_args(arguments)
    assert tests.conftest  # which names the servers
    print(f"| {' | '.join(HEADS)} |")
    print(f"| --- | ---: | --- |{' ---: |' * (len(HEADS) - 3)}")
    worst = 1.0
    for server in options.server or ["pgsql", "mariadb"]:
        for writers in options.writers or [1, 16]:
            for same in (False,) if writers == 1 else (False, True):
                try:
                    found = measure(server, writers, same, options.seconds, options.rounds)
                except WriterDied as problem:
                    print(f"{server}, {writers} writers: {problem}", file=sys.stderr)
                    return 2
                worst = min(worst, found["charge"].to(found["bare"]))
                print(row(server, writers, same, found), flush=True)
    return 1 if worst < options.min else 0


if __name__ == "__main__":
    sys.exit(main())
