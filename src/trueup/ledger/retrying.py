"""Which errors of a server mean "try again", and how often that is done."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Literal

from trueup.model.names import Driver
from trueup.structs import Struct

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

Trouble = Literal["conflict", "lost", "refused", "other"]

# Serialization failure and deadlock (PostgreSQL's appendix A; CockroachDB and YugabyteDB use the same), lock_not_available.
SQLSTATES = {"40001", "40P01", "55P03"}
# Deadlock and lock wait timeout (MySQL's error reference); TiDB's write conflicts and "try again later".
MYSQL_CONFLICTS = {1205, 1213, 8002, 8022, 8028, 9007}
# Gone away, lost, killed, shutting down.
_MYSQL_LOST = {1053, 1927, 2003, 2006, 2013, 2055}
# A missing value, a wrong or too long one, a check: PyMySQL does not call all of these integrity or data errors.
_MYSQL_REFUSALS = {1364, 1265, 1366, 3819, 4025}


class RetryPolicy(Struct, frozen=True):
    """At most `attempts` in all, with pauses from `first` seconds doubling up to `longest`, each shortened at random by up to a
    half so that writers which collided don't collide again."""

    attempts: int = 12
    first: float = 0.004
    longest: float = 0.5

    def pause(self, attempt: int) -> None:
        """Waits after the failed attempt number `attempt`, counted from 1."""
        whole = min(self.longest, self.first * 2.0 ** (attempt - 1))
        time.sleep(whole * random.uniform(0.5, 1.0))


def trouble(error: DBAPIError, driver: Driver) -> Trouble:
    """ "conflict": nothing was done, another attempt may succeed. "lost": the connection is gone. "refused": the row breaks a
    constraint. "other": anything else."""
    from sqlalchemy.exc import DataError, IntegrityError

    original = error.orig
    if isinstance(error, IntegrityError | DataError):
        return "refused"
    match driver:
        case "pgsql":
            state = getattr(original, "sqlstate", None)
            if state in SQLSTATES:
                return "conflict"
            return "lost" if error.connection_invalidated or _is_lost(state, original) else "other"
        case "mysql" | "mariadb":
            number = original.args[0] if original is not None and original.args else None
            if number in MYSQL_CONFLICTS:
                return "conflict"
            if number in _MYSQL_REFUSALS:
                return "refused"
            return "lost" if error.connection_invalidated or number in _MYSQL_LOST else "other"
        case "sqlite":
            name = getattr(original, "sqlite_errorname", "") or ""
            return "conflict" if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) else "other"


def _is_lost(state: str | None, original: BaseException | None) -> bool:
    if state is None:  # the client noticed it: no server has spoken
        words = str(original).lower()
        return "connection" in words or "server closed" in words
    return state.startswith(("08", "57P"))
