"""Walks PHP code and works out what each expression can be; every query that it meets on the way is recorded.

Nothing is carried out: all branches are walked, on copies of the variables that are joined behind them; loops are walked once
(over a literal array once an entry). Calls of the project's own methods are followed with their arguments, to a bounded depth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trueup.model.locations import Location
from trueup.sources.laravel.queries import calls, functions, objects
from trueup.sources.laravel.queries.following import Functions
from trueup.sources.laravel.queries.program import Program
from trueup.sources.laravel.queries.values import (
    HOLE,
    UNKNOWN,
    Arr,
    ClassString,
    Const,
    Frame,
    Func,
    Item,
    Many,
    Obj,
    Query,
    Unknown,
    Value,
    bounded,
    element,
    join,
    options,
    parts_of,
    text,
)
from trueup.sources.php import tree as php
from trueup.structs import replace

MAX_ENTRIES = 2_000
"""Entries of an array that are walked; longer ones are tables of data, whose entries are called unknown."""


class Walker(Functions):
    """One reading of a project's code."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._fresh = 0
        self.written: dict[int, dict[str, Item]] = {}
        """Attributes assigned to models made by `new`, by their number."""

    # ── expressions ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def expr(self, node: php.Expr, frame: Frame) -> Value:
        self.steps += 1
        walk = _EXPRESSIONS.get(type(node))
        return walk(self, node, frame) if walk is not None else UNKNOWN

    def arguments(self, args: Sequence[php.Argument], frame: Frame) -> tuple[Value, ...]:
        values = tuple(self.expr(a.value, frame) for a in args)
        for value in values:
            self.release(value)
        return values

    def release(self, value: Value) -> None:
        """A model made here that others get hold of may be given more attributes there, and other values for those that it has."""
        for option in options(value):
            if isinstance(option, Obj) and option.fresh:
                written = self.written[option.fresh]
                written.update({name: replace(item, value=UNKNOWN) for name, item in written.items()})
                written["*"] = Item(UNKNOWN)

    def _interpolated(self, node: php.Interpolated, frame: Frame) -> Value:
        parts = [self.expr(p, frame) for p in node.parts]
        built = ""
        for part in parts:
            if not isinstance(part, Const) or part.value is None:
                return Unknown("string", built, "".join(map(parts_of, parts)))
            built += str(part.value)
        return Const(built)

    def _variable(self, node: php.Variable, frame: Frame) -> Value:
        if node.name == "this":
            return frame.self_value or (Obj(frame.this) if frame.this else UNKNOWN)
        value = frame.variables.get(node.name, UNKNOWN)
        if frame.calls and frame.depth > frame.decided and value == Const(None):
            return UNKNOWN  # a null that was handed on: that the branch is taken at all may depend on it
        return value

    def _array(self, node: php.ArrayLiteral, frame: Frame) -> Value:
        if len(node.items) > MAX_ENTRIES:
            return Unknown("array")
        known = self.program.constants.get(node)
        if known is not None:
            self.steps += known[1]
            return known[0]
        begun = self.steps
        found = self._entries(node, frame)
        if all(e is not None and self._is_constant(e) for e in node.items):
            self.program.constants[node] = found, self.steps - begun
        return found

    def _is_constant(self, entry: php.ArrayItem) -> bool:
        value = entry.value
        plain = isinstance(value, php.Literal) or value in self.program.constants
        return plain and not entry.spread and (entry.key is None or isinstance(entry.key, php.Literal))

    def _entries(self, node: php.ArrayLiteral, frame: Frame) -> Arr:
        items: list[Item] = []
        complete = True
        for entry in node.items:
            if entry is None:
                continue
            value = self.expr(entry.value, frame)
            if entry.spread:
                complete = complete and isinstance(value, Arr) and value.complete
                items.extend(value.items if isinstance(value, Arr) else ())
                continue
            key = self.expr(entry.key, frame) if entry.key is not None else None
            known = key is None or (isinstance(key, Const) and isinstance(key.value, str | int))
            plain = key.value if isinstance(key, Const) and isinstance(key.value, str | int) else None
            items.append(Item(value, plain, known, entry.line))
            complete = complete and known
        return Arr(tuple(items), complete)

    def _index(self, node: php.Index, frame: Frame) -> Value:
        base = self.expr(node.base, frame)
        key = self.expr(node.index, frame) if node.index is not None else None
        if isinstance(base, Arr) and isinstance(key, Const) and isinstance(key.value, str | int):
            found = base.get(key.value)
            position = key.value
            if found is None and isinstance(position, int) and 0 <= position < len(base.items):
                found = base.items[position].value
            return found if found is not None else UNKNOWN
        return element(base)

    def _unary(self, node: php.Unary, frame: Frame) -> Value:
        value = self.expr(node.operand, frame)
        if node.op == "-" and isinstance(value, Const) and isinstance(value.value, int | float):
            return Const(-value.value)
        return value if node.op == "@" else Unknown("bool" if node.op == "!" else "unknown")

    def _binary(self, node: php.Binary, frame: Frame) -> Value:
        left, right = self.expr(node.left, frame), self.expr(node.right, frame)
        if node.op == ".":
            if (
                isinstance(left, Const)
                and isinstance(right, Const)
                and left.value is not None
                and right.value is not None
            ):
                return bounded(Const(f"{left.value}{right.value}"))
            return bounded(Unknown("string", _beginning(left), parts_of(left) + parts_of(right)))
        if node.op == "+" and isinstance(left, Arr) and isinstance(right, Arr):
            have = {i.key for i in left.items}
            return Arr(
                (*left.items, *(i for i in right.items if i.key not in have)),
                left.complete and right.complete,
            )
        if (
            node.op in {"==", "===", "!=", "!=="}
            and _is_fixed(left)
            and _is_fixed(right)
            and type(left) is type(right)
        ):
            return Const((left == right) is (node.op in {"==", "==="}))
        return Unknown("bool" if node.op in {"==", "===", "!=", "!==", "<", ">", "<=", ">="} else "unknown")

    def _logical(self, node: php.Logical, frame: Frame) -> Value:
        self.expr(node.left, frame)
        self._conditionally(node.right, frame)
        return Unknown("bool")

    def _conditionally(self, node: php.Expr, frame: Frame) -> Value:
        frame.depth += 1
        try:
            return self.expr(node, frame)
        finally:
            frame.depth -= 1

    def _coalesce(self, node: php.Coalesce, frame: Frame) -> Value:
        left = self.expr(node.left, frame)
        right = self._conditionally(node.right, frame)
        return right if left == Const(None) else join(left, right)

    def _assign(self, node: php.Assign, frame: Frame) -> Value:
        value = self.expr(node.value, frame)
        self.assign(node.target, value, frame)
        return value

    def _inc_dec(self, node: php.IncDec, frame: Frame) -> Value:
        self.expr(node.target, frame)
        self.assign(node.target, Unknown("int"), frame)
        return Unknown("int")

    def _assign_op(self, node: php.AssignOp, frame: Frame) -> Value:
        before, value = self.expr(node.target, frame), self.expr(node.value, frame)
        result: Value = UNKNOWN
        if node.op == "??":
            result = join(before, value) if before != UNKNOWN else value
        elif node.op == "." and isinstance(before, Const) and isinstance(value, Const):
            result = Const(f"{before.value}{value.value}")
        elif node.op == "." and parts_of(before) != HOLE:
            result = Unknown("string", _beginning(before), parts_of(before) + parts_of(value))
        elif node.op == "+" and isinstance(before, Arr) and isinstance(value, Arr):
            result = Arr((*before.items, *value.items), before.complete and value.complete)
        self.assign(node.target, result, frame)
        return result

    def _ternary(self, node: php.Ternary, frame: Frame) -> Value:
        condition = self.expr(node.condition, frame)
        then = self._conditionally(node.then, frame) if node.then is not None else condition
        return join(then, self._conditionally(node.otherwise, frame))

    def _match(self, node: php.Match, frame: Frame) -> Value:
        self.expr(node.subject, frame)
        result: Value | None = None
        for arm in node.arms:
            for condition in arm.conditions:
                self.expr(condition, frame)
            value = self._conditionally(arm.body, frame)
            if not isinstance(arm.body, php.Throw):
                result = value if result is None else join(result, value)
        return result if result is not None else UNKNOWN

    def _cast(self, node: php.Cast, frame: Frame) -> Value:
        value = self.expr(node.operand, frame)
        if node.type == "array":
            return value
        if isinstance(value, Const) and node.type == "string" and value.value is not None:
            return Const(str(value.value))
        return Unknown(node.type if node.type in {"int", "float", "string", "bool"} else "unknown")

    def _closure(self, node: php.ClosureExpr, frame: Frame) -> Value:
        return Func(node.function, frame, node.arrow, tuple(u.name for u in node.uses))

    def _clone(self, node: php.Clone, frame: Frame) -> Value:
        value = self.expr(node.value, frame)
        return Query(value.builder.clone()) if isinstance(value, Query) else value

    # ── assignment ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def assign(self, target: php.Expr, value: Value, frame: Frame) -> None:
        value = bounded(value)
        if isinstance(target, php.Variable):
            frame.variables[target.name] = value
        elif isinstance(target, php.Index):
            self._assign_item(target, value, frame)
        elif isinstance(target, php.ArrayLiteral):
            self._destructure(target, value, frame)
        elif isinstance(target, php.Property):
            objects.assign_property(self, target, value, frame)

    def _assign_item(self, target: php.Index, value: Value, frame: Frame) -> None:
        if not isinstance(target.base, php.Variable):
            return
        name = target.base.name
        if target.index is None:
            self.append(name, value, target.line, frame)
            return
        before = frame.variables.get(name, UNKNOWN)
        key = self.expr(target.index, frame)
        if not isinstance(before, Arr):
            before = Arr((), complete=False)
        if isinstance(key, Const) and isinstance(key.value, str | int):
            frame.variables[name] = bounded(before.with_item(Item(value, key.value, True, target.line)))
        else:
            frame.variables[name] = Arr(before.items, complete=False)

    def append(self, name: str, value: Value, line: int, frame: Frame) -> None:
        """`$name[] = ...`, `array_push($name, ...)`."""
        before = frame.variables.get(name, UNKNOWN)
        rows = before if isinstance(before, Arr) else Arr((), isinstance(before, Const))
        if frame.loops:
            grown = join(element(rows), value) if rows.items else value
            frame.variables[name] = (
                Many(grown, collection=False) if not isinstance(grown, Unknown) else UNKNOWN
            )
        else:
            frame.variables[name] = bounded(Arr((*rows.items, Item(value, None, True, line)), rows.complete))

    def _destructure(self, target: php.ArrayLiteral, value: Value, frame: Frame) -> None:
        for position, entry in enumerate(target.items):
            if entry is None:
                continue
            key: str | int = position
            if entry.key is not None:
                known = self.expr(entry.key, frame)
                key = text(known) or position
            found = value.get(key) if isinstance(value, Arr) else None
            if found is None and isinstance(value, Arr) and isinstance(key, int) and key < len(value.items):
                found = value.items[key].value
            self.assign(entry.value, found if found is not None else UNKNOWN, frame)

    # ── helpers ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def at(self, node: php.Node, frame: Frame) -> Location:
        return Location(frame.file, node.line)

    def fresh(self) -> int:
        self._fresh += 1
        self.written[self._fresh] = {}
        return self._fresh

    def each(self, value: Value, step: Callable[[Value], Value]) -> Value:
        """A step on every option of a value, joined."""
        every = options(value)
        result: Value | None = None
        self.program.ambiguous += len(every) > 1
        for option in every:
            answer = step(option)
            result = answer if result is None else join(result, answer)
        self.program.ambiguous -= len(every) > 1
        return result if result is not None else UNKNOWN


