"""Names of scratch databases: which run made one, so that what a killed run left behind is known, and nothing else is."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import socket
import time

from trueup.structs import Struct

PREFIX = "trueup_scratch_"
FOREIGN_SECONDS = 86_400
"""How long the scratch database of another machine's run is left alone: no run takes a day."""

_NAME = re.compile(
    rf"{PREFIX}(?P<host>[0-9a-f]{{8}})_(?P<pid>\d{{1,10}})_(?P<made>\d{{10,11}})_[0-9a-f]{{6}}"
)


class Owner(Struct, frozen=True):
    """Who made a scratch database: the machine's mark, the process, and when, in seconds since 1970."""

    host: str
    pid: int
    made: int


def new_name() -> str:
    """A name that no other run has, at most 56 letters long: the shortest limit of a server is 63."""
    return f"{PREFIX}{host_mark()}_{os.getpid()}_{int(time.time())}_{secrets.token_hex(3)}"


def owner_of(name: str) -> Owner | None:
    """Who made the database, or None where the name is not one of ours."""
    found = _NAME.fullmatch(name)
    return Owner(found["host"], int(found["pid"]), int(found["made"])) if found else None


def is_abandoned(name: str, now: float | None = None) -> bool:
    """Whether the run that made the database is over: its process is gone, or its number went to a younger one. Of a run on
    another machine this can't be seen; it counts as over after a day."""
    owner = owner_of(name)
    if owner is None:
        return False
    if owner.host != host_mark():
        return (time.time() if now is None else now) - owner.made > FOREIGN_SECONDS
    if not _is_running(owner.pid):
        return True
    born = _born(owner.pid)
    return born is not None and born > owner.made + 2


def host_mark() -> str:
    """Eight digits for this machine. Processes of another container have numbers of their own, so it is another machine."""
    try:
        numbers = os.readlink("/proc/self/ns/pid")
    except OSError:
        numbers = ""
    return hashlib.sha256(f"{socket.gethostname()}\n{numbers}".encode()).hexdigest()[:8]


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # somebody else's
    return True


def _born(pid: int) -> float | None:
    """When the process was started, in seconds since 1970; None where the system does not tell."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            ticks = int(file.read().rpartition(")")[2].split()[19])
        with open("/proc/stat", encoding="ascii") as file:
            booted = next(int(line.split()[1]) for line in file if line.startswith("btime "))
    except (OSError, ValueError, IndexError, StopIteration):
        return None
    return booted + ticks / os.sysconf("SC_CLK_TCK")
