"""What runs when a model is saved or deleted: boot methods, observers, `$dispatchesEvents`; and its global scopes."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.eloquent import Attribute, Hook
from trueup.model.locations import Location
from trueup.sources.laravel.eloquent.lineage import Layer, lineage_of
from trueup.sources.laravel.eloquent.literals import Scope
from trueup.sources.laravel.eloquent.returns import chain_of, expressions, statements
from trueup.sources.laravel.eloquent.settings import Settings
from trueup.sources.laravel.eloquent.written import Listed
from trueup.sources.php import tree

EVENTS = frozenset(
    (
        *(
            "retrieved",
            "creating",
            "created",
            "updating",
            "updated",
            "saving",
            "saved",
            "deleting",
            "deleted",
        ),
        *("trashed", "forcedeleting", "forcedeleted", "restoring", "restored", "replicating"),
    )
)
_FILLS = frozenset({"fill", "forcefill", "setrawattributes"})
_DELETES = frozenset({"delete", "forcedelete", "detach", "truncate"})


def hooks(settings: Settings, observers: tuple[Attribute, ...]) -> tuple[Hook, ...]:
    found: list[Hook] = []
    for method, layer in _boot_methods(settings):
        found += _registered(method, layer, settings)
    for observer in observers:
        found += _of_observer(observer, settings)
    dispatched = settings.value("dispatchesEvents")
    if isinstance(dispatched, Listed):
        for entry in dispatched.entries:
            if isinstance(entry.key, str) and isinstance(entry.value, str):
                found.append(Hook(entry.key, Location(*entry.at), calls=(entry.value,)))
    return tuple(sorted(found, key=lambda h: (h.at, h.event)))


def global_scopes(settings: Settings) -> tuple[Attribute, ...]:
    """By class or name; a closure without a name is ""."""
    found: list[Attribute] = []
    for method, layer in _boot_methods(settings):
        scope = Scope(layer.decl.file, layer, settings.lineage)
        for call in _static_calls(method, ("addglobalscope", "addglobalscopes")):
            at = Location(layer.decl.file, call.line)
            found += [Attribute(name, at) for name in _scope_names(call, scope, settings)]
    listed = settings.attribute_list("ScopedBy")
    found += _named(listed)
    return tuple(sorted(found, key=lambda a: (a.at, a.name)))


def _named(listed: Listed | None) -> list[Attribute]:
    entries = listed.entries if listed else ()
    return [Attribute(e.value, Location(*e.at)) for e in entries if isinstance(e.value, str)]


def observers(settings: Settings, elsewhere: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    """Observer classes: `#[ObservedBy]`, `static::observe()` in a boot method, and those registered `elsewhere`."""
    found: list[Attribute] = list(elsewhere)
    listed = settings.attribute_list("ObservedBy")
    found += _named(listed)
    for method, layer in _boot_methods(settings):
        scope = Scope(layer.decl.file, layer, settings.lineage)
        for call in _static_calls(method, ("observe",)):
            at = Location(layer.decl.file, call.line)
            found += [Attribute(name, at) for name in class_names(call, scope, settings)]
    return tuple(found)


def class_names(call: tree.StaticCall, scope: Scope, settings: Settings) -> Iterator[str]:
    """The classes given as first argument: one, or a list."""
    value = settings.literals.value(call.args[0].value, scope) if call.args else None
    if isinstance(value, str):
        yield value
    elif isinstance(value, Listed):
        yield from (e.value for e in value.entries if isinstance(e.value, str))


def _boot_methods(settings: Settings) -> Iterator[tuple[tree.FunctionDecl, Layer]]:
    for name in ("booting", "boot", "booted"):
        found = settings.lineage.method(name)
        if found is not None:
            yield found
            yield from _parent_boots(name, found[1], settings)
    for layer in settings.lineage.layers:
        if layer.trait:
            method = layer.decl.methods.get(f"boot{layer.decl.short}".lower())
            if method is not None:
                yield method, layer


def _parent_boots(name: str, nearest: Layer, settings: Settings) -> Iterator[tuple[tree.FunctionDecl, Layer]]:
    """`parent::boot()` is customary: the parents' methods count too."""
    depth = nearest.depth + 1
    while (found := settings.lineage.method(name, depth)) is not None:
        yield found
        depth = found[1].depth + 1


def _static_calls(method: tree.FunctionDecl, names: tuple[str, ...]) -> Iterator[tree.StaticCall]:
    for expr in expressions(method):
        root, _ = chain_of(expr)
        if isinstance(root, tree.StaticCall) and isinstance(root.name, str) and root.name.lower() in names:
            yield root


