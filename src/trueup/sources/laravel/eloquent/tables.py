"""Table, keys and timestamps of a model (reference: laravel-queries.md, section 4)."""

from __future__ import annotations

from trueup.model.locations import Location
from trueup.sources.laravel.eloquent.bases import UNIQUE_ID_TRAITS, Base, table_by_rule
from trueup.sources.laravel.eloquent.lineage import Layer
from trueup.sources.laravel.eloquent.literals import Scope
from trueup.sources.laravel.eloquent.returns import assigned, expressions, is_this, returned
from trueup.sources.laravel.eloquent.settings import Settings
from trueup.sources.laravel.eloquent.written import Listed, Unread, Value
from trueup.sources.php import tree
from trueup.structs import Struct


class TableName(Struct, frozen=True):
    name: str | None
    explicit: bool = False


class Keys(Struct, frozen=True):
    name: str | None
    type: str
    incrementing: bool
    unique_ids: tuple[str, ...] = ()


class Timestamps(Struct, frozen=True):
    on: bool
    created: str | None
    updated: str | None
    deleted: str


def table_name(settings: Settings, base: Base, major: int) -> TableName:
    """By strength: `getTable()`, what a constructor sets, an own `$table`, an own `#[Table]`, inherited ones, the rule. A
    constructor that sets it asks `getTable()` for the usual name, before which it puts a prefix."""
    set_by = _set_by_constructor(settings)
    method = settings.lineage.method("getTable")
    usual = _without_method(settings, base, major, built=set_by is None)
    if method is not None:
        usual = _by_method(settings, method, usual)
    return usual if set_by is None else _by_constructor(settings, *set_by, usual)


def _set_by_constructor(settings: Settings) -> tuple[tree.Expr, Layer] | None:
    """What `$this->setTable(...)` is given in the nearest constructor that calls it."""
    for layer in settings.lineage.layers:
        constructor = layer.decl.methods.get("__construct")
        for expr in expressions(constructor) if constructor is not None else ():
            if (
                isinstance(expr, tree.MethodCall)
                and is_this(expr.base)
                and expr.name == "setTable"
                and expr.args
            ):
                return expr.args[0].value, layer
    return None


def _by_constructor(settings: Settings, given: tree.Expr, layer: Layer, usual: TableName) -> TableName:
    value = _evaluated(given, settings, Scope(layer.decl.file, layer, settings.lineage), usual)
    if isinstance(value, str) and value:
        return TableName(value, True)
    reason = value.reason if isinstance(value, Unread) else "the constructor sets it"
    settings.miss("table", reason, Location(layer.decl.file, given.line))
    return TableName(None, True)


def _by_method(settings: Settings, method: tuple[tree.FunctionDecl, Layer], usual: TableName) -> TableName:
    function, layer = method
    scope = Scope(layer.decl.file, layer, settings.lineage, function=function)
    given = _given_by(function)
    if given is not None and not usual.explicit:
        value = _evaluated(given, settings, scope, usual)
        usual = TableName(value if isinstance(value, str) and value else None, True)
    reason = "getTable() does more than return a value"
    for expr in returned(function):
        value = _evaluated(_decided(expr, function, settings, scope), settings, scope, usual)
        if isinstance(value, str) and value:
            return TableName(value, True)
        if isinstance(value, Unread):
            reason = value.reason
    settings.miss("table", reason, Location(layer.decl.file, function.line))
    return TableName(None, True)


def _given_by(function: tree.FunctionDecl) -> tree.Expr | None:
    """What `getTable()` sets `$this->table` to before it asks its parent."""
    for expr in expressions(function):
        if isinstance(expr, tree.Assign) and isinstance(expr.target, tree.Property):
            target = expr.target
            if is_this(target.base) and target.name == "table":
                return expr.value
    return None


def _decided(expr: tree.Expr, function: tree.FunctionDecl, settings: Settings, scope: Scope) -> tree.Expr:
    """The branch that holds where the class's parent is compared with a class: `get_parent_class($this) == Base::class ? a : b`."""
    if not isinstance(expr, tree.Ternary) or expr.then is None or not isinstance(expr.condition, tree.Binary):
        return expr
    condition = expr.condition
    sides = [_parent_or_value(e, function, settings, scope) for e in (condition.left, condition.right)]
    if condition.op not in {"==", "===", "!=", "!=="} or not all(isinstance(s, str) for s in sides):
        return expr
    same = str(sides[0]).lower() == str(sides[1]).lower()
    return expr.then if same is condition.op.startswith("=") else expr.otherwise


def _parent_or_value(expr: tree.Expr, function: tree.FunctionDecl, settings: Settings, scope: Scope) -> Value:
    if isinstance(expr, tree.Variable):
        expr = assigned(function, expr.name) or expr
    if isinstance(expr, tree.Call) and isinstance(expr.function, tree.Name):
        of_this = not expr.args or is_this(expr.args[0].value)
        if expr.function.text.lower() == "get_parent_class" and of_this:
            return next(iter(settings.lineage.parents), "")
    return settings.literals.value(expr, scope)


