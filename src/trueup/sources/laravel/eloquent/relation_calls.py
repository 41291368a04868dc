"""The relation that a model's method declares, as it stands in the code: kind, arguments, what is chained to it."""

from __future__ import annotations

from trueup.sources.laravel.eloquent.lineage import Layer, Lineage
from trueup.sources.laravel.eloquent.returns import assigned, chain_of, expressions, is_this, returned
from trueup.sources.php import tree
from trueup.structs import Struct, replace

# The parameters of each kind, in order, by the field of `Relation` that they fill. "" is of no interest.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "hasOne": ("related", "foreign_key", "local_key"),
    "hasMany": ("related", "foreign_key", "local_key"),
    "belongsTo": ("related", "foreign_key", "local_key", "name"),
    "morphTo": ("morph_name", "morph_type", "morph_id", "local_key"),
    "morphOne": ("related", "morph_name", "morph_type", "morph_id", "local_key"),
    "morphMany": ("related", "morph_name", "morph_type", "morph_id", "local_key"),
    "belongsToMany": (
        "related",
        "pivot_table",
        "pivot_foreign_key",
        "pivot_related_key",
        "local_key",
        "related_key",
        "",
    ),
    "morphToMany": (
        "related",
        "morph_name",
        "pivot_table",
        "pivot_foreign_key",
        "pivot_related_key",
        "local_key",
        "related_key",
        "",
        "",
    ),
    "morphedByMany": (
        "related",
        "morph_name",
        "pivot_table",
        "pivot_foreign_key",
        "pivot_related_key",
        "local_key",
        "related_key",
        "",
    ),
    "hasOneThrough": (
        "related",
        "through",
        "through_first_key",
        "through_second_key",
        "local_key",
        "through_local_key",
    ),
    "hasManyThrough": (
        "related",
        "through",
        "through_first_key",
        "through_second_key",
        "local_key",
        "through_local_key",
    ),
}
KINDS = {name.lower(): name for name in PARAMETERS}

# PHP's names of the parameters, for named arguments.
_NAMED = {
    "related": "related",
    "foreignkey": "foreign_key",
    "localkey": "local_key",
    "ownerkey": "local_key",
    "parentkey": "local_key",
    "relatedkey": "related_key",
    "table": "pivot_table",
    "foreignpivotkey": "pivot_foreign_key",
    "relatedpivotkey": "pivot_related_key",
    "type": "morph_type",
    "id": "morph_id",
    "through": "through",
    "firstkey": "through_first_key",
    "secondkey": "through_second_key",
    "secondlocalkey": "through_local_key",
}
_DEEPEST = 8
# Calls after which a chain is a result and no relation any more.
_ENDS = frozenset(
    (
        *(
            "get",
            "first",
            "firstorfail",
            "firstor",
            "firstwhere",
            "find",
            "findorfail",
            "findmany",
            "sole",
            "value",
            "pluck",
        ),
        *(
            "count",
            "sum",
            "avg",
            "average",
            "min",
            "max",
            "exists",
            "doesntexist",
            "existsor",
            "paginate",
            "simplepaginate",
        ),
        *(
            "cursorpaginate",
            "cursor",
            "lazy",
            "chunk",
            "each",
            "create",
            "createmany",
            "make",
            "save",
            "savemany",
            "update",
        ),
        *(
            "delete",
            "forcedelete",
            "insert",
            "upsert",
            "attach",
            "detach",
            "sync",
            "toggle",
            "associate",
            "dissociate",
        ),
        *(
            "firstornew",
            "firstorcreate",
            "updateorcreate",
            "increment",
            "decrement",
            "getquery",
            "tobase",
            "getresults",
        ),
        *(
            "tosql",
            "getrelated",
            "implode",
            "all",
            "toarray",
            "findornew",
            "restore",
            "touch",
            "addeagerconstraints",
        ),
    )
)


class RelationCall(Struct, frozen=True):
    """`method` is the relation's name; `named_after` the method whose body makes the call (defaults follow it). `arguments` maps
    fields of `Relation` to expressions; `chained` are the calls that follow; `layer` is where the code stands. For
    `through('a')->has('b')` the kind is "through" and `hops` are the two relations' names."""

    method: str
    kind: str
    line: int
    layer: Layer
    named_after: str
    arguments: tuple[tuple[str, tree.Expr], ...] = ()
    chained: tuple[tree.MethodCall, ...] = ()
    hops: tuple[str, str] = ("", "")
    function: tree.FunctionDecl | None = None
    """The method whose body makes the call, for its local variables."""

    def argument(self, field: str) -> tree.Expr | None:
        return next((value for name, value in self.arguments if name == field), None)


def relation_call(function: tree.FunctionDecl, layer: Layer, lineage: Lineage) -> RelationCall | None:
    """None where the method returns no relation that can be read."""
    return _of_function(function, layer, lineage, 0)


def _of_function(
    function: tree.FunctionDecl, layer: Layer, lineage: Lineage, depth: int
) -> RelationCall | None:
    if depth > _DEEPEST:
        return None
    for value in returned(function):
        found = _of_expression(value, function, layer, lineage, depth)
        if found is not None:
            more = _later_calls(function, value.name) if isinstance(value, tree.Variable) else ()
            return replace(found, method=function.name, chained=(*found.chained, *more))
    return None


