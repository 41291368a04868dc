"""`config()` and `env()`: the project's config files, evaluated when first asked for. `env()` gives its default."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trueup.sources.laravel.runtime.data import data_get
from trueup.sources.php.host import Context
from trueup.sources.php.values import Args, PhpArray, Value

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost


FRAMEWORK_DEFAULTS: dict[str, Value] = {
    "app.env": "production",
    "app.timezone": "UTC",
    "app.locale": "en",
    "app.fallback_locale": "en",
    "app.debug": False,
    "cache.default": "database",
    "queue.default": "database",
    "session.table": "sessions",
    "queue.batching.table": "job_batches",
    "queue.failed.table": "failed_jobs",
    "database.migrations": "migrations",
    "auth.defaults.guard": "web",
    "auth.providers.users.table": "users",
}
"""What the framework's own config says where an application (11 and later) has no file of its own."""


class Configuration:
    """`overrides` are what the code itself has set by `config([...])`."""

    __slots__ = ("files", "host", "loaded")

    def __init__(self, host: LaravelHost, files: dict[str, list[str]]) -> None:
        self.host = host
        self.files = files
        """Config name → files that say it, the application's first, then packages': the first to know a key tells."""
        self.loaded: dict[str, Value] = {}

    def get(self, key: str, ctx: Context, default: Value = None) -> Value:
        head, _, rest = key.partition(".")
        overrides = self.host.world.config
        if key in overrides:
            return overrides[key]
        if head not in self.files:
            known = FRAMEWORK_DEFAULTS.get(key)
            return known if known is not None else default
        for file in self.files[head]:
            found = data_get(self._load(file, ctx), rest, ctx, _ABSENT) if rest else self._load(file, ctx)
            if found is not _ABSENT:
                return found
        known = FRAMEWORK_DEFAULTS.get(key)
        return known if known is not None else default

    def _load(self, file: str, ctx: Context) -> Value:
        """A file's array; empty while it is being read (files may ask for each other)."""
        if file not in self.loaded:
            self.loaded[file] = PhpArray()
            self.loaded[file] = self.host.run_file(file, ctx)
        return self.loaded[file]


_ABSENT = PhpArray()


def config_files(files: Iterable[str]) -> dict[str, list[str]]:
    """config/*.php of the application; those of its own packages and modules after them."""
    found: dict[str, list[str]] = {}
    for file in sorted(files, key=lambda f: (not f.startswith("config/"), f.count("/"), f)):
        folder, _, name = file.rpartition("/")
        if folder.rsplit("/", 1)[-1].lower() == "config" and "tests/" not in file and "stubs/" not in file:
            found.setdefault(name.removesuffix(".php"), []).append(file)
    return found


def env(root: str, args: Args, ctx: Context) -> Value:
    """The environment is not known: `env('X', default)` gives the default, turned as the framework turns words."""
    if not args.has(1, "default"):
        return None
    default = args.get(1, "default")
    return ctx.invoke(default) if not isinstance(default, str) and ctx.is_callable(default) else default
