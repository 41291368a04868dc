"""One PHP process: its classes, functions and constants, the call that is under way, and the services that hosts get."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from trueup.model.locations import Gap, Location
from trueup.sources.php.run import (
    branches,
    callables,
    calls,
    classes,
    compare,
    convert,
    objects,
    properties,
    traversal,
)
from trueup.sources.php.run.budget import SLICE, Budget
from trueup.sources.php.run.signals import LimitExceeded, Unset
from trueup.sources.php.throwables import PhpThrow, ThrowableState, native_ancestors
from trueup.sources.php.values import (
    Args,
    HostObject,
    PhpArray,
    PhpClass,
    PhpObject,
    Ref,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trueup.sources.php.host import Host
    from trueup.sources.php.parse import PhpFile
    from trueup.sources.php.run.frame import Frame
    from trueup.sources.php.tree import ClassDecl, FunctionDecl

Journal = list[tuple["PhpObject | Ref", str, "Value | Ref | Unset"]]


class Runner:
    """The evaluator's state, and the `Context` of host code."""

    def __init__(self, host: Host, budget: Budget) -> None:
        self.host = host
        self.budget = budget
        self.frame: Frame | None = None
        self.depth = 0
        self.used = 0
        self.left = 0
        self.deadline = 0.0
        self.elements = 0
        self.silence = 0
        self.trials = 0
        self.recorded: list[Gap] = []
        self.journal: Journal | None = None
        self.classes: dict[str, PhpClass | None] = {}
        self.declared: dict[str, tuple[ClassDecl, PhpFile]] = {}
        self.functions: dict[str, tuple[FunctionDecl, PhpFile]] = {}
        self.constants: dict[str, Value] = {}
        self.statics: dict[int, tuple[FunctionDecl, dict[str, Ref]]] = {}
        self.globals: dict[str, Value | Ref] = {}
        self.included: set[str] = set()

    # ── the place, the budget ──

    @property
    def at(self) -> Location:
        frame = self.frame
        return Location("", 0) if frame is None else Location(frame.file.file, frame.line)

    def start(self) -> None:
        """A new run: the whole budget is there again."""
        self.used = 0
        self.elements = 0
        self.left = SLICE
        self.deadline = time.monotonic() + self.budget.seconds

    def checkpoint(self) -> None:
        """Looks at the clock and the count of statements."""
        self.used += SLICE
        self.left = SLICE
        if self.used > self.budget.statements:
            self.exceeded(f"more than {self.budget.statements:,} statements")
        if time.monotonic() > self.deadline:
            self.exceeded(f"more than {self.budget.seconds:g} seconds")

    def spend(self, amount: int) -> None:
        """Work inside one expression that is worth so many statements."""
        self.left -= amount
        if self.left < 0:
            self.used += SLICE - self.left
            self.left = 0
            self.checkpoint()

    def allocate(self, elements: int) -> None:
        """Array elements that are made or copied."""
        self.elements += elements
        if elements > self.budget.array:
            self.exceeded(f"an array of more than {self.budget.array:,} elements")
        if self.elements > self.budget.elements:
            self.exceeded(f"more than {self.budget.elements:,} array elements made")

    def exceeded(self, what: str) -> None:
        """Ends the run."""
        raise LimitExceeded(Gap(self.at, f"evaluation stopped here: {what}", "limit", ""))

    # ── telling ──

    def unknown(self, reason: str) -> Unknown:
        return Unknown(reason, self.at)

    def gap(self, reason: str, kind: str, at: Location | None = None) -> None:
        gap = Gap(at or self.at, reason, kind)
        if gap not in self.recorded[-20:]:
            self.recorded.append(gap)

    def undecided(self, reason: str, at: Location | None = None) -> None:
        self.gap(f"can't be decided: {reason}", "undecided", at)

    def throw(self, cls: str, message: str, code: Value = 0, previous: Value = None) -> PhpThrow:
        parents = () if native_ancestors(cls) else (self.host.ancestors(cls) or ("Exception",))
        return PhpThrow(ThrowableState(cls, message, self.at, code, previous, parents), self.at)

    def warn(self, message: str, deprecated: bool = False) -> None:
        """A warning of PHP, which Laravel makes an exception of; what is deprecated only goes to a log."""
        if not deprecated and not self.silence:
            raise self.throw("ErrorException", message)

    # ── trying both ways ──

    def choose(self, unknown: Unknown, ways: Sequence[Callable[[], Value]]) -> Value:
        return branches.choose(self, self.frame, unknown, ways)

    def would_change(self, work: Callable[[], Value]) -> bool:
        before = self.host.snapshot()
        return not self.host.same(before, branches.attempt(self, self.frame, work).host)

    def note(self, place: PhpObject | Ref, name: str, old: Value | Ref | Unset) -> None:
        """Remembers what a write replaces, while a trial is under way."""
        if self.journal is not None:
            self.journal.append((place, name, old))

    def assign(self, ref: Ref, value: Value) -> None:
        if self.journal is not None:
            self.journal.append((ref, "", ref.value))
        ref.value = value

    # ── conversions ──

    def to_string(self, value: Value) -> str | Unknown:
        if isinstance(value, str):
            return value
        if value is None or isinstance(value, (bool, int, float)):
            return convert.scalar_text(value)
        return objects.to_string(self, value)

    def text_of(self, value: Value) -> str:
        """As `to_string`; "" for Unknown."""
        text = self.to_string(value)
        return "" if isinstance(text, Unknown) else text

    def to_bool(self, value: Value) -> bool | Unknown:
        if isinstance(value, PhpArray) and value.unknown is not None and not value.data:
            return value.unknown
        return value if isinstance(value, Unknown) else convert.to_bool(value)

    def to_int(self, value: Value) -> int | Unknown:
        return value if isinstance(value, Unknown) else convert.to_int(value)

    def loose_equal(self, a: Value, b: Value) -> bool | Unknown:
        result = compare.loose_equal(a, b, self._object_text)
        return self._undecidable(a, b) if result is None else result

    def strict_equal(self, a: Value, b: Value) -> bool | Unknown:
        result = compare.strict_equal(a, b)
        return self._undecidable(a, b) if result is None else result

    def compare(self, a: Value, b: Value) -> int | Unknown:
        result = compare.compare(a, b, self._object_text)
        return self._undecidable(a, b) if result is None else result

    def _object_text(self, value: Value) -> str | None:
        if not convert.is_object(value) or not objects.is_stringable(self, value):
            return None
        text = self.to_string(value)
        return text if isinstance(text, str) else None

    def _undecidable(self, a: Value, b: Value) -> Unknown:
        for side in (a, b):
            if isinstance(side, Unknown):
                return side
        return self.unknown("a comparison of parts that are not known")

    # ── running ──

    def args(self, args: Sequence[Value] | Args) -> Args:
        return args if isinstance(args, Args) else Args(args, at=self.at)

    def invoke(self, function: Value, args: Sequence[Value] | Args = ()) -> Value:
        return callables.invoke(self, function, self.args(args))

    def is_callable(self, value: Value) -> bool:
        return callables.is_callable(self, value)

    def call_method(self, target: Value, method: str, args: Sequence[Value] | Args = ()) -> Value:
        return objects.call_method(self, target, method, self.args(args))

    def call_static(self, cls: str, method: str, args: Sequence[Value] | Args = ()) -> Value:
        return objects.call_static(self, self.class_or_name(cls), method, self.args(args))

    def call_function(self, name: str, args: Sequence[Value] | Args = ()) -> Value:
        return calls.call_function(self, name, self.args(args))

    def instantiate(self, cls: str, args: Sequence[Value] | Args = ()) -> Value:
        return objects.instantiate(self, self.class_or_name(cls), self.args(args))

    def include(self, file: PhpFile) -> Value:
        return calls.run_file(self, file)

    # ── classes and their parts ──

    def find_class(self, name: str) -> PhpClass | None:
        return classes.find_class(self, name)

    def class_or_name(self, name: str) -> PhpClass | str:
        """The project's class, or the name that the host knows the class by."""
        return classes.class_or_name(self, name.removeprefix("\\"))

    def has_method(self, target: Value, method: str) -> bool:
        if isinstance(target, str):
            cls = self.find_class(target.removeprefix("\\"))
            return cls is not None and cls.method(method) is not None
        owner = objects.user_class(target)
        return owner is not None and owner.method(method) is not None

    def get_property(self, target: Value, name: str) -> Value:
        return properties.get_property(self, target, name)

    def set_property(self, target: Value, name: str, value: Value) -> None:
        properties.set_property(self, target, name, value)

    def class_constant(self, cls: str, name: str) -> Value:
        return classes.constant(self, self.class_or_name(cls), name)

    def static_property(self, cls: str, name: str) -> Value:
        return classes.static_value(self, self.class_or_name(cls), name)

    def instance_of(self, value: Value, cls: str) -> bool | None:
        return classes.instance_of(self, value, cls)

    def iterate(self, value: Value) -> Iterable[tuple[Value, Value]] | None:
        return traversal.pairs(self, value)

    def declare(self, file: PhpFile) -> None:
        """Makes a file's classes and functions known, as loading it would."""
        classes.declare(self, file)

    def base_of(self, value: Value) -> HostObject | None:
        """The host's part of an object."""
        return (
            value.base if isinstance(value, PhpObject) else value if isinstance(value, HostObject) else None
        )
