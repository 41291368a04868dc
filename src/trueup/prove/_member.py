"""A process of writers: takes jobs from its standard input, answers on its standard output. Run by `_crew`, never by hand."""

from __future__ import annotations

import os
import pickle
import re
import signal
import sys
import threading
import time
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from trueup.prove._jobs import Done, Job
from trueup.prove._rows import value_for
from trueup.prove._sql import Sql
from trueup.scratch import engine_for

if TYPE_CHECKING:
    from trueup.ledger import Ledger

_QUOTED = re.compile(r"(?<=')[^']*(?=')")


def main() -> None:
    """Works until its standard input ends, as it does when the process that it works for dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started us
    while True:
        try:
            job = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        _send(perform(job))


def _send(answer: object) -> None:
    pickle.dump(answer, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def perform(job: Job) -> Done:
    """All threads of one process, and what they did together. All are connected before the others are told that we are ready."""
    from trueup.ledger import Ledger, RetryPolicy

    engine = engine_for(job.address, job.threads)
    sql = Sql(job.binding.driver, engine)
    ledger = (
        Ledger(engine, job.binding, retry=RetryPolicy(attempts=job.attempts)) if job.way == "ledger" else None
    )
    for connection in [engine.connect() for _ in range(job.threads)]:
        connection.close()
    writers = [_Writer(job, number, sql, ledger) for number in range(job.threads)]
    _send("ready")
    start = float(pickle.load(sys.stdin.buffer))
    threads = [threading.Thread(target=w.run, args=(start,), daemon=True) for w in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    failures = sum((w.failures for w in writers), Counter[str]())
    ends = [w.end for w in writers]
    return Done(
        sum(w.stored for w in writers),
        sum(w.refused for w in writers),
        sum(w.unknown for w in writers),
        tuple(s for w in writers for s in w.seconds),
        max(ends) - min(w.begin for w in writers) if writers else 0.0,
        tuple(sorted(failures.items())),
    )


class _Writer:
    """One thread."""

    def __init__(self, job: Job, number: int, sql: Sql, ledger: Ledger | None) -> None:
        self.job, self.number, self.sql, self.ledger = job, number, sql, ledger
        self.stored = self.refused = self.unknown = 0
        self.seconds: list[float] = []
        self.failures: Counter[str] = Counter()
        self.begin = self.end = 0.0

    def run(self, start: float) -> None:
        """From `start` on, in seconds since 1970."""
        job = self.job
        time.sleep(max(0.0, start - time.time()))
        self.begin = time.monotonic()
        for attempt in range(job.tries):
            if time.monotonic() - self.begin > job.seconds:
                break
            asked = time.monotonic()
            fits = self._charge(attempt) if job.way == "ledger" else self._insert(attempt)
            self.seconds.append(time.monotonic() - asked)
            if not fits and job.until_refused:
                break
        self.end = time.monotonic()

    def _insert(self, attempt: int) -> bool:
        """As specified: look, then write."""
        from sqlalchemy.exc import DBAPIError

        job = self.job
        insert = job.inserts[(self.number * job.tries + attempt) % len(job.inserts)]
        try:
            found = self.sql.one(*job.check)
            if not self._fits(found):
                self.refused += 1
                return False
            time.sleep(job.pause)
            self.sql.run(*insert)
        except DBAPIError as problem:
            self.failures[_words(problem.orig)] += 1
            return True
        self._note("")
        return True

    def _fits(self, found: object) -> bool:
        if self.job.way == "alert":
            return not found
        return Decimal(str(found or 0)) + self.job.cost <= self.job.limit

    def _charge(self, attempt: int) -> bool:
        """By the ledger. What is not known to have been recorded is charged again where it has an id, as an application would."""
        from trueup.ledger import Entry, LedgerError, LimitExceeded, OutcomeUnknown, RetriesExhausted

        assert self.ledger is not None
        job = self.job
        number = os.getpid() * 100 + self.number
        named = f"{job.named}{number}-{attempt}" if job.named else ""
        entry = Entry(
            job.user, job.cost, "openai", "gpt-4o", 100, 20, request_id=named, extra=self._extra(attempt)
        )
        for _ in range(3):
            try:
                self.ledger.charge(entry)
            except LimitExceeded:
                self.refused += 1
                return False
            except OutcomeUnknown:
                self.unknown += 1
                return True
            except RetriesExhausted:
                if named:
                    continue
                self.failures["RetriesExhausted"] += 1
                return True
            except LedgerError as problem:
                self.failures[f"{type(problem).__name__}: {problem}"] += 1
                return False
            self._note(named)
            return True
        self.failures["RetriesExhausted"] += 1
        return True

    def _extra(self, attempt: int) -> dict[str, object]:
        record = self.job.binding.record
        if record is None or not self.job.fresh:
            return {}
        number = (os.getpid() % 4_000) * 500_000 + self.number * 5_000 + attempt
        columns = [c for c in record.table.columns if c.name in self.job.fresh]
        return {c.name: value_for(record.table, c, self.job.binding.driver, number) for c in columns}

    def _note(self, named: str) -> None:
        """In a file, written before anything else is done: a process that is killed has told what it knows."""
        self.stored += 1
        if self.job.notes:
            file = os.open(self.job.notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.write(file, f"{named}\n".encode())
            os.close(file)


def _words(problem: BaseException | None) -> str:
    """What the server said, without the values in it, so that the same reason is told once."""
    said = str(problem.args[-1]) if problem is not None and problem.args else ""
    return f"{type(problem).__name__}: {re.sub(_QUOTED, '…', said.partition(chr(10))[0])}"


if __name__ == "__main__":
    main()
