"""What a model's constructor and trait initialisers do to its settings: `$this->mergeCasts([...])`, `$this->table = ...`."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.sources.laravel.eloquent.lineage import Layer, Lineage
from trueup.sources.laravel.eloquent.literals import Literals, Scope
from trueup.sources.laravel.eloquent.returns import expressions, is_this, statements
from trueup.sources.laravel.eloquent.written import Entry, Listed, Value
from trueup.sources.php import tree
from trueup.structs import Struct, replace

_MERGES = {
    "mergecasts": "casts",
    "mergefillable": "fillable",
    "mergeguarded": "guarded",
    "mergeappends": "appends",
    "mergehidden": "hidden",
    "mergevisible": "visible",
    "append": "appends",
    "makehidden": "hidden",
    "setappends": "appends",
    "sethidden": "hidden",
    "settable": "table",
    "setconnection": "connection",
    "setkeyname": "primaryKey",
    "setkeytype": "keyType",
    "setincrementing": "incrementing",
    "fillable": "fillable",
    "guard": "guarded",
}
_REPLACES = frozenset({"settable", "setconnection", "setkeyname", "setkeytype", "setincrementing"})


class Effect(Struct, frozen=True):
    """`property` gets `value`: instead of what it had, or (`merge`) added to it. `if_any`: only where there is something in it."""

    property: str
    value: Value
    merge: bool
    if_any: bool = False


def effects(lineage: Lineage, literals: Literals) -> tuple[Effect, ...]:
    """Of every constructor and every `initialize{Trait}`, in the order in which they run."""
    found: list[Effect] = []
    for method, layer in _initialisers(lineage):
        scope = Scope(layer.decl.file, layer, lineage, function=method)
        filled = dict(_where_filled(method))
        for expr in expressions(method):
            effect = _effect(expr, literals, scope)
            if effect is not None:
                found.append(replace(effect, if_any=effect.merge and filled.get(id(expr)) == effect.property))
    return tuple(found)


def _where_filled(method: tree.FunctionDecl) -> Iterator[tuple[int, str]]:
    """(id of an expression, property) for what runs only where the property is not empty: `if (! empty($this->fillable))`."""
    for statement in statements(method.body):
        name = _filled(statement.condition) if isinstance(statement, tree.If) else ""
        if name and isinstance(statement, tree.If):
            inner = (s.value for s in statements(statement.then) if isinstance(s, tree.ExpressionStatement))
            yield from ((id(expr), name) for expr in inner)


def _filled(condition: tree.Expr) -> str:
    """The property of which a condition says that it is not empty; "" for any other."""
    if isinstance(condition, tree.Logical) and condition.op in ("&&", "and"):
        return _filled(condition.left) or _filled(condition.right)
    if (
        isinstance(condition, tree.Unary)
        and condition.op == "!"
        and isinstance(condition.operand, tree.Empty)
    ):
        condition = condition.operand.target
    if not isinstance(condition, tree.Property) or not is_this(condition.base):
        return ""
    return condition.name if isinstance(condition.name, str) else ""


def _initialisers(lineage: Lineage) -> Iterator[tuple[tree.FunctionDecl, Layer]]:
    for layer in reversed(lineage.layers):
        if layer.trait:
            method = layer.decl.methods.get(f"initialize{layer.decl.short}".lower())
            if method is not None:
                yield method, layer
    for layer in reversed(lineage.layers):
        constructor = layer.decl.methods.get("__construct")
        if constructor is not None:
            yield constructor, layer


def _effect(expr: tree.Expr, literals: Literals, scope: Scope) -> Effect | None:
    if isinstance(expr, tree.MethodCall) and is_this(expr.base) and isinstance(expr.name, str):
        return _of_call(expr, expr.name.lower(), literals, scope)
    if isinstance(expr, tree.Assign):
        return _of_assignment(expr, literals, scope)
    return None


def _of_call(expr: tree.MethodCall, name: str, literals: Literals, scope: Scope) -> Effect | None:
    field = _MERGES.get(name)
    if field is None or not expr.args:
        return None
    value = literals.value(expr.args[0].value, scope)
    if name in _REPLACES:
        return Effect(field, value, merge=False)
    if isinstance(value, str):
        value = Listed((Entry(0, value, (scope.file, expr.line)),))
    return Effect(field, value, merge=True)


def _of_assignment(expr: tree.Assign, literals: Literals, scope: Scope) -> Effect | None:
    """`$this->x = v`, `$this->x[] = v`, `$this->x['k'] = v`."""
    target = expr.target
    if isinstance(target, tree.Property) and is_this(target.base) and isinstance(target.name, str):
        return Effect(target.name, literals.value(expr.value, scope), merge=False)
    if not isinstance(target, tree.Index) or not isinstance(target.base, tree.Property):
        return None
    owner = target.base
    if not is_this(owner.base) or not isinstance(owner.name, str):
        return None
    value = literals.value(expr.value, scope)
    key = literals.value(target.index, scope) if target.index is not None else 0
    if not isinstance(key, str | int):
        return None
    return Effect(owner.name, Listed((Entry(key, value, (scope.file, expr.line)),)), merge=True)
