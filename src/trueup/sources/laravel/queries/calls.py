"""Calls: the entry points to the database (facade, models, relations, helpers), and dispatch by what a call is made on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

from trueup.sources.laravel.eloquent.bases import proxied
from trueup.sources.laravel.queries import (
    apply,
    assertions,
    collections,
    factories,
    lazy,
    objects,
    repositories,
    rules,
    statements,
    terminals,
)
from trueup.sources.laravel.queries.methods import EXISTENCE, JOINS
from trueup.sources.laravel.queries.program import CONNECTIONS
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    ClassString,
    Const,
    FactoryOf,
    Fragment,
    Frame,
    Func,
    Many,
    Obj,
    OneOf,
    Query,
    RuleOf,
    Unknown,
    Value,
    join,
    text,
)
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

_PARAM = re.compile(r"@param\s+(\S+(?:\s*<[^>]*>)?)\s+(?:\.\.\.)?&?\$(\w+)")
_RETURN = re.compile(
    r"@return\s++([^\s<]++(?:<[^<>]*+(?:<[^<>]*+(?:<[^<>]*+(?:<[^<>]*+>[^<>]*+)*+>[^<>]*+)*+>[^<>]*+)*+>)?)"
)
_NO_DATABASE = frozenset(
    {
        "schema",
        "illuminate\\support\\facades\\schema",
        "illuminate\\support\\facades\\http",
        "illuminate\\support\\facades\\redis",
        "illuminate\\support\\facades\\storage",
        "illuminate\\support\\facades\\cache",
        "illuminate\\support\\facades\\event",
        "illuminate\\support\\facades\\queue",
        "illuminate\\support\\facades\\log",
        "illuminate\\support\\arr",
        "illuminate\\support\\str",
    }
)
_AUTH = frozenset({"auth", "illuminate\\support\\facades\\auth"})
_DATES = frozenset(
    {
        "carbon\\carbon",
        "illuminate\\support\\carbon",
        "carbon\\carbonimmutable",
        "illuminate\\support\\facades\\date",
        "carbon",
    }
)
BUILDER_ONLY = (
    frozenset(
        [
            "orderbydesc",
            "orderbyraw",
            "groupbyraw",
            "selectraw",
            "whereraw",
            "orwhere",
            "orwhereraw",
            "havingraw",
            "addselect",
            "paginate",
            "simplepaginate",
            "cursorpaginate",
            "updateorcreate",
            "firstorcreate",
            "updateorinsert",
            "insertgetid",
            "insertorignore",
            "lockforupdate",
            "leftjoinsub",
            "joinsub",
            "wherecolumn",
            "whereexists",
            "wherenotexists",
            "withtrashed",
            "onlytrashed",
            "withoutglobalscopes",
            "firstorfail",
            "chunkbyid",
            "getquery",
            "tobase",
            "firstornew",
        ]
    )
    | frozenset(EXISTENCE)
    | JOINS
) - {"has", "crossjoin", "join", "orhas"}


@lru_cache(maxsize=4_096)
def documented_params(doc: str) -> dict[str, str]:
    """Parameter name → type, from a doc comment."""
    return {name: written for written, name in _PARAM.findall(doc)} if "@param" in doc else {}


@lru_cache(maxsize=4_096)
def documented_return(doc: str) -> str:
    found = _RETURN.search(doc) if "@return" in doc else None
    return found.group(1) if found else ""


# ── static calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def static_call(walker: Walker, node: php.StaticCall, frame: Frame) -> Value:
    if not isinstance(node.name, str):
        walker.arguments(node.args, frame)
        return UNKNOWN
    if not isinstance(node.cls, php.Name):
        named = walker.expr(node.cls, frame)
        if isinstance(named, OneOf):
            return walker.each(named, lambda v: _static_on(walker, v, node, frame))
    cls = _class_of(walker, node.cls, frame)
    if cls is None:
        return unknown_call(walker, node, node.name, UNKNOWN, frame)
    lowered = cls.lower()
    if isinstance(frame.self_value, Query) and isinstance(node.cls, php.Name) and node.cls.full == "parent":
        return apply.call(walker, frame.self_value.builder, node.name, node, node.args, frame)
    if lowered in CONNECTIONS:
        return connection_call(walker, node, node.name, frame)
    if lowered == "spatie\\querybuilder\\querybuilder" and node.name.lower() == "for":
        return _spatie(walker, node, frame)
    if lowered == "illuminate\\validation\\rule" or (
        lowered.endswith("\\rule") and node.name.lower() in {"exists", "unique"}
    ):
        return rules.rule_call(walker, node, frame)
    if lowered in _AUTH:
        return _auth(walker, node.name, node.args, frame)
    if lowered in _DATES:
        walker.arguments(node.args, frame)
        return Unknown("date")
    cls = _behind_proxy(walker, cls)
    if walker.program.model(cls) is None:
        return _other_static(walker, node, node.name, cls, frame)
    if node.name.lower() == "modelclass":
        return ClassString(cls)
    return model_static(walker, node, node.name, cls, frame)


def _behind_proxy(walker: Walker, cls: str) -> str:
    """The model for which a replaceable one stands, else the class itself."""
    decl = walker.program.classes.decl(cls) if cls.endswith("Proxy") else None
    return (proxied(cls, decl.parent.full) if decl is not None and decl.parent is not None else "") or cls


def _static_on(walker: Walker, value: Value, node: php.StaticCall, frame: Frame) -> Value:
    """A static call on one of several classes that an expression can be."""
    name = value.cls if isinstance(value, ClassString | Obj) else text(value)
    if not name:
        walker.arguments(node.args, frame)
        return UNKNOWN
    return static_call(
        walker, php.StaticCall(node.line, php.Name(node.line, name, name), node.name, node.args), frame
    )


def _spatie(walker: Walker, node: php.StaticCall, frame: Frame) -> Value:
    """Spatie's query builder forwards to an Eloquent builder; its allowed filters come from the request."""
    values = walker.arguments(node.args, frame)
    given = values[0] if values else UNKNOWN
    if isinstance(given, ClassString | Obj) and walker.program.model(given.cls) is not None:
        builder = walker.program.model_query(frame, node.line, given.cls)
        builder.open = True
        return Query(builder)
    return given