def _later_calls(function: tree.FunctionDecl, variable: str) -> tuple[tree.MethodCall, ...]:
    """`$relation->withPivot('a');` as a statement of its own."""
    found: list[tree.MethodCall] = []
    for expr in expressions(function):
        root, calls = chain_of(expr)
        if isinstance(root, tree.Variable) and root.name == variable:
            found += calls
    return tuple(found)


def _of_expression(
    expr: tree.Expr, function: tree.FunctionDecl, layer: Layer, lineage: Lineage, depth: int
) -> RelationCall | None:
    if depth > _DEEPEST:
        return None
    match expr:
        case tree.MethodCall():
            return _of_chain(expr, function, layer, lineage, depth)
        case tree.Variable():
            value = assigned(function, expr.name)
            candidates: tuple[tree.Expr, ...] = () if value is None else (value,)
        case tree.Assign():
            candidates = (expr.value,)
        case tree.Ternary():
            candidates = (expr.otherwise,) if expr.then is None else (expr.then, expr.otherwise)
        case tree.Match():
            candidates = tuple(arm.body for arm in expr.arms)
        case tree.Call(function=tree.Name(full="tap" | "with"), args=args) if args:
            candidates = (args[0].value,)
        case tree.StaticCall(cls=tree.Name(full="parent"), name=str() as name):
            return _of_method(name, layer.depth + 1, lineage, depth)
        case _:
            return None
    for candidate in candidates:
        found = _of_expression(candidate, function, layer, lineage, depth + 1)
        if found is not None:
            return found
    return None


def _of_chain(
    expr: tree.MethodCall, function: tree.FunctionDecl, layer: Layer, lineage: Lineage, depth: int
) -> RelationCall | None:
    root, calls = chain_of(expr)
    if any(isinstance(c.name, str) and c.name.lower() in _ENDS for c in calls):
        return None
    if not is_this(root):
        inner = _of_expression(root, function, layer, lineage, depth + 1)
        return replace(inner, chained=(*inner.chained, *calls)) if inner else None
    first = calls[0]
    if not isinstance(first.name, str):
        return None
    kind = KINDS.get(first.name.lower())
    if kind is not None and lineage.method(first.name) is None:
        arguments = _arguments(kind, first.args)
        return RelationCall(
            function.name,
            kind,
            first.line,
            layer,
            function.name,
            arguments,
            tuple(calls[1:]),
            function=function,
        )
    if first.name.lower().startswith("through") and len(calls) > 1:
        return _through(first, calls[1], tuple(calls[2:]), function, layer)
    if first.name.lower() == function.name.lower():
        return None
    inner = _of_method(first.name, 0, lineage, depth)
    return replace(inner, chained=(*inner.chained, *calls[1:])) if inner else None


def _of_method(name: str, parents: int, lineage: Lineage, depth: int) -> RelationCall | None:
    found = lineage.method(name, parents)
    return _of_function(found[0], found[1], lineage, depth + 1) if found else None


def _arguments(kind: str, args: tuple[tree.Argument, ...]) -> tuple[tuple[str, tree.Expr], ...]:
    """A spread argument makes all after it unknown: an expression that can't be read stands for them."""
    fields = PARAMETERS[kind]
    found: list[tuple[str, tree.Expr]] = []
    for position, argument in enumerate(args):
        if argument.spread:
            unknown = tree.Unsupported(argument.line, "...", "a spread argument")
            found += [(f, unknown) for f in fields[position:] if f]
            break
        field = _field(argument.name, kind) if argument.name else _at(fields, position)
        if field and not (isinstance(argument.value, tree.Literal) and not argument.value.value):
            found.append((field, argument.value))
    return tuple(found)


def _at(fields: tuple[str, ...], position: int) -> str:
    return fields[position] if position < len(fields) else ""


def _field(name: str, kind: str) -> str:
    if name == "name":
        return "morph_name"
    if name == "relation":
        return "name" if kind == "belongsTo" else ""
    return _NAMED.get(name.lower(), "")


def _through(
    first: tree.MethodCall,
    second: tree.MethodCall,
    chained: tuple[tree.MethodCall, ...],
    function: tree.FunctionDecl,
    layer: Layer,
) -> RelationCall | None:
    """`$this->through('a')->has('b')`, `$this->throughA()->hasB()`."""
    near, far = _hop(first, "through"), _hop(second, "has")
    if not near or not far:
        return None
    return RelationCall(
        function.name, "through", first.line, layer, function.name, chained=chained, hops=(near, far)
    )


def _hop(call: tree.MethodCall, prefix: str) -> str:
    if not isinstance(call.name, str) or not call.name.lower().startswith(prefix):
        return ""
    rest = call.name[len(prefix) :]
    if rest:
        return rest[:1].lower() + rest[1:]
    value = call.args[0].value if call.args else None
    if isinstance(value, tree.Literal) and isinstance(value.value, str):
        return value.value
    if isinstance(value, tree.ClosureExpr):
        return next((h for h in map(_called, returned(value.function)) if h), "")
    return _called(value) if value is not None else ""


def _called(expr: tree.Expr) -> str:
    """`$this->posts()`, `fn ($post) => $post->comments()`: the relation's name."""
    _, calls = chain_of(expr)
    return calls[0].name if calls and isinstance(calls[0].name, str) else ""
