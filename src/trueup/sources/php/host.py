"""The border between PHP's language and a framework.

`Host` is what a framework's room implements: functions, classes, files. `Context` is what it gets in hand to work with: the
evaluator's services. Neither knows the other's inside. Exceptions of PHP are `PhpThrow`, in throwables.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from trueup.model.locations import Location
from trueup.sources.php.throwables import PhpThrow
from trueup.sources.php.values import (
    Args,
    HostObject,
    Missing,
    PhpClass,
    PhpObject,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trueup.sources.php.parse import PhpFile

HostFunction: TypeAlias = Callable[[Args, "Context"], Value]


class Context(Protocol):
    """The evaluator's services for host code. Everything that runs PHP may raise `PhpThrow`."""

    @property
    def at(self) -> Location:
        """The statement or call that is being carried out."""
        ...

    # running
    def invoke(self, function: Value, args: Sequence[Value] | Args = ()) -> Value:
        """Calls a closure, callable string, callable array or invokable object."""
        ...

    def call_method(self, target: Value, method: str, args: Sequence[Value] | Args = ()) -> Value: ...
    def call_static(self, cls: str, method: str, args: Sequence[Value] | Args = ()) -> Value: ...
    def call_function(self, name: str, args: Sequence[Value] | Args = ()) -> Value:
        """A function of the project, the host or PHP."""
        ...

    def instantiate(self, cls: str, args: Sequence[Value] | Args = ()) -> Value: ...
    def include(self, file: PhpFile) -> Value:
        """Runs a file's statements; the value of its `return`, or 1."""
        ...

    def has_method(self, target: Value, method: str) -> bool:
        """Whether the project's code (not the host) has such a method on an object or a class name."""
        ...

    # looking at values
    def get_property(self, target: Value, name: str) -> Value: ...
    def set_property(self, target: Value, name: str, value: Value) -> None: ...
    def class_constant(self, cls: str, name: str) -> Value: ...
    def static_property(self, cls: str, name: str) -> Value: ...
    def find_class(self, name: str) -> PhpClass | None:
        """A class of the project, linked, or None. Never raises."""
        ...

    def instance_of(self, value: Value, cls: str) -> bool | None:
        """None where it can't be told."""
        ...

    def to_string(self, value: Value) -> str | Unknown: ...
    def to_bool(self, value: Value) -> bool | Unknown: ...
    def to_int(self, value: Value) -> int | Unknown: ...
    def loose_equal(self, a: Value, b: Value) -> bool | Unknown: ...
    def strict_equal(self, a: Value, b: Value) -> bool | Unknown: ...
    def compare(self, a: Value, b: Value) -> int | Unknown:
        """`a <=> b`."""
        ...

    def iterate(self, value: Value) -> Iterable[tuple[Value, Value]] | None:
        """Key and value pairs of an array or a traversable object; None where it can't be told or is not iterable."""
        ...

    def is_callable(self, value: Value) -> bool: ...

    # telling
    def unknown(self, reason: str) -> Unknown:
        """An Unknown that arose here."""
        ...

    def gap(self, reason: str, kind: str, at: Location | None = None) -> None:
        """Records a gap, at the current place unless given."""
        ...

    def undecided(self, reason: str, at: Location | None = None) -> None:
        """Records that a condition could not be decided and that it mattered (a gap of kind "undecided")."""
        ...

    def throw(self, cls: str, message: str, code: Value = 0, previous: Value = None) -> PhpThrow:
        """Makes an exception to be raised: `raise ctx.throw("InvalidArgumentException", "...")`."""
        ...

    def choose(self, unknown: Unknown, ways: Sequence[Callable[[], Value]]) -> Value:
        """What comes of one of several ways when it is not known which is taken: each is tried and taken back. Where they have the
        same effect, that is put in place (and what else differs becomes `unknown`); else there is a gap and none is taken.
        "Maybe, maybe not" is `(lambda: run_it(), lambda: None)`."""
        ...

    def would_change(self, work: Callable[[], Value]) -> bool:
        """Whether doing it would have an effect (`Host.same`). It is taken back."""
        ...


class Host(Protocol):
    """A framework. Class names come fully qualified without a leading backslash, as written in the code (PHP compares them
    without case). `MISSING` means "I have no such thing": the evaluator then makes an Unknown with a reason. All methods may
    raise `PhpThrow`. A class that `class_file` finds is the project's and is never asked of the host otherwise."""

    def class_file(self, name: str) -> PhpFile | None:
        """The project's file that declares the class (PSR-4, classmap), parsed; None: not the project's. The evaluator caches
        the answer."""
        ...

    def alias(self, name: str) -> str:
        """The class that a global alias stands for (`Schema` → `Illuminate\\Support\\Facades\\Schema`), else the name itself."""
        ...

    def ancestors(self, cls: str) -> tuple[str, ...] | None:
        """Parents and interfaces of one of the framework's classes, fully qualified, nearest first; None: not known."""
        ...

    def function(self, name: str) -> HostFunction | None:
        """A function of the framework (`config`, `now`, ...), by lower-case name without namespace unless it has one. Asked
        before PHP's own functions, so a host may replace those."""
        ...

    def constant(self, name: str) -> Value | Missing: ...

    def call_static(
        self, cls: str, method: str, args: Args, ctx: Context, called: PhpClass | None
    ) -> Value | Missing:
        """`Cls::method()` on a framework's class. `called` is the project's class when the call came through one that extends
        it (`User::query()`)."""
        ...

    def construct(self, cls: str, args: Args, ctx: Context) -> Value | Missing:
        """`new Cls(...)` of a framework's class."""
        ...

    def base(self, cls: str, owner: PhpObject, ctx: Context) -> HostObject | None:
        """The framework's part of a new object of a project's class that extends `cls`. Construction follows as
        `call("__construct", ...)` on it when the project's class has no constructor or calls the parent's."""
        ...

    def class_constant(
        self, cls: str, name: str, ctx: Context, called: PhpClass | None
    ) -> Value | Missing: ...

    def static_property(
        self, cls: str, name: str, ctx: Context, called: PhpClass | None
    ) -> Value | Missing: ...

    def set_static_property(self, cls: str, name: str, value: Value, ctx: Context) -> bool: ...

    def include(self, path: str, ctx: Context) -> Value | Missing:
        """`require $path` (absolute or relative as written)."""
        ...

    def path(self, file: str) -> str:
        """The absolute path of a project's file, for `__FILE__` and `__DIR__`."""
        ...

    def snapshot(self) -> object:
        """The whole state that PHP code can change through this host: the schema, settings, and the state of its objects."""
        ...

    def restore(self, snapshot: object) -> None: ...

    def same(self, a: object, b: object) -> bool:
        """Whether two snapshots have the same effects on what Trueup reports. False when in doubt."""
        ...
