"""A scratch database from its making to its end, which comes also after an exception, Ctrl-C or SIGTERM."""

from __future__ import annotations

import atexit
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

from trueup.errors import Mistake, UserError
from trueup.model.names import Driver
from trueup.scratch.hosts import Host, NotMade, host_at
from trueup.scratch.names import is_abandoned, new_name
from trueup.sources.database.url import Address, address_of
from trueup.structs import Struct, replace

if TYPE_CHECKING:
    from sqlalchemy import Engine

DROP_SECONDS = 30.0
"""How long a server that does not answer is asked again to drop the database: it may be starting anew."""

_ENDINGS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class ScratchError(UserError):
    """A scratch database could not be dropped. The next run on that server does it."""


class Scratch(Struct, frozen=True):
    """An empty database of our own. `driver` is what the server is, whatever the URL calls it; `url` may be printed; `address`
    holds the password (its text does not) and is what another process gives to `engine_for`. `swept`: left-overs of
    earlier runs that were dropped."""

    driver: Driver
    name: str
    url: str
    server_version: str
    engine: Engine
    address: Address
    swept: tuple[str, ...] = ()


@contextmanager
def open_scratch(url: str | None = None, *, pool_size: int = 5) -> Iterator[Scratch]:
    """A new database on the server at `url`, dropped at the end; None: SQLite in the temporary folder. Raises TargetError where the
    URL is none, the server does not answer or we may not create a database there; ScratchError where it can't be dropped."""
    from trueup.scratch.sessions import engine_for

    host = host_at(address_of(url or "sqlite://"))
    version = host.version()
    swept = _sweep(host)
    name = new_name()
    with _endings(), _dropped(host, name):
        host.create(name)
        driver = host.driver(version)
        address = replace(host.address(name), driver=driver)
        engine = engine_for(address, pool_size)
        try:
            yield Scratch(driver, name, address.shown, version, engine, address, swept)
        finally:
            engine.dispose()


@contextmanager
def _dropped(host: Host, name: str) -> Iterator[None]:
    """Drops the database at the end. An error on the way keeps its place; that of the dropping becomes a note to it."""
    net = partial(_drop, host, name, 0.0)  # where a signal gets past what is below
    atexit.register(net)
    try:
        yield
    except NotMade:
        raise
    except BaseException as problem:
        try:
            _drop(host, name, DROP_SECONDS)
        except ScratchError as left:
            problem.add_note(str(left))
            if not isinstance(problem, Exception):  # the notes of what ends the process are shown to nobody
                print(left, file=sys.stderr)
        raise
    else:
        _drop(host, name, DROP_SECONDS)
    finally:
        atexit.unregister(net)


def _sweep(host: Host) -> tuple[str, ...]:
    """Drops what killed runs left behind. One that can't be dropped stays for the next time."""
    swept = []
    for name in sorted(filter(is_abandoned, host.names())):
        with suppress(Exception):
            host.drop(name)
            swept.append(name)
    return tuple(swept)


def _drop(host: Host, name: str, seconds: float) -> None:
    """Drops the database, asking again for `seconds` where the server does not answer."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with _undisturbed():
                return host.drop(name)
        except Exception as problem:
            if time.monotonic() >= deadline:
                code = getattr(problem, "sqlstate", None) or type(problem).__name__
                raise ScratchError(
                    Mistake(
                        host.address(name).shown,
                        f"the scratch database could not be dropped ({code})",
                        "the next run on that server drops it",
                    )
                ) from None
        time.sleep(0.2)


@contextmanager
def _endings() -> Iterator[None]:
    """Signals that would end the process at once become exceptions, the first of them only: a second one would cut the dropping
    short. Handlers that somebody else has set are left alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told = False

    def end(number: int, _: FrameType | None) -> None:
        nonlocal told
        if told:
            return
        told = True
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    taken = {s: signal.getsignal(s) for s in _ENDINGS}
    own = {s: h for s, h in taken.items() if h in (signal.SIG_DFL, signal.default_int_handler)}
    for number in own:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in own.items():
            signal.signal(number, handler)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals that come now are ignored: what is done here is short, and must be done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
