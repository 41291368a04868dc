"""`LaravelHost`: the framework as the evaluator asks for it."""

from __future__ import annotations

import os

from trueup.model.locations import Gap, Location
from trueup.model.names import DRIVERS
from trueup.sources.laravel.migrations.models import ModelFacts
from trueup.sources.laravel.runtime import facades, packages, query_reads, query_writes
from trueup.sources.laravel.runtime.class_files import ClassFiles
from trueup.sources.laravel.runtime.configuration import Configuration, config_files
from trueup.sources.laravel.runtime.connection import Connection
from trueup.sources.laravel.runtime.data import Inert, StdClass, text_of
from trueup.sources.laravel.runtime.eloquent import ModelBase, application_model, is_model_class, model_static
from trueup.sources.laravel.runtime.helpers import FUNCTIONS
from trueup.sources.laravel.runtime.rows import Row
from trueup.sources.laravel.runtime.world import Snapshot, World
from trueup.sources.php.host import Context, HostFunction
from trueup.sources.php.parse import PhpFile
from trueup.sources.php.values import (
    MISSING,
    Args,
    HostObject,
    Missing,
    PhpArray,
    PhpClass,
    PhpObject,
    Unknown,
    Value,
)

_DATA_FILES = (".sql", ".json", ".csv", ".txt")
_MOST_BYTES = 4_000_000
REGISTERED = (query_reads, query_writes)
"""Their import registers what ends a query."""


