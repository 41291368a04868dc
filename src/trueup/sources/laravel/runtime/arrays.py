"""`Arr::`, as far as migrations and configuration use it."""

from __future__ import annotations

from trueup.sources.laravel.runtime.collection import CollectionObject, collect
from trueup.sources.laravel.runtime.data import data_get, listed
from trueup.sources.php.host import Context
from trueup.sources.php.values import MISSING, Args, Missing, PhpArray, Unknown, Value, normal_key

_AS_COLLECTION = {
    "first", "last", "pluck", "where", "wherenotnull", "except", "only", "flatten", "collapse", "prepend", "map", "mapwithkeys",
    "keyby", "join", "sort", "reject", "every", "some", "partition", "sortdesc",
}  # fmt: skip


def call_arr(method: str, args: Args, ctx: Context) -> Value | Missing:
    lowered = method.lower()
    subject = args.get(0, "array")
    if isinstance(subject, Unknown):
        return subject
    match lowered:
        case "get":
            return data_get(subject, args.get(1, "key"), ctx, args.get(2, "default"))
        case "has" | "hasany":
            found = [data_get(subject, k, ctx, _ABSENT) is not _ABSENT for k in listed(args.get(1))]
            return all(found) if lowered == "has" else any(found)
        case "exists":
            key = args.get(1)
            return isinstance(subject, PhpArray) and isinstance(key, int | str) and normal_key(key) in subject
        case "wrap":
            return (
                PhpArray()
                if subject is None
                else subject
                if isinstance(subject, PhpArray)
                else PhpArray([subject])
            )
        case "accessible":
            return isinstance(subject, PhpArray | CollectionObject)
        case "isassoc" | "islist":
            return isinstance(subject, PhpArray) and subject.is_list() is (lowered == "islist")
        case "dot":
            return PhpArray.of(_dotted(subject, ""))
        case "random" | "shuffle":
            return ctx.unknown("a random element")
    if lowered in _AS_COLLECTION:
        found_ = collect(subject, ctx)
        rest = Args(args.positional[1:], args.named, args.at, args.open)
        result = found_.call(method, rest, ctx) if isinstance(found_, CollectionObject) else MISSING
        return result.items if isinstance(result, CollectionObject) else result
    return MISSING


_ABSENT = PhpArray()


def _dotted(value: Value, prefix: str) -> list[tuple[int | str, Value]]:
    pairs: list[tuple[int | str, Value]] = []
    for key, each in value.items() if isinstance(value, PhpArray) else ():
        name = f"{prefix}{key}"
        if isinstance(each, PhpArray) and len(each):
            pairs.extend(_dotted(each, name + "."))
        else:
            pairs.append((name, each))
    return pairs
