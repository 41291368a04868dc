"""Objects: `new`, properties, constants, and the methods of models and of the project's own classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.model.eloquent import Model, Relation
from trueup.sources.laravel.queries import (
    apply,
    assertions,
    calls,
    instances,
    lazy,
    relations,
    repositories,
    rules,
)
from trueup.sources.laravel.queries.found import Found
from trueup.sources.laravel.queries.methods import INSTANCE_DELETES, INSTANCE_WRITES, NOT_SQL
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    ClassString,
    Const,
    FactoryOf,
    Fragment,
    Frame,
    Item,
    Many,
    Obj,
    Query,
    Unknown,
    Value,
    options,
    text,
)
from trueup.sources.php import tree as php
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

TO_MANY = frozenset(
    {"hasMany", "belongsToMany", "morphMany", "morphToMany", "morphedByMany", "hasManyThrough"}
)


def new(walker: Walker, node: php.New, frame: Frame) -> Value:
    values = walker.arguments(node.args, frame)
    if isinstance(node.cls, php.ClassDecl):
        return UNKNOWN
    if not isinstance(node.cls, php.Name):
        walker.expr(node.cls, frame)
        return UNKNOWN
    cls = frame.this if node.cls.full in {"self", "static"} else node.cls.full
    if cls.lower() == "illuminate\\database\\query\\expression":
        return Fragment(text(values[0]) if values else None)
    if walker.program.model(cls) is None:
        return Obj(cls)
    number = walker.fresh()
    given = values[0] if values else Arr()
    if isinstance(given, Arr):
        walker.written[number].update({k: replace(i, file=frame.file) for k, i in given.keyed()})
    if not isinstance(given, Arr) or not given.complete:
        walker.written[number]["*"] = Item(UNKNOWN)
    return Obj(cls, number)


def class_constant(walker: Walker, node: php.ClassConstant, frame: Frame) -> Value:
    cls = calls._class_of(walker, node.cls, frame)
    if cls is None or not isinstance(node.name, str):
        return UNKNOWN
    if node.name == "class":
        return ClassString(cls)
    for decl in walker.program.classes.lineage(cls):
        found = decl.constants.get(node.name)
        if found is not None:
            return walker.expr(found.value, Frame(decl.file, {}, decl.name))
        case = decl.cases.get(node.name)
        if case is not None:
            return (
                walker.expr(case.value, Frame(decl.file, {}, decl.name)) if case.value else Const(case.name)
            )
    return UNKNOWN


def static_property(walker: Walker, node: php.StaticProperty, frame: Frame) -> Value:
    cls = calls._class_of(walker, node.cls, frame)
    if cls is None or not isinstance(node.name, str):
        return UNKNOWN
    return property_value(walker, cls, node.name, frame)


def property_of(walker: Walker, node: php.Property, frame: Frame) -> Value:
    base = walker.expr(node.base, frame)
    if not isinstance(node.name, str):
        return UNKNOWN
    name = node.name
    return walker.each(base, lambda v: _property(walker, v, name, node, frame))


def _property(walker: Walker, base: Value, name: str, node: php.Property, frame: Frame) -> Value:
    if isinstance(base, Query):
        # `->orWhere->active()`: a proxy; the scope that follows is applied to the same builder.
        return base
    if not isinstance(base, Obj):
        return Unknown()
    model = walker.program.model(base.cls)
    if model is None:
        if name in {"value", "name"} and walker.program.classes.decl(base.cls) is None:
            return UNKNOWN
        return property_value(walker, base.cls, name, frame)
    relation = walker.program.relation(model, name)
    if relation is not None:
        return related_value(walker, model, relation, base, node, frame)
    found = walker.program.classes.property(base.cls, name)
    return property_value(walker, base.cls, name, frame) if found is not None else Unknown()


def related_value(
    walker: Walker, model: Model, relation: Relation, base: Obj, node: php.Property, frame: Frame
) -> Value:
    """What a relation read as a property gives. Nothing that was loaded before, and it is a query."""
    many = relation.kind in TO_MANY
    lazy.note(walker, model, relation, base, walker.at(node, frame), frame)
    loaded = base.loaded.below(relation.method, rows=many) if base.loaded is not None else None
    one: Value = UNKNOWN
    if walker.program.model(relation.related) is not None:
        one = Obj(relation.related, loaded=loaded, turning=base.turning and not many)
    return Many(one, loaded=loaded) if many else one


def property_value(walker: Walker, cls: str, name: str, frame: Frame) -> Value:
    """What a property of a project class holds, by its type, its doc comment, its default or the constructor."""
    key = (cls.lower(), name)
    if key in walker.program.assigned:
        return walker.program.assigned[key]
    known = walker.program.properties.get(key)
    if known is None:
        walker.program.properties[key] = UNKNOWN
        known = walker.program.properties[key] = _property_value(walker, cls, name, frame)
    if isinstance(known, Query):
        return Query(known.builder.clone())
    return known


def _property_value(walker: Walker, cls: str, name: str, frame: Frame) -> Value:
    found = walker.program.classes.property(cls, name)
    value: Value = UNKNOWN
    if any(_overrides(walker, heir, name) for heir in walker.program.classes.heirs(cls)):
        return UNKNOWN
    if found is not None:
        decl, member = found
        inner = Frame(decl.file, {}, cls)
        documented = _documented_var(member.doc)
        for written in (documented, member.type):
            if written and value == UNKNOWN:
                value = walker.program.of_type(written, decl, inner, member.line)
        if member.default is not None and (isinstance(value, (Unknown, Many))):
            default = walker.expr(member.default, inner)
            value = default if not isinstance(default, Const) or default.value is not None else value
    if _is_vague(walker, value):
        assigned = _from_constructor(walker, cls, name, frame)
        if assigned is not None and (isinstance(value, Unknown) or not _is_vague(walker, assigned)):
            value = assigned
    if name == "model" and isinstance(value, Unknown):
        asked = repositories.model_of(walker, cls, frame)
        value = Obj(asked) if asked else value
    if isinstance(value, Obj):
        implementer = walker.program.classes.implementer(value.cls)
        value = Obj(implementer) if implementer is not None else value
    return value


def _is_vague(walker: Walker, value: Value) -> bool:
    """Whether a value tells no table although it may be a model's or a query: of the framework's `Model`, or of a base class."""
    return any(
        isinstance(option, Unknown)
        or (isinstance(option, Obj) and walker.program.is_any_model(option.cls))
        or (isinstance(option, Query) and not option.builder.known())
        for option in options(value)
    )


def _overrides(walker: Walker, heir: str, name: str) -> bool:
    """Whether a subclass gives the property another default."""
    decl = walker.program.classes.decl(heir)
    return decl is not None and name in decl.properties and decl.properties[name].default is not None


def _documented_var(doc: str) -> str:
    if "@var" not in doc:
        return ""
    words = doc.split("@var", 1)[1].split()
    return words[0] if words else ""


def _from_constructor(walker: Walker, cls: str, name: str, frame: Frame) -> Value | None:
    """Promoted parameters, and `$this->name = ...` in the constructor (or a test's setUp)."""
    for method in ("__construct", "setup", "boot", "mount"):
        found = walker.program.classes.method(cls, method)
        if found is None:
            continue
        decl, function = found
        inner = Frame(decl.file, {}, cls, calls=frame.calls + 1)
        walker.bind_types(function, inner, decl)
        promoted = next((p for p in function.params if p.promoted and p.name == name), None)
        if promoted is not None:
            return inner.variables[name]
        for statement in function.body:
            target = _assigned(statement, name)
            if target is not None and frame.calls < 4:
                return _without_effects(walker, target, inner)
        if method == "__construct" and frame.calls < 4 and any(_calls_own(s) for s in function.body):
            return _by_running(walker, function, inner, (cls.lower(), name))
    return None


def _calls_own(statement: php.Stmt) -> bool:
    """`$this->initialize(...)`: a method that may set properties."""
    call = statement.value if isinstance(statement, php.ExpressionStatement) else None
    return (
        isinstance(call, php.MethodCall) and isinstance(call.base, php.Variable) and call.base.name == "this"
    )


def _by_running(
    walker: Walker, constructor: php.FunctionDecl, frame: Frame, key: tuple[str, str]
) -> Value | None:
    """What a property holds behind the whole constructor, whose methods set it."""
    program = walker.program
    kept, program.found, held, program.assigned = program.found, Found(), program.assigned, {}
    walker.run(constructor, frame)
    program.found, program.assigned = kept, held
    value = program.properties.get(key)
    return None if value == UNKNOWN else value


def _assigned(statement: php.Stmt, name: str) -> php.Expr | None:
    if not isinstance(statement, php.ExpressionStatement) or not isinstance(statement.value, php.Assign):
        return None
    target = statement.value.target
    is_this = (
        isinstance(target, php.Property)
        and isinstance(target.base, php.Variable)
        and target.base.name == "this"
    )
    return (
        statement.value.value
        if is_this and isinstance(target, php.Property) and target.name == name
        else None
    )


def _without_effects(walker: Walker, node: php.Expr, frame: Frame) -> Value:
    """The value of an expression that is walked again in its own place, so that nothing is recorded here."""
    kept, walker.program.found = walker.program.found, Found()
    value = walker.expr(node, frame)
    walker.program.found = kept
    return Obj(value.cls) if isinstance(value, Obj) else value


def assign_property(walker: Walker, target: php.Property, value: Value, frame: Frame) -> None:
    base = walker.expr(target.base, frame)
    if not isinstance(base, Obj):
        return
    name = target.name if isinstance(target.name, str) else text(walker.expr(target.name, frame))
    model = walker.program.model(base.cls)
    if name is None:
        if model is not None:
            instances.set_any_attribute(walker, base)
        return
    if model is None:
        if frame.this and base.cls == frame.this and not isinstance(value, Unknown):
            key = (base.cls.lower(), name)
            known = walker.program.properties.get(key)
            if known is None or known == UNKNOWN:
                walker.program.properties[key] = Obj(value.cls) if isinstance(value, Obj) else value
            _hold(walker, key, value, frame)
        return
    if walker.program.classes.property(base.cls, name) is not None:
        return
    variable = target.base.name if isinstance(target.base, php.Variable) else ""
    instances.set_attribute(walker, base, model, name, value, walker.at(target, frame), frame, variable)


def _hold(walker: Walker, key: tuple[str, str], value: Value, frame: Frame) -> None:
    """A query that is put together in a property, over several statements and methods; until something else is assigned."""
    program = walker.program
    if not isinstance(value, Query):
        program.assignments += program.assigned.pop(key, None) is not None
        return
    held = program.assigned.get(key)
    if isinstance(held, Query) and held.builder is value.builder:
        return
    value.builder.loops, value.builder.row_loop = 0, ""  # what counts is where it runs
    if frame.depth:
        value.builder.uses = [replace(u, certain=False) for u in value.builder.uses]
        value.builder.depth = 0
    program.assigned[key] = value
    program.assignments += 1


# ── calls on objects ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def instance_call(
    walker: Walker,
    base: Obj,
    node: php.MethodCall | php.StaticCall,
    name: str,
    args: Sequence[php.Argument],
    frame: Frame,
    *,
    parent: bool = False,
) -> Value:
    model = walker.program.model(base.cls)
    lowered = name.lower()
    if model is not None and lowered in relations.KINDS:
        return relations.define(walker, model, node, name, args, frame)
    if model is not None and model.table is not None and lowered == "gettable":
        return Const(model.table)
    found = walker.program.classes.method(base.cls, name) if not parent else None
    if found is not None:
        return _own_method(walker, base, found, args, frame)
    if model is not None:
        return _model_call(walker, base, model, node, name, args, frame)
    forwarded = repositories.call(walker, base.cls, node, name, args, frame)
    if forwarded is not None:
        return forwarded
    if base.cls == "auth" or lowered == "user":
        walker.arguments(args, frame)
        user = walker.program.user_model
        return Obj(user) if lowered == "user" and user else base if base.cls == "auth" else UNKNOWN
    if lowered in {"make", "makewith", "get"} and base.cls.lower().endswith(("application", "container")):
        values = walker.arguments(args, frame)
        return calls.made(walker, values[0]) if values else UNKNOWN
    if assertions.record(walker, node, lowered, frame):
        return UNKNOWN
    if lowered in {"validate", "validatewithbag"}:
        return rules.validate(walker, node, frame)
    if walker.program.classes.decl(base.cls) is None and lowered in calls.BUILDER_ONLY:
        return calls.closures_walked(walker, walker.arguments(args, frame))
    return calls.closures_walked(walker, walker.arguments(args, frame))


