"""One repository: `trueup audit` in a process of its own, so that neither its memory nor its death is anybody else's.

Nothing here hangs on the process it runs in: the same function serves threads of this machine and workers of others."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b
from typing import IO, Any

from trueup.model.fleet import Repository, Result
from trueup.model.names import Severity
from trueup.structs import Struct, replace

TRIES = 2
"""An audit whose process was killed is begun again once: the system may have been short of memory for another's sake."""

_MAX_TOLD = 2_000
"""Characters of what a process said in the end that are kept."""

_running: set[int] = set()
_stopped = threading.Event()
_lock = threading.Lock()


class Job(Struct, frozen=True):
    """`options` are arguments of `trueup audit`; `known` the state of the result that is there already ("" for none); `seconds`
    the longest that the audit may take."""

    repository: Repository
    options: tuple[str, ...] = ()
    known: str = ""
    seconds: float = 600.0


def audit_repository(job: Job) -> Result | None:
    """The audit of one repository; None where it is still in the state that is known. Never raises for what is in it."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    nothing = Result(job.repository, "failed", at)
    if not os.path.isdir(job.repository.path):
        return replace(nothing, status="refused", problem="no such folder")
    state = state_of(job)
    if state and state == job.known:
        return None
    for _ in range(TRIES):
        ended = _run(job)
        if ended.signal == 0 or ended.late or _stopped.is_set():
            break
    return _result(replace(nothing, state=state), job, ended)


def begin() -> None:
    """Lets audits begin again after `stop_all`."""
    _stopped.clear()


def stop_all() -> None:
    """Ends the audits of this process at once: its user does not want them any more."""
    _stopped.set()
    with _lock:
        for process in _running:
            os.kill(process, signal.SIGKILL)


def state_of(job: Job) -> str:
    """A digest of all that the audit hangs on: the files by size, times and inode, the options, Trueup itself."""
    from trueup.cache.answers import own_version
    from trueup.cache.state import folder_state

    files = folder_state(job.repository.path)
    if files is None:
        return ""
    parts = [*own_version(), *job.options, *(f"{path} {stamp}" for path, stamp in sorted(files.items()))]
    return blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


class _Ended(Struct, frozen=True):
    """`signal` 0 where the process ended by itself; `late` where it was stopped for its time."""

    code: int
    signal: int
    late: bool
    out: bytes
    err: str
    seconds: float
    cpu_seconds: float
    memory_mb: float


def _run(job: Job) -> _Ended:
    # -P: nothing is imported from the folder that this was called in, which may be a repository's.
    command = [sys.executable, "-P", "-m", "trueup", "audit", job.repository.path, "--format", "json"]
    command.extend(("--quiet", "--no-cache", *job.options))
    environment = {**os.environ, "TRUEUP_PROCESSES": "1"}  # as many repositories as cores are audited already
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.monotonic()
        with _lock:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=environment,
            )
            _running.add(process.pid)
        late = threading.Event()
        timer = threading.Timer(job.seconds, _stop, (process.pid, late))
        timer.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        finally:
            timer.cancel()
            with _lock:
                _running.discard(process.pid)
        process.returncode = os.waitstatus_to_exitcode(status)  # it was waited for already
        return _Ended(
            max(process.returncode, 0),
            max(-process.returncode, 0),
            late.is_set(),
            _whole(out),
            _whole(err).decode("utf-8", errors="replace")[-_MAX_TOLD:],
            round(time.monotonic() - begun, 3),
            round(used.ru_utime + used.ru_stime, 3),
            round(used.ru_maxrss * 1024 / 1e6, 1),
        )


def _stop(process: int, late: threading.Event) -> None:
    with _lock:
        if process in _running:
            late.set()
            os.kill(process, signal.SIGKILL)


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _result(nothing: Result, job: Job, ended: _Ended) -> Result:
    measured = replace(
        nothing, seconds=ended.seconds, cpu_seconds=ended.cpu_seconds, memory_mb=ended.memory_mb
    )
    if ended.late:
        return replace(measured, problem=f"not done after {job.seconds:g} s")
    if ended.signal:
        return replace(measured, problem=f"its process was ended by signal {ended.signal}, {TRIES} times")
    if ended.code == 2:
        return replace(measured, status="refused", problem=_told(ended.err))
    try:
        document = json.loads(ended.out)
    except ValueError:
        return replace(measured, problem=_told(ended.err) or f"exit code {ended.code} without a report")
    return _read(measured, document)


def _told(text: str) -> str:
    return " ".join(line.removeprefix("trueup audit: ") for line in text.strip().splitlines()[-3:])


def _read(measured: Result, document: Mapping[str, Any]) -> Result:
    """What is kept of a `trueup.audit/1`."""
    findings: dict[str, dict[Severity, tuple[str, ...]]] = {}
    for finding in document["findings"]:
        severities = findings.setdefault(finding["code"], {})
        severities[finding["severity"]] = (*severities.get(finding["severity"], ()), finding["id"])
    gaps = document["gaps"]
    first = {gap["kind"]: f"{gap['file']}:{gap['line']} {gap['reason']}"[:300] for gap in reversed(gaps)}
    summary = document["summary"]
    return replace(
        measured,
        status="audited",
        framework=summary["framework"],
        driver=document["project"]["driver"],
        inputs={name: count for name, count in document["inputs"].items() if isinstance(count, int)},
        findings=findings,
        gaps=dict(sorted(Counter(gap["kind"] for gap in gaps).items())),
        examples=dict(sorted(first.items())),
        failures=len(document["failures"]),
        cannot_tell=len(document["cannot_tell"]),
        crashes=tuple(f"{crash['what']}: {crash['problem']}" for crash in summary["crashes"]),
    )
