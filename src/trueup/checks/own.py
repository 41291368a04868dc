"""Checks of the user's own, loaded only where they are named: a Python file with one decorated function, or the name of an entry
point of the group `trueup.checks`."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from types import ModuleType

from trueup.checks.registry import Check, catalogue
from trueup.errors import Mistake, RegistrationMistake, TrueupError
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.names import CATEGORIES, SEVERITIES
from trueup.structs import replace

GROUP = "trueup.checks"


class OwnCheckFailed(TrueupError):
    """A check of the user's own raised, or gave what is no verdict."""


_loaded: dict[tuple[str, str], Check] = {}
"""By absolute path and digest of the content, or by name of an entry point and ""."""


def load(name: str, where: str) -> tuple[Check | None, list[Mistake]]:
    """The check that `name` means: an absolute path or the name of an entry point. `where` is where it was named. The mistakes in
    it, with file and line, where it can't be used."""
    try:
        made = _from_file(name) if os.path.isabs(name) else _from_entry_point(name, where)
    except _Refused as problem:
        return None, [problem.mistake]
    return made, []


class _Refused(Exception):
    def __init__(self, where: str, problem: str, expected: str = "") -> None:
        super().__init__(problem)
        self.mistake = Mistake(where, problem, expected)


# A file


def _from_file(path: str) -> Check:
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError as problem:
        raise _Refused(path, f"can't be read: {problem.strerror}") from problem
    digest = blake2b(source, digest_size=16).hexdigest()
    if (path, digest) not in _loaded:
        module = ModuleType(f"trueup_own_check_{digest}")
        module.__file__ = path
        sys.modules[module.__name__] = module  # dataclasses and typing look their module up
        try:
            with contextlib.redirect_stdout(sys.stderr):
                exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
        except (Exception, SystemExit) as problem:
            raise _refusal(path, problem) from problem
        _loaded[path, digest] = _only_check(module, path)
    return _loaded[path, digest]


def _refusal(path: str, problem: BaseException) -> _Refused:
    line = _line_in(path, problem)
    where = f"{path}:{line}" if line else path
    said = (
        str(problem)
        if isinstance(problem, RegistrationMistake)
        else f"{type(problem).__name__}: {getattr(problem, 'msg', problem)}"
    )
    return _Refused(where, " ".join(said.split()))


def _line_in(path: str, problem: BaseException) -> int:
    """The line of the file where it happened; 0 where it did not happen there."""
    if isinstance(problem, SyntaxError) and problem.filename == path:
        return problem.lineno or 0
    frames = [f for f in traceback.extract_tb(problem.__traceback__) if f.filename == path]
    return (frames[-1].lineno or 0) if frames else 0


def _only_check(module: ModuleType, path: str) -> Check:
    marked = {id(m): m for v in vars(module).values() if (m := _mark(v)) is not None}
    if len(marked) != 1:
        found = f"{len(marked)} checks" if marked else "no check"
        raise _Refused(path, f"holds {found}", "one function decorated with @check of trueup.plugins")
    return _guarded(next(iter(marked.values())), path)


def _mark(value: object) -> Check | None:
    found = getattr(value, "__trueup_check__", None) if callable(value) else None
    return found if isinstance(found, Check) else None


# An entry point


def _from_entry_point(name: str, where: str) -> Check:
    from difflib import get_close_matches
    from importlib.metadata import entry_points

    if (name, "") in _loaded:
        return _loaded[name, ""]
    known = entry_points(group=GROUP)
    found = next((e for e in known if e.name == name), None)
    if found is None:
        near = get_close_matches(name, sorted(known.names), n=1)
        expected = f"did you mean '{near[0]}'?" if near else f"a file, or an entry point of the group {GROUP}"
        raise _Refused(where, f"there is no check '{name}'", expected)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            value = found.load()
    except (Exception, SystemExit) as problem:
        raise _Refused(where, f"'{name}' ({found.value}): {type(problem).__name__}: {problem}") from problem
    made = _mark(value)
    if made is not None:
        _loaded[name, ""] = _guarded(made, found.value)
    elif isinstance(value, ModuleType):
        _loaded[name, ""] = _only_check(value, value.__file__ or found.value)
    else:
        raise _Refused(
            where, f"'{name}' ({found.value}) is no check", "a function with @check, or its module"
        )
    return _loaded[name, ""]


# Running it


def _guarded(made: Check, path: str) -> Check:
    """The check with what it gives looked at: what is no verdict must not take the others down."""
    return replace(made, run=partial(_run, made.run, made.code, path))


def _run(run: Callable[[Facts], Iterator[Verdict]], code: str, path: str, facts: Facts) -> Iterator[Verdict]:
    try:
        with contextlib.redirect_stdout(sys.stderr):
            verdicts = tuple(run(facts) or ())
    except (Exception, SystemExit) as problem:
        line = _line_in(path, problem)
        place = f" ({path}:{line})" if line else ""
        raise OwnCheckFailed(f"{type(problem).__name__}: {problem}{place}") from problem
    for verdict in verdicts:
        wrong = _wrong(verdict, code)
        if wrong:
            raise OwnCheckFailed(f"it gave {wrong} ({path})")
    yield from verdicts


def _wrong(verdict: object, code: str) -> str:
    """What is wrong with a verdict, or ""."""
    if not isinstance(verdict, Finding | CannotTell):
        return f"{type(verdict).__name__}, which is neither a Finding nor a CannotTell"
    if verdict.code != code:
        return f"a verdict with the code {verdict.code!r} instead of {code!r}"
    if isinstance(verdict, Finding):
        if verdict.severity not in SEVERITIES or verdict.category not in CATEGORIES:
            return f"a finding of severity {verdict.severity!r} and category {verdict.category!r}"
        if not all(isinstance(many, tuple) for many in (verdict.locations, verdict.drivers, verdict.wants)):
            return "a finding whose locations, drivers or wants are no tuple"
    others = {"locations", "at", "drivers", "wants"}
    for name in verdict.__struct_fields__:
        value = getattr(verdict, name)
        if name not in others and not isinstance(value, str):
            return f"a verdict whose {name} is no text"
    return ""


def taken(made: Check, others: tuple[Check, ...]) -> str:
    """Who has the check's code already, or ""."""
    same = [c for c in (*catalogue(), *others) if c.code == made.code and c.module != made.module]
    return same[0].module if same else ""
