"""Writers in processes of their own, which stay for many jobs: starting one costs more than most jobs."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from trueup.errors import TrueupError
from trueup.prove._jobs import Done, Job
from trueup.structs import replace

PROCESSES = 4
"""Over which writers are spread; the rest are threads in them."""
_HEAD_START = 0.05
"""Seconds from telling the start to it."""


class CrewError(TrueupError):
    """A process of writers ended by itself: our own failure."""


class Crew:
    """`with Crew() as crew: crew.work(job, 32)`. Processes start with the first job; all are gone afterwards."""

    def __init__(self, processes: int = PROCESSES) -> None:
        self.processes = processes
        self._members: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for member in self._members:
            member.kill()
        for member in self._members:
            member.wait()
            for pipe in (member.stdin, member.stdout):
                if pipe:
                    pipe.close()

    def work(
        self, job: Job, writers: int, meanwhile: Callable[[], None] | None = None, kill: int | None = None
    ) -> Done:
        """Spreads `writers` threads over the processes and waits for all of them. `meanwhile` is called while they work. `kill`:
        the process with this number is killed (kill -9) half a second after the start; its answer is missing."""
        if not self._members:
            self._members = [self._member() for _ in range(self.processes)]
        jobs = self._shares(job, writers)
        for number, share in enumerate(jobs):
            self._send(number, share)
        for number in range(len(jobs)):
            self._received(number)  # ready
        start = time.time() + _HEAD_START
        for number in range(len(jobs)):
            self._send(number, start)
        if meanwhile or kill is not None:
            time.sleep(_HEAD_START + 0.5)
        if meanwhile:
            meanwhile()
        if kill is not None:
            self._members[kill].kill()
        answers = [self._answer(n) for n in range(len(jobs)) if n != kill]
        if kill is not None:
            self._members[kill].wait()
            self._members[kill] = self._member()
        return _together(answers)

    def _shares(self, job: Job, writers: int) -> list[Job]:
        count = min(writers, self.processes)
        shares = []
        first = 0
        for number in range(count):
            threads = writers // count + (number < writers % count)
            own = job.inserts[first * job.tries : (first + threads) * job.tries]
            shares.append(replace(job, threads=threads, inserts=own))
            first += threads
        return shares

    def _answer(self, number: int) -> Done:
        answer = self._received(number)
        assert isinstance(answer, Done)
        return answer

    def _send(self, number: int, what: object) -> None:
        pipe = self._members[number].stdin
        assert pipe is not None
        pickle.dump(what, pipe)
        pipe.flush()

    def _received(self, number: int) -> object:
        member = self._members[number]
        assert member.stdout is not None
        try:
            return pickle.load(member.stdout)
        except EOFError:
            raise CrewError(f"a process of writers ended with {member.wait()}") from None

    def _member(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "trueup.prove._member"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _together(answers: Sequence[Done]) -> Done:
    failures: dict[str, int] = {}
    for what, count in (f for a in answers for f in a.failures):
        failures[what] = failures.get(what, 0) + count
    return Done(
        sum(a.stored for a in answers),
        sum(a.refused for a in answers),
        sum(a.unknown for a in answers),
        tuple(s for a in answers for s in a.seconds),
        max((a.span for a in answers), default=0.0),
        tuple(sorted(failures.items())),
    )