def _own_method(
    walker: Walker,
    base: Obj,
    found: tuple[php.ClassDecl, php.FunctionDecl],
    args: Sequence[php.Argument],
    frame: Frame,
) -> Value:
    decl, function = found
    walker.release(base)
    result = walker.inline(decl, function, args, frame, base.cls)
    return base if result == Obj(decl.name) and base.fresh else result


def _model_call(
    walker: Walker,
    base: Obj,
    model: Model,
    node: php.MethodCall | php.StaticCall,
    name: str,
    args: Sequence[php.Argument],
    frame: Frame,
) -> Value:
    """A framework method of a model instance, or one that falls through to a new query of the model."""
    lowered = name.lower()
    if lowered in INSTANCE_WRITES or lowered in INSTANCE_DELETES or lowered in instances.METHODS:
        return instances.call(walker, base, model, node, lowered, args, frame)
    if lowered == "factory":
        return FactoryOf(model.name)
    if lowered in NOT_SQL or lowered in instances.PURE:
        calls.closures_walked(walker, walker.arguments(args, frame))
        return Const(model.primary_key) if lowered == "getkeyname" and model.primary_key else UNKNOWN
    if lowered in {
        "load",
        "loadmissing",
        "loadcount",
        "loadexists",
        "loadmax",
        "loadmin",
        "loadsum",
        "loadavg",
    }:
        builder = walker.program.model_query(frame, node.line, model.name)
        apply.call(
            walker, builder, "with" + name[4:] if lowered != "loadmissing" else "with", node, args, frame
        )
        if base.loaded is not None:
            base.loaded.eager |= builder.eager
            base.loaded.whole = base.loaded.whole and "*" not in builder.eager
        return base
    walker.release(base)
    builder = walker.program.model_query(frame, node.line, model.name)
    if not apply.is_known(walker, builder, name):
        calls.closures_walked(walker, walker.arguments(args, frame))
        return UNKNOWN
    return apply.call(walker, builder, name, node, args, frame)
