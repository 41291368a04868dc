"""The values that are written down in the code: strings, lists, constants, `config()` with its file, `array_merge` of such.

No PHP is run: what depends on more than this is `Unread`, with the reason."""

from __future__ import annotations

from collections.abc import Callable

from trueup.sources.laravel.eloquent.bases import proxied
from trueup.sources.laravel.eloquent.classes import ClassIndex
from trueup.sources.laravel.eloquent.config import ConfigFiles
from trueup.sources.laravel.eloquent.lineage import Layer, Lineage, lineage_of
from trueup.sources.laravel.eloquent.returns import assigned_once
from trueup.sources.laravel.eloquent.written import (
    Entry,
    Listed,
    Made,
    OneOf,
    Unread,
    Value,
    formatted,
    merged_all,
    php_text,
    spread_into,
    union,
)
from trueup.sources.laravel.inflection import camel, plural, plural_studly, singular, snake, studly
from trueup.sources.php import tree
from trueup.sources.php.parse import PhpFile
from trueup.structs import Struct, field

_DEEPEST = 24


Arguments = tuple[tree.Argument, ...]

_STR_METHODS: dict[str, Callable[[str], str]] = {
    "snake": snake,
    "plural": plural,
    "pluralstudly": plural_studly,
    "singular": singular,
    "studly": studly,
    "camel": camel,
    "lower": str.lower,
    "upper": str.upper,
}
_PICKS = frozenset({"randomelement", "random"})
_CALLS = (tree.MethodCall, tree.StaticCall)
_CONFIG_READS = frozenset({"get", "string", "integer", "float", "boolean", "array"})
"""The methods of the configuration that read a value: a path, and what stands where there is none."""
_TEXT_FUNCTIONS: dict[str, Callable[[str], str]] = {
    "strtolower": str.lower,
    "strtoupper": str.upper,
    "trim": str.strip,
    "ucfirst": lambda s: s[:1].upper() + s[1:],
    "lcfirst": lambda s: s[:1].lower() + s[1:],
    "class_basename": lambda s: s.rsplit("\\", 1)[-1],
}
_VENDOR_STATICS = {"Sanctum::$personalAccessTokenModel": "Laravel\\Sanctum\\PersonalAccessToken"}
_BASE_CONSTANTS = {"CREATED_AT": "created_at", "UPDATED_AT": "updated_at"}
"""Those of Eloquent's Model."""

_BASE_PROPERTIES: dict[str, str | bool | None] = {
    "primaryKey": "id",
    "keyType": "int",
    "table": None,
    "connection": None,
    "incrementing": True,
    "timestamps": True,
}

# The framework's getters: the property that they answer, and its default.
_GETTERS: dict[str, tuple[str, str | None]] = {
    "getconnectionname": ("connection", None),
    "getkeyname": ("primaryKey", "id"),
    "getkeytype": ("keyType", "int"),
    "getroutekeyname": ("primaryKey", "id"),
    "getcreatedatcolumn": ("", "created_at"),
    "getupdatedatcolumn": ("", "updated_at"),
}


class Scope(Struct, frozen=True):
    """Where an expression stands: the file, the class whose text it is (`self`), the class that runs it (`static`), and the
    function whose local variables it may use."""

    file: str
    layer: Layer | None = None
    lineage: Lineage | None = None
    steps: int = 0
    function: tree.FunctionDecl | None = None

    def deeper(self) -> Scope:
        return Scope(self.file, self.layer, self.lineage, self.steps + 1, self.function)

    def of(self, layer: Layer) -> Scope:
        return Scope(layer.decl.file, layer, self.lineage, self.steps + 1)