def _evaluated(expr: tree.Expr, settings: Settings, scope: Scope, usual: TableName) -> Value:
    """`$this->table` and `parent::getTable()` stand for the usual name; `a ?? b`, `a ?: b`, `prefix . b` are made of such."""
    if isinstance(expr, tree.StaticCall) and isinstance(expr.cls, tree.Name) and expr.cls.full == "parent":
        return usual.name
    if isinstance(expr, tree.MethodCall) and is_this(expr.base) and expr.name == "getTable":
        return usual.name if usual.name is not None else Unread("getTable() can't be told")
    if isinstance(expr, tree.Property) and is_this(expr.base) and expr.name == "table":
        return usual.name if usual.explicit else None
    if isinstance(expr, tree.Coalesce):
        left = _evaluated(expr.left, settings, scope, usual)
        return left if left is not None else _evaluated(expr.right, settings, scope, usual)
    if isinstance(expr, tree.Ternary) and expr.then is None:
        left = _evaluated(expr.condition, settings, scope, usual)
        return left if left else _evaluated(expr.otherwise, settings, scope, usual)
    if isinstance(expr, tree.Binary) and expr.op == ".":
        parts = [_evaluated(e, settings, scope, usual) for e in (expr.left, expr.right)]
        if all(isinstance(p, str) or p is None for p in parts):
            return "".join(str(p or "") for p in parts)
    return settings.literals.value(expr, scope)


def _without_method(settings: Settings, base: Base, major: int, *, built: bool) -> TableName:
    """`built` False: as declared, before a constructor sets it."""
    own = settings.lineage.property("table")
    nearest = own is not None and own[1].depth == 0 and own[0].default is not None
    if not nearest and major >= 13 and _has_own_attribute(settings):
        name = settings.attribute_argument("Table", "name")
        if isinstance(name, str):
            return TableName(name, True)
        if name is None:
            return TableName(table_by_rule(settings.lineage.own.short, base, major))
    value = settings.value("table") if built else settings.written("table")
    if isinstance(value, str) and value:
        return TableName(value, True)
    if isinstance(value, Unread):
        settings.miss("table", value.reason, settings.place("table"))
        return TableName(None, True)
    inherited = settings.attribute_argument("Table", "name") if major >= 13 else None
    if isinstance(inherited, str):
        return TableName(inherited, True)
    if base.table is not None and base.inherited:
        return TableName(_of_package(settings, base, base.table))
    return TableName(table_by_rule(settings.lineage.own.short, base, major))


def _of_package(settings: Settings, base: Base, usual: str) -> str | None:
    """The table of a package's model: what the configuration says, None where that can't be told, else the usual one."""
    if not base.setting:
        return usual
    found = settings.literals.config_value(base.setting, [usual], Scope(settings.lineage.own.file))
    return found if isinstance(found, str) else None


def _has_own_attribute(settings: Settings) -> bool:
    found = settings.php_attribute("Table")
    return found is not None and found[1].decl is settings.lineage.own


def keys(settings: Settings, base: Base) -> Keys:
    name = _key_name(settings, base)
    ids = _unique_ids(settings, name)
    given = settings.value("keyType") or settings.attribute_argument("Table", "keyType", 2)
    key_type = given if isinstance(given, str) else base.key_type
    incrementing = _incrementing(settings, base)
    if name in ids:
        key_type, incrementing = "string", False
    return Keys(name, key_type, incrementing, ids)


def _key_name(settings: Settings, base: Base) -> str | None:
    by_method = settings.method_value("getKeyName")
    if isinstance(by_method, str):
        return by_method
    if isinstance(by_method, Unread):
        settings.miss("primary_key", by_method.reason, settings.place("primaryKey"))
        return None
    # `protected $primaryKey;` says null: the table has none.
    if settings.declared("primaryKey") or settings.lineage.property("primaryKey") is not None:
        value = settings.value("primaryKey")
        if isinstance(value, Unread | Listed):
            reason = value.reason if isinstance(value, Unread) else "a list of columns"
            settings.miss("primary_key", reason, settings.place("primaryKey"))
        return value if isinstance(value, str) else None
    attribute = settings.attribute_argument("Table", "key", 1)
    return attribute if isinstance(attribute, str) else base.key


def _incrementing(settings: Settings, base: Base) -> bool:
    if settings.declared("incrementing"):
        return settings.flag("incrementing", base.incrementing)
    by_method = settings.method_value("getIncrementing")
    if isinstance(by_method, bool):
        return by_method
    if settings.php_attribute("WithoutIncrementing") is not None:
        return False
    given = settings.attribute_argument("Table", "incrementing", 3)
    return given if isinstance(given, bool) else base.incrementing


def _unique_ids(settings: Settings, key: str | None) -> tuple[str, ...]:
    if not any(settings.lineage.uses_trait(t) for t in UNIQUE_ID_TRAITS):
        return ()
    value = settings.method_value("uniqueIds")
    if isinstance(value, Listed):
        return tuple(e.value for e in value.entries if isinstance(e.value, str))
    if isinstance(value, Unread):
        settings.miss("unique_ids", value.reason, settings.place("primaryKey"))
        return ()
    return (key,) if key else ()


def timestamps(settings: Settings, base: Base) -> Timestamps:
    on = settings.flag("timestamps", base.timestamps)
    if not settings.declared("timestamps"):
        given = settings.attribute_argument("Table", "timestamps", 4)
        if isinstance(given, bool):
            on = given
        if settings.php_attribute("WithoutTimestamps") is not None:
            on = False
    created = _column(settings, "CREATED_AT", "created_at") if on else None
    updated = _column(settings, "UPDATED_AT", "updated_at") if on else None
    return Timestamps(on, created, updated, _column(settings, "DELETED_AT", "deleted_at") or "deleted_at")


def _column(settings: Settings, constant: str, default: str) -> str | None:
    found = settings.lineage.constant(constant)
    if found is None:
        return default
    layer = found[1]
    value = settings.literals.value(found[0], Scope(layer.decl.file, layer, settings.lineage))
    if value is None:
        return None
    if isinstance(value, str):
        return value
    settings.miss(constant.lower(), "a constant that can't be told", Location(layer.decl.file, found[0].line))
    return None