def _class_of(walker: Walker, cls: php.Name | php.Expr, frame: Frame) -> str | None:
    if isinstance(cls, php.Name):
        if cls.full in {"self", "static"}:
            return frame.this or None
        if cls.full == "parent":
            if frame.this and (walker.program.model(frame.this) is not None or frame.self_value is not None):
                return frame.this
            decl = walker.program.classes.decl(frame.this) if frame.this else None
            return decl.parent.full if decl is not None and decl.parent is not None else None
        return cls.full.lstrip("\\")
    value = walker.expr(cls, frame)
    for option in value.options if isinstance(value, OneOf) else (value,):
        if isinstance(option, ClassString | Obj):
            return option.cls
        name = text(option)
        if name and walker.program.model(name) is not None:
            return name
    return None


def model_static(walker: Walker, node: php.StaticCall, name: str, cls: str, frame: Frame) -> Value:
    """`Model::x()`: a real static method, `factory()`, or a fresh query."""
    lowered = name.lower()
    if isinstance(node.cls, php.Name) and node.cls.full == "parent":
        return objects.instance_call(walker, Obj(frame.this), node, name, node.args, frame, parent=True)
    if lowered == "factory":
        walker.arguments(node.args, frame)
        return FactoryOf(cls)
    found = walker.program.classes.method(cls, name)
    if found is not None and found[1].static and not _is_attribute_scope(found[1]):
        return walker.inline(found[0], found[1], node.args, frame, cls)
    if lowered in {
        "creating",
        "created",
        "updating",
        "updated",
        "saving",
        "saved",
        "deleting",
        "deleted",
        "retrieved",
        "booted",
        "forcedeleted",
        "restoring",
        "restored",
        "addglobalscope",
        "observe",
    }:
        return _hook(walker, node.args, cls, frame, lowered)
    builder = walker.program.model_query(frame, node.line, cls)
    if not builder.known():
        builder.trail.append(f"the table of model {cls} can't be told")
    if lowered in {"all"}:
        return terminals.terminal(walker, builder, "all", node, node.args, frame)
    return apply.call(walker, builder, name, node, node.args, frame)


