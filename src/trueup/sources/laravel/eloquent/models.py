"""One class and its lineage → `Model`, without its relations (those need all models)."""

from __future__ import annotations

from trueup.model.eloquent import Attribute, Model
from trueup.model.locations import Gap, Location
from trueup.sources.laravel.eloquent.attributes import accessors, casts, documented, scopes
from trueup.sources.laravel.eloquent.bases import HAS_FACTORY, SOFT_DELETES, Base
from trueup.sources.laravel.eloquent.hooks import global_scopes, hooks, observers
from trueup.sources.laravel.eloquent.lineage import Lineage
from trueup.sources.laravel.eloquent.literals import Literals
from trueup.sources.laravel.eloquent.settings import Settings
from trueup.sources.laravel.eloquent.tables import keys, table_name, timestamps
from trueup.sources.laravel.eloquent.written import Unread
from trueup.sources.php import tree
from trueup.sources.php.walk import find
from trueup.structs import Struct

_FRAMEWORK = ("illuminate\\", "eloquent")
_WAYS = (
    *(
        "setattribute",
        "getattribute",
        "__get",
        "__set",
        "fill",
        "forcefill",
        "save",
        "performinsert",
        "performupdate",
    ),
    *("setrawattributes", "getattributes", "getattributesforinsert", "newrelatedinstance"),
    *("getforeignkey", "newfactory", "setkeysforsavequery"),
)
"""By which attributes are read and written: a project's own may take names that are no columns. And what names the key by which
others refer to the model, or its factory, or finds its row again by a key of several columns."""


class ReadModel(Struct, frozen=True):
    """`has_factory`: the class, or a trait or parent of it, has HasFactory."""

    model: Model
    lineage: Lineage
    gaps: tuple[Gap, ...]
    has_factory: bool


def read_model(
    lineage: Lineage, base: Base, literals: Literals, major: int, observed: tuple[Attribute, ...]
) -> ReadModel:
    settings = Settings.of(lineage, literals)
    table = table_name(settings, base, major)
    key = keys(settings, base)
    stamps = timestamps(settings, base)
    gets, sets = accessors(settings)
    watching = observers(settings, observed)
    own = lineage.own
    model = Model(
        name=own.name,
        at=Location(own.file, own.line),
        table=table.name,
        table_explicit=table.explicit,
        connection=_connection(settings),
        primary_key=key.name,
        key_type=key.type,
        incrementing=key.incrementing,
        timestamps=stamps.on,
        created_at=stamps.created,
        updated_at=stamps.updated,
        soft_deletes=lineage.uses_trait(SOFT_DELETES),
        deleted_at=stamps.deleted,
        fillable=_listed(settings, "fillable", "Fillable"),
        guarded=_guarded(settings, base),
        casts=casts(settings, base, major),
        defaults=settings.names("attributes"),
        hidden=_listed(settings, "hidden", "Hidden"),
        appends=_listed(settings, "appends", "Appends"),
        accessors=gets,
        mutators=sets,
        scopes=scopes(settings),
        properties=documented(settings),
        traits=lineage.traits,
        parents=lineage.parents,
        abstract=own.abstract,
        visible=_listed(settings, "visible", "Visible"),
        dates=settings.names("dates") if major <= 9 else (),
        eager=settings.names("with"),
        touches=_listed(settings, "touches", "Touches"),
        unique_ids=key.unique_ids,
        global_scopes=global_scopes(settings),
        observers=watching,
        hooks=hooks(settings, watching),
        route_key=_route_key(settings),
        outside=_outside(lineage, literals),
        overrides=_overrides(lineage, key.name),
        unknown=tuple(settings.unknown),
    )
    gaps = tuple(Gap(at, f"{own.short}: {name}: {reason}", "model") for name, reason, at in settings.reasons)
    return ReadModel(model, lineage, gaps, lineage.uses_trait(HAS_FACTORY))


def _overrides(lineage: Lineage, key: str | None) -> tuple[str, ...]:
    return tuple(
        name
        for name in _WAYS
        if lineage.method(name) is not None
        and not (name == "getforeignkey" and key == "id" and _asks_parent(lineage, name))
    )


def _asks_parent(lineage: Lineage, name: str) -> bool:
    """Whether a method falls back on the parent's: what it gives in the usual case."""
    found = lineage.method(name)
    calls = find(tree.StaticCall, found[0]) if found is not None else ()
    return any(
        isinstance(c.cls, tree.Name) and c.cls.full == "parent" and str(c.name).lower() == name for c in calls
    )


def _outside(lineage: Lineage, literals: Literals) -> tuple[str, ...]:
    names = (*lineage.traits, *lineage.parents)
    return tuple(n for n in names if literals.index.get(n) is None and not n.lower().startswith(_FRAMEWORK))


def _listed(settings: Settings, name: str, attribute: str) -> tuple[Attribute, ...]:
    """The property's names, and those of the PHP attribute."""
    found = settings.names(name)
    listed = settings.attribute_list(attribute)
    if listed is None:
        return found
    known = {a.name for a in found}
    return found + tuple(a for a in settings.attributes(listed, name) if a.name not in known)


def _guarded(settings: Settings, base: Base) -> tuple[Attribute, ...] | None:
    if settings.php_attribute("Unguarded") is not None:
        return ()
    if settings.declared("guarded"):
        return settings.names("guarded")
    listed = settings.attribute_list("Guarded")
    if listed is not None:
        return settings.attributes(listed, "guarded")
    return () if base.open else None


def _connection(settings: Settings) -> str | None:
    """None: the default one."""
    if settings.lineage.method("getConnectionName") is not None:
        value = settings.method_value("getConnectionName")
        if isinstance(value, Unread):
            settings.miss("connection", value.reason, settings.place("connection"))
        return value if isinstance(value, str) else None
    if settings.declared("connection"):
        return settings.text("connection")
    value = settings.attribute_argument("Connection", "name")
    return value if isinstance(value, str) else None


def _route_key(settings: Settings) -> str:
    value = settings.method_value("getRouteKeyName")
    if isinstance(value, str):
        return value
    given = settings.attribute_argument("RouteKey", "key")
    return given if isinstance(given, str) else ""
