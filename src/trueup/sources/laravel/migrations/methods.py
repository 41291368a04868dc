"""The table of Blueprint methods: PHP name, versions, parameters; and the binding of a PHP call's arguments to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from trueup.sources.laravel.migrations.fluent import FrameworkError
from trueup.structs import Struct

Function = Callable[..., object]
_F = TypeVar("_F", bound=Function)


class Method(Struct, frozen=True):
    """`parameters` are PHP's names, in order, without the dollar; `required` is how many must be given."""

    name: str
    function: Function
    since: int
    until: int
    parameters: tuple[str, ...]
    required: int
    variadic: bool = False


_METHODS: dict[str, list[Method]] = {}


def blueprint_method(
    name: str,
    since: int = 8,
    until: int = 99,
    parameters: tuple[str, ...] | None = None,
    variadic: bool = False,
) -> Callable[[_F], _F]:
    """Registers a function (blueprint, *arguments) under PHP's method name for majors `since` to `until`."""

    def register(function: _F) -> _F:
        code = function.__code__
        own = tuple(_camel(n) for n in code.co_varnames[1 : code.co_argcount])
        names = own if parameters is None else parameters
        required = code.co_argcount - 1 - len(function.__defaults__ or ())
        method = Method(name, function, since, until, names, required, variadic)
        versions = _METHODS.setdefault(name.lower(), [])
        if any(m.since <= until and since <= m.until for m in versions):
            raise ValueError(f"Blueprint method {name} is registered twice for one version")
        versions.append(method)
        return function

    return register


def find_method(name: str, major: int) -> Method | None:
    """PHP's method names are the same in any case."""
    clamped = max(8, major)
    return next((m for m in _METHODS.get(name.lower(), ()) if m.since <= clamped <= m.until), None)


def in_any_version(name: str) -> bool:
    return name.lower() in _METHODS


def bind(method: Method, positional: Sequence[object], named: Mapping[str, object]) -> list[object]:
    """The arguments in the order of the function. PHP drops surplus positional arguments of its own functions in silence."""
    if method.variadic:
        return [*positional, *named.values()]
    values = list(positional[: len(method.parameters)])
    defaults = method.function.__defaults__ or ()
    for index in range(len(values), len(method.parameters)):
        parameter = method.parameters[index]
        if parameter in named:
            values.append(named[parameter])
        elif index < method.required:
            raise FrameworkError(
                "ArgumentCountError",
                f"Too few arguments to function Illuminate\\Database\\Schema\\Blueprint::{method.name}(), "
                f"{len(positional)} passed and at least {method.required} expected",
            )
        else:
            values.append(defaults[index - method.required])
    return values


def _camel(name: str) -> str:
    head, *rest = name.strip("_").split("_")
    return head + "".join(p.capitalize() for p in rest)
