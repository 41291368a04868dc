"""The methods of `Collection` that give one value: an element, a count, a yes or no, a text."""

from __future__ import annotations

from trueup.sources.laravel.runtime.collection import CollectionObject, from_values, method
from trueup.sources.laravel.runtime.collection_methods import filter_, item_test
from trueup.sources.laravel.runtime.data import data_get
from trueup.sources.php.host import Context
from trueup.sources.php.values import Args, Missing, PhpArray, Unknown, Value, normal_key


@method("count")
def count(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return c.items.unknown or len(c.items)


@method("isEmpty")
def is_empty(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return False if len(c.items) else (c.items.unknown or True)


@method("isNotEmpty")
def is_not_empty(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return True if len(c.items) else (c.items.unknown or False)


@method("first", "firstWhere", "sole", "firstOrFail")
def first(c: CollectionObject, args: Args, ctx: Context) -> Value:
    if not len(args) or args.get(0) is None:
        return c.items.values()[0] if len(c.items) else (c.items.unknown or _default(args, ctx))
    test = item_test(Args([args.get(0)], at=args.at) if ctx.is_callable(args.get(0)) else args, ctx)
    for key, value in c.items.items():
        answer = test(value, key)
        if isinstance(answer, Unknown):
            return answer
        if answer:
            return value
    return c.items.unknown or (_default(args, ctx) if ctx.is_callable(args.get(0)) else None)


def _default(args: Args, ctx: Context) -> Value:
    default = args.get(1, "default")
    return ctx.invoke(default) if ctx.is_callable(default) and not isinstance(default, str) else default


@method("last")
def last(c: CollectionObject, args: Args, ctx: Context) -> Value:
    kept = filter_(c, args, ctx) if len(args) else c
    assert isinstance(kept, CollectionObject)
    return kept.items.unknown or (kept.items.values()[-1] if len(kept.items) else None)


@method("contains", "some", "containsStrict")
def contains(c: CollectionObject, args: Args, ctx: Context) -> Value:
    test = item_test(args, ctx)
    unknown = c.items.unknown
    for key, value in c.items.items():
        answer = test(value, key)
        if isinstance(answer, Unknown):
            unknown = answer
        elif answer:
            return True
    return unknown or False


@method("doesntContain")
def doesnt_contain(c: CollectionObject, args: Args, ctx: Context) -> Value:
    answer = contains(c, args, ctx)
    return answer if isinstance(answer, Unknown) else not answer


@method("every")
def every(c: CollectionObject, args: Args, ctx: Context) -> Value:
    test = item_test(args, ctx)
    for key, value in c.items.items():
        answer = test(value, key)
        if answer is not True:
            return answer
    return c.items.unknown or True


@method("get")
def get(c: CollectionObject, args: Args, ctx: Context) -> Value:
    found = c.offset_get(args.get(0, "key"), ctx)
    return _default(args, ctx) if isinstance(found, Missing) else found


@method("has")
def has(c: CollectionObject, args: Args, ctx: Context) -> Value:
    wanted = (
        args.positional[0].values()
        if args.positional and isinstance(args.positional[0], PhpArray)
        else args.positional
    )
    present = all(isinstance(k, int | str) and normal_key(k) in c.items for k in wanted)
    return present or c.items.unknown or False


@method("implode", "join")
def implode(c: CollectionObject, args: Args, ctx: Context) -> Value:
    first_, second = args.get(0), args.get(1)
    values_ = c.items.values()
    if c.items.unknown is not None:
        return c.items.unknown
    if first_ is not None and not isinstance(first_, str) and ctx.is_callable(first_):
        values_ = [ctx.invoke(first_, [v]) for v in values_]
        glue = second
    elif second is not None and values_ and not isinstance(values_[0], str | int | float):
        values_, glue = [data_get(v, first_, ctx) for v in values_], second
    else:
        glue = first_
    return ctx.call_function("implode", [glue if glue is not None else "", PhpArray(values_)])


@method("sum", "avg", "average", "max", "min", "median")
def total(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return c.items.unknown or ctx.unknown("a figure over a collection") if len(c.items) else 0


@method("reduce")
def reduce(c: CollectionObject, args: Args, ctx: Context) -> Value:
    carry = args.get(1, "initial")
    for key, value in c.items.items():
        carry = ctx.invoke(args.get(0, "callback"), [carry, value, key])
    return c.items.unknown or carry


@method("search")
def search(c: CollectionObject, args: Args, ctx: Context) -> Value:
    test = item_test(args, ctx)
    for key, value in c.items.items():
        answer = test(value, key)
        if isinstance(answer, Unknown):
            return answer
        if answer:
            return key
    return c.items.unknown or False


@method("modelKeys")
def model_keys(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return from_values([ctx.call_method(v, "getKey") for v in c.items.values()], c.items.unknown)


@method("toJson")
def to_json(c: CollectionObject, args: Args, ctx: Context) -> Value:
    return ctx.call_function("json_encode", [c.items])
