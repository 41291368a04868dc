"""PHP's exceptions: the classes that the language itself has, their objects, and the Python exception that carries one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.model.locations import NOWHERE, Location
from trueup.sources.php.values import MISSING, Args, HostObject, Missing, PhpArray, PhpObject, Value

if TYPE_CHECKING:
    from trueup.sources.php.host import Context

PARENTS = {
    "Exception": "",
    "Error": "",
    "ErrorException": "Exception",
    "TypeError": "Error",
    "ArgumentCountError": "TypeError",
    "ValueError": "Error",
    "ArithmeticError": "Error",
    "DivisionByZeroError": "ArithmeticError",
    "AssertionError": "Error",
    "UnhandledMatchError": "Error",
    "JsonException": "Exception",
    "LogicException": "Exception",
    "BadFunctionCallException": "LogicException",
    "BadMethodCallException": "BadFunctionCallException",
    "DomainException": "LogicException",
    "InvalidArgumentException": "LogicException",
    "LengthException": "LogicException",
    "OutOfRangeException": "LogicException",
    "RuntimeException": "Exception",
    "OutOfBoundsException": "RuntimeException",
    "OverflowException": "RuntimeException",
    "RangeException": "RuntimeException",
    "UnderflowException": "RuntimeException",
    "UnexpectedValueException": "RuntimeException",
    "PDOException": "RuntimeException",
    "ReflectionException": "Exception",
}
"""PHP's own throwables and the class that each extends."""

_SPELLING = {name.lower(): name for name in PARENTS}


def is_native_throwable(cls: str) -> bool:
    return cls.lower() in _SPELLING


def native_ancestors(cls: str) -> tuple[str, ...]:
    """Parents, nearest first, then the interfaces, of one of PHP's own throwables; () for another class."""
    name = _SPELLING.get(cls.lower(), "")
    if not name:
        return ()
    found = []
    while name := PARENTS[name]:
        found.append(name)
    return (*found, "Throwable", "Stringable")


class ThrowableState(HostObject):
    """A PHP exception or error. Hosts may subclass it (a QueryException with its SQL). `parents` are all its ancestors where PHP
    does not have the class itself; `extra` are further properties."""

    __slots__ = ("at", "cls", "code", "extra", "message", "parents", "previous")

    def __init__(
        self,
        cls: str,
        message: str = "",
        at: Location = NOWHERE,
        code: Value = 0,
        previous: Value = None,
        parents: tuple[str, ...] = (),
    ) -> None:
        self.cls = _SPELLING.get(cls.lower(), cls)
        self.message: Value = message
        self.code = code
        self.previous = previous
        self.at = at
        self.parents = parents
        self.extra: dict[str, Value] = {}

    @property
    def php_class(self) -> str:
        return self.cls

    def ancestors(self) -> tuple[str, ...]:
        return native_ancestors(self.cls) or (*self.parents, "Throwable", "Stringable")

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        name = method.lower()
        if name == "__construct":
            return self._construct(args)
        prop = _GETTERS.get(name)
        if prop is not None:
            return self.get(prop, ctx)
        if name in ("gettraceasstring", "__tostring"):
            return ctx.unknown("the text of an exception's trace")
        return PhpArray() if name == "gettrace" else MISSING

    def _construct(self, args: Args) -> Value:
        self.message = args.get(0, "message", self.message)
        self.code = args.get(1, "code", self.code)
        self.previous = args.get(2, "previous", self.previous)
        return None

    def get(self, prop: str, ctx: Context) -> Value | Missing:  # a hook of HostObject
        if prop == "message":
            return self.message
        if prop == "code":
            return self.code
        if prop == "previous":
            return self.previous
        if prop == "file":
            return self.at.file
        return self.at.line if prop == "line" else self.extra.get(prop, MISSING)

    def set(self, prop: str, value: Value, ctx: Context) -> bool:  # a hook of HostObject
        if prop in ("message", "code", "previous"):
            setattr(self, prop, value)
        else:
            self.extra[prop] = value
        return True


_GETTERS = {
    "getmessage": "message",
    "getcode": "code",
    "getprevious": "previous",
    "getfile": "file",
    "getline": "line",
}


class PhpThrow(Exception):
    """A PHP exception on its way up. `value` is the exception object: a `ThrowableState`, or an object of a project's class
    whose `base` is one. `at` is where it was thrown."""

    def __init__(self, value: ThrowableState | PhpObject, at: Location) -> None:
        super().__init__()
        self.value = value
        self.at = at

    @property
    def state(self) -> ThrowableState:
        """Message, code, previous: the host's part of the exception object."""
        state = self.value.base if isinstance(self.value, PhpObject) else self.value
        return state if isinstance(state, ThrowableState) else ThrowableState("Exception", at=self.at)

    @property
    def php_class(self) -> str:
        return self.value.cls.name if isinstance(self.value, PhpObject) else self.value.php_class

    @property
    def message(self) -> str:
        """ "(unknown)" where it can't be told."""
        message = self.state.message
        return message if isinstance(message, str) else "(unknown)"

    def __str__(self) -> str:
        return f"{self.php_class}: {self.message} at {self.at}"
