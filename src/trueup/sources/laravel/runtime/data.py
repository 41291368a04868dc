"""Small services on PHP values: data_get, plain Python values, stdClass rows."""

from __future__ import annotations

from collections.abc import Iterable

from trueup.sources.laravel.migrations.fluent import Expression
from trueup.sources.php.host import Context
from trueup.sources.php.values import (
    MISSING,
    Args,
    EnumCase,
    HostObject,
    Missing,
    PhpArray,
    PhpObject,
    Unknown,
    Value,
    normal_key,
)


class ExpressionObject(HostObject):
    """`DB::raw(...)`."""

    __slots__ = ("sql",)

    def __init__(self, sql: str | Unknown) -> None:
        self.sql = sql

    @property
    def php_class(self) -> str:
        return "Illuminate\\Database\\Query\\Expression"

    def ancestors(self) -> tuple[str, ...]:
        return ("Illuminate\\Contracts\\Database\\Query\\Expression",)

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        return self.sql if method.lower() in ("getvalue", "__tostring") else MISSING

    def to_string(self, ctx: Context) -> str | Unknown | None:
        return self.sql


class StdClass(HostObject):
    """A plain object: a row of a result, or `(object) [...]`."""

    __slots__ = ("props",)

    def __init__(self, props: dict[str, Value]) -> None:
        self.props = props

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        if prop in self.props:
            return self.props[prop]
        return MISSING

    def set(self, prop: str, value: Value, ctx: Context) -> bool:
        self.props[prop] = value
        return True

    def has(self, prop: str, ctx: Context) -> bool | None:
        return self.props.get(prop) is not None

    def unset(self, prop: str, ctx: Context) -> bool:
        self.props.pop(prop, None)
        return True

    def iterate(self, ctx: Context) -> Iterable[tuple[Value, Value]] | None:
        return list(self.props.items())

    def clone(self, ctx: Context) -> HostObject:
        return StdClass(dict(self.props))

    def json(self, ctx: Context) -> Value:
        return PhpArray.of(dict(self.props))


class Inert(HostObject):
    """An object whose doings never reach the schema (a logger, a cache, a console output): every call gives itself."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def php_class(self) -> str:
        return self.name

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        return self

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        return self

    def set(self, prop: str, value: Value, ctx: Context) -> bool:
        return True

    def to_string(self, ctx: Context) -> str | Unknown | None:
        return ctx.unknown(f"the text of a {self.name}")


def data_get(target: Value, key: Value, ctx: Context, default: Value = None) -> Value:
    """`data_get($target, 'a.b')`."""
    if isinstance(key, Unknown):
        return key
    if key is None:
        return target
    current = target
    for part in str(key).split(".") if not isinstance(key, PhpArray) else [str(v) for v in key.values()]:
        found = _step(current, part, ctx)
        if isinstance(found, Missing):
            return default
        if isinstance(found, Unknown):
            return found
        current = found
    return current


def _step(target: Value, part: str, ctx: Context) -> Value | Missing:
    if isinstance(target, PhpArray):
        key = normal_key(part)
        if key in target:
            return target.get(key)
        return target.unknown if target.unknown is not None else MISSING
    if isinstance(target, Unknown):
        return target
    if isinstance(target, HostObject):
        found = target.get(part, ctx)
        return target.offset_get(part, ctx) if isinstance(found, Missing) else found
    if isinstance(target, EnumCase):
        return {"name": target.name, "value": target.value}.get(part, MISSING)
    if isinstance(target, PhpObject):
        return ctx.get_property(target, part)
    return MISSING


def plain(value: Value) -> object:
    """As the Blueprint wants it: lists and maps for arrays, an enum case's value, an `Expression`; Unknown stays, and what
    an object gives that is not known is one."""
    if isinstance(value, PhpArray):
        if value.unknown is not None:
            return value.unknown
        unknown = next((v for v in value.values() if isinstance(v, Unknown)), None)
        if unknown is not None:
            return unknown
        if value.is_list() or all(isinstance(k, int) for k in value.keys()):  # noqa: SIM118  # not a mapping
            return [plain(v) for v in value.values()]
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, EnumCase):
        return value.name if value.value is None else value.value
    if isinstance(value, ExpressionObject):
        return value.sql if isinstance(value.sql, Unknown) else Expression(value.sql)
    return Unknown(f"what a {value.name} gives") if isinstance(value, Inert) else value


def listed(value: Value) -> list[Value]:
    """`(array) $value`."""
    if value is None:
        return []
    return value.values() if isinstance(value, PhpArray) else [value]


def text_of(value: Value, ctx: Context) -> str | Unknown:
    if isinstance(value, EnumCase):
        return str(value.value if value.value is not None else value.name)
    return ctx.to_string(value)
