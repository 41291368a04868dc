"""What an expression can be, as far as queries are concerned: constants, arrays, objects, collections, closures, builders.

These are the abstract values of the query reader. They are not the evaluator's values: nothing is carried out here, every branch is
walked, and what can't be told is `UNKNOWN`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trueup.model.queries import UNKNOWN_VALUE, Literalish
from trueup.sources.php import tree as php
from trueup.structs import Struct, field, replace

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.builder import Builder, Loaded


class Value(Struct, frozen=True):
    """Base of all abstract values."""


MAX_TEXT = 20_000
MAX_ITEMS = 4_000


class Unknown(Value, frozen=True):
    """Anything. `kind` is a hint at its type for literal comparison ("date", "int", ...); `prefix` how a string begins."""

    kind: str = "unknown"
    prefix: str = ""
    parts: str = field(default="", compare=False)
    """A string with `HOLE` for each part that can't be told."""


HOLE = "\0"
UNKNOWN = Unknown()


class Const(Value, frozen=True):
    value: str | int | float | bool | None


class Item(Struct, frozen=True):
    """An entry of an array: `key` None for a positional one or one that can't be told (then `known` is False)."""

    value: Value
    key: str | int | None = None
    known: bool = True
    line: int = 0
    certain: bool = True
    file: str = field(default="", compare=False)
    """"" where it is that of the code around."""


class Arr(Value, frozen=True):
    """An array whose entries were seen; `complete` False where there may be more."""

    items: tuple[Item, ...] = ()
    complete: bool = True

    def keyed(self) -> Iterator[tuple[str, Item]]:
        for item in self.items:
            if isinstance(item.key, str):
                yield item.key, item

    def get(self, key: str | int) -> Value | None:
        found = None
        for item in self.items:
            if item.key == key:
                found = item.value
        return found

    def values(self) -> tuple[Value, ...]:
        return tuple(item.value for item in self.items)

    def with_item(self, item: Item) -> Arr:
        kept = tuple(i for i in self.items if item.key is None or i.key != item.key)
        return Arr((*kept, item), self.complete)


class Obj(Value, frozen=True):
    """An instance of a class (fully qualified name). `fresh` numbers a model made by `new`, whose attributes are followed."""

    cls: str
    fresh: int = 0
    loaded: Loaded | None = field(default=None, compare=False)
    """The query that it comes from."""
    turning: bool = field(default=False, compare=False)
    """Each turn of a loop has another one."""


class ClassString(Value, frozen=True):
    cls: str


class Many(Value, frozen=True):
    """A Collection, paginator, generator or list of `of`. `complete`: rows of a payload that are all of this one shape."""

    of: Value = UNKNOWN
    collection: bool = True
    loaded: Loaded | None = field(default=None, compare=False)
    """The query whose rows they are."""


class Fragment(Value, frozen=True):
    """`DB::raw(text)`; `text` None where it can't be read."""

    text: str | None


class FactoryOf(Value, frozen=True):
    """`Model::factory()`, with the columns that its states add."""

    model: str


class RuleOf(Value, frozen=True):
    """`Rule::exists(...)`: further calls add columns to its site. `name`: "exists" or "unique"."""

    builder: Builder
    name: str = "exists"


class OneOf(Value, frozen=True):
    options: tuple[Value, ...]


class Frame(Struct, eq=False):
    """Variables of a running function. `this` is the class that `$this` and `static` stand for."""

    file: str
    variables: dict[str, Value] = field(default_factory=dict)
    this: str = ""
    method: str = ""
    depth: int = 0
    """How many conditional branches enclose the statement being walked."""
    loops: int = 0
    row_loops: int = 0
    """How many of them go through the rows of a query."""
    calls: int = 0
    """How many inlined calls enclose this frame."""
    returns: list[Value] = field(default_factory=list)
    self_value: Value | None = None
    """What `$this` is where it is no plain object: the query, in a method of a custom builder."""
    decided: int = 0
    """How many branches enclosed the call of the function, or the place where a variable was last found to be null."""


class Func(Value, frozen=True, eq=False):
    """A closure with the frame it was written in, or a method as a callable."""

    node: php.FunctionDecl
    frame: Frame
    arrow: bool = False
    uses: tuple[str, ...] = ()


class Query(Value, frozen=True, eq=False):
    """A query builder or relation. Builders change in place: two variables may hold one."""

    builder: Builder


def options(value: Value) -> tuple[Value, ...]:
    return value.options if isinstance(value, OneOf) else (value,)


