"""What a model says of its columns: casts, accessors, mutators, scopes, PHPDoc."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.eloquent import Attribute, Cast
from trueup.model.locations import Location
from trueup.sources.laravel.eloquent.bases import ELOQUENT, Base
from trueup.sources.laravel.eloquent.lineage import Layer
from trueup.sources.laravel.eloquent.literals import Literals, Scope
from trueup.sources.laravel.eloquent.returns import chain_of, returned
from trueup.sources.laravel.eloquent.settings import Settings
from trueup.sources.laravel.eloquent.written import Listed, Unread, Value, merged
from trueup.sources.laravel.inflection import snake
from trueup.sources.php import tree
from trueup.structs import replace

_ATTRIBUTE_CLASS = (ELOQUENT + "Casts\\Attribute").lower()
_SCOPE_ATTRIBUTE = (ELOQUENT + "Attributes\\Scope").lower()
_PROPERTY_TAG = re.compile(r"@property(?:-write)?[ \t]++[^\n$@]*+\$(\w+)")


def casts(settings: Settings, base: Base, major: int) -> tuple[Cast, ...]:
    """`$casts`, then (from 11) what `casts()` returns, which wins; a known parent's own come first."""
    inherited = tuple(Cast(name, cast) for name, cast in base.casts)
    value: Value = settings.value("casts")
    if major >= 11 and settings.lineage.method("casts") is not None:
        value = _merged(value, _casts_method(settings), settings)
    if value is None:
        return inherited
    if not isinstance(value, Listed):
        settings.miss(
            "casts", value.reason if isinstance(value, Unread) else "no list", settings.place("casts")
        )
        return inherited
    if not value.complete:
        settings.miss("casts", "a part of the list can't be told", settings.place("casts"))
    own = tuple(
        _cast(e.key, e.value, Location(*e.at), settings) for e in value.entries if isinstance(e.key, str)
    )
    named = {c.attribute for c in own}
    return (*(c for c in inherited if c.attribute not in named), *own)


def _cast(attribute: str, value: Value, at: Location, settings: Settings) -> Cast:
    if isinstance(value, Listed):
        return Cast(attribute, ":".join(str(e.value) for e in value.entries[:1]), at)
    if not isinstance(value, str):
        settings.miss("casts", f"the cast of {attribute} can't be told", at)
        return Cast(attribute, "", at)
    return Cast(attribute, value, at)


def _merged(first: Value, second: Value, settings: Settings) -> Value:
    if isinstance(second, Unread):
        settings.miss("casts", second.reason, settings.place("casts"))
        return first
    if not isinstance(second, Listed):
        return first
    return merged(first, second) if isinstance(first, Listed) else second


def _casts_method(settings: Settings) -> Value:
    """The array that `casts()` returns, parents included where it asks for them. `X::class` with a call after it
    (`AsEnumCollection::of(X::class)`) is the class."""
    found = settings.lineage.method("casts")
    assert found is not None
    return _casts_of(found, settings, 0)


def _casts_of(found: tuple[tree.FunctionDecl, Layer], settings: Settings, depth: int) -> Value:
    function, layer = found
    scope = Scope(layer.decl.file, layer, settings.lineage)
    results = [_cast_list(expr, scope, settings, depth) for expr in returned(function)]
    known = [r for r in results if isinstance(r, Listed)]
    if not known:
        return results[0] if results else Unread("casts() returns nothing")
    total = known[0]
    for other in known[1:]:
        total = merged(total, other)
    return total


def _cast_list(expr: tree.Expr, scope: Scope, settings: Settings, depth: int) -> Value:
    if isinstance(expr, tree.Call) and _is_merge(expr):
        return _all_merged([_cast_list(a.value, scope, settings, depth) for a in expr.args])
    if isinstance(expr, tree.Binary) and expr.op == "+":
        return _all_merged([_cast_list(e, scope, settings, depth) for e in (expr.right, expr.left)])
    if isinstance(expr, tree.ArrayLiteral) and any(i is not None and i.spread for i in expr.items):
        return _all_merged(list(_pieces(expr, scope, settings, depth)))
    if isinstance(expr, tree.StaticCall) and isinstance(expr.cls, tree.Name) and expr.cls.full == "parent":
        return _parent_casts(scope, settings, depth)
    return _with_calls(expr, settings.literals.value(expr, scope), scope, settings.literals)


def _is_merge(expr: tree.Call) -> bool:
    names = ("array_merge", "array_replace", "array_merge_recursive")
    return isinstance(expr.function, tree.Name) and expr.function.full.lower() in names


def _pieces(expr: tree.ArrayLiteral, scope: Scope, settings: Settings, depth: int) -> Iterator[Value]:
    for item in expr.items:
        if item is not None and item.spread:
            yield _cast_list(item.value, scope, settings, depth)
        elif item is not None:
            yield _cast_list(tree.ArrayLiteral(item.line, (item,)), scope, settings, depth)