def _is_attribute_scope(function: php.FunctionDecl) -> bool:
    return any(a.name.text.rsplit("\\", 1)[-1] == "Scope" for a in function.attributes)


def _hook(walker: Walker, args: Sequence[php.Argument], cls: str, frame: Frame, name: str) -> Value:
    for value in walker.arguments(args, frame):
        query = Query(walker.program.model_query(frame, args[0].line, cls))
        model = walker.program.model(cls)
        param = value.node.params[0] if isinstance(value, Func) and value.node.params else None
        is_query = param is not None and ("Builder" in param.type or param.name in {"query", "builder"})
        walker.call_closure(value, [query if is_query else Obj(cls)])
        if name == "addglobalscope" and model is not None:
            lazy.note_scope(walker, model, value, query.builder, frame)
    return UNKNOWN


def _other_static(walker: Walker, node: php.StaticCall, name: str, cls: str, frame: Frame) -> Value:
    is_up = isinstance(node.cls, php.Name) and node.cls.full == "parent"
    found = walker.program.classes.method(cls, name)
    if found is not None:
        this = (
            frame.this
            if is_up or (isinstance(node.cls, php.Name) and node.cls.full in {"self", "static"})
            else cls
        )
        return walker.inline(found[0], found[1], node.args, frame, this)
    forwarded = repositories.call(walker, frame.this, node, name, node.args, frame) if is_up else None
    if forwarded is not None:
        return forwarded
    if cls.lower() in _NO_DATABASE:
        return closures_walked(walker, walker.arguments(node.args, frame))
    if name.lower() == "make" and cls.lower().endswith("validator"):
        return rules.validator_make(walker, node, frame)
    return unknown_call(walker, node, name, UNKNOWN, frame, statically=True)


# ── the connection ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def connection_call(
    walker: Walker,
    node: php.StaticCall | php.MethodCall,
    name: str,
    frame: Frame,
    connection: str | None = None,
) -> Value:
    """A method of the DB facade or of a connection."""
    lowered = name.lower()
    connection = connection or _named(node)
    values = walker.arguments(node.args, frame)
    if lowered == "table":
        return table_query(walker, node, values, frame, connection)
    if lowered == "query":
        return Query(walker.program.unknown_query(frame, node.line, "DB::query() without a from()"))
    if lowered == "raw":
        return Fragment(text(values[0]) if values else None)
    if lowered == "connection":
        return Obj("Illuminate\\Database\\Connection")
    if lowered in statements.METHODS:
        return statements.record(walker, node, lowered, values, frame, connection)
    if lowered in {"transaction", "usingconnection", "withouttableprefix", "pretend"}:
        result: Value = UNKNOWN
        for value in values:
            if isinstance(value, Func):
                result = walker.call_closure(value, [Obj("Illuminate\\Database\\Connection")])
        return result
    closures_walked(walker, values)
    return UNKNOWN


def _named(node: php.StaticCall | php.MethodCall) -> str | None:
    """The connection that a call is made on where the code names it there: `DB::connection('reports')->table(...)`."""
    base = node.base if isinstance(node, php.MethodCall) else None
    if not isinstance(base, php.StaticCall | php.MethodCall) or base.name != "connection" or not base.args:
        return None
    given = base.args[0].value
    return given.value if isinstance(given, php.Literal) and isinstance(given.value, str) else None


def table_query(
    walker: Walker,
    node: php.StaticCall | php.MethodCall,
    values: Sequence[Value],
    frame: Frame,
    connection: str | None,
) -> Value:
    if not values:
        return UNKNOWN
    alias = text(values[1]) if len(values) > 1 else None
    return walker.each(values[0], lambda v: _one_table(walker, node, v, frame, alias or "", connection))


def _one_table(
    walker: Walker,
    node: php.StaticCall | php.MethodCall,
    value: Value,
    frame: Frame,
    alias: str,
    connection: str | None,
) -> Value:
    name = text(value)
    if name is not None and name.strip():
        how = "literal" if node.args and isinstance(node.args[0].value, php.Literal) else "value followed"
        builder = walker.program.table_query(frame, node.line, name, f"DB::table, {how}", alias)
        builder.connection = connection
        return Query(builder)
    builder = walker.program.unknown_query(frame, node.line, "the argument of table() can't be told")
    if isinstance(value, Query | Func):
        apply.derive(walker, builder, value, alias, node, frame)
    return Query(builder)


