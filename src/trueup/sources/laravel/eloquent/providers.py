"""What service providers say of models: the morph map and observers."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.eloquent import Attribute
from trueup.model.locations import Location
from trueup.sources.laravel.eloquent.lineage import Layer, lineage_of
from trueup.sources.laravel.eloquent.literals import Literals, Scope
from trueup.sources.laravel.eloquent.returns import expressions
from trueup.sources.laravel.eloquent.written import Listed, Value
from trueup.sources.php import tree

SIGNS = (b"morphMap(", b"enforceMorphMap(", b"::observe(", b"$observers", b"usePersonalAccessTokenModel(")
"""A file with none of these has nothing to say."""

_SETTERS = {"usepersonalaccesstokenmodel": "Sanctum::$personalAccessTokenModel"}


def registrations(
    files: list[str], literals: Literals
) -> tuple[dict[str, str], dict[str, tuple[Attribute, ...]]]:
    """(morph map: lower-case class → alias, observers: lower-case class → observer classes)."""
    aliases: dict[str, str] = {}
    observed: dict[str, tuple[Attribute, ...]] = {}
    for file in sorted(files):
        for decl in literals.index.parsed(file).classes:
            for cls, alias in _aliases(decl, literals):
                aliases.setdefault(cls.lower(), alias)
            for cls, observer in _observers(decl, literals):
                observed[cls.lower()] = (*observed.get(cls.lower(), ()), observer)
    return aliases, observed


def _static_calls(decl: tree.ClassDecl) -> Iterator[tree.StaticCall]:
    for method in decl.methods.values():
        for expr in expressions(method):
            if isinstance(expr, tree.StaticCall):
                yield expr


def _scope(decl: tree.ClassDecl, literals: Literals) -> Scope:
    lineage = lineage_of(decl.name, literals.index)
    return Scope(decl.file, lineage.layers[0] if lineage else Layer(decl, 0), lineage)


def _aliases(decl: tree.ClassDecl, literals: Literals) -> Iterator[tuple[str, str]]:
    for call in _static_calls(decl):
        if str(call.name).lower() in ("morphmap", "enforcemorphmap") and call.args:
            value = literals.value(call.args[0].value, _scope(decl, literals))
            for entry in value.entries if isinstance(value, Listed) else ():
                if isinstance(entry.value, str) and isinstance(entry.key, str):
                    yield entry.value, entry.key


def _observers(decl: tree.ClassDecl, literals: Literals) -> Iterator[tuple[str, Attribute]]:
    for call in _static_calls(decl):
        if call.name == "observe" and isinstance(call.cls, tree.Name) and call.args:
            scope = _scope(decl, literals)
            cls = literals.class_of(call.cls, scope)
            at = Location(decl.file, call.line)
            for name in _observing(call.args[0].value, literals, scope):
                yield cls or "", Attribute(name, at)
    listed = decl.properties.get("observers")
    if listed is not None:
        value = literals.value(listed.default, _scope(decl, literals))
        for entry in value.entries if isinstance(value, Listed) else ():
            for name in _classes(entry.value):
                yield str(entry.key), Attribute(name, Location(*entry.at))


def _observing(given: tree.Expr, literals: Literals, scope: Scope) -> Iterator[str]:
    """The classes of `observe(X::class)`, `observe([X::class, Y::class])`, `observe(new X)`."""
    if isinstance(given, tree.New) and isinstance(given.cls, tree.Name):
        yield literals.class_of(given.cls, scope) or given.cls.full
    else:
        yield from _classes(literals.value(given, scope))


def vendor_statics(files: list[str], literals: Literals) -> dict[str, str]:
    """Static properties of packages that a provider sets: `Sanctum::usePersonalAccessTokenModel(X::class)`."""
    found: dict[str, str] = {}
    for file in sorted(files):
        for decl in literals.index.parsed(file).classes:
            for call in _static_calls(decl):
                prop = _SETTERS.get(str(call.name).lower())
                value = literals.text(call.args[0].value, _scope(decl, literals)) if call.args else None
                if prop and value:
                    found[prop] = value
    return found


def _classes(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Listed):
        yield from (e.value for e in value.entries if isinstance(e.value, str))
