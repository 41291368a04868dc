"""Transactions on the server: how they begin, and how often they are tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import DBAPIError

from trueup.ledger.clock import read_now, server_now
from trueup.ledger.errors import OutcomeUnknown, RetriesExhausted, UnfitSession, WriteRefused
from trueup.ledger.retrying import RetryPolicy, trouble
from trueup.ledger.session import KEEPER, Session, Sessions
from trueup.model.names import Driver

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

Result = TypeVar("Result")

DRIVERS_OF_DIALECTS: dict[str, Driver] = {
    "postgresql": "pgsql",
    "cockroachdb": "pgsql",
    "mysql": "mysql",
    "mariadb": "mariadb",
    "sqlite": "sqlite",
}


class TryAgain(Exception):
    """Raised by work that has met a state which another transaction will find changed: a new period, a budget just changed."""


def connect(url: str, *, pool_size: int = 5) -> Engine:
    """An engine for a ledger that has its connections to itself: UTC and strict mode on MySQL and MariaDB, no round trip to reset a
    connection that the ledger has always ended itself. `url` as Laravel or SQLAlchemy writes it ("mysql://", "postgresql://",
    "sqlite:///file"). Any other engine of the same dialects will do as well."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.engine import make_url

    parsed = make_url(url.replace("pgsql://", "postgresql://", 1).replace("postgres://", "postgresql://", 1))
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return create_engine(parsed, connect_args={"timeout": 30.0})
    arguments: dict[str, object] = {}
    level = "READ COMMITTED"  # of MySQL's REPEATABLE READ the locks between rows would be felt: deadlocks of unrelated users
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    elif kind in ("mysql", "mariadb"):
        parsed = parsed.set(drivername="mysql+pymysql") if "+" not in parsed.drivername else parsed
        arguments["init_command"] = (
            "SET time_zone = '+00:00', sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')"
        )
    engine = create_engine(
        parsed,
        connect_args=arguments,
        isolation_level=level,
        pool_size=pool_size,
        max_overflow=-1,
        pool_reset_on_return=None,
    )
    sessions = Sessions(pool_size)
    event.listen(engine, "engine_disposed", lambda _: sessions.drop())
    engine.update_execution_options(**{KEEPER: sessions})
    return engine


def driver_of(engine: Engine) -> Driver:
    """The driver that the engine's dialect belongs to; MariaDB is told from MySQL by the binding alone."""
    name = engine.dialect.name
    if name not in DRIVERS_OF_DIALECTS:
        raise UnfitSession(f"there is no ledger on {name}: PostgreSQL, MySQL, MariaDB and SQLite are known")
    return DRIVERS_OF_DIALECTS[name]


class Runner:
    """Runs work in transactions of its own on one engine."""

    def __init__(self, engine: Engine, driver: Driver, policy: RetryPolicy) -> None:
        self.driver = driver
        self.policy = policy
        self.engine = engine
        self.sessions: Sessions = engine.get_execution_options().get(KEEPER) or Sessions()
        self._checked = driver == "sqlite"
        self._lowers = False

    def transact(self, work: Callable[[Session], Result], *, repeatable: bool = True) -> Result:
        """The result of `work`, committed. Conflicts and lost connections are tried again, all of `work` from its beginning. A
        connection lost in COMMIT is tried again only where `repeatable`: `work` then finds what it has done before.

        Raises RetriesExhausted, OutcomeUnknown, WriteRefused, and whatever `work` raises, with nothing committed."""
        problem: Exception | None = None
        for attempt in range(1, self.policy.attempts + 1):
            committing = False
            session: Session | None = None
            try:
                session = self.sessions.take(self.engine)
                self._begin(session)
                result = work(session)
                committing = True
                session.commit()
                committing, done = False, session
                session = None
                self.sessions.give(done, failed=False)
                return result
            except TryAgain as again:
                problem = again
                if attempt > 2:  # the first time the reason is a new period, not a crowd
                    self.policy.pause(attempt)
            except DBAPIError as error:
                problem = error
                if error.connection_invalidated and session:
                    session.invalidate()
                self._judge(error, committing, repeatable)
                if attempt < self.policy.attempts:
                    self.policy.pause(attempt)
            finally:
                if session:
                    self.sessions.give(session, failed=True)
        raise RetriesExhausted(self.policy.attempts, _words(problem)) from problem

    def read(self, work: Callable[[Session], Result]) -> Result:
        """The result of `work`, which only reads: nothing is locked beforehand."""
        problem: Exception | None = None
        for attempt in range(1, self.policy.attempts + 1):
            session: Session | None = None
            try:
                session = self.sessions.take(self.engine)
                self._check(session)
                return work(session)
            except DBAPIError as error:
                problem = error
                if error.connection_invalidated and session:
                    session.invalidate()
                self._judge(error, False, True)
                self.policy.pause(attempt)
            finally:
                if session:
                    self.sessions.give(session, failed=True)
        raise RetriesExhausted(self.policy.attempts, _words(problem)) from problem

    def _begin(self, session: Session) -> None:
        if self.driver == "sqlite":
            # A deferred transaction that has read first can't become a writer once another has written: it would fail at once.
            session.execute("BEGIN IMMEDIATE")
        self._check(session)
        if self._lowers:
            session.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")

    def _judge(self, error: DBAPIError, committing: bool, repeatable: bool) -> None:
        """Returns where another attempt may succeed; else raises."""
        kind = trouble(error, self.driver)
        if kind == "refused":
            raise WriteRefused(_words(error)) from error
        if kind == "other":
            raise error
        if kind == "lost" and committing and not repeatable:
            raise OutcomeUnknown from error

    def _check(self, session: Session) -> None:
        """Once: the settings of a session, which all connections of an engine share."""
        if self._checked:
            return
        if self.driver == "pgsql":
            # Under REPEATABLE READ a sum taken after waiting for a lock would be that from before the wait.
            level = session.execute("SELECT current_setting('default_transaction_isolation')").rows[0][0]
            self._lowers = level == "repeatable read"
        else:
            self._check_mysql(session)
        self._checked = True

    def _check_mysql(self, session: Session) -> None:
        asked = "SELECT @@sql_mode, @@autocommit, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW())"
        mode, autocommit, ahead = session.execute(asked).rows[0]
        if "STRICT" not in mode:
            raise UnfitSession(
                "sql_mode has no STRICT_ALL_TABLES: the server would cut off what does not fit"
            )
        if autocommit:
            raise UnfitSession("autocommit is on: a charge would be written in parts")
        if abs(ahead) > 1:
            raise UnfitSession("the session's time zone is not UTC: SET time_zone = '+00:00'")


def now(session: Session, driver: Driver) -> datetime:
    """The server's time, UTC without a zone."""
    return read_now(session.execute(f"SELECT {server_now(driver)}").rows[0][0])


def _words(problem: Exception | None) -> str:
    # The driver's own words: SQLAlchemy would add the statement with its values.
    if isinstance(problem, DBAPIError):
        return str(problem.orig)
    return str(problem)
