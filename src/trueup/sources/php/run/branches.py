"""Conditions that can't be decided: both ways are tried, and only where they differ in effect is there a gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from trueup.model.locations import Gap
from trueup.sources.php.run.compare import strict_equal
from trueup.sources.php.run.signals import UNSET, Flow, Unset
from trueup.sources.php.throwables import PhpThrow
from trueup.sources.php.values import PhpArray, PhpObject, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.frame import Frame
    from trueup.sources.php.run.runner import Runner
    from trueup.sources.php.tree import If, Stmt

T = TypeVar("T")
Work = Callable[[], "Flow | None"]
Place = tuple["PhpObject | Ref", str]
Held = Value | Ref | Unset


class Attempt(Generic[T]):
    """What a run that was taken back did: what it answered or threw, the host's state, the variables, properties and gaps."""

    __slots__ = ("answer", "gaps", "host", "thrown", "variables", "writes")

    def __init__(self) -> None:
        self.answer: T | None = None
        self.thrown: PhpThrow | None = None
        self.host: object = None
        self.variables: dict[str, Value | Ref] = {}
        self.writes: dict[tuple[int, str], tuple[Place, Held]] = {}
        self.gaps: list[Gap] = []


def attempt(run: Runner, frame: Frame | None, work: Callable[[], T]) -> Attempt[T]:
    """Does the work, notes what it did, and takes everything back. Running out of budget is not taken back."""
    done: Attempt[T] = Attempt()
    before = run.host.snapshot()
    variables, line = _copied(frame), frame.line if frame is not None else 0
    outer, run.journal = run.journal, []
    gaps, silence = len(run.recorded), run.silence
    run.trials += 1
    try:
        done.answer = work()
    except PhpThrow as thrown:
        done.thrown = thrown
    finally:
        run.trials -= 1
        run.silence = silence
        journal, run.journal = run.journal, outer
        done.host = run.host.snapshot()
        done.variables = _copied(frame)
        done.writes = _undone(journal or [])
        done.gaps = run.recorded[gaps:]
        del run.recorded[gaps:]
        run.host.restore(before)
        if frame is not None:
            frame.vars.clear()
            frame.vars.update(variables)
            frame.line = line
    return done


def redo(run: Runner, frame: Frame | None, done: Attempt[T]) -> T:
    """Puts in place what an attempt did."""
    run.host.restore(done.host)
    for (place, name), value in done.writes.values():
        run.note(place, name, _held(place, name))
        _write(place, name, value)
    run.recorded.extend(done.gaps)
    if frame is not None:
        frame.vars.clear()
        frame.vars.update(done.variables)
    if done.thrown is not None:
        raise done.thrown
    return done.answer  # type: ignore[return-value]  # work() answered, as nothing was thrown


def _copied(frame: Frame | None) -> dict[str, Value | Ref]:
    """The variables, their arrays shared, so that writes go to copies."""
    if frame is None:
        return {}
    for value in frame.vars.values():
        if type(value) is PhpArray:
            value.shared = True
    return dict(frame.vars)


def _held(place: PhpObject | Ref, name: str) -> Held:
    return place.value if isinstance(place, Ref) else place.props.get(name, UNSET)


def _write(place: PhpObject | Ref, name: str, value: Held) -> None:
    if isinstance(place, Ref):
        assert not isinstance(value, (Ref, Unset))
        place.value = value
    elif isinstance(value, Unset):
        place.props.pop(name, None)
    else:
        place.props[name] = value


def _undone(
    journal: Sequence[tuple[PhpObject | Ref, str, Held]],
) -> dict[tuple[int, str], tuple[Place, Held]]:
    """Takes writes back, newest first; answers what each place had held after them."""
    after: dict[tuple[int, str], tuple[Place, Held]] = {}
    for place, name, old in reversed(journal):
        after.setdefault((id(place), name), ((place, name), _held(place, name)))
        _write(place, name, old)
    return after


# ── merging ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _same_held(a: Held, b: Held) -> bool:
    if isinstance(a, (Ref, Unset)) or isinstance(b, (Ref, Unset)):
        return a is b
    return a is b or strict_equal(a, b) is True


def merge_values(unknown: Unknown, values: Sequence[Value]) -> Value:
    """The value that all agree on, or the Unknown that decides between them."""
    first = values[0]
    return first if all(_same_held(first, v) for v in values[1:]) else unknown


def same_effects(run: Runner, attempts: Sequence[Attempt[T]]) -> bool:
    first = attempts[0]
    return all(run.host.same(first.host, other.host) for other in attempts[1:])


def put_merged(run: Runner, frame: Frame | None, unknown: Unknown, attempts: Sequence[Attempt[T]]) -> None:
    """Puts in place what attempts of the same effect did; where they differ in a variable or property, that becomes Unknown."""
    first = attempts[0]
    run.host.restore(first.host)
    _merge_places(run, unknown, attempts)
    if frame is not None:
        _merge_variables(frame, unknown, attempts)
    for done in attempts:
        run.recorded.extend(g for g in done.gaps if g not in run.recorded)


def forget_differences(
    run: Runner, frame: Frame | None, unknown: Unknown, attempts: Sequence[Attempt[T]]
) -> None:
    """None of the attempts counts, but what any of them wrote is not known any more."""
    _merge_places(run, unknown, attempts)
    if frame is not None:
        _merge_variables(frame, unknown, attempts)