def _parent_casts(scope: Scope, settings: Settings, depth: int) -> Value:
    parents = scope.layer.depth + 1 if scope.layer else 1
    found = settings.lineage.method("casts", parents)
    if found is None:
        return Listed()
    return _casts_of(found, settings, depth + 1) if depth < 8 else Unread("nested too deep")


def _all_merged(values: list[Value]) -> Value:
    total = Listed()
    for value in values:
        total = merged(total, value if isinstance(value, Listed) else Listed(complete=False))
    return total


def _with_calls(expr: tree.Expr, value: Value, scope: Scope, literals: Literals) -> Value:
    """`X::of(Y::class)` as a cast is the class X with what it is of."""
    if not isinstance(expr, tree.ArrayLiteral) or not isinstance(value, Listed):
        return value
    if len(value.entries) != len(expr.items):
        return value
    entries = list(value.entries)
    for position, item in enumerate(expr.items):
        if item is not None and isinstance(item.value, tree.StaticCall):
            cls = literals.class_of(item.value.cls, scope)
            inner = literals.text(item.value.args[0].value, scope) if item.value.args else None
            if cls:
                entries[position] = replace(entries[position], value=f"{cls}:{inner}" if inner else cls)
    return Listed(tuple(entries), value.complete)


def accessors(settings: Settings) -> tuple[tuple[Attribute, ...], tuple[Attribute, ...]]:
    """(accessors, mutators): `getXAttribute`/`setXAttribute` and methods that return an `Attribute`."""
    gets: list[Attribute] = []
    sets: list[Attribute] = []
    for method, layer in settings.lineage.methods():
        at = Location(layer.decl.file, method.line)
        old = re.fullmatch(r"(get|set)(\w+)Attribute", method.name)
        if old:
            (gets if old.group(1) == "get" else sets).append(Attribute(snake(old.group(2)), at))
        elif _returns_attribute(method, layer, settings.literals):
            reads, writes = _sides(method)
            name = Attribute(snake(method.name), at)
            gets.extend([name] if reads else [])
            sets.extend([name] if writes else [])
    return _sorted(gets), _sorted(sets)


def _returns_attribute(method: tree.FunctionDecl, layer: Layer, literals: Literals) -> bool:
    returned_type = re.sub(r"^\?|^null\||\|null$", "", method.return_type, flags=re.I)
    if not returned_type.endswith("Attribute") or method.static:
        return False
    resolved = literals.index.parsed(layer.decl.file).resolve(returned_type)
    return resolved.full.lower() == _ATTRIBUTE_CLASS


def _sides(method: tree.FunctionDecl) -> tuple[bool, bool]:
    """Whether an attribute method reads and writes. Where it can't be told, both."""
    for expr in returned(method):
        root, _ = chain_of(expr)
        if isinstance(root, tree.StaticCall) and root.name in ("get", "set"):
            return root.name == "get", root.name == "set"
        if isinstance(root, tree.New) or (isinstance(root, tree.StaticCall) and root.name == "make"):
            return _given(root.args, "get", 0), _given(root.args, "set", 1)
    return True, True


def _given(args: tuple[tree.Argument, ...], name: str, position: int) -> bool:
    for index, argument in enumerate(args):
        if argument.name == name or (not argument.name and index == position):
            return not (isinstance(argument.value, tree.Literal) and argument.value.value is None)
    return False


def scopes(settings: Settings) -> tuple[Attribute, ...]:
    """Local scopes, by the name that a query calls."""
    found: list[Attribute] = []
    for method, layer in settings.lineage.methods():
        at = Location(layer.decl.file, method.line)
        if re.match(r"scope[A-Z_0-9]", method.name):
            found.append(Attribute(method.name[5].lower() + method.name[6:], at))
        elif any(a.name.full.lower() == _SCOPE_ATTRIBUTE for a in method.attributes):
            found.append(Attribute(method.name, at))
    return _sorted(found)


def documented(settings: Settings) -> tuple[Attribute, ...]:
    """`@property` names of the class and its project parents (not `@property-read`: those are relations and accessors)."""
    found: dict[str, Attribute] = {}
    for layer in settings.lineage.layers:
        doc = layer.decl.doc
        if not doc:
            continue
        first = _doc_line(settings.literals.index.parsed(layer.decl.file).source, doc)
        for match in _PROPERTY_TAG.finditer(doc):
            line = first + doc.count("\n", 0, match.start()) if first else 0
            found.setdefault(match.group(1), Attribute(match.group(1), Location(layer.decl.file, line)))
    return tuple(found.values())


def _doc_line(source: bytes, doc: str) -> int:
    position = source.find(doc.encode("utf-8", "surrogateescape"))
    return source.count(b"\n", 0, position) + 1 if position >= 0 else 0


def _sorted(found: list[Attribute]) -> tuple[Attribute, ...]:
    return tuple(sorted(found, key=lambda a: (a.at, a.name)))
