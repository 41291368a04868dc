"""`Illuminate\\Support\\Collection`, as far as migrations use it. Lazy collections are eager here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from trueup.sources.laravel.runtime.data import data_get
from trueup.sources.php.host import Context
from trueup.sources.php.values import (
    MISSING,
    Args,
    HostObject,
    Missing,
    PhpArray,
    Unknown,
    Value,
    normal_key,
)

Pairs = list[tuple[int | str, Value]]
CollectionMethod = Callable[["CollectionObject", Args, Context], "Value | Missing"]
_M = TypeVar("_M", bound=CollectionMethod)
METHODS: dict[str, CollectionMethod] = {}


def method(*names: str) -> Callable[[_M], _M]:
    def register(function: _M) -> _M:
        for name in names:
            METHODS[name.lower()] = function
        return function

    return register


class CollectionObject(HostObject):
    """`items.unknown` is set when there may be more elements than could be told."""

    __slots__ = ("items", "name")

    def __init__(self, items: PhpArray, name: str = "Illuminate\\Support\\Collection") -> None:
        self.items = items
        self.name = name

    @property
    def php_class(self) -> str:
        return self.name

    def ancestors(self) -> tuple[str, ...]:
        return (
            "Illuminate\\Support\\Collection",
            "Illuminate\\Support\\Enumerable",
            "Illuminate\\Contracts\\Support\\Arrayable",
            "ArrayAccess",
            "Countable",
            "IteratorAggregate",
            "Traversable",
        )

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        import trueup.sources.laravel.runtime.collection_places
        import trueup.sources.laravel.runtime.collection_reads  # noqa: F401  # registers them, and what it imports

        function = METHODS.get(method.lower())
        return MISSING if function is None else function(self, args, ctx)

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        """Higher-order messages: `$collection->each->delete()`."""
        return HigherOrder(self, prop)

    def offset_get(self, key: Value, ctx: Context) -> Value | Missing:
        if isinstance(key, int | str):
            found = normal_key(key)
            if found in self.items:
                return self.items.get(found)
        return self.items.unknown if self.items.unknown is not None else MISSING

    def offset_set(self, key: Value | None, value: Value, ctx: Context) -> bool:
        self.items = self.items.writable()
        if key is None:
            self.items.append(value)
        elif isinstance(key, int | str):
            self.items.set(normal_key(key), value)
        else:
            return False
        return True

    def offset_unset(self, key: Value, ctx: Context) -> bool:
        self.items = self.items.writable()
        if isinstance(key, int | str):
            self.items.remove(normal_key(key))
        return True

    def iterate(self, ctx: Context) -> Iterable[tuple[Value, Value]] | None:
        return None if self.items.unknown is not None else list(self.items.items())

    def count(self, ctx: Context) -> int | None:
        return None if self.items.unknown is not None else len(self.items)

    def clone(self, ctx: Context) -> HostObject:
        return CollectionObject(self.items.share())

    def json(self, ctx: Context) -> Value:
        return self.items

    def to_string(self, ctx: Context) -> str | Unknown | None:
        return ctx.to_string(ctx.call_function("json_encode", [self.items]))


class HigherOrder(HostObject):
    """`$collection->map->name`: the method's closure is a call or a read on each element."""

    __slots__ = ("collection", "method")

    def __init__(self, collection: CollectionObject, method: str) -> None:
        self.collection = collection
        self.method = method

    def _over(self, read: Callable[[Value], Value], ctx: Context) -> Value | Missing:
        from trueup.sources.php.values import NativeClosure

        closure = NativeClosure(self.method, lambda args, _: read(args.get(0)))
        return self.collection.call(self.method, Args([closure], at=ctx.at), ctx)

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        return self._over(lambda item: ctx.call_method(item, method, args), ctx)

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        return self._over(lambda item: data_get(item, prop, ctx), ctx)


def collect(value: Value, ctx: Context) -> Value:
    """`collect($value)`."""
    return CollectionObject(items_of(value, ctx))


def items_of(value: Value, ctx: Context) -> PhpArray:
    """What a collection takes over from a value. An unknown value gives an array that may have anything in it."""
    if isinstance(value, CollectionObject):
        return value.items.share()
    if isinstance(value, PhpArray):
        return value.share()
    if value is None:
        return PhpArray()
    if isinstance(value, Unknown):
        array = PhpArray()
        array.unknown = value
        return array
    if isinstance(value, HostObject):
        pairs = value.iterate(ctx)
        if pairs is not None:
            return PhpArray.of([(_key(k), v) for k, v in pairs])
    return PhpArray([value])


def _key(value: Value) -> int | str:
    return value if isinstance(value, int | str) else ""


def from_pairs(pairs: Iterable[tuple[int | str, Value]], unknown: Unknown | None = None) -> CollectionObject:
    array = PhpArray.of(pairs)
    array.unknown = unknown
    return CollectionObject(array)


def from_values(values: Iterable[Value], unknown: Unknown | None = None) -> CollectionObject:
    array = PhpArray(values)
    array.unknown = unknown
    return CollectionObject(array)
