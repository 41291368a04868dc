"""Ctrl-C at any moment of a write: what was begun is whole, nothing lies about beside it, and the interruption is not lost."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trueup.cache.store import Store
from trueup.cli.running import deliver
from trueup.interrupts import held_back
from trueup.model.tickets import Change
from trueup.pipeline.updating_baseline import Update, write_baseline
from trueup.pipeline.writing import write_new_files
from trueup.tickets.writing import write_changes

OLD, NEW = "the old one\n", "the new one\n" * 20_000


def _migrations(root: Path) -> None:
    write_new_files(
        str(root), {"new/a": NEW, "new/b": NEW}, "--write", {"there": (OLD, NEW), "too": (OLD, NEW)}
    )


def _tickets(root: Path) -> None:
    changes = [
        Change("create", "new/a", None, NEW, "a", "t"),
        Change("create", "new/b", None, NEW, "b", "t"),
        Change("update", "there", OLD, NEW, "there", "t"),
        Change("update", "too", OLD, NEW, "too", "t"),
    ]
    write_changes(str(root), changes, ["new", "."])


def _baseline(root: Path) -> None:
    write_baseline(Update(str(root / "there"), OLD, NEW))


def _report(root: Path) -> None:
    deliver(NEW, str(root / "there"))


def _cache(root: Path) -> None:
    Store(str(root / "new")).put("a", NEW.encode())


WRITERS: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "migrations": (_migrations, {"new/a", "new/b", "there", "too"}),
    "tickets": (_tickets, {"new/a", "new/b", "there", "too"}),
    "baseline": (_baseline, {"there"}),
    "report": (_report, {"there"}),
    "cache": (_cache, {"new/a"}),
}
CALLS = ("mkdir", "open", "fdopen", "fsync", "chmod", "link", "replace", "unlink")


def _project(root: Path) -> Path:
    root.mkdir()
    for name in ("there", "too"):
        (root / name).write_text(OLD)
    return root


def _files(root: Path) -> dict[str, str]:
    found = [p for p in root.rglob("*") if p.is_file()]
    return {str(p.relative_to(root)): p.read_bytes().decode("utf-8", "replace") for p in found}


class _Interrupting:
    """Stands in for a function of `os` and interrupts right behind its `moment`-th call."""

    def __init__(self, real: Callable[..., Any], moment: int) -> None:
        self.real, self.moment, self.calls = real, moment, 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        done = self.real(*args, **kwargs)
        self.calls += 1
        if self.calls == self.moment:
            os.kill(os.getpid(), signal.SIGINT)
        return done


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("call", CALLS)
def test_an_interruption_waits_for_the_write(
    writer: str, call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, written = WRITERS[writer]
    whole = _project(tmp_path / "whole")
    counting = _Interrupting(getattr(os, call), 0)
    with monkeypatch.context() as patched:
        patched.setattr(os, call, counting)
        write(whole)
    expected = _files(whole)
    assert {name for name, text in expected.items() if text != OLD} == written
    for moment in range(1, counting.calls + 1):
        root = _project(tmp_path / str(moment))
        with monkeypatch.context() as patched:
            patched.setattr(os, call, _Interrupting(getattr(os, call), moment))
            with pytest.raises(KeyboardInterrupt):
                write(root)
        assert _files(root) == expected


def test_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with held_back():
        assert signal.getsignal(signal.SIGINT) is not before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_failure_comes_before_the_interruption() -> None:
    def work() -> None:
        with held_back():
            os.kill(os.getpid(), signal.SIGINT)
            raise ValueError("failed")

    with pytest.raises(KeyboardInterrupt) as interrupted:
        work()
    assert isinstance(interrupted.value.__context__, ValueError)


def test_other_threads_hold_nothing_back() -> None:
    done: list[bool] = []

    def work() -> None:
        with held_back():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