def _beginning(value: Value) -> str:
    """How a string begins that begins with this value."""
    if isinstance(value, Const) and value.value is not None:
        return str(value.value)
    return value.prefix if isinstance(value, Unknown) else ""


def _is_fixed(value: Value) -> bool:
    """A class name or a string that a comparison can be decided by. (Numbers and flags change while loops run.)"""
    return isinstance(value, ClassString) or text(value) is not None


_EXPRESSIONS: dict[type, Callable[..., Value]] = {
    php.Literal: lambda _w, n, _f: Const(n.value),
    php.Interpolated: Walker._interpolated,
    php.Variable: Walker._variable,
    php.ArrayLiteral: Walker._array,
    php.Index: Walker._index,
    php.Property: lambda w, n, f: objects.property_of(w, n, f),
    php.StaticProperty: lambda w, n, f: objects.static_property(w, n, f),
    php.ClassConstant: lambda w, n, f: objects.class_constant(w, n, f),
    php.Constant: lambda _w, _n, _f: UNKNOWN,
    php.Unary: Walker._unary,
    php.Binary: Walker._binary,
    php.Logical: Walker._logical,
    php.Coalesce: Walker._coalesce,
    php.InstanceOf: lambda w, n, f: (w.expr(n.value, f), Unknown("bool"))[1],
    php.Assign: Walker._assign,
    php.AssignOp: Walker._assign_op,
    php.IncDec: Walker._inc_dec,
    php.Ternary: Walker._ternary,
    php.Match: Walker._match,
    php.Cast: Walker._cast,
    php.Isset: lambda _w, _n, _f: Unknown("bool"),
    php.Empty: lambda w, n, f: (w.expr(n.target, f), Unknown("bool"))[1],
    php.Call: lambda w, n, f: functions.function_call(w, n, f),
    php.MethodCall: lambda w, n, f: calls.method_call(w, n, f),
    php.StaticCall: lambda w, n, f: calls.static_call(w, n, f),
    php.New: lambda w, n, f: objects.new(w, n, f),
    php.ClosureExpr: Walker._closure,
    php.Throw: lambda w, n, f: w.expr(n.value, f),
    php.Print: lambda w, n, f: w.expr(n.value, f),
    php.Clone: Walker._clone,
    php.Yield: lambda w, n, f: w.expr(n.value, f) if n.value is not None else UNKNOWN,
    php.Exit: lambda w, n, f: w.expr(n.value, f) if n.value is not None else UNKNOWN,
}
