"""The methods of `Collection`. Each gives a value, or an Unknown where an unknown element decides the answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key

from trueup.sources.laravel.runtime.collection import (
    CollectionObject,
    from_pairs,
    from_values,
    items_of,
    method,
)
from trueup.sources.laravel.runtime.data import data_get, text_of
from trueup.sources.php.host import Context
from trueup.sources.php.values import Args, PhpArray, Unknown, Value, normal_key

Test = Callable[[Value, int | str], "bool | Unknown"]


@method("all", "toArray", "getIterator")
def all_(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return c.items.share()


@method("each")
def each(c: CollectionObject, args: Args, ctx: Context) -> Value:
    if c.items.unknown is not None:
        ctx.undecided(f"how often the closure of each() runs: {c.items.unknown.reason}")
    for key, value in c.items.items():
        if ctx.invoke(args.get(0, "callback"), [value, key]) is False:
            break
    return c


@method("eachSpread")
def each_spread(c: CollectionObject, args: Args, ctx: Context) -> Value:
    for key, value in c.items.items():
        values = items_of(value, ctx).values()
        if ctx.invoke(args.get(0, "callback"), [*values, key]) is False:
            break
    return c


@method("map")
def map_(c: CollectionObject, args: Args, ctx: Context) -> Value:
    callback = args.get(0, "callback")
    return from_pairs([(k, ctx.invoke(callback, [v, k])) for k, v in c.items.items()], c.items.unknown)


@method("transform")
def transform(c: CollectionObject, args: Args, ctx: Context) -> Value:
    changed = map_(c, args, ctx)
    if isinstance(changed, CollectionObject):
        c.items = changed.items
    return c


@method("mapSpread")
def map_spread(c: CollectionObject, args: Args, ctx: Context) -> Value:
    callback = args.get(0, "callback")
    pairs = [(k, ctx.invoke(callback, [*items_of(v, ctx).values(), k])) for k, v in c.items.items()]
    return from_pairs(pairs, c.items.unknown)


@method("mapWithKeys")
def map_with_keys(c: CollectionObject, args: Args, ctx: Context) -> Value:
    pairs: list[tuple[int | str, Value]] = []
    for key, value in c.items.items():
        pairs.extend(items_of(ctx.invoke(args.get(0, "callback"), [value, key]), ctx).items())
    return from_pairs(pairs, c.items.unknown)


@method("flatMap")
def flat_map(c: CollectionObject, args: Args, ctx: Context) -> Value:
    values: list[Value] = []
    for key, value in c.items.items():
        values.extend(items_of(ctx.invoke(args.get(0, "callback"), [value, key]), ctx).values())
    return from_values(values, c.items.unknown)


def item_test(args: Args, ctx: Context) -> Test:
    """The truth test of filter(), first(), contains() ...: a closure, a value, or key, operator, value."""
    callback = args.get(0, "callback")
    if len(args) >= 2:
        operator, value = (args.get(1), args.get(2)) if len(args) > 2 else ("=", args.get(1))
        return lambda item, _: compare(data_get(item, callback, ctx), operator, value, ctx)
    if ctx.is_callable(callback) and not isinstance(callback, str):
        return lambda item, key: ctx.to_bool(ctx.invoke(callback, [item, key]))
    return lambda item, _: ctx.loose_equal(item, callback)


def compare(left: Value, operator: Value, right: Value, ctx: Context) -> bool | Unknown:
    """`operatorForWhere`."""
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    match operator:
        case "===" | "!==":
            same = ctx.strict_equal(left, right)
        case "=" | "==" | "!=" | "<>":
            same = ctx.loose_equal(left, right)
        case _:
            order = ctx.compare(left, right)
            if isinstance(order, Unknown):
                return order
            return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}.get(
                str(operator), False
            )
    if isinstance(same, Unknown):
        return same
    return same if operator in ("=", "==", "===") else not same


def _select(c: CollectionObject, test: Test, keep: bool = True) -> Value:
    pairs: list[tuple[int | str, Value]] = []
    unknown = c.items.unknown
    for key, value in c.items.items():
        answer = test(value, key)
        if isinstance(answer, Unknown):
            unknown = answer
        elif answer is keep:
            pairs.append((key, value))
    return from_pairs(pairs, unknown)


@method("filter")
def filter_(c: CollectionObject, args: Args, ctx: Context) -> Value:
    if not len(args) or args.get(0) is None:
        return _select(c, lambda item, _: ctx.to_bool(item))
    return _select(c, item_test(args, ctx))


@method("reject")
def reject(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return _select(c, item_test(args, ctx), keep=False)


@method("where")
def where(c: CollectionObject, args: Args, ctx: Context) -> Value:
    if len(args) == 1:
        return _select(c, lambda item, _: ctx.to_bool(data_get(item, args.get(0), ctx)))
    return _select(c, item_test(args, ctx))


@method("whereNull")
def where_null(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return _select(c, lambda item, _: _is_null(data_get(item, args.get(0), ctx)))


@method("whereNotNull")
def where_not_null(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return _select(c, lambda item, _: _is_null(data_get(item, args.get(0), ctx)), keep=False)


def _is_null(value: Value) -> bool | Unknown:
    return value if isinstance(value, Unknown) else value is None


def _contained(value: Value, wanted: list[Value], ctx: Context) -> bool | Unknown:
    answer: bool | Unknown = False
    for candidate in wanted:
        same = ctx.loose_equal(value, candidate)
        if same is True:
            return True
        if isinstance(same, Unknown):
            answer = same
    return answer


@method("whereIn")
def where_in(c: CollectionObject, args: Args, ctx: Context) -> Value:
    wanted = items_of(args.get(1), ctx).values()
    return _select(c, lambda item, _: _contained(data_get(item, args.get(0), ctx), wanted, ctx))


@method("whereNotIn")
def where_not_in(c: CollectionObject, args: Args, ctx: Context) -> Value:
    wanted = items_of(args.get(1), ctx).values()
    return _select(c, lambda item, _: _contained(data_get(item, args.get(0), ctx), wanted, ctx), keep=False)


@method("pluck")
def pluck(c: CollectionObject, args: Args, ctx: Context) -> Value:
    values = [data_get(v, args.get(0, "value"), ctx) for v in c.items.values()]
    key = args.get(1, "key")
    if key is None:
        return from_values(values, c.items.unknown)
    return _keyed([data_get(v, key, ctx) for v in c.items.values()], values, c.items.unknown, ctx)


def _keyed(keys: list[Value], values: list[Value], unknown: Unknown | None, ctx: Context) -> Value:
    pairs: list[tuple[int | str, Value]] = []
    for key, value in zip(keys, values, strict=True):
        if isinstance(key, Unknown):
            unknown = key
            continue
        text = key if isinstance(key, int) and not isinstance(key, bool) else text_of(key, ctx)
        if isinstance(text, Unknown):
            unknown = text
        else:
            pairs.append((normal_key(text), value))
    return from_pairs(pairs, unknown)


def _reader(by: Value, ctx: Context) -> Callable[[Value, int | str], Value]:
    if by is not None and not isinstance(by, str) and ctx.is_callable(by):
        return lambda item, key: ctx.invoke(by, [item, key])
    return lambda item, _: data_get(item, by, ctx)


@method("keyBy")
def key_by(c: CollectionObject, args: Args, ctx: Context) -> Value:
    read = _reader(args.get(0, "keyBy"), ctx)
    keys = [read(v, k) for k, v in c.items.items()]
    return _keyed(keys, c.items.values(), c.items.unknown, ctx)


@method("groupBy")
def group_by(c: CollectionObject, args: Args, ctx: Context) -> Value:
    read = _reader(args.get(0, "groupBy"), ctx)
    groups: dict[int | str, list[Value]] = {}
    for key, value in c.items.items():
        group = read(value, key)
        if isinstance(group, Unknown):
            return group
        text = text_of(group, ctx)
        if isinstance(text, Unknown):
            return text
        groups.setdefault(normal_key(text), []).append(value)
    return from_pairs([(k, from_values(v)) for k, v in groups.items()], c.items.unknown)


@method("keys")
def keys(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return from_values(c.items.keys(), c.items.unknown)


@method("values")
def values(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return from_values(c.items.values(), c.items.unknown)


@method("merge", "concat")
def merge(c: CollectionObject, args: Args, ctx: Context) -> Value:
    result = c.items.copy()
    other = items_of(args.get(0), ctx)
    for key, value in other.items():
        if isinstance(key, int):
            result.append(value)
        else:
            result.set(key, value)
    result.unknown = c.items.unknown or other.unknown
    return CollectionObject(result)


@method("union")
def union(c: CollectionObject, args: Args, ctx: Context) -> Value:
    result = c.items.copy()
    for key, value in items_of(args.get(0), ctx).items():
        if key not in result:
            result.set(key, value)
    return CollectionObject(result)


@method("combine")
def combine(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return _keyed(c.items.values(), items_of(args.get(0), ctx).values(), c.items.unknown, ctx)


@method("flip")
def flip(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return _keyed(c.items.values(), list(c.items.keys()), c.items.unknown, ctx)


@method("only")
def only(c: CollectionObject, args: Args, ctx: Context) -> Value:
    wanted = _key_list(args, ctx)
    return from_pairs([(k, v) for k, v in c.items.items() if k in wanted], c.items.unknown)


@method("except")
def except_(c: CollectionObject, args: Args, ctx: Context) -> Value:
    wanted = _key_list(args, ctx)
    return from_pairs([(k, v) for k, v in c.items.items() if k not in wanted], c.items.unknown)


def _key_list(args: Args, ctx: Context) -> list[int | str]:
    given = args.positional if len(args.positional) != 1 else items_of(args.positional[0], ctx).values()
    return [normal_key(k) for k in given if isinstance(k, int | str)]


@method("diff")
def diff(c: CollectionObject, args: Args, ctx: Context) -> Value:
    other = items_of(args.get(0), ctx)
    return _select(c, lambda item, _: _contained(item, other.values(), ctx), keep=False)


@method("intersect")
def intersect(c: CollectionObject, args: Args, ctx: Context) -> Value:
    other = items_of(args.get(0), ctx)
    return _select(c, lambda item, _: _contained(item, other.values(), ctx))


@method("unique")
def unique(c: CollectionObject, args: Args, ctx: Context) -> Value:
    read = _reader(args.get(0), ctx) if args.get(0) is not None else (lambda item, _: item)
    seen: list[Value] = []

    def fresh(item: Value, key: int | str) -> bool | Unknown:
        value = read(item, key)
        found = _contained(value, seen, ctx)
        if found is False:
            seen.append(value)
        return found if isinstance(found, Unknown) else not found

    return _select(c, fresh)


@method("sort", "sortBy", "sortDesc", "sortByDesc", "sortKeys")
def sort(c: CollectionObject, args: Args, ctx: Context) -> Value:
    """The order hardly ever matters to a schema; unknown elements leave it as it is."""
    by = args.get(0)
    read = _reader(by, ctx) if by is not None else (lambda item, _: item)

    def order(a: tuple[int | str, Value], b: tuple[int | str, Value]) -> int:
        answer = ctx.compare(read(a[1], a[0]), read(b[1], b[0]))
        return 0 if isinstance(answer, Unknown) else answer

    return from_pairs(sorted(c.items.items(), key=cmp_to_key(order)), c.items.unknown)


@method("flatten", "collapse")
def flatten(c: CollectionObject, args: Args, ctx: Context) -> Value:
    values_: list[Value] = []

    def walk(array: PhpArray, depth: int) -> None:
        for value in array.values():
            if isinstance(value, PhpArray | CollectionObject) and depth > 0:
                walk(items_of(value, ctx), depth - 1)
            else:
                values_.append(value)

    depth = args.get(0)
    walk(c.items, depth if isinstance(depth, int) else 50)
    return from_values(values_, c.items.unknown)


@method("partition")
def partition(c: CollectionObject, args: Args, ctx: Context) -> Value:
    test = item_test(args, ctx)
    return from_values([_select(c, test), _select(c, test, keep=False)])


@method("when", "unless")
def when(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return c if ctx.to_bool(args.get(0)) is False else (ctx.invoke(args.get(1), [c, args.get(0)]) or c)


@method("pipe")
def pipe(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return ctx.invoke(args.get(0), [c])


@method("tap")
def tap(c: CollectionObject, args: Args, ctx: Context) -> Value:
    ctx.invoke(args.get(0), [c])
    return c
