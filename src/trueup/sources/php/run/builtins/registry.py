"""How PHP's own functions are declared: a name, the parameters as a short text, and the Python that computes the result.

A parameter is `type:name`, with `=default` where it is optional, `*` before it where it takes all the rest, `&` where it is by
reference. The types are s string, i int, f float, n number, b bool, a array, v any known value, m anything at all; `?` before a
type lets null be. An argument that is Unknown (or an array with parts that are) makes the result Unknown, except for `m`, and `p`,
an array that may have unknown parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, cast

from trueup.sources.php.run import convert
from trueup.sources.php.run.signals import UNSET
from trueup.sources.php.values import Args, PhpArray, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.host import Context
    from trueup.sources.php.run.frame import Frame
    from trueup.sources.php.run.runner import Runner
    from trueup.sources.php.tree import Call

Native = Callable[[Args, "Context"], Value]
Framed = Callable[["Runner", "Frame", "Call"], Value]

FUNCTIONS: dict[str, Native] = {}
"""Lower-case name → function."""
FRAMED: dict[str, Framed] = {}
"""Those that look at the caller's variables or arguments."""
REFERENCES: dict[str, frozenset[int]] = {}
"""Indexes of by-reference parameters; -1: and all after the greatest."""


class Body(Protocol):
    """Computes a result from the values of the parameters, in order."""

    def __call__(self, run: Runner, /, *values: object) -> Value: ...


class Parameter:
    """One parameter of a declared function."""

    __slots__ = ("default", "kind", "name", "nullable", "rest")

    def __init__(self, text: str) -> None:
        self.rest = text.startswith("*")
        head, _, tail = text.lstrip("*&").partition(":")
        self.nullable = head.startswith("?")
        self.kind = head.lstrip("?")
        self.name, equals, default = tail.partition("=")
        self.default: object = _DEFAULTS.get(default, default) if equals else UNSET


_DEFAULTS: dict[str, object] = {"null": None, "true": True, "false": False, "''": "", "[]": None}
_DEFAULTS.update({str(n): n for n in range(-2, 600)})


class Stop(Exception):
    """An Unknown argument ends the call."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__()
        self.unknown = unknown


class Builtin:
    """A declared function; its parameters are read when it is first called."""

    __slots__ = ("body", "name", "params", "text")

    def __init__(self, name: str, text: str, body: Body) -> None:
        self.name = name
        self.text = text
        self.body = body
        self.params: tuple[Parameter, ...] | None = None

    def __call__(self, args: Args, ctx: Context) -> Value:
        run = cast("Runner", ctx)
        if self.params is None:
            self.params = tuple([Parameter(word) for word in self.text.split(" ") if word])
        try:
            values = self._values(run, args, self.params)
        except Stop as stop:
            return stop.unknown
        result = self.body(run, *values)
        if type(result) is PhpArray:
            run.allocate(len(result.data))
        elif type(result) is str and len(result) > run.budget.string:
            run.exceeded(f"a string of more than {run.budget.string:,} characters")
        return result

    def _values(self, run: Runner, args: Args, params: Sequence[Parameter]) -> list[object]:
        values: list[object] = []
        for index, param in enumerate(params):
            if param.rest:
                values += [
                    self._value(run, index + i, param, v) for i, v in enumerate(args.positional[index:])
                ]
                if args.open is not None:
                    raise Stop(args.open)
                break
            if index < len(args.positional):
                given: Value = args.positional[index]
            elif param.name in args.named:
                given = args.named[param.name]
            elif param.default is not UNSET:
                values.append(_whole_default(param))
                continue
            elif args.open is not None:
                raise Stop(args.open)
            else:
                raise self._too_few(run, args, params)
            values.append(self._value(run, index, param, given))
        return values

    def _too_few(self, run: Runner, args: Args, params: Sequence[Parameter]) -> Exception:
        required = sum(1 for p in params if p.default is UNSET and not p.rest)
        exactly = "exactly" if required == len(params) else "at least"
        plural = "" if required == 1 else "s"
        message = f"{self.name}() expects {exactly} {required} argument{plural}, {len(args)} given"
        return run.throw("ArgumentCountError", message)

    def _value(self, run: Runner, index: int, param: Parameter, value: Value) -> object:
        kind = param.kind
        if kind == "m" or isinstance(value, Ref):
            return value
        if isinstance(value, Unknown):
            raise Stop(value)
        if isinstance(value, PhpArray):
            if value.unknown is not None and kind != "p":
                raise Stop(value.unknown)
            if kind in ("a", "p", "v"):
                return value
            raise self._type_error(run, index, param, value)
        if kind == "v" or (value is None and param.nullable):
            return value
        if kind in ("a", "p"):
            raise self._type_error(run, index, param, value)
        return self._scalar(run, index, param, value)

    def _scalar(self, run: Runner, index: int, param: Parameter, value: Value) -> object:
        kind = param.kind
        if kind == "s":
            text = run.to_string(value)
            if isinstance(text, Unknown):
                raise Stop(text)
            return text
        if kind == "b":
            return convert.to_bool(value)
        number = convert.to_number(value)
        if number is None:
            raise self._type_error(run, index, param, value)
        if kind == "i":
            return convert.float_to_int(number) if isinstance(number, float) else number
        return float(number) if kind == "f" else number

    def _type_error(self, run: Runner, index: int, param: Parameter, value: Value) -> Exception:
        wanted = ("?" if param.nullable else "") + _TYPES.get(param.kind, "string")
        named = "" if param.rest else f" (${param.name})"
        shown = f"must be of type {wanted}, {convert.type_name(value)} given"
        return run.throw("TypeError", f"{self.name}(): Argument #{index + 1}{named} {shown}")


_TYPES = {"s": "string", "i": "int", "f": "float", "n": "int|float", "b": "bool", "a": "array", "p": "array"}


def _whole_default(param: Parameter) -> object:
    return (
        PhpArray()
        if param.kind in ("a", "p") and param.default is None and not param.nullable
        else param.default
    )


def builtin(name: str, params: str = "") -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declares one of PHP's functions (or several of the same meaning, names separated by blanks)."""

    def register(body: Callable[..., Value]) -> Callable[..., Value]:
        refs = frozenset(i for i, word in enumerate(params.split(" ")) if word.lstrip("*").startswith("&"))
        for alias in name.split(" "):
            if alias in FUNCTIONS:
                raise ValueError(f"{alias}() is declared twice")
            FUNCTIONS[alias] = Builtin(alias, params, cast(Body, body))
            if refs:
                REFERENCES[alias] = refs
        return body

    return register


def framed(name: str) -> Callable[[Framed], Framed]:
    def register(body: Framed) -> Framed:
        FRAMED[name] = body
        return body

    return register


def opaque(names: str, what: str) -> None:
    """Functions whose result is not known here, and which change nothing that matters."""
    for name in names.split():
        FUNCTIONS[name] = _opaque(f"{what} {name}()")


def _opaque(shown: str) -> Native:
    return lambda _args, ctx: Unknown(shown, ctx.at)
