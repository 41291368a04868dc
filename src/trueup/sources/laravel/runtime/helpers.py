"""The framework's global functions."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from trueup.sources.laravel.runtime.collection import collect
from trueup.sources.laravel.runtime.configuration import env
from trueup.sources.laravel.runtime.data import Inert, data_get, text_of
from trueup.sources.laravel.runtime.moments import Moment, call_moment
from trueup.sources.laravel.runtime.strings import Stringable, call_str
from trueup.sources.php.host import Context
from trueup.sources.php.throwables import PhpThrow
from trueup.sources.php.values import MISSING, Args, HostObject, Missing, PhpArray, PhpObject, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost

Helper = Callable[["LaravelHost", Args, Context], Value]
_H = TypeVar("_H", bound=Helper)
FUNCTIONS: dict[str, Helper] = {}


def _helper(*names: str) -> Callable[[_H], _H]:
    def register(function: _H) -> _H:
        for name in names:
            FUNCTIONS[name] = function
        return function

    return register


@_helper("config")
def config(host: LaravelHost, args: Args, ctx: Context) -> Value:
    key = args.get(0, "key")
    if key is None:
        return Repository(host)
    if isinstance(key, PhpArray):
        for name, value in key.items():
            host.world.config[str(name)] = value
        return None
    return key if isinstance(key, Unknown) else host.config_value(str(key), ctx, args.get(1, "default"))


class Repository(HostObject):
    """`config()` without arguments, `app('config')`, the `Config` facade."""

    __slots__ = ("host",)

    def __init__(self, host: LaravelHost) -> None:
        self.host = host

    @property
    def php_class(self) -> str:
        return "Illuminate\\Config\\Repository"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        lowered = method.lower()
        if lowered in ("get", "string", "integer", "boolean", "array", "float"):
            return config(self.host, args, ctx)
        if lowered == "set":
            given = (
                args
                if isinstance(args.get(0), PhpArray)
                else Args([PhpArray.of([(str(args.get(0)), args.get(1))])])
            )
            return config(self.host, given, ctx)
        if lowered == "has":
            found = self.host.config_value(str(args.get(0)), ctx)
            return found if isinstance(found, Unknown) else found is not None
        return MISSING

    def offset_get(self, key: Value, ctx: Context) -> Value | Missing:
        return key if isinstance(key, Unknown) else self.host.config_value(str(key), ctx)

    def offset_set(self, key: Value | None, value: Value, ctx: Context) -> bool:
        self.host.world.config[str(key)] = value
        return True


@_helper(
    "unlink",
    "mkdir",
    "rmdir",
    "chmod",
    "chown",
    "touch",
    "copy",
    "symlink",
    "fopen",
    "fclose",
    "fwrite",
    "file_put_contents",
)
@_helper(
    "is_dir",
    "glob",
    "scandir",
    "filesize",
    "is_writable",
    "fgetcsv",
    "file",
)
def files(host: LaravelHost, args: Args, ctx: Context) -> Value:
    return ctx.unknown("what is on the disk of the server that migrates")


@_helper("file_get_contents", "file_exists", "is_file")
def project_file(host: LaravelHost, args: Args, ctx: Context) -> Value:
    """The text of a file that is kept beside the migrations; a text is true, so the same answers whether it is there."""
    path = args.get(0, "filename")
    text = host.text_file(path) if isinstance(path, str) else None
    return files(host, args, ctx) if text is None else text


@_helper("exec", "shell_exec", "system", "passthru", "proc_open", "gethostname", "php_uname")
def outside(host: LaravelHost, args: Args, ctx: Context) -> Value:
    return ctx.unknown("what a command of the operating system answers")


@_helper("env")
def env_(host: LaravelHost, args: Args, ctx: Context) -> Value:
    if host.replayed and args.get(0, "key") == "DB_CONNECTION":
        return host.replayed
    return env(host.root, args, ctx)


@_helper("collect")
def collect_(host: LaravelHost, args: Args, ctx: Context) -> Value:
    return collect(args.get(0, "value"), ctx)


@_helper("now", "today", "illuminate\\support\\now")
def now(host: LaravelHost, args: Args, ctx: Context) -> Value:
    return Moment()


@_helper("carbon")
def carbon(host: LaravelHost, args: Args, ctx: Context) -> Value:
    return call_moment("parse", args, ctx)


@_helper("str")
def str_(host: LaravelHost, args: Args, ctx: Context) -> Value:
    text = ctx.to_string(args.get(0))
    return text if isinstance(text, Unknown) else Stringable(host, text)


@_helper("app", "resolve")
def app(host: LaravelHost, args: Args, ctx: Context) -> Value:
    from trueup.sources.laravel.runtime.application import Application, make

    name = args.get(0, "abstract")
    if name is None:
        return Application(host)
    made = make(host, name, args, ctx)
    return ctx.unknown("something from the container") if isinstance(made, Missing) else made


@_helper("tap")
def tap(host: LaravelHost, args: Args, ctx: Context) -> Value:
    callback = args.get(1, "callback")
    if callback is not None:
        ctx.invoke(callback, [args.get(0)])
    return args.get(0, "value")


@_helper("with")
def with_(host: LaravelHost, args: Args, ctx: Context) -> Value:
    callback = args.get(1, "callback")
    return args.get(0) if callback is None else ctx.invoke(callback, [args.get(0)])


@_helper("value")
def value(host: LaravelHost, args: Args, ctx: Context) -> Value:
    given = args.get(0)
    return ctx.invoke(given, args.rest(1)) if not isinstance(given, str) and ctx.is_callable(given) else given


@_helper("optional")
def optional(host: LaravelHost, args: Args, ctx: Context) -> Value:
    given = args.get(0, "value")
    return Optional() if given is None else given


class Optional(HostObject):
    """`optional(null)`: everything asked of it is null."""

    __slots__ = ()

    @property
    def php_class(self) -> str:
        return "Illuminate\\Support\\Optional"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        return None

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        return None


@_helper("data_get")
def data_get_(host: LaravelHost, args: Args, ctx: Context) -> Value:
    return data_get(args.get(0), args.get(1), ctx, args.get(2))


@_helper("blank")
def blank(host: LaravelHost, args: Args, ctx: Context) -> Value:
    given = args.get(0)
    if isinstance(given, Unknown):
        return given
    if given is None or isinstance(given, str):
        return given is None or given.strip() == ""
    if isinstance(given, PhpArray):
        return len(given) == 0
    if isinstance(given, HostObject):
        count = given.count(ctx)
        return count == 0
    return False


@_helper("filled")
def filled(host: LaravelHost, args: Args, ctx: Context) -> Value:
    answer = blank(host, args, ctx)
    return answer if isinstance(answer, Unknown) else not answer


@_helper("class_basename")
def class_basename(host: LaravelHost, args: Args, ctx: Context) -> Value:
    given = args.get(0)
    if isinstance(given, PhpObject):
        return given.cls.name.rsplit("\\", 1)[-1]
    text = given.php_class if isinstance(given, HostObject) else text_of(given, ctx)
    return text if isinstance(text, Unknown) else text.replace("/", "\\").rsplit("\\", 1)[-1]


@_helper("class_uses_recursive", "trait_uses_recursive")
def class_uses(host: LaravelHost, args: Args, ctx: Context) -> Value:
    given = args.get(0)
    cls = given.cls if isinstance(given, PhpObject) else ctx.find_class(str(given))
    return PhpArray.of([(t, t) for t in cls.traits]) if cls is not None else PhpArray()


@_helper("rescue")
def rescue(host: LaravelHost, args: Args, ctx: Context) -> Value:
    try:
        return ctx.invoke(args.get(0, "callback"))
    except PhpThrow:
        other = args.get(1, "rescue")
        return (
            ctx.invoke(other)
            if other is not None and not isinstance(other, str) and ctx.is_callable(other)
            else other
        )


@_helper("retry")
def retry(host: LaravelHost, args: Args, ctx: Context) -> Value:
    return ctx.invoke(args.get(1, "callback"), [1])


@_helper("once")
def once(host: LaravelHost, args: Args, ctx: Context) -> Value:
    return ctx.invoke(args.get(0))


@_helper("throw_if", "throw_unless")
def throw_if(host: LaravelHost, args: Args, ctx: Context) -> Value:
    # The two are told apart by the caller's name only; neither decides a schema unless it throws.
    return args.get(0)


def _folder(*parts: str) -> Helper:
    def helper(host: LaravelHost, args: Args, ctx: Context) -> Value:
        tail = args.get(0, "path")
        if isinstance(tail, Unknown):
            return tail
        return os.path.join(host.root, *parts, *([str(tail).lstrip("/")] if tail else []))

    return helper


for _name, _parts in (
    ("base_path", ()),
    ("app_path", ("app",)),
    ("config_path", ("config",)),
    ("database_path", ("database",)),
    ("public_path", ("public",)),
    ("resource_path", ("resources",)),
    ("storage_path", ("storage",)),
    ("lang_path", ("lang",)),
):
    FUNCTIONS[_name] = _folder(*_parts)


def _inert(name: str) -> Helper:
    return lambda host, args, ctx: Inert(name)


for _name in [
    "logger",
    "info",
    "report",
    "event",
    "dispatch",
    "dispatch_sync",
    "cache",
    "session",
    "request",
    "cookie",
    "abort",
    "dump",
]:
    FUNCTIONS[_name] = _inert(_name)


@_helper("__", "trans", "trans_choice")
def translate(host: LaravelHost, args: Args, ctx: Context) -> Value:
    return ctx.unknown("a translation")


@_helper(
    "bcrypt", "encrypt", "decrypt", "fake", "auth", "route", "url", "asset", "view", "validator", "policy"
)
def unknown(host: LaravelHost, args: Args, ctx: Context) -> Value:
    return ctx.unknown("a value that the running application makes")


for _name, _method in (
    ("str_slug", "slug"),
    ("snake_case", "snake"),
    ("camel_case", "camel"),
    ("studly_case", "studly"),
    ("str_plural", "plural"),
    ("str_singular", "singular"),
    ("str_random", "random"),
    ("str_limit", "limit"),
    ("starts_with", "startsWith"),
    ("ends_with", "endsWith"),
    ("str_contains_", "contains"),
    ("title_case", "title"),
    ("kebab_case", "kebab"),
):

    def _old(host: LaravelHost, args: Args, ctx: Context, _method: str = _method) -> Value:
        found = call_str(host, _method, args, ctx)
        return ctx.unknown(f"Str::{_method}()") if isinstance(found, Missing) else found

    FUNCTIONS[_name] = _old


def _old_array(method: str) -> Helper:
    def helper(host: LaravelHost, args: Args, ctx: Context) -> Value:
        from trueup.sources.laravel.runtime.arrays import call_arr

        found = call_arr(method, args, ctx)
        return ctx.unknown(f"Arr::{method}()") if isinstance(found, Missing) else found

    return helper


for _name in ("get", "has", "first", "last", "wrap", "only", "except", "pluck", "flatten", "where", "dot"):
    FUNCTIONS[f"array_{_name}"] = _old_array(_name)
FUNCTIONS["head"] = _old_array("first")
FUNCTIONS["last"] = _old_array("last")
