"""The methods of `Collection` that put in, take out and cut off."""

from __future__ import annotations

from trueup.sources.laravel.runtime.collection import (
    CollectionObject,
    from_pairs,
    from_values,
    items_of,
    method,
)
from trueup.sources.php.host import Context
from trueup.sources.php.values import Args, PhpArray, Value


@method("push", "add", "append")
def push(c: CollectionObject, args: Args, ctx: Context) -> Value:
    for value in args.positional:
        c.offset_set(None, value, ctx)
    return c


@method("put")
def put(c: CollectionObject, args: Args, ctx: Context) -> Value:
    c.offset_set(args.get(0), args.get(1), ctx)
    return c


@method("prepend")
def prepend(c: CollectionObject, args: Args, ctx: Context) -> Value:
    c.items = PhpArray([args.get(0), *c.items.values()])
    return c


@method("forget")
def forget(c: CollectionObject, args: Args, ctx: Context) -> Value:
    for key in items_of(args.get(0), ctx).values():
        c.offset_unset(key, ctx)
    return c


@method("pop")
def pop(c: CollectionObject, args: Args, ctx: Context) -> Value:
    if not len(c.items):
        return c.items.unknown
    key = c.items.keys()[-1]
    value = c.items.get(key)
    c.offset_unset(key, ctx)
    return value


@method("shift")
def shift(c: CollectionObject, args: Args, ctx: Context) -> Value:
    values_ = c.items.values()
    if not values_:
        return c.items.unknown
    c.items = PhpArray(values_[1:])
    return values_[0]


@method("reverse")
def reverse(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return from_pairs(list(reversed(c.items.items())), c.items.unknown)


@method("take", "limit")
def take(c: CollectionObject, args: Args, ctx: Context) -> Value:
    number = args.get(0)
    if not isinstance(number, int):
        return c
    pairs = c.items.items()
    return from_pairs(pairs[:number] if number >= 0 else pairs[number:], c.items.unknown)


@method("skip", "slice")
def skip(c: CollectionObject, args: Args, ctx: Context) -> Value:
    number, length = args.get(0), args.get(1)
    pairs = c.items.items()[number if isinstance(number, int) else 0 :]
    return from_pairs(pairs[:length] if isinstance(length, int) else pairs, c.items.unknown)


@method("chunk", "split")
def chunk(c: CollectionObject, args: Args, ctx: Context) -> Value:
    size = args.get(0)
    step = size if isinstance(size, int) and size > 0 else max(1, len(c.items))
    pairs = c.items.items()
    return from_values([from_pairs(pairs[i : i + step]) for i in range(0, len(pairs), step)], c.items.unknown)


@method("collect", "lazy", "toBase", "make", "dump", "dd", "load", "loadMissing", "fresh")
@method("loadCount", "loadMax", "loadMin", "loadSum", "loadAvg", "loadExists", "loadMorph", "loadMorphCount")
@method("makeVisible", "makeHidden", "setVisible", "setHidden", "setAppends", "withoutAppends")
def itself(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return c


@method("crossJoin", "zip")
def cross_join(c: CollectionObject, args: Args, ctx: Context) -> Value:
    other = items_of(args.get(0), ctx).values()
    return from_values([PhpArray([a, b]) for a in c.items.values() for b in other])


@method("nth", "random", "shuffle")
def some(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return ctx.unknown("a random element") if len(c.items) else c
