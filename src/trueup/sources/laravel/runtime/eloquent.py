"""Models inside migrations: what a class that extends the framework's `Model` has besides its own methods."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trueup.sources.laravel.eloquent.bases import SKELETON, Base, base_of, table_by_rule
from trueup.sources.laravel.inflection import studly
from trueup.sources.laravel.migrations.models import ModelFacts
from trueup.sources.laravel.runtime.collection import items_of
from trueup.sources.laravel.runtime.data import Inert, listed
from trueup.sources.laravel.runtime.query import HANDLERS, QueryBuilder, QueryState, Where
from trueup.sources.laravel.runtime.relations import RelationObject
from trueup.sources.laravel.runtime.rows import Row
from trueup.sources.php.host import Context
from trueup.sources.php.values import MISSING, Args, HostObject, Missing, PhpArray, PhpObject, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost

MODEL = "Illuminate\\Database\\Eloquent\\Model"
MODEL_CLASSES = {
    "illuminate\\database\\eloquent\\model",
    "illuminate\\foundation\\auth\\user",
    "illuminate\\database\\eloquent\\relations\\pivot",
    "illuminate\\database\\eloquent\\relations\\morphpivot",
    "illuminate\\notifications\\databasenotification",
}
_PACKAGE_MODELS = {
    "laravel\\sanctum\\personalaccesstoken",
    "spatie\\permission\\models\\role",
    "spatie\\permission\\models\\permission",
    "spatie\\medialibrary\\mediacollections\\models\\media",
    "spatie\\activitylog\\models\\activity",
    "laravel\\jetstream\\team",
    "laravel\\jetstream\\membership",
    "laravel\\jetstream\\teaminvitation",
}


def is_model_class(name: str) -> bool:
    """The framework's base classes, and models of packages (by the custom that they live in a Models namespace)."""
    lowered = name.lower()
    if lowered in MODEL_CLASSES or lowered in _PACKAGE_MODELS:
        return True
    return "\\models\\" in lowered or (lowered.startswith("laravel\\passport\\") and lowered.count("\\") == 2)


_CONCERNS = "Illuminate\\Database\\Eloquent\\Concerns\\"
_KEY_TRAITS = {"HasUuids", "HasUlids", "HasVersion4Uuids", "HasVersion7Uuids"}
_RELATIONS = {
    "hasone", "hasmany", "belongsto", "belongstomany", "morphto", "morphone", "morphmany", "morphtomany", "morphedbymany",
    "hasmanythrough", "hasonethrough",
}  # fmt: skip
_QUIET_STATICS = frozenset(
    [
        "observe",
        "creating",
        "created",
        "updating",
        "updated",
        "saving",
        "saved",
        "deleting",
        "deleted",
        "addglobalscope",
        "unguard",
        "reguard",
        "flusheventlisteners",
        "preventlazyloading",
        "shouldbestrict",
        "booted",
        "boot",
    ]
)
_BUILDER_WORDS = (
    "where",
    "orwhere",
    "has",
    "doesnthave",
    "with",
    "orhas",
    "latest",
    "oldest",
    "orderby",
    "on",
)
_BUILDER_WRITES = {
    "create",
    "firstorcreate",
    "updateorcreate",
    "firstornew",
    "forcecreate",
    "createquietly",
    "createmany",
}


class ApplicationModel(HostObject):
    """A model that every application has from its skeleton, where a package asks it for its names."""

    __slots__ = ("facts",)

    def __init__(self, facts: ModelFacts) -> None:
        self.facts = facts

    @property
    def php_class(self) -> str:
        return MODEL

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        names: dict[str, Value] = {
            "gettable": self.facts.table,
            "getkeyname": self.facts.key_name,
            "getkeytype": self.facts.key_type,
            "getincrementing": self.facts.incrementing,
            "getforeignkey": self.facts.foreign_key,
            "getconnectionname": None,
        }
        return names.get(method.lower(), MISSING)


def application_model(name: str) -> ApplicationModel | None:
    found = SKELETON.get(name.lower())
    return None if found is None else ApplicationModel(ModelFacts(name.rsplit("\\", 1)[-1], *found))


