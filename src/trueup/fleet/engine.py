"""Jobs on any executor of the standard library's interface: threads here, each of which waits for a process, or Dask's workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import contextmanager
from itertools import islice
from typing import Any

from trueup.errors import Mistake, UserError
from trueup.fleet.work import Job, audit_repository, begin, stop_all
from trueup.model.fleet import Result

AHEAD = 2
"""Jobs that are handed over per worker: the next is there when one is done, and a million are not all in memory at once."""


@contextmanager
def executor(scheduler: str | None, workers: int) -> Iterator[tuple[Executor, int]]:
    """An executor and how many jobs it does at once: `workers` here, or as many as the Dask scheduler at the address has.

    Raises UserError where Dask is not installed or does not answer."""
    if scheduler is not None:
        with _dask(scheduler) as pair:
            yield pair
        return
    from concurrent.futures import ThreadPoolExecutor

    begin()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="fleet")
    try:
        yield pool, workers
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        stop_all()
        raise
    finally:
        pool.shutdown()


@contextmanager
def _dask(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client
    except ImportError as problem:
        needed = "pip install 'trueup[fleet]'"
        raise UserError(Mistake("--scheduler", "Dask distributed is not installed", needed)) from problem
    try:
        make: Any = Client  # Dask says nothing of its types
        client = make(address, timeout=10)
    except (OSError, ValueError) as problem:
        raise UserError(Mistake("--scheduler", f"no Dask scheduler answers at '{address}'")) from problem
    with client:
        # A job whose worker dies is done again by another; what its repository says stays one result.
        yield client.get_executor(pure=False), max(1, sum(client.nthreads().values()))


def carried_out(jobs: Iterable[Job], engine: Executor, width: int) -> Iterator[tuple[Job, Result | None]]:
    """Each job with its result, as they are done; None for what was known. A job that fails is a result too.

    Raises UserError where the executor itself is gone."""
    waiting = iter(jobs)
    pending: dict[Future[Result | None], Job] = {}
    while True:
        for job in islice(waiting, width * AHEAD - len(pending)):
            pending[engine.submit(audit_repository, job)] = job
        if not pending:
            return
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            job = pending.pop(future)
            yield job, _result(job, future)


def _result(job: Job, future: Future[Result | None]) -> Result | None:
    try:
        return future.result()
    except CancelledError as problem:
        raise UserError(Mistake("--scheduler", "the scheduler is gone", "run again to go on")) from problem
    except Exception as problem:  # whatever became of one repository, the others go on
        import time

        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        return Result(job.repository, "failed", at, problem=f"{type(problem).__name__}: {problem}"[:500])