class Literals(Struct, frozen=True):
    """`table_of` answers the table of a model by class name (None: unknown); it is asked for `(new X)->getTable()`."""

    index: ClassIndex
    config: ConfigFiles
    table_of: Callable[[str], str | None]
    statics: dict[str, str] = field(default_factory=lambda: dict(_VENDOR_STATICS))
    """Static properties of packages, as "Cls::$name" by the class's short name."""

    def value(self, expr: tree.Expr | None, scope: Scope) -> Value:
        if expr is None:
            return None
        if scope.steps > _DEEPEST:
            return Unread("nested too deep")
        match expr:
            case tree.Literal():
                return expr.value
            case tree.ArrayLiteral():
                return self._array(expr, scope)
            case tree.ClassConstant():
                return self._class_constant(expr, scope)
            case tree.Interpolated():
                return self._joined(expr.parts, scope)
            case tree.Binary():
                return self._binary(expr, scope)
            case tree.Coalesce():
                left = self.value(expr.left, scope.deeper())
                return self.value(expr.right, scope.deeper()) if left is None else left
            case tree.Ternary():
                return self._ternary(expr, scope)
            case tree.Call():
                return self._call(expr, scope)
            case tree.StaticCall() | tree.MethodCall():
                return self._method(expr, scope)
            case tree.Property() | tree.StaticProperty():
                return self._property(expr, scope)
            case tree.Variable():
                given = assigned_once(scope.function, expr.name) if scope.function is not None else None
                return Unread("an expression") if given is None else self.value(given, scope.deeper())
            case tree.Constant():
                magic = expr.name.text.upper() == "__CLASS__"
                cls = self._self(scope) if magic else None
                return cls if cls is not None else Unread(f"the constant {expr.name.text}")
            case tree.Cast(type="string") | tree.Cast(type="array"):
                return self.value(expr.operand, scope.deeper())
            case tree.Unary(op="-"):
                operand = self.value(expr.operand, scope.deeper())
                return -operand if isinstance(operand, int | float) else Unread("an expression")
            case _:
                return Unread("an expression")

    def text(self, expr: tree.Expr | None, scope: Scope) -> str | None:
        """A string, or None where it is none or can't be told."""
        value = self.value(expr, scope)
        return value if isinstance(value, str) else None

    def class_of(self, name: tree.Name | tree.Expr, scope: Scope) -> str | None:
        """The full name of a class as written: `self`, `static`, `parent` resolved."""
        if not isinstance(name, tree.Name):
            return self.text(name, scope)
        if name.full == "static":
            return scope.lineage.name if scope.lineage else None
        if name.full == "self":
            return self._self(scope)
        if name.full == "parent":
            parent = scope.layer.decl.parent if scope.layer else None
            return self.index.real_name(parent.full) if parent else None
        return self.index.real_name(name.full)

    def _self(self, scope: Scope) -> str | None:
        """In a trait `self` is the class that uses it."""
        if scope.layer is None:
            return None
        if scope.layer.trait and scope.lineage:
            depth = scope.layer.depth
            return next(layer.decl.name for layer in scope.lineage.layers if layer.depth == depth)
        return scope.layer.decl.name

    def _array(self, expr: tree.ArrayLiteral, scope: Scope) -> Listed:
        entries: list[Entry] = []
        complete = True
        for item in expr.items:
            if item is None:
                continue
            value = self.value(item.value, scope.deeper())
            if item.spread:
                complete = spread_into(entries, value) and complete
                continue
            key = len(entries) if item.key is None else self.value(item.key, scope.deeper())
            if isinstance(key, bool) or not isinstance(key, str | int):
                complete = False
                continue
            entries.append(Entry(key, value, (scope.file, item.line)))
        return Listed(tuple(entries), complete)

    def _class_constant(self, expr: tree.ClassConstant, scope: Scope) -> Value:
        cls = self.class_of(expr.cls, scope)
        if expr.name == "class" and isinstance(expr.cls, tree.Variable) and expr.cls.name == "this":
            return scope.lineage.name if scope.lineage else Unread("an object's class")
        if cls is None or not isinstance(expr.name, str):
            return Unread("a constant of an unknown class")
        return cls if expr.name == "class" else self.constant(cls, expr.name, scope)

    def constant(self, cls: str, name: str, scope: Scope) -> Value:
        """`Cls::NAME`; a case of a backed enum is its value, of a pure one its name."""
        same = scope.lineage is not None and cls.lower() == scope.lineage.name.lower()
        lineage = scope.lineage if same else lineage_of(cls, self.index)
        if lineage is None:
            return Unread(f"{cls}::{name} is not the project's")
        case = lineage.own.cases.get(name)
        if case is not None:
            return case.name if case.value is None else self.value(case.value, _inside(lineage, scope))
        found = lineage.constant(name)
        if found is None:
            return _BASE_CONSTANTS.get(name) or Unread(f"no constant {cls}::{name}")
        layer = found[1]
        return self.value(found[0], Scope(layer.decl.file, layer, lineage, scope.steps + 1))

    def _joined(self, parts: tuple[tree.Expr, ...], scope: Scope) -> Value:
        texts = [self.value(part, scope.deeper()) for part in parts]
        for text in texts:
            if isinstance(text, Unread | Listed | OneOf | Made):
                return text if isinstance(text, Unread) else Unread("no text in a string")
        return "".join(php_text(t) for t in texts)

    def _binary(self, expr: tree.Binary, scope: Scope) -> Value:
        if expr.op == ".":
            return self._joined((expr.left, expr.right), scope.deeper())
        left, right = self.value(expr.left, scope.deeper()), self.value(expr.right, scope.deeper())
        if expr.op == "+" and isinstance(left, Listed) and isinstance(right, Listed):
            return union(left, right)
        if isinstance(left, int | float) and isinstance(right, int | float) and expr.op in ("+", "-", "*"):
            return {"+": left + right, "-": left - right, "*": left * right}[expr.op]
        return Unread("an expression")

    def _ternary(self, expr: tree.Ternary, scope: Scope) -> Value:
        condition = self.value(expr.condition, scope.deeper())
        if isinstance(condition, Unread):
            return condition
        truth = (
            bool(condition.entries)
            if isinstance(condition, Listed)
            else condition not in (None, False, 0, "", "0")
        )
        if truth and expr.then is None:
            return condition
        return self.value(expr.then if truth else expr.otherwise, scope.deeper())

    def _call(self, expr: tree.Call, scope: Scope) -> Value:
        if not isinstance(expr.function, tree.Name):
            return Unread("a call")
        name = expr.function.full.lower()
        args = [self.value(a.value, scope.deeper()) for a in expr.args]
        if name == "config" and args and isinstance(args[0], str):
            return self.config_value(args[0], args[1:], scope)
        if name == "env" and args:
            return args[1] if len(args) > 1 else None
        if name in _TEXT_FUNCTIONS and args and isinstance(args[0], str):
            return _TEXT_FUNCTIONS[name](args[0])
        if name in ("array_merge", "array_replace"):
            return merged_all(args)
        if name in ("array_values", "array_unique") and args and isinstance(args[0], Listed):
            return args[0]
        if name == "array_keys" and args and isinstance(args[0], Listed):
            entries = (Entry(i, e.key, e.at) for i, e in enumerate(args[0].entries))
            return Listed(tuple(entries), args[0].complete)
        if name in ("get_class", "static::class") and scope.lineage:
            return scope.lineage.name
        if name == "sprintf":
            return formatted(args)
        return self._own_function(expr.function, scope)

    def _own_function(self, name: tree.Name, scope: Scope) -> Value:
        """What a helper function of the project returns, where returning is all that it does."""
        found = self.index.function(name.full.rsplit("\\", 1)[-1])
        body = found[1].body if found is not None else ()
        if found is None or len(body) != 1 or not isinstance(body[0], tree.Return):
            return Unread(f"{name.text}()")
        return self.value(body[0].value, Scope(found[0], steps=scope.steps + 1))

    def config_value(self, path: str, default: list[Value], scope: Scope) -> Value:
        """`config(path, default)` by the project's files."""
        found = self.config.entry(path)
        if found is not None:
            expr, parsed = found
            return self.value(expr, Scope(_file_name(parsed), steps=scope.steps + 1))
        return default[0] if default else Unread(f"config('{path}') is not in the project's files")

    def _method(self, expr: tree.StaticCall | tree.MethodCall, scope: Scope) -> Value:
        if not isinstance(expr.name, str):
            return Unread("a call")
        name = expr.name.lower()
        if name in _PICKS and expr.args:
            choice = self.value(expr.args[0].value, scope.deeper())
            if isinstance(choice, Listed) and choice.complete:
                return OneOf(tuple(e.value for e in choice.entries))
        if isinstance(expr, tree.StaticCall) and isinstance(expr.cls, tree.Name):
            return self._static_call(expr, expr.cls, name, scope)
        if isinstance(expr, tree.StaticCall):
            return Unread("a call")
        if isinstance(expr.base, tree.Variable) and expr.base.name == "this":
            return self.method_value(expr.name, scope)
        if name in _CONFIG_READS and _is_configuration(expr.base) and expr.args:
            args = [self.value(a.value, scope.deeper()) for a in expr.args]
            return (
                self.config_value(args[0], args[1:], scope) if isinstance(args[0], str) else Unread("config")
            )
        inner = self.value(expr.base, scope.deeper()) if isinstance(expr.base, _CALLS) else None
        if isinstance(inner, Made):
            return inner
        owner = self._object_class(expr.base, scope)
        if owner is not None and name == "gettable":
            table = self.table_of(owner)
            return table if table is not None else Unread(f"the table of {owner}")
        return Unread(f"{expr.name}()")

    def _static_call(self, expr: tree.StaticCall, named: tree.Name, name: str, scope: Scope) -> Value:
        if named.full.rsplit("\\", 1)[-1] == "Str" and name in _STR_METHODS and expr.args:
            text = self.text(expr.args[0].value, scope.deeper())
            return _STR_METHODS[name](text) if text is not None else Unread("Str of an unknown text")
        if named.full.rsplit("\\", 1)[-1] == "Config" and name in _CONFIG_READS and expr.args:
            args = [self.value(a.value, scope.deeper()) for a in expr.args]
            return (
                self.config_value(args[0], args[1:], scope) if isinstance(args[0], str) else Unread("config")
            )
        if named.full == "Illuminate\\Support\\Env" and name == "get" and expr.args:
            return self.value(expr.args[1].value, scope.deeper()) if len(expr.args) > 1 else None
        if named.full == "parent" and scope.layer is not None:
            return self.method_value(name, scope, scope.layer.depth + 1)
        if named.full in ("self", "static"):
            return self.method_value(name, scope)
        cls = self.class_of(named, scope)
        if name == "factory" and cls:
            return Made(cls)
        if name == "cases" and cls:
            return self._cases(cls, scope)
        lineage = lineage_of(cls, self.index) if cls else None
        if cls is None or lineage is None:
            return Unread(f"{named.text}::{name}()")
        value = self.method_value(name, Scope(lineage.own.file, lineage.layers[0], lineage, scope.steps + 1))
        if name == "modelclass" and isinstance(value, Unread):
            # A class that may be replaced names the one that is used: itself, as the package comes.
            return proxied(cls, lineage.base) or cls
        return value

    def _cases(self, cls: str, scope: Scope) -> Value:
        """`Enum::cases()`, each as its value."""
        decl = self.index.find(cls)
        if decl is None or decl.kind != "enum":
            return Unread(f"{cls}::cases()")
        values = ((self.constant(cls, c.name, scope), c.line) for c in decl.cases.values())
        return Listed(tuple(Entry(i, value, (decl.file, line)) for i, (value, line) in enumerate(values)))

    def method_value(self, name: str, scope: Scope, depth: int = 0) -> Value:
        """What a method returns, where it has one `return` and nothing else to do before it."""
        found = scope.lineage.method(name, depth) if scope.lineage else None
        if found is None:
            return self._getter(name, scope)
        method, layer = found
        body = method.body
        if len(body) != 1 or not isinstance(body[0], tree.Return):
            return Unread(f"{name}() does more than return a value")
        return self.value(body[0].value, scope.of(layer))

    def _getter(self, name: str, scope: Scope) -> Value:
        """The framework's own getters, where the project does not replace them."""
        prop = _GETTERS.get(name.lower())
        if prop is None or scope.lineage is None:
            return Unread(f"{name}() is not the project's")
        found = scope.lineage.property(prop[0])
        if found is None or found[0].default is None:
            return prop[1]
        return self.value(found[0].default, scope.of(found[1]))

    def _object_class(self, expr: tree.Expr, scope: Scope) -> str | None:
        """`new X`, `app(X::class)`, `resolve(X::class)`, `X::make()`."""
        match expr:
            case tree.New(cls=tree.Name() as name):
                return self.class_of(name, scope)
            case tree.Call(function=tree.Name(full="app" | "resolve"), args=args) if args:
                return self.text(args[0].value, scope.deeper())
            case _:
                return None

    def _property(self, expr: tree.Property | tree.StaticProperty, scope: Scope) -> Value:
        if not isinstance(expr.name, str):
            return Unread("a property")
        if isinstance(expr, tree.StaticProperty):
            own = isinstance(expr.cls, tree.Name) and expr.cls.full in ("self", "static")
            cls = None if own else self.class_of(expr.cls, scope)
            lineage = scope.lineage if own else (lineage_of(cls, self.index) if cls else None)
        elif expr.name in ("value", "name") and isinstance(expr.base, tree.ClassConstant):
            return self._case_part(expr.base, expr.name, scope)
        else:
            mine = isinstance(expr.base, tree.Variable) and expr.base.name == "this"
            lineage = scope.lineage if mine else None
        found = lineage.property(expr.name) if lineage else None
        if found is None:
            return self._vendor_property(expr, lineage)
        return self.value(found[0].default, Scope(found[1].decl.file, found[1], lineage, scope.steps + 1))

    def _vendor_property(self, expr: tree.Property | tree.StaticProperty, lineage: Lineage | None) -> Value:
        """One that the project does not declare: Eloquent's own, or a package's that is known."""
        name = str(expr.name)
        if isinstance(expr, tree.StaticProperty) and isinstance(expr.cls, tree.Name):
            known = self.statics.get(f"{expr.cls.full.rsplit(chr(92), 1)[-1]}::${name}")
            return Unread(f"${name}") if known is None else known
        if lineage is not None and name in _BASE_PROPERTIES:
            return _BASE_PROPERTIES[name]
        return Unread(f"${name}")

    def _case_part(self, case: tree.ClassConstant, part: str, scope: Scope) -> Value:
        if part == "name" and isinstance(case.name, str):
            return case.name
        return self.value(case, scope.deeper())


def _inside(lineage: Lineage, scope: Scope) -> Scope:
    return Scope(lineage.own.file, lineage.layers[0], lineage, scope.steps + 1)


def _is_configuration(expr: tree.Expr | tree.Name) -> bool:
    """`config()`, whose methods read a value: `config()->string('shop.table', 'orders')`."""
    called = expr.function if isinstance(expr, tree.Call) and not expr.args else None
    return isinstance(called, tree.Name) and called.full.rsplit("\\", 1)[-1].lower() == "config"


def _file_name(parsed: PhpFile) -> str:
    return parsed.file