class LaravelHost:
    """One replay's framework: implements `trueup.sources.php.host.Host`. `connection_name` is what `database.default` says."""

    def __init__(self, world: World, classes: ClassFiles, connection_name: str | None = None) -> None:
        self.world = world
        self.classes = classes
        self.root = world.project.root
        self.connection_name = connection_name or world.settings.driver
        self.replayed = ""
        """The connection that is replayed, once it has been chosen: DB_CONNECTION names it."""
        self.configuration = Configuration(self, config_files(world.project.files))
        self.noted: list[Gap] = []
        self.texts: dict[str, str] = {}
        """Texts of data files that migrations read, with the files' paths."""
        self._model_facts: dict[str, ModelFacts | Unknown] = {}
        self._evaluated: dict[str, Value] = {}
        self._loaded: set[str] = set()

    # Files and classes

    def text_file(self, path: str) -> str | None:
        """The text of a data file of the project (SQL, JSON, CSV, plain); None for any other, for one that is not there and for
        one outside. Remembers whose text it is, for the places of its statements."""
        real, root = os.path.realpath(path), os.path.realpath(self.root)
        if not real.startswith(root + os.sep) or not real.lower().endswith(_DATA_FILES):
            return None
        try:
            if os.path.getsize(real) > _MOST_BYTES:
                return None
            with open(real, encoding="utf-8") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError):
            return None
        self.texts[text] = os.path.relpath(real, root).replace(os.sep, "/")
        return text

    def class_file(self, name: str) -> PhpFile | None:
        return self.classes.file_of(name)

    def alias(self, name: str) -> str:
        return facades.ALIASES.get(name.lower(), name)

    def ancestors(self, cls: str) -> tuple[str, ...] | None:
        lowered = cls.lower()
        if is_model_class(cls):
            return ("Illuminate\\Database\\Eloquent\\Model", "ArrayAccess", "JsonSerializable")
        if lowered.startswith("illuminate\\support\\facades\\"):
            return ("Illuminate\\Support\\Facades\\Facade",)
        return facades.ANCESTORS.get(lowered)

    def function(self, name: str) -> HostFunction | None:
        found = FUNCTIONS.get(name)
        if found is not None:
            return lambda args, ctx: found(self, args, ctx)
        if name.startswith("safe\\"):
            return lambda args, ctx: ctx.call_function(name[5:], args)
        package = packages.QUIET_FUNCTIONS.get(name)
        if package is not None and any(installed == package for installed, _ in self.world.project.packages):
            return lambda args, ctx: Inert(name)
        file = self.classes.function_file(name)
        parsed = self.classes.parsed(file) if file is not None and file not in self._loaded else None
        if parsed is None or file is None:
            return None
        self._loaded.add(file)
        return lambda args, ctx: self._load_and_call(parsed, name, args, ctx)

    def _load_and_call(self, file: PhpFile, name: str, args: Args, ctx: Context) -> Value:
        """A helper file is loaded when the first of its functions is called."""
        ctx.include(file)
        return ctx.call_function(name, args)

    def constant(self, name: str) -> Value | Missing:
        return MISSING

    def call_static(
        self, cls: str, method: str, args: Args, ctx: Context, called: PhpClass | None
    ) -> Value | Missing:
        if is_model_class(cls):
            if called is not None:
                return model_static(self, called.name, method, args, ctx)
            # A package's own model reads and writes rows; no schema comes of it.
            return None if cls.startswith("Illuminate") else ctx.unknown(f"what {cls}::{method}() gives")
        return facades.call_static(self, cls, method, args, ctx, called)

    def construct(self, cls: str, args: Args, ctx: Context) -> Value | Missing:
        known = application_model(cls) if self.world.project.kind == "package" else None
        return known if known is not None else facades.construct(self, cls, args, ctx)

    def base(self, cls: str, owner: PhpObject, ctx: Context) -> HostObject | None:
        if is_model_class(cls):
            return ModelBase(self, owner)
        return facades.base(self, cls, owner)

    def class_constant(self, cls: str, name: str, ctx: Context, called: PhpClass | None) -> Value | Missing:
        return facades.CONSTANTS.get((cls.lower(), name), MISSING)

    def static_property(self, cls: str, name: str, ctx: Context, called: PhpClass | None) -> Value | Missing:
        settings = self.world.settings
        if cls.lower() == "illuminate\\database\\schema\\builder":
            known: dict[str, Value] = {
                "defaultStringLength": settings.default_string_length,
                "defaultMorphKeyType": settings.default_morph_key_type,
                "defaultTimePrecision": settings.default_time_precision,
            }
            return known.get(name, MISSING)
        if cls.lower() == packages.REGISTRAR:
            return packages.PermissionRegistrar(self).get(name, ctx)
        return MISSING

    def set_static_property(self, cls: str, name: str, value: Value, ctx: Context) -> bool:
        settings = self.world.settings
        if cls.lower() == "illuminate\\database\\schema\\builder" and not isinstance(value, Unknown):
            if name == "defaultStringLength" and isinstance(value, int):
                settings.default_string_length = value
                return True
            if name == "defaultMorphKeyType":
                settings.default_morph_key_type = str(value)
                return True
        return False

    def include(self, path: str, ctx: Context) -> Value | Missing:
        """A PHP file of the project, evaluated."""
        absolute = path if os.path.isabs(path) else os.path.join(self.root, path)
        file = self.classes.parsed(self._relative(absolute))
        if file is None and not os.path.isabs(path):
            # PHP looks beside the file that asks, too.
            beside = os.path.join(self.root, os.path.dirname(ctx.at.file), path)
            file = self.classes.parsed(self._relative(beside))
        return MISSING if file is None else ctx.include(file)

    def _relative(self, absolute: str) -> str:
        return os.path.relpath(os.path.normpath(absolute), self.root).replace(os.sep, "/")

    def path(self, file: str) -> str:
        return os.path.join(self.root, file)

    def snapshot(self) -> object:
        return self.world.snapshot()

    def restore(self, snapshot: object) -> None:
        assert isinstance(snapshot, Snapshot)
        self.world.restore(snapshot)

    def same(self, a: object, b: object) -> bool:
        return isinstance(a, Snapshot) and isinstance(b, Snapshot) and a.same_effects(b)

    # Services of the runtime's other files

    def run_file(self, file: str, ctx: Context) -> Value:
        """A config file's array; evaluated once."""
        if file not in self._evaluated:
            parsed = self.classes.parsed(file)
            self._evaluated[file] = (
                ctx.unknown(f"{file} can't be read") if parsed is None else ctx.include(parsed)
            )
        return self._evaluated[file]

    def config_value(self, key: str, ctx: Context, default: Value = None) -> Value:
        if key == "database.default":
            return self.connection_name
        return self.configuration.get(key, ctx, default)

    def connection(self, elsewhere: str = "") -> Connection:
        return Connection(self, elsewhere)

    def elsewhere(self, name: Value, ctx: Context) -> str:
        """The name of a connection when it is not the one replayed, else "". A connection to the same database under another
        name (a read replica, `mysql` of an app that runs on it) counts as the same when its driver and database are."""
        if name is None or isinstance(name, Unknown):
            return ""
        text = text_of(name, ctx)
        if isinstance(text, Unknown) or text in ("", self.connection_name, self.world.settings.driver):
            return ""
        if text in DRIVERS:
            return text
        driver = self.config_value(f"database.connections.{text}.driver", ctx)
        database = self.config_value(f"database.connections.{text}.database", ctx)
        mine = self.config_value(f"database.connections.{self.connection_name}.database", ctx)
        alike = driver == self.world.settings.driver or (
            self.world.settings.mysql_family and driver in ("mysql", "mariadb")
        )
        same = alike and isinstance(database, str) and database == mine
        return "" if same or driver is None else text

    def note_elsewhere(self, connection: str, at: Location) -> None:
        """Statements for another database are listed once a line, not carried out."""
        gap = Gap(
            at, f"runs on the connection {connection}, which is not the one replayed", "other-connection"
        )
        if gap not in self.noted:
            self.noted.append(gap)

    def model_facts(self, model: Value, ctx: Context) -> ModelFacts | Unknown:
        """Of a class name or a model object."""
        if isinstance(model, Unknown):
            return model
        if isinstance(model, PhpObject) and isinstance(model.base, ModelBase):
            return model.base.facts(ctx)
        if not isinstance(model, str):
            return ctx.unknown("a model that is no class name")
        name = model.lstrip("\\")
        if name not in self._model_facts:
            self._model_facts[name] = self._facts_of(name, ctx)
        return self._model_facts[name]

    def _facts_of(self, name: str, ctx: Context) -> ModelFacts | Unknown:
        known = facades.KNOWN_MODELS.get(name.lower())
        if known is not None:
            return known
        if ctx.find_class(name) is None:
            # A package's model: the framework's conventions are the best that can be said.
            return ModelFacts(name.rsplit("\\", 1)[-1], _conventional_table(name))
        made = ctx.instantiate(name)
        if isinstance(made, PhpObject) and isinstance(made.base, ModelBase):
            return made.base.facts(ctx)
        return made if isinstance(made, Unknown) else ctx.unknown(f"{name} is no model")

    def key_name(self, model: str, ctx: Context) -> str:
        facts = self.model_facts(model, ctx)
        return "id" if isinstance(facts, Unknown) else facts.key_name

    def model_from_row(self, model: str, row: Row, ctx: Context) -> Value:
        made = ctx.instantiate(model)
        if isinstance(made, PhpObject) and isinstance(made.base, ModelBase):
            made.base.attributes = dict(row)
            made.base.exists = True
        return made


def _conventional_table(name: str) -> str:
    from trueup.sources.laravel.inflection import table_of

    return table_of(name)


__all__ = ["Inert", "LaravelHost", "PhpArray", "StdClass"]