class ModelBase(HostObject):
    """The framework's part of a model object."""

    __slots__ = ("attributes", "exists", "host", "owner")

    def __init__(self, host: LaravelHost, owner: PhpObject) -> None:
        self.host = host
        self.owner = owner
        self.attributes: Row = {}
        self.exists = False

    @property
    def php_class(self) -> str:
        return MODEL

    # Names

    @property
    def table(self) -> str:
        own = self.owner.get("table")
        if isinstance(own, str) and own:
            return own
        cls, base = self.owner.cls, base_of(self.owner.cls.native) or Base()
        said = base.table if base.inherited else None
        return said or table_by_rule(cls.name, base, self.host.world.settings.major)

    @property
    def key_name(self) -> str:
        own = self.owner.get("primaryKey")
        return own if isinstance(own, str) and own else "id"

    def facts(self, ctx: Context) -> ModelFacts:
        """With the class's own overrides of `getTable()` and kin."""
        table = ctx.call_method(self.owner, "getTable")
        key = ctx.call_method(self.owner, "getKeyName")
        key_type = ctx.call_method(self.owner, "getKeyType")
        return ModelFacts(
            name=self.owner.cls.name.rsplit("\\", 1)[-1],
            table=table if isinstance(table, str) else self.table,
            key_name=key if isinstance(key, str) else self.key_name,
            key_type=key_type if isinstance(key_type, str) else "int",
            incrementing=ctx.call_method(self.owner, "getIncrementing") is not False,
            ulids=f"{_CONCERNS}HasUlids" in self.owner.cls.traits,
            own_foreign_key=self._own_foreign_key(ctx),
        )

    def _own_foreign_key(self, ctx: Context) -> str:
        if not ctx.has_method(self.owner, "getForeignKey"):
            return ""
        name = ctx.call_method(self.owner, "getForeignKey")
        return name if isinstance(name, str) else ""

    def makes_own_key(self, ctx: Context) -> bool:
        """The framework's traits for keys that are no numbers; a class may use them for another column."""
        if ctx.has_method(self.owner, "uniqueIds"):
            ids = ctx.call_method(self.owner, "uniqueIds")
            if isinstance(ids, PhpArray) and self.key_name not in ids.values():
                return False
        return any(
            t.startswith(_CONCERNS) and t.removeprefix(_CONCERNS) in _KEY_TRAITS
            for t in self.owner.cls.traits
        )

    # Calls

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        lowered = method.lower()
        handler = getattr(self, "_call_" + lowered, None)
        if handler is not None:
            result: Value = handler(args, ctx)
            return result
        if lowered in _RELATIONS:
            return self._relation(lowered, args, ctx)
        if lowered in _BUILDER_WRITES:
            return self._make(lowered, args, ctx)
        if lowered in HANDLERS or ctx.has_method(self.owner, "scope" + method[:1].upper() + method[1:]):
            query = self.query(ctx)
            if lowered in ("update", "delete", "forcedelete", "increment", "decrement") and self.exists:
                return self._write_self(lowered, args, ctx)
            return query.call(method, args, ctx)
        return self.query(ctx).call(method, args, ctx) if lowered.startswith(_BUILDER_WORDS) else MISSING

    def query(self, ctx: Context) -> QueryBuilder:
        table = ctx.call_method(self.owner, "getTable")
        name = ctx.call_method(self.owner, "getConnectionName")
        elsewhere = self.host.elsewhere(name, ctx) if isinstance(name, str) else ""
        state = QueryState([(table if isinstance(table, str) else self.table, "")])
        return QueryBuilder(self.host, state, self.owner.cls.name, elsewhere)

    def _call___construct(self, args: Args, ctx: Context) -> Value:
        return self._call_fill(args, ctx)

    def _call_fill(self, args: Args, ctx: Context) -> Value:
        for key, value in items_of(args.get(0, "attributes"), ctx).items():
            self.attributes[str(key)] = value
        return self.owner

    _call_forcefill = _call_fill

    def _call_gettable(self, args: Args, ctx: Context) -> Value:
        return self.table

    def _call_settable(self, args: Args, ctx: Context) -> Value:
        self.owner.set("table", args.get(0))
        return self.owner

    def _call_getkeyname(self, args: Args, ctx: Context) -> Value:
        return self.key_name

    _call_getroutekeyname = _call_getkeyname

    def _call_getkeytype(self, args: Args, ctx: Context) -> Value:
        own = self.owner.get("keyType")
        return "string" if self.makes_own_key(ctx) else own if isinstance(own, str) else "int"

    def _call_getincrementing(self, args: Args, ctx: Context) -> Value:
        return not self.makes_own_key(ctx) and self.owner.get("incrementing") is not False

    def _call_getforeignkey(self, args: Args, ctx: Context) -> Value:
        return self.facts(ctx).foreign_key

    def _call_getqualifiedkeyname(self, args: Args, ctx: Context) -> Value:
        return f"{self.table}.{self.key_name}"

    def _call_getconnectionname(self, args: Args, ctx: Context) -> Value:
        own = self.owner.get("connection")
        return own if isinstance(own, str) else None

    def _call_setconnection(self, args: Args, ctx: Context) -> Value:
        self.owner.set("connection", args.get(0))
        return self.owner

    def _call_getconnection(self, args: Args, ctx: Context) -> Value:
        return self.host.connection(self.host.elsewhere(self.owner.get("connection"), ctx))

    def _call_getmorphclass(self, args: Args, ctx: Context) -> Value:
        return self.owner.cls.name

    def _call_getkey(self, args: Args, ctx: Context) -> Value:
        return self.attributes.get(self.key_name)

    def _call_getattribute(self, args: Args, ctx: Context) -> Value:
        return self.attributes.get(str(args.get(0)))

    _call_getrawattribute = _call_getoriginal = _call_getrawloriginal = _call_getattribute

    def _call_getattributes(self, args: Args, ctx: Context) -> Value:
        return PhpArray.of(dict(self.attributes))

    _call_toarray = _call_getattributes

    def _call_setattribute(self, args: Args, ctx: Context) -> Value:
        self.attributes[str(args.get(0))] = args.get(1)
        return self.owner

    def _call_newquery(self, args: Args, ctx: Context) -> Value:
        return self.query(ctx)

    _call_query = _call_newmodelquery = _call_newquerywithoutscopes = _call_on = _call_newquery

    def _call_factory(self, args: Args, ctx: Context) -> Value:
        """A factory writes rows of its table, and of others that it refers to."""
        world = self.host.world
        world.rows.doubt(
            world.prefixed(self.table), ctx.unknown(f"the rows that a factory of {self.table} makes")
        )
        return Inert("Illuminate\\Database\\Eloquent\\Factories\\Factory")

    def _call_newinstance(self, args: Args, ctx: Context) -> Value:
        return ctx.instantiate(self.owner.cls.name, [args.get(0)] if args.has(0) else [])

    def _call_getfillable(self, args: Args, ctx: Context) -> Value:
        own = self.owner.get("fillable")
        return own if isinstance(own, PhpArray) else PhpArray()

    def _quiet(self, args: Args, ctx: Context) -> Value:
        return self.owner

    _call_refresh = _call_fresh = _call_load = _call_loadmissing = _call_syncoriginal = _quiet
    _call_makevisible = _call_makehidden = _quiet
    _call_setrelation = _call_unsetrelation = _call_withoutrelations = _call_touch = _call_setappends = (
        _call_append
    ) = _quiet

    def _call_withoutevents(self, args: Args, ctx: Context) -> Value:
        return ctx.invoke(args.get(0))

    _call_withouttimestamps = _call_unguarded = _call_withoutbroadcasting = _call_withouttouching = (
        _call_withoutevents
    )

    def _call_save(self, args: Args, ctx: Context) -> Value:
        if self.exists:
            self._write_self("update", Args([PhpArray.of(dict(self.attributes))], at=args.at), ctx)
        else:
            self._insert(ctx)
        return True

    _call_savequietly = _call_saveorfail = _call_push = _call_save

    def _insert(self, ctx: Context) -> None:
        from trueup.sources.laravel.runtime.query_writes import write_rows

        row = dict(self.attributes)
        key = write_rows(self.query(ctx), [row], ctx, complete=False)
        self.attributes.update(row)
        if self.key_name not in self.attributes:
            self.attributes[self.key_name] = (
                key if key is not None else ctx.unknown("a key that the model makes up")
            )
        self.exists = True

    def _write_self(self, method: str, args: Args, ctx: Context) -> Value:
        query = self.query(ctx).add(Where(self.key_name, "=", self.attributes.get(self.key_name)))
        if method == "update":
            for key, value in items_of(args.get(0), ctx).items():
                self.attributes[str(key)] = value
        found = query.call(method, Args(args.positional if method != "delete" else (), at=args.at), ctx)
        return None if isinstance(found, Missing) else found

    def _make(self, method: str, args: Args, ctx: Context) -> Value:
        """`create`, `firstOrCreate`, `updateOrCreate`: found by the first array, else made of both."""
        first, second = items_of(args.get(0), ctx), items_of(args.get(1), ctx)
        if method in ("firstorcreate", "updateorcreate", "firstornew"):
            query = self.query(ctx)
            for key, value in first.items():
                query.add(Where(str(key), "=", value))
            found = query.call("first", Args(at=args.at), ctx)
            if found is not None:
                return None if isinstance(found, Missing) else found
        model = ctx.instantiate(self.owner.cls.name)
        if not isinstance(model, PhpObject) or not isinstance(model.base, ModelBase):
            return ctx.unknown("a model that was made")
        for key, value in [*first.items(), *second.items()]:
            model.base.attributes[str(key)] = value
        if method != "firstornew":
            model.base._insert(ctx)
        return model

    def _relation(self, kind: str, args: Args, ctx: Context) -> Value:
        """A query on the related table whose condition is not followed."""
        related = args.get(0, "related")
        facts = (
            self.host.model_facts(related, ctx)
            if related is not None
            else ctx.unknown("a polymorphic relation")
        )
        if isinstance(facts, Unknown):
            return facts
        query = QueryBuilder(self.host, QueryState([(facts.table, "")]), str(related))
        query.add(Where(opaque=ctx.unknown(f"the rows of the relation to {facts.table}")))
        return RelationObject(query)

    # Attributes

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        accessor = f"get{studly(prop)}Attribute"
        if ctx.has_method(self.owner, accessor):
            return ctx.call_method(self.owner, accessor, [self.attributes.get(prop)])
        if prop in self.attributes:
            return self.attributes[prop]
        if prop == "exists":
            return self.exists
        if ctx.has_method(self.owner, prop):
            found = ctx.call_method(self.owner, prop)
            if isinstance(found, RelationObject):
                return found.query.call("get", Args(at=ctx.at), ctx)
            return ctx.unknown(f"the attribute {prop}")
        return None

    def set(self, prop: str, value: Value, ctx: Context) -> bool:
        if prop in ("timestamps", "exists", "incrementing", "table", "connection"):
            self.owner.set(prop, value)
            return True
        mutator = f"set{studly(prop)}Attribute"
        if ctx.has_method(self.owner, mutator):
            ctx.call_method(self.owner, mutator, [value])
        else:
            self.attributes[prop] = value
        return True

    def has(self, prop: str, ctx: Context) -> bool | None:
        value = self.get(prop, ctx)
        return None if isinstance(value, Unknown) else value is not None and value is not MISSING

    def offset_get(self, key: Value, ctx: Context) -> Value | Missing:
        return self.get(str(key), ctx)

    def offset_set(self, key: Value | None, value: Value, ctx: Context) -> bool:
        return self.set(str(key), value, ctx)

    def iterate(self, ctx: Context) -> Iterable[tuple[Value, Value]] | None:
        return list(self.attributes.items())

    def json(self, ctx: Context) -> Value:
        return PhpArray.of(dict(self.attributes))


def model_static(host: LaravelHost, cls: str, method: str, args: Args, ctx: Context) -> Value | Missing:
    """`User::where(...)`, `User::query()`, `User::create([...])`: a fresh model forwards it."""
    lowered = method.lower()
    model = ctx.instantiate(cls)
    if not isinstance(model, PhpObject) or not isinstance(model.base, ModelBase):
        return ctx.unknown(f"{cls}::{method}()")
    if lowered in ("all", "get"):
        return model.base.query(ctx).call("get", Args(at=args.at), ctx)
    if lowered == "destroy":
        query = model.base.query(ctx).add(Where(model.base.key_name, "in", PhpArray(listed(args.get(0)))))
        return query.call("delete", Args(at=args.at), ctx)
    if lowered in (
        "with",
        "without",
        "withoutglobalscope",
        "withoutglobalscopes",
        "withtrashed",
        "onlytrashed",
    ):
        return model.base.query(ctx)
    if lowered in _QUIET_STATICS:
        return None
    return model.base.call(method, args, ctx)


__all__ = ["MODEL", "MODEL_CLASSES", "ModelBase", "RelationObject", "model_static"]
