"""`config()` and `env()`: the project's config files, evaluated when first asked for. `env()` gives its default."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from trueup.sources.laravel.merges import by_longest, merged_files
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
    "auth.providers.users.model": "App\\Models\\User",
    "auth.providers.users.table": "users",
}
"""What the framework's own config says where an application (11 and later) has no file of its own."""


PACKAGE_DEFAULTS: dict[str, object] = {
    "activitylog.table_name": "activity_log",
    "activitylog.database_connection": None,
    "permission.table_names": {
        "roles": "roles",
        "permissions": "permissions",
        "model_has_permissions": "model_has_permissions",
        "model_has_roles": "model_has_roles",
        "role_has_permissions": "role_has_permissions",
    },
    "permission.column_names": {
        "role_pivot_key": None,
        "permission_pivot_key": None,
        "model_morph_key": "model_id",
        "team_foreign_key": "team_id",
    },
    "permission.teams": False,
    "permission.testing": False,
    "permission.cache.store": "default",
    "permission.cache.key": "spatie.permission.cache",
    "settings.repositories.database.table": None,
    "settings.repositories.database.connection": None,
    "telescope.storage.database.connection": None,
    "pulse.storage.database.connection": None,
    "webpush.table_name": "push_subscriptions",
    "webpush.database_connection": None,
    "audit.drivers.database.table": "audits",
    "audit.drivers.database.connection": None,
    "love.storage.database.connection": None,
}
"""What well-known packages' own configurations say, for applications that have not published them."""
_OF_PROVIDERS = re.compile(r"(?<!\w)(?=\w*Provider)\w++\.php$|/(?:Traits|Concerns)/", re.I)
"""Files of service providers, and of traits, which may hold what providers do."""
_OFTEN_NULL = {"database.redis.client", "app.asset_url", "app.key"}


_ABSENT = PhpArray()


def _as_php(value: object) -> Value:
    if isinstance(value, dict):
        return PhpArray.of({str(k): _as_php(v) for k, v in value.items()})
    return value if isinstance(value, str | int | bool) else None


def _of_package(key: str, ctx: Context) -> Value:
    """What a well-known package's own configuration says of a key, or of one in an array that it says; `_ABSENT` where nothing."""
    parts = key.split(".")
    for length in range(len(parts), 1, -1):
        start = ".".join(parts[:length])
        if start in PACKAGE_DEFAULTS:
            value = _as_php(PACKAGE_DEFAULTS[start])
            rest = ".".join(parts[length:])
            return data_get(value, rest, ctx, _ABSENT) if rest else value
    return _ABSENT


class Configuration:
    """`overrides` are what the code itself has set by `config([...])`."""

    __slots__ = ("files", "host", "loaded", "merged")

    def __init__(self, host: LaravelHost, files: dict[str, list[str]]) -> None:
        self.host = host
        self.files = files
        """Config name → files that say it, the application's first, then packages': the first to know a key tells."""
        self.loaded: dict[str, Value] = {}
        self.merged: dict[str, str] | None = None

    def get(self, key: str, ctx: Context, default: Value = None) -> Value:
        head, _, rest = key.partition(".")
        overrides = self.host.world.config
        if key in overrides:
            return overrides[key]
        if head not in self.files:
            merged = by_longest(self._merged_files(), key)
            if merged is None:
                return self._elsewhere(key, head, default, ctx)
            file, rest = merged
            value = self._load(file, ctx)
            return data_get(value, rest, ctx, default) if rest else value
        for file in self.files[head]:
            found = data_get(self._load(file, ctx), rest, ctx, _ABSENT) if rest else self._load(file, ctx)
            if found is not _ABSENT:
                return found
        known = FRAMEWORK_DEFAULTS.get(key)
        if known is not None or not rest or self._says(head, rest.partition(".")[0], ctx):
            return known if known is not None else default
        package = _of_package(key, ctx)
        return default if package is _ABSENT else package

    def _says(self, head: str, first: str, ctx: Context) -> bool:
        """Whether a file of the project has the key: a package's `mergeConfigFrom` adds those on the first level only."""
        return any(
            data_get(self._load(file, ctx), first, ctx, _ABSENT) is not _ABSENT for file in self.files[head]
        )

    def _merged_files(self) -> dict[str, str]:
        """Dotted keys that providers give to files, and files in folders of config/; looked for when first needed."""
        if self.merged is None:
            files = self.host.world.project.files
            texts = ((f, self.host.classes.text(f)) for f in files if _OF_PROVIDERS.search(f))
            self.merged = merged_files(((f, t) for f, t in texts if b"mergeConfigFrom" in t), files)
        return self.merged

    def _elsewhere(self, key: str, head: str, default: Value, ctx: Context) -> Value:
        """A configuration that the project has no file for: the framework's or a package's own says it."""
        if key in FRAMEWORK_DEFAULTS:
            return FRAMEWORK_DEFAULTS[key]
        package = _of_package(key, ctx)
        if package is not _ABSENT:
            return package
        if default is not None or key in _OFTEN_NULL:
            return default
        return ctx.unknown(f"config('{key}'), for there is no config/{head}.php")

    def _load(self, file: str, ctx: Context) -> Value:
        """A file's array; empty while it is being read (files may ask for each other)."""
        if file not in self.loaded:
            self.loaded[file] = PhpArray()
            self.loaded[file] = self.host.run_file(file, ctx)
        return self.loaded[file]


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
