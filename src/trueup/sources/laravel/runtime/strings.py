"""`Str::` and fluent strings, as far as names and values are made with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.sources.laravel.inflection import camel, plural, plural_studly, singular, snake, studly
from trueup.sources.laravel.runtime.collection import from_values, items_of
from trueup.sources.laravel.runtime.data import text_of
from trueup.sources.php.host import Context
from trueup.sources.php.values import MISSING, Args, Closure, HostObject, Missing, PhpArray, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost

StrFunction = Callable[..., Value]
_FUNCTIONS: dict[str, StrFunction] = {}
_RANDOM = {"random", "uuid", "uuid7", "ulid", "ordereduuid", "password", "freezeuuids"}


def _function(name: str) -> Callable[[StrFunction], StrFunction]:
    def register(function: StrFunction) -> StrFunction:
        _FUNCTIONS[name.lower()] = function
        return function

    return register


for _name, _plain in (
    ("snake", snake),
    ("camel", camel),
    ("studly", studly),
    ("pascal", studly),
    ("singular", singular),
    ("pluralStudly", plural_studly),
    ("lower", str.lower),
    ("upper", str.upper),
    ("length", len),
    ("reverse", lambda s: s[::-1]),
    ("squish", lambda s: " ".join(s.split())),
    ("ascii", lambda s: s.encode("ascii", "ignore").decode()),
    ("trim", lambda s, chars=" \t\n\r\0\x0b": s.strip(chars)),
    ("ltrim", lambda s, chars=" \t\n\r\0\x0b": s.lstrip(chars)),
    ("rtrim", lambda s, chars=" \t\n\r\0\x0b": s.rstrip(chars)),
    ("ucfirst", lambda s: s[:1].upper() + s[1:]),
    ("lcfirst", lambda s: s[:1].lower() + s[1:]),
    ("start", lambda s, prefix: prefix + s.lstrip(prefix) if not s.startswith(prefix) else s),
    ("finish", lambda s, cap: s if s.endswith(cap) else s + cap),
    ("append", lambda s, *more: s + "".join(more)),
    ("prepend", lambda s, *more: "".join(more) + s),
    ("classBasename", lambda s: re.split(r"[\\/]", s)[-1]),
    ("basename", lambda s: s.rstrip("/").rsplit("/", 1)[-1]),
    ("kebab", lambda s: snake(s, "-")),
    ("isUuid", lambda s: re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", s.lower()) is not None),
    ("wrap", lambda s, before, after=None: before + s + (before if after is None else after)),
    ("repeat", lambda s, times=1: s * times),
):
    _FUNCTIONS[_name.lower()] = _plain


@_function("plural")
def _plural(text: str, count: object = 2) -> Value:
    return text if count == 1 else plural(text)


@_function("slug")
def slug(text: str, separator: str = "-") -> Value:
    flip = "_" if separator == "-" else "-"
    lowered = text.replace(flip, separator).replace("@", f"{separator}at{separator}").lower()
    kept = re.sub(rf"[^{re.escape(separator)}\w\s]+", "", lowered)
    return re.sub(rf"[{re.escape(separator)}\s]+", separator, kept).strip(separator)


@_function("title")
def title(text: str) -> Value:
    return re.sub(r"[A-Za-z]+", lambda m: m[0][0].upper() + m[0][1:].lower(), text)


@_function("headline")
def headline(text: str) -> Value:
    words = re.sub(r"(.)(?=[A-Z])", r"\1 ", text.replace("_", " ").replace("-", " ")).split()
    return " ".join(w[:1].upper() + w[1:].lower() for w in words)


@_function("after")
def after(text: str, search: str) -> Value:
    return text if not search else text.split(search, 1)[-1]


@_function("afterLast")
def after_last(text: str, search: str) -> Value:
    return text if not search else text.rsplit(search, 1)[-1]


@_function("before")
def before(text: str, search: str) -> Value:
    return text if not search else text.split(search, 1)[0]


@_function("beforeLast")
def before_last(text: str, search: str) -> Value:
    return text if not search or search not in text else text.rsplit(search, 1)[0]


@_function("between")
def between(text: str, start: str, end: str) -> Value:
    return text if not start or not end else str(before_last(str(after(text, start)), end))


@_function("contains")
def contains(text: str, needles: object, ignore_case: object = False) -> Value:
    wanted = [str(n) for n in needles] if isinstance(needles, list) else [str(needles)]
    if ignore_case:
        text, wanted = text.lower(), [w.lower() for w in wanted]
    return any(w != "" and w in text for w in wanted)


@_function("containsAll")
def contains_all(text: str, needles: list[object]) -> Value:
    return all(str(n) in text for n in needles)


@_function("startsWith")
def starts_with(text: str, needles: object) -> Value:
    wanted = needles if isinstance(needles, list) else [needles]
    return any(str(n) != "" and text.startswith(str(n)) for n in wanted)


@_function("endsWith")
def ends_with(text: str, needles: object) -> Value:
    wanted = needles if isinstance(needles, list) else [needles]
    return any(str(n) != "" and text.endswith(str(n)) for n in wanted)


@_function("exactly")
def exactly(text: str, other: str) -> Value:
    return text == other


@_function("is")
def is_(pattern: object, text: str) -> Value:
    patterns = pattern if isinstance(pattern, list) else [pattern]
    return any(re.fullmatch(re.escape(str(p)).replace(r"\*", ".*"), text, re.S) is not None for p in patterns)


@_function("limit")
def limit(text: str, size: int = 100, end: str = "...") -> Value:
    return text if len(text) <= size else text[:size].rstrip() + end


@_function("substr")
def substr(text: str, start: int, length: int | None = None) -> Value:
    begin = start if start >= 0 else max(0, len(text) + start)
    stop = None if length is None else (begin + length if length >= 0 else len(text) + length)
    return text[begin:stop]


@_function("replace")
def replace(search: object, new: object, subject: str) -> Value:
    searches = search if isinstance(search, list) else [search]
    for index, each in enumerate(searches):
        value = (
            new[index]
            if isinstance(new, list) and index < len(new)
            else new
            if not isinstance(new, list)
            else ""
        )
        subject = subject.replace(str(each), str(value))
    return subject


@_function("replaceFirst")
def replace_first(search: str, new: str, subject: str) -> Value:
    return subject.replace(search, new, 1)


@_function("replaceLast")
def replace_last(search: str, new: str, subject: str) -> Value:
    head, found, tail = subject.rpartition(search)
    return head + new + tail if found else subject


@_function("remove")
def remove(search: object, subject: str) -> Value:
    return replace(search, "", subject)


@_function("padLeft")
def pad_left(text: str, length: int, pad: str = " ") -> Value:
    return text.rjust(length, pad[:1])


@_function("padRight")
def pad_right(text: str, length: int, pad: str = " ") -> Value:
    return text.ljust(length, pad[:1])


_SUBJECT_LAST = {"replace", "replacefirst", "replacelast", "remove", "is"}


def call_str(host: LaravelHost, method: str, args: Args, ctx: Context) -> Value | Missing:
    """`Str::method(...)`."""
    lowered = method.lower()
    if lowered == "of":
        text = ctx.to_string(args.get(0))
        return text if isinstance(text, Unknown) else Stringable(host, text)
    if lowered in _RANDOM:
        return ctx.unknown(f"what Str::{method}() makes up")
    function = _FUNCTIONS.get(lowered)
    if function is None:
        macro = host.world.macros.get("str", {}).get(lowered)
        return ctx.invoke(macro, args) if macro is not None else MISSING
    return _apply(function, method, [*args.positional, *args.named.values()], ctx)


def _apply(function: StrFunction, method: str, values: list[Value], ctx: Context) -> Value:
    plain: list[object] = []
    for value in values:
        if isinstance(value, PhpArray):
            texts = [text_of(v, ctx) for v in value.values()]
            unknown = next((t for t in texts if isinstance(t, Unknown)), value.unknown)
            if unknown is not None:
                return unknown
            plain.append(texts)
        elif isinstance(value, int) or value is None:
            plain.append(value if plain or not isinstance(value, int) else str(value))
        else:
            text = text_of(value, ctx)
            if isinstance(text, Unknown):
                return text
            plain.append(text)
    if plain and plain[0] is None:
        plain[0] = ""
    try:
        return function(*plain)
    except (TypeError, ValueError, AttributeError):
        return ctx.unknown(f"the result of Str::{method}()")


class Stringable(HostObject):
    __slots__ = ("host", "text")

    def __init__(self, host: LaravelHost, text: str) -> None:
        self.host = host
        self.text = text

    @property
    def php_class(self) -> str:
        return "Illuminate\\Support\\Stringable"

    def to_string(self, ctx: Context) -> str | Unknown | None:
        return self.text

    def json(self, ctx: Context) -> Value:
        return self.text

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        lowered = method.lower()
        special = self._special(lowered, args, ctx)
        if special is not MISSING:
            return special
        function = _FUNCTIONS.get(lowered)
        if function is None:
            return MISSING
        values: list[Value] = [*args.positional, *args.named.values()]
        values = [*values, self.text] if lowered in _SUBJECT_LAST else [self.text, *values]
        result = _apply(function, method, values, ctx)
        return Stringable(self.host, result) if isinstance(result, str) else result

    def _special(self, lowered: str, args: Args, ctx: Context) -> Value | Missing:
        match lowered:
            case "tostring" | "value" | "__tostring":
                return self.text
            case "isempty":
                return self.text == ""
            case "isnotempty":
                return self.text != ""
            case "explode":
                return from_values(
                    items_of(ctx.call_function("explode", [args.get(0), self.text]), ctx).values()
                )
            case "tointeger":
                return ctx.to_int(self.text)
            case "when" | "unless":
                holds = ctx.to_bool(args.get(0))
                if isinstance(holds, Unknown):
                    return holds
                return (ctx.invoke(args.get(1), [self]) or self) if holds is (lowered == "when") else self
            case "pipe":
                return ctx.invoke(args.get(0), [self])
        macro = self.host.world.macros.get("stringable", {}).get(lowered)
        if macro is not None:
            return ctx.invoke(macro.bind(self) if isinstance(macro, Closure) else macro, args)
        return MISSING
