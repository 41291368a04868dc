"""What is left after a fault: every charge that was told to have been recorded is there, once, and the total is theirs."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from trueup.model.proofs import Proof
from trueup.prove._answers import Answer
from trueup.prove._jobs import Done
from trueup.prove._limits import COST, Limits
from trueup.prove.bench import Bench
from trueup.structs import Struct, replace

WRITERS = 8
SECONDS = 1.5
_LIMIT = COST * 100_000


class Account(Struct, frozen=True):
    """`told` charges were reported as recorded, `stored` are there. `lost`: told and not there; `doubled`: there more often.
    `untold`: there, though nobody got to hear it, `most_untold` of which there may be: one for each writer that was cut off.
    `off`: what the budget's own total differs from the sum of the costs."""

    told: int
    stored: int
    lost: int
    doubled: int
    untold: int
    most_untold: int
    off: Decimal
    done: Done

    @property
    def whole(self) -> bool:
        return not (
            self.lost or self.doubled or self.off or self.untold > self.most_untold or self.done.failures
        )

    def __str__(self) -> str:
        words = (
            f"{self.told:,} told as recorded, {self.stored:,} there: {self.lost} lost, {self.doubled} doubled"
        )
        words += f", {self.untold} there of {self.most_untold} cut off" if self.most_untold else ""
        words += f", the total off by {self.off:f}" if self.off else ", the total is their sum"
        return words + "".join(f"; {count} × {what}" for what, count in self.done.failures)


def disturbed(
    limits: Limits,
    disturb: Callable[[], None] | None = None,
    *,
    kill: bool = False,
    seconds: float = SECONDS,
    writers: int = WRITERS,
    prepare: Callable[[], None] | None = None,
) -> Account:
    """Charges by the ledger for `seconds` while `disturb` is called; `kill`: one of the processes is killed meanwhile. `prepare`
    is called before the user's limit is made."""
    limits.bench.clear()
    if prepare:
        prepare()
    limits.set_limit(_LIMIT)
    handle, path = tempfile.mkstemp(prefix="trueup-")
    os.close(handle)
    try:
        job = replace(limits.job(_LIMIT), tries=100_000, seconds=seconds, notes=path)
        done = limits.bench.crew.work(job, writers, disturb, kill=0 if kill else None)
        with open(path, encoding="utf-8") as file:
            told = file.read().splitlines()
    finally:
        os.unlink(path)
    threads = -(-writers // limits.bench.crew.processes) if kill else 0
    return _account(limits, told, done, threads + done.unknown)


def _account(limits: Limits, told: list[str], done: Done, cut_off: int) -> Account:
    bench, record = limits.bench, limits.bench.record
    table = bench.sql.name(record.table.name)
    named = bool(told) and bool(told[0])
    assert limits.ledger is not None
    state = next(b for b in limits.ledger.budgets(limits.user) if b.period == limits.period)
    off = state.spent - limits.spent()
    if not named:
        stored = int(bench.sql.one(f"SELECT COUNT(*) FROM {table}"))
        more, lost = max(0, stored - len(told)), max(0, len(told) - stored)
        untold = min(more, cut_off)
        return Account(len(told), stored, lost, more - untold, untold, cut_off, off, done)
    column = bench.sql.name(record.request_id)
    there = Counter(str(v) for (v,) in bench.sql.rows(f"SELECT {column} FROM {table}"))
    lost = sum(1 for name in told if name not in there)
    doubled = sum(count - 1 for count in there.values())
    untold = len(set(there) - set(told))
    return Account(len(told), sum(there.values()), lost, doubled, untold, cut_off, off, done)


def lose_connections(bench: Bench) -> int:
    """Ends every session in the scratch database but our own, as a failing network does. How many there were; 0 on SQLite."""
    match bench.driver:
        case "pgsql":
            return len(
                bench.sql.rows(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        case "sqlite":
            return 0
        case _:
            from sqlalchemy.exc import DBAPIError

            ended = 0
            query = "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
            for (session,) in bench.sql.rows(query):
                try:
                    bench.sql.run(f"KILL {int(session)}")
                    ended += 1
                except DBAPIError:  # it had ended by itself
                    continue
            return ended


def faults(bench: Bench, limits: Limits, code: str, capability: str) -> Proof:
    """A process of writers killed, then all connections lost, while eight writers charge."""
    answer = Answer("enforce", code, capability)
    if limits.missing:
        answer.blame(
            bench.record.table,
            "",
            "No limit can be enforced, so none can be kept through a fault.",
            broken=True,
        )
        return answer.proof("not carried", f"no limit can be enforced: there is no {limits.missing[0]}")
    killed = disturbed(limits, kill=True)
    answer.saw(f"{WRITERS} writers, one of their processes killed (kill -9) in the middle", str(killed))
    accounts = [killed]
    if bench.driver != "sqlite":
        ended: list[int] = []
        lost = disturbed(limits, lambda: ended.append(lose_connections(bench)))
        answer.saw(
            f"{WRITERS} writers, all {ended[0]} connections ended by the server in the middle", str(lost)
        )
        accounts.append(lost)
    if not all(account.whole for account in accounts):
        answer.blame(bench.record.table, "", "Charges are lost or doubled by a fault.", broken=True)
        return answer.proof("not carried", str(next(a for a in accounts if not a.whole)))
    told = sum(a.told for a in accounts)
    if any(a.done.unknown for a in accounts) or not limits.job(_LIMIT).named:
        answer.blame(
            bench.record.table,
            "",
            f"`{bench.record.table.name}` has no unique request id: nobody can tell whether a charge cut off was recorded.",
            broken=False,
            expected="a request id with a unique key",
            recommendation="Add a request id with a unique key.",
        )
        return answer.proof(
            "carried with conditions",
            f"{told:,} charges, none lost or doubled; without a unique request id a charge cut off can't be asked for",
        )
    return answer.proof("carried", f"{told:,} charges, none lost and none doubled")