def _registered(method: tree.FunctionDecl, layer: Layer, settings: Settings) -> Iterator[Hook]:
    """`static::creating(function ($model) {...})`."""
    for call in _static_calls(method, tuple(EVENTS)):
        at = Location(layer.decl.file, call.line)
        event = str(call.name).lower()
        closure = call.args[0].value if call.args else None
        if isinstance(closure, tree.ClosureExpr):
            yield _hook(
                event, at, closure.function, Scope(layer.decl.file, layer, settings.lineage), settings
            )
        else:
            yield Hook(event, at)


def _of_observer(observer: Attribute, settings: Settings) -> Iterator[Hook]:
    lineage = lineage_of(observer.name, settings.literals.index)
    if lineage is None:
        return
    for method, layer in lineage.methods():
        if method.name.lower() in EVENTS:
            at = Location(layer.decl.file, method.line)
            yield _hook(method.name.lower(), at, method, Scope(layer.decl.file, layer, lineage), settings)


def _hook(event: str, at: Location, function: tree.FunctionDecl, scope: Scope, settings: Settings) -> Hook:
    model = function.params[0].name if function.params else ""
    writes: list[str] = []
    calls: list[str] = []
    for statement in statements(function.body):
        for expr in _top_expressions(statement):
            writes += _written(expr, model, scope, settings)
            calls += _called(expr, model)
    return Hook(event, at, tuple(dict.fromkeys(writes)), tuple(dict.fromkeys(calls)))


def _top_expressions(statement: tree.Stmt) -> Iterator[tree.Expr]:
    match statement:
        case tree.ExpressionStatement():
            yield statement.value
        case tree.Return(value=value) if value is not None:
            yield value
        case tree.Foreach():
            yield statement.subject
        case _:
            pass


def _written(expr: tree.Expr, model: str, scope: Scope, settings: Settings) -> Iterator[str]:
    """`$model->a = ...`, `$model->a ??= ...`, `$model['a'] = ...`, `$model->setAttribute('a', ...)`, `->fill([...])`."""
    if isinstance(expr, tree.Assign | tree.AssignOp):
        target = expr.target
        base = target.base if isinstance(target, tree.Property | tree.Index) else None
        if base is not None and _is(base, model):
            name = target.name if isinstance(target, tree.Property) else None
            if isinstance(name, str):
                yield name
            else:
                yield from _computed_name(target, scope, settings)
        return
    root, calls = chain_of(expr)
    if not _is(root, model):
        return
    for call in calls:
        name = call.name.lower() if isinstance(call.name, str) else ""
        value = settings.literals.value(call.args[0].value, scope) if call.args else None
        if name in ("setattribute", "forcefill") and isinstance(value, str):
            yield value
        elif name in _FILLS and isinstance(value, Listed):
            yield from (e.key for e in value.entries if isinstance(e.key, str))


def _computed_name(target: tree.Expr, scope: Scope, settings: Settings) -> Iterator[str]:
    """`$model->{$model->getKeyName()}` is the key."""
    inner = target.name if isinstance(target, tree.Property) else None
    if isinstance(target, tree.Index):
        inner = target.index
    if isinstance(inner, tree.MethodCall) and inner.name == "getKeyName":
        key = settings.value("primaryKey")
        yield key if isinstance(key, str) else "id"
    elif inner is not None and not isinstance(inner, str):
        text = settings.literals.text(inner, scope)
        if text:
            yield text


def _called(expr: tree.Expr, model: str) -> Iterator[str]:
    """`$model->posts()->delete()` as "posts->delete", `$model->posts->each->delete()` likewise."""
    root, calls = chain_of(expr)
    names = [c.name for c in calls if isinstance(c.name, str)]
    deletes = [n for n in names if n.lower() in _DELETES]
    if not deletes:
        return
    if _is(root, model) and len(names) > 1:
        yield f"{names[0]}->{deletes[-1]}"
    elif isinstance(root, tree.Property):
        path = _path(root, model)
        if path:
            yield f"{path}->{deletes[-1]}"


def _path(prop: tree.Property, model: str) -> str:
    """The first property after the model: the relation."""
    expr: tree.Expr = prop
    name = ""
    while isinstance(expr, tree.Property) and isinstance(expr.name, str):
        name, expr = expr.name, expr.base
    return name if _is(expr, model) else ""


def _is(expr: tree.Expr, variable: str) -> bool:
    return isinstance(expr, tree.Variable) and bool(variable) and expr.name == variable


def _scope_names(call: tree.StaticCall, scope: Scope, settings: Settings) -> Iterator[str]:
    first = call.args[0].value if call.args else None
    if isinstance(first, tree.New) and isinstance(first.cls, tree.Name):
        yield settings.literals.class_of(first.cls, scope) or ""
    elif isinstance(first, tree.ArrayLiteral):
        for item in first.items:
            if (
                item is not None
                and isinstance(item.value, tree.New)
                and isinstance(item.value.cls, tree.Name)
            ):
                yield settings.literals.class_of(item.value.cls, scope) or ""
    elif first is not None:
        yield settings.literals.text(first, scope) or ""