def bounded(value: Value) -> Value:
    """The value, or that it is an array or a string, where it has grown beyond what anybody writes: `$a = [$a, $a]` doubles it."""
    if isinstance(value, Const):
        long = isinstance(value.value, str) and len(value.value) > MAX_TEXT
        return Unknown("string") if long else value
    if isinstance(value, Unknown):
        return Unknown(value.kind) if len(value.prefix) + len(value.parts) > MAX_TEXT else value
    return Unknown("array") if isinstance(value, Arr) and _is_huge(value) else value


def _is_huge(array: Arr) -> bool:
    """Whether it holds more than MAX_ITEMS values, those of the arrays inside it included."""
    count, waiting = 0, [array]
    while waiting and count <= MAX_ITEMS:
        items = waiting.pop().items
        count += len(items) + 1
        waiting.extend(item.value for item in items if isinstance(item.value, Arr))
    return count > MAX_ITEMS


def join(left: Value, right: Value) -> Value:
    """What a variable holds after two branches."""
    if left is right or left == right:
        return left
    if isinstance(left, Arr) and isinstance(right, Arr):
        return _join_arrays(left, right)
    merged: list[Value] = []
    for option in (*options(left), *options(right)):
        if option not in merged:
            merged.append(option)
    if len(merged) > 8:
        return UNKNOWN
    return merged[0] if len(merged) == 1 else OneOf(tuple(merged))


def _join_arrays(left: Arr, right: Arr) -> Arr:
    """Entries of both; those that only one branch has are not certain."""
    items: list[Item] = []
    for item in left.items:
        other = right.get(item.key) if item.key is not None else None
        if other is not None:
            items.append(Item(join(item.value, other), item.key, item.known, item.line, item.certain))
        else:
            items.append(
                Item(item.value, item.key, item.known, item.line, item in right.items and item.certain)
            )
    have = {i.key for i in left.items if i.key is not None}
    items.extend(
        Item(item.value, item.key, item.known, item.line, False)
        for item in right.items
        if (item.key is None and item not in left.items) or (item.key is not None and item.key not in have)
    )
    return Arr(tuple(items), left.complete and right.complete)


def parts_of(value: Value) -> str:
    """A value as a part of a string, with `HOLE` for what can't be told."""
    if isinstance(value, Const) and value.value is not None:
        return str(value.value)
    return value.parts if isinstance(value, Unknown) and value.parts else HOLE


def text(value: Value) -> str | None:
    """The string that a value certainly is."""
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def texts(value: Value) -> tuple[str, ...]:
    """Every string that a value can be, where all its options are strings; else empty."""
    found = [text(option) for option in options(value)]
    return tuple(t for t in found if t is not None) if all(t is not None for t in found) else ()


def turn_of(value: Value) -> Value:
    """An element as a loop over rows sees it: another one each turn."""
    return replace(value, turning=True) if isinstance(value, Obj) and value.loaded is not None else value


def rows_of(value: Value) -> bool:
    """Whether a value is the rows of a query, as many as a table has or a page of them."""
    return any(isinstance(o, Many) and o.loaded is not None and o.loaded.rows for o in options(value))


def literal(value: Value) -> Literalish:
    """A value as it stands in a comparison or payload."""
    match value:
        case Const(value=None):
            return Literalish("null")
        case Const(value=bool() as flag):
            return Literalish("bool", "true" if flag else "false")
        case Const(value=int() as number):
            return Literalish("int", str(number))
        case Const(value=float() as number):
            return Literalish("float", repr(number))
        case Const(value=str() as string):
            return Literalish("string", string)
        case Arr():
            parts = [literal(v) for v in value.values()]
            known = value.complete and all(p.kind in {"string", "int"} for p in parts)
            return Literalish("array", values=tuple(p.text for p in parts) if known else ())
        case Fragment():
            return Literalish("expression", value.text or "")
        case Query():
            return Literalish("expression")
        case Unknown(kind=kind, prefix=prefix):
            return Literalish(kind, prefix=prefix) if kind != "unknown" else UNKNOWN_VALUE
        case OneOf():
            return _literal_options(value)
        case _:
            return UNKNOWN_VALUE


def _literal_options(value: OneOf) -> Literalish:
    parts = [literal(o) for o in value.options]
    kinds = {p.kind for p in parts}
    if kinds == {"string"}:
        return Literalish("string", values=tuple(p.text for p in parts))
    return Literalish(kinds.pop()) if len(kinds) == 1 else UNKNOWN_VALUE


def element(value: Value) -> Value:
    """What one element of a collection or array can be."""
    if isinstance(value, Many):
        return value.of
    if isinstance(value, Arr) and value.items:
        result = value.items[0].value
        for item in value.items[1:]:
            result = join(result, item.value)
        return result
    if isinstance(value, OneOf):
        found = [e for o in value.options if (e := element(o)) != UNKNOWN]
        return found[0] if len(found) == 1 else UNKNOWN
    return UNKNOWN