def _merge_places(run: Runner, unknown: Unknown, attempts: Sequence[Attempt[T]]) -> None:
    places = {key: place for done in attempts for key, (place, _) in done.writes.items()}
    for key, (place, name) in places.items():
        now = _held(place, name)
        values = [done.writes[key][1] if key in done.writes else now for done in attempts]
        merged = values[0] if all(_same_held(values[0], v) for v in values[1:]) else unknown
        run.note(place, name, now)
        _write(place, name, merged)


def _merge_variables(frame: Frame, unknown: Unknown, attempts: Sequence[Attempt[T]]) -> None:
    names = dict.fromkeys(name for done in attempts for name in done.variables)
    for name in names:
        values: list[Held] = [done.variables.get(name, UNSET) for done in attempts]
        first = values[0]
        if all(_same_held(first, v) for v in values[1:]):
            if not isinstance(first, Unset):
                frame.vars[name] = first
        elif not isinstance(frame.vars.get(name), Ref):
            frame.vars[name] = unknown


# ── decisions ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def choose(run: Runner, frame: Frame | None, unknown: Unknown, ways: Sequence[Callable[[], Value]]) -> Value:
    """The value of an expression of which one of several ways will be taken. Where their effects differ: a gap, and none of
    them is taken."""
    if run.trials >= run.budget.trials:
        run.undecided(unknown.reason)
        return unknown
    attempts = [attempt(run, frame, way) for way in ways]
    values = [a for a in attempts if a.thrown is None]
    if len(values) == len(attempts) and same_effects(run, attempts):
        put_merged(run, frame, unknown, attempts)
        return merge_values(unknown, [a.answer for a in attempts])
    if len(values) == 1 and same_effects(run, attempts):
        run.undecided(f"{unknown.reason}; taken not to end in an exception")
        return redo(run, frame, values[0])
    run.undecided(unknown.reason)
    forget_differences(run, frame, unknown, attempts)
    return unknown


def _outcome(done: Attempt[Flow | None], last: str) -> tuple[str, int]:
    """How an attempt of statements ended. The end of a function's body is as good as a `return`, a loop's as a `continue`."""
    if done.thrown is not None:
        return "throw " + done.thrown.php_class, 0
    flow = done.answer
    if flow is None:
        return last, int(last == "continue")
    return flow.kind, flow.levels if flow.kind != "return" else 0


def decide_if(
    run: Runner, frame: Frame, node: If, unknown: Unknown, rest: tuple[Stmt, ...], last: str
) -> tuple[bool, Flow | None]:
    """An `if` whose condition is not known. `rest` are the statements that follow in its block; `last`: what
    the end of the block is as good as, "return" or "continue", or "". Answers whether the rest is done too, and how it ended."""
    from trueup.sources.php.run.statements import (
        execute,  # statements hold conditions and conditions statements
    )

    if run.trials >= run.budget.trials:
        run.undecided(unknown.reason)
        return False, None
    ways = (node.then, node.otherwise)
    attempts = [attempt(run, frame, partial(execute, run, frame, way)) for way in ways]
    if agree(run, attempts):
        return False, put(run, frame, unknown, attempts)
    going_on = [a for a in attempts if a.answer is None and a.thrown is None]
    if len(going_on) == 1 and (rest or last):
        longer = [
            _onward(run, frame, way, rest, last) if a in going_on else a
            for way, a in zip(ways, attempts, strict=True)
        ]
        if _outcome(longer[0], last) == _outcome(longer[1], last) and same_effects(run, longer):
            return True, put(run, frame, unknown, longer)
        if _idle(run, going_on[0]):
            run.undecided(unknown.reason)
            return True, redo(run, frame, longer[attempts.index(going_on[0])])
    run.undecided(unknown.reason)
    forget_differences(run, frame, unknown, going_on or attempts)
    return False, None


def _idle(run: Runner, done: Attempt[Flow | None]) -> bool:
    """Whether a branch had no effect of its own."""
    return run.host.same(run.host.snapshot(), done.host)


def _onward(
    run: Runner, frame: Frame, way: tuple[Stmt, ...], rest: tuple[Stmt, ...], last: str
) -> Attempt[Flow | None]:
    """A branch that falls through, with what follows, which ends the function or the round where the whole did."""
    from trueup.sources.php.run.statements import execute  # see decide_if

    def work() -> Flow | None:
        flow = execute(run, frame, way)
        return flow if flow is not None else execute(run, frame, rest)

    body, round_ = frame.body, frame.round
    if last == "return":
        frame.body = rest
    elif last == "continue":
        frame.round = rest
    try:
        return attempt(run, frame, work)
    finally:
        frame.body, frame.round = body, round_


def agree(run: Runner, attempts: Sequence[Attempt[Flow | None]]) -> bool:
    """Whether all ended alike and had the same effect."""
    first = _outcome(attempts[0], "")
    return all(_outcome(a, "") == first for a in attempts[1:]) and same_effects(run, attempts)


def put(run: Runner, frame: Frame, unknown: Unknown, attempts: Sequence[Attempt[Flow | None]]) -> Flow | None:
    """Puts in place what attempts that agree did; answers how they ended."""
    put_merged(run, frame, unknown, attempts)
    thrown = attempts[0].thrown
    if thrown is not None:
        raise thrown
    flows = [a.answer for a in attempts]
    first = next((f for f in flows if f is not None), None)
    if first is None or first.kind != "return":
        return first
    values = [f.value if f is not None else None for f in flows]
    return Flow("return", merge_values(unknown, values))