# ── method calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def method_call(walker: Walker, node: php.MethodCall, frame: Frame) -> Value:
    base = walker.expr(node.base, frame)
    if not isinstance(node.name, str):
        walker.arguments(node.args, frame)
        return UNKNOWN
    name = node.name
    return walker.each(base, lambda v: _on(walker, v, node, name, frame))


def _on(walker: Walker, base: Value, node: php.MethodCall, name: str, frame: Frame) -> Value:
    match base:
        case Query(builder=builder):
            return apply.call(walker, builder, name, node, node.args, frame)
        case Obj(cls=cls) if cls.lower() in CONNECTIONS:
            return connection_call(walker, node, name, frame)
        case Obj():
            return objects.instance_call(walker, base, node, name, node.args, frame)
        case Many():
            return collections.call(walker, base, node, name, frame)
        case Arr() if name.lower() in {"each", "map", "filter", "all", "toarray", "merge"}:
            return collections.call(walker, Many(UNKNOWN), node, name, frame)
        case FactoryOf():
            return factories.call(walker, base, node, name, frame)
        case RuleOf(builder=builder):
            return rules.chained(walker, base, builder, node, name, frame)
        case ClassString(cls=cls):
            static = php.StaticCall(node.line, php.Name(node.line, cls, cls), name, node.args)
            return static_call(walker, static, frame)
        case Unknown(kind="date"):
            walker.arguments(node.args, frame)
            return Unknown("date")
        case Func() if name.lower() in {"call", "__invoke", "bindto"}:
            return walker.call_closure(base, walker.arguments(node.args, frame))
        case _:
            return unknown_call(walker, node, name, base, frame)


def unknown_call(
    walker: Walker,
    node: php.MethodCall | php.StaticCall,
    name: str,
    base: Value,
    frame: Frame,
    *,
    statically: bool = False,
) -> Value:
    """A call on something that can't be told. Closures among the arguments are walked; a method that only query builders have makes
    it an unresolved query."""
    lowered = name.lower()
    if lowered in {"validate", "validatewithbag"}:
        return rules.validate(walker, node, frame)
    assertions.record(walker, node, lowered, frame)
    if isinstance(base, Const) or (statically and lowered not in {"query"}):
        return closures_walked(walker, walker.arguments(node.args, frame))
    if lowered == "user":
        walker.arguments(node.args, frame)
        return Obj(walker.program.user_model) if walker.program.user_model else UNKNOWN
    if lowered in BUILDER_ONLY and not statically:
        builder = walker.program.unknown_query(
            frame, node.line, f"{name}() on a value whose type can't be told"
        )
        return apply.call(walker, builder, name, node, node.args, frame)
    return closures_walked(walker, walker.arguments(node.args, frame))


def closures_walked(walker: Walker, values: Sequence[Value]) -> Value:
    """Closures handed to code that is not followed still run some time."""
    for value in values:
        if isinstance(value, Func):
            walker.call_closure(value, [])
        elif isinstance(value, Arr):
            closures_walked(walker, [i.value for i in value.items if isinstance(i.value, Func | Arr)])
    return UNKNOWN


def made(walker: Walker, value: Value) -> Value:
    """What the container makes of a class name; of several, what it makes of those that can be told."""
    if isinstance(value, OneOf):
        told = [m for option in value.options if (m := made(walker, option)) != UNKNOWN]
        return reduce(join, told) if told else UNKNOWN
    name = value.cls if isinstance(value, ClassString) else text(value)
    if not name:
        return UNKNOWN
    if name == "db" or name.lower() in CONNECTIONS:
        return Obj("Illuminate\\Database\\Connection")
    return (
        Obj(walker.program.classes.implementer(name) or name) if isinstance(value, ClassString) else UNKNOWN
    )


def _auth(walker: Walker, name: str, args: Sequence[php.Argument], frame: Frame) -> Value:
    walker.arguments(args, frame)
    if name.lower() == "user" and walker.program.user_model:
        return Obj(walker.program.user_model)
    return Obj("auth") if name.lower() in {"guard"} else UNKNOWN
